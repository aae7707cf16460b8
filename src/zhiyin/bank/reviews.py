"""Reviews in app stores: few, polarised, and many after an outage."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, constant, keys, nullable, write_rows
from zhiyin.bank.days import SECOND_US
from zhiyin.bank.journeys import CHANNELS
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream
from zhiyin.bank.voices import LANGUAGES
from zhiyin.bank.walk import Touches, recorded_after
from zhiyin.bank.words import write_comments
from zhiyin.tables import table

SOURCES: Final = Codes(("app_store", "android_market", "map", "forum"))
CUTS: Final = (52.0, 60.0, 66.0, 76.0)
"""Felt satisfaction from which on a reviewer gives one star more."""


def write_reviews(plan: Plan, people: People, touches: Touches, felt: NDArray[np.float32], place: Place, path: Path) -> int:
    """Write the reviews of a chunk; returns the number of rows."""
    parameters = load_parameters("outreach")["reviews"]
    rng = stream(plan.order.seed, "reviews", place.block, place.month)
    mobile = touches.channel == CHANNELS["mobile"]
    moved = 0.4 + np.abs(felt - 74.0) / 16.0
    chance = parameters["per_mobile_touch"] * moved * np.where(touches.down, parameters["outage_factor"], 1.0)
    rows = np.flatnonzero(mobile & (rng.random(len(touches)) < chance))
    posted = touches.ends[rows] + (rng.exponential(5_000.0, rows.size) * SECOND_US).astype(np.int64)
    recorded = recorded_after(posted)
    order = np.argsort(posted, kind="stable")
    order = order[recorded[order] < plan.days.until_us]
    rows, posted = rows[order], posted[order]
    level = felt[rows].astype(np.float64) + rng.normal(0.0, 5.0, rows.size)
    bodies = write_comments(plan, people, touches, rows, level, rng)
    version = np.maximum(0, np.searchsorted([at for at, _ in plan.days.releases], posted, side="right") - 1)
    versions = Codes(tuple(name for _, name in plan.days.releases) or ("8.0.0",))
    replied = posted + (rng.exponential(1.5 * 86_400.0, rows.size) * SECOND_US).astype(np.int64)
    answered = (rng.random(rows.size) < parameters["replied"]) & (replied < plan.days.until_us)
    return write_rows(path, table("reviews"), {
        "review_id": keys("A", place.numbers(rows.size), groups=4),
        "source": SOURCES.column(np.searchsorted([0.35, 0.9, 0.93], rng.random(rows.size))),
        "rating": (1 + np.searchsorted(CUTS, level, side="right")).astype(np.int16),
        "scale": constant("points5", rows.size),
        "body": pa.array(bodies, pa.string()),
        "language": LANGUAGES.column(people.english[touches.customer[rows]].astype(np.int64)),
        "app_version": versions.column(version),
        "posted_us": posted,
        "replied_us": nullable(replied, answered),
        "recorded_us": recorded_after(posted),
    }, first_seq=place.first_seq)

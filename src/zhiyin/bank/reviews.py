"""Reviews in app stores and on maps: few, polarised, and many after an outage."""

from __future__ import annotations

import re
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

SOURCES: Final = Codes(("app_store", "android_market", "forum", "map"))
APP_SOURCES: Final = (0.36, 0.95)
"""Cumulative shares of the sources of reviews of the app."""
CUTS: Final = (58.0, 64.0, 70.0, 79.0)
"""Felt satisfaction from which on a reviewer gives one star more."""


def write_reviews(
    plan: Plan, people: People, touches: Touches, felt: NDArray[np.float32], place: Place, path: Path
) -> int:
    """Write the reviews of a chunk; returns the number of rows."""
    parameters = load_parameters("outreach")["reviews"]
    rng = stream(plan.order.seed, "reviews", place.block, place.month)
    moved = parameters["calm"] + np.clip((72.0 - felt) / 8.0, 0.0, 3.0) + np.clip((felt - 88.0) / 8.0, 0.0, 1.0)
    chance = moved * np.where(touches.down, parameters["outage_factor"], 1.0)
    mobile = touches.channel == CHANNELS["mobile"]
    outlet = (touches.channel == CHANNELS["branch"]) & plan.network.steps.is_served[touches.step]
    chance *= np.where(mobile, parameters["per_mobile_touch"], np.where(outlet, parameters["per_outlet_visit"], 0.0))
    rows = np.flatnonzero(rng.random(len(touches)) < chance)
    posted = touches.ends[rows] + (rng.exponential(5_000.0, rows.size) * SECOND_US).astype(np.int64)
    recorded = recorded_after(posted)
    order = np.argsort(posted, kind="stable")
    order = order[recorded[order] < plan.days.until_us]
    rows, posted = rows[order], posted[order]
    level = felt[rows].astype(np.float64) + rng.normal(0.0, 5.0, rows.size)
    bodies = write_comments(plan, people, touches, rows, level, rng)
    at_outlet = touches.channel[rows] == CHANNELS["branch"]
    version = np.maximum(0, np.searchsorted([at for at, _ in plan.days.releases], posted, side="right") - 1)
    versions = Codes(tuple(name for _, name in plan.days.releases) or ("8.0.0",))
    replied = posted + (rng.exponential(1.5 * 86_400.0, rows.size) * SECOND_US).astype(np.int64)
    answered = (rng.random(rows.size) < parameters["replied"]) & (replied < plan.days.until_us)
    return write_rows(
        path,
        table("reviews"),
        {
            "review_id": keys("A", place.numbers(rows.size), groups=4),
            "source": SOURCES.column(
                np.where(at_outlet, SOURCES["map"], np.searchsorted(APP_SOURCES, rng.random(rows.size)))
            ),
            "rating": (1 + np.searchsorted(CUTS, level, side="right")).astype(np.int16),
            "scale": constant("points5", rows.size),
            "title": pa.array([_title(body) for body in bodies], pa.string()),
            "body": pa.array(bodies, pa.string()),
            "language": LANGUAGES.column(people.english[touches.customer[rows]].astype(np.int64)),
            "app_version": versions.column(np.where(at_outlet, -1, version)),
            "unit_id": plan.bank.codes.column(np.where(at_outlet, touches.unit[rows], -1)),
            "posted_us": posted,
            "replied_us": nullable(replied, answered),
            "recorded_us": recorded_after(posted),
        },
        first_seq=place.first_seq,
    )


def _title(body: str) -> str | None:
    """The first clause, where it is short enough for a title."""
    clause = re.split("[，。；,.;]", body, maxsplit=1)[0]
    return clause if 2 <= len(clause) <= 16 else None

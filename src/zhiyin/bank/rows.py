"""Touches as rows: interactions, and the columns by which other tables say which touch they are about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.cases import Cases
from zhiyin.bank.columns import Codes, constant, keys, nullable, write_rows
from zhiyin.bank.journeys import CHANNELS, JOURNEYS, OUTCOMES, TOUCHPOINTS
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.walk import Touches
from zhiyin.tables import table

Ints = NDArray[np.int64]


def about_touch(plan: Plan, people: People, touches: Touches, rows: Ints, place: Place) -> dict[str, Any]:
    """The columns of invitations and responses that name the touch asked about."""
    step = touches.step[rows]
    return {
        "customer_id": keys("C", people.first + touches.customer[rows], groups=2),
        "interaction_id": keys("I", place.number(0) + rows, groups=4),
        **_served(plan, touches, rows),
        "touchpoint": TOUCHPOINTS.column(plan.network.steps.touchpoint[step]),
    }


def _served(plan: Plan, touches: Touches, rows: Ints) -> dict[str, Any]:
    staff = touches.staff[rows]
    lines, line = Codes.of(journey.line for journey in plan.network.journeys)
    return {
        "journey": JOURNEYS.column(np.array([j.code for j in plan.network.journeys])[touches.journey[rows]]),
        "channel": CHANNELS.column(touches.channel[rows]),
        "unit_id": plan.bank.codes.column(touches.unit[rows]),
        "line_id": lines.column(line[touches.journey[rows]]),
        "staff_id": keys("S", np.maximum(staff, 0), groups=2, present=staff >= 0),
    }


def write_interactions(plan: Plan, people: People, cases: Cases, touches: Touches, place: Place, path: Path) -> int:
    """Write the touches of a chunk; returns the number of rows."""
    rows = np.arange(len(touches))
    columns = {
        "interaction_id": keys("I", place.numbers(len(touches)), groups=4),
        "customer_id": keys("C", people.first + touches.customer, groups=2),
        **_served(plan, touches, rows),
        "case_id": keys("K", place.number(0) + touches.case, groups=4),
        "step": plan.network.steps.codes.column(touches.step),
        "lifecycle": constant("complete", len(touches)),
        "touchpoint": TOUCHPOINTS.column(plan.network.steps.touchpoint[touches.step]),
        "started_us": touches.starts,
        "ended_us": touches.ends,
        "wait_seconds": nullable(touches.wait, touches.wait >= 0),
        "outcome": OUTCOMES.column(touches.outcome),
        "recorded_us": touches.recorded,
    }
    return write_rows(path, table("interactions"), columns, first_seq=place.first_seq)

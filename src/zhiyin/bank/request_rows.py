"""Requests as rows, with the columns that complaint law and returns need, and what was noted of each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, constant, keys, nullable, write_rows
from zhiyin.bank.journeys import CHANNELS, JOURNEYS, TOUCHPOINTS
from zhiyin.bank.people import People, epoch_day
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.registers import entity_id, region_codes, regions_of
from zhiyin.bank.requests import (
    DEMANDS,
    OUTCOMES,
    RESPONSIBILITIES,
    SEVERITIES,
    TYPES,
    Ints,
    Requests,
    block,
    businesses,
    causes,
    sources,
)
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches
from zhiyin.bank.words import DRAWS, occasions, write_narrative
from zhiyin.tables import table, vocabulary

DUE_DAYS: Final = np.array([15, 30, 60], dtype=np.int64)
"""Statutory calendar days to answer, by severity (银保监会令 2020 年第 3 号第 18 条)."""
STATUSES: Final = Codes(("open", "suspended", "closed", "withdrawn"))
SUBMITTED: Final = Codes(("phone", "in_person", "online", "letter"))
TRANSFERRED: Final = ("regulator_12378", "regulator_transfer", "central_bank_12363", "city_12345", "petition")
"""Sources that pass a complaint on to the bank."""


def write_narratives(
    plan: Plan, people: People, touches: Touches, felt: NDArray[np.float32], requests: Requests, place: Place
) -> list[str | None]:
    """What was noted of each request; some enquiries and calls for help leave no note."""
    rng = stream(plan.order.seed, "narratives", place.block, place.month)
    level = felt[requests.touch].astype(np.float64)
    level = np.where(requests.true_type == TYPES["complaint"], np.minimum(level, 50.0), level)
    level = np.where(requests.true_type == TYPES["suggestion"], np.minimum(level, 60.0), level)
    level = np.where(requests.true_type == TYPES["praise"], 90.0, level)
    about = occasions(plan, people, touches, requests.touch, level)
    draws = rng.integers(0, 1 << 30, (len(requests), DRAWS)).tolist()
    noted = (rng.random(len(requests)) < 0.7) | (requests.true_type == TYPES["complaint"])
    columns = zip(
        about,
        requests.true_type.tolist(),
        requests.cause.tolist(),
        requests.demand.tolist(),
        requests.is_agent.tolist(),
        noted.tolist(),
        draws,
        strict=True,
    )
    return [
        write_narrative(
            occasion,
            TYPES.names[kind],
            causes().names[cause] if cause >= 0 else "",
            DEMANDS.names[demand] if demand >= 0 else "",
            agent,
            iter(numbers),
        )
        if written
        else None
        for occasion, kind, cause, demand, agent, written, numbers in columns
    ]


@cache
def _means() -> Ints:
    """Means of submitting, by source."""
    by_group = {
        "hotline": "phone",
        "regulator": "phone",
        "government": "phone",
        "outlet": "in_person",
        "online": "online",
    }
    by_source = {"letter": "letter", "petition": "letter", "regulator_transfer": "letter", "manager": "in_person"}
    groups = {entry.code: entry.codes("group")[0] for entry in vocabulary("request_sources")}
    return np.array([SUBMITTED[by_source.get(name, by_group.get(groups[name], "online"))] for name in sources().names])


def write_requests(
    plan: Plan,
    people: People,
    touches: Touches,
    requests: Requests,
    narratives: list[str | None],
    place: Place,
    path: Path,
) -> int:
    """Write the requests of a chunk; returns the number of rows."""
    customer = touches.customer[requests.touch]
    care = np.where(people.vulnerable[customer], 1, np.where(people.age[customer] >= 65, 0, -1))
    columns = {
        "request_id": keys("W", place.numbers(len(requests)), groups=4),
        "legal_entity_id": constant(entity_id(), len(requests)),
        "customer_id": keys("C", people.first + customer, groups=2),
        "type": TYPES.column(requests.shown_type),
        "source": sources().column(requests.source),
        "submitted_via": SUBMITTED.column(_means()[requests.source]),
        "business": businesses().column(requests.business),
        "cause": causes().column(requests.cause),
        "narrative": pa.array(narratives, pa.string()),
        "demand": DEMANDS.column(requests.demand),
        "region": region_codes(plan).column(regions_of(plan, people)[customer]),
        "severity": SEVERITIES.column(requests.severity),
        "tags": Codes(("elderly", "vulnerable")).column(care),
        "complainant_count": nullable(np.ones(len(requests), dtype=np.int64), requests.cause >= 0),
        "is_represented": requests.is_represented,
        **_about(plan, touches, requests, place),
        **_clocks(plan, requests, place),
        **_ends(plan, requests),
    }
    return write_rows(path, table("requests"), columns, first_seq=place.first_seq)


def _about(plan: Plan, touches: Touches, requests: Requests, place: Place) -> dict[str, Any]:
    """What the request is about and who answers for it: mostly a line at head office, sometimes who served."""
    touch = requests.touch
    journey = touches.journey[touch]
    lines, line = Codes.of(item.line for item in plan.network.journeys)
    owner = {name: plan.bank.unit_ids.index(unit) for name, _, _, unit in plan.bank.lines()}
    department = np.array([owner[item.line] for item in plan.network.journeys])[journey]
    answerable = [causes()[name] for name in block("answerable")["unit"]]
    by_people = (requests.cause < 0) | np.isin(requests.cause, answerable)
    unit = np.where(by_people, touches.unit[touch], department)
    staff = touches.staff[touch]
    named = (staff >= 0) & (np.isin(requests.cause, answerable) | (requests.true_type == TYPES["praise"]))
    return {
        "channel": CHANNELS.column(touches.channel[touch]),
        "journey": JOURNEYS.column(np.array([item.code for item in plan.network.journeys])[journey]),
        "touchpoint": TOUCHPOINTS.column(plan.network.steps.touchpoint[touches.step[touch]]),
        "interaction_id": keys("I", place.number(0) + touch, groups=4),
        "responsible_unit_id": plan.bank.codes.column(unit),
        "responsible_line_id": lines.column(line[journey]),
        "staff_id": keys("S", np.maximum(staff, 0), groups=2, present=named),
    }


def _clocks(plan: Plan, requests: Requests, place: Place) -> dict[str, Any]:
    until = plan.days.until_us
    shown = requests.shown_type == TYPES["complaint"]
    is_closed = requests.closed < until
    due = plan.days.day_of(requests.received) + DUE_DAYS[np.maximum(requests.severity, 0)]
    repeat = requests.first >= 0
    transferred = np.isin(requests.source, [sources()[name] for name in TRANSFERRED]) & (requests.cause >= 0)
    return {
        "is_repeat": repeat,
        "first_request_id": keys("W", place.number(0) + np.maximum(requests.first, 0), groups=4, present=repeat),
        "received_us": requests.received,
        "recorded_us": requests.registered,
        "sent_us": nullable(requests.received, transferred),
        "source_reference": keys("Z", place.numbers(len(requests)), groups=4, present=transferred),
        "first_reply_us": nullable(requests.first_reply, requests.first_reply < until),
        "due_on": nullable(epoch_day(plan.days, due), shown).cast(pa.date32()),
        "closed_us": nullable(requests.closed, is_closed),
        "withdrawn_us": nullable(requests.closed, is_closed & requests.withdrawn),
        "is_timely": nullable(plan.days.day_of(requests.closed) <= due, is_closed & shown),
    }


def _ends(plan: Plan, requests: Requests) -> dict[str, Any]:
    """How it ended, as far as it has."""
    shown = requests.shown_type == TYPES["complaint"]
    is_closed = requests.closed < plan.days.until_us
    complaint = is_closed & (requests.true_type == TYPES["complaint"])
    ended = np.where(requests.withdrawn, STATUSES["withdrawn"], STATUSES["closed"])
    answered = is_closed & ~requests.withdrawn
    return {
        "status": STATUSES.column(np.where(is_closed, ended, STATUSES["open"])),
        "outcome": OUTCOMES.column(np.where(answered, requests.outcome, -1)),
        "relabelled_from": TYPES.column(np.where(requests.relabelled_seen, TYPES["complaint"], -1)),
        "redress_cents": nullable(requests.redress, answered & (requests.redress > 0)),
        "is_disputed": nullable(requests.disputed, complaint),
        "is_escalated": nullable(requests.escalated, complaint),
        "responsibility": RESPONSIBILITIES.column(np.where(is_closed & shown, requests.responsibility, -1)),
    }

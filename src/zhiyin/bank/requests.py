"""Requests of all types as rows: complaints with what law and returns need, and the many tickets around them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, constant, keys, nullable, write_rows
from zhiyin.bank.complaints import (
    DEMANDS,
    DUE_DAYS,
    RESPONSIBILITIES,
    SEVERITIES,
    STATUSES,
    TYPES,
    Complaints,
    businesses,
    causes,
    draw_complaints,
    sources,
)
from zhiyin.bank.days import DAY_US, SECOND_US
from zhiyin.bank.journeys import CHANNELS, JOURNEYS, TOUCHPOINTS
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People, epoch_day
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.registers import entity_id, region_codes, regions_of
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches
from zhiyin.bank.words import DRAWS, occasions, write_narrative
from zhiyin.tables import table, vocabulary

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SUBMITTED: Final = Codes(("phone", "in_person", "online", "letter"))
OUTCOMES: Final = Codes(("explained", "refunded", "apologised", "corrected", "rejected", "answered"))


@dataclass(frozen=True, slots=True)
class Requests:
    """All requests of a chunk in order of receipt. Numbers as in :mod:`zhiyin.bank.complaints`; -1 where not given."""

    touch: Ints
    true_type: Ints
    shown_type: Ints
    source: Ints
    business: Ints
    cause: Ints
    demand: Ints
    severity: Ints
    received: Ints
    registered: Ints
    first_reply: Ints
    closed: Ints
    withdrawn: Flags
    disputed: Flags
    escalated: Flags
    is_agent: Flags
    relabelled_seen: Flags
    first: Ints
    """Position of the first request of the same matter; -1 where this is the first."""
    redress: Ints
    responsibility: Ints

    def __len__(self) -> int:
        return self.touch.size

    def take(self, rows: Ints) -> Requests:
        """Some of them, with ``first`` renumbered; a repeat whose first is left out stands as a first."""
        position = np.full(len(self) + 1, -1, dtype=np.int64)
        position[rows] = np.arange(rows.size)
        taken = {field.name: getattr(self, field.name)[rows] for field in fields(self)}
        return Requests(**{**taken, "first": position[taken["first"]]})


def draw_requests(plan: Plan, people: People, touches: Touches, felt: NDArray[np.float32], place: Place) -> Requests:
    """Requests about the touches of a chunk, as far as they were registered before the bank is looked at."""
    rng = stream(plan.order.seed, "requests", place.block, place.month)
    complaints = draw_complaints(plan, touches, felt, len(people), rng)
    tickets = [
        _tickets(plan, touches, felt, kind, len(people), rng) for kind in ("enquiry", "help", "suggestion", "praise")
    ]
    made = _concatenate([_of_complaints(complaints), *tickets])
    known = np.flatnonzero(made.registered < plan.days.until_us)
    return made.take(known[np.argsort(made.received[known], kind="stable")])


def _concatenate(parts: list[Requests]) -> Requests:
    return Requests(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Requests)))


def _of_complaints(made: Complaints) -> Requests:
    shared = {field.name: getattr(made, field.name) for field in fields(Complaints)}
    return Requests(true_type=np.full(len(made), TYPES["complaint"]), **shared)


def _tickets(
    plan: Plan, touches: Touches, felt: NDArray[np.float32], kind: str, active: int, rng: np.random.Generator
) -> Requests:
    volume = load_parameters("complaints")["volume"]
    mean = volume["complaints_per_1000_a_year"] * active / 12_000.0 * volume["tickets_per_complaint"] * volume[kind]
    touch = _ticket_touches(plan, touches, felt, kind, int(rng.poisson(mean)), rng)
    count = touch.size
    shares = {
        k: v for k, v in load_parameters("complaints")["ticket_sources"].items() if k not in ("confidence", "source")
    }
    edges = np.cumsum(list(shares.values()))
    drawn = np.searchsorted(edges / edges[-1], rng.random(count))
    received = touches.ends[touch] + (rng.exponential(900.0, count) * SECOND_US).astype(np.int64)
    registered = received + (rng.exponential(240.0, count) * SECOND_US).astype(np.int64)
    at_once = rng.random(count) < (0.8 if kind in ("enquiry", "praise") else 0.45)
    length = np.where(at_once, rng.exponential(500.0, count) + 60.0, rng.exponential(2.0 * 86_400.0, count) + 3_600.0)
    closed = registered + (length * SECOND_US).astype(np.int64)
    none, no = np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.bool_)
    return Requests(
        touch=touch,
        true_type=np.full(count, TYPES[kind]),
        shown_type=np.full(count, TYPES[kind]),
        source=np.array([sources()[name] for name in shares])[drawn],
        business=none,
        cause=none,
        demand=none,
        severity=none,
        received=received,
        registered=registered,
        first_reply=np.minimum(closed, registered + 1800 * SECOND_US),
        closed=closed,
        withdrawn=no,
        disputed=no,
        escalated=no,
        is_agent=no,
        relabelled_seen=no,
        first=none,
        redress=none + 1,
        responsibility=none,
    )


def _ticket_touches(
    plan: Plan, touches: Touches, felt: NDArray[np.float32], kind: str, count: int, rng: np.random.Generator
) -> Ints:
    codes = plan.network.steps.codes
    if kind == "praise":
        pool = np.flatnonzero((felt >= 86.0) & plan.network.steps.is_served[touches.step] & (touches.staff >= 0))
    elif kind == "suggestion":
        pool = np.flatnonzero(felt < 74.0)
    else:
        names = (
            ("agent", "chat", "chat_wechat", "human", "search")
            if kind == "enquiry"
            else ("face_check", "smart_teller", "transfer", "agent", "code", "refusable_counter", "sign_in")
        )
        pool = np.flatnonzero(np.isin(touches.step, [codes[name] for name in names]))
    return pool[rng.integers(0, pool.size, count if pool.size else 0)]


def write_narratives(
    plan: Plan, people: People, touches: Touches, felt: NDArray[np.float32], requests: Requests, place: Place
) -> list[str | None]:
    """What was noted of each request; most enquiries and calls for help leave a short note or none."""
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
        requests.demand.tolist(),
        requests.is_agent.tolist(),
        noted.tolist(),
        draws,
        strict=True,
    )
    return [
        write_narrative(
            occasion, TYPES.names[kind], DEMANDS.names[demand] if demand >= 0 else None, agent, iter(numbers)
        )
        if written
        else None
        for occasion, kind, demand, agent, written, numbers in columns
    ]


def handling_felt(plan: Plan, requests: Requests, rng: np.random.Generator) -> Floats:
    """True satisfaction with how a complaint was handled."""
    handling = load_parameters("complaints")["handling"]
    days = (requests.closed - requests.received) / DAY_US
    felt = handling["handling_level"] + rng.normal(0.0, 12.0, len(requests)) + plan.order.scenario.level_shift
    felt += np.where(days > 10.0, handling["handling_late"], 0.0)
    felt += np.where(requests.disputed, handling["handling_refused"], 0.0) + np.where(requests.redress > 0, 12.0, 0.0)
    tenths: Floats = np.round(np.clip(felt, 0.0, 100.0), 1)
    return tenths


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
        "tags": Codes(("elderly", "vulnerable")).column(
            np.where(people.vulnerable[customer], 1, np.where(people.age[customer] >= 65, 0, -1))
        ),
        "complainant_count": nullable(np.ones(len(requests), dtype=np.int64), requests.true_type == TYPES["complaint"]),
        "is_represented": requests.is_agent & (requests.touch % 3 == 0),
        **_about(plan, touches, requests, place),
        **_clocks(plan, requests, place),
    }
    return write_rows(path, table("requests"), columns, first_seq=place.first_seq)


def _about(plan: Plan, touches: Touches, requests: Requests, place: Place) -> dict[str, Any]:
    """What the request is about and who answers for it: mostly a line at head office, sometimes who served."""
    touch = requests.touch
    journey = touches.journey[touch]
    lines, line = Codes.of(item.line for item in plan.network.journeys)
    owner = {line: plan.bank.unit_ids.index(unit) for line, _, _, unit in plan.bank.lines()}
    department = np.array([owner[item.line] for item in plan.network.journeys])[journey]
    answerable = load_parameters("complaints")["answerable"]["unit"]
    by_people = np.isin(requests.cause, [causes()[name] for name in answerable])
    unit = np.where(by_people & (touches.unit[touch] >= 0), touches.unit[touch], department)
    complaint = requests.cause >= 0
    staff = touches.staff[touch]
    named = (staff >= 0) & (by_people | (requests.true_type == TYPES["praise"]))
    return {
        "channel": CHANNELS.column(touches.channel[touch]),
        "journey": JOURNEYS.column(np.array([item.code for item in plan.network.journeys])[journey]),
        "touchpoint": TOUCHPOINTS.column(plan.network.steps.touchpoint[touches.step[touch]]),
        "interaction_id": keys("I", place.number(0) + touch, groups=4),
        "responsible_unit_id": Codes(tuple(plan.bank.unit_ids)).column(np.where(complaint, unit, touches.unit[touch])),
        "responsible_line_id": lines.column(line[journey]),
        "staff_id": keys("S", np.maximum(staff, 0), groups=2, present=named),
    }


def _clocks(plan: Plan, requests: Requests, place: Place) -> dict[str, Any]:
    until = plan.days.until_us
    complaint = requests.true_type == TYPES["complaint"]
    shown = requests.shown_type == TYPES["complaint"]
    is_closed = requests.closed < until
    due = plan.days.day_of(requests.received) + DUE_DAYS[np.maximum(requests.severity, 0)]
    timely = plan.days.day_of(requests.closed) <= due
    repeat = requests.first >= 0
    status = np.where(
        is_closed, np.where(requests.withdrawn, STATUSES["withdrawn"], STATUSES["closed"]), STATUSES["open"]
    )
    outcome = np.where(
        requests.redress > 0,
        OUTCOMES["refunded"],
        np.where(requests.disputed, OUTCOMES["rejected"], requests.touch % 3 * (OUTCOMES["corrected"] - 1) // 2),
    )
    outcome = np.where(complaint, outcome, OUTCOMES["answered"])
    transferred = (
        np.isin(
            requests.source,
            [
                sources()[name]
                for name in ("regulator_12378", "regulator_transfer", "central_bank_12363", "city_12345", "petition")
            ],
        )
        & complaint
    )
    none = np.full(len(requests), -1, dtype=np.int64)
    return {
        "is_repeat": repeat,
        "first_request_id": keys("W", place.number(0) + np.maximum(requests.first, 0), groups=4, present=repeat),
        "relabelled_from": TYPES.column(np.where(requests.relabelled_seen, TYPES["complaint"], none)),
        "received_us": requests.received,
        "recorded_us": requests.registered,
        "sent_us": nullable(requests.received, transferred),
        "source_reference": keys("Z", place.numbers(len(requests)), groups=4, present=transferred),
        "first_reply_us": nullable(requests.first_reply, requests.first_reply < until),
        "due_on": nullable(epoch_day(plan.days, due), shown).cast(pa.date32()),
        "closed_us": nullable(requests.closed, is_closed),
        "withdrawn_us": nullable(requests.closed, is_closed & requests.withdrawn),
        "status": STATUSES.column(status),
        "outcome": OUTCOMES.column(np.where(is_closed & ~requests.withdrawn, outcome, -1)),
        "redress_cents": nullable(requests.redress, is_closed & (requests.redress > 0)),
        "is_timely": nullable(timely, is_closed & shown),
        "is_disputed": nullable(requests.disputed, is_closed & complaint),
        "is_escalated": nullable(requests.escalated, is_closed & complaint),
        "responsibility": RESPONSIBILITIES.column(np.where(is_closed & shown, requests.responsibility, -1)),
    }

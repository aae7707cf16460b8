"""All requests of a chunk: complaints, and the enquiries, calls for help, suggestions and praise around them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.complaints import draw_complaints
from zhiyin.bank.days import SECOND_US
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.requests import OUTCOMES, TYPES, Ints, Requests, block, concatenate, sources, spread_names
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches


def draw_requests(plan: Plan, people: People, touches: Touches, felt: NDArray[np.float32], place: Place) -> Requests:
    """Requests about the touches of a chunk in the order of receipt, as far as they are registered by the end."""
    rng = stream(plan.order.seed, "requests", place.block, place.month)
    kinds = ("enquiry", "help", "suggestion", "praise")
    parts = [draw_complaints(plan, touches, felt, len(people), rng)]
    parts += [_tickets(plan, touches, felt, kind, len(people), rng) for kind in kinds]
    made = concatenate(parts)
    known = np.flatnonzero(made.registered < plan.days.until_us)
    return made.take(known[np.argsort(made.received[known], kind="stable")])


def _tickets(
    plan: Plan,
    touches: Touches,
    felt: NDArray[np.float32],
    kind: str,
    customers: int,
    rng: np.random.Generator,
) -> Requests:
    volume = block("volume")
    complaints = volume["complaints_per_1000_a_year"] * customers / 12_000.0
    drawn = int(rng.poisson(complaints * volume["tickets_per_complaint"] * volume[kind]))
    touch = _ticket_touches(plan, touches, felt, kind, drawn, rng)
    count = touch.size
    received = touches.ends[touch] + (rng.exponential(900.0, count) * SECOND_US).astype(np.int64)
    registered = received + (rng.exponential(240.0, count) * SECOND_US).astype(np.int64)
    at_once = rng.random(count) < (0.8 if kind in ("enquiry", "praise") else 0.45)
    slow = rng.exponential(2.0 * 86_400.0, count) + 3_600.0
    length = np.where(at_once, rng.exponential(500.0, count) + 60.0, slow)
    closed = registered + (length * SECOND_US).astype(np.int64)
    none, no = np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.bool_)
    return Requests(
        touch=touch,
        true_type=np.full(count, TYPES[kind]),
        shown_type=np.full(count, TYPES[kind]),
        relabelled_seen=no,
        source=spread_names(rng, sources(), block("ticket_sources"), count),
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
        is_represented=no,
        is_agent=no,
        first=none,
        redress=none + 1,
        responsibility=none,
        outcome=np.full(count, OUTCOMES["answered"]),
    )


def _ticket_touches(
    plan: Plan, touches: Touches, felt: NDArray[np.float32], kind: str, count: int, rng: np.random.Generator
) -> Ints:
    """Touches after which people praise, suggest, enquire or need help."""
    steps = plan.network.steps
    if kind == "praise":
        pool = np.flatnonzero((felt >= 86.0) & steps.is_served[touches.step] & (touches.staff >= 0))
    elif kind == "suggestion":
        pool = np.flatnonzero(felt < 74.0)
    else:
        names = block("ticket_steps")[kind]
        pool = np.flatnonzero(np.isin(touches.step, [steps.codes[name] for name in names]))
    return pool[rng.integers(0, pool.size, count if pool.size else 0)]

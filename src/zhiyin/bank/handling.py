"""How complaints arrive and how the bank deals with them: sources, demands, clocks, re-labelling, repeats."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from zhiyin.bank.days import DAY_US, SECOND_US
from zhiyin.bank.requests import (
    DEMANDS,
    OUTCOMES,
    RESPONSIBILITIES,
    SEVERITIES,
    TYPES,
    Floats,
    Ints,
    Requests,
    block,
    businesses,
    causes,
    sources,
    spread_names,
)
from zhiyin.bank.walk import Touches


def handle(touches: Touches, touch: Ints, business: Ints, cause: Ints, rng: np.random.Generator) -> Requests:
    """Complaints about some touches with all that follows; repeats stand after the first ones."""
    handling, count = block("handling"), touch.size
    severity = np.where(rng.random(count) < handling["complex"], SEVERITIES["complex"], SEVERITIES["ordinary"])
    severity = np.where(rng.random(count) < handling["major"], SEVERITIES["major"], severity)
    received, registered, first_reply, closed = _clocks(touches.ends[touch], severity, handling, rng)
    agents = np.isin(business, [businesses()[name] for name in handling["agent_businesses"]])
    is_agent = agents & (rng.random(count) < handling["agent_share"])
    shown, seen = _shown_types(count, handling, rng)
    disputed = rng.random(count) < handling["disputed"]
    redress = _redress(count, handling, rng)
    outcome = spread_names(rng, OUTCOMES, handling["outcomes"], count)
    outcome = np.where(redress > 0, OUTCOMES["refunded"], np.where(disputed, OUTCOMES["rejected"], outcome))
    first = Requests(
        touch=touch,
        true_type=np.full(count, TYPES["complaint"]),
        shown_type=shown,
        relabelled_seen=seen,
        source=_sources(business, rng),
        business=business,
        cause=cause,
        demand=_demands(cause, rng),
        severity=severity,
        received=received,
        registered=registered,
        first_reply=first_reply,
        closed=closed,
        withdrawn=rng.random(count) < handling["withdrawn"],
        disputed=disputed,
        escalated=rng.random(count) < handling["escalated"],
        is_represented=rng.random(count) < np.where(is_agent, handling["agents_as_such"], handling["represented"]),
        is_agent=is_agent,
        first=np.full(count, -1, dtype=np.int64),
        redress=redress,
        responsibility=spread_names(rng, RESPONSIBILITIES, handling["responsibility"], count),
        outcome=outcome,
    )
    return _with_repeats(first, handling, rng)


def _clocks(after: Ints, severity: Ints, handling: dict[str, Any], rng: np.random.Generator) -> tuple[Ints, ...]:
    """When it was received, registered, first replied to and closed; a few are registered late 压单."""
    count = after.size
    lag = rng.exponential(block("volume")["lag_days"], count) * DAY_US
    received = after + lag.astype(np.int64) + 600 * SECOND_US
    late = rng.random(count) < handling["registered_late"]
    wait = np.where(late, rng.uniform(1.0, 5.0, count) * DAY_US, rng.exponential(900.0, count) * SECOND_US)
    registered = received + wait.astype(np.int64)
    reply = rng.lognormal(np.log(handling["first_reply_hours"]), 0.9, count) * 3_600 * SECOND_US
    median = np.array([handling["close_days"][name] for name in SEVERITIES.names])[severity]
    length = median * rng.lognormal(0.0, handling["close_spread"], count) * DAY_US
    closed = registered + np.maximum(length, reply + 3_600 * SECOND_US).astype(np.int64)
    return received, registered, registered + reply.astype(np.int64), closed


def _sources(business: Ints, rng: np.random.Generator) -> Ints:
    source = spread_names(rng, sources(), block("sources"), business.size)
    elsewhere = (source == sources()["card_hotline"]) & (business != businesses()["credit_card"])
    return np.where(elsewhere, sources()["hotline"], source)


def _demands(cause: Ints, rng: np.random.Generator) -> Ints:
    demand = np.zeros(cause.size, dtype=np.int64)
    for name, weights in block("demands").items():
        rows = np.flatnonzero(cause == causes()[name])
        demand[rows] = spread_names(rng, DEMANDS, weights, rows.size)
    return demand


def _shown_types(count: int, handling: dict[str, Any], rng: np.random.Generator) -> tuple[Ints, np.ndarray]:
    """What the bank calls each complaint, and whether the record shows that it was called otherwise before."""
    relabel = rng.random(count)
    hidden = relabel < handling["relabelled_hidden"]
    seen = ~hidden & (relabel < handling["relabelled_hidden"] + handling["relabelled_seen"])
    instead = np.where(rng.random(count) < 0.7, TYPES["enquiry"], TYPES["help"])
    return np.where(hidden | seen, instead, TYPES["complaint"]), seen


def _redress(count: int, handling: dict[str, Any], rng: np.random.Generator) -> Ints:
    given = rng.random(count) < handling["redress_share"]
    amount: Floats = rng.lognormal(np.log(handling["redress_median_cents"]), 0.9, count)
    return np.where(given, np.round(amount), 0.0).astype(np.int64)


def _with_repeats(first: Requests, handling: dict[str, Any], rng: np.random.Generator) -> Requests:
    """Some complain again about the same matter, more often those who dispute the answer, more often higher up."""
    chance = handling["repeat"] * np.where(first.disputed, 2.0, 0.75)
    rows = np.flatnonzero(rng.random(len(first)) < chance)
    again = first.take(rows)
    shift = ((rng.exponential(handling["repeat_days"], rows.size) + 2.0) * DAY_US).astype(np.int64)
    higher = np.array([sources()[name] for name in ("regulator_12378", "city_12345", "hotline")])
    anywhere = np.where(rng.random(rows.size) < 0.7, again.source, higher[rng.integers(0, 3, rows.size)])
    no = np.zeros(rows.size, dtype=np.bool_)
    changed = {
        "received": again.received + shift,
        "registered": again.registered + shift,
        "first_reply": again.first_reply + shift,
        "closed": again.closed + shift,
        "source": np.where(again.escalated, higher[0], anywhere),
        "first": rows,
        "escalated": no,
        "relabelled_seen": no,
        "shown_type": np.full(rows.size, TYPES["complaint"]),
    }
    columns = {field.name: changed.get(field.name, getattr(again, field.name)) for field in fields(Requests)}
    return Requests(**{name: np.concatenate([getattr(first, name), column]) for name, column in columns.items()})

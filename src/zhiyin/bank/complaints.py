"""Complaints: which touches are complained about, why, where, and how the bank deals with it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes
from zhiyin.bank.days import DAY_US, SECOND_US
from zhiyin.bank.journeys import JOURNEYS
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.plan import Plan
from zhiyin.bank.walk import Touches
from zhiyin.tables import vocabulary

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TYPES: Final = Codes(("enquiry", "help", "suggestion", "praise", "complaint"))
SEVERITIES: Final = Codes(("ordinary", "complex", "major"))
STATUSES: Final = Codes(("open", "suspended", "closed", "withdrawn"))
RESPONSIBILITIES: Final = Codes(("full", "partial", "none", "open"))
DEMANDS: Final = Codes(("refund", "verify", "answer", "query", "compensation", "stop_contact", "speed_up", "restore"))
DUE_DAYS: Final = np.array([15, 30, 60], dtype=np.int64)
"""Statutory days to answer, by severity (银保监会令 2020 年第 3 号第 18 条)."""
NOT_YET: Final = np.iinfo(np.int64).max


def _block(name: str) -> dict[str, Any]:
    block = load_parameters("complaints")[name]
    return {key: value for key, value in block.items() if key not in ("confidence", "source")}


@cache
def sources() -> Codes:
    """Sources of requests that the bank has."""
    return Codes(vocabulary("request_sources").codes)


@cache
def causes() -> Codes:
    """Causes of complaints (axis C)."""
    return Codes(vocabulary("complaint_causes").codes)


@cache
def businesses() -> Codes:
    """Businesses complained about (axis B), the lowest classes only."""
    return Codes(tuple(_block("journeys")))


@cache
def joint_shares() -> Floats:
    """Share of complaints by business and cause, shape (businesses, causes), with both published priors as margins.

    Affinities say what goes with what; alternately scaling rows and columns (iterative proportional fitting) keeps
    them as far as the margins allow.
    """
    remaining = _block("remaining_causes")
    cause_share = {
        entry.code: entry.number("share") or remaining[entry.code] for entry in vocabulary("complaint_causes")
    }
    business_share = {entry.code: entry.number("share") for entry in vocabulary("complaint_businesses")}
    rows = np.array([business_share[name] or 0.0 for name in businesses().names])
    columns = np.array([cause_share[name] for name in causes().names])
    rows, columns = rows / rows.sum(), columns / columns.sum()
    table = np.ones((rows.size, columns.size))
    for cause, affinities in _block("affinity").items():
        for business, value in affinities.items():
            table[businesses()[business], causes()[cause]] = value
    for _ in range(500):
        table *= (columns / table.sum(axis=0))[None, :]
        table *= (rows / table.sum(axis=1))[:, None]
    shares: Floats = table / table.sum()
    return shares


def spread_draws(rng: np.random.Generator, shares: Floats, count: int) -> Ints:
    """Positions drawn with the given shares, evenly spread so that few draws already show them; in random order."""
    if count == 0:
        return np.empty(0, dtype=np.int64)
    edges = np.cumsum(shares) / shares.sum()
    points = (np.arange(count) + rng.random()) / count
    positions = np.searchsorted(edges, points, side="right")
    return rng.permutation(np.minimum(positions, shares.size - 1))


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints of a chunk, in no particular order. ``touch`` is the position of the touch complained about."""

    touch: Ints
    business: Ints
    cause: Ints
    source: Ints
    demand: Ints
    severity: Ints
    received: Ints
    registered: Ints
    first_reply: Ints
    closed: Ints
    """When it was closed, also where that is still to come."""
    withdrawn: Flags
    disputed: Flags
    escalated: Flags
    is_agent: Flags
    """Brought by a professional complainant 黑灰产 (truth)."""
    shown_type: Ints
    """What the bank calls it: a complaint, unless re-labelled."""
    relabelled_seen: Flags
    first: Ints
    """Position of the first complaint about the same matter; -1 where this is the first."""
    redress: Ints
    responsibility: Ints

    def __len__(self) -> int:
        return self.touch.size

    def take(self, rows: Ints | Flags) -> Complaints:
        """Some of them; ``first`` keeps pointing into the whole."""
        return Complaints(*(getattr(self, field.name)[rows] for field in fields(self)))


def draw_complaints(
    plan: Plan, touches: Touches, felt: NDArray[np.float32], active: int, rng: np.random.Generator
) -> Complaints:
    """Complaints about the touches of a chunk, the most by those who felt worst."""
    volume = _block("volume")
    season = plan.days.seasons["complaints"]
    day = np.minimum(plan.days.day_of(touches.ends), plan.days.count - 1)
    factor = float(season[day].mean()) if len(touches) else 0.0
    count = int(rng.poisson(volume["complaints_per_1000_a_year"] * active / 12_000.0 * factor))
    joint = joint_shares()
    cell = spread_draws(rng, joint.ravel(), count)
    business, cause = cell // joint.shape[1], cell % joint.shape[1]
    weight = np.exp(-felt.astype(np.float64) / volume["feeling_scale"]) * season[day]
    touch = _pick_touches(plan, touches, weight, business, rng)
    kept = np.flatnonzero(touch >= 0)
    return _handle(plan, touches, touch[kept], business[kept], cause[kept], rng)


def _pick_touches(plan: Plan, touches: Touches, weight: Floats, business: Ints, rng: np.random.Generator) -> Ints:
    """A touch for each complaint, in a journey of its business, without repeats, in proportion to the weights."""
    journey = np.array([item.code for item in plan.network.journeys])[touches.journey]
    # The largest of -log(u)/w ... smallest keys are a weighted sample without replacement (Efraimidis and Spirakis).
    sort_key = rng.exponential(size=weight.size) / np.maximum(weight, 1e-300)
    touch = np.full(business.size, -1, dtype=np.int64)
    for number, name in enumerate(businesses().names):
        wanted = np.flatnonzero(business == number)
        codes = [JOURNEYS[code] for code in _block("journeys")[name]]
        pool = np.flatnonzero(np.isin(journey, codes))
        wanted = wanted[: pool.size]
        if wanted.size:
            chosen = pool[np.argpartition(sort_key[pool], wanted.size - 1)[: wanted.size]]
            touch[wanted] = rng.permutation(chosen)
            sort_key[chosen] = np.inf
    return touch


def _handle(
    plan: Plan, touches: Touches, touch: Ints, business: Ints, cause: Ints, rng: np.random.Generator
) -> Complaints:
    handling, count = _block("handling"), touch.size
    shares = _block("sources")
    source_numbers = np.array([sources()[name] for name in shares])
    source = source_numbers[spread_draws(rng, np.array(list(shares.values())), count)]
    cards = (source == sources()["card_hotline"]) & (business != businesses()["credit_card"])
    source = np.where(cards, sources()["hotline"], source)
    agents = np.isin(business, [businesses()[name] for name in handling["agent_businesses"]])
    is_agent = agents & (rng.random(count) < handling["agent_share"])
    severity = np.searchsorted([handling["major"], handling["major"] + handling["complex"]], rng.random(count))
    severity = np.array([SEVERITIES["major"], SEVERITIES["complex"], SEVERITIES["ordinary"]])[severity]
    lag = rng.exponential(_block("volume")["lag_days"], count) * DAY_US
    received = touches.ends[touch] + lag.astype(np.int64) + 600 * SECOND_US
    late = rng.random(count) < handling["registered_late"]
    wait = np.where(late, rng.uniform(1.0, 5.0, count) * DAY_US, rng.exponential(900.0, count) * SECOND_US)
    registered = received + wait.astype(np.int64)
    reply = rng.lognormal(np.log(handling["first_reply_hours"]), 0.9, count) * 3_600 * SECOND_US
    median = np.array([handling["close_days"][name] for name in SEVERITIES.names])[severity]
    length = median * rng.lognormal(0.0, handling["close_spread"], count) * DAY_US
    closed = registered + np.maximum(length, reply + 3_600 * SECOND_US).astype(np.int64)
    withdrawn = rng.random(count) < handling["withdrawn"]
    redress = np.where(
        rng.random(count) < handling["redress_share"],
        rng.lognormal(np.log(handling["redress_median_cents"]), 0.9, count),
        0.0,
    )
    relabel = rng.random(count)
    hidden = relabel < handling["relabelled_hidden"]
    seen = ~hidden & (relabel < handling["relabelled_hidden"] + handling["relabelled_seen"])
    shown = np.where(
        hidden | seen, np.where(rng.random(count) < 0.7, TYPES["enquiry"], TYPES["help"]), TYPES["complaint"]
    )
    responsibility = spread_draws(rng, np.array(list(handling["responsibility"].values())), count)
    first = Complaints(
        touch=touch,
        business=business,
        cause=cause,
        source=source,
        demand=_demands(cause, rng),
        severity=severity,
        received=received,
        registered=registered,
        first_reply=registered + reply.astype(np.int64),
        closed=closed,
        withdrawn=withdrawn,
        disputed=rng.random(count) < handling["disputed"],
        escalated=rng.random(count) < handling["escalated"],
        is_agent=is_agent,
        shown_type=shown,
        relabelled_seen=seen,
        first=np.full(count, -1, dtype=np.int64),
        redress=np.round(redress).astype(np.int64),
        responsibility=responsibility,
    )
    return _with_repeats(first, handling, rng)


def _demands(cause: Ints, rng: np.random.Generator) -> Ints:
    demand = np.zeros(cause.size, dtype=np.int64)
    for name, weights in _block("demands").items():
        rows = np.flatnonzero(cause == causes()[name])
        drawn = spread_draws(rng, np.array(list(weights.values()), dtype=np.float64), rows.size)
        demand[rows] = np.array([DEMANDS[key] for key in weights])[drawn]
    return demand


def _with_repeats(first: Complaints, handling: dict[str, Any], rng: np.random.Generator) -> Complaints:
    """Some complain again about the same matter, more often those who dispute the answer, more often higher up."""
    chance = handling["repeat"] * np.where(first.disputed, 2.0, 0.75)
    rows = np.flatnonzero(rng.random(len(first)) < chance)
    again = first.take(rows)
    later = (rng.exponential(handling["repeat_days"], rows.size) + 2.0) * DAY_US
    shift = later.astype(np.int64)
    higher = np.array([sources()[name] for name in ("regulator_12378", "city_12345", "hotline")])
    source = np.where(
        first.escalated[rows],
        higher[0],
        np.where(rng.random(rows.size) < 0.7, again.source, higher[rng.integers(0, 3, rows.size)]),
    )
    columns = {field.name: getattr(again, field.name) for field in fields(Complaints)}
    columns |= {
        "received": again.received + shift,
        "registered": again.registered + shift,
        "first_reply": again.first_reply + shift,
        "closed": again.closed + shift,
        "source": source,
        "first": rows,
        "escalated": np.zeros(rows.size, dtype=np.bool_),
        "relabelled_seen": np.zeros(rows.size, dtype=np.bool_),
        "shown_type": np.full(rows.size, TYPES["complaint"]),
    }
    return Complaints(*(np.concatenate([getattr(first, name), columns[name]]) for name in columns))

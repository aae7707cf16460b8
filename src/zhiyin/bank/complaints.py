"""Complaints: which touches are complained about, in which business, and for which cause."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.handling import handle
from zhiyin.bank.journeys import JOURNEYS
from zhiyin.bank.plan import Plan
from zhiyin.bank.requests import Floats, Ints, Requests, block, businesses, causes, spread_draws
from zhiyin.bank.walk import Touches
from zhiyin.tables import vocabulary


@cache
def joint_shares() -> Floats:
    """Share of complaints by business and cause, shape (businesses, causes), with both published priors as margins.

    Affinities say what goes with what; alternately scaling rows and columns (iterative proportional fitting) keeps
    them as far as the margins allow.
    """
    remaining = block("remaining_causes")
    cause_share = {
        entry.code: entry.number("share") or remaining[entry.code] for entry in vocabulary("complaint_causes")
    }
    business_share = {entry.code: entry.number("share") for entry in vocabulary("complaint_businesses")}
    rows = np.array([business_share[name] or 0.0 for name in businesses().names])
    columns = np.array([cause_share[name] for name in causes().names])
    rows, columns = rows / rows.sum(), columns / columns.sum()
    table = np.ones((rows.size, columns.size))
    for cause, affinities in block("affinity").items():
        for business, value in affinities.items():
            table[businesses()[business], causes()[cause]] = value
    for _ in range(500):
        table *= (columns / table.sum(axis=0))[None, :]
        table *= (rows / table.sum(axis=1))[:, None]
    shares: Floats = table / table.sum()
    return shares


def draw_complaints(
    plan: Plan, touches: Touches, felt: NDArray[np.float32], customers: int, rng: np.random.Generator
) -> Requests:
    """Complaints about the touches of a chunk, the most by those who felt worst."""
    volume = block("volume")
    season = plan.days.seasons["complaints"]
    day = np.minimum(plan.days.day_of(touches.ends), plan.days.count - 1)
    factor = float(season[day].mean()) if len(touches) else 0.0
    count = int(rng.poisson(volume["complaints_per_1000_a_year"] * customers / 12_000.0 * factor))
    joint = joint_shares()
    cell = spread_draws(rng, joint.ravel(), count)
    business, cause = cell // joint.shape[1], cell % joint.shape[1]
    weight = np.exp(-felt.astype(np.float64) / volume["feeling_scale"]) * season[day]
    touch = _pick_touches(plan, touches, weight, business, rng)
    kept = np.flatnonzero(touch >= 0)
    return handle(touches, touch[kept], business[kept], cause[kept], rng)


def _pick_touches(plan: Plan, touches: Touches, weight: Floats, business: Ints, rng: np.random.Generator) -> Ints:
    """A touch for each complaint, in a journey of its business, without repeats, in proportion to the weights.

    The smallest of exponential numbers divided by the weights are a weighted sample without replacement (Efraimidis
    and Spirakis 2006). -1 where the business had no touches left.
    """
    journey = np.array([item.code for item in plan.network.journeys])[touches.journey]
    sort_key = rng.exponential(size=weight.size) / np.maximum(weight, 1e-300)
    touch = np.full(business.size, -1, dtype=np.int64)
    for number, name in enumerate(businesses().names):
        wanted = np.flatnonzero(business == number)
        if wanted.size:
            codes = [JOURNEYS[code] for code in block("journeys")[name]]
            pool = np.flatnonzero(np.isin(journey, codes) & np.isfinite(sort_key))
            wanted = wanted[: pool.size]
            chosen = pool[np.argsort(sort_key[pool], kind="stable")[: wanted.size]]
            touch[wanted] = rng.permutation(chosen)
            sort_key[chosen] = np.inf
    return touch

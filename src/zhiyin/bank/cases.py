"""Which customers begin which journeys in a month, when, where, and along which path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.days import SECOND_US
from zhiyin.bank.journeys import CLOCKS, Journey
from zhiyin.bank.people import People, unit_weights
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cases:
    """Runs of journeys, in order of their start. Customers are positions in their block."""

    journey: Ints
    """Position in the network's journeys."""
    path: Ints
    customer: Ints
    unit: Ints
    """Unit that the customer turns to when a person is needed."""
    starts: Ints


def draw_cases(plan: Plan, people: People, block: int, month: int) -> Cases:
    """Cases that begin in a month among the customers of a block."""
    rng = stream(plan.order.seed, "cases", block, month)
    parts = [
        _journey_cases(plan, people, number, journey, month, rng)
        for number, journey in enumerate(plan.network.journeys)
    ]
    journey, path, customer, starts = (np.concatenate(column) for column in zip(*parts, strict=True))
    day = plan.days.day_of(starts)
    here = (people.opened[customer] <= day) & (day < people.closed[customer])
    order = np.flatnonzero(here)[np.argsort(starts[here], kind="stable")]
    customer = customer[order]
    unit = _case_units(plan, people, customer, rng)
    return Cases(journey[order], path[order], customer, unit, starts[order])


def _journey_cases(
    plan: Plan, people: People, number: int, journey: Journey, month: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    days = plan.days
    eligible = people.ranked[journey.who]
    begin, end = int(days.month_starts[month]), int(days.month_starts[month + 1])
    season = days.seasons[journey.season][begin:end]
    count = int(rng.poisson(journey.rate * eligible.size * season.sum() / 30.4)) if eligible.size else 0
    # The power draws active customers more often than quiet ones.
    customer = eligible[(rng.random(count) ** 1.6 * eligible.size).astype(np.int64)]
    shares = journey.shares[people.digital[customer].astype(np.int64)]
    draw = rng.random(count)
    path = journey.paths[np.minimum((draw[:, None] >= shares).sum(axis=1), journey.paths.size - 1)]
    first_step = plan.network.slots.step[plan.network.slots.first[path]]
    clock = plan.network.steps.clock[first_step]
    starts = np.empty(count, dtype=np.int64)
    for which, name in enumerate(CLOCKS):
        rows = np.flatnonzero(clock == which)
        if rows.size:
            weights = np.cumsum(days.clocks[name].weights[begin:end] * season)
            day = begin + np.searchsorted(weights / weights[-1], rng.random(rows.size), side="right")
            second = days.clocks[name].seconds[rng.integers(0, 4096, rows.size)] + rng.integers(0, 15, rows.size)
            starts[rows] = days.us(np.minimum(day, end - 1), second) + rng.integers(0, SECOND_US, rows.size)
    return np.full(count, number), path, customer, starts


def _case_units(plan: Plan, people: People, customer: Ints, rng: np.random.Generator) -> Ints:
    """The home unit for most; for others some unit of the same city."""
    home = people.unit[customer]
    elsewhere = rng.random(customer.size) < 0.2
    cities = np.asarray(plan.bank.cities, dtype=np.int64)
    service = np.asarray(plan.bank.service, dtype=np.int64)
    weights = unit_weights(plan.bank)
    unit = home.copy()
    for city in range(len(plan.bank.city_names)):
        rows = np.flatnonzero(elsewhere & (cities[home] == city))
        here = service[cities[service] == city]
        edges = np.cumsum(weights[here])
        unit[rows] = here[np.searchsorted(edges / edges[-1], rng.random(rows.size), side="right")]
    return unit

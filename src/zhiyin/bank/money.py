"""Money that moves: pay and pensions on their days, repayments, everyday spending."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, keys, write_rows
from zhiyin.bank.days import SECOND_US
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import STAGES, People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import recorded_after
from zhiyin.tables import table, vocabulary

Ints = NDArray[np.int64]

CHANNELS: Final = Codes(("mobile", "web", "branch", "self_service", "external"))
TABLE_SIZE: Final = 256


@cache
def _categories() -> Codes:
    return Codes(tuple(name for name in load_parameters("money")["amounts"] if name not in ("confidence", "source")))


@cache
def _incoming() -> NDArray[np.bool_]:
    directions = {entry.code: entry.text("direction") for entry in vocabulary("transaction_categories")}
    return np.array([directions[name] == "in" for name in _categories().names])


@cache
def _mixes() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each mix 256 categories to draw from, and the mix of each stage of life (companies: the last)."""
    blocks = load_parameters("money")["mixes"]
    draws = np.empty((len(blocks), TABLE_SIZE), dtype=np.int64)
    stages = np.zeros(len(STAGES.names), dtype=np.int64)
    for number, block in enumerate(blocks):
        shares = np.cumsum(list(block["shares"].values()), dtype=np.float64)
        positions = np.searchsorted(shares / shares[-1], (np.arange(TABLE_SIZE) + 0.5) / TABLE_SIZE)
        draws[number] = np.array([_categories()[name] for name in block["shares"]])[positions]
        for stage in block["stages"]:
            stages[STAGES[stage]] = number
    return draws, stages


def write_transactions(plan: Plan, people: People, place: Place, path: Path) -> int:
    """Write the transactions of a block and month; returns the number of rows."""
    rng = stream(plan.order.seed, "money", place.block, place.month)
    customer, category, occurred = _everyday(plan, people, place.month, rng)
    regular = _regular(plan, people, place.month, rng)
    customer, category, occurred = (
        np.concatenate(pair) for pair in zip((customer, category, occurred), regular, strict=True)
    )
    day = plan.days.day_of(occurred)
    there = (people.opened[customer] <= day) & (day < people.closed[customer])
    rows = np.flatnonzero(there & (recorded_after(occurred) < plan.days.until_us))
    rows = rows[np.argsort(occurred[rows])]
    customer, category, occurred = customer[rows], category[rows], occurred[rows]
    return _write(plan, people, place, path, customer, category, occurred, rng)


def _write(
    plan: Plan,
    people: People,
    place: Place,
    path: Path,
    customer: Ints,
    category: Ints,
    occurred: Ints,
    rng: np.random.Generator,
) -> int:
    parameters = load_parameters("money")
    names = _categories()
    size = customer.size
    medians = np.log(np.array([parameters["amounts"][name][0] for name in names.names]) * 100.0)
    sigmas = np.array([parameters["amounts"][name][1] for name in names.names], dtype=np.float32)
    tier = np.array([1.0, 1.5, 2.2, 3.5, 6.0])[people.tier[customer]]
    amount = np.exp(medians[category] + sigmas[category] * rng.standard_normal(size, dtype=np.float32)) * tier
    cents = np.maximum(1, np.round(amount)).astype(np.int64)
    draw = rng.random(size, dtype=np.float32)
    cash = np.isin(category, [names["cash_withdrawal"], names["cash_deposit"]])
    channel = np.where(people.digital[customer] & (draw < 0.93), CHANNELS["mobile"], CHANNELS["external"])
    channel = np.where(people.company[customer] & (draw < 0.7), CHANNELS["web"], channel)
    channel = np.where(cash, np.where(draw < 0.6, CHANNELS["self_service"], CHANNELS["branch"]), channel)
    month = plan.days.month_of(occurred)
    unit = np.where(cash, plan.serving[month, people.unit[customer]], -1)
    failed = rng.random(size, dtype=np.float32) < parameters["volume"]["failed_share"]
    fee = np.where(draw > 1.0 - parameters["volume"]["fee_share"], np.clip(cents // 1000, 100, 5000), 0)
    holder = np.where(people.company[customer], people.products.ids.index("P0701"), people.products.ids.index("P0101"))
    incoming = _incoming()[category]
    columns = {
        "transaction_id": keys("X", place.numbers(size), groups=4),
        "customer_id": keys("C", people.first + customer, groups=2),
        "occurred_us": occurred,
        "product_id": Codes(people.products.ids).column(holder),
        "channel": CHANNELS.column(channel),
        "unit_id": plan.bank.codes.column(unit),
        "category": names.column(category),
        "direction": Codes(("out", "in")).column(incoming.astype(np.int64)),
        "amount_cents": cents,
        "fee_cents": fee,
        "is_failed": failed,
        "recorded_us": recorded_after(occurred),
    }
    return write_rows(path, table("transactions"), columns, first_seq=place.first_seq)


def _everyday(plan: Plan, people: People, month: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    days = plan.days
    begin, end = int(days.month_starts[month]), int(days.month_starts[month + 1])
    rate = load_parameters("money")["volume"]["per_customer_month"]
    count = int(rng.poisson(rate * len(people) * (end - begin) / 30.4))
    customer = people.by_activity[
        (rng.random(count, dtype=np.float32).astype(np.float64) ** 1.7 * len(people)).astype(np.int64)
    ]
    draws, stages = _mixes()
    mix = np.where(people.company[customer], draws.shape[0] - 1, stages[people.stage[customer]])
    category = draws[mix, rng.integers(0, TABLE_SIZE, count)]
    weights = np.cumsum(days.clocks["mobile"].weights[begin:end])
    day = begin + np.searchsorted(weights / weights[-1], rng.random(count), side="right")
    second = days.clocks["mobile"].seconds[rng.integers(0, 4096, count)] + rng.integers(0, 20, count)
    return customer, category, days.us(np.minimum(day, end - 1), second) + rng.integers(0, SECOND_US, count)


def _regular(plan: Plan, people: People, month: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Pay, pensions and repayments: each customer's own day of the month, every month."""
    days = plan.days
    begin, end = int(days.month_starts[month]), int(days.month_starts[month + 1])
    names = _categories()
    holds, products = people.holds, people.products
    streams = (
        ("salary", holds[products.ids.index("P0109")], 10, 15, 9),
        ("pension", holds[products.ids.index("P0110")], 13, 15, 5),
        ("card_repayment", holds[products.having("credit_card")].any(axis=0), 18, 26, 12),
        ("mortgage_repayment", holds[products.having("mortgage")].any(axis=0), 19, 21, 3),
        ("loan_repayment", holds[products.having("consumer_loan")].any(axis=0), 19, 25, 3),
    )
    parts = []
    for name, holders, first_day, last_day, hour in streams:
        customer = np.flatnonzero(holders)
        number = first_day + (customer * 7919 + 13) % (last_day - first_day + 1)
        first = days.month_first(month)
        day = begin + (number - first.day) % (end - begin)
        second = hour * 3_600 + (rng.random(customer.size) ** 2 * 4 * 3_600).astype(np.int64)
        parts.append((customer, np.full(customer.size, names[name]), days.us(day, second)))
    customer, category, occurred = (np.concatenate(column) for column in zip(*parts, strict=True))
    return customer, category, occurred

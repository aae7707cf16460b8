"""Registers as rows: the legal entity, units, lines, staff, posts, products; customers with their holdings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, constant, keys, nullable, write_rows
from zhiyin.bank.days import EPOCH
from zhiyin.bank.happenings import write_events
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import GENDERS, INDUSTRIES, RISKS, STAGES, TIERS, People, epoch_day
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream
from zhiyin.tables import table


def write_registers(plan: Plan, folder: Path) -> dict[str, int]:
    """Write the tables that do not depend on customers as ``folder/<table>-00000.parquet``; returns rows by table."""
    makers: dict[str, Callable[[Plan], dict[str, Any]]] = {
        "legal_entities": _legal_entities,
        "units": _units,
        "lines": _lines,
        "staff": _staff,
        "posts": _posts,
        "products": _products,
    }
    rows = {
        name: write_rows(folder / f"{name}-00000.parquet", table(name), make(plan), first_seq=1)
        for name, make in makers.items()
    }
    return {**rows, "events": write_events(plan, folder / "events-00000.parquet")}


def entity_id() -> str:
    """Identifier of the legal entity."""
    return str(load_parameters("organisation")["bank"]["legal_entity_id"])


def _text(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _dates(values: Sequence[date | None]) -> pa.Array:
    return pa.array(values, pa.date32())


def _legal_entities(_: Plan) -> dict[str, Any]:
    bank = load_parameters("organisation")["bank"]
    return {
        "legal_entity_id": _text([bank["legal_entity_id"]]),
        "name": _text([bank["name"]]),
        "name_en": _text([bank["name_en"]]),
        "time_zone": _text(["Asia/Shanghai"]),
        "calendar": _text(["CN"]),
        "currency": _text(["CNY"]),
    }


def _units(plan: Plan) -> dict[str, Any]:
    rows = sorted(plan.bank.rows, key=lambda row: (row.unit_id, row.valid_from))
    return {
        "unit_id": _text([row.unit_id for row in rows]),
        "legal_entity_id": constant(entity_id(), len(rows)),
        "parent_id": _text([row.parent_id for row in rows]),
        "level": _text([row.level for row in rows]),
        "name": _text([row.name for row in rows]),
        "name_en": _text([row.name_en for row in rows]),
        "city": _text([row.city for row in rows]),
        "valid_from": _dates([row.valid_from for row in rows]),
        "valid_to": _dates([row.valid_to for row in rows]),
    }


def _lines(plan: Plan) -> dict[str, Any]:
    lines = plan.bank.lines()
    return {
        "line_id": _text([line[0] for line in lines]),
        "legal_entity_id": constant(entity_id(), len(lines)),
        "name": _text([line[1] for line in lines]),
        "name_en": _text([line[2] for line in lines]),
        "owner_unit_id": _text([line[3] for line in lines]),
    }


def _staff(plan: Plan) -> dict[str, Any]:
    staffing = plan.staffing
    return {
        "staff_id": keys("S", np.arange(len(staffing.hired), dtype=np.int64), groups=2),
        "legal_entity_id": constant(entity_id(), len(staffing.hired)),
        "hired_on": _dates(staffing.hired),
        "left_on": _dates(staffing.left),
    }


def _posts(plan: Plan) -> dict[str, Any]:
    posts = sorted(plan.staffing.posts, key=lambda post: (post.staff, post.valid_from, post.unit, post.role))
    return {
        "staff_id": keys("S", np.array([post.staff for post in posts], dtype=np.int64), groups=2),
        "unit_id": _text([plan.bank.unit_ids[post.unit] for post in posts]),
        "role": _text([post.role for post in posts]),
        "line_id": _text([post.line for post in posts]),
        "is_stand_in": np.array([post.is_stand_in for post in posts]),
        "valid_from": _dates([post.valid_from for post in posts]),
        "valid_to": _dates([post.valid_to for post in posts]),
    }


def _products(_: Plan) -> dict[str, Any]:
    rows = load_parameters("products")["products"]
    return {
        "product_id": _text([row["id"] for row in rows]),
        "line_id": _text([row["line"] for row in rows]),
        "category": _text([row["category"] for row in rows]),
        "name": _text([row["name"] for row in rows]),
        "name_en": _text([row["name_en"] for row in rows]),
        "risk_level": _text([row.get("risk") for row in rows]),
        "withdrawn_on": _dates([row.get("withdrawn_on") for row in rows]),
        "launched_on": _dates([date(2016 + k % 7, 1 + k % 12, 1) for k in range(len(rows))]),
    }


def write_people(plan: Plan, people: People, block: int, folder: Path) -> dict[str, int]:
    """Write customers and holdings of a block as ``folder/<table>-<block>.parquet``; returns rows by table."""
    customers = folder / f"customers-{block:05d}.parquet"
    holdings = folder / f"holdings-{block:05d}.parquet"
    return {
        "customers": write_rows(customers, table("customers"), _customers(plan, people), first_seq=people.first + 1),
        "holdings": write_rows(
            holdings,
            table("holdings"),
            _holdings(plan, people, block),
            first_seq=people.first * len(people.products.ids) + 1,
        ),
    }


def _day_column(plan: Plan, day: NDArray[np.int64], present: NDArray[np.bool_]) -> pa.Array:
    return nullable(epoch_day(plan.days, day), present).cast(pa.date32())


def region_codes(plan: Plan) -> Codes:
    """Districts of the bank's cities."""
    districts = load_parameters("organisation")["names"]["districts"]
    return Codes(tuple(city + zh for city in plan.bank.city_names for zh, _ in districts))


def regions_of(plan: Plan, people: People) -> NDArray[np.int64]:
    """District in which each customer lives: that of the home unit."""
    districts = len(load_parameters("organisation")["names"]["districts"])
    city = np.array(plan.bank.cities, dtype=np.int64)[people.unit]
    return city * districts + people.unit % districts


def _customers(plan: Plan, people: People) -> dict[str, Any]:
    count = len(people)
    numbers = people.first + np.arange(count, dtype=np.int64)
    units = plan.bank.codes
    investor = people.groups["investor"] & (people.activity > -1.0)
    always = np.ones(count, dtype=np.bool_)
    opened_us = plan.days.us(people.opened, np.full(count, 36_000, dtype=np.int64))
    return {
        "customer_id": keys("C", numbers, groups=2),
        "legal_entity_id": constant(entity_id(), count),
        "kind": Codes(("person", "company")).column(people.company.astype(np.int64)),
        "birth_year": nullable(people.birth_year.astype(np.int16), ~people.company),
        "gender": GENDERS.column(np.where(people.company, -1, people.gender)),
        "life_stage": STAGES.column(np.where(people.company, -1, people.stage)),
        "wealth_tier": TIERS.column(people.tier),
        "industry": INDUSTRIES.column(people.industry),
        "region": region_codes(plan).column(regions_of(plan, people)),
        "home_unit_id": units.column(people.unit),
        "manager_id": keys("S", np.maximum(people.manager, 0), groups=2, present=people.manager >= 0),
        "opened_on": _day_column(plan, people.opened, always),
        "closed_on": _day_column(plan, people.closed, people.closed < int(plan.days.month_starts[-1])),
        "risk_level": RISKS.column(np.where(investor, people.risk, -1)),
        "language": Codes(("zh", "en")).column(people.english.astype(np.int64)),
        "is_digital": people.digital,
        "is_vulnerable": people.vulnerable,
        "recorded_us": opened_us,
    }


def _holdings(plan: Plan, people: People, block: int) -> dict[str, Any]:
    rng = stream(plan.order.seed, "holdings", block)
    customer, product = np.nonzero(people.holds.T)
    count = customer.size
    numbers = people.first * 100 + np.arange(count, dtype=np.int64)
    opened = people.opened[customer]
    since = opened + (rng.random(count) ** 1.5 * np.maximum(0, int(plan.days.month_starts[-1]) - 1 - opened)).astype(
        np.int64
    )
    since = np.where(product == 0, opened, since)
    ended = rng.random(count) < 0.06
    last = int(plan.days.month_starts[-1]) - 1
    until = np.minimum(since + rng.integers(30, 900, count), people.closed[customer])
    ended = (ended & (until <= last)) | (people.closed[customer] <= last)
    tier = np.array([1.0, 4.0, 12.0, 40.0, 250.0])[people.tier[customer]]
    balance = np.exp(rng.normal(np.log(300_000.0), 1.3, count)) * tier
    always = np.ones(count, dtype=np.bool_)
    money = np.array(
        [
            category not in ("debit_card", "payment", "bill_payment", "payroll", "safe_deposit")
            for category in people.products.categories
        ]
    )[product]
    return {
        "holding_id": keys("H", numbers, groups=3),
        "customer_id": keys("C", people.first + customer, groups=2),
        "product_id": Codes(people.products.ids).column(product),
        "unit_id": plan.bank.codes.column(people.unit[customer]),
        "opened_on": _day_column(plan, since, always),
        "closed_on": _day_column(plan, until, ended),
        "balance_cents": nullable(np.where(ended, 0, balance).astype(np.int64), money),
        "balance_on": nullable(np.full(count, (plan.days.until - EPOCH).days - 1, dtype=np.int32), money).cast(
            pa.date32()
        ),
    }

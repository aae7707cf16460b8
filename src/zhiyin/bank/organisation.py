"""The tree of units with its history: a merger, a renaming and an opening during the period.

Head office with its departments and contact centre; city branches with their desks; in the home city sub-branches
directly under head office and, in larger banks, regional offices. Outlets hang under sub-branches. Depth is irregular
as in life: two to four levels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np

from zhiyin.bank.days import Days
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.streams import stream
from zhiyin.tables import vocabulary

FOUNDED: Final = date(2009, 6, 1)
SERVICE_LEVELS: Final = ("sub_branch", "outlet", "community_outlet", "micro_outlet")
"""Levels at which customers are served."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it was between two days."""

    unit_id: str
    parent_id: str | None
    level: str
    name: str
    name_en: str
    city: str
    valid_from: date
    valid_to: date | None = None


@dataclass(slots=True)
class Organisation:
    """Units by number (their position in ``unit_ids``).

    ``opens`` and ``closes`` are the months of the period in which a unit begins and ceases to serve; ``heir`` is the
    unit that took over a merged one.
    """

    rows: list[UnitRow] = field(default_factory=list)
    unit_ids: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)
    cities: list[int] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    heir: dict[int, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    city_names: list[str] = field(default_factory=list)

    @property
    def service(self) -> list[int]:
        """Units that serve customers at some time."""
        return [k for k, level in enumerate(self.levels) if level in SERVICE_LEVELS]

    def lines(self) -> list[tuple[str, str, str, str]]:
        """Lines of business: code, Chinese and English name, unit that owns it."""
        parameters = load_parameters("organisation")
        found = [
            (d["line"], d["line_zh"], d["line_en"], self.unit_ids[self.departments[d["code"]]])
            for d in parameters["departments"]
            if "line" in d
        ]
        own = parameters["service_line"]
        return [*found, (own["line"], own["line_zh"], own["line_en"], self.unit_ids[self.departments[own["owner"]]])]


@dataclass(frozen=True, slots=True)
class _Names:
    """Invented names of places, each city's in a random order without repeats."""

    cities: list[list[str]]
    places: list[list[tuple[str, str]]]

    def place(self, city: int, number: int) -> tuple[str, str]:
        zh, en = self.places[city][number % len(self.places[city])]
        return (zh, en) if number < len(self.places[city]) else (f"{zh}第二", f"{en} Second")


def make_organisation(customers: int, days: Days, seed: int) -> Organisation:
    """Lay out the units of a bank of that many customers."""
    parameters = load_parameters("organisation")
    rng = stream(seed, "organisation")
    size = parameters["size"]
    outlets = max(size["least_outlets"], round(customers / size["customers_per_outlet"]))
    branches = int(np.clip(round(outlets / size["outlets_per_branch"]), size["least_branches"], size["most_branches"]))
    names = _names(parameters["names"], rng)
    bank = Organisation(city_names=[zh for zh, _ in names.cities[: branches + 1]])
    home = names.cities[0][0]
    head = _add(
        bank, UnitRow("Q0000", None, "head_office", "青杉银行总行（虚构）", "Head office (invented)", home, FOUNDED), 0
    )
    _add_departments(bank, bank.unit_ids[head], home, parameters)
    shares = rng.dirichlet(np.full(branches, 6.0)) * (1.0 - size["home_share"])
    counts = np.maximum(1, np.round(np.concatenate([[size["home_share"]], shares]) * outlets).astype(int))
    counts[0] = max(3, counts[0] + outlets - counts.sum())
    numbers = iter(range(1000, 10_000))
    for city, count in enumerate(counts):
        parents = _tops(bank, city, int(count), names, numbers, size)
        _add_outlets(bank, city, int(count), parents, names, numbers, rng, size)
    _history(bank, days, names, rng)
    return bank


def _names(parameters: dict[str, Any], rng: np.random.Generator) -> _Names:
    places = [(a + c, b + d) for a, b in parameters["first"] for c, d in parameters["second"]]
    shuffled = [[places[k] for k in rng.permutation(len(places))] for _ in parameters["cities"]]
    return _Names(parameters["cities"], shuffled)


def _add(bank: Organisation, row: UnitRow, city: int, opens: int = 0) -> int:
    bank.rows.append(row)
    bank.unit_ids.append(row.unit_id)
    bank.levels.append(row.level)
    bank.cities.append(city)
    bank.opens.append(opens)
    bank.closes.append(1 << 20)
    return len(bank.unit_ids) - 1


def _add_departments(bank: Organisation, head: str, home: str, parameters: dict[str, Any]) -> None:
    known = {entry.code: entry for entry in vocabulary("head_office_units").entries}
    for number, department in enumerate(parameters["departments"], start=1):
        entry = known[department["code"]]
        level = "governance" if department["code"] == "protection_committee" else "department"
        row = UnitRow(f"Q{number:04d}", head, level, entry.zh, entry.en, home, FOUNDED)
        bank.departments[department["code"]] = _add(bank, row, 0)


def _tops(
    bank: Organisation, city: int, count: int, names: _Names, numbers: Iterator[int], size: dict[str, Any]
) -> list[str]:
    """Units that sub-branches of a city hang under."""
    zh, en = names.cities[city]
    head = bank.unit_ids[0]
    if city == 0:
        sides = (("城东", "east"), ("城西", "west"), ("城北", "north"))[
            : count // int(size["outlets_per_regional_office"])
        ]
        offices = [
            UnitRow(
                f"Q{next(numbers)}",
                head,
                "regional_office",
                f"{zh}{side}管辖支行",
                f"{en} {side_en} regional office",
                zh,
                FOUNDED,
            )
            for side, side_en in sides
        ]
        for row in offices:
            _add(bank, row, city)
        return [row.unit_id for row in offices]
    branch = f"Q{next(numbers)}"
    _add(bank, UnitRow(branch, head, "branch", f"{zh[:-1]}分行", f"{en} branch", zh, FOUNDED), city)
    desk = UnitRow(
        f"Q{next(numbers)}", branch, "branch_desk", f"{zh[:-1]}分行消保与运营岗", f"{en} branch desks", zh, FOUNDED
    )
    _add(bank, desk, city)
    return [branch]


def _add_outlets(
    bank: Organisation,
    city: int,
    count: int,
    parents: list[str],
    names: _Names,
    numbers: Iterator[int],
    rng: np.random.Generator,
    size: dict[str, Any],
) -> None:
    zh, en = names.cities[city]
    subs = max(1, round(count * size["sub_branch_share"]))
    sub_ids: list[str] = []
    for number in range(count):
        place_zh, place_en = names.place(city, number)
        if number < subs:
            level, suffix, kind = "sub_branch", "支行", "sub-branch"
            direct = not parents or (city == 0 and rng.random() < size["direct_share"])
            parent = bank.unit_ids[0] if direct else parents[int(rng.integers(len(parents)))]
        else:
            level, suffix, kind = [
                ("outlet", "网点", "outlet"),
                ("community_outlet", "社区支行", "community outlet"),
                ("micro_outlet", "小微支行", "small-business outlet"),
            ][int(rng.choice(3, p=[0.4, 0.4, 0.2]))]
            parent = sub_ids[int(rng.integers(len(sub_ids)))]
        founded = date(int(rng.integers(2010, 2022)), int(rng.integers(1, 13)), 1)
        unit_id = f"Q{next(numbers)}"
        if level == "sub_branch":
            sub_ids.append(unit_id)
        _add(
            bank,
            UnitRow(unit_id, parent, level, zh[:-1] + place_zh + suffix, f"{en} {place_en} {kind}", zh, founded),
            city,
        )


def _month(share: float, months: int) -> int | None:
    """The month of the period in which a part of the history happens; None in periods too short for one."""
    month = max(1, round(share * months))
    return month if month < months else None


def _history(bank: Organisation, days: Days, names: _Names, rng: np.random.Generator) -> None:
    parameters = load_parameters("organisation")["history"]
    small = [k for k in bank.service if bank.levels[k] in ("outlet", "community_outlet")]
    subs = [k for k in bank.service if bank.levels[k] == "sub_branch"]
    merger, renaming, opening = (_month(parameters[key], days.months) for key in ("merger", "renaming", "opening"))
    if merger is not None and len(small) > 1:
        closed = small[int(rng.integers(len(small)))]
        on = days.month_first(merger)
        place = bank.rows[closed]
        bank.rows[closed] = replace(place, valid_to=on)
        bank.closes[closed] = merger
        bank.heir[closed] = bank.unit_ids.index(str(place.parent_id))
    if renaming is not None:
        renamed = subs[int(rng.integers(len(subs)))]
        on = days.month_first(renaming)
        before = bank.rows[renamed]
        city = bank.cities[renamed]
        zh, en = names.place(city, len(names.places[city]) - 1)
        bank.rows[renamed] = replace(before, valid_to=on)
        city_zh, city_en = names.cities[city]
        bank.rows.append(
            replace(before, name=f"{city_zh[:-1]}{zh}支行", name_en=f"{city_en} {en} sub-branch", valid_from=on)
        )
    if opening is not None:
        parent = subs[int(rng.integers(len(subs)))]
        city = bank.cities[parent]
        zh, en = names.place(city, len(names.places[city]) - 2)
        city_zh, city_en = names.cities[city]
        row = UnitRow(
            "Q9001",
            bank.unit_ids[parent],
            "community_outlet",
            f"{city_zh[:-1]}{zh}社区支行",
            f"{city_en} {en} community outlet",
            city_zh,
            days.month_first(opening),
        )
        _add(bank, row, city, opens=opening)

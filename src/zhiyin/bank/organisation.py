"""The tree of units with its history: a merger, a renaming and an opening during the period.

Head office with its departments and contact centre; city branches with their desks; in the home city sub-branches
directly under head office and, in larger banks, regional offices. Outlets hang under sub-branches. Depth is irregular
as in life: two to four levels.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np

from zhiyin.bank.columns import Codes
from zhiyin.bank.days import Days
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.streams import stream
from zhiyin.tables import vocabulary

FOUNDED: Final = date(2009, 6, 1)
SERVICE_LEVELS: Final = ("sub_branch", "outlet", "community_outlet", "micro_outlet")
"""Levels at which customers are served."""
KINDS: Final = {
    "sub_branch": ("支行", "sub-branch"),
    "outlet": ("网点", "outlet"),
    "community_outlet": ("社区支行", "community outlet"),
    "micro_outlet": ("小微支行", "small-business outlet"),
}
"""What a unit of a level is called after its place."""


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

    @property
    def codes(self) -> Codes:
        """Unit numbers as a category."""
        return Codes(tuple(self.unit_ids))

    def founded(self, unit: int) -> date:
        """First day of a unit."""
        return min(row.valid_from for row in self.rows if row.unit_id == self.unit_ids[unit])

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
    builder = _Builder(customers, seed)
    builder.add_head_office()
    for city, count in enumerate(builder.outlets_by_city()):
        builder.add_city(city, count)
    _history(builder.bank, days, builder.names, builder.rng)
    return builder.bank


class _Builder:
    """Adds units from the top down."""

    def __init__(self, customers: int, seed: int) -> None:
        self.parameters = load_parameters("organisation")
        self.size: dict[str, Any] = self.parameters["size"]
        self.rng = stream(seed, "organisation")
        self.outlets = max(self.size["least_outlets"], round(customers / self.size["customers_per_outlet"]))
        branches = round(self.outlets / self.size["outlets_per_branch"])
        self.branches = int(np.clip(branches, self.size["least_branches"], self.size["most_branches"]))
        self.names = _names(self.parameters["names"], self.rng)
        self.bank = Organisation(city_names=[zh for zh, _ in self.names.cities[: self.branches + 1]])
        self.numbers = iter(range(1000, 10_000))
        self.head = "Q0000"

    def add(self, unit_id: str, parent: str | None, level: str, name: tuple[str, str], city: int, founded: date) -> str:
        row = UnitRow(unit_id, parent, level, *name, self.names.cities[city][0], founded)
        _add(self.bank, row, city)
        return unit_id

    def next_id(self) -> str:
        return f"Q{next(self.numbers)}"

    def add_head_office(self) -> None:
        self.add(self.head, None, "head_office", ("青杉银行总行（虚构）", "Head office (invented)"), 0, FOUNDED)
        for number, department in enumerate(self.parameters["departments"], start=1):
            entry = vocabulary("head_office_units").entry(department["code"])
            unit = f"Q{number:04d}"
            self.add(unit, self.head, entry.codes("level")[0], (entry.zh, entry.en), 0, FOUNDED)
            self.bank.departments[entry.code] = self.bank.unit_ids.index(unit)

    def outlets_by_city(self) -> list[int]:
        """The home city has the largest share, the others what chance gives them."""
        home = self.size["home_share"]
        shares = [home, *(self.rng.dirichlet(np.full(self.branches, 6.0)) * (1.0 - home))]
        counts = [max(1, round(share * self.outlets)) for share in shares]
        return [max(3, counts[0] + self.outlets - sum(counts)), *counts[1:]]

    def add_city(self, city: int, count: int) -> None:
        tops = self.add_tops(city, count)
        subs: list[tuple[str, date]] = []
        for number in range(count):
            founded = date(int(self.rng.integers(2010, 2022)), int(self.rng.integers(1, 13)), 1)
            if number < max(1, round(count * self.size["sub_branch_share"])):
                direct = not tops or (city == 0 and self.rng.random() < self.size["direct_share"])
                parent = self.head if direct else tops[int(self.rng.integers(len(tops)))]
                unit = self.add(
                    self.next_id(), parent, "sub_branch", self.name(city, number, "sub_branch"), city, founded
                )
                subs.append((unit, founded))
            else:
                level = ("outlet", "community_outlet", "micro_outlet")[int(self.rng.choice(3, p=[0.4, 0.4, 0.2]))]
                parent, since = subs[int(self.rng.integers(len(subs)))]
                self.add(self.next_id(), parent, level, self.name(city, number, level), city, max(founded, since))

    def add_tops(self, city: int, count: int) -> list[str]:
        """Units that sub-branches of a city hang under: regional offices at home, elsewhere a city branch."""
        zh, en = self.names.cities[city]
        if city == 0:
            sides = (("城东", "east"), ("城西", "west"), ("城北", "north"))
            return [
                self.add(
                    self.next_id(),
                    self.head,
                    "regional_office",
                    (f"{zh}{side}管辖支行", f"{en} {side_en} regional office"),
                    city,
                    FOUNDED,
                )
                for side, side_en in sides[: count // int(self.size["outlets_per_regional_office"])]
            ]
        branch = self.add(self.next_id(), self.head, "branch", (f"{zh[:-1]}分行", f"{en} branch"), city, FOUNDED)
        desks = (f"{zh[:-1]}分行消保与运营岗", f"{en} branch desks")
        self.add(self.next_id(), branch, "branch_desk", desks, city, FOUNDED)
        return [branch]

    def name(self, city: int, number: int, level: str) -> tuple[str, str]:
        city_zh, city_en = self.names.cities[city]
        zh, en = self.names.place(city, number)
        suffix, kind = KINDS[level]
        return f"{city_zh[:-1]}{zh}{suffix}", f"{city_en} {en} {kind}"


def _names(parameters: dict[str, Any], rng: np.random.Generator) -> _Names:
    places = [(a + c, b + d) for a, b in parameters["first"] for c, d in parameters["second"]]
    shuffled = [[places[k] for k in rng.permutation(len(places))] for _ in parameters["cities"]]
    return _Names(parameters["cities"], shuffled)


def _add(bank: Organisation, row: UnitRow, city: int, opens: int = 0) -> None:
    bank.rows.append(row)
    bank.unit_ids.append(row.unit_id)
    bank.levels.append(row.level)
    bank.cities.append(city)
    bank.opens.append(opens)
    bank.closes.append(1 << 20)


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

"""Who works where in each month: seats, their occupants, moves, leavers and stand-ins.

Changes happen on the first day of a month, so that the people on duty are constant within it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.days import Days
from zhiyin.bank.organisation import SERVICE_LEVELS, Organisation
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.streams import stream

Ints = NDArray[np.int64]

ROLES: Final = (
    "teller",
    "lobby_manager",
    "operations_supervisor",
    "outlet_manager",
    "wealth_manager",
    "relationship_manager",
    "loan_officer",
    "corporate_manager",
    "agent",
    "call_back_agent",
    "collection_agent",
)
"""Roles that meet customers, by number."""
CENTRAL: Final = ("agent", "call_back_agent", "collection_agent")
"""Roles that sit in the contact centre."""
STAND_INS: Final = ("teller", "lobby_manager", "relationship_manager")


@dataclass(frozen=True, slots=True)
class Post:
    """A post that a member of staff held."""

    staff: int
    unit: int
    role: str
    line: str | None
    is_stand_in: bool
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class _Seat:
    unit: int
    role: str
    line: str | None
    staff: int
    since: date


@dataclass(slots=True)
class Staffing:
    """Posts, and for each month, unit and role the people on duty.

    ``start`` and ``count`` have shape (roles, months, units) and point into ``people``.
    """

    hired: list[date] = field(default_factory=list)
    left: list[date | None] = field(default_factory=list)
    first_role: list[str] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    start: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    count: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    people: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def on_duty(self, role: Ints, month: Ints, unit: Ints, draw: NDArray[np.float32]) -> Ints:
        """Who serves, for each row: someone of the role in the unit and month, chosen by ``draw`` in [0, 1).

        Where a unit has no one of the role its tellers serve; -1 where there is no one at all. ``role`` -1 means
        that the step is served by no one.
        """
        where = np.where(role < 0, 0, role), month, np.maximum(unit, 0)
        count = self.count[where]
        start = self.start[where]
        instead = ROLES.index("teller"), where[1], where[2]
        empty = count == 0
        count = np.where(empty, self.count[instead], count)
        start = np.where(empty, self.start[instead], start)
        chosen = self.people[np.minimum(start + (draw * count).astype(np.int64), self.people.size - 1)]
        return np.where((role < 0) | (unit < 0) | (count == 0), -1, chosen)


def make_staffing(customers: int, bank: Organisation, days: Days, seed: int) -> Staffing:
    """Fill the seats and let time pass."""
    rng = stream(seed, "staffing")
    office = _Office(Staffing(), bank, days, rng)
    for unit, level in enumerate(bank.levels):
        if bank.opens[unit] == 0:
            office.open_unit(unit, level)
    _head_office_seats(office, customers)
    on_duty: list[tuple[int, int, int, int]] = []
    for month in range(days.months):
        if month:
            office.change(month)
        on_duty += office.duties(month)
    for seat in office.seats:
        office.end_post(seat, None)
    _fill_pools(office.staffing, on_duty, days.months, len(bank.unit_ids))
    return office.staffing


def _head_office_seats(office: _Office, customers: int) -> None:
    parameters = load_parameters("organisation")
    size = parameters["size"]
    for department in parameters["departments"]:
        unit = office.bank.departments[department["code"]]
        for role in department["posts"]:
            office.new_seat(unit, role, department.get("line"), None)
    centre = office.bank.departments["contact_centre"]
    agents = max(size["least_agents"], round(customers / size["customers_per_agent"]))
    for role, count in (
        ("agent", agents),
        ("call_back_agent", max(3, agents // 10)),
        ("collection_agent", max(3, agents // 8)),
        ("agent_lead", agents // 12),
    ):
        for _ in range(count):
            office.new_seat(centre, role, None, None)


class _Office:
    """The seats as they are while time passes."""

    def __init__(self, staffing: Staffing, bank: Organisation, days: Days, rng: np.random.Generator) -> None:
        self.staffing = staffing
        self.bank = bank
        self.days = days
        self.rng = rng
        self.seats: list[_Seat] = []
        self.turnover: Mapping[str, Any] = load_parameters("organisation")["turnover"]
        self.teams: Mapping[str, Any] = load_parameters("organisation")["seats"]

    def open_unit(self, unit: int, level: str, on: date | None = None) -> None:
        for role, bounds in self.teams.get(level, {}).items():
            if role in ("confidence", "source"):
                continue
            for _ in range(int(self.rng.integers(bounds[0], bounds[1] + 1))):
                self.new_seat(unit, role, None, on)

    def new_seat(self, unit: int, role: str, line: str | None, on: date | None) -> None:
        staff, hired = self.hire(role, on)
        self.seats.append(_Seat(unit, role, line, staff, max(hired, self.bank.founded(unit))))

    def hire(self, role: str, on: date | None) -> tuple[int, date]:
        """A new member of staff; without a day, someone hired in the years before the period."""
        before = self.days.first - timedelta(days=int(self.rng.integers(60, 4_500)))
        day = on or before
        self.staffing.hired.append(day)
        self.staffing.left.append(None)
        self.staffing.first_role.append(role)
        return len(self.staffing.hired) - 1, day

    def end_post(self, seat: _Seat, on: date | None) -> None:
        self.staffing.posts.append(Post(seat.staff, seat.unit, seat.role, seat.line, False, seat.since, on))

    def change(self, month: int) -> None:
        """What happens on the first day of a month: openings, mergers, leavers, moves."""
        on = self.days.month_first(month)
        for unit, opens in enumerate(self.bank.opens):
            if opens == month:
                self.open_unit(unit, self.bank.levels[unit], on)
        for seat in self.seats:
            if self.bank.closes[seat.unit] == month:
                self.end_post(seat, on)
                seat.unit, seat.since = self.bank.heir[seat.unit], on
                # The heir has a manager already.
                seat.role = "relationship_manager" if seat.role == "outlet_manager" else seat.role
        movers: dict[str, list[_Seat]] = defaultdict(list)
        draws = self.rng.random(len(self.seats))
        for seat, draw in zip(self.seats, draws, strict=True):
            if seat.since == on:
                continue
            if draw < self.turnover["leaves"]:
                self.end_post(seat, on)
                self.staffing.left[seat.staff] = on
                seat.staff, seat.since = self.hire(seat.role, on)
            elif draw < self.turnover["leaves"] + self.turnover["rotates"]:
                movers[seat.role].append(seat)
        for seats in movers.values():
            if len({seat.unit for seat in seats}) == len(seats) > 1:
                for seat in seats:
                    self.end_post(seat, on)
                people = [seat.staff for seat in seats]
                for seat, staff in zip(seats, people[1:] + people[:1], strict=True):
                    seat.staff, seat.since = staff, on

    def duties(self, month: int) -> list[tuple[int, int, int, int]]:
        """(role, month, unit, staff) of everyone on duty in a month, absent ones replaced by their stand-ins."""
        on, until = self.days.month_first(month), self.days.month_first(month + 1)
        by_role: dict[str, list[_Seat]] = defaultdict(list)
        for seat in self.seats:
            by_role[seat.role].append(seat)
        instead: dict[int, int] = {}
        for role in STAND_INS:
            seats = by_role[role]
            draws = self.rng.random(len(seats))
            for position, seat in enumerate(seats):
                if draws[position] >= self.turnover["stands_in"]:
                    continue
                helper = seats[(position + 1 + int(self.rng.integers(len(seats)))) % len(seats)]
                same_city = self.bank.cities[helper.unit] == self.bank.cities[seat.unit]
                if helper.unit != seat.unit and same_city and helper.staff not in instead.values():
                    instead[seat.staff] = helper.staff
                    self.staffing.posts.append(Post(helper.staff, seat.unit, role, None, True, on, until))
        return [
            (ROLES.index(seat.role), month, seat.unit, instead.get(seat.staff, seat.staff))
            for seat in self.seats
            if seat.role in ROLES and (self.bank.levels[seat.unit] in SERVICE_LEVELS or seat.role in CENTRAL)
        ]


def _fill_pools(staffing: Staffing, on_duty: list[tuple[int, int, int, int]], months: int, units: int) -> None:
    rows = np.array(sorted(on_duty), dtype=np.int64)
    place = (rows[:, 0] * months + rows[:, 1]) * units + rows[:, 2]
    count = np.bincount(place, minlength=len(ROLES) * months * units)
    start = np.cumsum(count) - count
    staffing.count = count.reshape(len(ROLES), months, units)
    staffing.start = start.reshape(len(ROLES), months, units)
    staffing.people = rows[:, 3]

"""Days of the period: working days, opening hours, seasons, outages, and what they do to waits.

China has one time zone without daylight saving, so local time is UTC plus eight hours throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.streams import stream
from zhiyin.errors import ZhiyinError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY_US: Final = 86_400_000_000
SECOND_US: Final = 1_000_000
ZONE_US: Final = 8 * 3_600_000_000
EPOCH: Final = date(1970, 1, 1)
TAIL_DAYS: Final = 150
"""Plain days after the period, so that a case may run past its end; what falls there has not happened yet."""


class UnknownYear(ZhiyinError):
    """The period touches a year whose holidays were not announced when this version was made."""

    code = "bank.unknown_year"
    message = (
        "The invented bank knows the public holidays of {first} to {last}, not of {year}. "
        "Choose another last day or fewer months."
    )


def add_months(day: date, months: int) -> date:
    """The same day of the month some months later (the 28th at most)."""
    if months == 0:
        return day
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


@dataclass(frozen=True, slots=True)
class Clock:
    """When something can start: weight of each day, opening hours, and when a day's business comes."""

    weights: Floats
    opens: int
    closes: int
    next_open: Ints
    seconds: Ints
    """Quantiles of the second of the day at which things start, at 4096 equal steps."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which the mobile bank was down after a release."""

    starts_us: int
    ends_us: int
    version: str


@dataclass(frozen=True, slots=True)
class Days:
    """The period as arrays over its days (and a tail of plain days after it)."""

    first: date
    until: date
    months: int
    count: int
    month_starts: Ints
    """Day numbers at which the months begin, with the end of the period as last entry."""
    clocks: Mapping[str, Clock]
    seasons: Mapping[str, Floats]
    queue_factor: Floats
    phone_factor: Floats
    releases: tuple[tuple[int, str], ...]
    outages: tuple[Outage, ...]

    @property
    def base_us(self) -> int:
        """Local midnight of the first day."""
        return (self.first - EPOCH).days * DAY_US - ZONE_US

    @property
    def until_us(self) -> int:
        """Local midnight of the day on which the bank is looked at: nothing later has happened."""
        return (self.until - EPOCH).days * DAY_US - ZONE_US

    def us(self, day: Ints, second: Ints) -> Ints:
        """Instants of local days (numbers from the first day) and seconds of the day."""
        return self.base_us + day * DAY_US + second * SECOND_US

    def day_of(self, us: Ints) -> Ints:
        """Local day number of instants."""
        return (us - self.base_us) // DAY_US

    def month_of(self, us: Ints) -> Ints:
        """Month of the period in which instants fall; the last month for later ones."""
        days = self.day_of(us)
        return np.clip(np.searchsorted(self.month_starts, days, side="right") - 1, 0, self.months - 1)

    def month_first(self, month: int) -> date:
        """First local day of a month of the period."""
        return self.first + timedelta(days=int(self.month_starts[month]))

    def date_of(self, day: int) -> date:
        """Local date of a day of the period."""
        return self.first + timedelta(days=day)

    def is_down(self, us: Ints) -> NDArray[np.bool_]:
        """Whether the mobile bank was down at these instants."""
        down = np.zeros(us.shape, dtype=np.bool_)
        for outage in self.outages:
            down |= (us >= outage.starts_us) & (us < outage.ends_us)
        return down


def make_days(months: int, until: date, seed: int) -> Days:
    """Lay out the period that ends before ``until``.

    Raises
    ------
    UnknownYear
    """
    first = add_months(until, -months)
    years = load_parameters("calendar")["years"]
    for year in range(first.year, (until - timedelta(days=1)).year + 1):
        if str(year) not in years:
            known = sorted(key for key in years if key.isdigit())
            raise UnknownYear(first=known[0], last=known[-1], year=year)
    starts = np.array([(add_months(until, k - months) - first).days for k in range(months + 1)], dtype=np.int64)
    count = int(starts[-1]) + TAIL_DAYS
    calendar = [first + timedelta(days=k) for k in range(count)]
    releases, outages = _releases(calendar[: int(starts[-1])], first, seed)
    outage_days = {int((o.starts_us + ZONE_US) // DAY_US) - (first - EPOCH).days for o in outages}
    seasons = {
        name: _season(block, calendar, outage_days, years)
        for name, block in load_parameters("calendar")["seasons"].items()
    }
    queues = load_parameters("calendar")["queues"]
    wait = _season(
        {
            "days": queues["pay_days"],
            "before_festival": queues["before_festival"],
            "after_festival": queues["after_festival"],
        },
        calendar,
        set(),
        years,
    )
    wait *= np.array([queues["monday"] if day.weekday() == 0 else 1.0 for day in calendar])
    phone = _season({"days": queues["phone_month_end"], "outage": queues["phone_outage"]}, calendar, outage_days, years)
    clocks = {name: _clock(block, calendar, years) for name, block in load_parameters("calendar")["clocks"].items()}
    return Days(first, until, months, count, starts, clocks, seasons, wait, phone, releases, outages)


def _kinds(calendar: list[date], years: Mapping[str, Any]) -> tuple[NDArray[np.str_], NDArray[np.bool_]]:
    holidays: set[date] = set()
    working: set[date] = set()
    for key, year in years.items():
        if not key.isdigit():
            continue
        working.update(year["working"])
        for span in year["holidays"]:
            begin, end = (date.fromisoformat(text) for text in span.split("/"))
            holidays.update(begin + timedelta(days=k) for k in range((end - begin).days + 1))
    kinds = [
        "working"
        if day in working
        else "holiday"
        if day in holidays
        else "saturday"
        if day.weekday() == 5
        else "sunday"
        if day.weekday() == 6
        else "working"
        for day in calendar
    ]
    return np.array(kinds), np.array([day in holidays for day in calendar])


def _clock(block: Mapping[str, Any], calendar: list[date], years: Mapping[str, Any]) -> Clock:
    kinds, _ = _kinds(calendar, years)
    weights = np.array([float(block[kind]) for kind in kinds])
    for offset in _festival_offsets(calendar, years):
        weights[(offset >= 0) & (offset < block["closed_festival_days"])] = 0.0
    open_days = np.flatnonzero(weights > 0.0)
    following = np.searchsorted(open_days, np.arange(len(calendar) + 1))
    next_open = np.append(open_days, len(calendar))[np.minimum(following, len(open_days))].astype(np.int64)
    hours = np.asarray(block["hours"], dtype=np.float64)
    edges = np.concatenate([[0.0], np.cumsum(hours) / hours.sum()])
    quantiles = (np.arange(4096) + 0.5) / 4096
    seconds = np.interp(quantiles, edges, np.arange(25) * 3600.0).astype(np.int64)
    return Clock(weights, int(block["opens"]) * 3600, int(block["closes"]) * 3600, next_open, seconds)


def _festival_offsets(calendar: list[date], years: Mapping[str, Any]) -> list[Ints]:
    """Days since each Spring Festival (from New Year's Eve on), negative before."""
    first = calendar[0]
    found = [year["spring_festival"] for key, year in years.items() if key.isdigit()]
    return [np.arange(len(calendar), dtype=np.int64) - ((day - first).days - 1) for day in found]


def _season(block: Mapping[str, Any], calendar: list[date], outage_days: set[int], years: Mapping[str, Any]) -> Floats:
    factor = np.ones(len(calendar))
    numbers = np.array([day.day for day in calendar])
    for begin, end, value in block.get("days", ()):
        factor[(numbers >= begin) & (numbers <= end)] *= value
    texts = np.array([day.isoformat()[5:] for day in calendar])
    for begin, end, value in block.get("windows", ()):
        factor[(texts >= begin) & (texts <= end)] *= value
    if "quarter_end" in block:
        length, value = block["quarter_end"]
        ends = np.array(
            [
                (day + timedelta(days=length)).day <= length and (day + timedelta(days=length)).month % 3 == 1
                for day in calendar
            ]
        )
        factor[ends] *= value
    for offset in _festival_offsets(calendar, years):
        if "before_festival" in block:
            length, value = block["before_festival"]
            factor[(offset >= -length) & (offset < 0)] *= value
        if "after_festival" in block:
            length, value = block["after_festival"]
            factor[(offset >= 0) & (offset < length)] *= value
    if "outage" in block:
        factor[sorted(outage_days)] *= block["outage"]
    return factor


def _releases(calendar: list[date], first: date, seed: int) -> tuple[tuple[tuple[int, str], ...], tuple[Outage, ...]]:
    """One release night in each month; after about one in five the app is down in the morning."""
    rng = stream(seed, "releases")
    base_us = (first - EPOCH).days * DAY_US - ZONE_US
    releases: list[tuple[int, str]] = []
    outages: list[Outage] = []
    thursdays = [k for k, day in enumerate(calendar) if day.weekday() == 3 and 8 <= day.day <= 14]
    for number, day in enumerate(thursdays):
        version = f"{8 + number // 12}.{number % 12}.0"
        releases.append((base_us + day * DAY_US + 23 * 3_600 * SECOND_US, version))
        fails, hour, length = rng.random(3)
        if (number == len(thursdays) // 2 or fails < 0.12) and day + 1 < len(calendar):
            starts = base_us + (day + 1) * DAY_US + int((7.0 + 2.0 * hour) * 3_600) * SECOND_US
            outages.append(Outage(starts, starts + int((1.5 + 3.0 * length) * 3_600) * SECOND_US, version))
    return tuple(releases), tuple(outages)

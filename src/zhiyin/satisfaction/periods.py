"""Days, weeks, months, quarters and years of the bank's own clock, in integer arithmetic.

Times in the lake are microseconds UTC. A month of a bank in Shanghai begins at 16:00 UTC of the day before, so a figure
by UTC day would put every evening into the wrong day. The local day is computed from the zone's offset; a zone with
summer time has one offset between each two changes, looked up by a tree of comparisons. The calendar is whole-number
arithmetic (after Neri and Schneider), so the same integers come out of every engine.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ibis

from zhiyin.errors import ZhiyinError

Expression: TypeAlias = Any
"""A column in an expression: what Ibis says of the types of its operators is too narrow to be checked."""

Period = Literal["day", "week", "month", "quarter", "year"]
PERIODS: Final = ("day", "week", "month", "quarter", "year")

_EPOCH: Final = date(1970, 1, 1)
_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
"""Changes of offset are looked up between these; outside, the nearest offset holds."""


class UnknownZone(ZhiyinError):
    """A time zone was named that does not exist."""

    code = "satisfaction.unknown_zone"
    message = "There is no time zone {zone}; use an IANA name such as Asia/Shanghai."


class UnknownPeriod(ZhiyinError):
    """A period was named that figures are not made for."""

    code = "satisfaction.unknown_period"
    message = "There is no period {period}."


@lru_cache(maxsize=32)
def offsets(zone: str) -> tuple[tuple[int, int], ...]:
    """From which instant on which offset to UTC holds, both in microseconds, in order of time.

    >>> offsets("Asia/Shanghai")[-1][1] // 3_600_000_000
    8

    Raises
    ------
    UnknownZone : no such zone.
    """
    try:
        info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownZone(zone=zone) from None
    found = [(_since_epoch(_FIRST), _offset(info, _FIRST))]
    before = _FIRST
    while before < _LAST:
        after = before + timedelta(days=1)
        if _offset(info, after) != _offset(info, before):
            low, high = before, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (low, middle) if _offset(info, middle) != _offset(info, before) else (middle, high)
            instant = high.replace(microsecond=0)
            found.append((_since_epoch(instant), _offset(info, instant)))
        before = after
    return tuple(found)


def _offset(info: ZoneInfo, at: datetime) -> int:
    shift = at.astimezone(info).utcoffset()
    return int(shift.total_seconds()) * _SECOND if shift is not None else 0


def _since_epoch(at: datetime) -> int:
    return int(at.timestamp()) * _SECOND


def local_day(time_us: Expression, zone: str) -> Expression:
    """Days since 1970-01-01 on the zone's own calendar."""
    return (time_us + _offset_at(time_us, offsets(zone))) // _DAY


def _offset_at(time_us: Expression, changes: tuple[tuple[int, int], ...]) -> Expression:
    if len(changes) == 1:
        return ibis.literal(changes[0][1], type="int64")
    middle = len(changes) // 2
    return ibis.ifelse(
        time_us < changes[middle][0], _offset_at(time_us, changes[:middle]), _offset_at(time_us, changes[middle:])
    )


def period_number(day: Expression, period: Period | None) -> Expression:
    """A whole number for the period that holds the day: consecutive periods have consecutive numbers.

    Days count from 1970-01-01, weeks (from Monday) from the one that holds it, months from January of year 0, and so
    on; without a period it is 0.
    """
    if period is None:
        return day * 0
    if period == "day":
        return day
    if period == "week":
        return (day + 3) // 7
    month = _month_number(day)
    return month if period == "month" else month // 3 if period == "quarter" else month // 12


def _month_number(day: Expression) -> Expression:
    """Months since January of year 0.

    The day is written three times only: an engine would compute (and Ibis write out) every repetition of it. Years here
    begin in March, so that the leap day is the last one, and January and February are months 13 and 14 of the year
    before, which is where they belong when months are counted through.
    """
    quarter_days = 4 * (day + 719_468) + 3
    century = quarter_days // 146_097
    in_century = 4 * ((quarter_days % 146_097) // 4) + 3
    year = in_century // 1_461
    month = (2_141 * ((in_century % 1_461) // 4) + 197_913) // 65_536
    return 12 * (100 * century + year) + month - 1


def period_of(number: int, period: Period | None) -> tuple[str | None, date | None, date | None]:
    """Label, first day, and first day after the period of that number.

    >>> period_of(2026 * 12 + 2, "month")
    ('2026-03', datetime.date(2026, 3, 1), datetime.date(2026, 4, 1))
    """
    if period is None:
        return None, None, None
    start, end = _first_day(number, period), _first_day(number + 1, period)
    if period == "day":
        return start.isoformat(), start, end
    if period == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}", start, end
    if period == "month":
        return f"{start:%Y-%m}", start, end
    return (f"{start:%Y}Q{(start.month + 2) // 3}" if period == "quarter" else f"{start:%Y}"), start, end


def _first_day(number: int, period: Period) -> date:
    if period == "day":
        return _EPOCH + timedelta(days=number)
    if period == "week":
        return _EPOCH + timedelta(days=7 * number - 3)
    if period == "year":
        return date(number, 1, 1)
    months = number if period == "month" else number * 3
    return date(months // 12, months % 12 + 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days

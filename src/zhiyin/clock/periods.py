"""How long a limit is, and on which day it ends.

The day of the start is not counted (民法典 Art. 201), days left out by a pause are not counted, and the last counted
day is the day the limit ends on. Months and years end on the day of the same number, or the last day of a shorter
month. Hours and minutes run from the instant and never stop.
"""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhiyin.clock.pauses import Interval, is_paused, union
from zhiyin.clock.workdays import ONE_DAY, Calendar


class Unit(StrEnum):
    """What a period is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """So many units; none means the same day."""

    count: int
    unit: Unit

    @property
    def elapsed(self) -> timedelta | None:
        """The length of a period of hours or minutes; None for one of days."""
        if self.unit is Unit.HOUR:
            return timedelta(hours=self.count)
        if self.unit is Unit.MINUTE:
            return timedelta(minutes=self.count)
        return None


def end_of_period(
    start: date,
    period: Period,
    *,
    calendar: Calendar | None,
    pauses: tuple[Interval, ...] = (),
    exclude_start_day: bool = True,
) -> date:
    """The last day of a period.

    Parameters
    ----------
    start : the local day on which the period starts.
    period : its length, in days or more; hours are elapsed time and have no last day of their own.
    calendar : needed and asked for working days only.
    pauses : days that are not counted; they may overlap.
    exclude_start_day : whether counting begins on the day after the start.

    Returns
    -------
    date : a pause makes it later or leaves it alone, never earlier.

    Raises
    ------
    CalendarYearMissing : working days are counted into a year that is not published.
    ValueError : the period is one of hours or minutes, or working days come without a calendar.
    """
    if period.elapsed is not None:
        raise ValueError(f"a period of {period.count} {period.unit} has no last day; add it to the instant")
    if period.unit is Unit.WORKING_DAY and calendar is None:
        raise ValueError("working days need a calendar")
    before = start if exclude_start_day else start - ONE_DAY
    left_out = union(pauses)
    remaining, day = _days_to_count(before, period), before
    if not remaining:
        return start
    while remaining:
        day += ONE_DAY
        if is_paused(day, left_out):
            continue
        if period.unit is Unit.WORKING_DAY and calendar is not None and not calendar.is_working_day(day):
            continue
        remaining -= 1
    return day


def _days_to_count(before: date, period: Period) -> int:
    if period.unit is Unit.WEEK:
        return 7 * period.count
    if period.unit is Unit.MONTH:
        return (add_months(before, period.count) - before).days
    if period.unit is Unit.YEAR:
        return (add_months(before, 12 * period.count) - before).days
    return period.count


def add_months(day: date, months: int) -> date:
    """The day of the same number so many months later, or the last day of a shorter month.

    >>> from datetime import date
    >>> add_months(date(2028, 2, 29), 36)
    datetime.date(2031, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))

"""Calendars of working days: data with published years, so that the future is refused and never guessed.

A weekend is not enough: in mainland China weekend days are worked and weekdays are off by yearly notice (调休), and
nobody knows next year's days before the notice. Every question about a day outside the published years therefore
raises :class:`CalendarYearMissing`, which names the notice to load.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhiyin.clock.words import Pair
from zhiyin.errors import ZhiyinError

ONE_DAY = timedelta(days=1)


class CalendarYearMissing(ZhiyinError):
    """A working day was asked for in a year whose notice is not loaded."""

    code = "clock.calendar_year_missing"
    message = "The {year} calendar is missing: load {notice} into the calendar {calendar}."
    status = 409


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one place or one bank.

    Parameters
    ----------
    name : how rules and cases call it, e.g. ``cn``.
    title : what it is.
    source, provenance, confidence : whose days they are, how they came here, and how sure that is.
    notice : the notice that publishes a year, with ``{year}`` in it.
    weekend : days of the week off as a habit, Monday 0 to Sunday 6.
    closed : days off besides the weekend.
    opened : days of a weekend that are worked.
    published_years : the years for which ``closed`` and ``opened`` are known.
    """

    name: str
    title: Pair
    source: str
    provenance: str
    confidence: str
    notice: str
    weekend: frozenset[int]
    closed: frozenset[date]
    opened: frozenset[date]
    published_years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Whether a day is worked.

        Raises
        ------
        CalendarYearMissing : the year is not published.
        """
        if day.year not in self.published_years:
            raise CalendarYearMissing(calendar=self.name, year=day.year, notice=self.notice.format(year=day.year))
        if day in self.opened:
            return True
        return day.weekday() not in self.weekend and day not in self.closed

    def next_working_day(self, day: date) -> date:
        """The day itself where it is worked, else the first worked day after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def last_working_day(self, day: date) -> date:
        """The day itself where it is worked, else the last worked day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def exceptions(self, first: date, last: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
        """Days between two days, both included, that differ from the habit of the week: (off, worked)."""
        return (
            tuple(sorted(day for day in self.closed if first <= day <= last)),
            tuple(sorted(day for day in self.opened if first <= day <= last)),
        )

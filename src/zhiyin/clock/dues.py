"""When a limit ends: a local day, or an instant for limits of hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from zhiyin.clock.eventkinds import CaseInvalid
from zhiyin.clock.events import Event
from zhiyin.clock.pauses import Interval
from zhiyin.clock.periods import Period, end_of_period
from zhiyin.clock.rule import Limit, Roll
from zhiyin.clock.timeline import Timeline
from zhiyin.clock.words import say

NO_TIME = "{value} is no time of day (HH:MM)"


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a limit.

    Parameters
    ----------
    on : the last local day.
    at : the last instant; None where the whole last day counts.
    rolled_from : the day the rule moved it from, if it did.
    """

    on: date
    at: datetime | None = None
    rolled_from: date | None = None

    def keeps(self, moment: datetime, timeline: Timeline) -> bool:
        """Whether something done at a moment is in time."""
        return moment <= self.at if self.at is not None else timeline.day(moment) <= self.on

    def shown(self, timeline: Timeline) -> str:
        """The end for a sentence."""
        return timeline.shown(self.at) if self.at is not None else self.on.isoformat()


def due_of(limit: Limit, start: Event, timeline: Timeline, pauses: tuple[Interval, ...]) -> Due | None:
    """When a limit ends that started with an event; None where it is to be done promptly.

    Raises
    ------
    CalendarYearMissing : working days are counted into a year that is not published.
    """
    period = limit.period
    if period is None:
        return None
    moment = timeline.moment(start)
    if period.elapsed is not None:
        instant = timeline.local(moment.astimezone(UTC) + period.elapsed)
        return Due(instant.date(), instant)
    return _whole_days(limit, period, timeline.day(moment), timeline, pauses)


def _whole_days(limit: Limit, period: Period, start: date, timeline: Timeline, pauses: tuple[Interval, ...]) -> Due:
    calendar = timeline.calendar_of(limit)
    on = end_of_period(start, period, calendar=calendar, pauses=pauses, exclude_start_day=limit.exclude_start_day)
    moved = on
    if limit.roll is Roll.NEXT_WORKING_DAY and calendar is not None:
        moved = calendar.next_working_day(on)
    closing = timeline.values("close_of_business") if limit.by_close_of_business else ()
    at = datetime.combine(moved, _time_of_day(closing[0]), timeline.zone) if closing else None
    return Due(moved, at, on if moved != on else None)


def _time_of_day(value: str) -> time:
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise CaseInvalid(where="close_of_business", problem=say(NO_TIME, value=value)) from None

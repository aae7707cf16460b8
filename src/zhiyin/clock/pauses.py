"""Days that do not count: the union of all pauses, so that overlapping pauses are left out once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Interval:
    """From a first to a last day, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"interval from {self.first} to {self.last}: the last day lies before the first")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def count(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same days as few intervals, in order; neighbours and overlaps become one.

    >>> from datetime import date
    >>> union([Interval(date(2026, 3, 10), date(2026, 3, 14)), Interval(date(2026, 3, 12), date(2026, 3, 20))])
    (Interval(first=datetime.date(2026, 3, 10), last=datetime.date(2026, 3, 20)),)
    """
    joined: list[Interval] = []
    for interval in sorted(intervals, key=lambda one: (one.first, one.last)):
        if joined and interval.first <= joined[-1].last + timedelta(days=1):
            joined[-1] = Interval(joined[-1].first, max(joined[-1].last, interval.last))
        else:
            joined.append(interval)
    return tuple(joined)


def is_paused(day: date, pauses: Iterable[Interval]) -> bool:
    """Whether a day lies in one of the pauses."""
    return any(day in pause for pause in pauses)

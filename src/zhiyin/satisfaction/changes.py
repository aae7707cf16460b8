"""Change against another period, and the difference of any two figures, each with an interval of its own.

Two intervals that overlap do not show that nothing changed, and two that do not overlap ask for more than 95 %. The
interval of the difference is the one to read: where it leaves out 0 the change is clear at the level.

**Customers who answered both times** are treated as if they were others. Their answers resemble each other, so the true
interval is narrower: a change called clear is clear. **Many changes at once**: of a hundred units in which nothing
happened, five are clear at 95 %. Ask for a higher ``level`` when a table is searched for changes.
"""

from __future__ import annotations

import numpy as np

from zhiyin.errors import ZhiyinError
from zhiyin.maths.intervals import Interval, difference
from zhiyin.tables.figures import Change, Figure, FigureTable

PREVIOUS = "previous"
"""The period just before, whichever that is for each figure."""


class NotComparable(ZhiyinError):
    """Two figures differ in what they measure, or in how."""

    code = "satisfaction.not_comparable"
    message = "{first} and {second} cannot be compared: {what} differs."


class NoSuchPeriod(ZhiyinError):
    """A period was named that the table does not have."""

    code = "satisfaction.no_such_period"
    message = "The table has no period {period}."


def change(table: FigureTable, *, against: str = PREVIOUS) -> tuple[Change, ...]:
    """Every figure that has a counterpart in the other period, compared with it; in the order of the table.

    Parameters
    ----------
    table : figures by period.
    against : label of a period with which all others are compared, or :data:`PREVIOUS`.

    Raises
    ------
    NoSuchPeriod : the table has no period of that label; the nearest is suggested.
    """
    if against != PREVIOUS and against not in table.periods:
        raise NoSuchPeriod(period=against, choices=tuple(period for period in table.periods if period))
    by_end = {(figure.group, figure.end_on): figure for figure in table.figures}
    by_label = {(figure.group, figure.period): figure for figure in table.figures}
    found = []
    for figure in table.figures:
        if figure.start_on is None or figure.period == against:
            continue
        before = by_end.get((figure.group, figure.start_on))
        other = before if against == PREVIOUS else by_label.get((figure.group, against))
        if other is not None:
            found.append(compare(figure, other))
    return tuple(found)


def compare(figure: Figure, against: Figure) -> Change:
    """The difference of two figures over different customers: two periods, two units, two channels.

    Not for a group and the total that holds it; compare it with the other groups instead.

    Parameters
    ----------
    figure, against : of the same measure, version and level.

    Returns
    -------
    Change : without a value where either figure has none.

    Raises
    ------
    NotComparable : measure, version or level differ.
    """
    for what in ("version", "level"):
        if getattr(figure, what) != getattr(against, what):
            raise NotComparable(first=figure.version, second=against.version, what=what)
    value = low = high = None
    if figure.value is not None and against.value is not None:
        limits = difference([figure.value], _interval(figure), [against.value], _interval(against))
        value, low, high = figure.value - against.value, float(limits.low[0]), float(limits.high[0])
    return Change(
        figure=figure,
        against=against,
        value=value,
        low=low,
        high=high,
        level=figure.level,
        is_clear=None if low is None or high is None else not low <= 0 <= high,
        suppressed=figure.suppressed or against.suppressed,
        method="MOVER",
    )


def _interval(figure: Figure) -> Interval:
    return Interval(np.array([figure.low], dtype=np.float64), np.array([figure.high], dtype=np.float64))

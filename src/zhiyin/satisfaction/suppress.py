"""Hiding figures of few customers, and those from which they could be computed: across margins, periods and filters.

A figure with fewer customers than the threshold is hidden (``few``). It would be given away by the total and its
neighbours, by the quarter and the other months, or by the same table with and without a filter; so a second figure is
hidden (``complementary``) wherever a hidden number of answers follows exactly from those shown, or where what is left
over is itself a figure of too few (``zhiyin.maths.suppression``). Every table is treated by itself when it is made;
tables that are published together go through :func:`suppress` together once more.

**Covered**: all margins of a table; the same figure in two tables; days, months, quarters and years of the same rows; a
table limited by a filter beside the same table unlimited or with a wider filter, including the remainder that nobody
asked for (everybody minus the app, when all but six customers use the app).

**Not covered**: tables of different questions or samples (their numbers of answers differ), weeks against months, and
what somebody knows from elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, permutations

import numpy as np

from zhiyin.maths.suppression import Sum, protect
from zhiyin.satisfaction.partition import Days, parts_of
from zhiyin.tables.figures import COMPLEMENTARY, FEW, UNDEFINED, Figure, FigureTable, Value

_ALWAYS = (date.min, date.max)

Limited = frozenset[tuple[str, frozenset[Value]]]
"""Columns and the values they are limited to."""
Filters = tuple[tuple[str, frozenset[Value]], ...]
"""Each filter of any table."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows behind a figure: from which source, limited how, on which days."""

    source: tuple[str, ...]
    limited: Limited
    days: Days

    def over(self, column: str) -> _Rows:
        """The same rows and those with other values of the column."""
        return replace(self, limited=frozenset(pair for pair in self.limited if pair[0] != column))


@dataclass(slots=True)
class _System:
    """All numbers of answers, published or not, and how they add up."""

    places: dict[object, int] = field(default_factory=dict)
    sums: dict[Sum, None] = field(default_factory=dict)
    shown: dict[int, int] = field(default_factory=dict)
    secret: set[int] = field(default_factory=set)
    least: dict[int, int] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)

    def place(self, rows: object) -> int:
        return self.places.setdefault(rows, len(self.places))

    def add(self, whole: object, parts: Iterable[object]) -> None:
        self.sums[Sum(self.place(whole), tuple(sorted(self.place(part) for part in parts)))] = None


def suppress(tables: Sequence[FigureTable], *, minimum: int) -> tuple[FigureTable, ...]:
    """The tables with all that must be hidden when they are published together.

    Parameters
    ----------
    tables : figures over the same bank; tables that were suppressed before stay so.
    minimum : fewest customers that a figure may have; 0 or 1 hides nothing.

    Returns
    -------
    The tables in the same order. A hidden figure has no value, interval, number of answers, customers, count,
    reliability or limits.
    """
    if minimum <= 1:
        return tuple(tables)
    hidden = {
        (t, f): FEW
        for t, table in enumerate(tables)
        for f, figure in enumerate(table.figures)
        if figure.suppressed is None and figure.customers is not None and figure.customers < minimum
    }
    behind = [[_rows(table, figure) for figure in table.figures] for table in tables]
    system = _System()
    _read_figures(system, tables, behind, hidden)
    every = [_add_margins(system, table, rows) for table, rows in zip(tables, behind, strict=True)]
    if len(tables) > 1:
        filters = tuple({(column, frozenset(values)): None for table in tables for column, values in table.filters})
        ranges = tuple({rows.days: None for found in behind for rows in found})
        for table, found in zip(tables, every, strict=True):
            _add_periods(system, table, _add_sets(system, table, found, filters), ranges)
        _add_remainders(system, chain.from_iterable(behind), filters)
        _add_parts(system, tables, behind)
    further = protect(
        tuple(system.sums), system.shown, system.secret, least=system.least, people=system.people, fewest=minimum
    )
    secret = system.secret | further
    return tuple(
        replace(
            table,
            figures=tuple(
                _published(figure, hidden.get((t, f)), system.places[behind[t][f]] in secret)
                for f, figure in enumerate(table.figures)
            ),
        )
        for t, table in enumerate(tables)
    )


def _published(figure: Figure, reason: str | None, is_secret: bool) -> Figure:
    if figure.suppressed is not None or not (reason or is_secret):
        return figure
    return replace(
        figure,
        value=None,
        low=None,
        high=None,
        n=None,
        customers=None,
        count=None,
        reliability=None,
        limits=None,
        suppressed=reason or COMPLEMENTARY,
    )


def _rows(table: FigureTable, figure: Figure) -> _Rows:
    limits: dict[str, frozenset[Value]] = {column: frozenset(values) for column, values in table.filters}
    limits.update((column, frozenset((value,))) for column, value in figure.group)
    start = max((day for day in (figure.start_on, table.start_on) if day), default=_ALWAYS[0])
    end = min((day for day in (figure.end_on, table.end_on) if day), default=_ALWAYS[1])
    return _Rows(table.source, frozenset(limits.items()), (start, end))


def _read_figures(
    system: _System,
    tables: Sequence[FigureTable],
    behind: Sequence[Sequence[_Rows]],
    hidden: dict[tuple[int, int], str],
) -> None:
    """Which numbers are shown and which are secret; hidden in one table is hidden in all."""
    for t, table in enumerate(tables):
        for f, figure in enumerate(table.figures):
            place = system.place(behind[t][f])
            if figure.suppressed == UNDEFINED:
                continue
            system.least[place] = 1
            if figure.customers is not None:
                system.people[place] = figure.customers
            if (t, f) in hidden or figure.n is None:
                system.secret.add(place)
            else:
                system.shown[place] = figure.n
    for place in system.secret:
        system.shown.pop(place, None)


def _add_margins(system: _System, table: FigureTable, behind: Sequence[_Rows]) -> list[_Rows]:
    """Each margin is the sum of its groups, also where it is not published itself; returns the rows of all of them."""
    now = dict.fromkeys(
        rows
        for figure, rows in zip(table.figures, behind, strict=True)
        if len(figure.group) == len(table.by) and figure.suppressed != UNDEFINED
    )
    every = list(now)
    for _ in table.by:
        parts: dict[_Rows, dict[str, dict[_Rows, None]]] = defaultdict(lambda: defaultdict(dict))
        for rows, limits in ((rows, dict(rows.limited)) for rows in now):
            for column in table.by:
                wide = _widened(rows, column, table)
                if column in limits and wide != rows:
                    parts[wide][column][rows] = None
        for whole, by_column in parts.items():
            for pieces in by_column.values():
                system.add(whole, pieces)
        now = dict.fromkeys(parts)
        every.extend(now)
    return every


def _widened(rows: _Rows, column: str, table: FigureTable) -> _Rows:
    """Over all values of the column; over those of the filter where the column is filtered too."""
    wide = rows.over(column)
    values = next((values for name, values in table.filters if name == column), None)
    if values is None:
        return wide
    return replace(wide, limited=wide.limited | {(column, frozenset(values))})


def _add_sets(system: _System, table: FigureTable, rows: Sequence[_Rows], filters: Filters) -> list[_Rows]:
    """A figure over several values of a column is the sum of the table's groups with those values.

    Returns the rows of the table with those sums.
    """
    own = dict(table.filters)
    every = list(rows)
    for column, values in filters:
        if column not in table.by or not (column not in own or values <= set(own[column])):
            continue
        parts: dict[_Rows, list[_Rows]] = defaultdict(list)
        for one in every:
            single = dict(one.limited).get(column)
            if single is not None and len(single) == 1 and single < values:
                parts[replace(one, limited=one.over(column).limited | {(column, values)})].append(one)
        for whole, pieces in parts.items():
            system.add(whole, pieces)
        every.extend(parts)
    return list(dict.fromkeys(every))


def _add_periods(system: _System, table: FigureTable, rows: Sequence[_Rows], ranges: Sequence[Days]) -> None:
    """A longer time is the sum of the table's periods, where the table reaches over all of it."""
    if table.period is None:
        return
    reach = (table.start_on or _ALWAYS[0], table.end_on or _ALWAYS[1])
    series: dict[_Rows, list[_Rows]] = defaultdict(list)
    for one in rows:
        series[replace(one, days=_ALWAYS)].append(one)
    for days in (days for days in ranges if _within(days, reach)):
        for alike, found in series.items():
            whole = replace(alike, days=days)
            touching = [one for one in found if one.days[0] < days[1] and days[0] < one.days[1]]
            if touching and touching != [whole] and all(_within(one.days, days) for one in touching):
                system.add(whole, touching)


def _within(inner: Days, outer: Days) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _add_parts(system: _System, tables: Sequence[FigureTable], behind: Sequence[Sequence[_Rows]]) -> None:
    """Each figure is the sum of the finest parts it counts, where those are few enough to be written down."""
    for source in {table.source: None for table in tables}:
        alike = [table for table in tables if table.source == source]
        counted = {rows: None for found in behind for rows in found if rows.source == source}
        parts = parts_of(alike, [rows.days for rows in counted])
        if parts is None:
            continue
        for rows in counted:
            inside = np.flatnonzero(parts.inside(dict(rows.limited), rows.days))
            if len(inside):
                system.add(rows, (("part", source, int(part)) for part in inside))


def _add_remainders(system: _System, published: Iterable[_Rows], filters: Filters) -> None:
    """What a wider figure has beyond a narrower one, in days or in the values of a filtered column."""
    rows = tuple(dict.fromkeys(published))
    by_limits: dict[object, list[_Rows]] = defaultdict(list)
    for one in rows:
        by_limits[one.source, one.limited].append(one)
    for alike in by_limits.values():
        for narrow, wide in permutations(alike, 2):
            if _within(narrow.days, wide.days):
                system.add(wide, (narrow, ("other days", wide, narrow.days)))
    for column, values in filters:
        families: dict[object, list[_Rows]] = defaultdict(list)
        for one in rows:
            families[one.source, one.days, one.over(column).limited].append(one)
        for family in families.values():
            for one in (one for one in family if dict(one.limited).get(column) == values):
                for other in family:
                    _add_remainder(system, one, other, column)
                    _add_remainder(system, other, one, column)


def _add_remainder(system: _System, narrow: _Rows, wide: _Rows, column: str) -> None:
    inner, outer = dict(narrow.limited).get(column), dict(wide.limited).get(column)
    if inner is None or (outer is not None and not inner < outer):
        return
    rest: object = ("other values", wide, column, inner)
    if outer is not None:
        rest = replace(wide, limited=wide.over(column).limited | {(column, outer - inner)})
    system.add(wide, (narrow, rest))

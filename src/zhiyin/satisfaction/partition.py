"""The finest parts into which tables published together divide their rows.

A part is one value of every column that any table groups or filters by, between two neighbouring days on which any
period begins or ends. Every figure counts whole parts, so the figures and the parts together say all that can be
computed from the tables. A table that lists its groups also says which parts are empty, and whoever reads two tables
knows both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from zhiyin.maths.arrays import Flags
from zhiyin.tables.figures import UNDEFINED, Figure, FigureTable, Value

Days = tuple[date, date]

MOST_PARTS: Final = 20_000
"""With more parts than this they are not written down."""
_OTHER: Final = "\x1f"
"""Stands for all values that no table names."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """All parts side by side.

    Parameters
    ----------
    values : for each column, the value of each part.
    starts, ends : first day of each part, and first day after it.
    """

    values: Mapping[str, np.ndarray]
    starts: np.ndarray
    ends: np.ndarray

    def inside(self, limited: Mapping[str, frozenset[Value]], days: Days) -> Flags:
        """Which parts lie within these values and days."""
        found: Flags = (self.starts >= days[0]) & (self.ends <= days[1])
        for column, wanted in limited.items():
            found &= np.isin(self.values[column], [_spelled(value) for value in wanted])
        return found


def parts_of(tables: Sequence[FigureTable], days: Sequence[Days]) -> Parts | None:
    """The parts that may hold rows; None where there would be more than :data:`MOST_PARTS`.

    Parameters
    ----------
    tables : of one source.
    days : first and last day of everything that any of their figures counts.
    """
    named: dict[str, dict[str, None]] = {}
    for table in tables:
        for column, values in table.filters:
            named.setdefault(column, {}).update((_spelled(value), None) for value in values)
        for figure in table.figures:
            for column, value in figure.group:
                named.setdefault(column, {})[_spelled(value)] = None
    edges = sorted({day for pair in days for day in pair} | {date.min, date.max})
    choices = [[*values, _OTHER] for values in named.values()]
    if math.prod(map(len, choices)) * (len(edges) - 1) > MOST_PARTS:
        return None
    grid = np.meshgrid(
        *(np.array(values, dtype=object) for values in choices), np.arange(len(edges) - 1), indexing="ij"
    )
    flat = [axis.ravel() for axis in grid]
    steps = flat[-1].astype(np.int64)
    spans = np.array(edges, dtype=object)
    whole = Parts(dict(zip(named, flat[:-1], strict=True)), spans[steps], spans[steps + 1])
    may_hold = np.ones(len(steps), dtype=np.bool_)
    for table in tables:
        may_hold &= ~_known_empty(table, whole)
    return Parts(
        {column: values[may_hold] for column, values in whole.values.items()},
        whole.starts[may_hold],
        whole.ends[may_hold],
    )


def _known_empty(table: FigureTable, parts: Parts) -> Flags:
    """Parts that the table would list if they held anything."""
    scope = parts.inside(_limits(table), _within(table.start_on, table.end_on))
    for figure in _listed(table):
        limits = {**_limits(table), **{column: frozenset((value,)) for column, value in figure.group}}
        scope &= ~parts.inside(limits, _within(figure.start_on, figure.end_on))
    return scope


def _listed(table: FigureTable) -> Iterator[Figure]:
    return (f for f in table.figures if len(f.group) == len(table.by) and f.suppressed != UNDEFINED)


def _limits(table: FigureTable) -> dict[str, frozenset[Value]]:
    return {column: frozenset(values) for column, values in table.filters}


def _within(start: date | None, end: date | None) -> Days:
    return start or date.min, end or date.max


def _spelled(value: Value) -> str:
    """Values as texts that differ where they do, also 1, True and "1"."""
    return f"{type(value).__name__}:{value}"

"""Figures: the results that pages, reports and the command line show, each with all that keeps it honest.

A figure is never a bare number. It carries how many answers and customers stand behind it, its interval, its
reliability, until when the data reach, and the version of what computed it. Where too few customers stand behind it, or
where it would give away such a neighbour, it says so and carries no number at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

import pyarrow as pa

from zhiyin.errors import ZhiyinError

Value = str | int | bool | None
"""A value of a column by which figures are grouped; None where the row does not state it."""
Group = tuple[tuple[str, Value], ...]
"""Columns and their values, in the order asked for. A column that is left out is summed over."""

ALL: Final = "*"
"""Stands in rows for a column that is summed over (合计)."""
FEW: Final = "few"
"""Suppressed: fewer customers than the threshold."""
COMPLEMENTARY: Final = "complementary"
"""Suppressed: a neighbour with few customers could be computed from it."""
UNDEFINED: Final = "undefined"
"""No value: the denominator is 0."""


class NoSuchFigure(ZhiyinError):
    """A figure was asked for that the table does not hold."""

    code = "tables.no_such_figure"
    message = "The table holds no figure for {group} in {period}."
    status = 404


@dataclass(frozen=True, slots=True)
class Limits:
    """Control limits of a figure: between them it is within chance.

    Parameters
    ----------
    centre : what the figure would be if nothing were the matter.
    low, high : limits, in the unit of the figure.
    signal : ``above``, ``below``, or None within the limits.
    """

    centre: float
    low: float
    high: float
    signal: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with its honesty.

    Parameters
    ----------
    measure : name in the glossary (``zhiyin.tables.glossary``).
    group : what it is the figure of; empty for everybody.
    period : label such as ``2026-03``, ``2026-W10``, ``2026Q1``, ``2026``, ``2026-03-05``; None for all time.
    start_on, end_on : first local day of the period, and the first day after it; None where it has none.
    value : estimate, in ``unit``; None where suppressed.
    low, high : interval of the value.
    level : of the interval, e.g. 0.95.
    n : answers behind it, or services or invitations where the measure is a rate of those.
    customers : different customers behind it.
    count : numerator of a share or rate; None for means and NPS.
    unit : ``points``, ``share`` or ``per 10,000``.
    reliability : from 0 to 1, among the groups of the same table and period; None with fewer than five groups.
    suppressed : None, or why there is no value: ``few``, ``complementary``, ``undefined``.
    limits : control limits, for rates per 10,000.
    as_of_us : until when the data reach, microseconds UTC; None for a table without rows.
    version : of the method, e.g. ``nps/1``.
    method : name of the interval.
    """

    measure: str
    group: Group
    period: str | None
    start_on: date | None
    end_on: date | None
    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int | None
    customers: int | None
    count: int | None
    unit: str
    reliability: float | None
    suppressed: str | None
    limits: Limits | None
    as_of_us: int | None
    version: str
    method: str


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two figures of the same measure, with an interval of its own.

    Parameters
    ----------
    figure, against : what changed, and against what.
    value, low, high : ``figure - against`` and its interval; None where either has no value.
    level : of the interval.
    is_clear : whether the interval leaves out 0; None where there is no value.
    suppressed : None, or the reason of the figure that has no value.
    method : name of the interval.
    """

    figure: Figure
    against: Figure
    value: float | None
    low: float | None
    high: float | None
    level: float
    is_clear: bool | None
    suppressed: str | None
    method: str


@dataclass(frozen=True, slots=True)
class FigureTable(Sequence[Figure]):
    """Figures of one measure over the same rows: each group, each margin, and the total, for each period.

    It is a sequence of its figures: periods in order, in each the groups, then the margins, then the total.

    Parameters
    ----------
    measure : name in the glossary.
    by : columns of the groups.
    period : ``day``, ``week``, ``month``, ``quarter``, ``year`` or None.
    source : which rows ``n`` counts: table, question, scale, kind of sample. Two tables of the same source and filters
        count the same rows.
    numerator : for rates of services, which rows ``count`` counts; empty where they are among those of ``source``.
    filters : columns and the values to which the rows were limited, in the order of the columns' names.
    start_on, end_on : days to which the rows were limited; None where they were not.
    minimum : customers below which a figure is suppressed.
    left_out : rows that could not count, by reason: ``no_value``, ``off_scale``, ``spontaneous``, ``sampled``.
    figures : see above.
    """

    measure: str
    by: tuple[str, ...]
    period: str | None
    source: tuple[str, ...]
    numerator: tuple[str, ...]
    filters: tuple[tuple[str, tuple[Value, ...]], ...]
    start_on: date | None
    end_on: date | None
    minimum: int
    left_out: tuple[tuple[str, int], ...]
    figures: tuple[Figure, ...]

    def __len__(self) -> int:
        return len(self.figures)

    def __getitem__(self, index: Any) -> Any:
        return self.figures[index]

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    @property
    def groups(self) -> tuple[Figure, ...]:
        """Figures of the single groups, without margins and total."""
        return self.margin(*self.by)

    @property
    def totals(self) -> tuple[Figure, ...]:
        """Figures of everybody, one a period; empty where totals were not asked for."""
        return self.margin()

    def margin(self, *columns: str) -> tuple[Figure, ...]:
        """Figures by these columns of ``by`` only, summed over the others."""
        wanted = tuple(column for column in self.by if column in columns)
        return tuple(f for f in self.figures if tuple(name for name, _ in f.group) == wanted)

    @property
    def periods(self) -> tuple[str | None, ...]:
        """Labels of the periods, in order of time."""
        return tuple(dict.fromkeys(figure.period for figure in self.figures))

    def figure(self, *, period: str | None = None, **group: Value) -> Figure:
        """The figure of a group (columns left out are summed over), in a period.

        Raises
        ------
        NoSuchFigure : nobody answered there, or the table has no such margin.
        """
        wanted = tuple((column, group[column]) for column in self.by if column in group)
        for found in self.figures:
            if found.group == wanted and found.period == period and len(wanted) == len(group):
                return found
        raise NoSuchFigure(group=group or ALL, period=period or ALL)

    def to_rows(self) -> list[dict[str, Any]]:
        """One flat dictionary a figure, ready for JSON and CSV: days as text, :data:`ALL` for columns summed over."""
        return [self._row(figure) for figure in self.figures]

    def to_arrow(self) -> pa.Table:
        """The same rows as an Arrow table with typed columns; values of group columns as text."""
        rows = self.to_rows()
        schema = pa.schema([*((self._column(name), pa.string()) for name in self.by), *_PLAIN])
        for row, figure in zip(rows, self.figures, strict=True):
            row["start_on"], row["end_on"] = figure.start_on, figure.end_on
            for name in self.by:
                value = row[self._column(name)]
                row[self._column(name)] = None if value is None else str(value)
        return pa.Table.from_pylist(rows, schema=schema)

    def _column(self, name: str) -> str:
        return f"group_{name}" if name in _RESERVED else name

    def _row(self, figure: Figure) -> dict[str, Any]:
        group = dict(figure.group)
        row: dict[str, Any] = {self._column(name): group.get(name, ALL) for name in self.by}
        limits = figure.limits
        for name in (field.name for field in fields(Figure)):
            if name not in ("group", "limits"):
                row[name] = getattr(figure, name)
        row["start_on"] = figure.start_on.isoformat() if figure.start_on else None
        row["end_on"] = figure.end_on.isoformat() if figure.end_on else None
        row["centre"], row["control_low"], row["control_high"], row["signal"] = (
            (limits.centre, limits.low, limits.high, limits.signal) if limits else (None, None, None, None)
        )
        return {name: row[name] for name in (*(self._column(column) for column in self.by), *_PLAIN.names)}


_PLAIN: Final = pa.schema(
    [
        ("measure", pa.string()),
        ("period", pa.string()),
        ("start_on", pa.date32()),
        ("end_on", pa.date32()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("unit", pa.string()),
        ("level", pa.float64()),
        ("n", pa.int64()),
        ("customers", pa.int64()),
        ("count", pa.int64()),
        ("reliability", pa.float64()),
        ("suppressed", pa.string()),
        ("centre", pa.float64()),
        ("control_low", pa.float64()),
        ("control_high", pa.float64()),
        ("signal", pa.string()),
        ("as_of_us", pa.int64()),
        ("version", pa.string()),
        ("method", pa.string()),
    ]
)
_RESERVED: Final = frozenset(_PLAIN.names)

"""The one small table that every score needs: how often each score was given, and how often by the same customers.

Rows become scores (0 or 1, -1 to 1, marks of a ruler). They are counted twice: by score within each group, and by
customer, after which the customers are counted by how often they answered. What comes out are integers only, so they
are the same on every engine, in every order of rows; the arithmetic in doubles happens once, in ``finish``.

A customer may answer in several groups, so for customers a margin is not the sum of its groups: each is counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.maths.arrays import Integers
from zhiyin.maths.clusters import ClusterSums
from zhiyin.satisfaction.asked import NUMBER, Asked
from zhiyin.satisfaction.periods import Expression
from zhiyin.tables.figures import Group, Value

USED: Final = "used"
"""State of the rows that count."""

_PERSON, _STATE, _SCORE, _LATEST = "_person", "_state", "_score", "_latest"
_MARGIN, _COUNT, _SIZE, _TOTAL, _SQUARED = "_margin", "_count", "_size", "_total", "_squared"
_NOBODY: Final = "\x1f"
"""Begins the key that stands in for a customer; no customer's own key begins with it."""


def prepared(
    rows: ir.Table,
    *,
    score: Expression,
    state: Expression,
    row_key: Expression,
    time: str,
    kinds: Mapping[str, Expression],
) -> ir.Table:
    """The rows with the columns that :func:`counted` reads.

    Parameters
    ----------
    rows : limited to what was asked (``zhiyin.satisfaction.asked.limited``).
    score : whole number for each row.
    state : :data:`USED`, or why the row cannot count.
    row_key : stands in for the customer where none is stated, so that each such row is a customer of its own.
    time : column of the time of the row.
    kinds : what must not be mixed in one figure, e.g. the scale.
    """
    used = state == USED
    return rows.mutate(
        **{
            _STATE: state,
            _SCORE: ibis.ifelse(used, score.cast("int64"), ibis.literal(0, type="int64")),
            _PERSON: ibis.coalesce(rows["customer_id"], ibis.literal(_NOBODY) + row_key),
            _LATEST: rows[time],
            **{_first(name): ibis.ifelse(used, column, ibis.null("string")) for name, column in kinds.items()},
        }
    )


def counted(rows: ir.Table, options: Asked, *, kinds: Sequence[str]) -> ir.Table:
    """Rows by group, margin, period and score; and customers by group, margin, period and number of answers.

    Parameters
    ----------
    rows : of :func:`prepared`.
    options : what was asked for.
    kinds : names of what must not be mixed.
    """
    by_score = rows.group_by([*options.by, NUMBER, _STATE, _SCORE]).agg(
        **{_COUNT: rows.count(), _LATEST: rows[_LATEST].max()},
        **{_first(name): rows[_first(name)].min() for name in kinds},
        **{_last(name): rows[_first(name)].max() for name in kinds},
    )
    used = rows.filter(rows[_STATE] == USED)
    by_person = used.group_by([*options.by, NUMBER, _PERSON]).agg(
        **{_SIZE: used.count(), _TOTAL: used[_SCORE].sum()},
    )
    parts = []
    for place, kept in enumerate(options.margins()):
        parts.append(_laid_out(_scores(by_score, options, kept, kinds), by_score, options, kept, place, kinds))
        parts.append(_laid_out(_sizes(by_person, options, kept), by_score, options, kept, place, kinds))
    return ibis.union(*parts, distinct=False)


def _scores(by_score: ir.Table, options: Asked, kept: tuple[str, ...], kinds: Sequence[str]) -> ir.Table:
    if kept == options.by:
        return by_score
    return by_score.group_by([*kept, NUMBER, _STATE, _SCORE]).agg(
        **{_COUNT: by_score[_COUNT].sum(), _LATEST: by_score[_LATEST].max()},
        **{_first(name): by_score[_first(name)].min() for name in kinds},
        **{_last(name): by_score[_last(name)].max() for name in kinds},
    )


def _sizes(by_person: ir.Table, options: Asked, kept: tuple[str, ...]) -> ir.Table:
    whole: Any = by_person
    if kept != options.by:
        whole = by_person.group_by([*kept, NUMBER, _PERSON]).agg(
            **{_SIZE: by_person[_SIZE].sum(), _TOTAL: by_person[_TOTAL].sum()}
        )
    sizes: ir.Table = whole.group_by([*kept, NUMBER, _SIZE]).agg(
        **{
            _COUNT: whole.count(),
            _TOTAL: whole[_TOTAL].sum(),
            _SQUARED: (whole[_TOTAL] * whole[_TOTAL]).sum(),
        }
    )
    return sizes


def _laid_out(
    found: ir.Table, by_score: ir.Table, options: Asked, kept: tuple[str, ...], place: int, kinds: Sequence[str]
) -> ir.Table:
    """The columns of the answer in their order; those that this part lacks are null."""
    schema = by_score.schema()
    numbers = (NUMBER, _SCORE, _SIZE, _COUNT, _TOTAL, _SQUARED, _LATEST)
    texts = (_STATE, *map(_first, kinds), *map(_last, kinds))
    return found.select(
        **{_MARGIN: ibis.literal(place, type="int64")},
        **{name: found[name] if name in kept else ibis.null(schema[name]) for name in options.by},
        **{name: found[name].cast("int64") if name in found.columns else ibis.null("int64") for name in numbers},
        **{name: found[name] if name in found.columns else ibis.null("string") for name in texts},
    )


def _first(kind: str) -> str:
    return f"_first_{kind}"


def _last(kind: str) -> str:
    return f"_last_{kind}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure to be: which margin, whose, and in which period (by number)."""

    margin: int
    group: Group
    number: int

    def order(self) -> tuple[object, ...]:
        """Place in the table: by period, groups before margins before the total, then by value with None last."""
        return (self.number, self.margin, tuple((value is None, _sortable(value)) for _, value in self.group))


def _sortable(value: Value) -> tuple[int, float, str]:
    """Numbers by size before texts by letter, so that a column of either kind sorts."""
    return (0, float(value), "") if isinstance(value, (int, bool)) else (1, 0.0, str(value))


@dataclass(frozen=True, slots=True)
class Counts:
    """What came back, one entry a cell in the order of the table.

    Parameters
    ----------
    cells : see :class:`Cell`.
    answers, customers : n and number of different customers.
    scores : (cells, marks) number of answers with each score.
    sums : sums over customers (``zhiyin.maths.clusters``).
    most : most answers of one customer.
    kinds : for each kind the lowest and highest name that occurs in the cell.
    left_out : rows that could not count, by reason.
    latest_us : time of the latest row; None where there is none.
    """

    cells: tuple[Cell, ...]
    answers: Integers
    customers: Integers
    scores: Integers
    sums: ClusterSums
    most: Integers
    kinds: Mapping[str, tuple[tuple[str | None, str | None], ...]]
    left_out: tuple[tuple[str, int], ...]
    latest_us: int | None


def read_counts(result: pa.Table, options: Asked, *, marks: Sequence[int], kinds: Sequence[str]) -> Counts:
    """The answer of the engine to :func:`counted`.

    Parameters
    ----------
    result, options, kinds : of that question.
    marks : the scores that can occur, ascending.
    """
    columns = result.to_pydict()
    cell_of_row = _cells(columns, options)
    scored = [row for row, state in enumerate(columns[_STATE]) if state == USED]
    sized = [row for row, size in enumerate(columns[_SIZE]) if size is not None]
    cells = tuple(sorted({cell_of_row[row] for row in scored}, key=lambda cell: cell.order()))
    place = {cell: index for index, cell in enumerate(cells)}
    scores = np.zeros((len(cells), len(marks)), dtype=np.int64)
    mark_place = {mark: index for index, mark in enumerate(marks)}
    for row in scored:
        scores[place[cell_of_row[row]], mark_place[columns[_SCORE][row]]] += columns[_COUNT][row]
    where = np.array([place[cell_of_row[row]] for row in sized], dtype=np.int64)
    size, people, total, squared = (
        np.array([columns[name][row] for row in sized], dtype=np.int64) for name in (_SIZE, _COUNT, _TOTAL, _SQUARED)
    )
    sums, most = _cluster_sums(scores, marks, where, size, people, total, squared)
    return Counts(
        cells=cells,
        answers=scores.sum(axis=1),
        customers=_summed(people, where, len(cells)),
        scores=scores,
        sums=sums,
        most=most,
        kinds={name: _extremes(name, columns, scored, cell_of_row, cells) for name in kinds},
        left_out=_left_out(columns, cell_of_row, len(options.margins()) - 1),
        latest_us=max((us for us in columns[_LATEST] if us is not None), default=None),
    )


def _cells(columns: Mapping[str, list[Any]], options: Asked) -> list[Cell]:
    """The cell of each row."""
    margins = options.margins()
    made: dict[tuple[Any, ...], Cell] = {}
    found = []
    for key in zip(columns[_MARGIN], columns[NUMBER], *(columns[name] for name in options.by), strict=True):
        cell = made.get(key)
        if cell is None:
            values = dict(zip(options.by, key[2:], strict=True))
            cell = made[key] = Cell(key[0], tuple((name, values[name]) for name in margins[key[0]]), key[1])
        found.append(cell)
    return found


def _cluster_sums(
    scores: Integers,
    marks: Sequence[int],
    where: Integers,
    size: Integers,
    people: Integers,
    total: Integers,
    squared: Integers,
) -> tuple[ClusterSums, Integers]:
    """Sums over customers of each cell, and the most answers of one customer."""
    cells = len(scores)
    ratio, most = np.zeros(cells), np.zeros(cells, dtype=np.int64)
    # Doubles are added in the order of sizes, so that the sum does not depend on the order of rows.
    order = np.argsort(size, kind="stable")
    np.add.at(ratio, where[order], (squared / size)[order])
    np.maximum.at(most, where, size)
    values = np.array(marks, dtype=np.int64)
    found = ClusterSums(
        customers=_summed(people, where, cells).astype(np.float64),
        answers=scores.sum(axis=1).astype(np.float64),
        totals=(scores @ values).astype(np.float64),
        squares=(scores @ values**2).astype(np.float64),
        sizes_squared=_summed(size**2 * people, where, cells).astype(np.float64),
        totals_squared=_summed(squared, where, cells).astype(np.float64),
        sizes_by_totals=_summed(size * total, where, cells).astype(np.float64),
        totals_squared_by_size=ratio,
    )
    return found, most


def _summed(values: Integers, where: Integers, cells: int) -> Integers:
    found = np.zeros(cells, dtype=np.int64)
    np.add.at(found, where, values)
    return found


def _extremes(
    kind: str,
    columns: Mapping[str, list[Any]],
    scored: Sequence[int],
    cell_of_row: Sequence[Cell],
    cells: Sequence[Cell],
) -> tuple[tuple[str | None, str | None], ...]:
    names: dict[Cell, set[str]] = {}
    for row in scored:
        both = {columns[_first(kind)][row], columns[_last(kind)][row]} - {None}
        names.setdefault(cell_of_row[row], set()).update(both)
    return tuple((min(names[cell], default=None), max(names[cell], default=None)) for cell in cells)


def _left_out(columns: Mapping[str, list[Any]], cell_of_row: Sequence[Cell], total: int) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for row, state in enumerate(columns[_STATE]):
        if cell_of_row[row].margin == total and state not in (None, USED):
            found[state] = found.get(state, 0) + columns[_COUNT][row]
    return tuple(sorted(found.items()))

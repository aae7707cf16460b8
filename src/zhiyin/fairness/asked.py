"""What a comparison asks of the responses: checked columns, the scale, and the cells of unit and circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Floats
from zhiyin.maths.mix import Cells, dummies
from zhiyin.tables.voice import SCALES

NONE: Final = "(none)"
"""Stands for a circumstance that was not recorded."""


class UnknownColumn(ZhiyinError):
    """A column that the responses do not have."""

    code: ClassVar[str] = "fairness.unknown_column"
    message: ClassVar[str] = "The responses have no column {column!r}."


class UnknownScale(ZhiyinError):
    """A scale that is not among the vocabulary's."""

    code: ClassVar[str] = "fairness.unknown_scale"
    message: ClassVar[str] = "There is no scale {scale!r}."


class NothingToCompare(ZhiyinError):
    """Fewer than three units have answers."""

    code: ClassVar[str] = "fairness.nothing_to_compare"
    message: ClassVar[str] = "Only {units} have answers on this scale; a comparison needs at least 3."


def limits(scale: str) -> tuple[int, int]:
    """Lowest and highest answer of a scale."""
    for name, lowest, highest in SCALES:
        if name == scale:
            return lowest, highest
    raise UnknownScale(scale=scale, choices=tuple(name for name, _, _ in SCALES))


def check_columns(responses: ir.Table, columns: Sequence[str]) -> None:
    """Every column must be there."""
    for column in columns:
        if column not in responses.columns:
            raise UnknownColumn(column=column, choices=tuple(responses.columns))


def on_scale(responses: ir.Table, by: str, adjusters: Sequence[str], scale: str) -> ir.Table:
    """The answers on one scale with a unit, missing circumstances named."""
    check_columns(responses, (by, *adjusters))
    limits(scale)
    kept = responses.filter(responses.scale == scale, responses.value.notnull(), responses[by].notnull())
    return kept.mutate(**{name: kept[name].cast("string").fill_null(NONE) for name in adjusters})


def cells_expression(answers: ir.Table, by: str, adjusters: Sequence[str]) -> ir.Table:
    """Count, sum and sum of squares of the answers in each cell, in the order of the cells' names."""
    value = answers.value.cast("int64")
    grouped = answers.group_by([by, *adjusters]).aggregate(
        n=answers.count(), total=value.sum(), squares=(value * value).sum()
    )
    return grouped.order_by([ibis.asc(name) for name in (by, *adjusters)])


def cells_of(rows: pa.Table, by: str, adjusters: Sequence[str], scale: str) -> tuple[Cells, tuple[str, ...]]:
    """Cells on 0-100, and the names of the units."""
    lowest, highest = limits(scale)
    keys, unit = np.unique(np.array(rows[by].to_pylist(), dtype=object).astype(str), return_inverse=True)
    if len(keys) < 3:
        raise NothingToCompare(units=len(keys))
    n, total, squares = (np.asarray(rows[name].to_pylist(), dtype=np.float64) for name in ("n", "total", "squares"))
    step = 100.0 / (highest - lowest)
    design, names = dummies([rows[name].to_pylist() for name in adjusters], adjusters)
    cells = Cells(
        unit=unit.astype(np.int64),
        units=len(keys),
        design=_of_height(design, len(n)),
        names=names,
        n=n,
        total=step * (total - lowest * n),
        squares=step**2 * (squares - 2 * lowest * total + lowest**2 * n),
    )
    return cells, tuple(str(key) for key in keys)


def _of_height(design: Floats, height: int) -> Floats:
    return design if design.shape[1] else np.zeros((height, 0))

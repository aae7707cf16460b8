"""What a judgement asks of the table: checked columns."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Floats


class UnknownColumn(ZhiyinError):
    """A column that the table does not have."""

    code: ClassVar[str] = "evidence.unknown_column"
    message: ClassVar[str] = "The table has no column {column!r}."


def check_columns(table: ir.Table, *columns: str) -> None:
    """Every column must be there."""
    for column in columns:
        if column not in table.columns:
            raise UnknownColumn(column=column, choices=tuple(table.columns))


def summable(table: ir.Table, name: str) -> ir.NumericValue:
    """The column as numbers whose sums are exact if they are whole."""
    kind = table[name].type()
    return table[name].cast("int64" if kind.is_integer() or kind.is_boolean() else "float64")


def column(rows: pa.Table, name: str) -> Floats:
    """A column of numbers."""
    return np.asarray(rows[name].to_pylist(), dtype=np.float64)

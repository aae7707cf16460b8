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


def column(rows: pa.Table, name: str) -> Floats:
    """A column of numbers."""
    return np.asarray(rows[name].to_pylist(), dtype=np.float64)

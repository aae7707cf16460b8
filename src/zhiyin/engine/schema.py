"""Declared tables as Arrow schemas and as Ibis tables."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiyin.tables import SEQUENCE, Kind, Table

_ARROW: Final[dict[Kind, pa.DataType]] = {
    Kind.KEY: pa.string(),
    Kind.CODE: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.SMALL: pa.int16(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.TIME: pa.int64(),
    Kind.SPAN: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.MONEY: pa.int64(),
}


def arrow_schema(table: Table) -> pa.Schema:
    """How the lake stores the table: its columns and ``seq``; all nullable but ``seq``."""
    fields = [pa.field(column.name, _ARROW[column.kind]) for column in table.columns]
    return pa.schema([*fields, pa.field(SEQUENCE, pa.int64(), nullable=False)])


def described(table: Table) -> ir.Table:
    """The table as an expression without data; an engine binds it by name when it runs."""
    return ibis.table(ibis.Schema.from_pyarrow(arrow_schema(table)), name=table.name)

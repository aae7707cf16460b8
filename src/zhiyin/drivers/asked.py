"""What drivers ask of the answers: one row a respondent, and moments by unit or by block of customers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.errors import ZhiyinError
from zhiyin.maths.moments import Moments


class UnknownColumn(ZhiyinError):
    """A column that the table does not have."""

    code: ClassVar[str] = "drivers.unknown_column"
    message: ClassVar[str] = "The table has no column {column!r}."


class NotANumber(ZhiyinError):
    """A driver must be a quantity or an answer on a scale."""

    code: ClassVar[str] = "drivers.not_a_number"
    message: ClassVar[str] = "{column!r} is not a number. Turn its categories into yes-or-no columns first."


class NothingLeft(ZhiyinError):
    """No row has all the columns."""

    code: ClassVar[str] = "drivers.nothing_left"
    message: ClassVar[str] = "No row has a value in all of {columns}. Leave out what is asked of few."


class Resample(StrEnum):
    """What is drawn again in the bootstrap.

    ``UNITS`` : whole units, when answers are compared within units; needs some thirty of them.
    ``CUSTOMERS`` : whole customers, in 256 blocks by a hash of their key.
    """

    UNITS = "units"
    CUSTOMERS = "customers"


def questionnaire(
    responses: ir.Table, questions: Sequence[str], *, keep: Sequence[str] = ("customer_id", "unit_id")
) -> ir.Table:
    """One row a respondent, one column a question.

    Parameters
    ----------
    responses : declared responses, one row an answer. questions : codes that become columns.
    keep : columns taken along; they are the same in all rows of one response.

    Returns
    -------
    ``response_id``, the kept columns, and the questions, missing where not answered.
    """
    for column in ("response_id", "question", "value", *keep):
        check_column(responses, column)
    wanted = responses.filter(responses.question.isin(list(questions)))
    answers = {name: wanted.value.max(where=wanted.question == name) for name in questions}
    return wanted.group_by("response_id").aggregate(**{name: wanted[name].max() for name in keep}, **answers)


def complete(table: ir.Table, columns: Sequence[str]) -> ir.Table:
    """The rows that have all the columns, each checked to be a number and cast to one."""
    kept = {}
    for column in columns:
        check_column(table, column)
        kind = table[column].type()
        if not (kind.is_numeric() or kind.is_boolean()):
            raise NotANumber(column=column)
        whole = kind.is_integer() or kind.is_boolean()
        kept[column] = table[column].cast("int64" if whole else "float64")
    rows = table.mutate(**kept)
    return rows.filter(*(rows[column].notnull() for column in columns))


def moments_expression(
    table: ir.Table, columns: Sequence[str], *, within: str | None, resample: Resample, customer: str
) -> ir.Table:
    """Count, sums and products by unit, by block of customers, or by both, in a fixed order.

    Whole numbers stay whole, so their moments are exact and do not depend on how the engine adds.
    """
    rows, groups = table, []
    if within is not None:
        check_column(table, within)
        rows = rows.filter(rows[within].notnull()).mutate(group_=rows[within])
        groups.append("group_")
    if resample is Resample.CUSTOMERS:
        check_column(table, customer)
        key = rows[customer].cast("string").fill_null("")
        rows = rows.mutate(block_=key.hexdigest("md5").substr(0, 2))
        groups.append("block_")
    sums = {f"s{i}": rows[name].sum() for i, name in enumerate(columns)}
    products = {
        f"p{i}_{j}": (rows[a] * rows[b]).sum() for i, a in enumerate(columns) for j, b in enumerate(columns[: i + 1])
    }
    found = rows.group_by(groups).aggregate(n=rows.count(), **sums, **products)
    return found.order_by([ibis.asc(name) for name in groups])


def moments_of(rows: pa.Table, columns: Sequence[str]) -> Moments:
    """The answer as moments, a group a row."""
    if rows.num_rows == 0:
        raise NothingLeft(columns=", ".join(columns))
    p = len(columns)
    products = np.empty((rows.num_rows, p, p))
    for i in range(p):
        for j in range(i + 1):
            products[:, i, j] = products[:, j, i] = _column(rows, f"p{i}_{j}")
    sums = np.stack([_column(rows, f"s{i}") for i in range(p)], axis=1)
    return Moments(tuple(columns), _column(rows, "n"), sums, products)


def _column(rows: pa.Table, name: str) -> np.ndarray:
    return np.asarray(rows[name].to_pylist(), dtype=np.float64)


def check_column(table: ir.Table, column: str) -> None:
    """The column must be there."""
    if column not in table.columns:
        raise UnknownColumn(column=column, choices=tuple(table.columns))

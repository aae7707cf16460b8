"""What changed, and where it comes from: the parts of each unit, channel or journey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.drivers.asked import check_column
from zhiyin.engine import Query
from zhiyin.errors import ZhiyinError
from zhiyin.maths.decompose import change_parts
from zhiyin.maths.estimate import Estimate

NONE = "(none)"
"""Stands for a group that was not recorded."""


class NoSuchPeriod(ZhiyinError):
    """There are no answers in a period."""

    code: ClassVar[str] = "drivers.no_such_period"
    message: ClassVar[str] = "There are no answers in the period {period!r}."


@dataclass(frozen=True, slots=True)
class Source:
    """One group's part of a change.

    Parameters
    ----------
    key : of the group. before, after : its mean (None without answers). share_before, share_after : of the answers.
    within : part because its answers changed. mix : part because it became larger or smaller.
    """

    key: str
    before: float | None
    after: float | None
    share_before: float
    share_after: float
    within: Estimate
    mix: Estimate


@dataclass(frozen=True, slots=True)
class ChangeSources:
    """A change of a mean, and its parts, the largest first.

    Parameters
    ----------
    total : the change. within, mix : what is due to answers and to who answered; they add up to the total.
    """

    total: Estimate
    within: Estimate
    mix: Estimate
    sources: tuple[Source, ...]


def change_sources(
    answers: ir.Table, *, outcome: str, by: str, before: object, after: object, period: str = "period"
) -> Query[ChangeSources]:
    """Split the change of a mean between two periods by groups.

    Parameters
    ----------
    answers : one row an answer. outcome : column whose mean changed. by : column of the groups.
    before, after : the two values of ``period`` that are compared.

    Raises
    ------
    UnknownColumn : at once. NoSuchPeriod : when computed.
    """
    for column in (outcome, by, period):
        check_column(answers, column)
    rows = answers.filter(answers[outcome].notnull(), answers[period].isin([before, after]))
    whole = rows[outcome].type().is_integer() or rows[outcome].type().is_boolean()
    value = rows[outcome].cast("int64" if whole else "float64")
    expression = (
        rows.mutate(group_=rows[by].cast("string").fill_null(NONE), late_=rows[period] == after, value_=value)
        .group_by(["group_", "late_"])
        .aggregate(n=lambda t: t.count(), total=lambda t: t.value_.sum(), squares=lambda t: (t.value_ * t.value_).sum())
        .order_by([ibis.asc("group_"), ibis.asc("late_")])
    )

    def finish(found: pa.Table) -> ChangeSources:
        keys = sorted(set(found["group_"].to_pylist()))
        table = np.zeros((2, 3, len(keys)))
        for row in found.to_pylist():
            table[int(row["late_"]), :, keys.index(row["group_"])] = row["n"], row["total"], row["squares"]
        for place, name in enumerate((before, after)):
            if not table[place, 0].sum():
                raise NoSuchPeriod(period=str(name))
        return _sources(keys, table)

    return Query(expression, finish)


def _sources(keys: list[str], table: np.ndarray) -> ChangeSources:
    (n0, s0, q0), (n1, s1, q1) = table
    parts = change_parts((n0, s0, q0), (n1, s1, q1))
    found = [
        Source(
            key=key,
            before=float(s0[place] / n0[place]) if n0[place] else None,
            after=float(s1[place] / n1[place]) if n1[place] else None,
            share_before=float(n0[place] / n0.sum()),
            share_after=float(n1[place] / n1.sum()),
            within=Estimate(float(parts.within_parts[place]), float(parts.within_errors[place])),
            mix=Estimate(float(parts.mix_parts[place]), float(parts.mix_errors[place])),
        )
        for place, key in enumerate(keys)
    ]
    found.sort(key=lambda source: (-abs(source.within.value + source.mix.value), source.key))
    return ChangeSources(parts.total, parts.within, parts.mix, tuple(found))

"""What was asked for: groups, period, filters, kind of sample, level, threshold; checked once for every measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import ibis
import ibis.expr.types as ir

from zhiyin.errors import ZhiyinError
from zhiyin.satisfaction.periods import (
    PERIODS,
    Expression,
    Period,
    UnknownPeriod,
    day_number,
    local_day,
    offsets,
    period_number,
)
from zhiyin.tables import UnknownColumn
from zhiyin.tables.figures import Value

Sampled = Literal["only", "spontaneous", "all"]
Where = Mapping[str, Value | Sequence[Value]]

NUMBER: Final = "_period"
"""Column of the number of the period."""
_MOST_COLUMNS: Final = 4
"""More would publish 32 tables of margins."""


class WrongOption(ZhiyinError):
    """An option has a value that makes no sense."""

    code = "satisfaction.wrong_option"
    message = "{option} is {given}; it must be {wanted}."


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that all measures share.

    Parameters
    ----------
    by : columns of the groups.
    period, time_zone : see ``zhiyin.satisfaction.periods``.
    where : columns and the values to which rows are limited, sorted by column.
    since, until : first local day counted, and first day no longer counted; None for no limit.
    as_of : rows recorded later are left out, microseconds UTC; None for all.
    level, minimum, totals : see the measures.
    """

    by: tuple[str, ...]
    period: Period | None
    time_zone: str
    where: tuple[tuple[str, tuple[Value, ...]], ...]
    since: date | None
    until: date | None
    as_of: int | None
    level: float
    minimum: int
    totals: bool

    def margins(self) -> tuple[tuple[str, ...], ...]:
        """Subsets of ``by`` of which figures are wanted, the whole first and the empty one last."""
        wanted = range(2 ** len(self.by)) if self.totals else (0, 2 ** len(self.by) - 1)
        return tuple(
            tuple(column for place, column in enumerate(self.by) if not mask >> place & 1)
            for mask in sorted(set(wanted))
        )


def asked(
    by: str | Sequence[str],
    period: Period | None,
    time_zone: str,
    where: Where | None,
    since: date | None,
    until: date | None,
    as_of: int | None,
    level: float,
    minimum: int,
    totals: bool,
) -> Asked:
    """The options as :class:`Asked`.

    Raises
    ------
    WrongOption, UnknownPeriod, UnknownZone : naming what is wrong.
    """
    columns = (by,) if isinstance(by, str) else tuple(by)
    if len(set(columns)) != len(columns) or len(columns) > _MOST_COLUMNS:
        raise WrongOption(option="by", given=columns, wanted=f"at most {_MOST_COLUMNS} different columns")
    if period is not None and period not in PERIODS:
        raise UnknownPeriod(period=period, choices=PERIODS)
    if not 0 < level < 1:
        raise WrongOption(option="level", given=level, wanted="between 0 and 1")
    if minimum < 0:
        raise WrongOption(option="minimum", given=minimum, wanted="0 or more")
    if since is not None and until is not None and since >= until:
        raise WrongOption(option="until", given=until, wanted=f"after {since}")
    offsets(time_zone)
    return Asked(
        by=columns,
        period=period,
        time_zone=time_zone,
        where=tuple(sorted((column, _values(wanted)) for column, wanted in (where or {}).items())),
        since=since,
        until=until,
        as_of=as_of,
        level=level,
        minimum=minimum,
        totals=totals,
    )


def _values(wanted: Value | Sequence[Value]) -> tuple[Value, ...]:
    if wanted is None or isinstance(wanted, (str, int, bool)):
        return (wanted,)
    return tuple(sorted(set(wanted), key=lambda value: (value is None, str(value))))


def limited(rows: ir.Table, options: Asked, *, time: str) -> ir.Table:
    """The rows that count, with the number of their period in :data:`NUMBER`.

    Parameters
    ----------
    rows : any table with the columns named in ``by`` and ``where``.
    options : see :class:`Asked`.
    time : name of the column of the time that puts a row into its period.

    Raises
    ------
    UnknownColumn : the table lacks a column; the nearest name is suggested.
    """
    for column in (*options.by, *(name for name, _ in options.where)):
        if column not in rows.columns:
            raise UnknownColumn(table=_name(rows), column=column, choices=tuple(rows.columns))
    at: Expression = rows[time]
    day = local_day(at, options.time_zone)
    # A row that does not say when counts over all time, and in no period.
    kept = [at.notnull()] if options.period or options.since or options.until else []
    kept.extend(_is_one_of(rows[column], wanted) for column, wanted in options.where)
    if options.since is not None:
        kept.append(day >= day_number(options.since))
    if options.until is not None:
        kept.append(day < day_number(options.until))
    if options.as_of is not None:
        kept.append(recorded(rows, time) <= options.as_of)
    return (rows.filter(*kept) if kept else rows).mutate(**{NUMBER: period_number(day, options.period)})


def recorded(rows: ir.Table, time: str) -> Expression:
    """When each row was recorded; where that is not stated, when it happened."""
    return ibis.coalesce(rows["recorded_us"], rows[time])


def _is_one_of(column: Expression, wanted: tuple[Value, ...]) -> Expression:
    stated = [value for value in wanted if value is not None]
    found: Expression = column.isin(stated) if stated else ibis.literal(False)
    return found | column.isnull() if None in wanted else found


def _name(rows: ir.Table) -> str:
    try:
        return str(rows.get_name())
    except (AttributeError, ibis.common.exceptions.IbisError):
        return "of the question"

"""Units seen over periods: staggered changes, one changed unit beside a mix, and plain before and after."""

from __future__ import annotations

from typing import ClassVar

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.engine import Query
from zhiyin.errors import ZhiyinError
from zhiyin.evidence.asked import check_columns, column, summable
from zhiyin.evidence.grade import Design, Evidence, at_least, at_most
from zhiyin.maths.arrays import Floats, Integers, TooFew
from zhiyin.maths.estimate import Estimate
from zhiyin.maths.staggered import NEVER, Against, StaggeredFit, fit_staggered
from zhiyin.maths.synthetic_control import fit_synthetic, placebo_test


class UnknownUnit(ZhiyinError):
    """The changed unit has no answers in every period."""

    code: ClassVar[str] = "evidence.unknown_unit"
    message: ClassVar[str] = "{unit!r} does not have answers in every period, so nothing can be said of it."


class UnknownPeriod(ZhiyinError):
    """The period of the change is not among those with answers."""

    code: ClassVar[str] = "evidence.unknown_period"
    message: ClassVar[str] = "There are no answers in the period {period!r}."


def staggered_effect(
    answers: ir.Table,
    *,
    outcome: str,
    unit: str = "unit_id",
    period: str = "period",
    started: str = "started",
    against: Against = Against.NEVER,
    level: float = 0.95,
) -> Query[tuple[Evidence, StaggeredFit]]:
    """Effect of a change that reached units at different times.

    Parameters
    ----------
    answers : one row an answer. outcome : column judged. unit : what was changed.
    period : of the answer; months, say, in an order that sorts. started : period from which its unit was changed, or
        missing; the same in all its rows.
    against : see :class:`~zhiyin.maths.staggered.Against`.

    Returns
    -------
    The evidence (mean effect over changed units and periods), and all effects by start and period.

    Raises
    ------
    UnknownColumn : at once. NoComparison, UnknownPeriod : when computed.
    """
    check_columns(answers, outcome, unit, period, started)
    rows = answers.filter(answers[outcome].notnull(), answers[unit].notnull(), answers[period].notnull())
    expression = (
        rows.group_by([unit, period])
        .aggregate(n_=rows.count(), total_=summable(rows, outcome).sum(), started_=rows[started].max())
        .order_by([ibis.asc(unit), ibis.asc(period)])
    )

    def finish(found: pa.Table) -> tuple[Evidence, StaggeredFit]:
        panel, units, periods, left_out = _panel(found, unit, period)
        began: dict[object, object] = dict(zip(found[unit].to_pylist(), found["started_"].to_pylist(), strict=True))
        starts = _starts([began[key] for key in units], periods)
        fit = fit_staggered(panel, starts, against=against, level=level)
        low, high = fit.simple.interval(level)
        before = int((fit.periods < fit.starts).sum())
        evidence = Evidence(
            design=Design.STAGGERED,
            change=fit.simple.value,
            low=low,
            high=high,
            level=level,
            changed=fit.changed,
            compared=fit.units - fit.changed,
            left_out=left_out + len(units) - fit.units,
            checks=(
                at_least("effects_before_tested", before, 1),
                at_least("trends_before_p", fit.pre_trend_p, 0.05),
                at_least("changed_units", fit.changed, 10),
                at_least("unchanged_units", fit.units - fit.changed, 10),
            ),
        )
        return evidence, fit

    return Query(expression, finish)


def synthetic_effect(
    answers: ir.Table,
    *,
    outcome: str,
    changed_unit: str,
    changed_from: object,
    unit: str = "unit_id",
    period: str = "period",
) -> Query[Evidence]:
    """Effect of a change in one unit, beside a mix of the others.

    Parameters
    ----------
    answers : one row an answer; leave out units that felt the change too.
    changed_unit : key of the unit. changed_from : first period with the change.

    Raises
    ------
    UnknownColumn : at once. UnknownUnit, UnknownPeriod, TooFew : when computed.
    """
    check_columns(answers, outcome, unit, period)
    rows = answers.filter(answers[outcome].notnull(), answers[unit].notnull(), answers[period].notnull())
    expression = (
        rows.group_by([unit, period])
        .aggregate(n_=rows.count(), total_=summable(rows, outcome).sum())
        .order_by([ibis.asc(unit), ibis.asc(period)])
    )

    def finish(found: pa.Table) -> Evidence:
        panel, units, periods, left_out = _panel(found, unit, period)
        if changed_unit not in units:
            raise UnknownUnit(unit=changed_unit)
        if changed_from not in periods:
            raise UnknownPeriod(period=str(changed_from))
        before, own = periods.index(changed_from), units.index(changed_unit)
        donors = np.delete(panel, own, axis=0).T
        fit = fit_synthetic(panel[own], donors, before=before)
        placebo = placebo_test(panel[own], donors, before=before)
        usual = float(donors[:before].std(axis=1).mean())
        return Evidence(
            design=Design.SYNTHETIC,
            change=fit.effect,
            low=None,
            high=None,
            level=1.0 - placebo.p,
            changed=1,
            compared=donors.shape[1],
            left_out=left_out,
            checks=(
                at_most("gap_before", fit.before_error, 0.5 * usual),
                at_most("placebo_p", placebo.p, 0.1),
                at_least("donors", donors.shape[1], 10),
                at_least("periods_before", before, 5),
            ),
        )

    return Query(expression, finish)


def before_after(answers: ir.Table, *, outcome: str, is_after: str, level: float = 0.95) -> Query[Evidence]:
    """How an outcome changed. It is never called an effect: much else changed too.

    Parameters
    ----------
    answers : one row an answer. is_after : flag of the time since the action.
    """
    check_columns(answers, outcome, is_after)
    rows = answers.filter(answers[outcome].notnull(), answers[is_after].notnull())
    value = summable(rows, outcome)
    expression = (
        rows.group_by(is_after)
        .aggregate(n=rows.count(), total_=value.sum(), squares_=(value * value).sum())
        .order_by(ibis.asc(is_after))
    )

    def finish(found: pa.Table) -> Evidence:
        by_time = {bool(flag): place for place, flag in enumerate(found[is_after].to_pylist())}
        if len(by_time) < 2:
            raise UnknownPeriod(period=is_after)
        n, total, squares = (column(found, name) for name in ("n", "total_", "squares_"))
        if n.min() < 2:
            raise TooFew(name="answers", given=int(n.min()), needed=2)
        mean = total / n
        spread = np.maximum(squares - n * mean**2, 0.0) / (n - 1.0)
        one, two = by_time[True], by_time[False]
        change = Estimate(float(mean[one] - mean[two]), float(np.sqrt(spread[one] / n[one] + spread[two] / n[two])))
        low, high = change.interval(level)
        return Evidence(Design.BEFORE_AFTER, change.value, low, high, level, int(n[one]), int(n[two]), ())

    return Query(expression, finish)


def _panel(found: pa.Table, unit: str, period: str) -> tuple[Floats, list[object], list[object], int]:
    """Means of the units that have answers in every period, (units, periods), and how many had not."""
    keys, times = found[unit].to_pylist(), found[period].to_pylist()
    periods = sorted(set(times))
    place = {time: at for at, time in enumerate(periods)}
    units = sorted(set(keys))
    at = {key: number for number, key in enumerate(units)}
    panel = np.full((len(units), len(periods)), np.nan)
    means = column(found, "total_") / column(found, "n_")
    for key, time, mean in zip(keys, times, means, strict=True):
        panel[at[key], place[time]] = mean
    whole = ~np.isnan(panel).any(axis=1)
    kept = [key for key, is_whole in zip(units, whole, strict=True) if is_whole]
    return panel[whole], kept, periods, int((~whole).sum())


def _starts(began: list[object], periods: list[object]) -> Integers:
    """Place of each start among the periods. A start after the last period has not happened yet."""
    starts = []
    for start in began:
        if start is None:
            starts.append(NEVER)
            continue
        later = [place for place, time in enumerate(periods) if time >= start]  # type: ignore[operator]  # of one column
        starts.append(later[0] if later else NEVER)
    return np.array(starts, dtype=np.int64)

"""Watching a randomised hold-out day by day, without being fooled by looking often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.engine import Query
from zhiyin.evidence.asked import check_columns, column
from zhiyin.evidence.grade import Design, Evidence, at_least
from zhiyin.maths.arrays import Integers, TooFew
from zhiyin.maths.experiment import ratio_p
from zhiyin.maths.moments import Moments
from zhiyin.maths.sequential import confidence_sequence

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Day:
    """What was known at the end of a day.

    Parameters
    ----------
    day : days since 1 January 1970, UTC. treated, control : units that had answered.
    change, low, high : the difference so far and its confidence sequence; None before there are enough answers.
    """

    day: int
    treated: int
    control: int
    change: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Watch:
    """All days, and the day on which it was decided (None: not yet)."""

    days: tuple[Day, ...]
    decided_on: int | None
    evidence: Evidence


def holdout_watch(
    answers: ir.Table,
    *,
    outcome: str,
    planned: int,
    at: str = "answered_us",
    treated: str = "is_treated",
    unit: str = "customer_id",
    before: Sequence[str] = (),
    planned_share: float = 0.5,
    alpha: float = 0.05,
    least: int = 100,
) -> Query[Watch]:
    """The difference of the arms at the end of every day, with limits that hold on all days together.

    Parameters
    ----------
    answers : one row an answer; of each unit the first counts.
    outcome, treated, unit, before : columns, as for :func:`~zhiyin.evidence.holdout.holdout_effect`; ``before``
        without gaps.
    planned : units expected in all; the limits are tightest there.
    at : instant of the answer in microseconds. least : units before which nothing is said.

    Raises
    ------
    UnknownColumn : at once.
    """
    check_columns(answers, outcome, treated, unit, at, *before)
    rows = answers.filter(answers[outcome].notnull(), answers[treated].notnull(), answers[unit].notnull())
    names = ("outcome_", *(f"before_{place}" for place in range(len(before))))
    first = rows.group_by(unit).aggregate(
        day_=(rows[at].min() // DAY_US).cast("int64"),
        arm_=rows[treated].cast("int64").max(),
        outcome_=rows[outcome].cast("float64").argmin(rows[at]),
        **{f"before_{place}": rows[name].cast("float64").argmin(rows[at]) for place, name in enumerate(before)},
    )
    sums = {f"s{i}": first[name].sum() for i, name in enumerate(names)}
    products = {
        f"p{i}_{j}": (first[a] * first[b]).sum() for i, a in enumerate(names) for j, b in enumerate(names[: i + 1])
    }
    grouped = first.group_by(["day_", "arm_"]).aggregate(n=first.count(), **sums, **products)

    def finish(found: pa.Table) -> Watch:
        day, arm = column(found, "day_").astype(np.int64), column(found, "arm_").astype(np.int64)
        moments = _moments(found, names)
        return _watched(day, arm, moments, planned, planned_share, alpha, least)

    return Query(grouped.order_by([ibis.asc("day_"), ibis.asc("arm_")]), finish)


def _moments(found: pa.Table, names: Sequence[str]) -> Moments:
    p = len(names)
    products = np.empty((found.num_rows, p, p))
    for i in range(p):
        for j in range(i + 1):
            products[:, i, j] = products[:, j, i] = column(found, f"p{i}_{j}")
    sums = np.stack([column(found, f"s{i}") for i in range(p)], axis=1)
    return Moments(tuple(names), column(found, "n"), sums, products)


def _watched(
    day: Integers, arm: Integers, data: Moments, planned: int, share: float, alpha: float, least: int
) -> Watch:
    days = np.unique(day)
    if not len(days):
        raise TooFew(name="answers", given=0, needed=1)
    counts, values, errors = [], [], []
    for until in days:
        seen = [(day <= until) & (arm == which) for which in (1, 0)]
        sizes = [float(data.count[chosen].sum()) for chosen in seen]
        value, error = (0.0, np.inf) if min(sizes) < 10 else _difference(data, seen)
        counts.append(sizes)
        values.append(value)
        errors.append(error)
    total = np.array([sum(sizes) for sizes in counts])
    usable = np.isfinite(errors)
    result = confidence_sequence(
        np.array(values)[usable], np.array(errors)[usable], total[usable], planned=planned, alpha=alpha, least=least
    )
    shown = []
    place = 0
    for number, until in enumerate(days):
        known = bool(usable[number]) and np.isfinite(result.low[place])
        shown.append(
            Day(
                day=int(until),
                treated=int(counts[number][0]),
                control=int(counts[number][1]),
                change=float(result.values[place]) if known else None,
                low=float(result.low[place]) if known else None,
                high=float(result.high[place]) if known else None,
            )
        )
        place += int(usable[number])
    decided = result.decided_at
    last = shown[-1]
    evidence = Evidence(
        design=Design.RANDOMISED,
        change=last.change or 0.0,
        low=last.low,
        high=last.high,
        level=1.0 - alpha,
        changed=last.treated,
        compared=last.control,
        checks=(at_least("arm_sizes_p", ratio_p(last.treated, last.control, share), 0.001),),
    )
    return Watch(tuple(shown), None if decided is None else int(days[usable][decided]), evidence)


def _difference(data: Moments, seen: list[np.ndarray]) -> tuple[float, float]:
    """Difference of the arms at everybody's covariates, slopes of each arm its own, and its error."""
    arms = [
        Moments(data.columns, data.count[chosen], data.sums[chosen], data.products[chosen]).pooled() for chosen in seen
    ]
    everybody = Moments(
        data.columns,
        np.array([arm.n for arm in arms]),
        np.concatenate([arm.sums for arm in arms]),
        np.concatenate([arm.products for arm in arms]),
    )
    centre = everybody.mean()[1:]
    value, variance, slopes = 0.0, 0.0, []
    for sign, arm in zip((1.0, -1.0), arms, strict=True):
        mean, covariance = arm.mean(), arm.covariance()
        beta = np.linalg.lstsq(covariance[1:, 1:], covariance[1:, 0], rcond=1e-10)[0]
        value += sign * float(mean[0] + beta @ (centre - mean[1:]))
        left = float(covariance[0, 0] - beta @ covariance[1:, 0])
        variance += left / max(arm.n - 1 - len(beta), 1.0)
        slopes.append(sign * beta)
    tilt = np.sum(slopes, axis=0)
    variance += float(tilt @ everybody.covariance()[1:, 1:] @ tilt) / everybody.n
    return value, float(np.sqrt(variance))

"""How much of satisfaction goes with each driver, and in which order, with the doubt about both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.drivers.asked import Resample, complete, moments_expression, moments_of
from zhiyin.drivers.performance import Quadrant, quadrants
from zhiyin.engine import Query
from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Floats, OutOfRange, TooFew, sum_by
from zhiyin.maths.linear import fit_linear
from zhiyin.maths.moments import Moments
from zhiyin.maths.relative_weights import relative_weights
from zhiyin.maths.shapley import MOST, shapley_r_squared

_DRAWN_EXACTLY: Final = 12
"""Drivers up to which every sample is split exactly; beyond, by relative weights, moved to the exact value."""
FEWEST: Final = 20
"""Groups below which nothing is resampled: intervals would be too narrow."""


class TooFewUnits(ZhiyinError):
    """Too few units to resample."""

    code: ClassVar[str] = "drivers.too_few_units"
    message: ClassVar[str] = (
        "{given} groups are too few to say how sure the ranks are; {needed} are needed. "
        "Resample customers instead of units."
    )


class Split(StrEnum):
    """How the explained variance was split."""

    SHAPLEY = "shapley"
    RELATIVE_WEIGHTS = "relative_weights"


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver.

    Parameters
    ----------
    name : column.
    importance : share of the explained variance, 0 to 1; all add up to 1. low, high : interval.
    first_rank, last_rank : plausible places by importance, 1 the most important.
    effect : change of the outcome that goes with one unit more of the driver, all else equal.
    effect_low, effect_high : interval.
    mean : of the driver. performance : the same on 0-100, or None without a scale.
    quadrant : place on the importance-performance map, or None.
    """

    name: str
    importance: float
    low: float
    high: float
    first_rank: int
    last_rank: int
    effect: float
    effect_low: float
    effect_high: float
    mean: float
    performance: float | None
    quadrant: Quadrant | None


@dataclass(frozen=True, slots=True)
class KeyDrivers:
    """Drivers, the most important first.

    Parameters
    ----------
    outcome : what is explained. n : rows with all columns.
    r_squared : share of the outcome's variance that goes with the drivers.
    within : column within whose levels answers were compared; None: all together. split : see :class:`Split`.
    """

    outcome: str
    drivers: tuple[Driver, ...]
    n: int
    r_squared: float
    within: str | None
    split: Split
    level: float

    def driver(self, name: str) -> Driver:
        """The driver of a name."""
        return next(driver for driver in self.drivers if driver.name == name)


def key_drivers(
    answers: ir.Table,
    *,
    outcome: str,
    drivers: Sequence[str],
    within: str | None = "unit_id",
    resample: Resample | None = None,
    customer: str = "customer_id",
    scales: Mapping[str, tuple[float, float]] | None = None,
    samples: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Query[KeyDrivers]:
    """Importance of drivers of an outcome.

    Parameters
    ----------
    answers : one row a respondent or a touch, e.g. from :func:`~zhiyin.drivers.asked.questionnaire`.
    outcome, drivers : columns of numbers, or of yes and no. Rows missing one of them are left out.
    within : compare within the levels of this column only; None to compare everybody with everybody.
    resample : see :class:`~zhiyin.drivers.asked.Resample`; None: units if ``within``, else customers.
    customer : column of customers, for their blocks.
    scales : lowest and highest value of drivers that are answers, for performance.
    samples : of the bootstrap. level : of the intervals.

    Raises
    ------
    UnknownColumn, NotANumber : at once. NothingLeft, TooFewUnits, Constant, Repeated : when computed.
    """
    if not drivers:
        raise TooFew(name="drivers", given=0, needed=1)
    if not 0.5 <= level < 1.0:
        raise OutOfRange(name="level", given=level, wanted="from 0.5 to below 1")
    drawn = resample or (Resample.CUSTOMERS if within is None else Resample.UNITS)
    columns = (*drivers, outcome)
    rows = complete(answers, columns)

    def finish(found: pa.Table) -> KeyDrivers:
        groups = None if within is None else np.array(found["group_"].to_pylist(), dtype=object).astype(str)
        blocks = None
        if drawn is Resample.CUSTOMERS:
            blocks = np.array(found["block_"].to_pylist(), dtype=object).astype(str)
        pooled = _Pooled.of(moments_of(found, columns), groups, blocks)
        return _importance(pooled, columns, within, scales or {}, samples, level, seed)

    return Query(moments_expression(rows, columns, within=within, resample=drawn, customer=customer), finish)


@dataclass(frozen=True, slots=True, eq=False)
class _Pooled:
    """Cross-products of deviations, one a thing that is resampled, and what is lost to the means."""

    deviations: Floats
    count: Floats
    mean: Floats
    lost: int

    @classmethod
    def of(cls, data: Moments, groups: np.ndarray | None, blocks: np.ndarray | None) -> _Pooled:
        """Deviations from the mean of the group (or of all), added up by block, or by group where there is none."""
        unit = np.zeros(len(data.count), dtype=np.int64)
        if groups is not None:
            unit = np.unique(groups, return_inverse=True)[1].astype(np.int64)
        units = int(unit.max()) + 1
        count = sum_by(unit, data.count, units)
        sums = np.zeros((units, len(data.columns)))
        np.add.at(sums, unit, data.sums)
        centre = (sums / count[:, None])[unit]
        crossed = centre[:, :, None] * data.sums[:, None, :]
        deviations = (
            data.products
            - crossed
            - np.swapaxes(crossed, 1, 2)
            + data.count[:, None, None] * centre[:, :, None] * centre[:, None, :]
        )
        drawn = unit if blocks is None else np.unique(blocks, return_inverse=True)[1].astype(np.int64)
        things = int(drawn.max()) + 1
        added = np.zeros((things, *deviations.shape[1:]))
        np.add.at(added, drawn, deviations)
        return cls(added, sum_by(drawn, data.count, things), data.mean(), units)


def _importance(
    data: _Pooled,
    columns: tuple[str, ...],
    within: str | None,
    scales: Mapping[str, tuple[float, float]],
    samples: int,
    level: float,
    seed: int,
) -> KeyDrivers:
    n = float(data.count.sum())
    covariance = data.deviations.sum(axis=0) / n
    fit = fit_linear(covariance, columns, n=n, lost=data.lost)
    exact = len(columns) - 1 <= MOST
    parts = shapley_r_squared(covariance) if exact else relative_weights(covariance)
    importance = parts / parts.sum() if parts.sum() > 0 else np.full(len(parts), 1.0 / len(parts))
    shares, effects = _drawn(data, importance, samples, seed)
    tails = [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
    low, high = np.quantile(shares, tails, axis=0)
    effect_low, effect_high = np.quantile(effects, tails, axis=0)
    ranks = np.argsort(np.argsort(-shares, axis=1, kind="stable"), axis=1, kind="stable") + 1
    first, last = np.quantile(ranks, tails, axis=0, method="inverted_cdf")
    performance = [_performance(data.mean[place], scales.get(name)) for place, name in enumerate(columns[:-1])]
    places = quadrants(importance.tolist(), performance)
    found = [
        Driver(
            name=name,
            importance=float(importance[place]),
            low=float(max(low[place], 0.0)),
            high=float(min(high[place], 1.0)),
            first_rank=int(first[place]),
            last_rank=int(last[place]),
            effect=float(fit.coefficients[place]),
            effect_low=float(effect_low[place]),
            effect_high=float(effect_high[place]),
            mean=float(data.mean[place]),
            performance=performance[place],
            quadrant=places[place],
        )
        for place, name in enumerate(columns[:-1])
    ]
    return KeyDrivers(
        outcome=columns[-1],
        drivers=tuple(sorted(found, key=lambda driver: (-driver.importance, driver.name))),
        n=int(n),
        r_squared=fit.r_squared,
        within=within,
        split=Split.SHAPLEY if exact else Split.RELATIVE_WEIGHTS,
        level=level,
    )


def _drawn(data: _Pooled, importance: Floats, samples: int, seed: int) -> tuple[Floats, Floats]:
    """Shares and effects in bootstrap samples, (samples, drivers)."""
    things, p = len(data.count), len(importance)
    if things < FEWEST:
        raise TooFewUnits(given=things, needed=FEWEST)
    times = np.random.default_rng(seed).multinomial(things, np.full(things, 1.0 / things), size=samples)
    flat = times.astype(np.float64) @ data.deviations.reshape(things, -1)
    drawn = flat.reshape(samples, p + 1, p + 1) / (times @ data.count)[:, None, None]
    inside, right = drawn[:, :-1, :-1], drawn[:, :-1, -1:]
    effects = np.linalg.solve(inside + 1e-12 * np.eye(p) * np.trace(inside, axis1=1, axis2=2)[:, None, None], right)
    if p <= _DRAWN_EXACTLY:
        parts = np.concatenate([shapley_r_squared(drawn[start : start + 64]) for start in range(0, samples, 64)])
        return parts / parts.sum(axis=1, keepdims=True), effects[..., 0]
    parts = relative_weights(drawn)
    shares = parts / parts.sum(axis=1, keepdims=True)
    nearly = relative_weights(data.deviations.sum(axis=0))
    return shares + (importance - nearly / nearly.sum()), effects[..., 0]


def _performance(mean: float, scale: tuple[float, float] | None) -> float | None:
    return None if scale is None else float(100.0 * (mean - scale[0]) / (scale[1] - scale[0]))

r"""Difference in differences when a change comes to units at different times.

New queue rules reach some branches in March, others in June, some not at all. The effect on those that began in period
g, seen in period t, is their change since just before g, less the change of those that were not (yet) reached:

.. math:: ATT(g, t) = E[Y_t - Y_{g-1} \mid G = g] - E[Y_t - Y_{g-1} \mid \text{never reached}].

Every such effect is estimated by itself and only then averaged (Callaway and Sant'Anna). The older habit of one
regression with unit and period constants uses branches already changed as comparison for later ones and can turn the
sign when effects grow.

Effects for :math:`t < g` should be 0; a joint test of all of them (``pre_trend_p``) is the check of the one assumption:
without the change, both would have moved alike. It cannot prove it.

**When not to use it.** With a handful of changed units (:mod:`zhiyin.maths.synthetic_control`); when those that were
changed were chosen because they were sinking; when the change spills over to the comparison.

References
----------
Callaway, Sant'Anna (2021), Difference-in-differences with multiple time periods, Journal of Econometrics 225, 200-230.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Floats, Integers, OutOfRange, TooFew, WrongShape, floats
from zhiyin.maths.estimate import Estimate
from zhiyin.maths.intervals import normal_quantile

NEVER = -1
"""Start of a unit that the change never reached."""


class NoComparison(ZhiyinError):
    """Nobody is left to compare with."""

    code: ClassVar[str] = "staggered.no_comparison"
    message: ClassVar[str] = (
        "There are {given} units to compare with, at least 2 are needed. "
        "Keep some units unchanged until the end, or compare with those not yet changed."
    )


class Against(StrEnum):
    """Who is compared with: those never changed, or all not changed yet."""

    NEVER = "never"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True, eq=False)
class StaggeredFit:
    """Effects by start and period, and their averages.

    Parameters
    ----------
    starts, periods : place of the period in which the group began, and of the one looked at. Shape (effects,).
    effects, errors : ATT(g, t) and standard error. low, high : band that holds all of them at once at ``level``.
    pre_trend_p : probability of effects before the start as large as these, if there are none; 1 with none to test.
        An F test: with 60 units and 15 effects it rejects 10 % of flat trends at 5 %.
    pre_trend_asymptotic_p : the same by chi-square, as R's did prints it; with 60 units it rejects 40 %.
    simple : mean effect over all changed units and periods. by_start : mean over starts of each start's mean effect.
    dynamic : mean over times since the start. lags, lag_effects, lag_errors : effect by periods since the start
        (negative: before).
    units, changed : how many there are; how many were reached.
    """

    starts: Integers
    periods: Integers
    effects: Floats
    errors: Floats
    low: Floats
    high: Floats
    level: float
    pre_trend_p: float
    pre_trend_asymptotic_p: float
    simple: Estimate
    by_start: Estimate
    dynamic: Estimate
    lags: Integers
    lag_effects: Floats
    lag_errors: Floats
    units: int
    changed: int


def fit_staggered(
    outcome: ArrayLike,
    starts: ArrayLike,
    *,
    against: Against = Against.NEVER,
    level: float = 0.95,
    seed: int = 0,
    draws: int = 2000,
) -> StaggeredFit:
    """Estimate effects of a change that comes at different times.

    Parameters
    ----------
    outcome : a value a unit and period, shape (units, periods), periods in order.
    starts : place of the first period in which each unit was changed, ``0 .. periods-1``; :data:`NEVER` for none.
        Units changed in period 0 were never seen before it and are left out.
    against : see :class:`Against`.
    level : of the simultaneous band. seed, draws : of the multiplier bootstrap behind it.

    Raises
    ------
    NoComparison : fewer than two units to compare with. TooFew : no changed unit with a period before.
    """
    y = floats(outcome, "outcome", dimensions=2)
    start = np.asarray(starts, dtype=np.int64)
    if start.shape != (len(y),):
        raise WrongShape(name="starts", given=start.shape, wanted=(len(y),))
    periods = y.shape[1]
    if len(start) and (start.min() < NEVER or start.max() >= periods):
        raise OutOfRange(name="starts", given=int(start.max()), wanted=f"from {NEVER} to {periods - 1}")
    kept = start != 0
    y, start = y[kept], start[kept]
    groups = [int(group) for group in np.unique(start[start > 0])]
    if not groups:
        raise TooFew(name="units changed after the first period", given=0, needed=1)
    cells = [(group, period) for group in groups for period in range(1, periods)]
    found = [_effect(y, start, group, period, against) for group, period in cells]
    effects = np.array([effect for effect, _ in found])
    influence = np.stack([part for _, part in found], axis=1)
    errors = _errors(influence)
    g, t = (np.array(column, dtype=np.int64) for column in zip(*cells, strict=True))
    reach = _band(influence, errors, level, seed, draws) * errors
    lags = np.unique(t - g)
    by_lag = [_average(effects, influence, start, g, (t - g) == lag) for lag in lags]
    by_group = [_average(effects, influence, start, g, (g == group) & (t >= g)) for group in groups]
    sizes = np.array([(start == group).sum() for group in groups]) / (start > 0).sum()
    small, asymptotic = _pre_trend(effects[t < g], influence[:, t < g], len(groups) + 1)
    return StaggeredFit(
        starts=g,
        periods=t,
        effects=effects,
        errors=errors,
        low=effects - reach,
        high=effects + reach,
        level=level,
        pre_trend_p=small,
        pre_trend_asymptotic_p=asymptotic,
        simple=_estimate(*_average(effects, influence, start, g, t >= g)),
        by_start=_estimate(*_weighted(by_group, sizes, _shares(start, groups))),
        dynamic=_estimate(*_mean([pair for lag, pair in zip(lags, by_lag, strict=True) if lag >= 0])),
        lags=lags,
        lag_effects=np.array([value for value, _ in by_lag]),
        lag_errors=_errors(np.stack([part for _, part in by_lag], axis=1)),
        units=len(y),
        changed=int((start > 0).sum()),
    )


def _effect(y: Floats, start: Integers, group: int, period: int, against: Against) -> tuple[float, Floats]:
    """ATT(g, t) and each unit's influence on it. Before the start each period is compared with the one before."""
    base = group - 1 if period >= group else period - 1
    change = y[:, period] - y[:, base]
    ours = start == group
    theirs = start == NEVER
    if against is Against.NOT_YET:
        theirs = theirs | ((start > max(period, base)) & ~ours)
    if theirs.sum() < 2:
        raise NoComparison(given=int(theirs.sum()))
    one, two = change[ours].mean(), change[theirs].mean()
    influence = np.where(ours, (change - one) / ours.mean(), 0.0) - np.where(
        theirs, (change - two) / theirs.mean(), 0.0
    )
    return float(one - two), influence


def _average(
    effects: Floats, influence: Floats, start: Integers, groups: Integers, chosen: np.ndarray
) -> tuple[float, Floats]:
    """Mean of the chosen effects, each weighted by how many units began then, and its influence."""
    which = np.flatnonzero(chosen)
    size = np.array([(start == group).mean() for group in groups[which]])
    weights = size / size.sum()
    value = float(weights @ effects[which])
    own = np.array([start == group for group in groups[which]]).T - size
    moved = (own - weights * own.sum(axis=1, keepdims=True)) / size.sum()
    return value, influence[:, which] @ weights + moved @ effects[which]


def _shares(start: Integers, groups: list[int]) -> Floats:
    """Influence of each unit on the share of each start among the changed."""
    changed = (start > 0).mean()
    size = np.array([(start == group).mean() for group in groups])
    own = np.array([start == group for group in groups]).T - size
    return np.asarray((own - (size / changed) * ((start > 0)[:, None] - changed)) / changed)


def _weighted(pairs: list[tuple[float, Floats]], weights: Floats, moved: Floats) -> tuple[float, Floats]:
    values = np.array([value for value, _ in pairs])
    parts = np.stack([part for _, part in pairs], axis=1)
    return float(weights @ values), parts @ weights + moved @ values


def _mean(pairs: list[tuple[float, Floats]]) -> tuple[float, Floats]:
    return float(np.mean([value for value, _ in pairs])), np.mean([part for _, part in pairs], axis=0)


def _estimate(value: float, influence: Floats) -> Estimate:
    return Estimate(value, float(_errors(influence[:, None])[0]))


def _errors(influence: Floats) -> Floats:
    return np.asarray(np.sqrt((influence**2).mean(axis=0) / len(influence)))


def _band(influence: Floats, errors: Floats, level: float, seed: int, draws: int) -> float:
    """How many standard errors hold all effects at once: the quantile of the largest, by random signs of the units."""
    if not 0.0 < level < 1.0:
        raise OutOfRange(name="level", given=level, wanted="between 0 and 1")
    usable = errors > 0
    if not usable.any():
        return 0.0
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(draws, len(influence)))
    drawn = signs @ influence[:, usable] / len(influence)
    largest = np.abs(drawn / errors[usable]).max(axis=1)
    return max(float(np.quantile(largest, level)), normal_quantile(level))


def _pre_trend(effects: Floats, influence: Floats, groups: int) -> tuple[float, float]:
    """Wald test that all effects before the start are 0, as an F test (Hotelling) and as a chi-square test."""
    if not len(effects):
        return 1.0, 1.0
    covariance = influence.T @ influence / len(influence) ** 2
    rank = int(np.linalg.matrix_rank(covariance))
    statistic = float(effects @ np.linalg.pinv(covariance) @ effects)
    spare = len(influence) - groups
    if not rank:
        return 1.0, 1.0
    if spare < rank:
        return 1.0, float(special.chdtrc(rank, statistic))
    left = spare - rank + 1
    small = float(special.fdtrc(rank, left, statistic * left / (spare * rank)))
    return small, float(special.chdtrc(rank, statistic))

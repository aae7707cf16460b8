"""Pairs of limits, and the quantile that belongs to a level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from zhiyin.maths.arrays import Floats, OutOfRange


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """Lower and upper limits, one pair for each estimate.

    Parameters
    ----------
    low, high : arrays of the same shape, in the unit of the estimate.
    """

    low: Floats
    high: Floats


def normal_quantile(level: float) -> float:
    """The number of standard errors that a two-sided interval of that level spans to either side.

    >>> round(normal_quantile(0.95), 6)
    1.959964

    Raises
    ------
    OutOfRange : unless the level lies between 0 and 1.
    """
    if not 0 < level < 1:
        raise OutOfRange(name="level", given=level, wanted="between 0 and 1")
    return float(special.ndtri((1 + level) / 2))


def difference(
    first: ArrayLike,
    first_interval: Interval,
    second: ArrayLike,
    second_interval: Interval,
) -> Interval:
    """Limits of ``first - second`` for two independent estimates that each have limits of their own.

    The distance from each estimate to the limit that matters is squared and added (MOVER, the method of variance
    estimates recovery): the lower limit of the difference uses the lower limit of the first and the upper limit of
    the second. Uneven intervals, as near a ceiling, stay uneven. For two shares with Wilson's intervals this is
    Newcombe's method 10.

    Whether two estimates differ is read off this interval, never off the overlap of the two: intervals of 95 % may
    overlap although the difference is clear.

    Parameters
    ----------
    first, second : the estimates.
    first_interval, second_interval : their limits, at the same level.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions, *Statistics in Medicine*
    17, 873-890. Zou and Donner (2008), Construction of confidence limits about effect measures, *Statistics in
    Medicine* 27, 1693-1702.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    below = np.hypot(a - first_interval.low, second_interval.high - b)
    above = np.hypot(first_interval.high - a, b - second_interval.low)
    return Interval(a - b - below, a - b + above)

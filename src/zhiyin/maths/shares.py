"""Intervals for a share: k of n.

**Which.** :func:`wilson` is right on average over all shares and rarely far off at any; with ``corrected=True`` its
coverage nowhere falls below .92 for shares from .05 to .95 and n from 20. :func:`clopper_pearson` never falls below the
level and pays with width: for a share that is near 0 or 1 and must not be overstated. Neither knows that a customer
answered twice; pass the effective number of answers (:mod:`zhiyin.maths.clusters`) as ``trials`` for that.

The textbook interval, share plus or minus 1.96 standard errors, is not offered: at 20 of 20 it is a point.

References
----------
Wilson (1927), *Journal of the American Statistical Association* 22, 209-212. Clopper and Pearson (1934), *Biometrika*
26, 404-413. Korn and Graubard (1998), Confidence intervals for proportions with small expected number of positive
counts estimated from survey data, *Survey Methodology* 24, 193-201.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from zhiyin.maths.arrays import Floats, OutOfRange
from zhiyin.maths.intervals import Interval, normal_quantile


def wilson(share: ArrayLike, trials: ArrayLike, *, level: float = 0.95, corrected: bool = False) -> Interval:
    r"""Wilson's score interval: all shares that a test at that level would not reject.

    .. math:: \frac{p + \frac{z^2}{2N} \pm z \sqrt{\frac{p(1-p)}{N} + \frac{z^2}{4N^2}}}{1 + \frac{z^2}{N}}

    with N = n, or n - 1 when ``corrected``: the variance of a share is estimated without bias by p(1-p)/(n-1).

    >>> limits = wilson([81 / 263], [263])
    >>> float(limits.low[0].round(4)), float(limits.high[0].round(4))
    (0.2553, 0.3662)

    Parameters
    ----------
    share : k / n, from 0 to 1.
    trials : n, at least 1; need not be whole (an effective number).
    level : e.g. 0.95.
    corrected : use n - 1. One answer then gives the interval from 0 to 1.

    Raises
    ------
    OutOfRange : a share outside 0 to 1, fewer than one trial, or a level outside 0 to 1.
    """
    p, n = _checked(share, trials)
    square = normal_quantile(level) ** 2
    size = n - 1 if corrected else n
    # Multiplied by N above and below, so that N = 0 gives 0 and 1.
    middle = size * p + square / 2
    reach = np.sqrt(square * (size * p * (1 - p) + square / 4))
    return Interval(
        np.where(p == 0, 0.0, (middle - reach) / (size + square)),
        np.where(p == 1, 1.0, (middle + reach) / (size + square)),
    )


def clopper_pearson(share: ArrayLike, trials: ArrayLike, *, level: float = 0.95) -> Interval:
    """The exact interval: never covers less often than the level says.

    A share of exactly 0 or 1 has its open side at 0 or 1 and the level on the other side alone is higher than asked.
    With an effective number of trials this is the interval of Korn and Graubard.

    >>> limits = clopper_pearson([0.0], [20])
    >>> float(limits.low[0]), float(limits.high[0].round(4))
    (0.0, 0.1684)

    Parameters
    ----------
    share, trials, level : as for :func:`wilson`.

    Raises
    ------
    OutOfRange : a share outside 0 to 1, fewer than one trial, or a level outside 0 to 1.
    """
    p, n = _checked(share, trials)
    normal_quantile(level)
    tail = (1 - level) / 2
    hits, misses = p * n, (1 - p) * n
    low = special.betaincinv(np.where(p == 0, 1.0, hits), misses + 1, tail)
    high = special.betaincinv(hits + 1, np.where(p == 1, 1.0, misses), 1 - tail)
    return Interval(np.where(p == 0, 0.0, low), np.where(p == 1, 1.0, high))


def _checked(share: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    p, n = np.broadcast_arrays(np.asarray(share, dtype=np.float64), np.asarray(trials, dtype=np.float64))
    if not np.all((p >= 0) & (p <= 1)):
        raise OutOfRange(name="share", given=p[~((p >= 0) & (p <= 1))][:1].tolist(), wanted="between 0 and 1")
    if not np.all(n >= 1):
        raise OutOfRange(name="trials", given=n[~(n >= 1)][:1].tolist(), wanted="at least 1")
    return p, n

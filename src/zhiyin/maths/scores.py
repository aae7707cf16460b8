r"""One interval for every mean of scores on a closed scale: shares, NPS, 0-100 means.

Each answer earns a score between a lowest and a highest one: 0 or 1 for a share, -1, 0 or 1 for the net promoter
score, the place on the scale for a mean. The interval holds every value :math:`\theta` of the mean that a score test
does not reject:

.. math:: (n - 1)\,\frac{(\bar y - \theta)^2}{\tilde\sigma^2(\theta)} \le z^2,

where :math:`\tilde\sigma^2(\theta)` is the variance of the scores in that population, among all whose mean is
:math:`\theta`, under which the answers seen are the most likely. For two scores it is Wilson's interval, for -1, 0, 1
it is Tango's (both with n - 1 in place of n); the general case is the same idea with empirical likelihood under the
hypothesis, with the difference that **answers nobody gave yet may still be given**: where a mean so low could only
come about with answers at the bottom of the scale, the population holds some. That is what keeps the interval honest
at the ceiling: twenty answers of 5 out of 5 do not prove a mean of exactly 100, and the interval reaches down to 83,
while the t-interval is a point.

Why not the t-interval: on ceilings and rare bad answers it covers down to 48 % instead of 95
(``bench/coverage_simulation.py``). When not to use this one: when scores have no lowest and highest value (minutes,
money).

**How it is solved.** The most likely population of mean :math:`\theta` has probabilities proportional to
:math:`n_i / (1 + c\,u_i)` with :math:`u` the score from 0 to 1 and one number :math:`c` for each :math:`\theta`; beyond
:math:`c = \infty` it mixes with the bottom of the scale. So both limits are found by bisection along one path, for all
estimates at once.

References
----------
Tango (1998), Equivalence test and confidence interval for the difference in proportions for the paired-sample design,
*Statistics in Medicine* 17, 891-908. Owen (2001), *Empirical Likelihood*, section 2.9. Rocks (2016), Interval
estimation for the net promoter score, *The American Statistician* 70, 365-372, compares simpler intervals for NPS.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Flags, Floats, OutOfRange, WrongShape, floats
from zhiyin.maths.intervals import Interval, normal_quantile

_STEPS = 80
"""Halvings of a path of length 2: to the last digit of a double."""


def score_interval(
    counts: ArrayLike,
    scores: ArrayLike,
    *,
    effective: ArrayLike | None = None,
    level: float = 0.95,
) -> Interval:
    """Limits of the mean score, one pair a row.

    >>> limits = score_interval([[14, 36, 4]], [-1, 0, 1])
    >>> limits.low.round(3).tolist(), limits.high.round(3).tolist()
    ([-0.336], [-0.032])
    >>> score_interval([[0, 0, 0, 0, 20]], [0, 25, 50, 75, 100]).low.round(1).tolist()
    [83.2]

    Parameters
    ----------
    counts : (rows, scores) number of answers with each score; every row holds at least one answer.
    scores : ascending; the first and the last are the lowest and highest possible, whether or not given by anyone.
    effective : effective number of answers of each row (:mod:`zhiyin.maths.clusters`), at least 1; None for all of
        them, which is right when nobody answered twice. With 1, nothing is known and the interval is the scale.
    level : e.g. 0.95.

    Raises
    ------
    WrongShape : counts and scores do not fit.
    OutOfRange : a negative count, a row without answers, scores that do not ascend, an effective number below 1.
    """
    table, places = _checked(counts, scores)
    total = table.sum(axis=1)
    size = total if effective is None else np.broadcast_to(np.asarray(effective, dtype=np.float64), total.shape)
    if not np.all(size >= 1):
        raise OutOfRange(name="effective", given=float(size.min()), wanted="at least 1")
    span = places[-1] - places[0]
    heights = (places - places[0]) / span
    square = normal_quantile(level) ** 2
    down = _furthest(table, heights, size - 1, square)
    up = _furthest(table, 1 - heights, size - 1, square)
    return Interval(places[0] + span * down, places[-1] - span * up)


def _checked(counts: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats]:
    table = floats(counts, "counts", dimensions=2)
    places = floats(scores, "scores")
    if table.shape[1] != len(places) or len(places) < 2:
        raise WrongShape(
            name="counts", given=table.shape, wanted=f"a column for each of {len(places)} scores (2 or more)"
        )
    if not np.all(np.diff(places) > 0):
        raise OutOfRange(name="scores", given=places.tolist(), wanted="ascending")
    if np.any(table < 0):
        raise OutOfRange(name="counts", given=float(table.min()), wanted="0 or more")
    if np.any(table.sum(axis=1) <= 0):
        raise OutOfRange(name="counts", given="a row without answers", wanted="1 or more in every row")
    return table, places


def _furthest(table: Floats, heights: Floats, size: Floats, square: float) -> Floats:
    """The lowest mean that is not rejected, with heights from 0 (the side that is searched) to 1."""
    mean = table @ heights / table.sum(axis=1)
    accepted = np.zeros_like(mean)
    rejected = np.full_like(mean, 2.0)
    for _ in range(_STEPS):
        middle = (accepted + rejected) / 2
        means, variances = _population(table, heights, middle)
        # (n - 1)(mean - theta)^2 <= z^2 sigma^2, written without a division so that a variance of 0 needs no care.
        fits = size * (mean - means) ** 2 <= square * variances
        accepted = np.where(fits, middle, accepted)
        rejected = np.where(fits, rejected, middle)
    return _population(table, heights, accepted)[0]


def _population(table: Floats, heights: Floats, place: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the most likely population at places from 0 (as observed) to 2 (everybody at height 0).

    Up to 1 the place is c / (1 + c) of the module's text; beyond, the share of a second population at height 0.
    """
    tilt = np.minimum(place, 1.0)[:, np.newaxis]
    weight = (1 - tilt) + tilt * heights
    seen: Flags = table > 0
    infinite = seen & (weight <= 0)
    chances = np.divide(table, weight, out=np.zeros_like(table), where=seen & ~infinite)
    chances = np.where(infinite.any(axis=1, keepdims=True), infinite, chances)
    chances /= chances.sum(axis=1, keepdims=True)
    kept = 1 - np.maximum(place - 1, 0)
    means = kept * (chances @ heights)
    return means, np.maximum(kept * (chances @ heights**2) - means**2, 0)

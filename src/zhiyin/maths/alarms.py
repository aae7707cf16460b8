r"""Early warning over thousands of series with a bounded number of false alarms.

Ten outlets times ten topics times three hundred days are thirty thousand chances for a three-sigma alarm; eighty would
ring a year though nothing happened, and by spring nobody looks. Here the bound comes first: *at most one false alarm in
``days`` over all series together, on average*.

Each series keeps a sum of evidence (Shiryaev-Roberts). With the count :math:`y_t` and what is expected of the day,
:math:`\mu_t`,

.. math:: R_t = (R_{t-1} + 1)\,L_t, \qquad
   L_t = \frac{P(y_t \mid \text{rate } \rho\mu_t)}{P(y_t \mid \text{rate } \mu_t)}.

While nothing is wrong, :math:`R_t - t` is a fair game, so that the mean time to reach a threshold c is at least c. With
K series, :math:`c = K \cdot \text{days}` gives the bound. Several :math:`\rho` (how much worse) are averaged, which
keeps it. A jump of a size that is obvious is seen at once, a slow rise in days; the count only has to stay up.

Counts spread more than chance (pay-days, weather); ``dispersion`` is the variance over the mean on ordinary days, and
the counts are then negative binomial. **The bound is as good as the expectation**: :math:`\mu_t` must know weekday,
month-end and how many were served, and the dispersion must be honest.

References
----------
Pollak (1985), Optimal detection of a change in distribution, Annals of Statistics 13. Shin, Ramdas, Rinaldo (2024),
E-detectors: a nonparametric framework for sequential change detection, New England Journal of Statistics in Data
Science 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from zhiyin.maths.arrays import Floats, Integers, OutOfRange, WrongShape, floats

_LARGEST = 1e300


@dataclass(frozen=True, slots=True, eq=False)
class Alarms:
    """Where and when.

    Parameters
    ----------
    series, times : of each alarm, in order of time. evidence : of every series at every time, over the threshold; an
        alarm rings where it reaches 1, and the series then begins anew. Shape (times, series).
    threshold : c.
    """

    series: Integers
    times: Integers
    evidence: Floats
    threshold: float


def watch_counts(
    counts: ArrayLike,
    expected: ArrayLike,
    *,
    days: float,
    dispersion: ArrayLike | float = 1.0,
    ratios: Sequence[float] = (1.3, 1.6, 2.0, 3.0),
) -> Alarms:
    """Watch many series of counts for a rise.

    Parameters
    ----------
    counts : shape (times, series). expected : of each if nothing is wrong, above 0, same shape.
    days : times in which all series together may ring falsely once, on average.
    dispersion : variance over mean on ordinary days, at least 1; one number or one a series.
    ratios : how many times the expected rate to look for; above 1 for a rise, below 1 for a fall.

    Raises
    ------
    OutOfRange, WrongShape : see above.
    """
    y, mu = floats(counts, "counts", dimensions=2), floats(expected, "expected", dimensions=2)
    if y.shape != mu.shape:
        raise WrongShape(name="expected", given=mu.shape, wanted=y.shape)
    spread = np.broadcast_to(np.asarray(dispersion, dtype=np.float64), y.shape[1:])
    for name, value, least in (("expected", mu, 1e-12), ("dispersion", spread, 1.0), ("counts", y, 0.0)):
        if value.size and value.min() < least:
            raise OutOfRange(name=name, given=float(value.min()), wanted=f"at least {least:g}")
    if days <= 0 or not ratios or min(ratios) <= 0:
        raise OutOfRange(name="days or ratios", given=(days, tuple(ratios)), wanted="above 0")
    threshold = max(y.shape[1], 1) * days
    steps = np.stack([likelihood_ratio(y, mu, ratio, spread) for ratio in ratios])
    state = np.zeros((len(ratios), y.shape[1]))
    evidence = np.empty(y.shape)
    for time in range(len(y)):
        state = np.minimum((state + 1.0) * steps[:, time], _LARGEST)
        evidence[time] = state.mean(axis=0) / threshold
        state[:, evidence[time] >= 1.0] = 0.0
    times, series = np.nonzero(evidence >= 1.0)
    return Alarms(series.astype(np.int64), times.astype(np.int64), evidence, float(threshold))


def likelihood_ratio(counts: Floats, expected: Floats, ratio: float, dispersion: Floats) -> Floats:
    """How much more likely a count is at ``ratio`` times the expected rate; its mean is 1 while nothing is wrong.

    Poisson where the dispersion is 1, else negative binomial with the variance ``dispersion * expected`` on ordinary
    days and the same shape at the other rate.
    """
    over = dispersion > 1.0
    shape = np.divide(
        expected, dispersion - 1.0, out=np.full_like(expected, 1.0), where=np.broadcast_to(over, expected.shape)
    )
    poisson = counts * np.log(ratio) - (ratio - 1.0) * expected
    binomial = counts * np.log(ratio) + (counts + shape) * np.log((shape + expected) / (shape + ratio * expected))
    return np.asarray(np.exp(np.minimum(np.where(over, binomial, poisson), 600.0)))


def surprise(count: ArrayLike, expected: ArrayLike, *, dispersion: float = 1.0) -> Floats:
    """Probability of a count as high as this or higher on an ordinary day; for showing beside an alarm."""
    y, mu = np.asarray(count, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if dispersion <= 1.0:
        return np.asarray(np.where(y > 0, special.gammainc(np.maximum(y, 1.0), mu), 1.0))
    shape = mu / (dispersion - 1.0)
    chance = mu / (mu + shape)
    return np.asarray(np.where(y > 0, special.betainc(np.maximum(y, 1.0), shape, chance), 1.0))

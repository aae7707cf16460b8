r"""Rare events among many: intervals for a rate, and limits that tell chance from a cause.

**Interval.** With every event from another customer the count is Poisson, and :func:`rate_interval` is Garwood's exact
interval; where customers cause several events each it is the gamma interval of Fay and Feuer, in which the weight of a
customer is the number of events. Both cover at least as often as the level says, at small counts more often: with
nothing counted, 0 to 3.69 events at 95 %.

**Control limits.** :func:`probability_limits` puts, for every denominator, the counts that chance alone exceeds once in
741 times on either side (the tails of three standard deviations), from the Poisson distribution itself: where five are
expected, the usual symmetric limits (mean plus and minus three roots) raise a false alarm above four times as often as
they say and can never raise one below. With large denominators every point would be an alarm, because units differ a
little for a thousand harmless reasons. So :func:`spread` measures how much more the points vary than chance (Laney's
sigma-z), and the limits then come from the negative binomial distribution of the same mean with that variance.

References
----------
Garwood (1936), *Biometrika* 28, 437-442. Fay and Feuer (1997), Confidence intervals for directly standardized rates,
*Statistics in Medicine* 16, 791-801. Laney (2002), Improved control charts for attributes, *Quality Engineering* 14,
531-537. Spiegelhalter (2005), Funnel plots for comparing institutional performance, *Statistics in Medicine* 24,
1185-1202.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from zhiyin.maths.arrays import Floats, OutOfRange, floats, same_length
from zhiyin.maths.intervals import Interval, normal_quantile

THREE_SIGMA: Final = float(2 * special.ndtr(3) - 1)
"""Probability within three standard deviations, .9973: the habit of control charts."""
_MOVING_RANGE: Final = 2 / np.sqrt(np.pi)
"""Expected absolute difference of two independent standard normal values, 1.128."""
_TRIMMED: Final = 0.1
"""Share of the points on either side that is pulled in before the spread of unordered points is taken."""


def rate_interval(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    squared: ArrayLike | None = None,
    largest: ArrayLike | None = None,
    level: float = 0.95,
) -> Interval:
    """Limits of events / exposure.

    >>> limits = rate_interval([0, 10], [1, 1])
    >>> limits.low.round(4).tolist(), limits.high.round(4).tolist()
    ([0.0, 4.7954], [3.6889, 18.3904])

    Parameters
    ----------
    events : how many were counted.
    exposure : how many could have been, above 0.
    squared : sum over customers of the squared number of events of each; None where nobody has two.
    largest : most events of one customer; None where nobody has two.
    level : e.g. 0.95.

    Raises
    ------
    OutOfRange : a negative count, or an exposure of 0.
    """
    count, base = floats(events, "events"), floats(exposure, "exposure")
    same_length(events=count, exposure=base)
    if np.any(count < 0):
        raise OutOfRange(name="events", given=float(count.min()), wanted="0 or more")
    if np.any(base <= 0):
        raise OutOfRange(name="exposure", given=float(base.min()), wanted="above 0")
    normal_quantile(level)
    tail = (1 - level) / 2
    variance = count if squared is None else floats(squared, "squared")
    weight = np.ones_like(count) if largest is None else np.maximum(floats(largest, "largest"), 1.0)
    return Interval(
        _gamma_quantile(tail, count, variance) / base,
        _gamma_quantile(1 - tail, count + weight, variance + weight**2) / base,
    )


def _gamma_quantile(probability: float, mean: Floats, variance: Floats) -> Floats:
    """Quantile of the gamma distribution of that mean and variance; 0 where the mean is 0."""
    some = mean > 0
    scale = np.divide(variance, mean, out=np.ones_like(mean), where=some)
    return np.where(some, scale * special.gammaincinv(np.where(some, mean / scale, 1.0), probability), 0.0)


def spread(events: ArrayLike, exposure: ArrayLike, *, ordered: bool) -> float:
    """How many times wider than chance the rates vary; never below 1.

    Parameters
    ----------
    events, exposure : one entry a point.
    ordered : the points follow one another in time: the moving range between neighbours is used, so that a lasting
        change does not widen its own limits (Laney). Otherwise a tenth of the points on either side is pulled in to
        the next one before the variance is taken, so that the unusual ones do not (Spiegelhalter).
    """
    count, base = floats(events, "events"), floats(exposure, "exposure")
    if same_length(events=count, exposure=base) < 2 or count.sum() == 0:
        return 1.0
    rate = count.sum() / base.sum()
    distance = (count / base - rate) / np.sqrt(rate / base)
    if ordered:
        return max(1.0, float(np.abs(np.diff(distance)).mean() / _MOVING_RANGE))
    pulled = np.clip(distance, *np.quantile(distance, [_TRIMMED, 1 - _TRIMMED], method="nearest"))
    return max(1.0, float(np.sqrt((pulled**2).mean())))


def probability_limits(
    rate: float,
    exposure: ArrayLike,
    *,
    spread: float = 1.0,
    within: float = THREE_SIGMA,
) -> Interval:
    """The lowest and highest rate that is still within chance, for each exposure.

    >>> limits = probability_limits(0.002, [10000])
    >>> (limits.low * 10000).tolist(), (limits.high * 10000).tolist()
    ([8.0], [35.0])

    Parameters
    ----------
    rate : the rate that holds if nothing is the matter, 0 or more.
    exposure : denominators, above 0.
    spread : how many times wider than chance the points vary (:func:`spread`).
    within : probability between the limits; what is left is split between the sides.

    Raises
    ------
    OutOfRange : a negative rate, an exposure of 0, or a probability outside 0 to 1.
    """
    base = floats(exposure, "exposure")
    if rate < 0 or np.any(base <= 0):
        raise OutOfRange(name="rate and exposure", given=(rate, base.tolist()), wanted="0 or more, and above 0")
    normal_quantile(within)
    tail = (1 - within) / 2
    mean = rate * base
    return Interval(_quantile(tail, mean, spread) / base, _quantile(1 - tail, mean, spread) / base)


def _quantile(probability: float, mean: Floats, widened: float) -> Floats:
    """The smallest count with at least that probability at or below it: negative binomial, Poisson without spread."""
    likely = np.where(mean > 0, mean, 1.0)
    # Variance mean * widened^2 at every mean is the negative binomial of this size and this chance.
    chance = 1 / widened**2
    size = likely / (widened**2 - 1) if widened > 1 else likely

    def at_or_below(count: Floats) -> Floats:
        if widened > 1:
            return np.asarray(special.betainc(size, count + 1, chance))
        return np.asarray(special.pdtr(count, likely))

    nothing, enough = np.full_like(likely, -1.0), likely + 10 * widened * (np.sqrt(likely) + widened)
    while np.any(at_or_below(enough) < probability):
        enough = np.where(at_or_below(enough) < probability, 2 * enough, enough)
    below, reached = nothing, np.ceil(enough)
    while np.any(reached - below > 1):
        middle = np.floor((below + reached) / 2)
        found = (middle >= 0) & (at_or_below(np.maximum(middle, 0)) >= probability)
        below, reached = np.where(found, below, middle), np.where(found, middle, reached)
    return np.where(mean > 0, reached, 0.0)

r"""Where a change comes from: who answered (mix), and what they said (within).

The bank's score fell by 1.2. Did customers become less satisfied, or did more of them come through the channel that
always scores low? With shares :math:`w_g` of the answers and means :math:`m_g` of each group, in two periods,

.. math:: \Delta = \sum_g \underbrace{\bar w_g\,(m_g^1 - m_g^0)}_{\text{within}}
   + \sum_g \underbrace{(w_g^1 - w_g^0)\,(\bar m_g - \bar m)}_{\text{mix}},

with bars for the mean of the two periods. It adds up exactly, treats both periods alike, and names each group's part of
either kind. A group's mix part is positive if it grew and scores above the middle, or shrank and scores below.

**When not to use it.** As an explanation: a part is arithmetic, not a cause. With a group absent in one period its mean
there is not known; all of its part is then called mix.

References
----------
Kitagawa (1955), Components of a difference between two rates, JASA 50, 1168-1194.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, OutOfRange, TooFew, floats, same_length
from zhiyin.maths.estimate import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The parts of a change; arrays hold a value a group.

    Parameters
    ----------
    total : change of the overall mean. within, mix : the two sums.
    within_parts, within_errors, mix_parts, mix_errors : of each group.
    """

    total: Estimate
    within: Estimate
    mix: Estimate
    within_parts: Floats
    within_errors: Floats
    mix_parts: Floats
    mix_errors: Floats


def change_parts(
    before: tuple[ArrayLike, ArrayLike, ArrayLike], after: tuple[ArrayLike, ArrayLike, ArrayLike]
) -> Parts:
    """Split the change of a mean.

    Parameters
    ----------
    before, after : answers in each group, their sum, and the sum of their squares; the same groups in the same order.

    Raises
    ------
    TooFew : no answers in a period.

    Examples
    --------
    >>> parts = change_parts(([80, 20], [640, 100], [5200, 520]), ([50, 50], [400, 250], [3250, 1300]))
    >>> round(parts.total.value, 2), round(parts.within.value, 2), round(parts.mix.value, 2)
    (-0.9, 0.0, -0.9)
    """
    zero, one = _Period.of(before, "before"), _Period.of(after, "after")
    same_length(before=zero.n, after=one.n)
    both = (zero.n > 0) & (one.n > 0)
    means = [np.where(both, period.mean, np.where(zero.n > 0, zero.mean, one.mean)) for period in (zero, one)]
    middle = (means[0] + means[1]) / 2.0
    overall = (zero.overall + one.overall) / 2.0
    share, moved = (zero.share + one.share) / 2.0, one.share - zero.share
    within, mix = share * (means[1] - means[0]), moved * (middle - overall)
    noise = zero.noise + one.noise
    within_errors = np.where(both, share * np.sqrt(noise), 0.0)
    spread = sum(period.share * (1.0 - period.share) / period.total for period in (zero, one))
    mix_errors = np.sqrt((middle - overall) ** 2 * spread + moved**2 * np.where(both, noise, 0.0) / 4.0)
    mixed = sum(
        float(period.share @ (middle - overall) ** 2 - (period.share @ (middle - overall)) ** 2) / period.total
        for period in (zero, one)
    )
    total_error = sum(period.variance / period.total for period in (zero, one))
    return Parts(
        total=Estimate(one.overall - zero.overall, float(np.sqrt(total_error))),
        within=Estimate(float(within.sum()), float(np.sqrt((within_errors**2).sum()))),
        mix=Estimate(float(mix.sum()), float(np.sqrt(mixed + (moved**2 * np.where(both, noise, 0.0)).sum() / 4.0))),
        within_parts=within,
        within_errors=within_errors,
        mix_parts=mix,
        mix_errors=mix_errors,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Period:
    """Moments of one period by group; ``noise`` is the variance of a group's mean."""

    n: Floats
    share: Floats
    mean: Floats
    noise: Floats
    total: float
    overall: float
    variance: float

    @classmethod
    def of(cls, data: tuple[ArrayLike, ArrayLike, ArrayLike], name: str) -> _Period:
        n, sums, squares = (floats(values, name) for values in data)
        same_length(n=n, sums=sums, squares=squares)
        total = float(n.sum())
        if total < 2:
            raise TooFew(name=f"answers {name}", given=int(total), needed=2)
        if n.min() < 0:
            raise OutOfRange(name=f"answers {name}", given=float(n.min()), wanted="0 or more")
        mean = np.divide(sums, n, out=np.zeros_like(sums), where=n > 0)
        inside = np.maximum(squares - n * mean**2, 0.0)
        pooled = float(inside.sum()) / max(total - np.count_nonzero(n), 1.0)
        own = np.divide(inside, n - 1.0, out=np.full_like(n, pooled), where=n > 1)
        own = np.where(n >= 5, own, pooled)  # of a handful, the variance of all is the better guess
        noise = np.divide(own, n, out=np.zeros_like(n), where=n > 0)
        overall = float(sums.sum()) / total
        variance = max(float(squares.sum()) / total - overall**2, 0.0) * total / (total - 1.0)
        return cls(n, n / total, mean, noise, total, overall, variance)

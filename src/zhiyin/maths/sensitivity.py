r"""What if the silent think otherwise? Bounds that are printed beside a figure.

Those who answered gave answers with shares :math:`\pi_k`. Suppose that, among customers alike in all we know, the odds
of a silent one giving the best rather than the worst answer are :math:`\Gamma` times as high (or as low), evenly along
the scale:

.. math:: \pi_k^{\text{silent}} \propto \pi_k\, \Gamma^{\pm (x_k - a)/(b - a)}.

:math:`\Gamma = 1` is what weighting assumes. The figure of everybody then moves between two bounds, which are given for
1.5, 2 and 3. They are not a confidence interval and do not shrink with more answers; only calling does that. Read them
like this: *"if the silent were twice as prone to be unhappy, the index would be 71, not 78"*.

References
----------
Rosenbaum (2002), Observational Studies, chapter 4. Franks, D'Amour, Feller (2020), Flexible sensitivity analysis for
observational studies without observable implications, JASA 115 (exponential tilting).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, OutOfRange, TooFew, floats, same_length


@dataclass(frozen=True, slots=True)
class Bound:
    """What the figure would be if the silent's odds were ``ratio`` times as low, or as high."""

    ratio: float
    low: float
    high: float


def sensitivity(
    answers: ArrayLike, counts: ArrayLike, *, silent_share: float, ratios: Sequence[float] = (1.5, 2.0, 3.0)
) -> tuple[Bound, ...]:
    """Bounds of the mean of everybody, one for each odds ratio.

    Parameters
    ----------
    answers : the values of the scale (or 0 and 1). counts : how many gave each, or the weights of those who did.
    silent_share : of everybody, 0 to 1. ratios : at least 1.

    Examples
    --------
    >>> sensitivity([0, 1], [10, 90], silent_share=0.8, ratios=[2])
    (Bound(ratio=2.0, low=0.8345454545454546, high=0.9378947368421052),)
    """
    values, weights = floats(answers, "answers"), floats(counts, "counts")
    same_length(answers=values, counts=weights)
    if weights.sum() <= 0 or len(values) < 2:
        raise TooFew(name="answers", given=int(weights.sum()), needed=1)
    if not 0.0 <= silent_share <= 1.0:
        raise OutOfRange(name="silent_share", given=silent_share, wanted="between 0 and 1")
    said = _tilted(values, weights, 0.0)
    found = []
    for ratio in ratios:
        if ratio < 1.0:
            raise OutOfRange(name="ratios", given=ratio, wanted="at least 1")
        tilt = float(np.log(ratio))
        low, high = (_tilted(values, weights, sign * tilt) for sign in (-1.0, 1.0))
        kept = (1.0 - silent_share) * said
        found.append(Bound(float(ratio), kept + silent_share * low, kept + silent_share * high))
    return tuple(found)


def _tilted(values: Floats, weights: Floats, tilt: float) -> float:
    place = (values - values.min()) / (values.max() - values.min())
    tilted = weights * np.exp(tilt * place)
    return float(tilted @ values / tilted.sum())

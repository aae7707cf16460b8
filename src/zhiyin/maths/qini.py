r"""Does the effect differ between customers, and does a score find those whom it helps? Qini with its z.

Customers are ordered by a score that claims to know who will respond, best first. The Qini curve is the effect gained
by treating the first share q; a useless score follows the straight line. With treatment given at random with
probability :math:`\pi`, each customer has an unbiased if noisy effect
:math:`z_i = (y_i - \bar y)\,(t_i/\pi - (1-t_i)/(1-\pi))`, and the area between curve and line is their mean weighted by
rank,

.. math:: Q = \frac1n\sum_i z_i\,\bigl(\tfrac12 - r_i\bigr), \qquad r_i \in (0, 1)\text{ the place in the order},

so it has an ordinary standard error. :math:`z = Q/\mathrm{se}(Q)` below 2 means: no sign that the effect differs
between customers in the way the score says; treat all or none.

**When not to use it.** On the data the score was learned from (use other customers, or cross-fitting). Without a
randomised treatment.

References
----------
Radcliffe (2007), Using control groups to target on predicted lift, Direct Marketing Analytics Journal. Yadlowsky,
Fleming, Shah, Brunskill, Wager (2021), Evaluating treatment prioritization rules via rank-weighted average treatment
effects, arXiv 2111.07966.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from zhiyin.maths.arrays import Floats, OutOfRange, TooFew, floats, same_length
from zhiyin.maths.estimate import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Qini:
    """How well a score finds those whom a treatment helps.

    Parameters
    ----------
    coefficient : area between the curve and the line, a customer. effect : mean effect of the treatment.
    shares, gains : the curve: effect a customer of all, if the first share is treated. z : coefficient over error.
    """

    coefficient: Estimate
    effect: Estimate
    shares: Floats
    gains: Floats

    @property
    def z(self) -> float:
        """Below 2 there is no sign that the effect differs along the score."""
        return self.coefficient.value / self.coefficient.error if self.coefficient.error > 0 else 0.0


def qini(
    outcome: ArrayLike, treated: ArrayLike, score: ArrayLike, *, share: float | None = None, points: int = 20
) -> Qini:
    """Judge a score on a randomised experiment.

    Parameters
    ----------
    outcome : a value a customer. treated : by chance. score : higher means treat first; equal scores share a place.
    share : probability of treatment in the plan; None: the share seen. points : of the curve.

    Raises
    ------
    TooFew : fewer than 20 customers, or an arm is empty.
    """
    y, s = floats(outcome, "outcome"), floats(score, "score")
    t = np.asarray(treated, dtype=np.bool_)
    n = same_length(outcome=y, score=s, treated=t)
    if n < 20 or t.all() or not t.any():
        raise TooFew(name="customers in both arms", given=n, needed=20)
    probability = float(t.mean()) if share is None else share
    if not 0.0 < probability < 1.0:
        raise OutOfRange(name="share", given=probability, wanted="between 0 and 1")
    z = (y - y.mean()) * np.where(t, 1.0 / probability, -1.0 / (1.0 - probability))
    place = (stats.rankdata(-s) - 0.5) / n
    weight = 0.5 - place
    area, effect = float((z * weight).mean()), float(z.mean())
    influence = z * weight - area
    shares = np.linspace(0.0, 1.0, points + 1)
    order = np.argsort(place, kind="stable")
    gained = np.concatenate([[0.0], np.cumsum(z[order])]) / n
    gains = np.interp(shares * n, np.arange(n + 1), gained)
    return Qini(
        coefficient=Estimate(area, float(influence.std(ddof=1)) / n**0.5),
        effect=Estimate(effect, float(z.std(ddof=1)) / n**0.5),
        shares=shares,
        gains=gains,
    )

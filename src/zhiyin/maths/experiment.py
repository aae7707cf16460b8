r"""A randomised comparison: the plainest evidence, made sharper by what was known before (CUPED).

Chance decided who gets the new package and who waits, so the difference of the means *is* the effect, up to luck. Luck
shrinks when each customer's outcome is compared with what was known of them beforehand (last year's satisfaction, a
prediction): with squared correlation :math:`R^2` between the two, the variance falls to :math:`1-R^2`, as if
:math:`1/(1-R^2)` times as many had been asked.

.. math:: \hat\tau = (\bar y_1 - \bar y_0) - \hat\theta'(\bar x_1 - \bar x_0)

The slope is fitted in each arm by itself (Lin), which never does harm; the error is robust and counts customers, not
answers, where customers answer several times.

Two things are checked that spoil experiments: whether the arms have the sizes they should have (``ratio_p``; a small
value means that something lost customers on one side, and then nothing may be concluded), and, with covariates, whether
the arms were alike before.

**When not to use it.** When a customer's treatment reaches others (a queue is shared): randomise branches. With
covariates recorded after the start: they may carry the effect themselves.

References
----------
Deng, Xu, Kohavi, Walker (2013), Improving the sensitivity of online controlled experiments by utilizing pre-experiment
data, WSDM. Lin (2013), Agnostic notes on regression adjustments, Annals of Applied Statistics 7. Fabijan et al. (2019),
Diagnosing sample ratio mismatch, KDD.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from zhiyin.maths.arrays import Constant, Flags, Floats, OutOfRange, TooFew, codes, floats, same_length, sum_by
from zhiyin.maths.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Randomised:
    """Result of a randomised comparison.

    Parameters
    ----------
    effect : treated less control, adjusted. plain : without what was known before.
    treated, control : units of randomisation in each arm.
    variance_ratio : variance of the adjusted over the plain effect; 1 without covariates.
    ratio_p : probability of arm sizes as far from the plan as these.
    """

    effect: Estimate
    plain: Estimate
    treated: int
    control: int
    variance_ratio: float
    ratio_p: float

    @property
    def is_ratio_sound(self) -> bool:
        """The arms have the sizes that the plan gives them; otherwise do not conclude anything."""
        return self.ratio_p >= 0.001


def randomised_effect(
    outcome: ArrayLike,
    treated: ArrayLike,
    *,
    before: ArrayLike | None = None,
    units: ArrayLike | None = None,
    planned_share: float = 0.5,
) -> Randomised:
    """Effect of a randomised treatment.

    Parameters
    ----------
    outcome : one value an answer. treated : whether its customer was in the treated arm.
    before : what was known of each before the start, shape (n,) or (n, k); no gaps (put the mean and a flag).
    units : what was randomised (customer, branch), where it has several answers. planned_share : of the treated arm.

    Raises
    ------
    TooFew : fewer than two units in an arm. OutOfRange : a unit is in both arms. Constant : all outcomes are alike.
    """
    y, arm = floats(outcome, "outcome"), np.asarray(treated, dtype=np.bool_)
    n = same_length(outcome=y, treated=arm)
    if not 0.0 < planned_share < 1.0:
        raise OutOfRange(name="planned_share", given=planned_share, wanted="between 0 and 1")
    group = np.arange(n) if units is None else codes(units, "units")[0]
    same_length(outcome=y, units=group)
    counts = [len(np.unique(group[arm])), len(np.unique(group[~arm]))]
    for name, count in zip(("treated units", "control units"), counts, strict=True):
        if count < 2:
            raise TooFew(name=name, given=count, needed=2)
    both = sum(counts) - len(np.unique(group))
    if both:
        raise OutOfRange(name="units in both arms", given=both, wanted="none")
    if np.ptp(y) == 0:
        raise Constant(name="outcome")
    plain = _difference(y, arm, np.zeros((n, 0)), group)
    effect = plain
    if before is not None:
        x = np.asarray(before, dtype=np.float64)
        effect = _difference(y, arm, floats(x[:, None] if x.ndim == 1 else x, "before", dimensions=2), group)
    return Randomised(
        effect=effect,
        plain=plain,
        treated=counts[0],
        control=counts[1],
        variance_ratio=(effect.error / plain.error) ** 2 if plain.error > 0 else 1.0,
        ratio_p=ratio_p(counts[0], counts[1], planned_share),
    )


def _difference(y: Floats, arm: Flags, x: Floats, group: np.ndarray) -> Estimate:
    """Difference of the arms' means at everybody's covariates, each arm with slopes of its own."""
    centred = x - x.mean(axis=0)
    value, influence = 0.0, np.zeros(len(y))
    slopes = []
    for sign, chosen in ((1.0, arm), (-1.0, ~arm)):
        design = np.column_stack([np.ones(int(chosen.sum())), centred[chosen]])
        inverse = np.linalg.pinv(design.T @ design)
        beta = inverse @ (design.T @ y[chosen])
        left = y[chosen] - design @ beta
        spare = max(len(left) - design.shape[1], 1)
        influence[chosen] += sign * left * (design @ inverse[:, 0]) * np.sqrt(len(left) / spare)
        value += sign * beta[0]
        slopes.append(sign * beta[1:])
    influence += centred @ np.sum(slopes, axis=0) / len(y)  # the mean of the covariates is a sample mean, too
    added = sum_by(group, influence, int(group.max()) + 1)
    present = len(np.unique(group))
    return Estimate(float(value), float(np.sqrt(present / (present - 1) * (added**2).sum())))


def ratio_p(treated: int, control: int, share: float) -> float:
    """Probability of arm sizes as far from the planned share of the treated as these."""
    total = treated + control
    wanted = total * share
    statistic = (treated - wanted) ** 2 / (total * share * (1.0 - share))
    return float(special.chdtrc(1, statistic))

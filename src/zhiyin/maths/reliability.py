r"""How much of what sets groups apart is the groups, and how much is chance.

.. math:: r_i = \frac{\sigma_u^2}{\sigma_u^2 + \sigma_e^2 / n_i}

:math:`\sigma_u^2` is the variance of the groups' true values, :math:`\sigma_e^2` that of one answer around its group. A
reliability of .7 means that 70 % of the variance of such figures is signal: two halves of the group's answers would
correlate with about that (after Spearman and Brown, who give the same formula for lengthening a test). Below .7 do not
rank, below .5 do not show singly.

It belongs to **a set of groups**: the same unit with the same answers is more reliable among units that differ more.
With fewer than :data:`FEWEST_GROUPS` groups the variance between them cannot be told from chance, and nothing is given.

:math:`\sigma_e^2` is pooled over the groups (as HCAHPS does), so a group in which everybody happened to be satisfied is
not taken for one without chance. :math:`\sigma_u^2` is the moment estimate from the analysis of variance, not below 0.

References
----------
Elliott et al. (2009), *Health Services Research* 44, 501-518 (HCAHPS). Adams (2009), *The Reliability of Provider
Profiling*, RAND TR-653. Searle, Casella and McCulloch (1992), *Variance Components*, chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, floats, same_length

FEWEST_GROUPS: Final = 5
"""Below this the variance between groups is not estimated."""


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Of a set of groups.

    Parameters
    ----------
    signal : variance of the groups' true values, 0 or more.
    noise : variance of one answer around its group.
    shares : reliability of each group, from 0 to 1.
    """

    signal: float
    noise: float
    shares: Floats

    def needed(self, share: float) -> float:
        """Answers that a group needs for that reliability; infinite where groups do not differ."""
        return share / (1 - share) * self.noise / self.signal if self.signal > 0 else float("inf")


def reliability(means: ArrayLike, variances: ArrayLike, sizes: ArrayLike) -> Reliability | None:
    """Reliability of each group; None for fewer than :data:`FEWEST_GROUPS` groups.

    >>> found = reliability([70, 74, 78, 82, 86], [400] * 5, [100] * 5)
    >>> round(found.signal, 1), found.shares.round(2).tolist(), round(found.needed(0.7))
    (36.0, [0.9, 0.9, 0.9, 0.9, 0.9], 26)

    Parameters
    ----------
    means : of the groups.
    variances : of the answers within each group, without bias correction (mean square around the group's mean).
    sizes : effective number of answers of each group, at least 1.
    """
    mean, variance, size = floats(means, "means"), floats(variances, "variances"), floats(sizes, "sizes")
    groups = same_length(means=mean, variances=variance, sizes=size)
    if groups < FEWEST_GROUPS:
        return None
    total = size.sum()
    spare = total - groups
    noise = float((size * variance).sum() / spare) if spare > 0 else float("inf")
    if not np.isfinite(noise):
        return Reliability(0.0, noise, np.zeros(groups))
    centre = (size * mean).sum() / total
    between = (size * (mean - centre) ** 2).sum()
    typical = total - (size**2).sum() / total
    return _shares(max(0.0, float((between - (groups - 1) * noise) / typical)), noise, size)


def rate_reliability(events: ArrayLike, exposure: ArrayLike) -> Reliability | None:
    """The same for rates: the chance in a rate is Poisson, its variance the common rate over the exposure.

    Parameters
    ----------
    events : counted in each group.
    exposure : how many could have been, above 0.
    """
    count, base = floats(events, "events"), floats(exposure, "exposure")
    groups = same_length(events=count, exposure=base)
    if groups < FEWEST_GROUPS:
        return None
    total = base.sum()
    rate = float(count.sum() / total)
    between = (base * (count / base - rate) ** 2).sum()
    typical = total - (base**2).sum() / total
    return _shares(max(0.0, float((between - (groups - 1) * rate) / typical)), rate, base)


def _shares(signal: float, noise: float, size: Floats) -> Reliability:
    within = noise / size
    return Reliability(signal, noise, np.divide(signal, signal + within, out=np.zeros_like(size), where=signal > 0))

# mypy: disable-error-code="no-untyped-call"
r"""Rates of many units near the ceiling: how many dissatisfied per 10,000, shrunk as far as the counts are few.

Where 99 % are satisfied a mean says nothing; the dissatisfied are counted. A unit that served 300 and had 2 of them may
be good or bad; the counts of all units together say how much units differ at all, and how far to believe one count.

*Gamma-Poisson* (rare events among many): with exposure :math:`E_i` (customers served, or the number of events expected
of this unit's mix), :math:`y_i \sim \mathrm{Poisson}(\theta_i E_i)` and
:math:`\theta_i \sim \Gamma(a, b)`, a and b found by maximum likelihood over all units, the unit's own rate is
:math:`\Gamma(a + y_i, b + E_i)`. *Beta-binomial* (shares that are not rare): :math:`y_i \sim B(n_i, p_i)`,
:math:`p_i \sim \mathrm{Beta}(\alpha, \beta)`, own share :math:`\mathrm{Beta}(\alpha + y_i, \beta + n_i - y_i)`.

The reliability of a unit's count is :math:`E/(E+b)`, or :math:`n/(n+\alpha+\beta)`; from it follows how many more are
needed. **When not to use it.** With fewer than about ten units, a and b are guesses. Intervals take them as known.

References
----------
Clayton, Kaldor (1987), Empirical Bayes estimates of age-standardized relative risks, Biometrics 43, 671-681.
Casella (1985), An introduction to empirical Bayes data analysis, The American Statistician 39, 83-87.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy.optimize
from numpy.typing import ArrayLike
from scipy import special

from zhiyin.maths.arrays import Flags, Floats, OutOfRange, TooFew, floats, same_length
from zhiyin.maths.intervals import normal_quantile
from zhiyin.maths.ranking import Doubt, Ranks, ranks_in_doubt


class Family(StrEnum):
    """Distribution of a unit's rate: its two parameters are shape and rate, or the two of a beta."""

    GAMMA = "gamma"
    BETA = "beta"


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """Rates of units after shrinkage; arrays hold a value a unit.

    Parameters
    ----------
    values : shrunk rate. low, high : interval at the level asked for. reliability : how far the own count is believed.
    centre : mean rate of all units. deviation : standard deviation of true rates between units; 0 if they are alike.
    prior : exposure that the other units' experience is worth; infinite if they are alike.
    family, first, second : distribution of each unit's true rate and its parameters.
    """

    values: Floats
    low: Floats
    high: Floats
    reliability: Floats
    centre: float
    deviation: float
    prior: float
    family: Family
    first: Floats
    second: Floats

    def needed(self, reliability: float) -> float:
        """Exposure at which a unit reaches a reliability; infinite where units are alike."""
        if not 0.0 < reliability < 1.0:
            raise OutOfRange(name="reliability", given=reliability, wanted="between 0 and 1")
        return reliability / (1.0 - reliability) * self.prior

    def ranks(self, *, seed: int, level: float = 0.95, chosen: Flags | None = None) -> Ranks:
        """Ranks among the chosen units (None: all); rank 1 is the lowest rate, so of dissatisfaction the best."""
        which = np.ones(len(self.values), dtype=np.bool_) if chosen is None else chosen
        a, b = self.first[which], self.second[which]
        tail = (1.0 - level) / 2.0
        low, high = _quantiles(self.family, a, b, tail), _quantiles(self.family, a, b, 1.0 - tail)
        top = float(_quantiles(self.family, a, b, 1.0 - 1e-9).max(initial=0.0))

        def draw(generator: np.random.Generator, draws: int) -> Floats:
            if self.family is Family.GAMMA:
                return np.asarray(-generator.gamma(a, 1.0 / b, (draws, len(a))))
            return np.asarray(-generator.beta(a, b, (draws, len(a))))

        def above(at: slice, points: Floats) -> Floats:
            if self.family is Family.GAMMA:
                return np.asarray(special.gammainc(a[at, None], b[at, None] * np.maximum(-points, 0.0)))
            return np.asarray(special.betainc(a[at, None], b[at, None], np.clip(-points, 0.0, 1.0)))

        return ranks_in_doubt(Doubt(draw, above, -high, -low, np.linspace(-top, 0.0, 2001)), seed=seed, level=level)


def shrunk_rates(events: ArrayLike, exposure: ArrayLike, *, level: float = 0.95) -> Shrunk:
    """Gamma-Poisson rates.

    Parameters
    ----------
    events : counted in each unit. exposure : how many could have been, above 0; or events expected of its mix.

    Raises
    ------
    TooFew : fewer than three units, or no event anywhere.
    """
    y, e = _checked(events, exposure)
    mean = float(y.sum() / e.sum())
    if float(((y - mean * e) ** 2 - y).sum()) <= 0.0:
        return _alike(len(y), mean, float(np.sqrt(mean / e.sum())), level)

    def loss(point: Floats) -> float:
        rate, prior = np.exp(np.clip(point, -40.0, 40.0))
        shape = rate * prior
        terms = special.gammaln(shape + y) - special.gammaln(shape) - (shape + y) * np.log1p(e / prior)
        return -float((terms + y * np.log(e / prior)).sum())

    rate, prior = np.exp(_searched(loss, [np.log(mean), np.log(_first_prior(y, e, mean))]))
    shape, scale = rate * prior + y, prior + e
    tail = (1.0 - level) / 2.0
    return Shrunk(
        values=shape / scale,
        low=_quantiles(Family.GAMMA, shape, scale, tail),
        high=_quantiles(Family.GAMMA, shape, scale, 1.0 - tail),
        reliability=e / (e + prior),
        centre=float(rate),
        deviation=float(np.sqrt(rate / prior)),
        prior=float(prior),
        family=Family.GAMMA,
        first=shape,
        second=scale,
    )


def shrunk_shares(successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95) -> Shrunk:
    """Beta-binomial shares.

    Parameters
    ----------
    successes : in each unit, at most ``trials``. trials : answers, above 0.

    Raises
    ------
    TooFew : fewer than three units, or no success anywhere.
    """
    y, n = _checked(successes, trials)
    if (y > n).any():
        raise OutOfRange(name="successes", given=float((y - n).max()), wanted="at most the trials")
    mean = float(np.clip(y.sum() / n.sum(), 1e-9, 1.0 - 1e-9))
    pairs = y * (y - 1.0) / mean + (n - y) * (n - y - 1.0) / (1.0 - mean) - n * (n - 1.0)
    if float(pairs.sum()) <= 0.0:
        return _alike(len(y), mean, float(np.sqrt(mean * (1.0 - mean) / n.sum())), level)

    def loss(point: Floats) -> float:
        share, prior = special.expit(point[0]), np.exp(np.clip(point[1], -40.0, 40.0))
        a, b = share * prior, (1.0 - share) * prior
        return -float((special.betaln(a + y, b + n - y) - special.betaln(a, b)).sum())

    found = _searched(loss, [float(special.logit(mean)), np.log(_first_prior(y, n, mean))])
    share, prior = float(special.expit(found[0])), float(np.exp(found[1]))
    a, b = share * prior + y, (1.0 - share) * prior + n - y
    tail = (1.0 - level) / 2.0
    return Shrunk(
        values=a / (a + b),
        low=_quantiles(Family.BETA, a, b, tail),
        high=_quantiles(Family.BETA, a, b, 1.0 - tail),
        reliability=n / (n + prior),
        centre=share,
        deviation=float(np.sqrt(share * (1.0 - share) / (prior + 1.0))),
        prior=prior,
        family=Family.BETA,
        first=a,
        second=b,
    )


def _quantiles(family: Family, first: Floats, second: Floats, probability: float) -> Floats:
    if family is Family.GAMMA:
        return np.asarray(special.gammaincinv(first, probability) / second)
    return np.asarray(special.betaincinv(first, second, probability))


def _checked(events: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    y, e = floats(events, "events"), floats(exposure, "exposure")
    units = same_length(events=y, exposure=e)
    if units < 3:
        raise TooFew(name="units", given=units, needed=3)
    if y.min() < 0:
        raise OutOfRange(name="events", given=float(y.min()), wanted="0 or more")
    if e.min() <= 0:
        raise OutOfRange(name="exposure", given=float(e.min()), wanted="above 0")
    if y.sum() <= 0:
        raise TooFew(name="events", given=0, needed=1)
    return y, e


def _first_prior(y: Floats, e: Floats, mean: float) -> float:
    """Prior exposure by moments: chance variance of the rates against what is seen."""
    between = float((e * (y / e - mean) ** 2).sum()) - (len(y) - 1) * mean
    typical = float(e.sum() - (e**2).sum() / e.sum())
    signal = max(between / typical, 1e-3 * mean * mean)
    return float(np.clip(mean / signal, 1e-3, 1e6 * float(e.mean())))


def _searched(loss: Callable[[Floats], float], start: list[float]) -> Floats:
    found = scipy.optimize.minimize(
        loss, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000, "maxfev": 4000}
    )
    return np.asarray(found.x, dtype=np.float64)


def _alike(units: int, centre: float, error: float, level: float) -> Shrunk:
    """Counts differ by no more than chance: everybody has the common rate, known as well as all counts together say."""
    same, reach = np.full(units, centre), normal_quantile(level) * error
    shape = (centre / error) ** 2 if error > 0 else 1e12
    return Shrunk(
        values=same,
        low=np.maximum(same - reach, 0.0),
        high=same + reach,
        reliability=np.zeros(units),
        centre=centre,
        deviation=0.0,
        prior=float("inf"),
        family=Family.GAMMA,
        first=np.full(units, shape),
        second=np.full(units, shape / centre),
    )

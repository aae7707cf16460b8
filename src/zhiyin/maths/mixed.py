r"""Crossed mixed models: who is really better, when customers, staff and units all differ.

A mean of ratings mixes four things: how good the service was, how lenient the customers were who happened to come,
what else was different (the queue, the product, the way of asking), and luck. The model

.. math:: y_i = x_i'\beta + u_{\mathrm{customer}(i)} + v_{\mathrm{staff}(i)} + w_{\mathrm{unit}(i)} + e_i

takes them apart. Effects are *predicted*: shrunk towards the mean by as much as the number of ratings leaves in doubt,
so that a member of staff with three ratings is not at the top or bottom by luck. The *variances* say how much of the
differences is due to customers, to staff, to units; from them follows how many ratings make a fair comparison.

Two solvers, one answer. The exact one maximises the likelihood and serves up to a few thousand staff and units
(:mod:`zhiyin.maths.mixed_exact`); the linear-time one serves ten million ratings of two million customers in seconds
(:mod:`zhiyin.maths.mixed_linear`). Where both run they agree to a fraction of a percent.

**When not to use it.** Ratings at the ceiling (99 % satisfied) are not normal: count the dissatisfied instead
(:mod:`zhiyin.maths.rates`). Who answers is not modelled: a teller who sends the survey to happy customers only looks
good here (integrity signals, call-backs). Nor does an effect of a member of staff prove a cause: staff who always work
on pay-day look worse unless the queue is among ``fixed``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Floats
from zhiyin.maths.crossed import Crossed, Factor, crossed
from zhiyin.maths.mixed_exact import effects_exact, solve_exact
from zhiyin.maths.mixed_linear import solve_linear
from zhiyin.maths.mixed_start import moment_components


class UnknownFactor(ZhiyinError):
    """A factor that the model does not have."""

    code: ClassVar[str] = "mixed.unknown_factor"
    message: ClassVar[str] = "The model has no factor {name!r}."


class NotSettled(ZhiyinError):
    """Variances still moved after the last turn."""

    code: ClassVar[str] = "mixed.not_settled"
    message: ClassVar[str] = (
        "The variances had not settled after {turns} turns. "
        "A factor that nearly repeats another one (one member of staff a unit, say) is a usual reason; leave one out."
    )


class OnlyExact(ZhiyinError):
    """Plain likelihood is only computed exactly."""

    code: ClassVar[str] = "mixed.only_exact"
    message: ClassVar[str] = "The linear-time solver estimates by restricted likelihood only; leave restricted on."


class Solver(StrEnum):
    """Which way to find the variances."""

    AUTO = "auto"
    EXACT = "exact"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True, eq=False)
class FactorFit:
    """One factor: how much its levels differ, and each level's prediction.

    Parameters
    ----------
    variance : between its levels; 0 if they do not differ more than chance makes them.
    effects : predicted effect of each level, around 0. Shape (levels,).
    errors : standard error of prediction; the factor's standard deviation for a level without ratings.
    counts : ratings of each level.
    """

    name: str
    variance: float
    effects: Floats
    errors: Floats
    counts: Floats

    @property
    def reliability(self) -> Floats:
        """How far a level's prediction is signal: squared correlation of predicted and true effect, 0 to 1.

        1 less the squared error over the variance. It replaces s2/(s2 + e2/n): it also knows with whom a level
        shares its customers and circumstances.
        """
        if self.variance <= 0:
            return np.zeros_like(self.effects)
        return np.asarray(np.clip(1.0 - self.errors**2 / self.variance, 0.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """A fitted crossed mixed model.

    Parameters
    ----------
    n : ratings. factors : largest first. residual : variance within everything.
    fixed_names, fixed, fixed_covariance : intercept first; estimates in units of y; their covariance matrix.
    criterion : -2 log likelihood (restricted if ``restricted``); NaN from the linear-time solver.
    solver : that was used. rounds : likelihoods computed, or turns.
    """

    n: int
    factors: tuple[FactorFit, ...]
    residual: float
    fixed_names: tuple[str, ...]
    fixed: Floats
    fixed_covariance: Floats
    criterion: float
    restricted: bool
    solver: Solver
    rounds: int

    @property
    def fixed_errors(self) -> Floats:
        """Standard errors of the fixed effects."""
        return np.asarray(np.sqrt(np.diag(self.fixed_covariance)))

    def factor(self, name: str) -> FactorFit:
        """The factor of a name."""
        for found in self.factors:
            if found.name == name:
                return found
        raise UnknownFactor(name=name, choices=tuple(factor.name for factor in self.factors))

    def share(self, name: str) -> float:
        """Intra-class correlation: the part of the variance of one rating that is due to a factor, 0 to 1."""
        total = self.residual + sum(factor.variance for factor in self.factors)
        return self.factor(name).variance / total


def fit_mixed(
    y: ArrayLike,
    factors: Sequence[Factor],
    *,
    fixed: ArrayLike | None = None,
    names: Sequence[str] = (),
    restricted: bool = True,
    solver: Solver = Solver.AUTO,
    seed: int = 0,
) -> MixedFit:
    """Fit a crossed mixed model.

    Parameters
    ----------
    y : ratings, shape (n,).
    factors : customers, staff, units; see :class:`~zhiyin.maths.crossed.Factor`. They may be crossed or nested.
    fixed : circumstances to allow for, shape (n, p), no intercept; ``names`` : of its columns.
    restricted : REML, which does not count fixed effects as known. False: maximum likelihood (exact solver only).
    solver : AUTO takes the exact one where a likelihood costs less than about a tenth of a second.
    seed : of the linear-time solver's random signs.

    Raises
    ------
    NotSettled : variances did not stand still. OnlyExact : plain likelihood asked of the linear-time solver.
    And what :func:`~zhiyin.maths.crossed.crossed` raises about the data.
    """
    data = crossed(y, factors, fixed=fixed, names=names)
    if solver is Solver.AUTO:
        solver = Solver.EXACT if _cost(data) < 2e9 or not restricted else Solver.LINEAR
    if solver is Solver.LINEAR and not restricted:
        raise OnlyExact()
    counts = (data.count, *(data.other_count[place] for place in data.slices))
    if solver is Solver.EXACT:
        start = moment_components(data)
        theta, residual, criterion, rounds = solve_exact(
            data, restricted=restricted, start=np.sqrt(start[:-1] / start[-1])
        )
        variances = theta**2 * residual
        effects, errors, beta, covariance = effects_exact(data, theta, residual)
    else:
        found = solve_linear(data, seed=seed)
        if not found.settled:
            raise NotSettled(turns=found.turns)
        variances, residual, criterion, rounds = found.variances, found.residual, float("nan"), found.turns
        effects, errors, beta, covariance = found.effects, found.errors, found.fixed, found.covariance
    beta = beta.copy()
    beta[0] += data.centre
    return MixedFit(
        n=data.n,
        factors=tuple(
            FactorFit(name, float(variance), effect, error, count)
            for name, variance, effect, error, count in zip(
                (data.eliminated, *data.others), variances, effects, errors, counts, strict=True
            )
        ),
        residual=float(residual),
        fixed_names=data.fixed,
        fixed=beta,
        fixed_covariance=covariance,
        criterion=criterion,
        restricted=restricted,
        solver=solver,
        rounds=rounds,
    )


def _cost(data: Crossed) -> float:
    """Rough number of operations of one exact likelihood."""
    width = float(len(data.other_count) + len(data.fixed))
    filled = np.diff(data.table.indptr).astype(np.float64)
    return width**3 / 3.0 + 20.0 * float(filled @ filled)

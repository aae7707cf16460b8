r"""Synthetic control: what would have happened to the one unit that was changed, from a mix of units that were not.

One branch gets the new counter. No other branch is like it, but a mix may be: weights, none negative, adding up to one,
such that the mix followed the branch *before* the change. After it, the distance between the two is the effect:

.. math:: \min_{w \ge 0,\ \sum w = 1} (x_1 - X_0 w)' V (x_1 - X_0 w), \qquad \hat\alpha_t = y_{1t} - \sum_j w_j y_{jt}.

With ``predictors``, the importance V of each is itself chosen so that the mix follows the outcome before the change.
Without, all periods before it count alike.

**How sure?** With one unit there is no standard error. The same is done to every unit that was *not* changed, as if it
had been; if the true one's distance after the change, relative to before, is the largest of 20, such a thing happens by
chance one time in 20 (``rank`` of ``of``).

**When not to use it.** If the mix does not follow the unit before (``before_error`` is large), nothing after it means
anything. With few periods before, or a donor that felt the change itself.

References
----------
Abadie, Gardeazabal (2003), The economic costs of conflict, American Economic Review 93. Abadie, Diamond, Hainmueller
(2010), JASA 105, 493-505. Abadie (2021), Journal of Economic Literature 59.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.optimize
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, OutOfRange, TooFew, WrongShape, floats


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticFit:
    """A unit beside its mix.

    Parameters
    ----------
    weights : of the donors in the mix, in their order. importance : of the predictors (or periods), adding up to one.
    mix : outcome of the mix in every period. gap : the unit's less the mix's. effect : mean gap after the change.
    before_error, after_error : root mean squared gap before and after.
    """

    weights: Floats
    importance: Floats
    mix: Floats
    gap: Floats
    effect: float
    before_error: float
    after_error: float

    @property
    def ratio(self) -> float:
        """How many times larger the gap is after than before."""
        return self.after_error / self.before_error if self.before_error > 0 else float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Placebo:
    """The unit's ratio among those of the donors treated as if they had been changed.

    Parameters
    ----------
    rank : place of the unit, 1 the largest ratio. of : units compared. ratios : of the donors.
    """

    rank: int
    of: int
    ratios: Floats

    @property
    def p(self) -> float:
        """Share of units with a ratio as large: probability under chance."""
        return self.rank / self.of


def fit_synthetic(
    unit: ArrayLike,
    donors: ArrayLike,
    *,
    before: int,
    predictors: tuple[ArrayLike, ArrayLike] | None = None,
    matched: slice | None = None,
    seed: int = 0,
) -> SyntheticFit:
    """Find the mix.

    Parameters
    ----------
    unit : outcome of the changed unit, shape (periods,). donors : of the others, shape (periods, donors).
    before : periods before the change, at least 2; the change takes effect from period ``before`` on.
    predictors : of the unit (k,) and of the donors (k, donors). None: the outcomes before the change.
    matched : periods whose outcome chooses the importance of predictors. None: all before.
    seed : of the starts of the search for importance.

    Raises
    ------
    TooFew : fewer than two donors or periods before. OutOfRange : no period after.
    """
    y, others = floats(unit, "unit"), floats(donors, "donors", dimensions=2)
    if len(others) != len(y):
        raise WrongShape(name="donors", given=others.shape, wanted=(len(y), "donors"))
    if others.shape[1] < 2:
        raise TooFew(name="donors", given=others.shape[1], needed=2)
    if before < 2:
        raise TooFew(name="periods before the change", given=before, needed=2)
    if before >= len(y):
        raise OutOfRange(name="before", given=before, wanted=f"below {len(y)}")
    if predictors is None:
        importance = np.full(before, 1.0 / before)
        weights = simplex_least_squares(others[:before], y[:before])
    else:
        x, theirs = floats(predictors[0], "predictors"), floats(predictors[1], "donors' predictors", dimensions=2)
        if theirs.shape != (len(x), others.shape[1]):
            raise WrongShape(name="donors' predictors", given=theirs.shape, wanted=(len(x), others.shape[1]))
        chosen = matched or slice(0, before)
        importance, weights = _weighed(x, theirs, y[chosen], others[chosen], seed)
    mix = others @ weights
    gap = y - mix
    return SyntheticFit(
        weights=weights,
        importance=importance,
        mix=mix,
        gap=gap,
        effect=float(gap[before:].mean()),
        before_error=float(np.sqrt((gap[:before] ** 2).mean())),
        after_error=float(np.sqrt((gap[before:] ** 2).mean())),
    )


def placebo_test(
    unit: ArrayLike,
    donors: ArrayLike,
    *,
    before: int,
    predictors: tuple[ArrayLike, ArrayLike] | None = None,
    matched: slice | None = None,
    seed: int = 0,
) -> Placebo:
    """Treat every donor as if it had been changed, and see where the unit stands.

    Parameters are those of :func:`fit_synthetic`. The changed unit is in nobody's mix.
    """
    others = floats(donors, "donors", dimensions=2)
    own = fit_synthetic(unit, others, before=before, predictors=predictors, matched=matched, seed=seed).ratio
    ratios = []
    for place in range(others.shape[1]):
        rest = np.delete(others, place, axis=1)
        theirs = None
        if predictors is not None:
            table = floats(predictors[1], "donors' predictors", dimensions=2)
            theirs = (table[:, place], np.delete(table, place, axis=1))
        fit = fit_synthetic(others[:, place], rest, before=before, predictors=theirs, matched=matched, seed=seed)
        ratios.append(fit.ratio)
    found = np.array(ratios)
    return Placebo(rank=1 + int((found >= own).sum()), of=len(found) + 1, ratios=found)


def simplex_least_squares(columns: Floats, target: Floats) -> Floats:
    """Weights, none negative, adding up to one, whose mix of columns is closest to the target.

    Since the weights add up to one, it is the shortest vector among mixes of ``columns - target``; non-negative least
    squares with one more row that asks for the sum gives its direction exactly, and dividing by the sum its length.
    """
    distance = columns - target[:, None]
    scale = max(float(np.abs(distance).max()), 1e-300)
    rows = np.vstack([distance / scale, np.ones(columns.shape[1])])
    found, _ = scipy.optimize.nnls(rows, np.append(np.zeros(len(target)), 1.0))
    return np.asarray(found / found.sum())


def _weighed(x: Floats, theirs: Floats, y: Floats, others: Floats, seed: int) -> tuple[Floats, Floats]:
    """Importance of the predictors and weights of the donors, searched from several starts."""
    spread = np.column_stack([x, theirs]).std(axis=1, ddof=1)
    spread[spread == 0] = 1.0
    own, table = x / spread, theirs / spread[:, None]

    def weights(logs: Floats) -> tuple[Floats, Floats]:
        importance = np.exp(logs - logs.max())
        importance /= importance.sum()
        root = np.sqrt(importance)
        return importance, simplex_least_squares(table * root[:, None], own * root)

    def loss(logs: Floats) -> float:
        return float(((y - others @ weights(logs)[1]) ** 2).mean())

    generator = np.random.default_rng(seed)
    k = len(own)
    starts = [np.zeros(k), _by_regression(own, table, y, others), *(3.0 * generator.normal(size=(4, k)))]
    best = min(
        (
            scipy.optimize.minimize(
                loss,
                start,
                method="Nelder-Mead",
                options={"maxfev": 300 * k, "xatol": 1e-4, "fatol": 1e-10, "adaptive": True},
            )
            for start in starts
        ),
        key=lambda found: float(found.fun),
    )
    return weights(np.asarray(best.x))


def _by_regression(own: Floats, table: Floats, y: Floats, others: Floats) -> Floats:
    """Logs of the importance that a regression of the outcomes on the predictors suggests, as in Synth."""
    design = np.vstack([np.column_stack([own, table]), np.ones(table.shape[1] + 1)]).T
    beta = np.linalg.lstsq(design, np.column_stack([y, others]).T, rcond=None)[0][:-1]
    suggested = (beta**2).sum(axis=1)
    return np.asarray(np.log(suggested / suggested.sum() + 1e-8))

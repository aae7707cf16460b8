r"""Raking: weights that make those who answered look like everybody, margin by margin.

Young men answer less, so each counts for more. Base weights are multiplied in turn so that the weighted answers match
the known number of customers in every age band, then in every kind of account, then in every band of predicted score,
round after round until all margins hold at once (iterative proportional fitting). The result is the set of weights
closest to the base ones, in entropy, that matches all margins.

**The standard error must know of it.** Fitting the margins removes the part of the answers that the margins explain.
Linearisation says by how much: replace each answer by what is left after a weighted regression on the margins, and use
the error of that. Customers who answer several times, or schools of one district, enter as clusters.

**When not to use it.** Raking mends silence that depends on the margins. If the unhappy keep silent *because* they are
unhappy, raked figures are as wrong as raw ones and look better; margins should therefore hold the predicted score, and
:mod:`zhiyin.maths.sensitivity` and :mod:`zhiyin.maths.callback` belong beside every raked figure.

References
----------
Deming and Stephan (1940), Annals of Mathematical Statistics 11. Deville, Särndal and Sautory (1993), Generalized raking
procedures in survey sampling, JASA 88, 1013-1020.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Floats, OutOfRange, TooFew, codes, floats, same_length, sum_by
from zhiyin.maths.estimate import Estimate


class EmptyLevel(ZhiyinError):
    """A level has customers and no answers, so no weight can stand for them."""

    code: ClassVar[str] = "raking.empty_level"
    message: ClassVar[str] = (
        "{margin}: nobody answered in level {level}, which has {total} customers. Merge it with a neighbouring level."
    )


class MarginsDisagree(ZhiyinError):
    """Two margins add up to different totals."""

    code: ClassVar[str] = "raking.margins_disagree"
    message: ClassVar[str] = (
        "Margin {margin} adds up to {total}, the first one to {first}; they describe the same people."
    )


class NoAgreement(ZhiyinError):
    """The margins could not be met together."""

    code: ClassVar[str] = "raking.no_agreement"
    message: ClassVar[str] = (
        "After {rounds} rounds margin {margin} was still off by {gap}. "
        "Some combination of levels has no answers; merge levels or drop a margin."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """A characteristic known of everybody.

    Parameters
    ----------
    name : for messages.
    codes : level of each answer, ``0 .. levels-1``. totals : customers in each level.
    """

    name: str
    codes: NDArray[Any]
    totals: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """Weights that meet all margins.

    Parameters
    ----------
    weights : one an answer. base : what they were before. margins : met. rounds : needed.
    """

    weights: Floats
    base: Floats
    margins: tuple[Margin, ...]
    rounds: int

    @property
    def effective_n(self) -> float:
        """How many equally weighted answers would be as good (Kish): (sum w)^2 / sum w^2."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())

    def mean(
        self, y: ArrayLike, *, clusters: ArrayLike | None = None, population_clusters: int | None = None
    ) -> Estimate:
        """The mean of everybody, with the linearised error.

        Parameters
        ----------
        y : the answers. clusters : who belongs together (customer, district); None: every answer for itself.
        population_clusters : how many clusters there are in all, for a finite population correction. None: many.
        """
        values = floats(y, "y")
        total = self.weights.sum()
        mean = float(self.weights @ values / total)
        return Estimate(mean, *self._error((values - mean) / total, clusters, population_clusters))

    def total(
        self, y: ArrayLike, *, clusters: ArrayLike | None = None, population_clusters: int | None = None
    ) -> Estimate:
        """The sum over everybody; parameters as for :meth:`mean`."""
        values = floats(y, "y")
        return Estimate(float(self.weights @ values), *self._error(values, clusters, population_clusters))

    def _error(self, influence: Floats, clusters: ArrayLike | None, population: int | None) -> tuple[float, float]:
        same_length(y=influence, weights=self.weights)
        scores = self.weights * self._left(influence)
        if clusters is not None:
            code, levels = codes(clusters, "clusters")
            same_length(clusters=code, weights=self.weights)
            scores = sum_by(code, scores, len(levels))
        groups = len(scores)
        if groups < 2:
            raise TooFew(name="clusters", given=groups, needed=2)
        share = 0.0 if population is None else groups / population
        if share > 1.0:
            raise OutOfRange(name="population_clusters", given=population, wanted=f"at least {groups}")
        variance = (1.0 - share) * groups / (groups - 1) * float(((scores - scores.mean()) ** 2).sum())
        return variance**0.5, float(groups - 1)

    def _left(self, values: Floats) -> Floats:
        """What is left of the values after a regression on all margins, weighted by the base weights."""
        starts = np.cumsum([0, *(len(margin.totals) for margin in self.margins)])
        products = np.zeros((starts[-1], starts[-1]))
        right = np.zeros(starts[-1])
        for a, one in enumerate(self.margins):
            rows = slice(starts[a], starts[a + 1])
            right[rows] = sum_by(one.codes, self.base * values, len(one.totals))
            for b, two in enumerate(self.margins):
                pair = one.codes.astype(np.int64) * len(two.totals) + two.codes
                shared = sum_by(pair, self.base, len(one.totals) * len(two.totals))
                products[rows, starts[b] : starts[b + 1]] = shared.reshape(len(one.totals), len(two.totals))
        beta = np.linalg.lstsq(products, right, rcond=1e-12)[0]
        expected = [beta[starts[a] : starts[a + 1]][margin.codes] for a, margin in enumerate(self.margins)]
        return np.asarray(values - np.sum(expected, axis=0))


def rake(weights: ArrayLike, margins: Sequence[Margin], *, tolerance: float = 1e-10, rounds: int = 500) -> Raked:
    """Fit weights to margins.

    Parameters
    ----------
    weights : base weight of each answer, above 0: customers it was drawn to stand for; equal ones if all were asked.
    margins : at least one; their totals must agree.
    tolerance : largest relative gap of any level at which to stop.

    Raises
    ------
    EmptyLevel, MarginsDisagree, NoAgreement : see each.

    Examples
    --------
    >>> age = Margin("age", np.array([0, 0, 1]), np.array([50.0, 50.0]))
    >>> rake([1.0, 1.0, 1.0], [age]).weights.tolist()
    [25.0, 25.0, 50.0]
    """
    fitted = floats(weights, "weights").copy()
    if not margins:
        raise TooFew(name="margins", given=0, needed=1)
    if len(fitted) and fitted.min() <= 0:
        raise OutOfRange(name="weights", given=float(fitted.min()), wanted="above 0")
    first = float(margins[0].totals.sum())
    for margin in margins:
        _check(margin, fitted, first)
    used = 0
    while used < rounds:
        used += 1
        for margin in margins:
            reached = sum_by(margin.codes, fitted, len(margin.totals))
            ratio = np.divide(margin.totals, reached, out=np.zeros_like(margin.totals), where=reached > 0)
            fitted *= ratio[margin.codes]
        gaps = [_gap(margin, fitted) for margin in margins]
        if max(gaps) < tolerance:
            return Raked(fitted, floats(weights, "weights"), tuple(margins), used)
    worst = int(np.argmax(gaps))
    raise NoAgreement(rounds=rounds, margin=margins[worst].name, gap=f"{gaps[worst]:.1%}")


def _check(margin: Margin, weights: Floats, first: float) -> None:
    same_length(weights=weights, **{f"codes of {margin.name}": margin.codes})
    totals = floats(margin.totals, f"totals of {margin.name}")
    if abs(float(totals.sum()) - first) > 1e-6 * first:
        raise MarginsDisagree(margin=margin.name, total=float(totals.sum()), first=first)
    answered = np.bincount(margin.codes, minlength=len(totals))
    if len(answered) > len(totals):
        raise OutOfRange(name=f"codes of {margin.name}", given=len(answered) - 1, wanted=f"below {len(totals)}")
    for level in np.flatnonzero((answered == 0) & (totals > 0)):
        raise EmptyLevel(margin=margin.name, level=int(level), total=float(totals[level]))


def _gap(margin: Margin, weights: Floats) -> float:
    reached = sum_by(margin.codes, weights, len(margin.totals))
    present = margin.totals > 0
    return float(np.abs(reached[present] / margin.totals[present] - 1.0).max())

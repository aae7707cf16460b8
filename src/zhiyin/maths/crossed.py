# mypy: disable-error-code="no-untyped-call"
r"""What a crossed mixed model needs of its ratings: counts, sums and cross-counts.

The model for rating i, given by customer c(i) to staff s(i) of unit b(i) under circumstances x(i), is

.. math:: y_i = x_i'\beta + u_{c(i)} + v_{s(i)} + w_{b(i)} + e_i,

each of u, v, w and e normal around 0 with a variance of its own. *Crossed* means that a customer meets several staff
and a member of staff many customers, so that a lenient customer's marks do not make good staff.

The largest factor (customers) is kept apart: given all else its levels do not touch each other, so it can be
eliminated from the equations level by level at no cost. What remains are the other factors and the fixed effects.
Everything is computed here once, in one pass over the ratings; no estimator looks at a rating again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import scipy.sparse as sparse
from numpy.typing import ArrayLike, NDArray

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Constant, Floats, OutOfRange, Repeated, TooFew, floats, same_length

INTERCEPT = "(intercept)"


class NoFactor(ZhiyinError):
    """A mixed model needs somebody or something that differs."""

    code: ClassVar[str] = "mixed.no_factor"
    message: ClassVar[str] = "Name at least one factor (customers, staff, units) whose levels differ."


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A grouping of the ratings: customers, staff, units.

    Parameters
    ----------
    name : what it is called in results.
    codes : for each rating its level, ``0 .. levels-1``; any integer type.
    levels : how many levels there are, also those without a rating.
    """

    name: str
    codes: NDArray[Any]
    levels: int

    def __post_init__(self) -> None:
        if len(self.codes) and not (self.codes.min() >= 0 and self.codes.max() < self.levels):
            wanted = f"between 0 and {self.levels - 1}"
            raise OutOfRange(name=f"codes of {self.name}", given=int(self.codes.max()), wanted=wanted)


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """Sums and cross-counts of the ratings. Shapes: n ratings, e levels eliminated, q others, p fixed effects.

    Parameters
    ----------
    eliminated : name of the factor kept apart; ``others`` : names of the rest; ``slices`` : where each lies in q.
    fixed : names of the fixed effects; an intercept comes first.
    count, target, covariates : of the eliminated factor: ratings (e,), sum of y (e,), sums of x (e, p).
    table : ratings an eliminated level gave an other level. Sparse (e, q).
    other_count, other_target, other_covariates : the same three of the other levels.
    other_table : ratings shared by pairs of other levels, its diagonal the counts. Sparse (q, q).
    xx, xy, yy : cross-products of fixed effects and y.
    centre : what was subtracted from every y first.
    """

    n: int
    eliminated: str
    others: tuple[str, ...]
    slices: tuple[slice, ...]
    fixed: tuple[str, ...]
    count: Floats
    target: Floats
    covariates: Floats
    table: sparse.csr_matrix
    other_count: Floats
    other_target: Floats
    other_covariates: Floats
    other_table: sparse.csr_matrix
    xx: Floats
    xy: Floats
    yy: float
    centre: float


def crossed(
    y: ArrayLike, factors: Sequence[Factor], *, fixed: ArrayLike | None = None, names: Sequence[str] = ()
) -> Crossed:
    """Sum up ratings for a mixed model.

    Parameters
    ----------
    y : the ratings, shape (n,).
    factors : at least one; the one with the most levels is eliminated.
    fixed : circumstances to allow for, shape (n, p), without an intercept; 32-bit floats save memory.
    names : of the columns of ``fixed``.

    Raises
    ------
    NoFactor, TooFew, Constant, Repeated, NotFinite, WrongShape : see each.
    """
    if not factors:
        raise NoFactor()
    target = floats(y, "y")
    n = same_length(y=target, **{factor.name: factor.codes for factor in factors})
    if n < 3:
        raise TooFew(name="ratings", given=n, needed=3)
    if np.ptp(target) == 0:
        raise Constant(name="y")
    centre = float(np.round(target.mean()))  # a whole number, so that sums of whole ratings stay exact in any order
    target = target - centre
    columns = _columns(fixed, names, n)
    ordered = sorted(factors, key=lambda factor: -factor.levels)
    first, rest = ordered[0], ordered[1:]
    ends = np.cumsum([0, *(factor.levels for factor in rest)])
    xx = np.array([[float(np.dot(a, b)) for b in columns] for a in columns])
    _check_distinct(xx, names)
    return Crossed(
        n=n,
        eliminated=first.name,
        others=tuple(factor.name for factor in rest),
        slices=tuple(slice(int(a), int(b)) for a, b in pairwise(ends)),
        fixed=(INTERCEPT, *names),
        count=_sums(first),
        target=_sums(first, target),
        covariates=np.stack([_sums(first, column) for column in columns], axis=1),
        table=_across([first], rest),
        other_count=np.concatenate([np.zeros(0), *(_sums(factor) for factor in rest)]),
        other_target=np.concatenate([np.zeros(0), *(_sums(factor, target) for factor in rest)]),
        other_covariates=np.stack(
            [np.concatenate([np.zeros(0), *(_sums(factor, column) for factor in rest)]) for column in columns], axis=1
        ),
        other_table=_across(rest, rest),
        xx=xx,
        xy=np.array([float(np.dot(column, target)) for column in columns]),
        yy=float(np.dot(target, target)),
        centre=centre,
    )


def _columns(fixed: ArrayLike | None, names: Sequence[str], n: int) -> list[NDArray[Any]]:
    columns: list[NDArray[Any]] = [np.ones(n)]
    if fixed is None:
        return columns
    array = np.asarray(fixed)
    same_length(fixed=array, y=range(n))
    same_length(names=names, fixed_columns=range(array.shape[1]))
    for place, name in enumerate(names):
        column = floats(array[:, place], name)
        if np.ptp(column) == 0:
            raise Constant(name=name)
        columns.append(column)
    return columns


def _check_distinct(xx: Floats, names: Sequence[str]) -> None:
    """Each column must add something to those before it (a pivot of the Cholesky factor that vanishes does not)."""
    scale = np.sqrt(np.diag(xx))
    left = xx / (scale[:, None] * scale)
    for place in range(len(left)):
        if left[place, place] < 1e-9:
            raise Repeated(name=names[place - 1])
        left = left - np.outer(left[:, place], left[place]) / left[place, place]


def _sums(factor: Factor, values: NDArray[Any] | None = None) -> Floats:
    return np.asarray(np.bincount(factor.codes, weights=values, minlength=factor.levels), dtype=np.float64)


def _across(rows: Sequence[Factor], columns: Sequence[Factor]) -> sparse.csr_matrix:
    """Ratings shared by each level of the row factors and each of the column factors."""
    height = sum(factor.levels for factor in rows)
    width = sum(factor.levels for factor in columns)
    if not columns:
        return sparse.csr_matrix((height, 0))
    blocks = [[_pair(row, column) for column in columns] for row in rows]
    found = sparse.csr_matrix(sparse.bmat(blocks, format="csr"))
    assert found.shape == (height, width)  # bmat infers the shape from its blocks
    return found


def _pair(row: Factor, column: Factor) -> sparse.csr_matrix:
    ones = np.ones(len(row.codes))
    shape = (row.levels, column.levels)
    return sparse.csr_matrix((ones, (row.codes, column.codes)), shape=shape)

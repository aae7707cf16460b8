"""Counts, sums and cross-products: all that a linear method needs of a million rows.

A regression, a path model, a Shapley split and their bootstraps depend on the rows only through how many there are,
what each column sums to and what each pair of columns multiplies to. These add up: over days, over workers, over
groups. Answers on a scale are integers, so their moments are exact, whatever the order of adding.

**Why groups.** Kept a group at a time they give two things for nothing. Grouped by *unit*, the spread within units
can be separated from the spread between them (:meth:`Moments.within`), so that a good outlet's good staff and short
queues are not mistaken for each other. Grouped by *blocks of customers* (say, 256 blocks by a hash of the customer's
key) they can be resampled (:meth:`Moments.resampled`): a bootstrap that honours that one customer answers several
times, and that costs the same for a thousand rows and for a hundred million.

When not to use it: for columns whose mean is millions of times their spread (subtract a round number first), and
for anything that is not linear in the cross-products, such as a median.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, Integers, TooFew, WrongShape, codes, floats, same_length


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Moments of p columns in each of G groups.

    Parameters
    ----------
    columns : names, in the order of the arrays.
    count : rows, or the sum of their weights. Shape (G,).
    sums : sum of each column. Shape (G, p).
    products : sum of the product of each pair of columns. Shape (G, p, p).
    """

    columns: tuple[str, ...]
    count: Floats
    sums: Floats
    products: Floats

    def __post_init__(self) -> None:
        groups, p = len(self.count), len(self.columns)
        if self.sums.shape != (groups, p):
            raise WrongShape(name="sums", given=self.sums.shape, wanted=(groups, p))
        if self.products.shape != (groups, p, p):
            raise WrongShape(name="products", given=self.products.shape, wanted=(groups, p, p))

    @property
    def n(self) -> float:
        """Rows in all groups together, or the sum of their weights."""
        return float(self.count.sum())

    def pooled(self) -> Moments:
        """All groups added up to one."""
        return Moments(self.columns, self.count.sum(keepdims=True), self.sums.sum(axis=0, keepdims=True),
                       self.products.sum(axis=0, keepdims=True))  # fmt: skip

    def blocks(self, number: int) -> Moments:
        """The groups added up to a number of blocks, in turn: group 0 to block 0, group 1 to block 1, and so on.

        Makes thousands of customers small enough to resample. The order of the groups must say nothing.
        """
        if not 1 <= number <= len(self.count):
            raise TooFew(name="groups", given=len(self.count), needed=number)
        order = np.argsort(np.arange(len(self.count)) % number, kind="stable")
        starts = np.searchsorted(np.sort(np.arange(len(self.count)) % number), np.arange(number))
        added = (np.add.reduceat(part[order], starts, axis=0) for part in (self.count, self.sums, self.products))
        return Moments(self.columns, *added)

    def mean(self) -> Floats:
        """Mean of each column. Shape (p,)."""
        if self.n <= 0:
            raise TooFew(name="rows", given=0, needed=1)
        return np.asarray(self.sums.sum(axis=0) / self.n)

    def covariance(self) -> Floats:
        """Covariance over all rows, divided by n (not n-1). Shape (p, p)."""
        return covariances(self.count.sum(), self.sums.sum(axis=0), self.products.sum(axis=0))

    def within(self) -> Floats:
        """Covariance of the deviations from each group's own mean, divided by n. Shape (p, p).

        The same as regressing on a column for every group (fixed effects) before anything else. A group of one row
        says nothing about it and contributes nothing.
        """
        present = self.count > 0
        count, sums = self.count[present], self.sums[present]
        between = np.einsum("gi,gj,g->ij", sums, sums, 1.0 / count)
        return np.asarray((self.products.sum(axis=0) - between) / max(self.n, 1.0))

    def select(self, columns: Sequence[str]) -> Moments:
        """The moments of some of the columns, in the order asked for."""
        at = np.array([self.columns.index(name) for name in columns])
        return Moments(tuple(columns), self.count, self.sums[:, at], self.products[:, at[:, None], at])

    def resampled(self, draws: int, *, seed: int) -> tuple[Floats, Floats]:
        """Means and covariances of bootstrap samples, made by drawing whole groups with replacement.

        Groups must be exchangeable (blocks of customers by hash), not meaningful (outlets of a bank that has no
        others). Below about 50 groups intervals come out too narrow.

        Returns
        -------
        means : shape (draws, p). covariances : shape (draws, p, p).
        """
        groups, p = len(self.count), len(self.columns)
        if groups < 2:
            raise TooFew(name="groups to resample", given=groups, needed=2)
        generator = np.random.default_rng(seed)
        times = generator.multinomial(groups, np.full(groups, 1.0 / groups), size=draws).astype(np.float64)
        count = times @ self.count
        sums = times @ self.sums
        products = (times @ self.products.reshape(groups, p * p)).reshape(draws, p, p)
        return sums / count[:, None], covariances(count, sums, products)


def covariances(count: ArrayLike, sums: Floats, products: Floats) -> Floats:
    """Covariance matrices (divided by n) from counts (...), sums (..., p) and cross-products (..., p, p)."""
    n = np.asarray(count, dtype=np.float64)[..., None]
    mean = sums / n
    return np.asarray(products / n[..., None] - mean[..., :, None] * mean[..., None, :])


def moments(
    rows: ArrayLike, columns: Sequence[str], *, groups: ArrayLike | None = None, weights: ArrayLike | None = None
) -> Moments:
    """Moments of rows held in memory.

    Parameters
    ----------
    rows : the values, shape (n, p).
    columns : p names.
    groups : any value a row; rows with the same value are added up together. None: every row is its own group, as
        a plain bootstrap needs; that keeps n p^2 numbers, so it is for thousands of rows.
    weights : weight a row. None: one each.

    Examples
    --------
    >>> m = moments([[1.0, 2.0], [3.0, 2.0], [5.0, 5.0]], ["wait", "score"], groups=["A", "A", "B"])
    >>> m.n, m.mean().tolist()
    (3.0, [3.0, 3.0])
    >>> m.within().round(3).tolist()
    [[0.667, 0.0], [0.0, 0.0]]
    """
    x = floats(rows, "rows", dimensions=2)
    if x.shape[1] != len(columns):
        raise WrongShape(name="rows", given=x.shape, wanted=("n", len(columns)))
    w = np.ones(len(x)) if weights is None else floats(weights, "weights")
    same_length(rows=x, weights=w)
    if groups is None:
        weighted = x * w[:, None]
        return Moments(tuple(columns), w, weighted, weighted[:, :, None] * x[:, None, :])
    code, levels = codes(groups, "groups")
    same_length(rows=x, groups=code)
    order = np.argsort(code, kind="stable")
    x, w, starts = x[order], w[order], np.searchsorted(code[order], np.arange(len(levels))).astype(np.int64)
    weighted = x * w[:, None]
    return Moments(
        tuple(columns),
        np.add.reduceat(w, starts),
        np.add.reduceat(weighted, starts, axis=0),
        _products(x, weighted, starts),
    )


def _products(x: Floats, weighted: Floats, starts: Integers) -> Floats:
    """Cross-products a run of rows: one matrix product a run where runs are long, column by column where short."""
    products = np.empty((len(starts), x.shape[1], x.shape[1]))
    if len(x) >= 16 * len(starts):
        stops = np.append(starts[1:], len(x))
        for run, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            products[run] = weighted[start:stop].T @ x[start:stop]
        return products
    for column in range(x.shape[1]):
        products[:, column, :] = np.add.reduceat(weighted * x[:, column, None], starts, axis=0)
    return products

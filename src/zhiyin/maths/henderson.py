# mypy: disable-error-code="no-untyped-call"
"""Henderson's equations after eliminating the largest factor: an operator, and an approximate inverse.

With R the columns of all other levels and of the fixed effects, Z the eliminated factor and M = I - Z (Z'Z + l)^-1 Z',
the matrix is S = R'M R + ridge. It is never formed: applying it costs two passes over the cross-counts. The
approximate inverse keeps the direct counts (which staff work in which unit, under which circumstances) and leaves out
the links that customers make; its error is bounded by how many ratings a customer gives, not by how many customers
there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse as sparse

from zhiyin.maths.arrays import Flags, Floats
from zhiyin.maths.crossed import Crossed

_ROWS = 32_768
"""Eliminated levels worked on at once, so that their numbers stay in the cache."""
_DENSE = 3_000
"""Levels that the approximate inverse treats as one dense block."""


@dataclass(frozen=True, slots=True, eq=False)
class Slab:
    """Some eliminated levels: where they lie, their cross-counts (both ways round) and their sums of covariates."""

    at: slice
    table: sparse.csr_matrix
    turned: sparse.csc_matrix
    covariates: Floats


def slabs(data: Crossed) -> tuple[Slab, ...]:
    """The eliminated levels cut into slabs that share memory with ``data``."""
    table, found = data.table, []
    for start in range(0, max(len(data.count), 1), _ROWS):
        stop = min(start + _ROWS, len(data.count))
        ends = table.indptr[start : stop + 1]
        inside = slice(ends[0], ends[-1])
        shape = (stop - start, table.shape[1])
        part = sparse.csr_matrix((table.data[inside], table.indices[inside], ends - ends[0]), shape=shape, copy=False)
        found.append(Slab(slice(start, stop), part, part.T, data.covariates[start:stop]))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Henderson:
    """The equations at given ratios of the residual's variance to each factor's.

    Parameters
    ----------
    ridge : the ratio of each other level, (q,). shrink : 1 / (ratings + ratio) of each eliminated level, (e,).
    """

    data: Crossed
    parts: tuple[Slab, ...]
    ridge: Floats
    shrink: Floats

    @classmethod
    def at(cls, data: Crossed, parts: tuple[Slab, ...], ratios: Floats) -> Henderson:
        """``ratios`` : a factor, eliminated first; a huge one stands for no variance."""
        lengths = [place.stop - place.start for place in data.slices]
        return cls(data, parts, np.repeat(ratios[1:], lengths), 1.0 / (data.count + ratios[0]))

    def times(self, vectors: Floats) -> Floats:
        """S times each column, shape (q + p, v)."""
        data, q = self.data, len(self.ridge)
        own, fixed = np.ascontiguousarray(vectors[:q]), vectors[q:]
        above = data.other_table @ own + self.ridge[:, None] * own + data.other_covariates @ fixed
        below = data.other_covariates.T @ own + data.xx @ fixed
        for part in self.parts:
            through = (part.table @ own + part.covariates @ fixed) * self.shrink[part.at, None]
            above -= part.turned @ through
            below -= part.covariates.T @ through
        return np.vstack([above, below])

    def right(self) -> Floats:
        """The right-hand side for y, shape (q + p,)."""
        data = self.data
        through = data.target * self.shrink
        return np.concatenate([data.other_target - data.table.T @ through, data.xy - data.covariates.T @ through])

    def eliminated(self, solution: Floats) -> Floats:
        """The eliminated levels' effects, given the rest; shape (e,)."""
        data, q = self.data, len(self.ridge)
        seen = data.table @ solution[:q] + data.covariates @ solution[q:]
        return np.asarray((data.target - seen) * self.shrink)

    def overlap(self, left: Floats, right: Floats) -> Floats:
        """Column by column left' H right with H = R'Z (Z'Z + ratio)^-2 Z'R; shape (v,)."""
        q = len(self.ridge)
        total = np.zeros(left.shape[1])
        for part in self.parts:
            one = part.table @ np.ascontiguousarray(left[:q]) + part.covariates @ left[q:]
            two = part.table @ np.ascontiguousarray(right[:q]) + part.covariates @ right[q:]
            total += (one * two * (self.shrink[part.at, None] ** 2)).sum(axis=0)
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """The approximate inverse: the largest other factor diagonal, the rest and the fixed effects one dense block.

    Parameters
    ----------
    loose : which of the q + p unknowns are treated as diagonal. diagonal : their entries.
    across : loose by dense entries. factor : Cholesky factor of the dense block after eliminating the loose ones.
    """

    loose: Flags
    diagonal: Floats
    across: sparse.csr_matrix
    factor: Floats

    @classmethod
    def of(cls, equations: Henderson) -> Nearby:
        """Keep direct counts, thinned by the mean share that the eliminated factor leaves of a rating."""
        data, q = equations.data, len(equations.ridge)
        share = 1.0 - float(data.count @ equations.shrink) / data.n
        loose, coupled = _loose(data)
        counts = share * sparse.csr_matrix(
            sparse.bmat(
                [
                    [data.other_table, sparse.csr_matrix(data.other_covariates)],
                    [sparse.csr_matrix(data.other_covariates.T), sparse.csr_matrix(data.xx)],
                ],
                format="csr",
            )
        )
        ridge = np.concatenate([equations.ridge, np.zeros(counts.shape[0] - q)])
        diagonal = share * np.concatenate([data.other_count, np.zeros(len(data.fixed))]) + ridge
        across = sparse.csr_matrix(sparse.diags(coupled[loose].astype(float)) @ counts[loose][:, ~loose])
        dense = counts[~loose][:, ~loose].toarray() + np.diag(ridge[~loose])
        dense -= (across.T @ sparse.diags(1.0 / diagonal[loose]) @ across).toarray()
        dense[np.diag_indices_from(dense)] *= 1.0 + 1e-10
        factor = scipy.linalg.cholesky(dense, lower=True, check_finite=False)
        return cls(loose, diagonal[loose], across, factor)

    def solve(self, right: Floats) -> Floats:
        """The approximate inverse times each column, shape (q + p, v)."""
        x = np.empty_like(right)
        own = right[self.loose] / self.diagonal[:, None]
        inner = scipy.linalg.cho_solve(
            (self.factor, True), right[~self.loose] - self.across.T @ own, check_finite=False
        )
        x[~self.loose] = inner
        x[self.loose] = own - (self.across @ inner) / self.diagonal[:, None]
        return x

    def inverse_diagonal(self) -> Floats:
        """The diagonal of the approximate inverse, exactly; shape (q + p,)."""
        found = np.empty(len(self.loose))
        inverse = scipy.linalg.cho_solve((self.factor, True), np.eye(len(self.factor)), check_finite=False)
        found[~self.loose] = np.diag(inverse)
        spread = np.empty(len(self.diagonal))
        for start in range(0, len(spread), 4096):
            at = slice(start, start + 4096)
            rows = self.across[at]
            spread[at] = np.asarray(rows.multiply(rows @ inverse).sum(axis=1)).ravel()
        found[self.loose] = 1.0 / self.diagonal + spread / self.diagonal**2
        return found


def quadratic(near: Nearby, equations: Henderson) -> Floats:
    """For each eliminated level, its row of counts and covariates times the approximate inverse times itself; (e,)."""
    inverse = scipy.linalg.cho_solve((near.factor, True), np.eye(len(near.factor)), check_finite=False)
    found = np.empty(len(equations.shrink))
    for part in equations.parts:
        rows = sparse.csr_matrix(sparse.hstack([part.table, sparse.csr_matrix(part.covariates)], format="csr"))
        own = sparse.csr_matrix(rows[:, near.loose])
        scaled = own @ sparse.diags(1.0 / near.diagonal)
        rest = sparse.csr_matrix(rows[:, ~near.loose] - scaled @ near.across)
        found[part.at] = np.asarray(own.multiply(scaled).sum(axis=1)).ravel()
        for start in range(0, rest.shape[0], 4096):
            some = rest[start : start + 4096]
            at = slice(part.at.start + start, part.at.start + start + some.shape[0])
            found[at] += np.asarray(some.multiply(some @ inverse).sum(axis=1)).ravel()
    return found


def _loose(data: Crossed) -> tuple[Flags, Flags]:
    """Which unknowns to treat as diagonal, and which of those keep their direct counts with the dense block."""
    q = len(data.other_count)
    loose, coupled = np.zeros(q + len(data.fixed), dtype=np.bool_), np.zeros(q + len(data.fixed), dtype=np.bool_)
    if not data.slices:
        return loose, coupled
    by_size = sorted(data.slices, key=lambda place: place.stop - place.start)
    loose[by_size[-1]] = coupled[by_size[-1]] = True
    dense = 0
    for place in by_size[:-1]:
        dense += place.stop - place.start
        loose[place] = dense > _DENSE
    return loose, coupled

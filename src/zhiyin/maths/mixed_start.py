# mypy: disable-error-code="no-untyped-call"
"""A first guess of variance components, from sums of squares; unbiased and fast, less precise than likelihood.

References
----------
Gao and Owen (2017), Efficient moment calculations for variance components in large unbalanced crossed random effects
models, Electronic Journal of Statistics 11.
"""

from __future__ import annotations

import numpy as np
import scipy.linalg
import scipy.sparse as sparse

from zhiyin.maths.arrays import Floats
from zhiyin.maths.crossed import Crossed


def moment_components(data: Crossed) -> Floats:
    """Variances of the factors (eliminated first) and, last, of the residual, by the method of moments.

    Sums of squares within the levels of each factor and within everything are set equal to their expectations.
    Fixed effects are allowed for by least squares first. Never negative.
    """
    beta = np.linalg.lstsq(data.xx, data.xy, rcond=None)[0]
    rest = data.yy - float(data.xy @ beta)
    counts = [data.count, *(data.other_count[place] for place in data.slices)]
    left = [
        data.target - data.covariates @ beta,
        *((data.other_target - data.other_covariates @ beta)[place] for place in data.slices),
    ]
    inverses = [np.divide(1.0, count, out=np.zeros(len(count)), where=count > 0) for count in counts]
    k = len(counts)
    expected, found = np.zeros((k + 1, k + 1)), np.zeros(k + 1)
    for row in range(k):
        found[row] = rest - float(left[row] ** 2 @ inverses[row])
        expected[row, k] = data.n - np.count_nonzero(counts[row])
    expected[:k, :k] = data.n - _shared_squares(data, inverses)
    expected[np.arange(k), np.arange(k)] = 0.0
    found[k] = rest
    expected[k, :k] = [data.n - float(count @ count) / data.n for count in counts]
    expected[k, k] = data.n - len(data.fixed)
    found, expected = found / data.n, expected / data.n
    solution = scipy.linalg.lstsq(expected, found)[0]
    total = rest / data.n
    return np.asarray(np.clip(solution, 1e-3 * total, None))


def _shared_squares(data: Crossed, inverses: list[Floats]) -> Floats:
    """For factors a and b: the squared ratings shared by a level of each, over those of a's level, summed up."""
    k = len(inverses)
    found = np.zeros((k, k))
    squared = squares(data.table).T
    ones, weighted = squared @ np.ones(len(data.count)), squared @ inverses[0]
    for row, place in enumerate(data.slices):
        found[0, row + 1] = weighted[place].sum()
        found[row + 1, 0] = float(inverses[row + 1] @ ones[place])
        for column, other in enumerate(data.slices):
            if row != column:
                pair = squares(data.other_table[place, other])
                found[row + 1, column + 1] = float(inverses[row + 1] @ (pair @ np.ones(pair.shape[1])))
    return found


def squares(table: sparse.csr_matrix) -> sparse.csr_matrix:
    """The table with each entry squared."""
    return sparse.csr_matrix((table.data**2, table.indices, table.indptr), shape=table.shape, copy=False)

# mypy: disable-error-code="no-untyped-call"
r"""The likelihood of a crossed mixed model, exactly.

Write each variance as a multiple of the residual's, :math:`\theta_k = \sigma_k/\sigma`. For given :math:`\theta` the
best fixed effects, the best residual variance and the value of the likelihood follow from one Cholesky factor, so
only as many numbers are searched as there are factors (Bates et al. 2015, section 3). The eliminated factor is
diagonal and costs nothing; the others, q levels together, need a dense q x q factor: fractions of a second up to a
thousand levels, a second at three thousand. Beyond, :mod:`zhiyin.maths.mixed_linear`.

The scaled form keeps :math:`\theta = 0` (no differences at all) an ordinary point: a factor may truly have none.

References
----------
Bates, Mächler, Bolker, Walker (2015), Fitting linear mixed-effects models using lme4, Journal of Statistical
Software 67.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.sparse as sparse

from zhiyin.maths.arrays import Floats
from zhiyin.maths.crossed import Crossed


@dataclass(frozen=True, slots=True, eq=False)
class Equations:
    """The equations left after eliminating the largest factor, at one theta, in scaled form."""

    theta: Floats
    diagonal: Floats
    lower: Floats
    right: Floats
    logs: float
    fixed_logs: float
    rest: float


def solve_exact(data: Crossed, *, restricted: bool, start: Floats) -> tuple[Floats, float, float, int]:
    """Search theta, beginning at ``start``.

    Returns
    -------
    theta : standard deviation of each factor (eliminated first, then the others) over the residual's.
    variance : the residual's. criterion : -2 log likelihood (restricted or not). evaluations : likelihoods computed.
    """
    evaluations = 0

    def criterion(theta: Floats) -> float:
        nonlocal evaluations
        evaluations += 1
        return _criterion(data, equations(data, np.abs(theta)), restricted)

    bounds = [(0.0, None)] * len(start)
    found = scipy.optimize.minimize(
        criterion, start, method="COBYQA", bounds=bounds, options={"initial_tr_radius": 0.05, "final_tr_radius": 1e-6}
    )
    theta = np.abs(np.asarray(found.x))
    best = equations(data, theta)
    degrees = data.n - len(data.fixed) if restricted else data.n
    return theta, best.rest / degrees, _criterion(data, best, restricted), evaluations


def equations(data: Crossed, theta: Floats) -> Equations:
    """Factor the equations at theta. The last p rows of ``lower`` belong to the fixed effects."""
    first, wide = theta[0], _widened(data, theta)
    diagonal = first**2 * data.count + 1.0
    weight = first**2 / diagonal
    shrunk = sparse.csr_matrix(sparse.diags(weight) @ data.table)
    others = (data.other_table - data.table.T @ shrunk).toarray() * (wide[:, None] * wide)
    others[np.diag_indices_from(others)] += 1.0
    mixed = (data.other_covariates - shrunk.T @ data.covariates) * wide[:, None]
    fixed = data.xx - data.covariates.T @ (weight[:, None] * data.covariates)
    q, p = mixed.shape
    whole = np.zeros((q + p, q + p))
    whole[:q, :q], whole[q:, :q], whole[q:, q:] = others, mixed.T, fixed
    lower = scipy.linalg.cholesky(whole, lower=True, overwrite_a=True, check_finite=False)
    target = np.concatenate(
        [
            (data.other_target - shrunk.T @ data.target) * wide,
            data.xy - data.covariates.T @ (weight * data.target),
        ]
    )
    right = scipy.linalg.solve_triangular(lower, target, lower=True, check_finite=False)
    pivots = np.log(np.diag(lower))
    return Equations(
        theta=theta,
        diagonal=diagonal,
        lower=lower,
        right=right,
        logs=float(np.log(diagonal).sum() + 2.0 * pivots[:q].sum()),
        fixed_logs=float(2.0 * pivots[q:].sum()),
        rest=max(data.yy - float(weight @ data.target**2) - float(right @ right), 1e-12 * data.yy),
    )


def effects_exact(
    data: Crossed, theta: Floats, variance: float
) -> tuple[tuple[Floats, ...], tuple[Floats, ...], Floats, Floats]:
    """Predictions at theta.

    Returns
    -------
    effects, errors : a factor (eliminated first): predicted effect and standard error of prediction of each level.
    fixed, covariance : fixed effects and their covariance matrix.
    """
    found = equations(data, theta)
    q = len(data.other_count)
    first, wide = theta[0], np.concatenate([_widened(data, theta), np.ones(len(data.fixed))])
    solution = scipy.linalg.solve_triangular(found.lower, found.right, lower=True, trans="T") * wide
    inverse = scipy.linalg.cho_solve((found.lower, True), np.eye(len(wide))) * (wide[:, None] * wide)
    others, fixed = solution[:q], solution[q:]
    weight = first**2 / found.diagonal
    eliminated = weight * (data.target - data.table @ others - data.covariates @ fixed)
    spread = np.empty(len(weight))
    for start in range(0, len(weight), 4096):
        at = slice(start, start + 4096)
        rows = np.hstack([data.table[at].toarray(), data.covariates[at]])
        spread[at] = np.einsum("ij,ij->i", rows @ inverse, rows)
    own = weight + weight**2 * spread
    marginal = np.diag(inverse)[:q]
    effects = (eliminated, *(others[place] for place in data.slices))
    errors = tuple(np.sqrt(variance * part) for part in (own, *(marginal[place] for place in data.slices)))
    return effects, errors, fixed, variance * inverse[q:, q:]


def _widened(data: Crossed, theta: Floats) -> Floats:
    """Theta of the other factors, repeated for each of their levels."""
    lengths = [place.stop - place.start for place in data.slices]
    return np.repeat(theta[1:], lengths)


def _criterion(data: Crossed, found: Equations, restricted: bool) -> float:
    degrees = data.n - len(data.fixed) if restricted else data.n
    logs = found.logs + (found.fixed_logs if restricted else 0.0)
    return logs + degrees * (1.0 + float(np.log(2.0 * np.pi * found.rest / degrees)))

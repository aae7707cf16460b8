"""Least squares from a covariance matrix: the effect of one more minute, all else equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.maths.arrays import Constant, Floats, Repeated, TooFew


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """A regression.

    Parameters
    ----------
    coefficients : change of the outcome for one unit more of each driver, the others held. errors : standard errors.
    r_squared : share of the outcome's variance explained. residual : variance left, with the degrees of freedom.
    """

    coefficients: Floats
    errors: Floats
    r_squared: float
    residual: float


def fit_linear(covariance: Floats, names: tuple[str, ...], *, n: float, lost: int = 1) -> LinearFit:
    """Regress the last column on the others.

    Parameters
    ----------
    covariance : divided by n, of p drivers and, last, the outcome.
    names : of the columns. n : rows. lost : degrees of freedom spent before (1 for a mean, one for every unit).

    Raises
    ------
    Constant : a column does not vary. Repeated : a driver repeats those before it. TooFew : too few rows to learn from.
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    for name, variance in zip(names, np.diag(matrix), strict=True):
        if variance <= 1e-12:
            raise Constant(name=name)
    p = len(names) - 1
    degrees = n - lost - p
    if degrees < 1:
        raise TooFew(name="rows", given=int(n), needed=lost + p + 1)
    left = matrix[:-1, :-1].copy()
    for place in range(p):
        if left[place, place] <= 1e-9 * matrix[place, place]:
            raise Repeated(name=names[place])
        left = left - np.outer(left[:, place], left[place]) / left[place, place]
    inverse = np.linalg.inv(matrix[:-1, :-1])
    beta = inverse @ matrix[:-1, -1]
    explained = float(beta @ matrix[:-1, -1])
    residual = max(float(matrix[-1, -1]) - explained, 0.0) * n / degrees
    return LinearFit(
        coefficients=beta,
        errors=np.sqrt(residual * np.diag(inverse) / n),
        r_squared=explained / float(matrix[-1, -1]),
        residual=residual,
    )

r"""Shapley values of R squared: how much each driver explains, exactly, when drivers overlap.

Waiting, staff and clarity go together, so "how much does waiting explain" depends on what is already in the regression.
Shapley's answer (called LMG in the literature on regression) is the mean over all orders in which drivers can enter:

.. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(p-|S|-1)!}{p!}\,\bigl(R^2_{S\cup i} - R^2_S\bigr).

The values are not negative and add up to R squared. With p drivers there are :math:`2^p` subsets. They are all computed
from the correlation matrix by sweeping one driver after the other into half of the matrices, each sweep making them
smaller: about six multiplications a subset, so that a million subsets (20 drivers) take less than a second.

**When not to use it.** Beyond 20 drivers (:mod:`zhiyin.maths.relative_weights` is nearly the same at any number). As a
statement about causes: two drivers that share an unseen reason both look important.

References
----------
Lindeman, Merenda, Gold (1980), Introduction to Bivariate and Multivariate Analysis, p. 119. Grömping (2006), Relative
importance for linear regression in R: the package relaimpo, Journal of Statistical Software 17(1).
"""

from __future__ import annotations

from math import comb
from typing import Final

import numpy as np

from zhiyin.maths.arrays import Floats, Integers, TooFew, WrongShape

MOST: Final = 20
"""Drivers that are split exactly."""
_PIVOT = 1e-10
"""What is left of a driver's variance below which it repeats those before it."""


class TooManyDrivers(TooFew):
    """More drivers than subsets can be counted for."""

    code = "shapley.too_many_drivers"
    message = "{given} drivers are too many to split exactly; at most {needed}. Use relative weights."


def shapley_r_squared(correlations: Floats) -> Floats:
    """Share of R squared of each driver.

    Parameters
    ----------
    correlations : of p drivers and, last, the outcome; covariances do as well. Shape (p + 1, p + 1), or a stack of
        them, (..., p + 1, p + 1).

    Returns
    -------
    Shape (p,) or (..., p); each row adds up to its R squared.

    Examples
    --------
    >>> shapley_r_squared(np.array([[1.0, 0.5, 0.6], [0.5, 1.0, 0.6], [0.6, 0.6, 1.0]])).round(6).tolist()
    [0.24, 0.24]
    """
    explained = subset_r_squared(correlations)
    p = int(np.log2(explained.shape[-1]))
    weights = np.array([1.0 / (p * comb(p - 1, size)) for size in range(p)])
    sizes = subset_sizes(p - 1) if p else np.zeros(1, dtype=np.int64)
    found = np.empty((*explained.shape[:-1], p))
    for driver in range(p):
        halves = explained.reshape(*explained.shape[:-1], 2 ** (p - 1 - driver), 2, 2**driver)
        gained = (halves[..., 1, :] - halves[..., 0, :]).reshape(*explained.shape[:-1], -1)
        found[..., driver] = gained @ weights[sizes]
    return found


def subset_r_squared(correlations: Floats) -> Floats:
    """R squared of the outcome on every subset of drivers; driver i is in the subset numbered s if bit i of s is set.

    Parameters
    ----------
    correlations : as for :func:`shapley_r_squared`.

    Returns
    -------
    Shape (2**p,) or (..., 2**p).
    """
    matrix = np.asarray(correlations, dtype=np.float64)
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2] or matrix.shape[-1] < 1:
        raise WrongShape(name="correlations", given=matrix.shape, wanted="a square matrix with the outcome last")
    p = matrix.shape[-1] - 1
    if p > MOST:
        raise TooManyDrivers(name="drivers", given=p, needed=MOST)
    spread = np.sqrt(np.diagonal(matrix, axis1=-2, axis2=-1))
    state = (matrix / (spread[..., :, None] * spread[..., None, :]))[..., None, :, :]
    for _ in range(p):
        pivot, row = state[..., :1, :1], state[..., :1, 1:]
        rest = state[..., 1:, 1:]
        usable = pivot > _PIVOT
        gain = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=usable)
        swept = rest - np.swapaxes(row, -1, -2) * (row * gain)
        state = np.concatenate([rest, swept], axis=-3)
    return np.asarray(1.0 - state[..., 0, 0])


def subset_sizes(drivers: int) -> Integers:
    """How many drivers are in each subset, in the order of :func:`subset_r_squared`."""
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(drivers):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes

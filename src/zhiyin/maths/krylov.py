"""Many symmetric positive definite systems with one matrix, solved side by side by conjugate gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zhiyin.maths.arrays import Floats


def conjugate_gradients(
    times: Callable[[Floats], Floats],
    precondition: Callable[[Floats], Floats],
    right: Floats,
    *,
    start: Floats,
    tolerance: float,
    steps: int = 200,
) -> tuple[Floats, int]:
    """Solve ``A x = b`` for several b at once.

    Parameters
    ----------
    times : A times each column. precondition : an approximation of its inverse times each column.
    right : the right-hand sides, shape (unknowns, systems). start : a guess of the same shape.
    tolerance : length of the residual over that of the right-hand side, both in the preconditioner's norm.
    steps : after which to give up; what has been reached is returned.

    Returns
    -------
    The solutions, and the steps used.
    """
    x = start.copy()
    residual = right - times(x)
    z = precondition(residual)
    direction = z.copy()
    energy = (residual * z).sum(axis=0)
    target = tolerance**2 * np.maximum((right * precondition(right)).sum(axis=0), np.finfo(float).tiny)
    used = 0
    while used < steps and (energy > target).any():
        used += 1
        image = times(direction)
        curvature = (direction * image).sum(axis=0)
        length = np.divide(energy, curvature, out=np.zeros_like(energy), where=curvature > 0)
        x += length * direction
        residual -= length * image
        z = precondition(residual)
        fresh = (residual * z).sum(axis=0)
        direction = z + np.divide(fresh, energy, out=np.zeros_like(energy), where=energy > 0) * direction
        energy = fresh
    return x, used

"""How many events a unit's mix leads one to expect: indirect standardisation, units taken out.

A rate belongs to each level of each circumstance and to each unit, and they multiply. Fitted in turn until counts
agree by unit and by every level (which is the maximum of the Poisson likelihood), they say what a unit would have with
everybody's rate. Fitting units and circumstances *together* matters: pooled rates alone would credit a bad unit's
events to the circumstances that are common there.

References
----------
Clayton and Hills (1993), Statistical Models in Epidemiology, chapters 14 and 23.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, Integers, TooFew, floats, same_length, sum_by


def expected_events(
    unit: Integers, circumstances: Sequence[Integers], n: ArrayLike, events: ArrayLike, *, rounds: int = 200
) -> Floats:
    """Events expected in each cell if every unit had the common rate.

    Parameters
    ----------
    unit : code of the cell's unit. circumstances : codes of the cell's level, one array a circumstance.
    n, events : people and events in each cell.

    Returns
    -------
    Expected events a cell; they add up to the events seen.

    Examples
    --------
    >>> cells = expected_events(np.array([0, 0, 1]), [np.array([0, 1, 1])], [100, 100, 100], [2, 8, 8])
    >>> cells.round(6).tolist()
    [2.0, 8.0, 8.0]
    """
    people, seen = floats(n, "n"), floats(events, "events")
    cells = same_length(
        unit=unit, n=people, events=seen, **{f"circumstance {k}": c for k, c in enumerate(circumstances)}
    )
    if seen.sum() <= 0:
        raise TooFew(name="events", given=0, needed=1)
    rate, level = np.ones(cells), np.ones(cells)
    for _ in range(rounds if circumstances else 0):
        before = level.copy()
        rate = _matched(unit, people * level, seen)
        for code in circumstances:
            level *= _matched(code, people * rate * level, seen)
        if np.abs(level - before).max() <= 1e-10 * np.abs(level).max():
            break
    expected = people * level
    return np.asarray(expected * seen.sum() / expected.sum())


def _matched(code: Integers, fitted: Floats, seen: Floats) -> Floats:
    """For each cell, what its group's fitted events must be multiplied by to give those seen."""
    size = int(code.max()) + 1
    there, wanted = sum_by(code, fitted, size), sum_by(code, seen, size)
    return np.asarray(np.divide(wanted, there, out=np.zeros(size), where=there > 0)[code])

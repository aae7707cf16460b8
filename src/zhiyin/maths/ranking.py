"""Ranks with their doubt: "place 9 to 21", and the probability of being among the worst or best tenth.

A rank is the shakiest number there is: neighbours differ by less than chance, so places change from month to month
though nobody changed. Here each unit has an estimate and an error; what its rank could be follows from all of them.

With up to :data:`_DRAWN` units, true values are drawn from each unit's distribution many times and ranked each time.
With thousands, the same is computed without drawing: the place of a value among them is the sum of the probabilities
that each of the others lies above it, which for many units is as good as certain.

**When not to use it.** For units below a reliability of .7 (leave them out before), or as the basis of pay by place.

References
----------
Goldstein, Spiegelhalter (1996), League tables and their limitations, JRSS A 159, 385-443. Laird, Louis (1989),
Empirical Bayes ranking methods, Journal of Educational Statistics 14, 29-46.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from zhiyin.maths.arrays import Floats, OutOfRange, floats, same_length

_DRAWN = 300
_DRAWS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Ranks of units, 1 the highest value.

    Parameters
    ----------
    low, high : best and worst place that is plausible at the level asked for; whole numbers as doubles.
    best_tenth, worst_tenth : probability of belonging to it, 0 to 1; NaN with fewer than 10 units.
    """

    low: Floats
    high: Floats
    best_tenth: Floats
    worst_tenth: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """What is known of each unit's true value.

    Parameters
    ----------
    draw : makes (draws, units) independent true values. above : (some units, grid) probabilities of lying above.
    low, high : quantiles of each unit's value between which it lies at the level. grid : values that span them all.
    """

    draw: Callable[[np.random.Generator, int], Floats]
    above: Callable[[slice, Floats], Floats]
    low: Floats
    high: Floats
    grid: Floats


def ranks(values: ArrayLike, errors: ArrayLike, *, seed: int, level: float = 0.95) -> Ranks:
    """Ranges of ranks and probabilities of the tenths, for values known with normal errors.

    Parameters
    ----------
    values, errors : estimate of each unit (shrunk, if it was) and its standard error, 0 or more.
    seed : of the draws.
    """
    centre, spread = floats(values, "values"), floats(errors, "errors")
    units = same_length(values=centre, errors=spread)
    if not 0.0 < level < 1.0:
        raise OutOfRange(name="level", given=level, wanted="between 0 and 1")
    if not units:
        return Ranks(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))
    if spread.min() < 0:
        raise OutOfRange(name="errors", given=float(spread.min()), wanted="0 or more")
    grid = np.linspace((centre - 6 * spread).min(), (centre + 6 * spread).max(), 2001)
    width = np.maximum(spread, 1e-12 * max(float(np.ptp(grid)), 1.0))
    reach = float(special.ndtri((1.0 + level) / 2.0)) * spread

    def draw(generator: np.random.Generator, draws: int) -> Floats:
        return np.asarray(centre + spread * generator.normal(size=(draws, units)))

    def above(at: slice, points: Floats) -> Floats:
        return np.asarray(special.ndtr((centre[at, None] - points) / width[at, None]))

    return ranks_in_doubt(Doubt(draw, above, centre - reach, centre + reach, grid), seed=seed, level=level)


def ranks_in_doubt(doubt: Doubt, *, seed: int, level: float) -> Ranks:
    """The same for values known with any independent errors."""
    units = len(doubt.low)
    found = _drawn(doubt, seed, level) if units <= _DRAWN else _computed(doubt)
    if units < 10:
        nothing = np.full(units, np.nan)
        return Ranks(found.low, found.high, nothing, nothing.copy())
    return found


def _drawn(doubt: Doubt, seed: int, level: float) -> Ranks:
    values = doubt.draw(np.random.default_rng(seed), _DRAWS)
    units = values.shape[1]
    order = np.argsort(-values, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(1, units + 1)[None, :], axis=1)
    tail = (1.0 - level) / 2.0
    tenth = np.floor(units / 10.0)
    return Ranks(
        low=np.quantile(place, tail, axis=0, method="inverted_cdf").astype(np.float64),
        high=np.quantile(place, 1.0 - tail, axis=0, method="inverted_cdf").astype(np.float64),
        best_tenth=np.asarray((place <= tenth).mean(axis=0)),
        worst_tenth=np.asarray((place > units - tenth).mean(axis=0)),
    )


def _computed(doubt: Doubt) -> Ranks:
    units, grid = len(doubt.low), doubt.grid
    above = np.zeros(len(grid))  # expected number of units above each value of the grid
    parts = [slice(start, start + 512) for start in range(0, units, 512)]
    for at in parts:
        above += doubt.above(at, grid).sum(axis=0)
    tenth = float(np.floor(units / 10.0))
    edges = np.interp([-tenth, -(units - tenth)], -above, grid)
    beyond = np.concatenate([doubt.above(at, edges) for at in parts])
    return Ranks(
        low=np.clip(np.round(1.0 + np.interp(doubt.high, grid, above)), 1, units),
        high=np.clip(np.round(np.interp(doubt.low, grid, above)), 1, units),
        best_tenth=beyond[:, 0],
        worst_tenth=1.0 - beyond[:, 1],
    )

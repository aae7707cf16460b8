r"""Mode and mix adjustment as HCAHPS does it: what would the figure be if every unit served everybody's mix?

The hospital survey of the United States has compared 4,000 hospitals fairly since 2008, and pays by it. Its recipe:
regress the answers on what the unit cannot choose (age, product, purpose, way of asking, time to answer) *with a
constant for every unit*, so that the coefficients compare customers within units only, and take out the difference of
the unit's mix from everybody's:

.. math:: \text{adjusted}_h = \bar y_h - \sum_k \hat\beta_k (\bar x_{hk} - \bar x_k)

The way of asking (*mode*) moves answers by more than most units differ: staff present or a voice on the telephone raise
them by 5 to 15 points of 100. Its effect comes best from a randomised experiment; such coefficients are given as
``known`` and not estimated here.

**What must not be adjusted for**: anything the unit causes. Waiting time belongs to the unit; adjusting for it would
excuse it.

Only counts, sums and squares of the answers in each cell of unit and circumstances are needed.

References
----------
Elliott, Zaslavsky, Goldstein et al. (2009), Effects of survey mode, patient mix, and nonresponse on CAHPS hospital
survey scores, Health Services Research 44, 501-518.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, Integers, OutOfRange, Repeated, TooFew, floats, same_length, sum_by


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Answers added up by unit and circumstances.

    Parameters
    ----------
    unit : code of the cell's unit, ``0 .. units-1``, shape (cells,). units : how many there are.
    design : circumstances of the cell, shape (cells, p); dummies for categories. names : of its columns.
    n, total, squares : answers in the cell, their sum, the sum of their squares.
    """

    unit: Integers
    units: int
    design: Floats
    names: tuple[str, ...]
    n: Floats
    total: Floats
    squares: Floats

    def __post_init__(self) -> None:
        same_length(unit=self.unit, design=self.design, n=self.n, total=self.total, squares=self.squares)
        if len(self.n) and self.n.min() <= 0:
            raise OutOfRange(name="n", given=float(self.n.min()), wanted="above 0")


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """Adjusted means; arrays hold a value a unit (NaN for one without answers).

    Parameters
    ----------
    raw, adjusted : means before and after. errors : standard error of the adjusted mean around the unit's true one.
    n : answers. names, coefficients, coefficient_errors : of the circumstances, 0 error for those given as known.
    noise : variance of one answer around its unit, circumstances taken out.
    """

    raw: Floats
    adjusted: Floats
    errors: Floats
    n: Floats
    names: tuple[str, ...]
    coefficients: Floats
    coefficient_errors: Floats
    noise: float


def adjusted_means(cells: Cells, *, known: Mapping[str, float] | None = None) -> Adjusted:
    """Adjust the means of units for mode and mix.

    Parameters
    ----------
    known : coefficients from elsewhere (a mode experiment), by name of the circumstance.

    Raises
    ------
    TooFew : no unit has enough answers to tell circumstances apart. Repeated : a circumstance does not vary within
    any unit, or repeats the others, so that its effect cannot be told from the units'.
    """
    given = dict(known or {})
    for name in given:
        if name not in cells.names:
            raise OutOfRange(name="known", given=name, wanted=f"one of {', '.join(cells.names)}")
    free = np.array([name not in given for name in cells.names], dtype=np.bool_)
    fixed = np.array([given.get(name, 0.0) for name in cells.names])
    offset = cells.design @ fixed
    total = cells.total - cells.n * offset
    squares = cells.squares - 2.0 * offset * cells.total + cells.n * offset**2
    n = sum_by(cells.unit, cells.n, cells.units)
    mean = np.divide(sum_by(cells.unit, total, cells.units), n, out=np.full(cells.units, np.nan), where=n > 0)
    x = cells.design[:, free]
    centre = _means(x, cells, n)
    deviation = x - centre[cells.unit]
    products = (deviation * cells.n[:, None]).T @ deviation
    _check_distinct(products, x, cells, [name for name, open_ in zip(cells.names, free, strict=True) if open_])
    inverse = np.linalg.inv(products) if free.any() else np.zeros((0, 0))
    right = deviation.T @ (total - cells.n * mean[cells.unit])
    beta = inverse @ right
    spare = float(cells.n.sum()) - np.count_nonzero(n) - int(free.sum())
    if spare < 1:
        raise TooFew(name="answers", given=int(cells.n.sum()), needed=int(np.count_nonzero(n) + free.sum() + 1))
    left = float(squares.sum() - np.nansum(n * mean**2) - beta @ right)
    noise = max(left, 0.0) / spare
    whole = np.zeros(len(cells.names))
    whole[free], whole[~free] = beta, fixed[~free]
    everybody = cells.n @ cells.design / cells.n.sum()
    shift = _means(cells.design, cells, n) - everybody
    raw = np.divide(sum_by(cells.unit, cells.total, cells.units), n, out=np.full(cells.units, np.nan), where=n > 0)
    uncertain = np.einsum("ij,jk,ik->i", shift[:, free], inverse, shift[:, free])
    with np.errstate(divide="ignore"):
        variance = noise * (1.0 / n + uncertain)
    errors = np.zeros(len(cells.names))
    errors[free] = np.sqrt(noise * np.diag(inverse))
    return Adjusted(raw, raw - shift @ whole, np.sqrt(variance), n, cells.names, whole, errors, noise)


def dummies(levels: Sequence[ArrayLike], names: Sequence[str]) -> tuple[Floats, tuple[str, ...]]:
    """Dummy columns of categories; each category's most frequent level is the one compared with.

    Parameters
    ----------
    levels : one array of labels a category. names : of the categories.

    Returns
    -------
    The columns, and names like ``mode=phone``.
    """
    columns, found = [], []
    for values, name in zip(levels, names, strict=True):
        labels, counts = np.unique(np.asarray(values).astype(str), return_counts=True)
        for label in labels[np.arange(len(labels)) != int(np.argmax(counts))]:
            columns.append(np.asarray(values).astype(str) == label)
            found.append(f"{name}={label}")
    height = len(np.asarray(levels[0])) if levels else 0
    design = np.array(columns, dtype=np.float64).T if columns else np.zeros((height, 0))
    return floats(design, "design", dimensions=2), tuple(found)


def _means(design: Floats, cells: Cells, n: Floats) -> Floats:
    """Mean circumstances of each unit, shape (units, p)."""
    sums = np.zeros((cells.units, design.shape[1]))
    np.add.at(sums, cells.unit, design * cells.n[:, None])
    return np.divide(sums, n[:, None], out=np.zeros_like(sums), where=n[:, None] > 0)


def _check_distinct(products: Floats, design: Floats, cells: Cells, names: Sequence[str]) -> None:
    """Each circumstance must vary within units by itself: no pivot of the cross-products may vanish."""
    spread = cells.n @ (design - cells.n @ design / cells.n.sum()) ** 2
    left = products.copy()
    for place, name in enumerate(names):
        if left[place, place] <= 1e-9 * max(float(spread[place]), 1e-300):
            raise Repeated(name=name)
        left = left - np.outer(left[:, place], left[place]) / left[place, place]

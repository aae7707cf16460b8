"""Does a driver work evenly, or from a threshold on? Adjusted means of the outcome along it.

A straight line says "a minute costs 0.4 points". It may be nothing for ten minutes and a point each after that. So the
driver is cut into ranges, and the outcome's mean in each is estimated with the other drivers held and within units,
each with an interval. ``is_straight`` is the outcome of comparing with the straight line: not rejected, the line will
do.

**When not to use it.** To read an effect into it: who waits longest also came on pay-day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from scipy import special

from zhiyin.drivers.asked import Resample, complete, moments_expression, moments_of
from zhiyin.drivers.importance import FEWEST, TooFewUnits
from zhiyin.engine import Query
from zhiyin.maths.arrays import Floats, OutOfRange, TooFew
from zhiyin.maths.intervals import normal_quantile
from zhiyin.maths.linear import fit_linear
from zhiyin.maths.moments import Moments


@dataclass(frozen=True, slots=True)
class Bin:
    """A range of the driver, from ``start`` to below ``stop`` (None: open).

    ``mean`` is the outcome's, all else equal; ``low`` and ``high`` its interval beside the first range, whose mean is
    taken as it is. ``n`` rows lie in it.
    """

    start: float | None
    stop: float | None
    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shape:
    """The outcome along a driver.

    Parameters
    ----------
    bins : ranges in order. slope : of the straight line. straight_p : probability of ranges as far from it by chance.
    """

    outcome: str
    driver: str
    bins: tuple[Bin, ...]
    slope: float
    straight_p: float

    @property
    def is_straight(self) -> bool:
        """The ranges do not contradict the straight line."""
        return self.straight_p >= 0.01


def driver_shape(
    answers: ir.Table,
    *,
    outcome: str,
    driver: str,
    edges: Sequence[float],
    others: Sequence[str] = (),
    within: str | None = "unit_id",
    level: float = 0.95,
) -> Query[Shape]:
    """Adjusted means of an outcome in ranges of a driver.

    Parameters
    ----------
    edges : borders between ranges, ascending; ``[5, 10, 15]`` makes four. others : drivers held equal.
    within : compare within the levels of this column; None: everybody. Errors allow for its levels' differing.

    Raises
    ------
    TooFew : a range holds no rows, or no edge is given. TooFewUnits : fewer than 20 levels of ``within``.
    """
    if not edges:
        raise TooFew(name="edges", given=0, needed=1)
    if list(edges) != sorted(set(edges)):
        raise OutOfRange(name="edges", given=list(edges), wanted="ascending")
    rows = complete(answers, (driver, *others, outcome))
    flags = {
        f"bin_{place + 1}": ibis.and_(rows[driver] >= start, *([] if stop is None else [rows[driver] < stop])).cast(
            "int64"
        )
        for place, (start, stop) in enumerate(zip(edges, [*edges[1:], None], strict=True))
    }
    rows = rows.mutate(**flags)
    columns = (*flags, driver, *others, outcome)
    resample = Resample.CUSTOMERS if within is None else Resample.UNITS

    def finish(found: pa.Table) -> Shape:
        data = moments_of(found, columns)
        return _shape(data, outcome, driver, edges, tuple(flags), tuple(others), within is not None, level)

    return Query(moments_expression(rows, columns, within=within, resample=resample, customer="customer_id"), finish)


def _shape(
    data: Moments,
    outcome: str,
    driver: str,
    edges: Sequence[float],
    flags: tuple[str, ...],
    others: tuple[str, ...],
    within: bool,
    level: float,
) -> Shape:
    groups = len(data.count)
    if groups < FEWEST:
        raise TooFewUnits(given=groups, needed=FEWEST)
    lost = groups if within else 1
    total = data.pooled()
    counts = np.array([total.sums[0, data.columns.index(flag)] for flag in flags])
    sizes = np.concatenate([[data.n - counts.sum()], counts])
    if (sizes < 1).any():
        raise TooFew(name=f"rows in range {int(np.argmin(sizes)) + 1} of {driver}", given=0, needed=1)
    ranged = data.select((*flags, *others, outcome))
    covariance = ranged.within() if within else ranged.covariance()
    fit = fit_linear(covariance, ranged.columns, n=data.n, lost=lost)
    spread = _robust(ranged, fit.coefficients, covariance, within)
    straight = data.select((driver, *others, outcome))
    line = fit_linear(straight.within() if within else straight.covariance(), straight.columns, n=data.n, lost=lost)
    k = len(flags)
    effects, inverse = fit.coefficients[:k], np.linalg.pinv(spread[:k, :k])
    middles = _middles(data, driver, flags)
    slope = float(middles @ inverse @ effects / (middles @ inverse @ middles))
    left = effects - slope * middles
    statistic = float(left @ inverse @ left)
    straight_p = float(special.chdtrc(k - 1, statistic)) if k > 1 else 1.0
    base = float((total.sums[0, -1] - effects @ counts) / data.n)  # the first range's mean, everybody's mix
    reach = normal_quantile(level) * np.sqrt(np.diag(spread)[:k])
    starts, stops = [None, *edges], [*edges, None]
    means, reaches = np.concatenate([[0.0], effects]), np.concatenate([[0.0], reach])
    bins = tuple(
        Bin(start, stop, int(size), float(base + mean), float(base + mean - half), float(base + mean + half))
        for start, stop, size, mean, half in zip(starts, stops, sizes, means, reaches, strict=True)
    )
    return Shape(outcome, driver, bins, float(line.coefficients[0]), straight_p)


def _robust(data: Moments, beta: Floats, covariance: Floats, within: bool) -> Floats:
    """Covariance of the coefficients from the groups' scores, which allows for any likeness within a group."""
    p = len(beta)
    centre = data.sums / data.count[:, None] if within else np.tile(data.mean(), (len(data.count), 1))
    crossed = centre[:, :, None] * data.sums[:, None, :]
    deviations = data.products - crossed - np.swapaxes(crossed, 1, 2)
    deviations += data.count[:, None, None] * centre[:, :, None] * centre[:, None, :]
    scores = deviations[:, :p, p] - deviations[:, :p, :p] @ beta
    bread = np.linalg.inv(covariance[:p, :p] * data.n)
    groups = len(scores)
    return np.asarray(groups / (groups - 1) * bread @ (scores.T @ scores) @ bread)


def _middles(data: Moments, driver: str, flags: tuple[str, ...]) -> Floats:
    """Mean of the driver in each range, less that of the first."""
    total = data.pooled()
    at, places = data.columns.index(driver), [data.columns.index(flag) for flag in flags]
    sums = np.array([total.products[0, place, at] for place in places])
    counts = np.array([total.sums[0, place] for place in places])
    first = (total.sums[0, at] - sums.sum()) / (data.n - counts.sum())
    return np.asarray(sums / counts - first)

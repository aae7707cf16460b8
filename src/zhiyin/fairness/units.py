"""Outlets by their means, adjusted for mode and mix: the recipe of the hospital survey.

1. Answers become 0-100 (worst to best).
2. A regression with a constant for every unit finds what circumstances do to answers (:mod:`zhiyin.maths.mix`).
3. Each unit's mean is moved to everybody's mix.
4. Means are drawn towards the common mean as far as their answers are few (:mod:`zhiyin.maths.small_area`).
5. The policy says what may be shown and ranked.

Pass answers of customers *drawn by the system* only (``is_sampled``), and of one question; a period of four quarters
for outlets, as the hospitals have, or a quarter for busy ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.engine import Query
from zhiyin.fairness.asked import cells_expression, cells_of, on_scale
from zhiyin.fairness.comparison import Comparison, Policy, Scores, compared, normal_ranks, reach
from zhiyin.maths.mix import adjusted_means
from zhiyin.maths.small_area import fit_areas


def unit_comparison(
    responses: ir.Table,
    *,
    by: str = "unit_id",
    adjusters: Sequence[str] = ("mode",),
    scale: str = "points10",
    known: Mapping[str, float] | None = None,
    policy: Policy | None = None,
    seed: int = 0,
) -> Query[Comparison]:
    """Compare units by adjusted means on 0-100.

    Parameters
    ----------
    responses : declared responses, filtered to the question, the period and the sample that count.
    by : column of the units.
    adjusters : columns of circumstances that units do not choose, as categories: mode, journey, an age band.
    scale : of the answers compared; others are left out.
    known : effects from a mode experiment in points of 100, e.g. ``{"mode=phone": 8.0}``, taken as given.
    seed : of the draws behind ranks.

    Raises
    ------
    UnknownColumn, UnknownScale : at once. NothingToCompare, and what
    :func:`~zhiyin.maths.mix.adjusted_means` raises : when computed.
    """
    chosen = policy or Policy()
    answers = on_scale(responses, by, adjusters, scale)

    def finish(rows: pa.Table) -> Comparison:
        cells, keys = cells_of(rows, by, adjusters, scale)
        found = adjusted_means(cells, known=known)
        fit = fit_areas(found.adjusted, found.errors**2)
        noise = found.noise
        spread = (
            found.errors**2 * fit.weights / (1.0 - fit.weights)
        )  # the variance between units that each weight implies
        half = reach(fit.errors, chosen)
        return compared(
            Scores(
                keys=keys,
                answers=found.n,
                raw=found.raw,
                adjusted=found.adjusted,
                score=fit.estimates,
                low=fit.estimates - half,
                high=fit.estimates + half,
                reliability=fit.weights,
                needed=chosen.ranked_from / (1.0 - chosen.ranked_from) * noise / spread,
            ),
            rank=normal_ranks(fit.estimates, fit.errors, seed=seed, level=chosen.level),
            centre=float(fit.coefficients[0]),
            deviation=float(np.sqrt(np.median(spread))),
            higher_is_better=True,
            policy=chosen,
            adjusters={
                name: (float(value), float(error))
                for name, value, error in zip(found.names, found.coefficients, found.coefficient_errors, strict=True)
            },
        )

    return Query(cells_expression(answers, by, adjusters), finish)

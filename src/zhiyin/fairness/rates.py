"""Where nearly all are satisfied: the dissatisfied among those served, allowing for the mix.

At 99 % satisfied a mean cannot tell units apart; the dissatisfied are counted per 10,000 served. What a unit's
customers would lead one to *expect* (pay-day pensioners, collections, the telephone) is taken from everybody's
experience, and its count is compared with that; few expected events draw the result to the common rate
(:mod:`zhiyin.maths.rates`).
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.engine import Query
from zhiyin.fairness.asked import NONE, NothingToCompare, check_columns
from zhiyin.fairness.comparison import Comparison, Policy, Scores, compared
from zhiyin.maths.arrays import sum_by
from zhiyin.maths.expected import expected_events
from zhiyin.maths.rates import shrunk_rates

PER = 10_000
"""Customers served to which rates refer."""


def rate_comparison(
    served: ir.Table,
    *,
    by: str = "unit_id",
    event: str = "is_dissatisfied",
    adjusters: Sequence[str] = (),
    policy: Policy | None = None,
    seed: int = 0,
) -> Query[Comparison]:
    """Compare units by events per 10,000 served; fewer are better.

    Parameters
    ----------
    served : one row a customer served (or asked, or answering), with a flag.
    by : column of the units. event : column of the flag; a missing flag counts as no event.
    adjusters : circumstances that units do not choose, as categories.

    Raises
    ------
    UnknownColumn : at once. NothingToCompare : fewer than three units.
    """
    chosen = policy or Policy()
    check_columns(served, (by, event, *adjusters))
    rows_of = served.filter(served[by].notnull())
    rows_of = rows_of.mutate(**{name: rows_of[name].cast("string").fill_null(NONE) for name in adjusters})
    expression = (
        rows_of.group_by([by, *adjusters])
        .aggregate(n=rows_of.count(), events=rows_of[event].cast("int64").sum().fill_null(0))
        .order_by([ibis.asc(name) for name in (by, *adjusters)])
    )

    def finish(rows: pa.Table) -> Comparison:
        keys, unit = np.unique(np.array(rows[by].to_pylist(), dtype=object).astype(str), return_inverse=True)
        if len(keys) < 3:
            raise NothingToCompare(units=len(keys))
        n, events = (np.asarray(rows[name].to_pylist(), dtype=np.float64) for name in ("n", "events"))
        categories = [np.unique(rows[name].to_pylist(), return_inverse=True)[1] for name in adjusters]
        expected = sum_by(unit, expected_events(unit, categories, n, events), len(keys))
        count, customers = sum_by(unit, events, len(keys)), sum_by(unit, n, len(keys))
        common = PER * events.sum() / n.sum()
        found = shrunk_rates(count, expected, level=chosen.level)
        centre = common * found.centre
        needed = found.needed(chosen.ranked_from) * customers / expected
        return compared(
            Scores(
                keys=tuple(str(key) for key in keys),
                answers=customers,
                raw=PER * count / customers,
                adjusted=common * count / expected,
                score=common * found.values,
                low=common * found.low,
                high=common * found.high,
                reliability=found.reliability,
                needed=needed,
            ),
            rank=lambda selected: found.ranks(seed=seed, level=chosen.level, chosen=selected),
            centre=float(centre),
            deviation=float(common * found.deviation),
            higher_is_better=False,
            policy=chosen,
        )

    return Query(expression, finish)

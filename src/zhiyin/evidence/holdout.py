"""A randomised hold-out: some get the action, some wait, chance decides."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from zhiyin.engine import Query
from zhiyin.evidence.asked import check_columns, column, summable
from zhiyin.evidence.grade import Design, Evidence, at_least
from zhiyin.maths.arrays import Floats
from zhiyin.maths.experiment import randomised_effect


def holdout_effect(
    answers: ir.Table,
    *,
    outcome: str,
    treated: str = "is_treated",
    unit: str = "customer_id",
    before: Sequence[str] = (),
    planned_share: float = 0.5,
    level: float = 0.95,
) -> Query[Evidence]:
    """Effect of a randomised action.

    Parameters
    ----------
    answers : one row an answer; of those who did not answer there is none, so compare the arms' response, too.
    outcome : column judged. treated : flag of the arm. unit : column of what was randomised (customers, branches).
    before : columns known before the start; a gap counts as everybody's mean.
    planned_share : of the treated arm.

    Raises
    ------
    UnknownColumn : at once. What :func:`~zhiyin.maths.experiment.randomised_effect` raises : when computed.

    Notes
    -----
    The engine returns one row a unit: its answers' sum and count. Units count alike, however often they answered.
    """
    check_columns(answers, outcome, treated, unit, *before)
    rows = answers.filter(answers[outcome].notnull(), answers[treated].notnull(), answers[unit].notnull())
    expression = (
        rows.group_by(unit)
        .aggregate(
            n_=rows.count(),
            outcome_=summable(rows, outcome).sum(),
            least_=rows[treated].cast("int64").min(),
            most_=rows[treated].cast("int64").max(),
            **{f"before_{place}": summable(rows, name).sum() for place, name in enumerate(before)},
            **{f"known_{place}": rows[name].count() for place, name in enumerate(before)},
        )
        .order_by(ibis.asc(unit))
    )

    def finish(found: pa.Table) -> Evidence:
        arms = column(found, "most_") > 0
        mixed = int((column(found, "least_") != column(found, "most_")).sum())
        known = [
            _filled(column(found, f"before_{place}"), column(found, f"known_{place}")) for place in range(len(before))
        ]
        result = randomised_effect(
            column(found, "outcome_") / column(found, "n_"),
            arms,
            before=np.stack(known, axis=1) if known else None,
            planned_share=planned_share,
        )
        low, high = result.effect.interval(level)
        return Evidence(
            design=Design.RANDOMISED,
            change=result.effect.value,
            low=low,
            high=high,
            level=level,
            changed=result.treated,
            compared=result.control,
            plain=result.plain.value,
            checks=(at_least("arm_sizes_p", result.ratio_p, 0.001), at_least("units_in_one_arm", -mixed, 0)),
        )

    return Query(expression, finish)


def _filled(total: Floats, count: Floats) -> Floats:
    """Mean of what is known of each unit; everybody's where nothing is."""
    seen = count > 0
    if not seen.any():
        return np.zeros(len(total))
    mean = np.divide(total, count, out=np.zeros(len(total)), where=seen)
    return np.asarray(np.where(seen, mean, mean[seen].mean()))

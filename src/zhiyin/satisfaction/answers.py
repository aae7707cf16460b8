"""Which answers count, what each is worth, and the query that adds them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from zhiyin.engine import Query
from zhiyin.satisfaction.asked import Asked, Sampled, WrongOption, limited
from zhiyin.satisfaction.assemble import IntervalName, Score, score_table
from zhiyin.satisfaction.periods import Expression
from zhiyin.satisfaction.scales import is_on_scale
from zhiyin.satisfaction.statistics import USED, counted, prepared
from zhiyin.tables.figures import FigureTable

KINDS: Final = ("scale", "question")
"""What one figure must not mix."""
_SAMPLES: Final = ("only", "spontaneous", "all")


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to one question, as an expression.

    Parameters
    ----------
    rows : those that were asked for, also the ones that cannot count.
    scale, value : of each row.
    state : ``used``, or why the row cannot count.
    source : what was asked for, for ``FigureTable.source``.
    """

    rows: ir.Table
    scale: Expression
    value: Expression
    state: Expression
    source: tuple[str, ...]


def answers(
    responses: ir.Table, options: Asked, *, scales: Sequence[str], question: str | None, sampled: Sampled
) -> Answers:
    """The answers to a question (None: whatever is there) on any of the scales.

    Raises
    ------
    WrongOption : no such kind of sample. UnknownColumn : a column to group or filter by is missing.
    """
    if sampled not in _SAMPLES:
        raise WrongOption(option="sampled", given=sampled, wanted="only, spontaneous or all")
    rows: Any = limited(responses, options, time="answered_us")
    rows = rows.filter(rows["scale"].isin(list(scales)))
    if question is not None:
        rows = rows.filter(rows["question"] == question)
    return Answers(
        rows=rows,
        scale=rows["scale"],
        value=rows["value"],
        state=_state(rows, sampled),
        source=("responses", f"question={question or '*'}", f"scale={','.join(scales)}", f"sampled={sampled}"),
    )


def _state(rows: Any, sampled: Sampled) -> Expression:
    was_asked = ibis.coalesce(rows["is_sampled"], True)
    state: Expression = ibis.ifelse(is_on_scale(rows["scale"], rows["value"]), USED, "off_scale")
    state = ibis.ifelse(rows["value"].isnull(), "no_value", state)
    if sampled == "only":
        return ibis.ifelse(was_asked, state, "spontaneous")
    return ibis.ifelse(was_asked, "sampled", state) if sampled == "spontaneous" else state


def prepared_answers(found: Answers, score: Expression) -> ir.Table:
    """The answers with a score each, ready to be counted."""
    return prepared(
        found.rows,
        score=score,
        state=found.state,
        row_key=found.rows["response_id"],
        time="answered_us",
        kinds={"scale": found.scale, "question": found.rows["question"]},
    )


def score_query(found: Answers, score: Expression, wanted: Score, options: Asked) -> Query[FigureTable]:
    """Mean of the scores.

    Parameters
    ----------
    found : the answers.
    score : whole number of marks of each answer.
    wanted, options : the measure, and how it was asked for.
    """
    return Query(
        expression=counted(prepared_answers(found, score), options, kinds=wanted.kinds),
        finish=partial(score_table, score=wanted, options=options, source=found.source),
    )


def share_query(
    found: Answers, hit: Expression, name: str, options: Asked, *, combine: bool, interval: IntervalName
) -> Query[FigureTable]:
    """Share of the answers that hit.

    Parameters
    ----------
    found : the answers.
    hit : 1 for those that hit, 0 for the others.
    name : of the measure.
    options : how it was asked for.
    combine : whether scales and questions may be mixed.
    interval : ``score`` or ``exact``.

    Raises
    ------
    WrongOption : no such interval.
    """
    if interval not in ("score", "exact"):
        raise WrongOption(option="interval", given=interval, wanted="score or exact")
    wanted = Score(name, 1, (0, 1), Fraction(1), KINDS, combine=combine, interval=interval)
    return score_query(found, hit, wanted, options)

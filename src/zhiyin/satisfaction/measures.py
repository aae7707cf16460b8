"""The measures of answers: NPS, CSAT, CES, boxes, and the mean from 0 to 100.

Each takes the described table of responses and returns a :class:`~zhiyin.engine.Query`: nothing is read until an engine
computes it. All share these options.

by : columns whose values make the groups (a name or several, at most four); the table may be joined with others first,
    to group by what responses do not have.
period : ``day``, ``week``, ``month``, ``quarter``, ``year``, or None for all time.
time_zone : IANA name of the bank's local time; days begin at its midnight.
question : the question; None where the table has only one.
scale : the scale; None where the table has only one. Answers to different questions or on different scales are never
    mixed in one figure: :class:`MixedAnswers` says what differs.
combine : mix them all the same, each answer by its own scale.
where : columns and the value, or values, to which rows are limited; None stands for "not stated".
since, until : first local day counted, and first day no longer counted.
sampled : ``only`` counts answers the bank asked for; ``spontaneous`` the others (feedback buttons, QR codes in the
    hall), which are kept apart because those who speak unasked are not like those who do not; ``all`` both. Where
    ``is_sampled`` is empty the answer counts as asked for: files of surveys rarely have the column.
as_of : leave out what was recorded later, in microseconds UTC; None for all.
level : of the interval.
minimum : fewest customers a figure may have; it is suppressed otherwise, and a second one where it would be given away.
totals : make figures of the margins and the total as well.

An answer without a customer counts as a customer of its own. Answers without a value or off their scale are counted in
``FigureTable.left_out``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import ibis.expr.types as ir

from zhiyin.engine import Query
from zhiyin.satisfaction.answers import KINDS, answers, score_query, share_query
from zhiyin.satisfaction.asked import Sampled, Where, WrongOption, asked
from zhiyin.satisfaction.assemble import IntervalName, Score
from zhiyin.satisfaction.periods import Period
from zhiyin.satisfaction.scales import (
    BOXES,
    EASY,
    ENDS,
    RULER,
    BoxName,
    allowed_scales,
    at_least,
    in_box,
    on_ruler,
    ruler_marks,
)
from zhiyin.tables.figures import FigureTable


def nps(
    responses: ir.Table,
    *,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    time_zone: str = "Asia/Shanghai",
    question: str | None = None,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    sampled: Sampled = "only",
    as_of: int | None = None,
    level: float = 0.95,
    minimum: int = 10,
    totals: bool = True,
) -> Query[FigureTable]:
    """Net promoter score: share of 9-10 minus share of 0-6 on the 11-point scale, in points from -100 to 100.

    A difference of two shares of one sample, so its interval is neither of theirs: Tango's score interval with n - 1
    (``zhiyin.maths.scores``). Use it to follow one question over time; do not compare it across countries, modes of
    asking, or with banks that ask after other occasions.

    Parameters
    ----------
    responses : table of answers, as described by ``described(table("responses"))``.
    by, period, time_zone, question, where, since, until, sampled, as_of, level, minimum, totals : see the module.

    Returns
    -------
    Query of a table of figures in points.

    Raises
    ------
    UnknownColumn, UnknownPeriod, UnknownZone, WrongOption : at once. MixedAnswers : when it is computed.
    """
    options = asked(by, period, time_zone, where, since, until, as_of, level, minimum, totals)
    found = answers(responses, options, scales=("points11",), question=question, sampled=sampled)
    passive, promoter = BOXES["points11"][0] + 1, BOXES["points11"][1]
    # -1 for detractors, one more from the passives' lowest answer on, one more from the promoters'.
    steps = (at_least(found.scale, found.value, {"points11": least}) for least in (passive, promoter))
    wanted = Score("nps", 1, (-1, 0, 1), Fraction(100), KINDS, combine=False, interval="score")
    return score_query(found, sum(steps, start=-1), wanted, options)


def csat(
    responses: ir.Table,
    *,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    time_zone: str = "Asia/Shanghai",
    question: str | None = None,
    scale: str | None = None,
    top: int = 2,
    combine: bool = False,
    interval: IntervalName = "score",
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    sampled: Sampled = "only",
    as_of: int | None = None,
    level: float = 0.95,
    minimum: int = 10,
    totals: bool = True,
) -> Query[FigureTable]:
    """Share of answers in the highest steps of the scale, the top two unless said otherwise.

    On three buttons the top two are 满意 and 基本满意, as rating devices in banks count; pass ``top=1`` for 满意 alone.
    Near 100 % it tells nothing apart: use :func:`~zhiyin.satisfaction.rates.dissatisfied_rate` there.

    Parameters
    ----------
    responses : table of answers.
    top : how many of the highest steps count, at least 1 and fewer than the scale has.
    interval : ``score`` is right on average; ``exact`` (Clopper-Pearson) is wider and never covers less.
    by, period, time_zone, question, scale, combine, where, since, until, sampled, as_of, level, minimum, totals : see
        the module.

    Returns
    -------
    Query of a table of figures, shares from 0 to 1.

    Raises
    ------
    UnknownColumn, UnknownPeriod, UnknownZone, UnknownScale, WrongOption : at once. MixedAnswers : when it is computed.
    """
    options = asked(by, period, time_zone, where, since, until, as_of, level, minimum, totals)
    scales = allowed_scales("csat", tuple(ENDS), scale)
    fewest = min(ENDS[name][1] - ENDS[name][0] for name in scales)
    if not 1 <= top <= fewest:
        raise WrongOption(option="top", given=top, wanted=f"between 1 and {fewest}")
    found = answers(responses, options, scales=scales, question=question, sampled=sampled)
    hit = at_least(found.scale, found.value, {name: ENDS[name][1] - top + 1 for name in scales})
    return share_query(found, hit, "csat", options, combine=combine, interval=interval)


def ces(
    responses: ir.Table,
    *,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    time_zone: str = "Asia/Shanghai",
    question: str | None = None,
    scale: str | None = None,
    interval: IntervalName = "score",
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    sampled: Sampled = "only",
    as_of: int | None = None,
    level: float = 0.95,
    minimum: int = 10,
    totals: bool = True,
) -> Query[FigureTable]:
    """Customer effort score: share that found it easy (5-7 of 7, or 4-5 of 5; the highest answer is the easiest).

    Some publish the mean instead: :func:`mean_score` with the same question gives it on 0-100.

    Parameters
    ----------
    responses : table of answers.
    interval : as for :func:`csat`.
    by, period, time_zone, question, scale, where, since, until, sampled, as_of, level, minimum, totals : see the
        module.

    Returns
    -------
    Query of a table of figures, shares from 0 to 1.

    Raises
    ------
    UnknownColumn, UnknownPeriod, UnknownZone, UnknownScale, WrongOption : at once. MixedAnswers : when it is computed.
    """
    options = asked(by, period, time_zone, where, since, until, as_of, level, minimum, totals)
    scales = allowed_scales("ces", tuple(EASY), scale)
    found = answers(responses, options, scales=scales, question=question, sampled=sampled)
    return share_query(
        found, at_least(found.scale, found.value, EASY), "ces", options, combine=False, interval=interval
    )


def box(
    responses: ir.Table,
    which: BoxName,
    *,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    time_zone: str = "Asia/Shanghai",
    question: str | None = None,
    scale: str | None = None,
    combine: bool = False,
    interval: IntervalName = "score",
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    sampled: Sampled = "only",
    as_of: int | None = None,
    level: float = 0.95,
    minimum: int = 10,
    totals: bool = True,
) -> Query[FigureTable]:
    """Share of answers in the top, middle or bottom box; the three add up to 1.

    The boxes of each scale are in ``zhiyin.satisfaction.scales.BOXES`` and in the glossary. Published side by side they
    show what a mean hides: many middling answers, or two camps.

    Parameters
    ----------
    responses : table of answers.
    which : ``top``, ``middle`` or ``bottom``.
    interval : as for :func:`csat`.
    by, period, time_zone, question, scale, combine, where, since, until, sampled, as_of, level, minimum, totals : see
        the module.

    Returns
    -------
    Query of a table of figures, shares from 0 to 1.

    Raises
    ------
    UnknownColumn, UnknownPeriod, UnknownZone, UnknownScale, WrongOption : at once. MixedAnswers : when it is computed.
    """
    if which not in ("top", "middle", "bottom"):
        raise WrongOption(option="which", given=which, wanted="top, middle or bottom")
    options = asked(by, period, time_zone, where, since, until, as_of, level, minimum, totals)
    scales = allowed_scales(f"{which}_box", tuple(BOXES), scale)
    found = answers(responses, options, scales=scales, question=question, sampled=sampled)
    hit = in_box(found.scale, found.value, which)
    return share_query(found, hit, f"{which}_box", options, combine=combine, interval=interval)


def mean_score(
    responses: ir.Table,
    *,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    time_zone: str = "Asia/Shanghai",
    question: str | None = None,
    scale: str | None = None,
    combine: bool = False,
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    sampled: Sampled = "only",
    as_of: int | None = None,
    level: float = 0.95,
    minimum: int = 10,
    totals: bool = True,
) -> Query[FigureTable]:
    """Mean place on the scale, 0 for the lowest answer and 100 for the highest.

    Uses all of each answer, so it needs fewer answers than a share to see the same change. Its interval does not
    collapse where everybody gave the same answer (``zhiyin.maths.scores``). Three buttons and five stars do not measure
    the same thing even on 0-100: combine scales for an overview, not to compare units that were asked differently.

    Parameters
    ----------
    responses : table of answers.
    by, period, time_zone, question, scale, combine, where, since, until, sampled, as_of, level, minimum, totals : see
        the module.

    Returns
    -------
    Query of a table of figures in points from 0 to 100.

    Raises
    ------
    UnknownColumn, UnknownPeriod, UnknownZone, UnknownScale, WrongOption : at once. MixedAnswers : when it is computed.
    """
    options = asked(by, period, time_zone, where, since, until, as_of, level, minimum, totals)
    scales = allowed_scales("mean_score", tuple(ENDS), scale)
    found = answers(responses, options, scales=scales, question=question, sampled=sampled)
    wanted = Score("mean_score", 1, ruler_marks(scales), Fraction(100, RULER), KINDS, combine=combine, interval="score")
    return score_query(found, on_ruler(found.scale, found.value), wanted, options)

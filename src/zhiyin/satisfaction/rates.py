"""Rates of what was served and asked: dissatisfied per 10,000, solicitation rate 邀评率, response rate 参评率.

They take the described tables of interactions, invitations and responses, and the options of
``zhiyin.satisfaction.measures``. Columns in ``by`` and ``where`` must exist in every table that is counted.

Read the three together. Few dissatisfied answers from a unit that asks few customers, or only those who smile, say
nothing good about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from zhiyin.engine import Query
from zhiyin.satisfaction.answers import KINDS, answers, prepared_answers
from zhiyin.satisfaction.asked import Asked, Sampled, Where, WrongOption, asked, limited, recorded
from zhiyin.satisfaction.assemble import Score, score_table
from zhiyin.satisfaction.dissatisfied import ChartName, rate_table
from zhiyin.satisfaction.periods import Expression, Period
from zhiyin.satisfaction.scales import BOXES, allowed_scales, in_box
from zhiyin.satisfaction.statistics import USED, counted, prepared
from zhiyin.tables.figures import FigureTable

PART: Final = "_part"
"""Column that says whether a row of the answer counts services or dissatisfied answers."""
_CHARTS: Final = ("auto", "groups", "time")


def dissatisfied_rate(
    responses: ir.Table,
    interactions: ir.Table,
    *,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    time_zone: str = "Asia/Shanghai",
    question: str | None = None,
    scale: str | None = None,
    combine: bool = False,
    chart: ChartName = "auto",
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    sampled: Sampled = "only",
    as_of: int | None = None,
    level: float = 0.95,
    minimum: int = 10,
    totals: bool = True,
) -> Query[FigureTable]:
    """Dissatisfied answers (bottom box) for each 10,000 services, with control limits.

    Where 99 % are satisfied, a share cannot tell units apart and three more bad answers go unseen. Counted against
    everything that was served they can be followed, and the limits say which unit or month is beyond chance.

    A service is an interaction that was completed (``lifecycle`` is ``complete`` or not stated). Answers and services
    are each put into group and period by their own columns and times. ``n`` and ``customers`` are those served,
    ``count`` the dissatisfied answers. The interval is Garwood's, widened where one customer complains repeatedly
    (``zhiyin.maths.counts``); ``count`` and rate say how many **said** so, not how many were dissatisfied.

    Parameters
    ----------
    responses, interactions : tables of answers and of services.
    chart : which figures the limits compare: ``groups`` of one period, ``time`` for each group by itself, ``auto``
        groups if there are any. Limits need at least two figures and widen with how much the figures vary anyway.
    by, period, time_zone, question, scale, combine, where, since, until, sampled, as_of, level, minimum, totals : see
        ``zhiyin.satisfaction.measures``.

    Returns
    -------
    Query of a table of figures per 10,000. A group with answers but without services is ``undefined``.

    Raises
    ------
    UnknownColumn, UnknownPeriod, UnknownZone, UnknownScale, WrongOption : at once. MixedAnswers : when it is computed.
    """
    if chart not in _CHARTS:
        raise WrongOption(option="chart", given=chart, wanted="auto, groups or time")
    options = asked(by, period, time_zone, where, since, until, as_of, level, minimum, totals)
    scales = allowed_scales("dissatisfied_rate", tuple(BOXES), scale)
    found = answers(responses, options, scales=scales, question=question, sampled=sampled)
    # Satisfied answers count for nothing here; those that cannot be read are kept to be reported.
    unhappy: Any = in_box(found.scale, found.value, "bottom") == 1
    rows: Any = prepared_answers(found, ibis.literal(0, type="int64"))
    rows = rows.filter((found.state != USED) | ibis.coalesce(unhappy, False))
    served = _served(interactions, options)
    nothing: Expression = ibis.null("string")
    services = prepared(
        served,
        score=ibis.literal(0, type="int64"),
        state=ibis.literal(USED),
        row_key=served["interaction_id"],
        time="started_us",
        kinds=dict.fromkeys(KINDS, nothing),
    )
    parts = [
        counted(one, options, kinds=KINDS).mutate(**{PART: ibis.literal(name)})
        for one, name in ((rows, "unhappy"), (services, "served"))
    ]
    wanted = Score("dissatisfied_rate", 1, (0,), Fraction(10_000), KINDS, combine=combine, interval="exact")
    return Query(
        expression=ibis.union(*parts, distinct=False),
        finish=partial(rate_table, score=wanted, options=options, numerator=found.source, chart=chart),
    )


def solicitation_rate(
    interactions: ir.Table,
    invitations: ir.Table,
    *,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    time_zone: str = "Asia/Shanghai",
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    as_of: int | None = None,
    level: float = 0.95,
    minimum: int = 10,
    totals: bool = True,
) -> Query[FigureTable]:
    """Share of services after which the customer was asked for an answer. 邀评率

    A service counts as asked once, however many invitations followed. Invitations that name no service cannot be
    matched and do not count, so a bank that does not keep the link gets 0: divide its two counts instead.

    Parameters
    ----------
    interactions, invitations : tables of services and of invitations, linked by ``interaction_id``.
    by, period, time_zone, where, since, until, as_of, level, minimum, totals : see ``zhiyin.satisfaction.measures``;
        groups and periods are those of the services.

    Returns
    -------
    Query of a table of figures, shares from 0 to 1; ``n`` services, ``count`` those followed by an invitation.

    Raises
    ------
    UnknownColumn, UnknownPeriod, UnknownZone, WrongOption : naming what is wrong.
    """
    options = asked(by, period, time_zone, where, since, until, as_of, level, minimum, totals)
    served = _served(interactions, options)
    linked = _keys(invitations, "interaction_id", "sent_us", as_of)
    return _linked_share("solicitation_rate", served, linked, "interaction_id", "started_us", options)


def response_rate(
    invitations: ir.Table,
    responses: ir.Table,
    *,
    by: str | Sequence[str] = (),
    period: Period | None = None,
    time_zone: str = "Asia/Shanghai",
    where: Where | None = None,
    since: date | None = None,
    until: date | None = None,
    as_of: int | None = None,
    level: float = 0.95,
    minimum: int = 10,
    totals: bool = True,
) -> Query[FigureTable]:
    """Share of invitations that were answered. 参评率

    Answered is an invitation whose outcome says so or that a response names. All invitations sent count below the line,
    also those that never arrived: pass ``where={"outcome": [...]}`` to leave some out, and say so.

    Parameters
    ----------
    invitations, responses : tables of invitations and of answers, linked by ``invitation_id``.
    by, period, time_zone, where, since, until, as_of, level, minimum, totals : see ``zhiyin.satisfaction.measures``;
        groups and periods are those of the invitations.

    Returns
    -------
    Query of a table of figures, shares from 0 to 1; ``n`` invitations, ``count`` those answered.

    Raises
    ------
    UnknownColumn, UnknownPeriod, UnknownZone, WrongOption : naming what is wrong.
    """
    options = asked(by, period, time_zone, where, since, until, as_of, level, minimum, totals)
    sent = limited(invitations, options, time="sent_us")
    linked = _keys(responses, "invitation_id", "answered_us", as_of)
    return _linked_share("response_rate", sent, linked, "invitation_id", "sent_us", options, also="answered")


def _served(interactions: ir.Table, options: Asked) -> ir.Table:
    rows: Any = limited(interactions, options, time="started_us")
    completed: ir.Table = rows.filter(ibis.coalesce(rows["lifecycle"], "complete") == "complete")
    return completed


def _keys(rows: ir.Table, key: str, time: str, as_of: int | None) -> Any:
    """The different keys that the rows name, in the column ``_linked``."""
    named: Any = rows.filter(rows[key].notnull())
    if as_of is not None:
        named = named.filter(recorded(named, time) <= as_of)
    return named.select(_linked=named[key]).distinct()


def _linked_share(
    name: str, rows: ir.Table, linked: Any, key: str, time: str, options: Asked, *, also: str | None = None
) -> Query[FigureTable]:
    """Share of the rows whose key is among the linked ones, or whose outcome is ``also``."""
    joined: Any = rows.left_join(linked, rows[key] == linked["_linked"])
    hit: Any = joined["_linked"].notnull()
    if also is not None:
        hit = hit | ibis.coalesce(joined["outcome"] == also, False)
    ready = prepared(
        joined,
        score=ibis.ifelse(hit, 1, 0),
        state=ibis.literal(USED),
        row_key=joined[key],
        time=time,
        kinds={},
    )
    wanted = Score(name, 1, (0, 1), Fraction(1), (), combine=True, interval="score")
    source = ("interactions",) if time == "started_us" else ("invitations",)
    return Query(
        expression=counted(ready, options, kinds=()),
        finish=partial(score_table, score=wanted, options=options, source=source),
    )

"""What a lake has to say: which questions were answered, on which scales, from when to when; how things are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from zhiyin.engine import Engine, described
from zhiyin.errors import ZhiyinError
from zhiyin.language import either
from zhiyin.satisfaction.scales import ENDS
from zhiyin.tables import table

_SATISFIED: Final = ("satisf", "满意", "overall", "总体", "rating", "评分", "recommend", "推荐", "sat")
"""Parts of a question's name that speak for it as the headline, the best first."""
_MONTHS: Final = 12


class UnknownQuestion(ZhiyinError):
    """A question was named that nobody answered."""

    code = "report.unknown_question"
    message = "Nobody answered a question {question}."


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers to one question on one scale by one mode of asking.

    Parameters
    ----------
    question, scale, mode : as the table has them; the mode may be unknown.
    count : answers.
    first_us, last_us : times of the first and the last; None where none is stated.
    """

    question: str
    scale: str
    mode: str | None
    count: int
    first_us: int | None
    last_us: int | None


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the report: ``since`` is the first counted, ``until`` the first no longer counted."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Names:
    """How bank, units and lines are called, in the user's language.

    Parameters
    ----------
    bank : the legal entities.
    units, lines : by key.
    central : units at head office, where lines sit.
    """

    bank: str
    units: Mapping[str, str]
    lines: Mapping[str, str]
    central: frozenset[str]


def rating_answers(engine: Engine) -> tuple[Asked, ...]:
    """Every question with rating answers, by scale and mode."""
    rows: Any = described(table("responses"))
    rows = rows.filter(rows["scale"].isin(list(ENDS)) & rows["value"].notnull())
    counted = rows.group_by("question", "scale", "mode").aggregate(
        count=rows.count(), first_us=rows["answered_us"].min(), last_us=rows["answered_us"].max()
    )
    found = [Asked(**row) for row in engine.run(counted).to_pylist()]
    return tuple(sorted(found, key=lambda a: (-a.count, a.question, a.scale, a.mode or "")))


def headline_question(asked: tuple[Asked, ...], wanted: str | None) -> str | None:
    """The question that the report is about: the one named, else the most answered one that asks for satisfaction.

    Raises
    ------
    UnknownQuestion : the one named has no answers; the nearest name is suggested.
    """
    counts: Counter[str] = Counter()
    for one in asked:
        counts[one.question] += one.count
    if wanted is not None:
        if wanted not in counts:
            raise UnknownQuestion(question=wanted, choices=tuple(counts))
        return wanted
    if not counts:
        return None
    most = max(counts.values())
    for part in _SATISFIED:
        named = [q for q in counts if part in q.lower() and counts[q] >= 0.2 * most]
        if named:
            return min(named, key=lambda q: (-counts[q], q))
    return min(counts, key=lambda q: (-counts[q], q))


def main_scale(asked: tuple[Asked, ...], question: str, *, among: tuple[str, ...] = tuple(ENDS)) -> str | None:
    """The scale on which most answers to a question were given."""
    counts: Counter[str] = Counter()
    for one in asked:
        if one.question == question and one.scale in among:
            counts[one.scale] += one.count
    return max(counts, key=lambda scale: (counts[scale], scale)) if counts else None


def default_span(
    first_us: int | None, last_us: int | None, zone: str, *, since: date | None, until: date | None
) -> Span:
    """The calendar months up to the last answer, twelve at most, unless the user says otherwise."""
    if first_us is None or last_us is None:
        return Span(since, until)
    first, last = (datetime.fromtimestamp(us / 1e6, ZoneInfo(zone)).date() for us in (first_us, last_us))
    if until is None:
        month_end = _next_month(last.replace(day=1))
        # A month whose last two days nobody answered is still a month.
        until = month_end if month_end - last <= timedelta(days=3) else last + timedelta(days=1)
    if since is None:
        months = (until - timedelta(days=1)).year * 12 + (until - timedelta(days=1)).month - _MONTHS
        since = max(date(months // 12, months % 12 + 1, 1), first.replace(day=1))
    return Span(since, until)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def read_names(engine: Engine, *, fallback: str) -> Names:
    """Names from the tables of the organisation; keys stand for what is not there."""
    units = engine.run(_latest(described(table("units")), "unit_id", "valid_from")).to_pylist()
    lines = engine.run(described(table("lines"))).to_pylist()
    entities = engine.run(described(table("legal_entities"))).to_pylist()
    return Names(
        bank=either("、", ", ").join(sorted(_name(entity) for entity in entities)) or fallback,
        units={unit["unit_id"]: _name(unit) for unit in units},
        lines={line["line_id"]: _name(line) for line in lines},
        central=frozenset(u["unit_id"] for u in units if u["level"] in ("governance", "head_office", "department")),
    )


def _latest(rows: Any, key: str, order: str) -> ir.Table:
    """Of each key the row that came last; a table of units is small, so a window costs nothing."""
    newest = ibis.row_number().over(ibis.window(group_by=rows[key], order_by=rows[order].desc()))
    ranked: Any = rows.mutate(_rank=newest)
    latest: ir.Table = ranked.filter(ranked["_rank"] == 0).drop("_rank")
    return latest


def _name(row: Mapping[str, Any]) -> str:
    return str(either(row["name"], row["name_en"] or row["name"]))

"""Complaints by cause, and whether a line at head office or a branch has to put it right."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final

import ibis

from zhiyin.engine import Engine, described
from zhiyin.night.report.content import Cause
from zhiyin.night.report.facts import Names, Span
from zhiyin.night.report.numbers import say
from zhiyin.satisfaction.periods import day_number, local_day
from zhiyin.tables import table, vocabulary

SHOWN: Final = 9
"""Causes with a line of their own; the rest goes together."""
_BY: Final = ("cause", "issue", "product")
"""Columns that may say what it was about, the best first."""


def complaints_in(rows: Any, span: Span, zone: str) -> Any:
    """The complaints received in a span of days."""
    day = local_day(rows["received_us"], zone)
    kept = [rows["type"] == "complaint"]
    if span.since is not None:
        kept.append(day >= day_number(span.since))
    if span.until is not None:
        kept.append(day < day_number(span.until))
    return rows.filter(*kept)


def read_causes(engine: Engine, span: Span, zone: str, names: Names) -> tuple[tuple[Cause, ...], int]:
    """Causes, the commonest first, and the number of complaints."""
    rows: Any = complaints_in(described(table("requests")), span, zone)
    stated = engine.run(rows.aggregate(**{name: rows[name].count() for name in _BY})).to_pylist()[0]
    by = next((name for name in _BY if stated[name]), None)
    if by is None:
        return (), int(engine.run(rows.aggregate(n=rows.count())).to_pylist()[0]["n"])
    keys = {"about": rows[by], "unit": rows["responsible_unit_id"], "line": rows["responsible_line_id"]}
    counted = rows.group_by(**keys).aggregate(count=rows.count())
    causes = _causes(engine.run(counted).to_pylist(), by, names)
    return causes, sum(cause.count for cause in causes)


def _causes(rows: list[dict[str, Any]], by: str, names: Names) -> tuple[Cause, ...]:
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    lines: dict[str | None, Counter[str]] = defaultdict(Counter)
    for row in rows:
        owner = _owner(row, names)
        counts[row["about"]][owner] += row["count"]
        if row["line"] is not None:
            lines[row["about"]][row["line"]] += row["count"]
    ordered = sorted(counts, key=lambda about: (about is None, -counts[about].total(), str(about)))
    if len(ordered) > SHOWN + 1:
        rest = ordered[SHOWN:]
        several = say("{n} other causes", n=len(rest))
        counts[several] = sum((counts[about] for about in rest), Counter())
        lines[several] = Counter()
        ordered = [*ordered[:SHOWN], several]
    return tuple(_cause(about, counts[about], lines[about], by, names) for about in ordered)


def _cause(about: str | None, owners: Counter[str], lines: Counter[str], by: str, names: Names) -> Cause:
    main = max(lines, key=lambda line: (lines[line], line)) if lines else None
    return Cause(
        label=_words(about, by),
        count=owners.total(),
        line=owners["line"],
        unit=owners["unit"],
        main_line=names.lines.get(main, main) if main is not None else "",
    )


def _words(about: str | None, by: str) -> str:
    if about is None:
        return say("not stated")
    return vocabulary("complaint_causes").label(about) if by == "cause" else about


def _owner(row: dict[str, Any], names: Names) -> str:
    """Who has to put it right: the level of the responsible unit says it; without a unit, a named line does."""
    if row["unit"] is not None:
        return "line" if row["unit"] in names.central else "unit"
    return "line" if row["line"] is not None else "nobody"


def narratives(span: Span, zone: str, *, most: int) -> Any:
    """The latest complaints in their own words, for the page's quotations."""
    rows: Any = complaints_in(described(table("requests")), span, zone)
    rows = rows.filter(rows["narrative"].notnull())
    return (
        rows.order_by(ibis.desc("received_us"), "request_id")
        .limit(most)
        .select(
            words=rows["narrative"],
            at_us=rows["received_us"],
            customer_id=rows["customer_id"],
            channel=rows["channel"],
            journey=rows["journey"],
        )
    )

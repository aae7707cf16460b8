"""Which of the customers' words stand on the page: chosen by rule, never by taste.

The latest comments of answers in the lowest and in the highest box, one a customer, and no second one about the same
journey through the same channel as long as others are there. Where too few wrote with their answers, complaints speak.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import ibis

from zhiyin.engine import Engine, described
from zhiyin.night.report.complaints import narratives
from zhiyin.night.report.content import Voice, VoiceKind
from zhiyin.night.report.facts import Span
from zhiyin.night.report.numbers import month
from zhiyin.night.report.words import code_words, has_chinese
from zhiyin.satisfaction.periods import day_number, local_day
from zhiyin.satisfaction.scales import in_box
from zhiyin.tables import table

UNHAPPY: Final = 4
HAPPY: Final = 2
_READ: Final = 400
_SHORTEST, _LONGEST = 8, 140


def read_voices(engine: Engine, question: str | None, span: Span, zone: str) -> tuple[Voice, ...]:
    """Voices for the page, the unhappy ones first."""
    found = engine.run(_comments(question, span, zone)).to_pylist() if question is not None else []
    unhappy = _chosen([row for row in found if row["box"] == "bottom"], UNHAPPY, zone, "low")
    happy = _chosen([row for row in found if row["box"] == "top"], HAPPY, zone, "high")
    if len(unhappy) < UNHAPPY:
        complained = engine.run(narratives(span, zone, most=_READ)).to_pylist()
        unhappy += _chosen(complained, UNHAPPY - len(unhappy), zone, "complaint")
    return (*unhappy, *happy)


def _comments(question: str | None, span: Span, zone: str) -> Any:
    """Comments beside the box of the rating that was given on the same occasion."""
    rows: Any = described(table("responses"))
    day = local_day(rows["answered_us"], zone)
    within = [rows["comment"].notnull()]
    if span.since is not None:
        within.append(day >= day_number(span.since))
    if span.until is not None:
        within.append(day < day_number(span.until))
    said: Any = rows.filter(*within)
    rated: Any = rows.filter((rows["question"] == question) & rows["value"].notnull())
    box = ibis.cases(
        (in_box(rated["scale"], rated["value"], "bottom") == 1, "bottom"),
        (in_box(rated["scale"], rated["value"], "top") == 1, "top"),
        else_=None,
    )
    boxed: Any = rated.select("response_id", box=box)
    joined: Any = said.inner_join(boxed, "response_id")
    joined = joined.filter(joined["box"].notnull())
    return (
        joined.order_by(ibis.desc("answered_us"), "response_id")
        .limit(_READ)
        .select(
            "box",
            "customer_id",
            "channel",
            "journey",
            "language",
            words=joined["comment"],
            at_us=joined["answered_us"],
        )
    )


def _chosen(rows: Iterable[dict[str, Any]], most: int, zone: str, kind: VoiceKind) -> list[Voice]:
    able = [row for row in rows if len(row["words"].strip()) >= _SHORTEST]
    taken: list[dict[str, Any]] = []
    customers: set[str] = set()
    matters: set[tuple[Any, Any]] = set()
    # First one a matter, then whatever is left.
    for again in (False, True):
        for row in able:
            matter = (row["channel"], row["journey"])
            seen = row["customer_id"] is not None and row["customer_id"] in customers
            same = any(row["words"] == other["words"] for other in taken)
            if len(taken) == most or seen or same or (matter in matters and not again):
                continue
            taken.append(row)
            matters.add(matter)
            if row["customer_id"] is not None:
                customers.add(row["customer_id"])
    return [_voice(row, zone, kind) for row in taken]


def _voice(row: dict[str, Any], zone: str, kind: VoiceKind) -> Voice:
    words = " ".join(row["words"].split())
    parts = [code_words(column, row[column]) for column in ("channel", "journey") if row[column]]
    if row["at_us"] is not None:
        parts.append(month(datetime.fromtimestamp(row["at_us"] / 1e6, ZoneInfo(zone)).date()))
    return Voice(
        words=_shortened(words),
        kind=kind,
        about=" · ".join(parts),
        language=row.get("language") or ("zh" if has_chinese(words) else "en"),
    )


def _shortened(words: str) -> str:
    """The beginning of a long text, up to the end of a clause or a word."""
    if len(words) <= _LONGEST:
        return words
    head = words[:_LONGEST]
    cut = max(head.rfind(mark) for mark in ("。", "，", "；", ". ", ", ", " "))
    return head[: cut if cut > _LONGEST // 2 else _LONGEST].rstrip(" ，；,.。") + " …"

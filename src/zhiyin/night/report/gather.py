"""From a lake to a report: one snapshot, a handful of queries, and what the files were like."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final

from zhiyin import __version__
from zhiyin.engine import Engine, described
from zhiyin.lake import Lake, Snapshot, read_apart
from zhiyin.language import current_language, either
from zhiyin.night.report.complaints import read_causes
from zhiyin.night.report.content import Apart, Comparison, Report
from zhiyin.night.report.facts import Span, default_span, headline_question, rating_answers, read_names
from zhiyin.night.report.measuring import Wanted, comparison, expected, headline, measure_all, other_measures, rates
from zhiyin.night.report.trend import Mark
from zhiyin.night.report.voices import read_voices
from zhiyin.night.report.words import has_chinese
from zhiyin.satisfaction.periods import day_number, local_day
from zhiyin.tables import BASE_TABLES, table

MINIMUM: Final = 10
"""Fewest customers behind a figure, unless the caller asks for more."""
LEVEL: Final = 0.95
_EVENTS: Final = {
    "process_change": ("流程调整", "process change"),
    "outage_started": ("系统故障", "outage"),
    "repricing": ("重定价", "repricing"),
}
"""Kinds of events that stand in the course, in Chinese and English."""
_OF_A_KIND: Final = 2
_NUMBERS: Final = "①②③④⑤⑥⑦⑧⑨"


def gather(
    lake: Lake,
    *,
    since: date | None = None,
    until: date | None = None,
    question: str | None = None,
    level: float = LEVEL,
    minimum: int = MINIMUM,
) -> Report:
    """Everything that stands on the page, in the user's language.

    Parameters
    ----------
    lake : the lake; all is read of one snapshot.
    since, until : first local day counted, and the first no longer counted; left out, the twelve months up to the
        last answer.
    question : the headline's; left out, the most answered one that asks for satisfaction.
    level : of the intervals.
    minimum : fewest customers behind a figure.

    Raises
    ------
    UnknownQuestion : nobody answered the question.
    """
    snapshot = lake.snapshot()
    with lake.engine() as engine:
        lake.bind(engine, snapshot)
        asked = rating_answers(engine)
        chosen = headline_question(asked, question)
        times = [us for one in asked if one.question == chosen for us in (one.first_us, one.last_us) if us is not None]
        first_us, last_us = (min(times), max(times)) if times else _complaints_reach(engine)
        days = default_span(first_us, last_us, lake.time_zone, since=since, until=until)
        names = read_names(engine, fallback=lake.folder.resolve().name)
        causes, complaints = read_causes(engine, days, lake.time_zone, names)
        parts: dict[str, Any] = {}
        if chosen is not None:
            wanted = Wanted(chosen, asked, days, lake.time_zone, level, minimum, untimed=not times)
            measured = measure_all(engine, wanted)
            compared = [
                comparison(measured, name, names, by_way=expected(engine, wanted, name, scale=scale))
                for name, scale in (("channel", None), ("journey", None), ("unit_id", wanted.scale))
            ]
            parts = {
                "headline": headline(engine, wanted, measured),
                "trend": () if wanted.untimed else measured.tables["month"].totals,
                "measures": other_measures(measured),
                "comparisons": tuple(found for found in compared if found is not None),
                "dissatisfied": _with_limits(comparison(measured, "dissatisfied", names)),
                "rates": rates(measured),
            }
        voices = read_voices(engine, chosen, days, lake.time_zone)
        marks = _marks(engine, days, lake.time_zone)
    apart, apart_total, loaded_total = _apart(lake, snapshot)
    return Report(
        bank=names.bank,
        zone=lake.time_zone,
        start_on=days.since,
        end_on=days.until,
        as_of_us=last_us,
        generation=snapshot.generation,
        version=__version__,
        marks=marks,
        causes=causes,
        complaints=complaints,
        voices=voices,
        apart=apart,
        apart_total=apart_total,
        loaded_total=loaded_total,
        rows={declared.name: snapshot.manifest(declared.name).rows for declared in BASE_TABLES},
        **parts,
    )


def _with_limits(found: Comparison | None) -> Comparison | None:
    """Without a second unit to compare with there are no control limits, and the picture would say nothing."""
    return found if found is not None and any(row.figure.limits for row in found.rows) else None


def _complaints_reach(engine: Engine) -> tuple[int | None, int | None]:
    """From when to when requests were received."""
    rows: Any = described(table("requests"))
    found = engine.run(rows.aggregate(first=rows["received_us"].min(), last=rows["received_us"].max())).to_pylist()[0]
    return found["first"], found["last"]


def _marks(engine: Engine, days: Span, zone: str) -> tuple[Mark, ...]:
    """Events of these days that readers will think of; of events alike the first one of a day."""
    rows: Any = described(table("events"))
    day = local_day(rows["occurred_us"], zone)
    kept = [rows["kind"].isin(list(_EVENTS))]
    kept += [day >= day_number(days.since)] if days.since is not None else []
    kept += [day < day_number(days.until)] if days.until is not None else []
    found: Any = rows.filter(*kept).mutate(day=day).order_by("occurred_us", "event_id")
    marks: dict[tuple[str, date], str] = {}
    for row in engine.run(found.select("kind", "day", "note")).to_pylist():
        when = date.fromordinal(date(1970, 1, 1).toordinal() + row["day"])
        marks.setdefault((row["kind"], when), _event_words(row["kind"], row["note"]))
    chosen = [key for key in marks if [k for k in marks if k[0] == key[0]].index(key) < _OF_A_KIND]
    return tuple(Mark(when, _NUMBERS[n], marks[kind, when]) for n, (kind, when) in enumerate(chosen))


def _event_words(kind: str, note: str | None) -> str:
    """The bank's own note where the reader can read it."""
    if note and (current_language() == "zh" or not has_chinese(note)):
        return note
    return either(*_EVENTS[kind])


def _apart(lake: Lake, snapshot: Snapshot) -> tuple[tuple[Apart, ...], int, int]:
    """Rows kept apart by file, column and reason, the commonest first; how many, and how many were read."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    loaded = 0
    for declared in BASE_TABLES:
        loads = snapshot.manifest(declared.name).loads
        loaded += sum(load.rows_in for load in loads)
        if any(load.rows_apart for load in loads):
            rows = read_apart(lake, declared.name, snapshot=snapshot).select(["file", "column", "reason"])
            for row in rows.group_by(["file", "column", "reason"]).aggregate([([], "count_all")]).to_pylist():
                counts[row["file"], declared.name, row["column"] or "", row["reason"]] += row["count_all"]
    kinds = tuple(Apart(*key, count=n) for key, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
    return kinds, counts.total(), loaded

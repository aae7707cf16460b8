"""Every figure of the report, asked of one snapshot and suppressed together before any is shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import ibis

from zhiyin.engine import Engine, Query, described
from zhiyin.night.report.content import Comparison, Headline, Rate, Row
from zhiyin.night.report.facts import Asked, Names, Span, main_scale
from zhiyin.night.report.numbers import span
from zhiyin.night.report.words import code_words
from zhiyin.satisfaction import (
    ces,
    compare,
    csat,
    dissatisfied_rate,
    mean_score,
    nps,
    response_rate,
    solicitation_rate,
    suppress,
)
from zhiyin.satisfaction.scales import EASY
from zhiyin.tables import table
from zhiyin.tables.figures import Change, Figure, FigureTable, Value

_LONG: Final = 6
"""Months from which the last three are compared with the three before; else the last with the one before."""
_EFFORT: Final = ("effort", "ces", "easy", "轻松", "费力")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What figures are wanted of.

    Parameters
    ----------
    question : the headline's.
    asked : what was answered in the lake.
    days, zone : days of the report, on whose clock.
    level, minimum : of intervals, and fewest customers.
    untimed : no answer states a time, so they count by when they were recorded.
    """

    question: str
    asked: tuple[Asked, ...]
    days: Span
    zone: str
    level: float
    minimum: int
    untimed: bool = False

    @property
    def scale(self) -> str:
        """The question's scale with most answers."""
        found = main_scale(self.asked, self.question)
        return found or ""

    def options(self, *, since: date | None = None, until: date | None = None) -> dict[str, Any]:
        """What all measures are told; stretches override the days."""
        return {
            "time_zone": self.zone,
            "since": since or self.days.since,
            "until": until or self.days.until,
            "level": self.level,
            "minimum": self.minimum,
        }


@dataclass(slots=True)
class Measured:
    """The figures, by what they are of."""

    tables: dict[str, FigureTable] = field(default_factory=dict)

    def total(self, name: str) -> Figure | None:
        """The figure of everybody; None where nobody answered."""
        found = self.tables.get(name)
        return found.totals[0] if found is not None and found.totals else None


def answers_of(wanted: Wanted) -> Any:
    """The table of answers, each with a time."""
    rows: Any = described(table("responses"))
    if wanted.untimed:
        rows = rows.mutate(answered_us=ibis.coalesce(rows["answered_us"], rows["recorded_us"]))
    return rows


def measure_all(engine: Engine, wanted: Wanted) -> Measured:
    """Compute all tables and suppress them together, so that none gives away what another hides."""
    queries = {**_of_answers(wanted), **_of_services(wanted)}
    names = list(queries)
    tables = suppress([engine.compute(queries[name]) for name in names], minimum=wanted.minimum)
    return Measured(dict(zip(names, tables, strict=True)))


def _of_answers(wanted: Wanted) -> dict[str, Query[FigureTable]]:
    rows, question, options = answers_of(wanted), wanted.question, wanted.options()
    found = {
        # Of all scales together, since each channel has its own way of asking; groups are judged by what the bank shows
        # when asked as they were (see ``expected``), because three buttons and five stars do not measure the same.
        # Units are compared on one scale only: differences of scale would pass for differences of units and make
        # them look reliable.
        "overall": mean_score(rows, question=question, combine=True, **options),
        "month": mean_score(rows, question=question, combine=True, period="month", **options),
        "channel": mean_score(rows, by="channel", question=question, combine=True, **options),
        "journey": mean_score(rows, by="journey", question=question, combine=True, **options),
        "unit_id": mean_score(rows, by="unit_id", question=question, scale=wanted.scale, **options),
        "csat": csat(rows, question=question, scale=wanted.scale, **options),
    }
    recommend = _question(wanted.asked, ("points11",), ("recommend", "nps", "推荐"))
    if recommend is not None:
        found["nps"] = nps(rows, question=recommend, **options)
    effort = _question(wanted.asked, tuple(EASY), _EFFORT)
    if effort is not None:
        found["ces"] = ces(rows, question=effort, scale=main_scale(wanted.asked, effort, among=tuple(EASY)), **options)
    return found


def _question(asked: tuple[Asked, ...], scales: tuple[str, ...], parts: tuple[str, ...]) -> str | None:
    """The most answered question on such a scale whose name says what it asks."""
    counts: Counter[str] = Counter()
    for one in asked:
        if one.scale in scales and any(part in one.question.lower() for part in parts):
            counts[one.question] += one.count
    return max(counts, key=lambda question: (counts[question], question)) if counts else None


def _of_services(wanted: Wanted) -> dict[str, Query[FigureTable]]:
    responses, options = answers_of(wanted), wanted.options()
    services, invitations = described(table("interactions")), described(table("invitations"))
    unhappy = {"question": wanted.question, "combine": True, **options}
    return {
        "dissatisfied": dissatisfied_rate(responses, services, by="unit_id", **unhappy),
        "asked": solicitation_rate(services, invitations, by="channel", **options),
        "answered": response_rate(invitations, responses, by="channel", **options),
    }


def expected(engine: Engine, wanted: Wanted, by: str, *, scale: str | None = None) -> dict[Value, float]:
    """What the bank as a whole would show, if it were asked in the modes and on the scales of each group.

    Indirect standardisation: the bank's mean in each mode and on each scale, weighted by the group's own answers there.
    A counter device with staff beside it and a link in a message differ by more than any two units do; without this a
    channel or a journey would be called bad for the way it was asked.
    """
    ways = ("mode", "scale")
    options = {**wanted.options(), "minimum": 0}
    query = mean_score(
        answers_of(wanted), by=(by, *ways), question=wanted.question, scale=scale, combine=True, **options
    )
    found = engine.compute(query)
    means = {figure.group: figure.value for figure in found.margin(*ways)}
    sums: dict[Value, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for figure in found.groups:
        group, mean = figure.group[0][1], means[figure.group[1:]]
        if mean is not None and figure.n:
            sums[group][0] += figure.n * mean
            sums[group][1] += figure.n
    return {group: total / count for group, (total, count) in sums.items() if count}


def comparison(
    measured: Measured, name: str, names: Names, *, by_way: dict[Value, float] | None = None
) -> Comparison | None:
    """Groups side by side, in words; None where no group has answers. ``by_way`` is what :func:`expected` gave."""
    found = measured.tables[name]
    stated = [figure for figure in found.groups if figure.group[0][1] is not None and figure.suppressed != "undefined"]
    if not stated:
        return None
    key = found.by[0]
    rows = tuple(
        Row(
            _label(key, str(figure.group[0][1]), names),
            figure,
            None if figure.value is None else (by_way or {}).get(figure.group[0][1]),
        )
        for figure in stated
    )
    unstated = sum(figure.n or 0 for figure in found.groups if figure.group[0][1] is None)
    return Comparison(key, rows, measured.total(name), unstated, scale=_only_scale(found))


def _only_scale(found: FigureTable) -> str:
    """The scale to which a table of answers was limited; empty where it was not."""
    stated = [part.removeprefix("scale=") for part in found.source if part.startswith("scale=")]
    return stated[0] if stated and "," not in stated[0] else ""


def _label(key: str, value: str, names: Names) -> str:
    return names.units.get(value, value) if key == "unit_id" else code_words(key, value)


def rates(measured: Measured) -> tuple[Rate, ...]:
    """Solicitation and response rates of each channel, the channel with most services first."""
    asked, answered = (
        {figure.group[0][1]: figure for figure in measured.tables[name].groups if figure.suppressed != "undefined"}
        for name in ("asked", "answered")
    )
    channels = [channel for channel in {**asked, **answered} if channel is not None]
    if not measured.tables["answered"].groups:
        return ()
    ordered = sorted(channels, key=lambda c: (-(asked[c].n or 0) if c in asked else 0, str(c)))
    return tuple(Rate(code_words("channel", str(c)), asked.get(c), answered.get(c)) for c in ordered)


def other_measures(measured: Measured) -> tuple[Figure, ...]:
    """The figures beneath the headline: those that the lake's tables allow."""
    totals = [measured.total(name) for name in ("nps", "csat", "ces", "dissatisfied", "asked", "answered")]
    return tuple(figure for figure in totals if figure is not None and figure.suppressed != "undefined")


def headline(engine: Engine, wanted: Wanted, measured: Measured) -> Headline | None:
    """The figure of everybody, with what changed; None where nobody answered in these days."""
    figure = measured.total("overall")
    if figure is None:
        return None
    of_question = [one for one in wanted.asked if one.question == wanted.question]
    scales: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    for one in of_question:
        scales[one.scale] += one.count
        if one.mode is not None:
            modes[one.mode] += one.count
    change, stretches = last_change(engine, wanted, measured)
    return Headline(
        figure=figure,
        question=wanted.question,
        scales=tuple(sorted(scales, key=lambda scale: int(scale.removeprefix("points")))),
        change=change,
        stretches=stretches,
        modes=tuple((mode, count / scales.total()) for mode, count in modes.most_common()),
        left_out=measured.tables["overall"].left_out,
    )


def last_change(engine: Engine, wanted: Wanted, measured: Measured) -> tuple[Change | None, tuple[str, str]]:
    """The last stretch against the one before, of whole months; with the names of both."""
    months = [f for f in measured.tables["month"].totals if f.end_on is not None and _is_whole(f, wanted.days)]
    size = 3 if len(months) >= _LONG else 1
    if len(months) < 2 * size:
        return None, ("", "")
    edges = (months[-2 * size].start_on, months[-size].start_on, months[-1].end_on)
    if any(edge is None for edge in edges):
        return None, ("", "")
    rows = answers_of(wanted)
    tables = suppress(
        [
            engine.compute(
                mean_score(
                    rows,
                    question=wanted.question,
                    combine=True,
                    **wanted.options(since=since, until=until),
                )
            )
            for since, until in ((edges[0], edges[1]), (edges[1], edges[2]))
        ],
        minimum=wanted.minimum,
    )
    if any(not found.totals for found in tables):
        return None, ("", "")
    before, now = tables[0].totals[0], tables[1].totals[0]
    return compare(now, before), (span(edges[1], edges[2]), span(edges[0], edges[1]))


def _is_whole(figure: Figure, days: Span) -> bool:
    """Whether the report counts every day of the figure's month."""
    starts = days.since is None or (figure.start_on is not None and figure.start_on >= days.since)
    ends = days.until is None or (figure.end_on is not None and figure.end_on <= days.until)
    return starts and ends

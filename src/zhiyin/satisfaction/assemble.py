"""From counts to figures: estimate, interval, reliability, suppression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Floats
from zhiyin.maths.clusters import effective_number
from zhiyin.maths.intervals import Interval
from zhiyin.maths.reliability import reliability
from zhiyin.maths.scores import score_interval
from zhiyin.maths.shares import clopper_pearson
from zhiyin.satisfaction.asked import Asked
from zhiyin.satisfaction.periods import period_of
from zhiyin.satisfaction.statistics import Cell, Counts, read_counts
from zhiyin.satisfaction.suppress import suppress
from zhiyin.tables.figures import Figure, FigureTable, Limits
from zhiyin.tables.glossary import measure

IntervalName = Literal["score", "exact"]
_METHODS: Final = {"score": "score (n-1)", "exact": "Clopper-Pearson"}


class MixedAnswers(ZhiyinError):
    """One figure would mix answers to different questions or on different scales."""

    code = "satisfaction.mixed_answers"
    message = (
        "{measure} would mix answers that differ in {kind} ({first}, {last}). "
        "Name one with {kind}=, group by {kind}, or pass combine=True."
    )


@dataclass(frozen=True, slots=True)
class Score:
    """How a measure turns rows into a value.

    Parameters
    ----------
    measure : name in the glossary.
    version : of the method.
    marks : whole scores that a row can have, ascending.
    worth : value of one mark in the unit of the measure.
    kinds : what must not be mixed in one figure.
    combine : mix it all the same.
    interval : ``score``, or ``exact`` for shares.
    """

    measure: str
    version: int
    marks: tuple[int, ...]
    worth: Fraction
    kinds: tuple[str, ...]
    combine: bool
    interval: IntervalName


def score_table(result: pa.Table, *, score: Score, options: Asked, source: tuple[str, ...]) -> FigureTable:
    """The figures of a measure that is a mean of scores.

    Raises
    ------
    MixedAnswers : unless allowed.
    """
    counts = read_counts(result, options, marks=score.marks, kinds=score.kinds)
    kept = unmixed(counts, score.measure, options, combine=score.combine)
    total = counts.sums.totals
    value = total * score.worth.numerator / (counts.answers * score.worth.denominator)
    effective = effective_number(counts.sums, lowest=score.marks[0], highest=score.marks[-1])
    limits = _limits(score, counts, effective, options.level)
    shares = _reliabilities(counts, effective, kept)
    is_share = score.marks == (0, 1)
    figures = [
        figure(
            measure_name=score.measure,
            cell=counts.cells[i],
            options=options,
            value=float(value[i]),
            low=float(limits.low[i]),
            high=float(limits.high[i]),
            n=int(counts.answers[i]),
            customers=int(counts.customers[i]),
            count=int(counts.scores[i, 1]) if is_share else None,
            reliability=shares.get(i),
            limits=None,
            as_of_us=as_of(options, counts.latest_us),
            version=score.version,
            method=_METHODS[score.interval],
        )
        for i in kept
    ]
    return table(score.measure, figures, options=options, source=source, left_out=counts.left_out)


def as_of(options: Asked, latest_us: int | None) -> int | None:
    """Until when the data reach: as asked, else the latest row."""
    return options.as_of if options.as_of is not None else latest_us


def unmixed(counts: Counts, name: str, options: Asked, *, combine: bool) -> list[int]:
    """Places of the cells of which a figure may be made.

    A margin that would mix what its groups keep apart (the total of a table by question) is left out.

    Raises
    ------
    MixedAnswers : a group itself is mixed.
    """
    kept = []
    for place, cell in enumerate(counts.cells):
        mixed = [
            (kind, first, last)
            for kind, extremes in counts.kinds.items()
            for first, last in (extremes[place],)
            if first != last
        ]
        if mixed and not combine:
            if cell.margin == 0:
                kind, first, last = mixed[0]
                raise MixedAnswers(measure=name, kind=kind, first=first, last=last)
        elif options.totals or cell.margin == 0:
            kept.append(place)
    return kept


def _limits(score: Score, counts: Counts, effective: Floats, level: float) -> Interval:
    if not counts.cells:
        return Interval(np.zeros(0), np.zeros(0))
    if score.interval == "exact":
        return clopper_pearson(counts.scores[:, 1] / counts.answers, effective, level=level)
    found = score_interval(counts.scores, score.marks, effective=effective, level=level)
    worth = float(score.worth)
    return Interval(found.low * worth, found.high * worth)


def _reliabilities(counts: Counts, effective: Floats, kept: Sequence[int]) -> dict[int, float]:
    means = counts.sums.totals / counts.answers
    variances = np.maximum(counts.sums.squares / counts.answers - means**2, 0)
    found: dict[int, float] = {}
    for places in sets_of_groups(counts.cells, kept).values():
        result = reliability(means[places], variances[places], effective[places])
        if result is not None:
            found.update(zip(places, result.shares.tolist(), strict=True))
    return found


def sets_of_groups(cells: Sequence[Cell], kept: Sequence[int]) -> Mapping[tuple[int, int], list[int]]:
    """Places of the cells that stand side by side: the same columns, the same period."""
    found: dict[tuple[int, int], list[int]] = {}
    for place in kept:
        if cells[place].group:
            found.setdefault((cells[place].margin, cells[place].number), []).append(place)
    return found


def figure(
    *,
    measure_name: str,
    cell: Cell,
    options: Asked,
    value: float | None,
    low: float | None,
    high: float | None,
    n: int,
    customers: int,
    count: int | None,
    reliability: float | None,
    limits: Limits | None,
    as_of_us: int | None,
    version: int,
    method: str,
    suppressed: str | None = None,
) -> Figure:
    """One figure with its period and unit."""
    label, start, end = period_of(cell.number, options.period)
    return Figure(
        measure=measure_name,
        group=cell.group,
        period=label,
        start_on=start if options.period else options.since,
        end_on=end if options.period else options.until,
        value=value,
        low=low,
        high=high,
        level=options.level,
        n=n,
        customers=customers,
        count=count,
        unit=str(measure(measure_name).unit),
        reliability=reliability,
        suppressed=suppressed,
        limits=limits,
        as_of_us=as_of_us,
        version=f"{measure_name}/{version}",
        method=method,
    )


def table(
    measure_name: str,
    figures: Sequence[Figure],
    *,
    options: Asked,
    source: tuple[str, ...],
    left_out: tuple[tuple[str, int], ...],
    numerator: tuple[str, ...] = (),
) -> FigureTable:
    """The figures as a table, suppressed where too few customers stand behind them."""
    whole = FigureTable(
        measure=measure_name,
        by=options.by,
        period=options.period,
        source=source,
        numerator=numerator,
        filters=options.where,
        start_on=options.since,
        end_on=options.until,
        minimum=options.minimum,
        left_out=left_out,
        figures=tuple(figures),
    )
    return suppress((whole,), minimum=options.minimum)[0]

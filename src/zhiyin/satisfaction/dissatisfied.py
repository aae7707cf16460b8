"""From two counts to a rate per 10,000 with its interval, reliability and control limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from zhiyin.maths.arrays import Floats
from zhiyin.maths.counts import probability_limits, rate_interval, spread
from zhiyin.maths.intervals import Interval
from zhiyin.maths.reliability import rate_reliability
from zhiyin.satisfaction.asked import Asked
from zhiyin.satisfaction.assemble import Score, as_of, figure, sets_of_groups, table, unmixed
from zhiyin.satisfaction.statistics import Cell, Counts, read_counts
from zhiyin.tables.figures import UNDEFINED, FigureTable, Limits

ChartName = Literal["auto", "groups", "time"]

_ENOUGH: Final = 8
"""Figures from which their spread is estimated; fewer are taken to vary by chance alone."""


@dataclass(frozen=True, slots=True)
class _Rates:
    """Counts above and below the line, one entry a cell; ``defined`` are the places with something below it."""

    cells: tuple[Cell, ...]
    defined: tuple[int, ...]
    unhappy: Floats
    served: Floats
    customers: Floats
    squared: Floats
    most: Floats


def rate_table(
    result: pa.Table, *, score: Score, options: Asked, numerator: tuple[str, ...], chart: ChartName
) -> FigureTable:
    """The figures of dissatisfied answers per 10,000 services.

    Raises
    ------
    MixedAnswers : unless allowed.
    """
    unhappy = _part(result, "unhappy", score, options)
    served = _part(result, "served", score, options)
    rates = _joined(unhappy, served, score, options)
    worth = float(score.worth)
    limits = _limits(rates, options.level)
    reliabilities = _reliabilities(rates)
    drawn = ("groups" if options.by else "time") if chart == "auto" else chart
    control = _control(rates, worth, drawn)
    latest = max((us for us in (unhappy.latest_us, served.latest_us) if us is not None), default=None)
    place_in_limits = {place: index for index, place in enumerate(rates.defined)}
    figures = []
    for place, cell in enumerate(rates.cells):
        index = place_in_limits.get(place)
        figures.append(
            figure(
                measure_name=score.measure,
                cell=cell,
                options=options,
                value=None if index is None else float(rates.unhappy[place] * worth / rates.served[place]),
                low=None if index is None else float(limits.low[index] * worth),
                high=None if index is None else float(limits.high[index] * worth),
                n=int(rates.served[place]),
                customers=int(rates.customers[place]),
                count=None if index is None else int(rates.unhappy[place]),
                reliability=reliabilities.get(place),
                limits=control.get(place),
                as_of_us=as_of(options, latest),
                version=score.version,
                method="Garwood (gamma)",
                suppressed=UNDEFINED if index is None else None,
            )
        )
    return table(
        score.measure,
        figures,
        options=options,
        source=("interactions",),
        numerator=numerator,
        left_out=unhappy.left_out,
    )


def _part(result: pa.Table, name: str, score: Score, options: Asked) -> Counts:
    rows = result.filter(pa.array([part == name for part in result["_part"].to_pylist()], type=pa.bool_()))
    return read_counts(rows, options, marks=score.marks, kinds=score.kinds)


def _joined(unhappy: Counts, served: Counts, score: Score, options: Asked) -> _Rates:
    """Both counts side by side, a cell that one of them lacks with 0."""
    kept = {unhappy.cells[place] for place in unmixed(unhappy, score.measure, options, combine=score.combine)}
    mixed = set(unhappy.cells) - kept
    cells = tuple(
        sorted(
            (cell for cell in {*unhappy.cells, *served.cells} - mixed if options.totals or cell.margin == 0),
            key=lambda cell: cell.order(),
        )
    )

    def of(counts: Counts, values: Sequence[float]) -> Floats:
        found = dict(zip(counts.cells, values, strict=True))
        return np.array([found.get(cell, 0) for cell in cells], dtype=np.float64)

    below = of(served, served.answers.tolist())
    return _Rates(
        cells=cells,
        defined=tuple(np.flatnonzero(below > 0).tolist()),
        unhappy=of(unhappy, unhappy.answers.tolist()),
        served=below,
        customers=of(served, served.customers.tolist()),
        squared=of(unhappy, unhappy.sums.sizes_squared.tolist()),
        most=of(unhappy, unhappy.most.tolist()),
    )


def _limits(rates: _Rates, level: float) -> Interval:
    places = list(rates.defined)
    return rate_interval(
        rates.unhappy[places],
        rates.served[places],
        squared=rates.squared[places],
        largest=rates.most[places],
        level=level,
    )


def _reliabilities(rates: _Rates) -> dict[int, float]:
    found: dict[int, float] = {}
    for places in sets_of_groups(rates.cells, rates.defined).values():
        result = rate_reliability(rates.unhappy[places], rates.served[places])
        if result is not None:
            found.update(zip(places, result.shares.tolist(), strict=True))
    return found


def _charts(rates: _Rates, chart: str) -> Sequence[list[int]]:
    """Places of the figures that are compared with each other."""
    if chart == "groups":
        return list(sets_of_groups(rates.cells, rates.defined).values())
    found: dict[object, list[int]] = {}
    for place in rates.defined:
        found.setdefault((rates.cells[place].margin, rates.cells[place].group), []).append(place)
    return list(found.values())


def _control(rates: _Rates, worth: float, chart: str) -> Mapping[int, Limits]:
    """Control limits of the figures that have others to be compared with."""
    found: dict[int, Limits] = {}
    for places in _charts(rates, chart):
        if len(places) < 2:
            continue
        events, exposure = rates.unhappy[places], rates.served[places]
        rate = float(events.sum() / exposure.sum())
        widened = spread(events, exposure, ordered=chart == "time") if len(places) >= _ENOUGH else 1.0
        limits = probability_limits(rate, exposure, spread=widened)
        for place, low, high in zip(places, limits.low.tolist(), limits.high.tolist(), strict=True):
            value = rates.unhappy[place] / rates.served[place]
            # A rate on its limit is within it; the tolerance is for the divisions alone.
            signal = "above" if value > high * (1 + 1e-12) else "below" if value < low * (1 - 1e-12) else None
            found[place] = Limits(rate * worth, low * worth, high * worth, signal)
    return found

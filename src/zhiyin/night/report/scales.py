"""Axes: which part of a measure's range a chart shows, and where its ticks stand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zhiyin.tables.figures import Figure
from zhiyin.tables.glossary import measure

_NOTHING: Final = 1e-6
"""Widths and values below this are drawn as if they were 0."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight axis from ``low`` to ``high`` in the figure's unit, with ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Position of a value along the axis, 0 to 100; what lies outside stays at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return 100 * min(max(share, 0.0), 1.0)


def axis_for(figures: Iterable[Figure], *, ticks: int = 4) -> Axis:
    """An axis that holds every value and interval, within the measure's own range, with round ends.

    It does not start at 0: what is drawn is a place on a scale, never the length of a bar. The ends are written
    beneath every chart.
    """
    figures = tuple(figures)
    seen = [v for f in figures for v in (f.low, f.value, f.high) if v is not None]

    declared = measure(figures[0].measure) if figures else None
    low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
    return round_axis(
        low,
        high,
        lowest=None if declared is None else declared.lowest,
        highest=None if declared is None else declared.highest,
        ticks=ticks,
    )


def round_axis(low: float, high: float, *, lowest: float | None, highest: float | None, ticks: int = 4) -> Axis:
    """An axis with ends on round numbers (1, 2 or 5 times a power of ten)."""
    width = high - low
    if width <= _NOTHING * max(abs(low), abs(high), 1.0):
        width = abs(high) * 0.02 if abs(high) > _NOTHING else 1.0
    low, high = low - 0.04 * width, high + 0.04 * width
    raw = (high - low) / ticks
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    marks = [round(n * step, 10) for n in range(first, last + 1)]
    if lowest is not None:
        marks = [mark for mark in marks if mark >= lowest] or [lowest]
    if highest is not None:
        marks = [mark for mark in marks if mark <= highest] or [highest]
    if len(marks) < 2:
        marks = sorted({marks[0], lowest if lowest is not None else marks[0] - step, marks[0] + step})[:2]
    return Axis(marks[0], marks[-1], tuple(marks))

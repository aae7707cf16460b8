"""A figure over time: a line through the months, the interval as a band, events as upright marks.

Months that cannot be shown leave a gap; nothing is drawn through them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from zhiyin.night.report.markup import Markup, tag
from zhiyin.night.report.numbers import amount, interval, month, month_mark, say, whole
from zhiyin.night.report.scales import Axis
from zhiyin.tables.figures import Figure

HEIGHT: Final = 240
_TOP, _BOTTOM = 16, 204
_LEFT, _RIGHT = 6.5, 98.0  # percent of the width


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened and that readers will think of: drawn, never claimed as a cause."""

    on: date
    number: str
    words: str


def trend(figures: Sequence[Figure], axis: Axis, title: str, *, marks: Sequence[Mark] = ()) -> Markup:
    """The chart.

    Parameters
    ----------
    figures : one a month, in order; each with the first day of its month.
    axis : upright axis.
    title : of the whole picture, for those who do not see it.
    marks : events.
    """
    places = [_LEFT + (_RIGHT - _LEFT) * (n + 0.5) / len(figures) for n in range(len(figures))]
    heights = [None if f.value is None else _down(axis, f.value) for f in figures]
    drawn = [tag("title", title), *_grid(axis, figures[0].unit)]
    for run in _runs(figures):
        drawn += _run([figures[n] for n in run], [places[n] for n in run], axis)
    drawn += _events(figures, places, marks)
    for figure, across, down in zip(figures, places, heights, strict=True):
        at = f"{across:.2f}%"
        if down is None:
            drawn.append(_dot(at, (_TOP + _BOTTOM) / 2, _said(figure), "hollow"))
        else:
            drawn.append(_dot(at, down, _said(figure), "dot"))
    return tag("svg", drawn, _months(figures, places), class_="trend", width="100%", height=HEIGHT, role="img")


def _down(axis: Axis, value: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * axis.place(value) / 100


def _said(figure: Figure) -> str:
    when = month(figure.start_on) if figure.start_on else str(figure.period)
    if figure.value is None:
        return say("{when}: sample too small, not shown", when=when)
    return say(
        "{when}: {value} ({interval}), n = {n}",
        when=when,
        value=amount(figure.value, figure.unit),
        interval=interval(figure),
        n=whole(figure.n or 0),
    )


def _dot(across: str, down: float, said: str, kind: str) -> Markup:
    return tag(
        "g",
        tag("title", said),
        tag("circle", class_=kind, cx=across, cy=down, r=4),
        tag("circle", class_="reach", cx=across, cy=down, r=12),
    )


def _grid(axis: Axis, unit: str) -> list[Markup]:
    lines = []
    for value in axis.ticks:
        down = _down(axis, value)
        lines.append(tag("line", class_="grid", x1=f"{_LEFT}%", x2="100%", y1=down, y2=down))
        lines.append(tag("text", _tick(value, unit), x=f"{_LEFT - 1}%", y=down + 4, text_anchor="end"))
    return lines


def _tick(value: float, unit: str) -> str:
    shown = 100 * value if unit == "share" else value
    text = f"{shown:g}".replace("-", "\u2212")
    return text + ("%" if unit == "share" else "")


def _runs(figures: Sequence[Figure]) -> list[list[int]]:
    """Stretches of months that have a value."""
    return [
        [n for n, _ in group]
        for has_value, group in groupby(enumerate(figures), key=lambda pair: pair[1].value is not None)
        if has_value
    ]


def _run(figures: list[Figure], places: list[float], axis: Axis) -> list[Markup]:
    """Band and line of one stretch, in a box that stretches with the chart."""
    tops = [(x, _down(axis, f.high)) for x, f in zip(places, figures, strict=True) if f.high is not None]
    bottoms = [(x, _down(axis, f.low)) for x, f in zip(places, figures, strict=True) if f.low is not None]
    middles = [(x, _down(axis, f.value)) for x, f in zip(places, figures, strict=True) if f.value is not None]
    shapes = []
    if len(tops) > 1:
        shapes.append(tag("polygon", class_="band", points=_points([*tops, *reversed(bottoms)])))
        shapes.append(tag("polyline", class_="line", points=_points(middles)))
    else:
        for (x, top), (_, bottom) in zip(tops, bottoms, strict=True):
            shapes.append(
                tag(
                    "polygon",
                    class_="band",
                    points=_points([(x - 0.4, top), (x + 0.4, top), (x + 0.4, bottom), (x - 0.4, bottom)]),
                )
            )
    return [tag("svg", shapes, width="100%", height=HEIGHT, viewBox=f"0 0 100 {HEIGHT}", preserveAspectRatio="none")]


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.1f}" for x, y in points)


def _events(figures: Sequence[Figure], places: list[float], marks: Sequence[Mark]) -> list[Markup]:
    """Events at their day: months are equally wide, days within them in proportion."""
    first, last = figures[0].start_on, figures[-1].end_on
    if first is None or last is None:
        return []
    step = (_RIGHT - _LEFT) / len(figures)
    drawn = []
    for mark in marks:
        if not first <= mark.on < last:
            continue
        place = next(n for n, f in enumerate(figures) if f.start_on and f.end_on and f.start_on <= mark.on < f.end_on)
        start, end = figures[place].start_on, figures[place].end_on
        if start is None or end is None:
            continue
        share = (mark.on - start).days / max((end - start).days, 1)
        at = f"{places[place] + step * (share - 0.5):.2f}%"
        drawn.append(
            tag(
                "g",
                tag("title", f"{mark.on.isoformat()} {mark.words}"),
                tag("line", class_="event", x1=at, x2=at, y1=_TOP, y2=_BOTTOM),
                tag("text", mark.number, class_="event", x=at, y=_TOP - 4, text_anchor="middle"),
            )
        )
    return drawn


def _months(figures: Sequence[Figure], places: list[float]) -> list[Markup]:
    """Names of months beneath the axis, the year beneath the first one and each January."""
    every = max(1, -(-len(figures) // 12))
    marks = []
    for n, (figure, across) in enumerate(zip(figures, places, strict=True)):
        if figure.start_on is None:
            continue
        kind = None if n % (2 * every) == 0 else "between"
        if n % every == 0:
            marks.append(
                tag(
                    "text",
                    month_mark(figure.start_on),
                    class_=kind,
                    x=f"{across:.2f}%",
                    y=_BOTTOM + 18,
                    text_anchor="middle",
                )
            )
        if n == 0 or figure.start_on.month == 1:
            marks.append(
                tag(
                    "text",
                    str(figure.start_on.year),
                    class_="year",
                    x=f"{across:.2f}%",
                    y=_BOTTOM + 33,
                    text_anchor="middle",
                )
            )
    return marks

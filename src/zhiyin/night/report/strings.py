"""The string: a figure as a note on a taut line, its interval the stretch that vibrates.

The line is the axis, the same for all rows of a chart; the dot is the estimate; the spindle around it is the interval,
thickest where the value most likely lies. Where too few people answered, the string is dotted and the note hollow.
Positions are percentages, so a string is as wide as its place, on a phone as on paper, and its marks stay round.
"""

from __future__ import annotations

from typing import Final, Literal

from zhiyin.night.report.markup import Markup, tag
from zhiyin.night.report.scales import Axis
from zhiyin.tables.figures import Figure

Standing = Literal["better", "worse", "same", "few"]

HEIGHT: Final = 28
_MIDDLE: Final = HEIGHT / 2
_THICK: Final = 14.0


def standing(figure: Figure, reference: float | None, *, higher_is_better: bool = True) -> Standing:
    """How a figure stands to a reference: ``better`` or ``worse`` only if its whole interval lies on one side."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "few"
    if reference is None or figure.low <= reference <= figure.high:
        return "same"
    return "better" if (figure.low > reference) == higher_is_better else "worse"


def string(
    figure: Figure,
    axis: Axis,
    title: str,
    *,
    reference: float | None = None,
    stands: Standing = "same",
    height: int = HEIGHT,
) -> Markup:
    """One string.

    Parameters
    ----------
    figure : what it shows.
    axis : shared by all strings of the chart.
    title : what the mark says when it is pointed at or read aloud.
    reference : where the hair line stands, usually the figure of everybody.
    stands : how it is coloured.
    height : in pixels.
    """
    middle = height / 2
    marks = [tag("title", title), _wire(middle, dotted=stands == "few")]
    if reference is not None and axis.low <= reference <= axis.high:
        marks.append(_upright(axis.place(reference), 0, height, "ref"))
    if figure.value is not None and figure.low is not None and figure.high is not None:
        marks.append(_spindle(axis.place(figure.low), axis.place(figure.value), axis.place(figure.high), middle))
        marks.append(
            tag("circle", class_="dot", cx=_percent(axis.place(figure.value)), cy=middle, r=4.5 * height / HEIGHT)
        )
    else:
        at = axis.place(reference) if reference is not None else 50.0
        marks.append(tag("circle", class_="dot", cx=_percent(at), cy=middle, r=4.5))
    return tag("svg", marks, class_=f"string {stands}", width="100%", height=height, role="img")


def limits_string(figure: Figure, axis: Axis, title: str) -> Markup:
    """A string with its control limits: a shaded stretch within which a value is chance, and a tick at the centre."""
    marks = [tag("title", title), _wire(_MIDDLE, dotted=figure.value is None)]
    limits = figure.limits
    stands: Standing = "few" if figure.value is None else "same"
    if limits is not None and figure.value is not None:
        low, high = axis.place(limits.low), axis.place(limits.high)
        marks.append(
            tag("rect", class_="chance", x=_percent(low), y=_MIDDLE - 8, width=_percent(high - low), height=16)
        )
        marks.append(_upright(axis.place(limits.centre), _MIDDLE - 8, _MIDDLE + 8, "ref"))
        stands = "worse" if limits.signal == "above" else "better" if limits.signal == "below" else "same"
    if figure.value is not None:
        marks.append(tag("circle", class_="dot", cx=_percent(axis.place(figure.value)), cy=_MIDDLE, r=4.5))
    return tag("svg", marks, class_=f"string {stands}", width="100%", height=HEIGHT, role="img")


def scale_beneath(axis: Axis, labels: list[str]) -> Markup:
    """Ticks and their labels beneath a chart's strings; the first and last label turn inwards."""
    marks = []
    last = len(axis.ticks) - 1
    for place, (value, label) in enumerate(zip(axis.ticks, labels, strict=True)):
        anchor = "start" if place == 0 else "end" if place == last else "middle"
        at = _percent(axis.place(value))
        marks.append(tag("line", class_="tick", x1=at, x2=at, y1=0, y2=4))
        odd = "" if place in (0, last) else "between"
        marks.append(tag("text", label, class_=odd or None, x=at, y=17, text_anchor=anchor))
    return tag("svg", marks, class_="scale", width="100%", height=20, aria_hidden="true")


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _wire(middle: float, *, dotted: bool) -> Markup:
    return tag("line", class_="wire dotted" if dotted else "wire", x1="0", x2="100%", y1=middle, y2=middle)


def _upright(at: float, top: float, bottom: float, kind: str) -> Markup:
    return tag("line", class_=kind, x1=_percent(at), x2=_percent(at), y1=top, y2=bottom)


def _spindle(low: float, value: float, high: float, middle: float) -> Markup:
    """The interval: pointed at its ends, thickest at the value."""
    width = max(high - low, 0.6)
    peak = 100 * min(max((value - low) / width, 0.15), 0.85)
    path = tag("path", d=f"M0 50Q{peak:.0f} -50 100 50Q{peak:.0f} 150 0 50Z")
    return tag(
        "svg",
        path,
        class_="span",
        x=_percent(low),
        y=middle - _THICK / 2,
        width=_percent(width),
        height=_THICK,
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
    )

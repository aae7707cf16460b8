"""Groups side by side as strings, in bands: clearly better, not to be told apart, clearly worse, not comparable yet.

Within a band nobody is ranked. The chart is a table, so its numbers stand beside each string and no twin is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhiyin.night.report.cards import Absent, card
from zhiyin.night.report.content import Comparison, Row
from zhiyin.night.report.markup import Markup, tag
from zhiyin.night.report.numbers import amount, decimal, interval, say, whole
from zhiyin.night.report.scales import Axis, axis_for, round_axis
from zhiyin.night.report.strings import Standing, limits_string, scale_beneath, standing, string
from zhiyin.tables.figures import Figure
from zhiyin.tables.glossary import Direction, measure

SHOWN: Final = 14
"""Rows of a band that stand open; the rest is folded away."""
RELIABLE: Final = 0.7
"""Below this share of true differences a group is not compared, whatever its interval says."""
_BANDS: Final[tuple[Standing, ...]] = ("better", "same", "worse", "few")


def comparison_card(
    kind: str, title: str, note: str, comparison: Comparison | None, *, by_limits: bool = False
) -> Markup | Absent:
    """A card of strings.

    Parameters
    ----------
    kind, title, note : of the card.
    comparison : the groups; None or no groups: the card is absent.
    by_limits : judge by control limits rather than by intervals.
    """
    if comparison is None or not comparison.rows:
        return Absent(title, say("No group has answers in this period."))
    figures = [row.figure for row in comparison.rows]
    axis = _axis_of_limits(figures) if by_limits else _axis(comparison)
    placed = {band: [row for row in comparison.rows if _band(row, comparison, by_limits) == band] for band in _BANDS}
    bodies = [
        part
        for band in _BANDS
        if placed[band]
        for part in _band_bodies(band, _ordered(placed[band]), axis, comparison, by_limits)
    ]
    foot = _foot(axis, figures[0].unit, comparison.total)
    table = tag("table", tag("caption", title), _heads(figures[0]), bodies, foot, class_="strings", role="table")
    return card(kind, title, note, table, _unstated(comparison))


def _axis(comparison: Comparison) -> Axis:
    total = [comparison.total] if comparison.total else []
    return axis_for([*(row.figure for row in comparison.rows), *total], ticks=3)


def _axis_of_limits(figures: list[Figure]) -> Axis:
    """Room for every value and for the limits of most: those of the smallest groups may run off the edge."""
    values = [figure.value for figure in figures if figure.value is not None]
    highs = sorted(figure.limits.high for figure in figures if figure.limits is not None)
    top = max([*values, *(highs[: max(1, 3 * len(highs) // 4)])], default=1.0)
    return round_axis(0.0, top, lowest=0.0, highest=None, ticks=3)


def _reference(row: Row, comparison: Comparison) -> float | None:
    """What the row is judged by: the bank asked in the same way, else the bank."""
    return row.expected if row.expected is not None else comparison.total.value if comparison.total else None


def _band(row: Row, comparison: Comparison, by_limits: bool) -> Standing:
    figure = row.figure
    if figure.value is None or (is_unreliable(figure) and not by_limits):
        return "few"
    if by_limits:
        signal = figure.limits.signal if figure.limits else None
        return "worse" if signal == "above" else "better" if signal == "below" else "same"
    higher = measure(figure.measure).direction is not Direction.LOWER
    return standing(figure, _reference(row, comparison), higher_is_better=higher)


def is_unreliable(figure: Figure) -> bool:
    """Whether differences between such groups are mostly chance."""
    return figure.reliability is not None and figure.reliability < RELIABLE


def more_needed(figure: Figure) -> int | None:
    """About how many more answers the group needs until its figure is reliable enough to compare.

    Reliability grows as ``n / (n + k)`` with a ``k`` that the group's own reliability gives.
    """
    if not figure.n or not is_unreliable(figure) or not figure.reliability:
        return None
    needed = figure.n * (1 - figure.reliability) / figure.reliability * RELIABLE / (1 - RELIABLE)
    return max(1, round(needed - figure.n))


def _ordered(rows: Sequence[Row]) -> list[Row]:
    higher = bool(rows) and measure(rows[0].figure.measure).direction is not Direction.LOWER
    known = [row for row in rows if row.figure.value is not None]
    return [
        *sorted(
            known, key=lambda row: (-(row.figure.value or 0.0) if higher else (row.figure.value or 0.0), row.label)
        ),
        *sorted((row for row in rows if row.figure.value is None), key=lambda row: row.label),
    ]


def _band_bodies(band: Standing, rows: list[Row], axis: Axis, comparison: Comparison, by_limits: bool) -> list[Markup]:
    """One body for the rows that stand open and, where there are many, one that opens on demand."""
    words = _band_words(by_limits)[band]
    head = tag(
        "tr",
        tag("th", f"{words} ", tag("span", whole(len(rows))), colspan=5, scope="rowgroup"),
        class_="band",
        role="row",
    )
    lines = [_line(row, axis, comparison, band, by_limits) for row in rows]
    bodies = [tag("tbody", head, lines[:SHOWN], role="rowgroup")]
    if len(rows) > SHOWN:
        label = say("{n} more", n=whole(len(rows) - SHOWN))
        inner = tag("table", tag("tbody", lines[SHOWN:]), class_="strings")
        bodies.append(
            tag("tbody", tag("tr", tag("td", tag("details", tag("summary", label), inner), colspan=5)), class_="rest")
        )
    return bodies


def _band_words(by_limits: bool) -> dict[Standing, str]:
    few = say("Sample too small, not compared yet")
    if by_limits:
        return {
            "better": say("Fewer than chance"),
            "same": say("Within chance"),
            "worse": say("More than chance"),
            "few": few,
        }
    return {
        "better": say("Clearly better than the bank"),
        "same": say("Not to be told apart from the bank"),
        "worse": say("Clearly worse than the bank"),
        "few": few,
    }


def _line(row: Row, axis: Axis, comparison: Comparison, band: Standing, by_limits: bool) -> Markup:
    figure = row.figure
    said = _said(row)
    if by_limits:
        drawn = limits_string(figure, axis, said)
    else:
        drawn = string(figure, axis, said, reference=_reference(row, comparison), stands=band)
    value = amount(figure.value, figure.unit) if figure.value is not None else "–"
    margin = interval(figure) if figure.value is not None else say("sample too small")
    return tag(
        "tr",
        tag("th", row.label, None if by_limits else _more(figure), scope="row", class_="name", role="rowheader"),
        tag("td", drawn, class_="drawn", role="cell"),
        tag("td", value, class_="value", role="cell"),
        tag("td", margin, class_="margin", role="cell"),
        tag("td", whole(figure.n) if figure.value is not None and figure.n else "", class_="count", role="cell"),
        role="row",
        class_=band,
    )


def _more(figure: Figure) -> Markup | None:
    more = more_needed(figure)
    return tag("small", say("about {n} more needed to compare", n=whole(more))) if more else None


def _said(row: Row) -> str:
    figure = row.figure
    if figure.value is None:
        return say("{name}: sample too small, not compared yet", name=row.label)
    return say(
        "{name}: {value} ({interval}), n = {n}",
        name=row.label,
        value=amount(figure.value, figure.unit),
        interval=interval(figure),
        n=whole(figure.n or 0),
    )


def _heads(figure: Figure) -> Markup:
    margin = say("margin of error")
    answers = say("services") if figure.unit == "per 10,000" else say("answers")
    names = (("", "name"), ("", "drawn"), (say("figure"), "value"), (margin, "margin"), (answers, "count"))
    return tag(
        "thead",
        tag("tr", [tag("th", text, scope="col", class_=kind) for text, kind in names], role="row"),
        role="rowgroup",
    )


def _foot(axis: Axis, unit: str, total: Figure | None) -> Markup:
    labels = [f"{100 * tick:g}%" if unit == "share" else f"{tick:g}".replace("-", "\u2212") for tick in axis.ticks]
    words = (
        say("bank {value}", value=amount(total.value, unit)) if total is not None and total.value is not None else ""
    )
    cells = [
        tag("td", words, class_="name", role="cell"),
        tag("td", scale_beneath(axis, labels), class_="drawn", role="cell"),
        tag("td", class_="value", role="cell"),
        tag("td", class_="margin", role="cell"),
        tag("td", class_="count", role="cell"),
    ]
    return tag("tfoot", tag("tr", cells, role="row"), role="rowgroup")


def _unstated(comparison: Comparison) -> Markup | None:
    if not comparison.unstated:
        return None
    return tag("p", say("{n} answers do not state it.", n=whole(comparison.unstated)), class_="small")


def multiplicity(comparison: Comparison | None, level: float) -> str:
    """How many groups fall out of line by chance alone."""
    groups = sum(row.figure.value is not None for row in comparison.rows) if comparison else 0
    if groups < 5:
        return ""
    return say(
        "Of {n} groups compared, about {chance} stand out by chance alone.",
        n=whole(groups),
        chance=decimal(groups * (1 - level)),
    )

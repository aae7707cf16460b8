"""A card: a title in people's words, a note on what it is and is not, and its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiyin.night.report.markup import Markup, tag
from zhiyin.night.report.numbers import listed, say


def card(kind: str, title: str, note: str | Markup, *content: Markup | None) -> Markup:
    """One card; the first word of ``kind`` names it for links, all of them for the style sheet."""
    head = tag("header", tag("h2", title), tag("p", note, class_="note"))
    return tag("section", head, content, class_=f"card {kind}", id=kind.split()[0])


@dataclass(frozen=True, slots=True)
class Absent:
    """A card that has nothing to show: what it would be called, and what is missing for it.

    Several stand together on one card, so that a lake with little in it gives a short page and not a row of blanks.
    """

    title: str
    what: str


def absent_card(absent: Sequence[Absent]) -> Markup | None:
    """Everything that this lake cannot show yet, by what is missing."""
    if not absent:
        return None
    titles: dict[str, list[str]] = {}
    for one in absent:
        titles.setdefault(one.what, []).append(one.title)
    rows = [tag("div", tag("dt", listed(names)), tag("dd", what)) for what, names in titles.items()]
    return tag(
        "section",
        tag("header", tag("h2", say("Not shown, because the lake does not hold it"))),
        tag("dl", rows, class_="formulas"),
        class_="card absent",
        id="absent",
    )


def empty(kind: str, title: str, what: str) -> Markup:
    """A card that says in words that there is nothing to show."""
    return tag(
        "section",
        tag("header", tag("h2", title)),
        tag("p", what, class_="empty"),
        class_=f"card {kind}",
        id=kind.split()[0],
    )


def twin(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """The table behind a picture, folded away on the screen."""
    head = tag("tr", [tag("th", text, scope="col") for text in heads])
    body = [tag("tr", [_cell(n, text) for n, text in enumerate(row)]) for row in rows]
    table = tag("div", tag("table", tag("thead", head), tag("tbody", body), class_="twin"), class_="sideways")
    return tag("details", tag("summary", say("The numbers behind it")), table)


def _cell(place: int, text: str) -> Markup:
    return tag("th", text, scope="row") if place == 0 else tag("td", text)

"""A card: a title in people's words, a note on what it is and is not, and its content."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.night.report.markup import Markup, tag
from zhiyin.night.report.numbers import say


def card(kind: str, title: str, note: str | Markup, *content: Markup | None) -> Markup:
    """One card; ``kind`` names it for the style sheet and for links."""
    head = tag("header", tag("h2", title), tag("p", note, class_="note"))
    return tag("section", head, content, class_=f"card {kind}", id=kind)


def empty(kind: str, title: str, what: str) -> Markup:
    """A card without content: what is missing, and what would fill it."""
    return tag(
        "section", tag("header", tag("h2", title)), tag("p", what, class_="empty"), class_=f"card {kind}", id=kind
    )


def twin(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """The table behind a picture, folded away on the screen."""
    head = tag("tr", [tag("th", text, scope="col") for text in heads])
    body = [tag("tr", [_cell(n, text) for n, text in enumerate(row)]) for row in rows]
    table = tag("div", tag("table", tag("thead", head), tag("tbody", body), class_="twin"), class_="sideways")
    return tag("details", tag("summary", say("The numbers behind it")), table)


def _cell(place: int, text: str) -> Markup:
    return tag("th", text, scope="row") if place == 0 else tag("td", text)

"""HTML and SVG put together so that nothing from the data can become markup.

Text is escaped unless it is a :class:`Markup` that :func:`tag` made. A unit called ``<script>`` is shown as that.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

_VOID: Final = frozenset({"br", "col", "hr", "link", "meta"})
_RENAMED: Final = {"class_": "class", "for_": "for"}

Child = "str | Markup | None | Iterable[str | Markup | None]"


class Markup(str):
    """Text that is HTML already. Only this module makes it."""

    __slots__ = ()


def tag(name: str, /, *children: str | Markup | Iterable[str | Markup | None] | None, **attributes: object) -> Markup:
    """One element.

    Parameters
    ----------
    name : of the element.
    children : texts (escaped), elements, lists of both; None is left out.
    attributes : underscores stand for hyphens and ``class_`` for ``class``; None and False leave the attribute out,
        True writes its name alone.

    >>> tag("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    written = "".join(_attribute(_RENAMED.get(key, key.replace("_", "-")), value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def join(children: Iterable[str | Markup | Iterable[str | Markup | None] | None]) -> Markup:
    """Several pieces as one, without anything between them."""
    pieces: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            pieces.append(child)
        elif isinstance(child, str):
            pieces.append(escape(child, quote=False))
        else:
            pieces.append(join(child))
    return Markup("".join(pieces))


def style_sheet(css: str) -> Markup:
    """A ``style`` element from a file of the package; never from data."""
    return Markup(f"<style>\n{css}</style>")


def page(language: str, title: str, head: Iterable[Markup], body: Iterable[Markup]) -> str:
    """A whole document."""
    top = tag("head", tag("meta", charset="utf-8"), tag("title", title), head)
    return "<!doctype html>\n" + tag("html", top, tag("body", body), lang=language)


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f' {name}="{escape(text)}"'

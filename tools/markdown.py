"""What the checks of the documentation need to know of a Markdown file: fenced blocks, headings, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FENCE: Final = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}\s+(?P<title>.*?)\s*#*$")
_LINK: Final = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^()\s]+(?:\([^()\s]*\))?)(?:\s+\"[^\"]*\")?\)")
_ATTRIBUTE: Final = re.compile(r"<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)=\"(?P<target>[^\"]+)\"")
_ANCHOR: Final = re.compile(r"<[^>]+?\b(?:id|name)=\"(?P<id>[^\"]+)\"")
_CODE: Final = re.compile(r"`+[^`]*`+")
_MARKUP: Final = re.compile(r"[`*]|!?\[|\]\([^)]*\)|\]|<[^>]+>")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the further words of its first line, its text and the line of its first line."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown file, taken apart once.

    Parameters
    ----------
    blocks : fenced blocks in order.
    prose : the lines outside them, with their numbers.
    titles : headings in order, as written.
    """

    blocks: tuple[Block, ...]
    prose: tuple[tuple[int, str], ...]
    titles: tuple[str, ...]

    @property
    def links(self) -> Iterator[tuple[int, str]]:
        """Line and target of every link and picture."""
        for number, line in self.prose:
            for pattern in (_LINK, _ATTRIBUTE):
                yield from ((number, match["target"]) for match in pattern.finditer(_CODE.sub("", line)))

    @property
    def anchors(self) -> frozenset[str]:
        """What may stand after ``#`` in a link to this page: headings as GitHub names them, and explicit ids."""
        found = [match["id"] for _, line in self.prose for match in _ANCHOR.finditer(line)]
        seen: dict[str, int] = {}
        for title in self.titles:
            name = slug(title)
            found.append(f"{name}-{seen[name]}" if name in seen else name)
            seen[name] = seen.get(name, 0) + 1
        return frozenset(found)


def slug(title: str) -> str:
    """The anchor that GitHub gives a heading: lower case, no punctuation, a hyphen for each space."""
    plain = _MARKUP.sub("", title).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def read_page(text: str) -> Page:
    """Take a Markdown text apart."""
    blocks: list[Block] = []
    prose: list[tuple[int, str]] = []
    titles: list[str] = []
    opened: tuple[str, str, int] | None = None
    inside: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        fence = _FENCE.match(line)
        if opened is not None:
            if fence and not fence["info"].strip() and fence["fence"].startswith(opened[0]):
                language, *words = opened[1].split() or [""]
                blocks.append(Block(language, tuple(words), "\n".join(inside) + "\n", opened[2]))
                opened, inside = None, []
            else:
                inside.append(line)
        elif fence:
            opened = (fence["fence"], fence["info"], number + 1)
        else:
            prose.append((number, line))
            heading = _HEADING.match(line)
            if heading:
                titles.append(heading["title"])
    if opened is not None:
        raise ValueError(f"line {opened[2] - 1}: the block is never closed")
    return Page(tuple(blocks), tuple(prose), tuple(titles))

"""The records of a JSON document, one after the other, without holding the document."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from zhiyin.lake.sources.jsonvalues import DECODER, RepeatedName

_CHUNK: Final = 1 << 18
_SPACE: Final = re.compile(r"[ \t\n\r]*")
# A string that does not end within the text must not be searched for brackets.
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*("|\\?\Z)|[\[\]{}]', re.DOTALL)
_PATH_TOKEN: Final = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|[\[\]{}]', re.DOTALL)
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the list: the line where it starts, its value, or what is wrong with it."""

    line: int
    value: Any
    fault: str | None = None
    raw: str = ""


class Unfinished(ValueError):
    """The document ends before its list does."""


class Unexpected(ValueError):
    """Something that does not belong there, at a line."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}")


def find_path(sample: str) -> tuple[str, ...] | None:
    """Names that lead to the first list of objects in a document that is an object; None if the sample has none."""
    path: list[str] = []
    name = ""
    open_signs: list[str] = []
    for found in _PATH_TOKEN.finditer(sample):
        sign = found.group()
        if found.group(1):
            name = found.group(1) if found.group(2) else name
        elif sign in "{[":
            directly = all(open_sign == "{" for open_sign in open_signs)
            following = _SPACE.match(sample, found.end())
            if sign == "[" and directly and following and sample[following.end() : following.end() + 1] == "{":
                return tuple(json.loads(part) for part in [*path[1:], name])
            if len(open_signs) >= _DEEPEST:
                return None
            open_signs.append(sign)
            path.append(name)
        else:
            if not open_signs:
                return None
            open_signs.pop()
            path.pop()
    return None


class RecordList:
    """Reads the elements of a list.

    Parameters
    ----------
    reader : the document, at its beginning.
    path : names that lead to the list; empty when the document is the list; None when the elements follow each other
        without any list around them.
    longest : characters of an element.
    """

    def __init__(self, reader: io.TextIOWrapper, path: tuple[str, ...] | None, longest: int) -> None:
        self._reader = reader
        self._path = path
        self._longest = longest
        self._text = ""
        self._place = 0
        self._line = 1
        self._ended = False

    def __iter__(self) -> Iterator[Element]:
        """The elements in order.

        Raises
        ------
        KeyError : the path leads nowhere.
        Unfinished : after the last whole element of a document that ends too early.
        Unexpected : after the last element before something that is not JSON.
        """
        if self._path is None:
            while self._next_sign():
                yield self._element()
            return
        for name in self._path:
            self._descend(name)
        if self._next_sign() != "[":
            raise KeyError(".".join(self._path))
        self._advance(self._place + 1)
        while (sign := self._next_sign()) != "]":
            if sign == "":
                raise Unfinished
            if sign == ",":
                self._advance(self._place + 1)
                continue
            yield self._element()
        self._advance(self._place + 1)
        self._leave(len(self._path))

    def _leave(self, depth: int) -> None:
        """Read what follows the list, so that nothing behind it goes unnoticed."""
        while depth:
            sign = self._next_sign()
            if sign == "":
                raise Unfinished
            if sign in ",:}":
                depth -= sign == "}"
                self._advance(self._place + 1)
            else:
                self._element()
        if self._next_sign():
            raise Unexpected(self._line)

    def _descend(self, wanted: str) -> None:
        """Go to the value of a name of the object at the current place."""
        if self._next_sign() != "{":
            raise KeyError(wanted)
        self._advance(self._place + 1)
        while (sign := self._next_sign()) not in ("}", ""):
            if sign == ",":
                self._advance(self._place + 1)
                continue
            name = self._element().value
            if self._next_sign() != ":":
                raise Unexpected(self._line)
            self._advance(self._place + 1)
            if name == wanted:
                return
            self._next_sign()
            self._element()
        raise KeyError(wanted)

    def _next_sign(self) -> str:
        """The next character that is not blank, which becomes the current place; empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._place)
            stop = found.end() if found else self._place
            self._advance(stop)
            if stop < len(self._text):
                return self._text[stop]
            if not self._fill():
                return ""

    def _advance(self, place: int) -> None:
        self._line += self._text.count("\n", self._place, place)
        self._place = place

    def _fill(self) -> bool:
        """Read on; False at the end."""
        if self._ended:
            return False
        more = self._reader.read(max(_CHUNK, len(self._text) - self._place))
        self._ended = not more
        self._text, self._place = self._text[self._place :] + more, 0
        return bool(more)

    def _element(self) -> Element:
        """The value at the current place, whole or broken."""
        while True:
            fault = None
            try:
                value, stop = DECODER.raw_decode(self._text, self._place)
            except RepeatedName:
                value, stop, fault = None, self._extent(), "repeated_name"
            except (json.JSONDecodeError, RecursionError):
                value, stop, fault = None, self._extent(), "not_json"
            # A number at the end of the text may go on.
            if 0 <= stop < len(self._text) or (stop >= 0 and self._ended):
                break
            if len(self._text) - self._place > self._longest:
                raise Unexpected(self._line)
            if not self._fill() and stop < 0:
                raise Unfinished
        element = Element(self._line, value, fault, self._text[self._place : stop][:4000] if fault else "")
        self._advance(stop)
        return element

    def _extent(self) -> int:
        """Where a broken element ends, by its brackets; -1 if that is not in the text yet."""
        if self._text[self._place] not in "{[":
            found = re.compile(r"[,\]}\n]").search(self._text, self._place + 1)
            return found.start() if found else -1
        depth = 0
        for found in _TOKEN.finditer(self._text, self._place):
            sign = found.group()
            if found.group(1) not in (None, '"'):
                return -1
            depth += (sign in "{[") - (sign in "}]")
            if depth == 0 and sign in "}]":
                return found.end()
        return -1

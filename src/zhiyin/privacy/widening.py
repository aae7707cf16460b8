"""Patterns over plain characters turned into patterns over the text as people write it.

Finders see folded text; the pre-filter sees the original, in which a digit may be full width and 张 may be 張. A
pattern is widened by giving each of its characters all others that fold to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from zhiyin.privacy.folding import DROPPED_RANGES, spellings

_KEPT_ESCAPES: Final = frozenset("bnA")
_SYNTAX: Final = re.compile(r"\{[0-9,]+\}|\(\?[a-zA-Z]*:?")
_OPERATORS: Final = frozenset("^$.|?*+()")
_SPECIAL: Final = frozenset("\\^$.|?*+()[]{}-")


def widen(pattern: str) -> str:
    """The RE2 pattern over original text for one over folded text.

    Knows literals, escapes, classes, groups and counts. Only spellings that people type are added (full width,
    typographic quotes and dashes, traditional forms); the rest is :func:`exotic`, admitted by a pattern of its own,
    which keeps these small enough for RE2's fast path.
    """
    result, place = [], 0
    while place < len(pattern):
        character = pattern[place]
        if character == "[":
            end = _class_end(pattern, place)
            result.append(_widened_class(pattern[place + 1 : end]))
            place = end + 1
        elif character == "\\":
            literal = pattern[place + 1]
            result.append("\\" + literal if literal in _KEPT_ESCAPES else _widened_literal(literal))
            place += 2
        elif character == "{" or pattern.startswith("(?", place):
            syntax = _SYNTAX.match(pattern, place)
            result.append(syntax.group() if syntax else character)
            place += len(result[-1])
        else:
            result.append(character if character in _OPERATORS else _widened_literal(character))
            place += 1
    return "".join(result)


def _class_end(pattern: str, place: int) -> int:
    end = place + 1
    while pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end


def _others(character: str) -> str:
    """What else folds to it, escaped for a class."""
    if character.isascii() and character.isalpha():
        return ""
    return "".join(c for c in spellings().get(character, "") if _is_usual(c))


def _widened_literal(character: str) -> str:
    escaped = "\\" + character if character in _SPECIAL else character
    others = _others(character)
    return f"[{escaped}{others}]" if others else escaped


def _widened_class(members: str) -> str:
    result, place = [], 0
    while place < len(members):
        character = members[place]
        if character == "\\":
            literal = members[place + 1]
            result.append(
                "\\"
                + literal
                + ("" if literal in _KEPT_ESCAPES - {"n"} else _others("\n" if literal == "n" else literal))
            )
            place += 2
        elif members[place + 1 : place + 2] == "-" and place + 2 < len(members):
            last = members[place + 2]
            result.append(members[place : place + 3])
            if character.isdigit():
                result.extend(_others(chr(point)) for point in range(ord(character), ord(last) + 1))
            place += 3
        else:
            plain = "\\-" if character == "-" else character
            result.append(plain + ("" if character == "^" and place == 0 else _others(character)))
            place += 1
    return "[" + "".join(result) + "]"


def _is_usual(character: str) -> bool:
    """Whether ordinary text has it: full-width digits and punctuation, quotes, dashes, spaces, traditional forms."""
    if "\uff01" <= character <= "\uff5e":
        return not character.isalpha()
    return character in "\u3000\xa0\t“”‘’—–" or "\u3400" <= character <= "\u9fff"


def exotic() -> str:
    """The characters that fold to something plain and are not usual, as the inside of a class."""
    return class_of_characters(c for others in spellings().values() for c in others if not _is_usual(c) and c != "\r")


def dropped() -> str:
    """The characters that folding drops, as the inside of a class."""
    return _class_of(DROPPED_RANGES)


def class_of_characters(characters: Iterable[str]) -> str:
    """The inside of a class that holds many characters, neighbours joined to ranges."""
    ranges: list[list[int]] = []
    for point in sorted(map(ord, characters)):
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return _class_of(ranges)


def _class_of(ranges: Iterable[Sequence[int]]) -> str:
    return "".join(f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in ranges)

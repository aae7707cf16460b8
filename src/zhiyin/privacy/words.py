"""The lists of ``words.toml``, and many words as one pattern that the standard library searches fast."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("zhiyin.privacy").joinpath("words.toml").read_text("utf-8"))


def listed(section: str, key: str) -> tuple[str, ...]:
    """The words of one list of ``words.toml``, in its order."""
    return tuple(word.replace("_", " ") for word in _lists()[section][key].split())


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of the words standing at a place, branching character by character.

    ``re`` skips to the next possible first character only where each branch begins with a literal, and tries branches
    one after the other; shared beginnings make both cheap.

    Examples
    --------
    >>> one_of(["经理", "经办", "行长"])
    '(?:经(?:办|理)|行长)'
    """
    return _branches(sorted(set(words)))


def _branches(endings: list[str]) -> str:
    by_first: dict[str, list[str]] = {}
    for ending in endings:
        if ending:
            by_first.setdefault(ending[0], []).append(ending[1:])
    parts = [re.escape(first) + _branches(rest) for first, rest in by_first.items()]
    may_end = "" in endings
    if not parts:
        return ""
    if len(parts) == 1 and not may_end:
        return parts[0]
    return f"(?:{'|'.join(parts)})" + ("?" if may_end else "")


def touches_letter(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` begins or ends inside a Latin word (a plural s aside)."""
    if _is_latin(text, start) and _is_latin(text, start - 1):
        return True
    if not _is_latin(text, end - 1):
        return False
    return _is_latin(text, end + 1 if text[end : end + 1] == "s" else end)


def _is_latin(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isascii() and text[place].isalpha()

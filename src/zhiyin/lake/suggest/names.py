"""How much the name of a file's column sounds like a column of a table.

Three sources, from the surest down: the table's own names and meanings, a curated list of what banks call them
(``synonyms.toml``), and likeness of the letters. Content is judged elsewhere; a name alone decides nothing.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from zhiyin.tables import Column, Table

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETS: Final = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
_HAN: Final = re.compile(r"[㐀-鿿]")
_KEY_ENDS_ZH: Final = ("编号", "号码", "代码", "编码", "标识", "号", "码", "键")
_KEY_ENDS_EN: Final = frozenset({"id", "no", "nbr", "num", "number", "code", "cd", "key"})
_TIME_ENDS: Final = {"us": "time", "tm": "time", "dt": "date", "on": "date", "at": "time"}


@cache
def _synonyms() -> dict[str, dict[str, list[str]]]:
    text = (resources.files("zhiyin.lake.suggest") / "synonyms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=20_000)
def tokens(name: str) -> tuple[str, ...]:
    """A name in lower-case words without brackets: ``Txn Amt(RMB)`` is ``txn``, ``amt``; Chinese stays whole."""
    plain = unicodedata.normalize("NFKC", _BRACKETS.sub(" ", name) or name)
    words = re.findall(r"[^\W_]+", _CAMEL.sub(" ", plain))
    return tuple(word.lower() for word in words)


@lru_cache(maxsize=20_000)
def squeezed(name: str) -> str:
    """A name without anything but letters and digits, to compare by."""
    return "".join(tokens(name))


@lru_cache(maxsize=20_000)
def stem(name: str) -> str:
    """A name without the ending that only says it is an identifier: 网点编号 and 网点, ``branch_id`` and ``Branch``."""
    words = tokens(name)
    if len(words) > 1 and words[-1] in _KEY_ENDS_EN:
        words = words[:-1]
    whole = "".join(words)
    for end in _KEY_ENDS_ZH:
        if whole.endswith(end) and len(whole) > len(end) + 1:
            return whole.removesuffix(end)
    return whole


@cache
def known_names(table: Table, column: str) -> tuple[str, ...]:
    """What banks call the column, the table's own list before the general one."""
    lists = _synonyms()
    own = lists.get(table.name, {}).get(column, [])
    general = lists["any"].get(column, [])
    return tuple(dict.fromkeys([*own, *general]))


def name_score(name: str, table: Table, column: Column) -> float:
    """From 0 (nothing in common) to 1 (the table's own name)."""
    whole = squeezed(name)
    if not whole:
        return 0.0
    if whole == squeezed(column.name):
        return 1.0
    best = 0.92 if whole in {squeezed(column.zh), squeezed(column.en)} else 0.0
    for rank, known in enumerate(known_names(table, column.name)):
        # Of several names that the file has, the one that banks mean first comes first in the list.
        best = max(best, _likeness(name, whole, known) - min(rank, 40) * 0.001)
    return max(best, _shared_words(name, column.name), 0.8 * _likeness(name, whole, column.zh))


def _likeness(name: str, whole: str, known: str) -> float:
    other = squeezed(known)
    if whole == other:
        return 0.95
    if len(other) >= 2 and stem(name) == stem(known):
        return 0.85
    if _HAN.search(other):
        # In Chinese what something is stands at the end: 客户投诉时间 is a 投诉时间, 投诉时间段 is not.
        if len(other) >= 2 and whole.endswith(other):
            return 0.5 + 0.35 * len(other) / len(whole)
        if len(other) >= 3 and other in whole:
            return 0.4 + 0.3 * len(other) / len(whole)
        return 0.0
    ratio = _ratio(whole, other)
    return max(0.65 * ratio if ratio > 0.85 else 0.0, 0.9 * _shared_words(name, known))


def _shared_words(one: str, other: str) -> float:
    """Likeness of two English names by their words; 0 for Chinese and for single words."""
    first, second = (frozenset(_TIME_ENDS.get(word, word) for word in tokens(name)) for name in (one, other))
    common = first & second
    if not common or common <= _KEY_ENDS_EN or len(first | second) < 2 or _HAN.search("".join(common)):
        return 0.0
    return 0.75 * len(common) / len(first | second)


def _ratio(one: str, other: str) -> float:
    """Likeness of the letters; 0 for short words, which differ by a letter and mean something else."""
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 2:
        return 0.0
    return difflib.SequenceMatcher(None, one, other).ratio()

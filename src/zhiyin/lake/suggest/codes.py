"""What a file's codes and words mean in Zhiyin's own codes.

Known are the table's allowed values, the labels of the starter vocabularies in both languages, and a curated list
(``code_words.toml``). What is not known is left to the user; nothing is guessed from the order of codes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

from zhiyin.lake.mapping import Scalar
from zhiyin.lake.suggest.profile import Profile
from zhiyin.tables import Column, Kind, Table, vocabulary

MOST_CODES: Final = 60
"""More different values than this are names, not codes."""
_YES: Final = ("true", "t", "yes", "y", "1", "是", "真", "有")
_NO: Final = ("false", "f", "no", "n", "0", "否", "假", "无")
_INVERTED: Final = {"is_timely": ("超期", "逾期", "超时", "late", "overdue"), "is_disputed": ("是否认可", "accepted")}
_PARTS: Final = re.compile(r"[、，,（）()／/]")


@dataclass(frozen=True, slots=True)
class CodeMap:
    """How a column's values translate.

    Attributes
    ----------
    values : the file's value to Zhiyin's; empty where the values need no translation.
    unknown : values without a known meaning, with their number of rows.
    doubtful : values that banks use for different things.
    is_turned : whether the file asks the opposite question, so that its yes is the table's no.
    """

    values: dict[str, Scalar] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    doubtful: tuple[str, ...] = ()
    is_turned: bool = False

    @property
    def known_share(self) -> float:
        """Share of the different values that are known; 1 where nothing needs translating."""
        total = len(self.values) + len(self.unknown)
        return len(self.values) / total if total else 1.0


@cache
def _curated() -> dict[str, dict[str, dict[str, Any]]]:
    text = (resources.files("zhiyin.lake.suggest") / "code_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def ordinal_words() -> tuple[tuple[str, ...], ...]:
    """Words of satisfaction, the best group first."""
    return tuple(tuple(group) for group in _curated()["responses"]["value"]["words"])


def map_codes(profile: Profile, table: Table, column: Column) -> CodeMap:
    """Translate the values of a coded column."""
    if column.kind is Kind.FLAG:
        return _map_flags(profile, column)
    if not column.allowed and column.vocabulary is None:
        return CodeMap()
    words, doubtful = _dictionary(table, column)
    labels = profile.value_labels or {}
    values: dict[str, Scalar] = {}
    unknown: dict[str, int] = {}
    for value, count in profile.counts.items():
        meaning = words.get(value.lower()) or words.get(labels.get(value, "").strip().lower())
        if meaning is None:
            unknown[value] = count
        else:
            values[value] = meaning
    if all(value == meaning for value, meaning in values.items()) and (not unknown or column.vocabulary):
        values = {}
    return CodeMap(values, unknown, tuple(v for v in values if v.lower() in doubtful))


@cache
def _dictionary(table: Table, column: Column) -> tuple[dict[str, str], frozenset[str]]:
    """Word in lower case to code, the surest words last so that they win."""
    words: dict[str, str] = {}
    doubtful: set[str] = set()
    if column.vocabulary is not None:
        for entry in vocabulary(column.vocabulary):
            for label in (entry.zh, entry.en):
                words |= {part.strip().lower(): entry.code for part in _PARTS.split(label) if part.strip()}
                words[label.lower()] = entry.code
    for section in (_curated().get("any", {}), _curated().get(table.name, {})):
        said = section.get(column.name, {})
        doubtful |= {word.lower() for word in said.get("doubtful", ())}
        for code, known in said.items():
            if code not in ("doubtful", "words"):
                words |= {word.lower(): code for word in known}
    codes = column.allowed or (vocabulary(column.vocabulary).codes if column.vocabulary else ())
    words |= {code.lower(): code for code in codes}
    return words, frozenset(doubtful)


def _map_flags(profile: Profile, column: Column) -> CodeMap:
    """Yes and no need no map, unless the file asks the opposite question."""
    heading = profile.heading.lower()
    turned = any(word in heading for word in _INVERTED.get(column.name, ()))
    values: dict[str, Scalar] = {}
    unknown: dict[str, int] = {}
    plain = True
    for value, count in profile.counts.items():
        answer = True if value.lower() in _YES else False if value.lower() in _NO else None
        if answer is None:
            plain, answer = False, _denies(value)
        if answer is None:
            unknown[value] = count
        else:
            values[value] = answer != turned
    if plain and not turned:
        return CodeMap()
    return CodeMap(values, unknown, is_turned=turned)


def _denies(value: str) -> bool | None:
    """已升级 says yes, 未升级 says no."""
    if value[:1] in "未无不非没":
        return False
    return True if value[:1] in "已有" else None


def ordinal_map(values: Mapping[str, str]) -> tuple[dict[str, int], int] | None:
    """Give words of satisfaction their rank, best highest.

    Parameters
    ----------
    values : what stands in the file to the words it means (the same, unless codes have labels).

    Returns
    -------
    Value to rank and the number of points, or None where a word is not known.
    """
    groups = ordinal_words()
    found: dict[str, int] = {}
    for value, words in values.items():
        group = next((i for i, known in enumerate(groups) if words.strip().lower() in known), None)
        if group is None:
            return None
        found[value] = group
    used = tuple(sorted(set(found.values())))
    if len(used) < 2:
        return None
    points, ranks = _SCALES.get(used, (5, _FIVE))
    best_first = sorted(found, key=lambda value: found[value])
    return {value: ranks[found[value]] for value in best_first}, points


_FIVE: Final = {0: 5, 1: 4, 2: 3, 3: 2, 4: 1}
_SCALES: Final = {
    # Devices at the counter have two to four buttons. Where a button was never pressed, the smaller scale is taken:
    # a press of the missing one is then kept apart and noticed, not counted on a wrong scale.
    (1, 3): (3, {1: 3, 3: 1}),
    (1, 2): (3, {1: 3, 2: 2}),
    (2, 3): (3, {2: 2, 3: 1}),
    (1, 2, 3): (3, {1: 3, 2: 2, 3: 1}),
    (0, 1, 3): (3, {0: 3, 1: 2, 3: 1}),
    (0, 1, 2): (4, {0: 4, 1: 3, 2: 2}),
    (0, 1, 2, 3): (4, {0: 4, 1: 3, 2: 2, 3: 1}),
}
"""Groups of words that a file uses to the number of points and the rank of each group."""

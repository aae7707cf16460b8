"""The pre-filter: which texts could hold which family of personal data at all.

RE2 patterns over Arrow's buffers pass hundreds of megabytes a second without the interpreter and leave the few texts
worth a closer look. They must admit all that the finders can find; a property test holds them to that. RE2 is fast
only while its automaton stays small, hence stars for counts, and no more than a few dozen branches a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.privacy.addresses import FINE_WORDS, HOME_WORDS, STREET_WORDS
from zhiyin.privacy.chinese_names import AFTER_CLAUSE_NAME, FAMILIAR_TITLES, LABELS, TITLE_PREFIXES, TITLES
from zhiyin.privacy.chinese_names import INTRODUCTIONS as CHINESE_INTRODUCTIONS
from zhiyin.privacy.chinese_tables import FIRST_FOLLOWING, tables
from zhiyin.privacy.contacts import QQ_WORDS, WECHAT_WORDS
from zhiyin.privacy.context import PERSONAL_WORDS
from zhiyin.privacy.documents import ACCOUNT_WORDS, DOCUMENT_WORDS, EXPIRY_WORDS, SECRET_WORDS
from zhiyin.privacy.english_names import INTRODUCTIONS, USUAL_FIRST, USUAL_PINYIN
from zhiyin.privacy.english_names import TITLES as ENGLISH_TITLES
from zhiyin.privacy.widening import class_of_characters, dropped, exotic, widen


class Family(IntFlag):
    """Finders that a text may be left out of separately."""

    NUMBERS = 1
    CONTACTS = 2
    CHINESE = 4
    ENGLISH = 8
    ALL = 15


_GAP: Final = "[ \\-.()·_]*"
_HAN: Final = "\u3400-\u9fff\U00020000-\U000323af"
_SPELLED: Final = "零〇幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_SAME_CLAUSE: Final = "[^。;!?\\n,、]"


def _any(words: Iterable[str]) -> str:
    """An alternation of plain words, escaped for RE2 and :func:`widen`."""
    return "|".join(
        re.escape(word).replace("\\ ", " ").replace("\\'", "'").replace("\\#", "#") for word in sorted(words)
    )


def _numbers() -> tuple[str, ...]:
    return (
        f"[0-9](?:{_GAP}[0-9]){{10}}",  # a date and time of day stay below
        "[2-9][0-9]{2}[ .)\\-]+[2-9][0-9]{2}[ .\\-]+[0-9]{4}",
        "[0-9]{3}-[0-9]{2}-[0-9]{4}",
        f"\\+{_GAP}[0-9](?:{_GAP}[0-9]){{6}}",
        f"(?i:{_any(PERSONAL_WORDS)}){_SAME_CLAUSE}*[0-9](?:{_GAP}[0-9]){{6}}",
        f"[{_SPELLED}][0-9{_SPELLED}]{{10}}|[0-9]+[{_SPELLED}][0-9{_SPELLED}]{{4}}",
    )


def _contacts() -> tuple[str, ...]:
    return (
        "[!-?A-~０-９] ?@ ?[A-Za-z0-9０-９]",
        "[\\[(](?i:at)[\\])]",
        f"(?i:{_any(WECHAT_WORDS)})(?i:id|is|[ 号码是为叫:=])*[A-Za-z][A-Za-z0-9_\\-]{{5}}",
        f"(?i:{_any(QQ_WORDS)})[号码群账是为 :=]*[1-9][0-9]{{4}}",
        f"(?i:{_any(DOCUMENT_WORDS)}){_SAME_CLAUSE}*[0-9]{{6}}",
        "字第[0-9]{6}",
        "[A-Z][0-9]{6} ?\\([0-9A]\\)",
        "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z][ ·.]?[A-HJ-NP-Z0-9]{5}",
        "[0-9A-Za-z]{2}[0-9]{6}[0-9A-Za-z]{10}",
        "[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2}",
        f"(?i:{_any(ACCOUNT_WORDS)})(?i:is|[ 是为:=#.])*[A-Za-z\\-]*[0-9]",
        f"(?i:{_any(SECRET_WORDS)})(?i:is|was|are|to|of|[ :=\"'(,我说报码号就是为设成改输入了填!@#$%^&*_\\-])*"
        "[A-Za-z!@#$%^&*_\\-]*[0-9]",
        f"(?i:{_any(EXPIRY_WORDS)})(?i:is|[ .:是为])*[01][0-9] ?/",
        f"[0-9][A-Z]? (?:[A-Z0-9][A-Za-z0-9.']* )+(?:{_any(STREET_WORDS)})\\b",
        "(?i:p\\.? ?o\\.? box)",
    )


def _addresses() -> tuple[str, ...]:
    number = "(?:[0-9]+|[一二三四五六七八九十百]+|[A-Za-z][0-9]*)"
    return (
        _any(HOME_WORDS),
        f"(?:{_any(FINE_WORDS)}|镇|乡|里|坊|桥|道){number} ?(?:号|弄|栋|幢|座|单元|室|组)",
    )


def _chinese() -> tuple[str, ...]:
    surname = _characters(tables().common | {word[0] for word in tables().compound})
    return (
        f"(?:{_any({*LABELS, *CHINESE_INTRODUCTIONS})}) ?[:=]{{1,2}}(?:是|叫|名叫|名为|为)?[ :\\[(\"'《]*[{_HAN}A-Z]",
        f"(?:{_any(CHINESE_INTRODUCTIONS)})(?:是|叫|名叫|名为|为)?[ :=\\[(\"'《]*[A-Z{surname}]",
    )


def _short_chinese() -> tuple[str, ...]:
    sounds = _characters(tables().transliterated)
    return (
        f"[{_characters(tables().common)}][{_characters(FAMILIAR_TITLES)}]",
        f"[{sounds}]{{2}}·[{sounds}]{{2}}",
    )


def _titled() -> str:
    """A surname before a title: too many states for the first look, since any character may be part of a name."""
    surname = _characters(tables().common | {word[0] for word in tables().compound})
    return f"[{surname}][{_HAN}]{{0,3}}(?:{_any(TITLE_PREFIXES)})?(?:副|总|助理)?(?:{_any(TITLES)})"


def _clause_of_name() -> tuple[str, str]:
    """A clause that a name of three characters begins: as the first look sees it, and with the given name checked."""
    known = tables()
    begin = f"(?:^|[。,!?;、\\n :])[{_characters(known.common)}]"
    after = f"(?:$|[^{_HAN}]|[{_characters({*AFTER_CLAUSE_NAME, *FIRST_FOLLOWING})}])"
    given = class_of_characters(known.usual - known.stop)
    return widen(f"{begin}[{_HAN}]{{2}}{after}"), f"{widen(begin)}[{given}]{{2}}{widen(after)}"


def _characters(characters: Iterable[str]) -> str:
    """The inside of a class, in a fixed order."""
    return "".join(sorted(characters))


def _english() -> tuple[str, ...]:
    usual = _any(USUAL_FIRST | {word.upper() for word in USUAL_FIRST})
    pinyin = _any(USUAL_PINYIN | {word.upper() for word in USUAL_PINYIN})
    letter = "(?:[A-WYZÀ-ÖØ-Þ]|X[A-Z'\\-]{0,3}[A-WYZa-z])"  # not XXXX, as redacted narratives have it
    return (
        f"(?:{_any(ENGLISH_TITLES)})(?:\\. {{0,2}}| {{1,2}}){letter}",
        "(?:Mr|Mrs|mr|mrs)\\.? {1,2}[A-Za-z][a-z]",
        f"(?i:{_any(INTRODUCTIONS)}) {{0,2}}{letter}",
        "(?i:my names?(?: is|'s|:| was|=| are)) {1,2}[a-z]{2}",
        f"\\b(?:{usual})\\b",
        f"\\b(?:{pinyin}) {{1,2}}[A-Z]",
    )


def _odd() -> str:
    """Disguises so rare that a text with one is looked at whatever it says. Not widened: they speak of originals."""
    odd, gone = exotic(), dropped()
    solid = f"A-Za-z0-9０-９{_HAN}@.:()+\\-"
    return f"[{solid}{odd}][{odd}]+[{solid}]|[{odd}]+[A-Za-z0-9０-９@{odd}]|[{solid} ][{gone}]+[{solid}]"


@dataclass(frozen=True, slots=True)
class _Look:
    """One pass of RE2 over the texts, and what those that match may hold.

    ``closer`` looks again at those that match, where the first look had to be kept simple.
    """

    pattern: str
    family: Family
    closer: tuple[_Look, ...] = ()


@cache
def _looks() -> tuple[_Look, ...]:
    short, addresses, odd, english = _widened(_short_chinese()), _widened(_addresses()), _odd(), _widened(_english())
    clause, clause_of_name = _clause_of_name()
    return (
        _Look(_widened(_numbers()), Family.NUMBERS),
        _Look(_widened(_contacts()), Family.CONTACTS),
        _Look(_widened(_chinese()), Family.CHINESE),
        _Look(
            f"{widen(_any(TITLES))}|{short}|{addresses}|{odd}",
            Family.ALL,
            (
                _Look(f"{widen(_titled())}|{short}", Family.CHINESE),
                _Look(addresses, Family.CONTACTS),
                _Look(odd, Family.ALL),
            ),
        ),
        _Look(
            f"{english}|{clause}",
            Family.ALL,
            (_Look(english, Family.ENGLISH), _Look(clause_of_name, Family.CHINESE)),
        ),
    )


def _widened(patterns: tuple[str, ...]) -> str:
    return "|".join(f"(?:{widen(pattern)})" for pattern in patterns)


def families_of(texts: pa.Array) -> npt.NDArray[np.uint8]:
    """For each text (string or large_string) the families (:class:`Family`) that it may hold; 0 for null.

    Runs in Arrow without the interpreter's lock: five passes over all texts, and a closer look at few.
    """
    held = np.zeros(len(texts), dtype=np.uint8)
    for look in _looks():
        matched = _matched(texts, look.pattern)
        if not look.closer:
            held[matched] |= np.uint8(look.family)
        elif len(matched):
            some = texts.take(pa.array(matched))
            for closer in look.closer:
                held[matched[_matched(some, closer.pattern)]] |= np.uint8(closer.family)
    return held


def _matched(texts: pa.Array, pattern: str) -> npt.NDArray[np.int64]:
    """Positions of the texts that match."""
    matched = pc.fill_null(pc.match_substring_regex(texts, pattern), fill_value=False)
    return np.flatnonzero(matched.to_numpy(zero_copy_only=False))

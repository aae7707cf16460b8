"""English names by the words around them: Mr. …, my name is …, spoke with …

Capitals mark far more than names, so a title or *my name is* carries any capitalised word, while *spoke with* carries
only a first word that is usual as a given name (or as a surname in pinyin).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zhiyin.privacy.folding import BORDER
from zhiyin.privacy.kinds import PersonalKind
from zhiyin.privacy.spans import Span
from zhiyin.privacy.words import listed, one_of, touches_letter

USUAL_FIRST: Final = frozenset(listed("english_names", "usual_first"))
"""Usual given names."""

USUAL_PINYIN: Final = frozenset(listed("english_names", "usual_pinyin"))
"""Surnames in pinyin."""

TITLES: Final = listed("english_names", "titles")
"""A capitalised word behind these is a name."""

_MY_NAME: Final = listed("english_names", "my_name")
INTRODUCTIONS: Final = (*_MY_NAME, *listed("english_names", "introductions"))
"""What a name follows without much doubt, in lower case."""

_STOP: Final = frozenset(listed("english_names", "never"))
_STOP_LOWER: Final = frozenset(listed("english_names", "never_lower"))
_WORD: Final = r"[A-ZÀ-ÖØ-Þ](?:['-]?[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)+|[A-ZÀ-ÖØ-Þ](?:['-]?[A-ZÀ-ÖØ-Þ])+"
_NAME: Final = re.compile(rf"(?:{_WORD})(?: {{1,2}}(?:[A-Z]\.? {{1,2}})?(?:{_WORD})){{0,3}}")
_PART: Final = re.compile(_WORD)

_TITLE: Final = re.compile(one_of(TITLES) + r"(?:\. {0,2}| {1,2})(?=[A-ZÀ-ÖØ-Þ])")
_LOWER_TITLE: Final = re.compile(r"(?:mrs|mr|Mrs|Mr)\.? {1,2}(?P<name>[A-Za-z][a-z']{1,20})(?![a-z])")

_INTRODUCTION: Final = re.compile(one_of(INTRODUCTIONS))
_NAMED_LOWER: Final = re.compile(
    rf" {{1,2}}(?P<name>[a-z]{{2,15}}(?: [a-z]{{2,15}})?)(?= {{0,2}}[,.;!?\n{BORDER}]| (?:and|but|from|i|my) )"
)

_NAMING_END: Final = re.compile(
    f"(?:{'|'.join(listed('english_names', 'naming'))})[,.!:]?[ \\n]{{1,2}}"
    "(?:a |an |named |is |was |name is |the |mr\\.? |ms\\.? )?$"
)
_CHINESE_NAMING_END: Final = re.compile(f"(?:{'|'.join(listed('english_names', 'naming_in_chinese'))})[ ,:]{{0,2}}$")
_LONGEST_NAMING: Final = 32
_COMPANY_AFTER: Final = re.compile(" " + one_of(listed("english_names", "companies")))
_THING_BEFORE: Final = re.compile(one_of(listed("english_names", "things")) + "[ ']{0,2}s? ?$")
_NO_NAME: Final = re.compile("(?:ly|ing|ed|tion|ment)$")


def find_english_names(text: str, lower: str) -> Iterator[Span]:
    """Yield the English names of a folded text that its words give away."""
    for title in _TITLE.finditer(text):
        if not touches_letter(text, title.start(), title.end()) and not _is_street(text, title.start()):
            yield from _name_at(text, title.end())
    for title in _LOWER_TITLE.finditer(text):
        is_inside = touches_letter(text, title.start(), title.start("name"))
        if title["name"][0].isupper():
            if not is_inside:
                yield from _name_at(text, title.start("name"))
        elif not is_inside and title["name"].lower() not in _STOP_LOWER:
            yield Span(title.start("name"), title.end("name"), PersonalKind.NAME)
    for intro in _INTRODUCTION.finditer(lower):
        if not touches_letter(lower, intro.start(), intro.end()):
            yield from _introduced(text, intro)
    yield from _named(text, lower)


def _introduced(text: str, intro: re.Match[str]) -> Iterator[Span]:
    """The name behind *my name is* or a label; a label alone wants two words or a usual one."""
    start = intro.end()
    while start < len(text) and text[start] == " " and start - intro.end() < 2:
        start += 1
    is_sure = intro.group() in _MY_NAME or "call" in intro.group()
    if is_sure or not _THING_BEFORE.search(intro.string, max(0, intro.start() - 12), intro.start()):
        yield from _name_at(text, start, is_alone_allowed=is_sure)
    if is_sure:
        named = _NAMED_LOWER.match(text, intro.end())
        if named and _may_be_lower(named["name"].split()):
            yield Span(named.start("name"), named.end("name"), PersonalKind.NAME)


def _named(text: str, lower: str) -> Iterator[Span]:
    """Usual first names behind words that name people."""
    reached = 0
    for word in _PART.finditer(text):
        known = word.group().capitalize()
        if word.start() < reached or (known not in USUAL_FIRST and known not in USUAL_PINYIN):
            continue
        before = lower[max(0, word.start() - _LONGEST_NAMING) : word.start()]
        english = _NAMING_END.search(before)
        if (english and not touches_letter(before, english.start(), len(before))) or _CHINESE_NAMING_END.search(before):
            for span in _name_at(text, word.start(), is_usual_wanted=True):
                reached = span.end
                yield span


def _may_be_lower(words: list[str]) -> bool:
    """Whether words without capitals may be a name: none of grammar, the first not built like a verb or adverb."""
    is_grammar = any(word in _STOP_LOWER for word in words)
    return not is_grammar and (words[0].capitalize() in USUAL_FIRST or not _NO_NAME.search(words[0]))


def _is_street(text: str, start: int) -> bool:
    """Whether ``Dr`` is the end of a street's name (``12 Maple Dr Springfield``)."""
    return re.search(r"[0-9] (?:[A-Z][a-z]+ ){1,3}$", text[max(0, start - 40) : start]) is not None


def _name_at(text: str, place: int, *, is_usual_wanted: bool = False, is_alone_allowed: bool = True) -> Iterator[Span]:
    """The name up to the first word that cannot be part of one. XXXX, as the CFPB redacts, is no name."""
    name = _NAME.match(text, place)
    if name is None:
        return
    words, end = [], place
    for part in _PART.finditer(name.group()):
        if part.group().capitalize() in _STOP or not set(part.group()) - {"X"}:
            break
        words.append(part.group().capitalize())
        end = place + part.end()
    if not words:
        return
    is_usual = words[0] in USUAL_FIRST or (words[0] in USUAL_PINYIN and len(words) > 1)
    if is_usual_wanted and (not is_usual or _COMPANY_AFTER.match(text, end)):
        return
    if is_usual or is_alone_allowed or len(words) > 1:
        yield Span(place, end, PersonalKind.NAME)

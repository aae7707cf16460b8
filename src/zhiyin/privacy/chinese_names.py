"""Chinese names by the words around them: 我叫…, 姓名：…, 客户经理…, …先生.

Chinese writes no spaces, so that the two questions are whether a name begins here and where it ends. The first is
answered by a surname and by what it is not (方便 begins with a surname and is no name), the second by the characters
that names use, and by the words that follow names. How much must speak for a name depends on the word before it
(:class:`Trust`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from zhiyin.privacy.chinese_tables import FOLLOWING, PLACE, is_han, tables
from zhiyin.privacy.folding import BORDER
from zhiyin.privacy.kinds import PersonalKind
from zhiyin.privacy.spans import Span
from zhiyin.privacy.words import listed, one_of


class Trust(StrEnum):
    """How much a word promises a name behind it."""

    LABEL = "label"
    """with a colon: anything short is a name"""
    SAID = "said"
    """我叫: a surname is enough"""
    STAFF = "staff"
    """柜员: the name must look like one"""
    WEAK = "weak"
    """感谢: it must also end where a phrase ends"""
    SURNAME = "surname"
    """免贵姓: a bare surname"""


_RELATIVES: Final = listed("chinese_names", "relatives")
_ROLES: Final = listed("chinese_names", "roles")
TITLES: Final = listed("chinese_names", "titles")
"""Titles that follow a name or a bare surname."""

FAMILIAR_TITLES: Final = listed("chinese_names", "familiar_titles")
"""Titles of one character: only after a bare surname that begins a phrase."""

TITLE_PREFIXES: Final = listed("chinese_names", "title_prefixes")
"""What may stand between a name and its title: 王大堂经理."""

LABELS: Final = listed("chinese_names", "labels")
"""With a colon behind it: what follows is a name, surname or not."""

_TRUST: Final[dict[str, Trust | None]] = {
    **dict.fromkeys(LABELS, Trust.LABEL),
    **dict.fromkeys((*listed("chinese_names", "weak"), *_RELATIVES), Trust.WEAK),
    **dict.fromkeys(listed("chinese_names", "staff"), Trust.STAFF),
    **dict.fromkeys(listed("chinese_names", "called"), Trust.SAID),
    **dict.fromkeys((relative + "叫" for relative in _RELATIVES), Trust.SAID),
    **dict.fromkeys((role + verb for role in _ROLES for verb in ("", "是", "为", "叫")), Trust.SAID),
    **dict.fromkeys(listed("chinese_names", "surname_only"), Trust.SURNAME),
    **dict.fromkeys(listed("chinese_names", "harmless")),  # words that hold another
}
INTRODUCTIONS: Final = tuple(_TRUST)
"""Words that a name may follow."""

_INTRO: Final = re.compile(one_of(_TRUST))
_GLUE: Final = re.compile("(?P<colon> ?[:=]{1,2})?(?:是|叫|名叫|名为|为)?[ :\\[(\"'《]{0,2}")
_TITLE: Final = re.compile(one_of(TITLES))
_TITLE_PREFIX: Final = re.compile(f"{one_of((*TITLE_PREFIXES, ''))}(?:副|总|助理)?$")
_FAMILIAR: Final = re.compile("[" + "".join(FAMILIAR_TITLES) + "]")
_NOT_AFTER_FAMILIAR: Final = re.compile(
    "[共是体部行额量拉警数结之算裁监会账资分价统归览值计站理经想觉要比让不有在能爱哥姐叔姨作商本程具业事人资地龄]"
)
AFTER_CLAUSE_NAME: Final = "很非态服的"
"""What may follow a name that begins a clause, beside the words that follow names."""

_CLAUSE: Final = re.compile(f"(?:\\A|[。,!?;、\n :{BORDER}])(?=[{''.join(sorted(tables().common))}])")
_DOTTED: Final = re.compile("·")
_AROUND_DOT: Final = 16
_ADVERBS: Final = frozenset("曾于任祝")  # surnames that go on with a sentence more often than they begin a name
_MODEST_TITLES: Final = frozenset(listed("chinese_names", "modest_titles"))
_LATIN: Final = re.compile(r"[A-Z][a-z]{1,15}(?:[ .][A-Z][a-z]{1,15}){0,2}(?![A-Za-z0-9])")
_SHORTEST_LABELLED, _LONGEST_LABELLED = 2, 4
_LONGEST_GIVEN: Final = 2


def find_chinese_names(text: str, lower: str) -> Iterator[Span]:
    """Yield the Chinese names of a folded text that its words give away."""
    for intro in _INTRO.finditer(text):
        start, end = _after_intro(text, intro.end(), _TRUST[intro.group()])
        while end is not None:
            yield Span(start, end, PersonalKind.NAME)
            start, end = _next_in_list(text, end)
    for title in _TITLE.finditer(text):
        end = title.start()
        if text.startswith("财", title.end()):
            continue  # 曾经理财
        prefix = _TITLE_PREFIX.search(text, max(0, end - 4), end)
        start_of_name = _start_before(text, prefix.start() if prefix else end)
        if start_of_name is not None and not _is_in_office(text, start_of_name, title):
            yield Span(start_of_name, prefix.start() if prefix else end, PersonalKind.NAME)
    for title in _FAMILIAR.finditer(text):
        if _is_familiar(text, title.start()):
            yield Span(title.start() - 1, title.start(), PersonalKind.NAME)
    for clause in _CLAUSE.finditer(text):
        end = _alone(text, clause.end())
        if end is not None:
            yield Span(clause.end(), end, PersonalKind.NAME)
    for dot in _DOTTED.finditer(text):
        yield from _transliterated(text, dot.start())


def _is_in_office(text: str, start: int, title: re.Match[str]) -> bool:
    """任书记, 原任副院长: took office, no Mr Ren."""
    return text[start] == "任" and title.start() - start <= 3 and title.group() not in _MODEST_TITLES


def _alone(text: str, start: int) -> int | None:
    """A name of three characters that begins a clause with nothing before it: ，李小满很专业."""
    known = tables()
    end = start + 3
    given = text[start + 1 : end]
    if text[start] not in known.common or len(given) < _LONGEST_GIVEN or text[start] in _ADVERBS:
        return None
    if not all(c in known.usual and c not in known.stop for c in given) or text[start : start + 2] in known.words_from:
        return None
    if PLACE.match(text, end) or PLACE.match(text, end - 1):
        return None
    is_followed = (
        end >= len(text) or not is_han(text[end]) or text[end] in AFTER_CLAUSE_NAME or FOLLOWING.match(text, end)
    )
    return end if is_followed else None


def _next_in_list(text: str, end: int) -> tuple[int, int | None]:
    """The name that a list goes on with: 感谢李小满、王小树."""
    start = end + 1
    if start >= len(text) or text[end] not in "、和与及":
        return start, None
    return start, _name_end(text, start, Trust.WEAK)


def _after_intro(text: str, place: int, trust: Trust | None) -> tuple[int, int | None]:
    """Where a name begins behind an introduction and where it ends, None if there is none."""
    glue = _GLUE.match(text, place)
    start = glue.end() if glue else place
    if start >= len(text) or trust is None:
        return start, None
    if glue and glue["colon"] and trust is not Trust.SURNAME:
        trust = Trust.LABEL
    elif trust is Trust.LABEL:
        trust = Trust.SAID
    return start, _end_after(text, start, trust)


def _transliterated(text: str, dot: int) -> Iterator[Span]:
    """买买提·艾力: the run of transliterating characters around a dot, if there are two on either side."""
    sounds = tables().transliterated
    start = dot
    while start and dot - start < _AROUND_DOT and text[start - 1] in sounds:
        start -= 1
    end = dot + 1
    while end < len(text) and end - dot < _AROUND_DOT and text[end] in sounds:
        end += 1
    if dot - start >= 2 and end - dot > 2:
        yield Span(start, end, PersonalKind.NAME)


def _end_after(text: str, start: int, trust: Trust) -> int | None:
    """Where the name that begins at ``start`` ends, None if none begins there."""
    if "A" <= text[start] <= "Z" and trust in (Trust.LABEL, Trust.SAID):
        latin = _LATIN.match(text, start)
        return latin.end() if latin else None
    if not is_han(text[start]):
        return None
    if trust is Trust.LABEL:
        return _labelled(text, start)
    size = _surname_size(text, start, is_rare_allowed=False)
    if not size:
        return None
    if trust is Trust.SURNAME:
        return start + size
    end = _name_end(text, start, trust)
    if trust is Trust.SAID:
        return _short_run(text, start) if end is None else end
    return None if end is not None and text[start] in _ADVERBS and not _ends_plainly(text, end) else end


def _ends_plainly(text: str, end: int) -> bool:
    """Whether punctuation or 的 and the like follow a name, which is asked of surnames that are adverbs too."""
    return end >= len(text) or not is_han(text[end]) or text[end] in "的很非态服主"


def _run(text: str, start: int) -> int:
    """Where the run of Chinese characters (and the dot of transliterated names) that begins at ``start`` ends."""
    end = start
    while end < len(text) and (is_han(text[end]) or (text[end] == "·" and end > start)):
        end += 1
    return end


def _labelled(text: str, start: int) -> int | None:
    end = _run(text, start)
    if text[start:end] in tables().never or text[start : start + 2] in tables().never:
        return None
    if not _surname_size(text, start, is_rare_allowed=True) and any(c in tables().hard_stop for c in text[start:end]):
        return None
    if _SHORTEST_LABELLED <= end - start <= _LONGEST_LABELLED or "·" in text[start:end]:
        following = FOLLOWING.search(text, start + _SHORTEST_LABELLED, end)
        return following.start() if following else end
    return _name_end(text, start, Trust.LABEL)


def _short_run(text: str, start: int) -> int | None:
    """A surname and one or two unusual characters, up to a full stop."""
    end = _run(text, start)
    word = text[start:end]
    is_word = word[:2] in tables().words_from or any(c in tables().hard_stop for c in word)
    return end if _SHORTEST_LABELLED <= len(word) <= 3 and word[0] in tables().common and not is_word else None


def _surname_size(text: str, start: int, *, is_rare_allowed: bool) -> int:
    """Number of characters of the surname at ``start``, 0 if there is none."""
    known = tables()
    if text[start : start + 4] in known.compound:
        return 4
    if text[start : start + 2] in known.compound:
        return 2
    if text[start] in known.common or (is_rare_allowed and text[start] in known.rare):
        return 1
    return 0


def _name_end(text: str, start: int, trust: Trust) -> int | None:
    """Where the name ends that begins with a surname at ``start``; None where it is none, or not sure enough."""
    known = tables()
    size = _surname_size(text, start, is_rare_allowed=trust is Trust.LABEL)
    given = start + size
    if not size or not _may_be_given(text, given) or FOLLOWING.match(text, given):
        return None
    if size == 1 and text[start : start + 2] in known.words_from:
        return None
    end = given + 1
    if _has_second(text, given, is_sure=trust in (Trust.LABEL, Trust.SAID)):
        end += 1
    if PLACE.match(text, end) or PLACE.match(text, end - 1):
        return None
    if trust in (Trust.LABEL, Trust.SAID):
        return end
    usual = sum(character in known.usual for character in text[given:end])
    is_whole = _is_boundary(text, end) or (trust is Trust.STAFF and usual == _LONGEST_GIVEN)
    return end if usual and is_whole else None


def _has_second(text: str, given: int, *, is_sure: bool) -> bool:
    """Whether the given name at ``given`` has a second character."""
    known = tables()
    place = given + 1
    if not _may_be_given(text, place) or FOLLOWING.match(text, place):
        return False
    if text[place] in known.stop:
        return text[place] in known.usual and _is_boundary(text, place + 1)
    if text[place] in known.usual:
        return True
    return _is_boundary(text, place + 1) or (is_sure and text[given] not in known.usual)


def _may_be_given(text: str, place: int) -> bool:
    return place < len(text) and is_han(text[place]) and text[place] not in tables().hard_stop


def _is_boundary(text: str, place: int) -> bool:
    """Whether a phrase ends at ``place``: no Chinese character follows, or one that begins something else."""
    if place >= len(text) or not is_han(text[place]):
        return True
    return text[place] in tables().stop or FOLLOWING.match(text, place) is not None


def _begins_phrase(text: str, place: int) -> bool:
    """Whether nothing of the same phrase stands before ``place``."""
    return place == 0 or not is_han(text[place - 1]) or text[place - 1] in tables().stop or text[place - 1] in "小老阿"


def _start_before(text: str, end: int) -> int | None:
    """Where the name before a title begins, None if what stands there is no name.

    Each surname within reach is a candidate: 王 in 和李王经理, 李王 in 柜员李王经理. A candidate gains by usual given
    characters and loses when its last one is a surname itself, since a bare surname before a title is the rule.
    """
    known = tables()
    best, best_score = None, 0.0
    for length in (1, 2, 3, 4):
        start = end - length
        if start < 0 or not is_han(text[start]):
            break
        size = _surname_size(text, start, is_rare_allowed=False)
        if not size or size > length or length - size > 2:
            continue
        given = text[start + size : end]
        if any(c in known.hard_stop for c in given):
            continue
        if size == 1 and text[start - 1 : start + 1] in known.words_to:
            continue
        if size == 1 and given and text[start : start + 2] in known.words_from:
            continue
        score = 2.0 * size + sum(_weight(c) for c in given)
        if given and given[-1] in known.common:
            score -= 1.5
        if not _begins_phrase(text, start) and len(given) < _SHORTEST_LABELLED:
            score -= 0.5
        if score >= best_score:
            best, best_score = start, score
    return best


def _weight(character: str) -> float:
    known = tables()
    if character in known.stop:
        return -1.0
    return 1.0 if character in known.usual else 0.0


def _is_familiar(text: str, place: int) -> bool:
    """王总, 张姐: a bare surname that begins a phrase, and nothing that makes another word of the title."""
    known = tables()
    if place == 0 or text[place - 1] not in known.common or not _begins_phrase(text, place - 1):
        return False
    if (
        text[place - 1] in _ADVERBS
        or text[place - 1 : place + 1] in known.words_from
        or text[place - 2 : place] in known.words_to
    ):
        return False
    return _NOT_AFTER_FAMILIAR.match(text, place + 1) is None

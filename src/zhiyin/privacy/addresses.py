"""Home and postal addresses, down to a street or a building.

A town or a district alone is no address. A street with a number may be an outlet's, so it counts only where the text
says that someone lives there or wants post there, or where a flat is named (室, 单元, Apt), and never where the word
beside it is 网点 or 支行.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zhiyin.privacy.kinds import PersonalKind
from zhiyin.privacy.spans import Span
from zhiyin.privacy.words import listed, one_of

_HAN: Final = r"\u4e00-\u9fff"
_NUMBER: Final = r"(?:[0-9]{1,5}(?:-[0-9]{1,5}){0,3}|[一二三四五六七八九十百]{1,4}|[A-Za-z][0-9]{0,4})"
_UNIT: Final = r"(?:号楼|号院|号|弄|栋|幢|座|单元|室|层|楼|户|房|组|队|巷|门|院)"
_TAIL: Final = (
    rf"(?:[ ,-]?{_NUMBER}[ ]?{_UNIT}){{0,6}}"
    "(?:[ -]?[0-9]{2,5}(?:-[0-9]{1,5}){0,2}(?![0-9元年月日块万点次个位%]))?"
)
FINE_WORDS: Final = listed("addresses", "fine")
"""Parts of an address as fine as a street or a building."""

_FINE: Final = one_of(FINE_WORDS)
HOME_WORDS: Final = listed("addresses", "home")
"""What a home or a postal address follows."""

_HOME: Final = re.compile(rf"{one_of(HOME_WORDS)}(?:是|为|在|于)?[ :]{{0,2}}(?P<place>[{_HAN}0-9A-Za-z#\-]{{2,45}})")
_OFFICE_BEFORE: Final = re.compile("(?:网点|[支分银]行|行的|办公|单位|公司|你们|贵行|你行)的?$")
_PART: Final = re.compile(rf"{_FINE}{_TAIL}|[市区县镇乡旗]{_NUMBER}[ ]?{_UNIT}{_TAIL}")
_VAGUE: Final = re.compile("[这那的我你个们同哪某]")
_WIDEST_GAP: Final = 12
_SHORTEST: Final = 3
_STREET_NUMBER: Final = re.compile(
    rf"(?:{_FINE}{_NUMBER}[ ]?(?:号楼|号院|号|弄|栋|幢|座|单元|室|组)|[镇乡里坊桥道]{_NUMBER}[ ]?号){_TAIL}"
)
_FLAT: Final = re.compile(r"室|单元|[栋幢座]|号楼|户$|-[0-9]+-[0-9]+|房$|[号弄][0-9]{3,4}$")
_PUBLIC: Final = re.compile(one_of(listed("addresses", "public")))
# What may stand to the left of a street in its own address; a verb or preposition ends it.
_LEFT: Final = re.compile(rf"(?:(?![在到是住于的我寄往至去来从了家为址您你他她们,请和把将给邮送])[{_HAN}0-9]){{1,30}}$")

STREET_WORDS: Final = listed("addresses", "streets")
"""Last words of the names of streets."""

_ENGLISH: Final = re.compile(
    r"(?<![A-Za-z0-9$.,/-])[1-9][0-9]{0,5}[A-Z]?(?: (?:[NSEW]|[NS][EW]|North|South|East|West)\.?)?"
    r"(?: (?:[A-Z][a-z'.]+|[0-9]{1,3}(?:st|nd|rd|th))){1,3}"
    rf" {one_of(STREET_WORDS)}\b\.?"
    r"(?:,? (?:Apt|Apartment|Unit|Suite|Ste|Floor|Fl|Room|Rm|No|#)\.? ?#?[A-Za-z0-9-]{1,6}\b)?"
    r"(?:,? [A-Z][a-z]+(?: [A-Z][a-z]+){0,2})?(?:,? [A-Z]{2}\b\.?)?(?: [0-9]{5}(?:-[0-9]{4})?\b)?",
    re.ASCII,
)
_BOX: Final = re.compile(r"(?<![A-Za-z])P\.? ?O\.? Box [0-9]{1,7}", re.IGNORECASE)


def find_addresses(text: str, lower: str) -> Iterator[Span]:
    """Yield the addresses of a folded text."""
    for home in _HOME.finditer(text):
        yield from _home(home)
    for street in _STREET_NUMBER.finditer(text):
        yield from _with_flat(text, street)
    for pattern in (_ENGLISH, _BOX):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), PersonalKind.ADDRESS)


def _home(home: re.Match[str]) -> Iterator[Span]:
    """After 住在 and the like: up to the last part that is as fine as a street or a building."""
    if _OFFICE_BEFORE.search(home.string, max(0, home.start() - 4), home.start()):
        return
    place = home.group("place")
    end = 0
    for part in _PART.finditer(place):
        if part.start() - end > _WIDEST_GAP or (end == 0 and _VAGUE.search(place, 0, part.start())):
            break
        end = part.end()
    if end >= _SHORTEST and not _PUBLIC.search(place[: end + 4]):
        yield Span(home.start("place"), home.start("place") + end, PersonalKind.ADDRESS)


def _with_flat(text: str, street: re.Match[str]) -> Iterator[Span]:
    """A street with a flat, wherever it stands."""
    if not _FLAT.search(street.group()):
        return
    left = _LEFT.search(text[max(0, street.start() - 30) : street.start()])
    start = street.start() - (len(left.group()) if left else 0)
    if left is None or _PUBLIC.search(text, start, min(len(text), street.end() + 4)):
        return
    yield Span(start, street.end(), PersonalKind.ADDRESS)

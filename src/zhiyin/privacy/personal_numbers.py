"""Numbers that identify a person: resident IDs, cards, accounts, mobiles, landlines, US numbers.

A *chain* is a row of digits with at most three separators between two groups: ``6222 0210 0112 3456``,
``+86-138-0013-8000``, ``(010)87654321``. Groups are joined and put to the tests of :mod:`zhiyin.privacy.checksums`,
each group alone first, so that two numbers written side by side are told apart; the word before decides what no check
digit can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zhiyin.privacy import checksums
from zhiyin.privacy.context import Context, Contexts
from zhiyin.privacy.kinds import PersonalKind
from zhiyin.privacy.spans import Span
from zhiyin.privacy.words import listed

_CHAIN: Final = re.compile(r"[0-9][0-9 \-.()·_]{5,}[Xx]?")
_GROUP: Final = re.compile(r"[0-9]+")
_CHINESE_CHAIN: Final = re.compile(
    "[零〇幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖][0-9零〇幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖]{10,18}"
    "|[0-9]{1,12}[零〇幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖][0-9零〇幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖]{4,17}"
)
_CHINESE_DIGITS: Final = str.maketrans("零〇幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖", "0011223456789123456789")
_LETTERS_BEFORE: Final = re.compile(r"[A-Za-z]{1,16}$")
_CODE_AFTER: Final = re.compile(r"[A-Za-z]{1,8}[0-9]")
_MONEY_BEFORE: Final = re.compile(r"(?:[¥$€£]|RMB|CNY|USD|HKD|人民币)\s?$", re.IGNORECASE)
_MONEY_AFTER: Final = re.compile(
    r"\s?(?:\.[0-9]{1,2}(?![0-9])|元|块|万|亿|股|%|美元|港币|港元|USD|RMB|CNY)", re.IGNORECASE
)
_COUNTRY: Final = re.compile(r"(?:00|0)?86(?=1[3-9])")
_COUNTRY_BEFORE: Final = re.compile(r"(?:(?<![0-9])(?:\+|00|0)?86|\+1)[ \-.()]{1,3}$")
_EXTENSION: Final = re.compile(r"\s?(?:转|分机|ext\.?|x|-)\s?[0-9]{1,6}(?![0-9])", re.IGNORECASE)
_US: Final = re.compile(r"1?[2-9][0-9]{2}[2-9][0-9]{6}")
_TOLL_FREE: Final = re.compile(r"1?(?:800|888|877|866|855|844|833|822|400)")
_SERVICE: Final = re.compile(r"(?:86)?0?(?:400|800|95|96|1010|106)")
_SOCIAL_SECURITY: Final = re.compile(r"(?!000|666)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}")

# Letters that may touch a number without making it part of a code such as SF1234567890123.
_LABELS: Final = frozenset(listed("context", "touching"))
_MOBILE_SIZES: Final = frozenset(
    {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (3, 2, 2, 2, 2)}
)
_SPREAD: Final = 1  # size of each group when every digit stands alone
_SPREAD_LENGTHS: Final = frozenset((11, 13, 14, 15, 16, 17, 18, 19))
_SHORTEST: Final = 7
_SHORTEST_SURE: Final = 11
_LONGEST: Final = 23


@dataclass(frozen=True, slots=True)
class _Number:
    """The digits of neighbouring groups and what stands around them."""

    digits: str
    sizes: tuple[int, ...]
    start: int
    end: int
    context: Context | None
    text: str

    @property
    def is_glued(self) -> bool:
        """Whether letters touch it, as in a code."""
        if self.start and self.text[self.start - 1].isascii() and self.text[self.start - 1].isalpha():
            letters = _LETTERS_BEFORE.search(self.text, max(0, self.start - 16), self.start)
            if letters is None or letters.group().lower() not in _LABELS:
                return True
        return _CODE_AFTER.match(self.text, self.end) is not None

    @property
    def is_money(self) -> bool:
        """Whether a currency stands before it, or a unit or decimals after it."""
        if _MONEY_BEFORE.search(self.text, max(0, self.start - 6), self.start):
            return True
        return _MONEY_AFTER.match(self.text, self.end) is not None

    @property
    def separators(self) -> str:
        """What stands between its groups."""
        return re.sub("[0-9Xx]", "", self.text[self.start : self.end])

    @property
    def is_tidy(self) -> bool:
        """Whether the groups look like one number: none of one digit, or each of one digit."""
        inner = self.sizes[1:] or self.sizes  # the first may be a country's code
        return min(inner) > _SPREAD or max(self.sizes) == _SPREAD


def find_numbers(text: str, lower: str) -> Iterator[Span]:
    """Yield the personal numbers of a folded text."""
    contexts = Contexts(lower)
    for chain in _CHAIN.finditer(text):
        start, end = chain.span()
        groups = [g.span() for g in _GROUP.finditer(text, start, end)]
        if groups[-1][1] - groups[0][0] < _SHORTEST:
            continue
        x_end = None
        if text[end - 1] in "Xx" and not (end < len(text) and text[end].isascii() and text[end].isalpha()):
            x_end = end
        if len(groups) == 1:
            yield from _alone(text, contexts, *groups[0], x_end)
            continue
        for piece in _pieces(groups):
            yield from _in_piece(text, contexts, piece, x_end if piece[-1] == groups[-1] else None)
    for chain in _CHINESE_CHAIN.finditer(text):
        yield from _spelled(chain)


def _alone(text: str, contexts: Contexts, start: int, end: int, x_end: int | None) -> Iterator[Span]:
    """One group of digits: the usual case, and cheap."""
    if contexts.before(start) is Context.REFERENCE:
        digits = text[start:end] + ("X" if x_end is not None else "")
        if checksums.is_resident_id(digits):
            yield Span(start, x_end or end, PersonalKind.RESIDENT_ID)
        return
    number = _number(text, contexts, [(start, end)], x_end)
    kind = _sure_kind(number) or _likely_kind(number)
    if kind is not None:
        yield _widened(number, kind)
    elif end - start > 18:
        yield from _hidden_ids(text, start, end)


def _spelled(chain: re.Match[str]) -> Iterator[Span]:
    """Digits written as words: 幺三八零零一三八零零零."""
    digits = chain.group().translate(_CHINESE_DIGITS)
    for kind, passes in (
        (PersonalKind.MOBILE, checksums.is_mobile),
        (PersonalKind.RESIDENT_ID, checksums.is_resident_id),
        (PersonalKind.BANK_CARD, checksums.is_bank_card),
    ):
        if passes(digits):
            yield Span(chain.start(), chain.end(), kind)
            return


def _pieces(groups: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Cut a chain where more than three separators stand between two groups."""
    first = 0
    for index in range(1, len(groups)):
        if groups[index][0] - groups[index - 1][1] > 3:
            yield groups[first:index]
            first = index
    yield groups[first:]


def _in_piece(text: str, contexts: Contexts, groups: list[tuple[int, int]], x_end: int | None) -> Iterator[Span]:
    """Numbers in neighbouring groups: single groups that are sure first, then what remains, the longest first."""
    sure: dict[int, Span] = {}
    for index, (start, end) in enumerate(groups):
        if end - start >= _SHORTEST_SURE:
            number = _number(text, contexts, [(start, end)], x_end if index == len(groups) - 1 else None)
            kind = _sure_kind(number)
            if kind is not None:
                sure[index] = _widened(number, kind)
    index = 0
    while index < len(groups):
        index = _past_service_number(text, groups, index)
        if index == len(groups):
            return
        if index in sure:
            yield sure[index]
            index += 1
            continue
        reach = min(index + _LONGEST, len(groups))
        stop = next((later for later in range(index, reach) if later in sure), reach)
        span = _longest_in(text, contexts, groups[index:stop], x_end if stop == len(groups) else None)
        if span is None:
            start, end = groups[index]
            if end - start > 18 and contexts.before(start) is not Context.REFERENCE:
                yield from _hidden_ids(text, start, end)
            index += 1
            continue
        yield span
        while index < len(groups) and groups[index][0] < span.end:
            index += 1


def _past_service_number(text: str, groups: list[tuple[int, int]], first: int) -> int:
    """The group after a toll-free number that begins at a group, else that group."""
    digits = ""
    for last in range(first, min(first + 4, len(groups))):
        digits += text[slice(*groups[last])]
        if len(digits) in (10, 11) and _TOLL_FREE.match(digits):
            return last + 1
    return first


def _longest_in(text: str, contexts: Contexts, groups: list[tuple[int, int]], x_end: int | None) -> Span | None:
    """The longest number that begins at the first group."""
    total, found = 0, None
    for count, (start, end) in enumerate(groups, 1):
        total += end - start
        if total > _LONGEST:
            break
        # Where every digit stands alone only the lengths of mobiles, IDs and cards are worth a look.
        if total < _SHORTEST or (total == count and total not in _SPREAD_LENGTHS):
            continue
        number = _number(text, contexts, groups[:count], x_end if count == len(groups) else None)
        kind = _sure_kind(number) or _likely_kind(number)
        if kind is not None:
            found = _widened(number, kind)
    return found


def _number(text: str, contexts: Contexts, groups: list[tuple[int, int]], x_end: int | None) -> _Number:
    digits = "".join([text[start:end] for start, end in groups])
    end = groups[-1][1]
    if x_end is not None and len(digits) == 17 and x_end - end <= 3:
        digits, end = digits + "X", x_end
    start = groups[0][0]
    return _Number(digits, tuple([e - s for s, e in groups]), start, end, contexts.before(start), text)


def _sure_kind(number: _Number) -> PersonalKind | None:
    """The kind where a check digit or an assigned range says so."""
    digits = number.digits
    if checksums.is_resident_id(digits):
        return PersonalKind.RESIDENT_ID
    if number.context is Context.REFERENCE or number.is_glued or number.is_money:
        return None
    if len(digits) > 14 and checksums.is_bank_card(digits) and number.is_tidy:
        return PersonalKind.BANK_CARD
    return PersonalKind.MOBILE if _is_mobile(number) else None


def _is_mobile(number: _Number) -> bool:
    country = _COUNTRY.match(number.digits)
    prefix = country.end() if country else 0
    if not checksums.is_mobile(number.digits[prefix:]):
        return False
    sizes = list(number.sizes)
    while prefix and sizes:
        taken = min(prefix, sizes[0])
        prefix -= taken
        sizes[0] -= taken
        if not sizes[0]:
            sizes.pop(0)
    return tuple(sizes) in _MOBILE_SIZES or max(sizes) == _SPREAD


def _likely_kind(number: _Number) -> PersonalKind | None:
    """The kind where only shape and context speak."""
    digits, context = number.digits, number.context
    if context is Context.REFERENCE or number.is_money:
        return None
    if context is Context.IDENTITY and len(digits) in (15, 18):
        return PersonalKind.RESIDENT_ID
    if checksums.has_id_shape(digits) and 1930 <= int(digits[6:10]) <= 2009:
        return PersonalKind.RESIDENT_ID  # mistyped, but all of it is there; serial numbers carry recent dates
    if number.is_glued or not number.is_tidy:
        return None
    if checksums.is_old_resident_id(digits) and number.sizes in ((15,), (6, 6, 3)):
        return PersonalKind.RESIDENT_ID
    if context is Context.CARD and (15 <= len(digits) <= 19 or checksums.is_bank_card(digits)):
        return PersonalKind.BANK_CARD
    if _is_social_security(number):
        return PersonalKind.DOCUMENT
    if _is_phone(number):
        return PersonalKind.PHONE
    if context is Context.ACCOUNT and len(digits) >= 8 and not _is_date(digits):
        return PersonalKind.ACCOUNT
    return None


def _is_social_security(number: _Number) -> bool:
    if not _SOCIAL_SECURITY.fullmatch(number.digits):
        return False
    if number.context is Context.SOCIAL_SECURITY:
        return True
    return number.sizes == (3, 2, 4) and number.separators == "--"


def _is_phone(number: _Number) -> bool:
    digits, is_named = number.digits, number.context is Context.PHONE
    if _TOLL_FREE.match(digits) and len(digits) in (10, 11):
        return False
    if checksums.is_landline(digits):
        return len(number.sizes) <= 3 and (is_named or len(number.sizes) > 1 or len(digits) in (11, 12))
    if number.text[number.start - 1 : number.start] == "+" and 9 <= len(digits) <= 15:
        return not _SERVICE.match(digits)
    if _US.fullmatch(digits):
        is_shaped = number.sizes in ((3, 3, 4), (1, 3, 3, 4)) and bool(set(number.separators) - {" "})
        return is_shaped or is_named
    if not is_named or _is_date(digits):
        return False
    return checksums.is_local_number(digits) or (9 <= len(digits) <= 13 and not _SERVICE.match(digits))


def _is_date(digits: str) -> bool:
    """Whether it begins like 20261124, as timestamps do."""
    if len(digits) < 8 or digits[:2] not in ("19", "20"):
        return False
    return checksums.is_plausible_birthday(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def _hidden_ids(text: str, start: int, end: int) -> Iterator[Span]:
    """Resident IDs inside a longer row of digits, where nobody put a separator."""
    place = start
    while place + 18 <= end:
        if checksums.is_resident_id(text[place : place + 18]):
            yield Span(place, place + 18, PersonalKind.RESIDENT_ID)
            place += 18
        else:
            place += 1


def _widened(number: _Number, kind: PersonalKind) -> Span:
    """The span with its plus sign, opening bracket and extension."""
    start, end, text = number.start, number.end, number.text
    if kind is PersonalKind.PHONE:
        extension = _EXTENSION.match(text, end)
        end = extension.end() if extension else end
    if kind in (PersonalKind.MOBILE, PersonalKind.PHONE):
        country = _COUNTRY_BEFORE.search(text, max(0, start - 8), start)
        start = country.start() if country else start
    if start and text[start - 1] == "(" and ")" in text[start:end]:
        start -= 1
    if start and text[start - 1] == "+":
        start -= 1
    return Span(start, end, kind)

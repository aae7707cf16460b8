"""Numbers of documents, plates, company codes and secrets, by their words or their check characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zhiyin.privacy import checksums
from zhiyin.privacy.kinds import PersonalKind
from zhiyin.privacy.spans import Span
from zhiyin.privacy.words import listed, one_of, touches_letter

DOCUMENT_WORDS: Final = listed("documents", "documents")
"""Names of identity documents, in lower case."""

_IS: Final = r"(?:号码|编号|证号|号)?(?: ?(?:number|no\b\.?|num|#))?(?: ?(?:是|为|is|was))?[ :=#(\[]{0,3}"
_DOCUMENT: Final = re.compile(
    one_of(DOCUMENT_WORDS) + _IS + "(?P<number>[a-z]{1,3}[ -]?[0-9]{6,10}|[0-9]{8,12})(?![0-9a-z])", re.ASCII
)
_MILITARY: Final = re.compile(r"[军武海空南北沈兰成济广参政后装]字第(?P<number>[0-9]{6,8})号")
_HONG_KONG_ID: Final = re.compile(r"(?P<letters>[A-Z]{1,2})(?P<digits>[0-9]{6}) ?\((?P<check>[0-9A])\)")
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z][ ·.]?"
    r"(?:[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF]|(?=[A-HJ-NP-Z]*[0-9])(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9学警港澳]))(?![A-Za-z0-9])"
)
_CREDIT_CODE: Final = re.compile(r"[159any][1-9][0-9]{6}[0-9a-hj-np-rtuwxy]{10}(?![a-z0-9])")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
ACCOUNT_WORDS: Final = listed("documents", "accounts")
"""What calls the letters and digits behind it an account, in lower case."""

_ACCOUNT: Final = re.compile(
    one_of(ACCOUNT_WORDS) + r"\.?(?: ?(?:是|为|is))?[ :=#]{0,3}"
    r"(?P<number>(?=[a-z-]*[0-9])[a-z0-9][a-z0-9-]{6,24})(?![a-z0-9])",
    re.ASCII,
)
SECRET_WORDS: Final = listed("documents", "secrets")
"""Names of what authenticates a person, in lower case."""

_SECRET: Final = re.compile(
    one_of(SECRET_WORDS) + r"(?P<verb>(?:号|码)?(?:,?我?[说报输填]入?了?)?(?:就是|是|为|设[成为]|改[成为])?"
    r"(?: ?(?:is|was|are|to|of) )?[ :=\"'(]{0,3})"
    r"(?P<secret>(?=[a-z!@#$%^&*_-]*[0-9])[a-z0-9!@#$%^&*_-]{3,24})(?![a-z0-9])",
    re.ASCII,
)
_SHORTEST_SECRET: Final = 4
EXPIRY_WORDS: Final = listed("documents", "expiry")
"""What an expiry date follows, in lower case."""

_EXPIRY: Final = re.compile(
    one_of(EXPIRY_WORDS) + r"\.?(?:是|为| is)?[ :]{0,2}"
    r"(?P<secret>(?:0[1-9]|1[0-2]) ?/ ?(?:20)?[0-9]{2})(?![0-9/])",
    re.ASCII,
)
_COUNTED: Final = re.compile(
    r" ?(?:次|遍|位|个|天|分|秒|小时|年|月|日|元|块|条|times|attempts|days|digit|hours|minutes|months|years)"
)


def find_documents(text: str, lower: str) -> Iterator[Span]:
    """Yield document numbers, plates, company codes, accounts with letters and secrets of a folded text."""
    for pattern, searched in ((_DOCUMENT, lower), (_MILITARY, text)):
        for found in pattern.finditer(searched):
            yield Span(found.start("number"), found.end("number"), PersonalKind.DOCUMENT)
    for found in _HONG_KONG_ID.finditer(text):
        is_alone = not _follows_code(text, found.start())
        if is_alone and checksums.is_hong_kong_id(found["letters"], found["digits"], found["check"]):
            yield Span(found.start(), found.end(), PersonalKind.DOCUMENT)
    for found in _PLATE.finditer(text):
        yield Span(found.start(), found.end(), PersonalKind.PLATE)
    for found in _CREDIT_CODE.finditer(lower):
        if not _follows_code(text, found.start()) and checksums.is_credit_code(found.group().upper()):
            yield Span(found.start(), found.end(), PersonalKind.CREDIT_CODE)
    for found in _IBAN.finditer(text):
        if not _follows_code(text, found.start()) and checksums.is_iban(found.group().replace(" ", "")):
            yield Span(found.start(), found.end(), PersonalKind.ACCOUNT)
    for found in _ACCOUNT.finditer(lower):
        if set(found["number"]) - {"x", "-"}:
            yield Span(found.start("number"), found.end("number"), PersonalKind.ACCOUNT)
    yield from _secrets(lower)


def _follows_code(text: str, start: int) -> bool:
    """Whether what begins at ``start`` only continues a longer row of letters and digits."""
    return start > 0 and text[start - 1].isascii() and text[start - 1].isalnum()


def _secrets(lower: str) -> Iterator[Span]:
    """What authenticates a person (class C3), where the text says that it follows."""
    for found in _SECRET.finditer(lower):
        if touches_letter(lower, found.start(), found.end("verb")) or _COUNTED.match(lower, found.end()):
            continue
        is_card_check = found.group().startswith(("cv", "安全码"))
        if is_card_check or len(found["secret"]) >= _SHORTEST_SECRET:
            yield Span(found.start("secret"), found.end("secret"), PersonalKind.SECRET)
    for found in _EXPIRY.finditer(lower):
        if not touches_letter(lower, found.start(), found.start() + 1):
            yield Span(found.start("secret"), found.end("secret"), PersonalKind.SECRET)

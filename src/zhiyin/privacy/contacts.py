"""E-mail addresses, WeChat and QQ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zhiyin.privacy.kinds import PersonalKind
from zhiyin.privacy.spans import Span
from zhiyin.privacy.words import listed, one_of, touches_letter

_AT: Final = re.compile(r"@|[\[(]at[\])]")
_DOMAIN: Final = re.compile(r" ?(?:[a-z0-9][a-z0-9-]{0,62}(?:\.|[\[(]dot[\])])){1,5}[a-z][a-z0-9-]{1,23}(?![a-z0-9])")
_LOCAL: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-")
_LONGEST_LOCAL: Final = 64

WECHAT_WORDS: Final = listed("contacts", "wechat")
"""Names of WeChat in lower case."""

QQ_WORDS: Final = listed("contacts", "qq")
"""Names of QQ in lower case."""

_WECHAT: Final = re.compile(
    one_of(WECHAT_WORDS)
    + r"(?P<verb>(?: ?id)?(?:号码|号)?(?:是|为|叫)?[ :=]{0,3}(?:is )?)(?P<handle>[a-z][a-z0-9_-]{5,19})(?![a-z0-9_@.-])"
)
_QQ: Final = re.compile(
    one_of(QQ_WORDS) + r"(?:号码|号|群号|群|账号)?(?:是|为)?[ :=]{0,3}(?P<handle>[1-9][0-9]{4,10})(?![0-9.元块万%年月])"
)
_PRODUCTS: Final = frozenset(listed("contacts", "products"))
_NAMES_HANDLE: Final = re.compile("号|id|加|名|我|[是为叫:=]|is ")


def find_contacts(text: str, lower: str) -> Iterator[Span]:
    """Yield the e-mail addresses and handles of a folded text."""
    for at in _AT.finditer(lower):
        yield from _email(lower, at)
    for found in _WECHAT.finditer(lower):
        handle = found["handle"]
        is_marked = any(c.isdigit() or c in "_-" for c in handle)
        is_named = _NAMES_HANDLE.search(lower, found.start(), found.start("handle")) is not None
        if (
            handle not in _PRODUCTS
            and (is_marked or is_named)
            and not touches_letter(lower, found.start(), found.start() + 1)
        ):
            yield Span(found.start("handle"), found.end("handle"), PersonalKind.HANDLE)
    for found in _QQ.finditer(lower):
        yield Span(found.start("handle"), found.end("handle"), PersonalKind.HANDLE)


def _email(lower: str, at: re.Match[str]) -> Iterator[Span]:
    """Walks backwards from the @, so that a long row of letters costs nothing."""
    domain = _DOMAIN.match(lower, at.end())
    if domain is None:
        return
    end = start = at.start() - (at.start() > 0 and lower[at.start() - 1] == " ")
    while start and end - start < _LONGEST_LOCAL and lower[start - 1] in _LOCAL:
        start -= 1
    if start < end:
        yield Span(start, domain.end(), PersonalKind.EMAIL)

"""The words before a number that say what it is: 手机, 卡号, or 订单号, which must be left alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from typing import Final

from zhiyin.privacy.folding import BLANK, BORDER
from zhiyin.privacy.words import listed, one_of, touches_letter


class Context(StrEnum):
    """What the nearest word before a number calls it."""

    REFERENCE = "reference"
    CARD = "card"
    ACCOUNT = "account"
    IDENTITY = "identity"
    PHONE = "phone"
    SOCIAL_SECURITY = "social_security"


_MEANINGS: Final = {word: context for context in Context for word in listed("context", context.value)}

PERSONAL_WORDS: Final = tuple(word for word, context in _MEANINGS.items() if context is not Context.REFERENCE)
"""Words, Latin ones in lower case, that call what follows a personal number."""

_TAIL_WORDS: Final = frozenset({"号码", "编号", "编码"})
_LONGEST_TAIL: Final = 24
_REACH: Final = 8  # characters between the end of the word and the number
_BREAKS: Final = re.compile(f"[。;!?\n,、{BLANK}{BORDER}]")
_WORD: Final = re.compile(one_of(_MEANINGS))
# A trailing "号码是", "number is:" belongs to the word, so that the reach counts from there.
_TAIL: Final = re.compile(
    r"s?(?:号码|编号|编码|号|码|id)?(?:是|为|尾号)?"
    r"(?:[ _]?(?:numbers?|num|no\b\.?|nbr|id|code|#))?(?:[ _]?(?:is|was|of))?",
    re.ASCII,
)


class Contexts:
    """All context words of a text, found in one pass, and what they call a number behind them.

    Parameters
    ----------
    lower : folded text in lower case, also many texts end to end.
    """

    def __init__(self, lower: str) -> None:
        self._lower = lower
        self._ends: list[int] = []
        self._meanings: list[Context] = []
        for word in _WORD.finditer(lower):
            text = word.group()
            if text.isascii() and touches_letter(lower, word.start(), word.end()):
                continue
            if text in _TAIL_WORDS and self._ends and self._ends[-1] == word.start():
                self._ends[-1] = word.end()  # 发票号码, 身份证编号: the first word decides
                continue
            self._ends.append(word.end())
            self._meanings.append(_MEANINGS[text])

    def before(self, start: int) -> Context | None:
        """What the nearest word within reach before ``start`` calls what begins there; None if none does.

        The clause ends at a comma or full stop, and at text already masked.
        """
        place = bisect_right(self._ends, start) - 1
        if place < 0 or start - self._ends[place] > _REACH + _LONGEST_TAIL:
            return None
        end = self._ends[place]
        tail = _TAIL.match(self._lower, end, start)
        reached = tail.end() if tail else end
        if start - reached > _REACH or _BREAKS.search(self._lower, end, start):
            return None
        return self._meanings[place]

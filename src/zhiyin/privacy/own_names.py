"""The row's own name, as the bank's records have it, wherever the row's text says it.

No context is needed here: the bank knows whose words these are. The full name is masked wherever it stands; a part of
it only where nothing else could be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from zhiyin.privacy.chinese_names import FAMILIAR_TITLES, TITLES
from zhiyin.privacy.chinese_tables import is_han, tables
from zhiyin.privacy.folding import BLANK, BORDER, fold
from zhiyin.privacy.kinds import PersonalKind
from zhiyin.privacy.spans import Span
from zhiyin.privacy.words import listed

_TITLE_AFTER: Final = f"(?={'|'.join((*TITLES, *FAMILIAR_TITLES, '弟', '妹'))})"
_SHORTEST: Final = 2
_LATIN_PART: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['-][A-Za-zÀ-ÖØ-öø-ÿ]+)*")
_ALSO_WORDS: Final = frozenset(listed("english_names", "also_words"))


@lru_cache(maxsize=4096)
def name_pattern(name: str) -> re.Pattern[str] | None:
    """What of a name is looked for in folded text; None where it is too short to be looked for.

    Parameters
    ----------
    name : as the bank's records have it: Chinese, Latin in either order, or a company's.
    """
    plain = fold([name]).text.strip(f" {BORDER}{BLANK}\n")
    plain = re.sub(r"\s+", " ", plain)
    if len(plain) < _SHORTEST:
        return None
    if any(is_han(c) for c in plain):
        return re.compile(_chinese(plain))
    parts = _LATIN_PART.findall(plain)
    if not parts or sum(map(len, parts)) < _SHORTEST:
        return None
    return re.compile(_latin(parts), re.IGNORECASE)


def _chinese(name: str) -> str:
    letters = [re.escape(c) for c in name if c != " "]
    alternatives = [" ?".join(letters)]
    size = 2 if name[:2] in tables().compound else 1
    given = name[size:]
    if len(name) <= size + 2 and all(is_han(c) for c in name) and len(given) == _SHORTEST:
        alternatives.append(re.escape(given) + _TITLE_AFTER)
    return "|".join(alternatives)


def _latin(parts: list[str]) -> str:
    escaped = [re.escape(part) for part in parts]
    joint = r"[ ,.]{0,2}(?:[a-z]\.? )?"
    orders = [joint.join(escaped)]
    if len(parts) > 1:
        orders += [
            joint.join(reversed(escaped)),
            joint.join([escaped[-1], *escaped[:-1]]),
            joint.join([escaped[0], escaped[-1]]),
        ]
    orders += [
        # Capitalised and not a word of its own; the flag for case is switched off for these.
        f"(?-i:{part[0].upper()}(?:{part[1:].lower()}|{part[1:].upper()}))"
        for part in parts
        if len(part) >= 4 and part.isascii() and part.isalpha() and part.lower() not in _ALSO_WORDS
    ]
    return rf"(?<![A-Za-z])(?:{'|'.join(dict.fromkeys(orders))})(?![A-Za-z])"


def find_own_name(text: str, name: str) -> Iterator[Span]:
    """Yield where a folded text says the name."""
    pattern = name_pattern(name)
    if pattern is not None:
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), PersonalKind.NAME)


def may_say(text: str, name: str) -> bool:
    """Whether an original text could say the name: cheap, and true more often than needed."""
    if name in text:
        return True
    if name.isascii():
        lower = text.lower()
        return any(part.lower() in lower for part in name.split() if len(part) >= _SHORTEST)
    return name[-2:] in text or (" " in text and name[0] + " " in text)

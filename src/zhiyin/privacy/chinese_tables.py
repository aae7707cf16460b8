"""The characters of Chinese names, from ``chinese_names.toml``, and where a name ends."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from zhiyin.privacy.words import listed, one_of

FOLLOWING: Final = re.compile(
    one_of(listed("chinese_names", "following"))
    + "|于[0-9二]|在[0-9你贵这那我该本她他电柜]|去[你贵年]|来[你贵办自到]|是[你贵我一]|到[你贵柜]|和[我他她你]|收"
)
"""Words that follow a name in a sentence; where one begins, the name has ended."""

FIRST_FOLLOWING: Final = frozenset({word[0] for word in listed("chinese_names", "following")} | set("于在去来是到和收"))
"""First characters of those words."""

PLACE: Final = re.compile(one_of(listed("chinese_names", "places")))
"""What makes a place or an institution of the word before."""


@dataclass(frozen=True, slots=True)
class ChineseTables:
    """Sets of characters and words; see the comments in ``chinese_names.toml``."""

    common: frozenset[str]
    rare: frozenset[str]
    compound: frozenset[str]
    usual: frozenset[str]
    stop: frozenset[str]
    hard_stop: frozenset[str]
    transliterated: frozenset[str]
    never: frozenset[str]
    words_from: frozenset[str]
    words_to: frozenset[str]


@cache
def tables() -> ChineseTables:
    """Load the tables."""
    data = tomllib.loads(files("zhiyin.privacy").joinpath("chinese_names.toml").read_text("utf-8"))
    characters = {
        (section, key): frozenset("".join(data[section][key].split()))
        for section, key in (
            ("surnames", "common"),
            ("surnames", "rare"),
            ("given", "usual"),
            ("given", "stop"),
            ("given", "transliterated"),
        )
    }
    usual, stop = characters["given", "usual"] | _uncommon(), characters["given", "stop"]
    return ChineseTables(
        common=characters["surnames", "common"],
        rare=characters["surnames", "rare"],
        compound=frozenset(data["surnames"]["compound"].split()),
        usual=usual,
        stop=stop,
        hard_stop=stop - usual,
        transliterated=characters["given", "transliterated"],
        never=frozenset(data["given"]["never"].split()),
        words_from=frozenset(head + tail for head, tails in data["words_from"].items() for tail in tails),
        words_to=frozenset(head + tail for tail, heads in data["words_to"].items() for head in heads),
    )


def _uncommon() -> frozenset[str]:
    """Characters that hardly occur outside names.

    Those of GB 2312's second level, and those in neither GB 2312 nor the first level of Big5 (which holds the
    traditional forms of everyday characters).
    """
    second = (bytes((row, cell)) for row in range(0xD8, 0xF8) for cell in range(0xA1, 0xFF))
    everyday = (bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    known = {code.decode("big5", "ignore") for code in everyday}
    others = {c for c in map(chr, range(0x4E00, 0xA000)) if not c.encode("gb2312", "ignore")}
    return frozenset({code.decode("gb2312", "ignore") for code in second} - {""} | (others - known))


_HAN_BLOCKS: Final = (("\u4e00", "\u9fff"), ("\u3400", "\u4dbf"), ("\U00020000", "\U000323af"))


def is_han(character: str) -> bool:
    """Whether it is a Chinese character, the rare ones of names included."""
    return any(first <= character <= last for first, last in _HAN_BLOCKS)

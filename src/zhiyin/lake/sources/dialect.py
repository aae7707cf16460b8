"""How a delimited text is written: its delimiter and whether it quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from zhiyin.lake.sources.doubts import Doubt

_COMMON: Final = ("\t", "|", ";", ",")
_RARE: Final = ("§", "¦", "‖", "｜", "^", "~", "#", "!")
_CONTROL: Final = tuple(chr(code) for code in (*range(1, 9), 11, 12, *range(14, 26), *range(27, 32), 127))
_SYMBOLS: Final = re.compile(r"[|@^~#!$&*%+;:=_\-]{2,}")
_TELLING: Final = frozenset("|@^~#!$&*%+;:")
_ROWS: Final = 400

Split = Callable[[str], Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How fields are told apart.

    Attributes
    ----------
    delimiter : one or several characters; None for a single column.
    quote : one ASCII character; None where fields are never quoted.
    doubts : what was guessed.
    """

    delimiter: str | None
    quote: str | None
    doubts: tuple[Doubt, ...] = ()


def guess_delimiter(lines: Sequence[str], split: Split) -> tuple[str | None, tuple[Doubt, ...]]:
    """The text that splits most rows into the same number of fields.

    Control characters come first, since no text holds them; then groups of signs such as ``|+|``, provided that
    their signs hardly occur alone; then tab, ``|``, ``;`` and ``,``.

    Parameters
    ----------
    lines : the first lines of the file, without blank ones; quotes are not minded.
    split : gives the fields of the first rows for a delimiter; there quotes are minded.
    """
    lines = lines[:_ROWS]
    fits = {text: _Fit.of(split(text)) for text in _candidates(lines)}
    fitting = {text: fit for text, fit in fits.items() if fit.share >= 0.6 and fit.fields > 1}
    for group in (_CONTROL, _composites(fitting, lines), (*_COMMON, *_RARE)):
        ranked = sorted((text for text in group if text in fitting), key=lambda text: fitting[text].rank, reverse=True)
        if ranked:
            return ranked[0], _rivals(ranked, fitting)
    return None, (Doubt("one_column"),)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a delimiter splits: the usual number of fields, the share of rows with it, whether the first has it."""

    fields: int
    share: float
    heads: bool

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]]) -> _Fit:
        counts = [len(fields) for fields in rows[:_ROWS]]
        if max(counts, default=0) <= 1:
            return cls(1, 0.0, False)
        fields, times = Counter(count for count in counts if count > 1).most_common(1)[0]
        return cls(fields, times / len(counts), counts[0] == fields)

    @property
    def rank(self) -> tuple[float, int]:
        return (round(self.share + 0.5 * self.heads, 2), self.fields)


def _rivals(ranked: Sequence[str], fitting: dict[str, _Fit]) -> tuple[Doubt, ...]:
    best = ranked[0]
    for rival in ranked[1:]:
        if fitting[rival].rank[0] >= fitting[best].rank[0] - 0.1:
            data = {"chosen": repr(best), "rival": repr(rival)}
            return (Doubt("delimiter", data),)
    if fitting[best].share < 0.9:
        data = {"chosen": repr(best), "share": f"{fitting[best].share:.0%}"}
        return (Doubt("delimiter_uneven", data),)
    return ()


def _candidates(lines: Sequence[str]) -> list[str]:
    head = "".join(lines)
    singles = [text for text in (*_CONTROL, *_COMMON, *_RARE) if text in head]
    groups: set[str] = set()
    for line in lines[:2]:
        for run in _SYMBOLS.findall(line):
            run = run[:24]
            for length in (2, 3, 4):
                groups.update(run[at : at + length] for at in range(len(run) - length + 1))
    return [*singles, *sorted(group for group in groups if _TELLING.intersection(group))]


def _composites(fitting: dict[str, _Fit], lines: Sequence[str]) -> tuple[str, ...]:
    """Groups of signs whose signs occur nearly nowhere else, the longest that loses no field first."""
    text = "\n".join(lines)
    sound = [group for group in fitting if len(group) > 1 and fitting[group].share >= 0.8 and _explains(group, text)]
    if not sound:
        return ()
    most = max(fitting[group].fields for group in sound)
    longest = max((group for group in sound if fitting[group].fields == most), key=len)
    return (longest,)


def _explains(group: str, text: str) -> bool:
    rest = text.replace(group, "")
    return all(rest.count(sign) <= 0.02 * text.count(sign) for sign in set(group) & set("|@^~#!$&*;"))


def guess_quote(rows: Sequence[str], delimiter: str | None) -> str | None:
    """Whether ``"`` quotes.

    With the delimiters that text may hold (comma, tab, …) it does, as by the common rule. Warehouses that write
    control characters or groups of signs between fields rarely quote, and a quote in such a file is then part of a
    name: there it quotes only if the sample shows whole fields in quotes.
    """
    if delimiter is None or (len(delimiter) == 1 and delimiter in ",;|\t"):
        return '"'
    for row in rows[:_ROWS]:
        for piece in row.split(delimiter):
            if len(piece) >= 2 and piece[0] == '"' == piece[-1]:
                return '"'
    return None

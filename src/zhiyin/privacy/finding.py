"""All finders over many texts at once, until nothing more is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhiyin.privacy.addresses import find_addresses
from zhiyin.privacy.chinese_names import find_chinese_names
from zhiyin.privacy.contacts import find_contacts
from zhiyin.privacy.documents import find_documents
from zhiyin.privacy.english_names import find_english_names
from zhiyin.privacy.folding import BLANK, BORDER, fold
from zhiyin.privacy.gate import Family, families_of
from zhiyin.privacy.kinds import Finding
from zhiyin.privacy.own_names import find_own_name
from zhiyin.privacy.personal_numbers import find_numbers
from zhiyin.privacy.spans import Span, merged

Finder = Callable[[str, str], Iterator[Span]]

_FINDERS: Final[tuple[tuple[Family, tuple[Finder, ...]], ...]] = (
    (Family.NUMBERS, (find_numbers,)),
    (Family.CONTACTS, (find_contacts, find_documents, find_addresses)),
    (Family.CHINESE, (find_chinese_names,)),
    (Family.ENGLISH, (find_english_names,)),
)


_WORTH_FILTERING: Final = 100_000  # characters; below, building the automata costs more than looking


@dataclass(slots=True)
class _Row:
    """One text on its way: folded, with what was found in it blanked, and where its characters stood."""

    text: str
    name: str | None
    spans: list[Span]
    new: list[Span]


def find_in(
    texts: Sequence[str],
    names: Sequence[str | None] | None = None,
    families: npt.NDArray[np.uint8] | None = None,
) -> list[list[Finding]]:
    """The personal data of each text, in order and without overlap, with positions in the original.

    Texts are folded and searched end to end, so that a pattern runs once over all of them. What was found is blanked
    and the texts concerned searched again, since a number cut in two may leave another: a text whose findings are
    masked holds nothing that a second masking would find.

    Parameters
    ----------
    texts : any strings.
    names : the own name of each text's row, or None.
    families : what each text may hold, as :func:`~zhiyin.privacy.gate.families_of` says; None for everything.
    """
    if not texts:
        return []
    folded = fold(texts)
    borders = folded.borders.tolist()
    starts = [0, *(border + 1 for border in borders[:-1])]
    rows = [
        _Row(folded.text[start:border], None if names is None else names[index], [], [])
        for index, (start, border) in enumerate(zip(starts, borders, strict=True))
    ]
    active = list(range(len(rows)))
    held = np.full(len(rows), Family.ALL, dtype=np.uint8) if families is None else families
    while active:
        _search([rows[index] for index in active], held)
        places = [place for place, index in enumerate(active) if rows[index].new]
        active, held = [active[place] for place in places], held[places]
        for index in active:
            _blank(rows[index])
        if sum(len(rows[index].text) for index in active) > _WORTH_FILTERING:
            held = families_of(pa.array([rows[index].text for index in active], pa.large_string()))
            active, held = [active[place] for place in np.flatnonzero(held).tolist()], held[held > 0]
    lengths = [len(text) for text in texts]
    return _originals(rows, starts, lengths, folded.original)


def _search(rows: list[_Row], held: npt.NDArray[np.uint8]) -> None:
    """Fill ``new`` of each row with what its families' finders and its own name find."""
    for row in rows:
        row.new = [] if row.name is None else list(find_own_name(row.text, row.name))
    for family, finders in _FINDERS:
        chosen = np.flatnonzero(held & np.uint8(family)).tolist()
        if not chosen:
            continue
        text = BORDER.join([*(rows[place].text for place in chosen), ""])
        lower = text.lower()
        ends = np.cumsum([len(rows[place].text) + 1 for place in chosen])
        spans = [span for finder in finders for span in finder(text, lower)]
        places = np.searchsorted(ends, [span.start for span in spans], side="right").tolist()
        for span, place in zip(spans, places, strict=True):
            row = rows[chosen[place]]
            shift = int(ends[place]) - len(row.text) - 1
            row.new.append(Span(span.start - shift, span.end - shift, span.kind))


def _blank(row: _Row) -> None:
    """Move what was newly found to what is known, and blank it."""
    pieces, place = [], 0
    for span in merged(row.new):
        pieces += [row.text[place : span.start], BLANK * (span.end - span.start)]
        place = span.end
        row.spans.append(span)
    row.text = "".join([*pieces, row.text[place:]])


def _originals(
    rows: list[_Row], starts: list[int], lengths: list[int], original: Callable[[int, int], tuple[int, int]]
) -> list[list[Finding]]:
    found, begin = [], 0
    for row, start, length in zip(rows, starts, lengths, strict=True):
        findings: list[Finding] = []
        for span in sorted(row.spans) if row.spans else ():
            first, last = original(start + span.start, start + span.end)
            findings.append(Finding(first - begin, last - begin, span.kind))
        found.append(findings)
        begin += length + 1
    return found

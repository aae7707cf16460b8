"""All quotes of a buffer and what stands on either side of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from zhiyin.lake.sources.lines import CR, LF, Bytes, Places

_PIECE: Final = 1 << 18
_EDGE_BEFORE: Final = np.uint8(1)
_EDGE_BEHIND: Final = np.uint8(2)
_QUOTE_BEHIND: Final = np.uint8(4)

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Marks:
    """Quotes, one entry each.

    Attributes
    ----------
    places : positions, ascending.
    at_start : whether a delimiter, a line end or the buffer's edge stands before.
    at_end : whether a delimiter, a line end or the file's end stands behind.
    doubled : whether another quote stands behind.
    """

    places: Places
    at_start: Flags
    at_end: Flags
    doubled: Flags

    def lonely(self, size: int) -> Flags:
        """Quotes with text on both sides; never one at the end of a buffer of ``size`` bytes, where that is unsure."""
        flags: Flags = ~(self.at_start | self.at_end | self.doubled)
        flags[1:] &= ~self.doubled[:-1]
        if self.places[-1] == size - 1:
            flags[-1] = False
        return flags

    def only(self, flags: Flags) -> Marks:
        """Some of them."""
        return Marks(self.places[flags], self.at_start[flags], self.at_end[flags], self.doubled[flags])


def find_marks(buffer: Bytes, *, quote: int, delimiter: int, final: bool) -> Marks:
    """Find the quotes of a buffer that begins at a row's start.

    Parameters
    ----------
    buffer : UTF-8.
    quote, delimiter : bytes.
    final : nothing follows the buffer.
    """
    pieces = [_marks_of(buffer, start, quote, delimiter) for start in range(0, len(buffer), _PIECE)]
    places = np.concatenate([found for found, _ in pieces]) if pieces else np.empty(0, np.int64)
    around = np.concatenate([signs for _, signs in pieces]) if pieces else np.empty(0, np.uint8)
    at_start, at_end, doubled = ((around & bit).astype(np.bool_) for bit in (_EDGE_BEFORE, _EDGE_BEHIND, _QUOTE_BEHIND))
    if len(places):
        if places[0] == 0:
            at_start[0] = True
        if places[-1] == len(buffer) - 1:
            at_end[-1], doubled[-1] = final, False
    return Marks(places, at_start, at_end, doubled)


def _marks_of(buffer: Bytes, start: int, quote: int, delimiter: int) -> tuple[Places, npt.NDArray[np.uint8]]:
    """Places of the quotes in a piece that stays in the processor's cache, and what is around each."""
    piece = buffer[start : start + _PIECE]
    quotes = piece == quote
    edges = (piece == delimiter) | (piece == LF) | (piece == CR)
    around = np.zeros(len(piece), np.uint8)
    around[1:] = edges[:-1]
    around[:-1] |= edges[1:] * _EDGE_BEHIND
    around[:-1] |= quotes[1:] * _QUOTE_BEHIND
    if start:
        around[0] |= buffer[start - 1] in (delimiter, LF, CR)
    if start + _PIECE < len(buffer):
        following = buffer[start + _PIECE]
        around[-1] |= (following in (delimiter, LF, CR)) * _EDGE_BEHIND | (following == quote) * _QUOTE_BEHIND
    found = np.flatnonzero(quotes)
    return found + start, np.take(around, found)

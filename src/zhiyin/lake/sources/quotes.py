"""Which quotes open and close fields, which are ordinary characters, and which were never closed.

The grammar, which is that of the usual readers with guards added:

- a field is quoted when its first byte is the quote; a quote further in is an ordinary character;
- inside a quoted field a doubled quote is one quote, and a quote before a delimiter or a line end closes the field;
- any other quote inside a quoted field is an ordinary character too (``"say "yes" now"``), **unless** the field has
  already run over a line end: then the quote that opened it is taken as never closed;
- a quote is also taken as never closed when the file ends, or its row grows beyond the longest row allowed. The row is
  broken at the end of the line where that quote stands, and reading goes on with the next line: one missing quote
  costs one row and not the rest of the file.

Most buffers hold quotes in good pairs only, and numpy shows it at once. Lonely quotes, with text on both sides, are
ordinary characters wherever they stand and are left out; of the others, counted from one that opens a field, every
even quote must follow a delimiter or a line end (or be the second of a doubled pair), every odd one precede one.
Around a quote that breaks this, a loop over quotes (not over bytes) decides.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt

from zhiyin.lake.sources.lines import Places
from zhiyin.lake.sources.marks import Marks

UNTERMINATED: Final = "unterminated_quote"
TOO_LONG: Final = "too_long"

_WINDOW: Final = 4096
_WALK: Final = 1024
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
_PENDING: Final = -1
_NEVER: Final = -2


class QuoteWalk:
    """Splits one buffer, which begins at a row's start and holds quotes, into rows.

    Parameters
    ----------
    data : UTF-8.
    marks : all quotes.
    line_ends : positions of the last byte of all line ends, ascending.
    longest : bytes of the longest row allowed.
    final : nothing follows the buffer.

    Attributes
    ----------
    stuck : the rows after the last one found wait for more bytes; otherwise they hold no quoted field, and end where
        lines end.
    strays, faults, endless : see :class:`zhiyin.lake.sources.rows.Rows`.
    """

    def __init__(self, data: bytes, marks: Marks, line_ends: Places, *, longest: int, final: bool) -> None:
        self.stuck = False
        self.faults: dict[int, str] = {}
        self.endless: str | None = None
        self._data = data
        self._longest = longest
        self._final = final
        self._line_ends = line_ends
        self._base = 0
        self._pieces: list[Places] = []
        self._stray_pieces: list[Places] = []
        self._all = marks
        # A memoryview hands out Python integers three times as fast as an array does.
        self._quote: memoryview[int] = marks.places.data
        # Lonely quotes are ordinary characters wherever they stand: the arithmetic leaves them out.
        lonely = marks.lonely(len(data))
        self._lonely = marks.places[lonely]
        self._paired = marks.only(~lonely) if len(self._lonely) else marks
        self._openers = np.flatnonzero(self._paired.at_start)

    @property
    def strays(self) -> Places:
        """See :class:`zhiyin.lake.sources.rows.Rows`."""
        return np.concatenate(self._stray_pieces) if self._stray_pieces else np.empty(0, np.int64)

    def ends(self) -> Places:
        """One past the line end of each row found."""
        pieces = self._pieces
        if not self.stuck:
            pieces = [*pieces, self._line_ends[np.searchsorted(self._line_ends, self._base) :] + 1]
        return np.concatenate(pieces) if pieces else np.empty(0, np.int64)

    def run(self) -> None:
        """Decide as many rows as the buffer allows."""
        count = len(self._paired.places)
        window = count
        while (first := self._next_opener()) < count:
            before = self._base
            in_order = self._pair_up(first, min(first + window, count))
            if self._base > before:
                window = window * 2 if in_order else _WINDOW
            elif in_order and first + window < count:
                window *= 4
            elif self._walk(int(np.searchsorted(self._all.places, self._paired.places[first]))):
                window = _WINDOW
            else:
                self.stuck = True
                return

    def _next_opener(self) -> int:
        """Number of the first quote, from the base on, that could open a field."""
        first = np.searchsorted(self._paired.places, self._base)
        place = np.searchsorted(self._openers, first)
        return int(self._openers[place]) if place < len(self._openers) else len(self._paired.places)

    def _pair_up(self, first: int, last: int) -> bool:
        """Accept the rows before the first quote that is out of order; whether none was.

        Parameters
        ----------
        first, last : numbers of the quotes to look at, the lonely ones not counted; ``first`` opens a field.
        """
        even = self._paired.at_start[first:last:2].copy()
        odd = self._paired.at_end[first + 1 : last : 2] | self._paired.doubled[first + 1 : last : 2]
        even[1:] |= self._paired.doubled[first + 1 : last : 2][: len(even) - 1]
        wrong = min(
            _first_false(even, len(even)) * 2,
            _first_false(odd, len(odd) + 1) * 2 + 1,
            last - first,
        )
        paired = wrong // 2 * 2
        spans = _Spans(
            self._paired.places[first : first + paired : 2],
            self._paired.places[first + 1 : first + paired : 2],
            self._paired.at_start[first : first + paired : 2],
        )
        following = first + paired
        bound = int(self._paired.places[following]) if following < len(self._paired.places) else len(self._data)
        crossing = self._lonely_behind_line_end(spans, bound)
        begin, end = np.searchsorted(self._line_ends, (self._base, min(bound, crossing)))
        candidates = self._line_ends[begin:end]
        ends = candidates[~spans.hold(candidates)] + 1
        lengths = np.diff(ends, prepend=self._base)
        ends = ends[: _first_false(lengths <= self._longest, len(ends))]
        if len(ends):
            lonely = self._lonely_between(self._base, int(ends[-1]))
            self._stray_pieces.append(lonely[spans.hold(lonely)])
            self._pieces.append(ends)
            self._base = int(ends[-1])
        return wrong == last - first and crossing >= bound

    def _lonely_between(self, start: int, stop: int) -> Places:
        begin, end = np.searchsorted(self._lonely, (start, stop))
        lonely: Places = self._lonely[begin:end]
        return lonely

    def _lonely_behind_line_end(self, spans: _Spans, bound: int) -> int:
        """Where the first field opens that holds a lonely quote behind a line end: it was never closed."""
        lonely = self._lonely_between(self._base, bound)
        if not len(lonely):
            return len(self._data)
        inside = lonely[spans.hold(lonely)]
        opened = spans.field_opens(inside)
        crossed = np.searchsorted(self._line_ends, opened) < np.searchsorted(self._line_ends, inside)
        return int(opened[int(np.argmax(crossed))]) if crossed.any() else len(self._data)

    def _walk(self, first: int) -> bool:
        """Decide some rows quote by quote, from the one that holds quote ``first`` on; False when bytes are missing."""
        number = first
        while number < min(first + _WALK, len(self._all.places)):
            start = self._row_start(self._quote[number])
            begin, end = np.searchsorted(self._line_ends, (self._base, start))
            self._pieces.append(self._line_ends[begin:end] + 1)
            self._base = start
            stop = self._walk_row(start, number)
            if stop < 0:
                return False
            self._pieces.append(np.array([stop], np.int64))
            self._base = stop
            number = int(np.searchsorted(self._all.places, stop))
        return True

    def _row_start(self, place: int) -> int:
        """Start of the row that holds a place outside quotes."""
        found = self._data.rfind(b"\n", self._base, place)
        found = max(found, self._data.rfind(b"\r", max(found, self._base), place))
        return max(found + 1, self._base)

    def _walk_row(self, start: int, number: int) -> int:
        """End of one row, or a negative number when the bytes for it are missing."""
        limit = start + self._longest
        cursor, stop = start, 0
        while True:
            if 0 <= stop <= cursor:
                stop = self._line_stop(cursor)
            place = self._quote[number] if number < len(self._quote) else len(self._data)
            if 0 <= stop <= place:
                if stop > limit:
                    self.faults[start] = TOO_LONG
                return stop
            if place >= limit or number >= len(self._quote):
                return self._no_end(start, limit, TOO_LONG)
            if not self._all.at_start[number]:
                cursor, number = place + 1, number + 1
                continue
            closing = self._closing(number, limit)
            if closing == _PENDING:
                return _PENDING
            if closing == _NEVER:
                return self._no_end(start, place, UNTERMINATED)
            cursor, number = self._quote[closing] + 1, closing + 1

    def _no_end(self, start: int, search: int, reason: str) -> int:
        """Break the row that starts at ``start`` at the first line end from ``search`` on."""
        size = len(self._data)
        if reason == TOO_LONG and size - start <= self._longest:
            return size if self._final else _PENDING
        stop = self._line_stop(search)
        if stop < 0 and not self._final:
            self.endless = reason
            return _PENDING
        self.faults[start] = reason
        return stop if stop >= 0 else size

    def _line_stop(self, search: int) -> int:
        """One past the first line end from a place on; -1 if there is none, or not surely."""
        found = _LINE_END.search(self._data, search)
        if found is None or (found.end() == len(self._data) and found.group() == b"\r" and not self._final):
            return -1
        return found.end()

    def _closing(self, opening: int, limit: int) -> int:
        """Number of the quote that closes the field which quote ``opening`` opens."""
        size, count = len(self._data), len(self._quote)
        seen = self._quote[opening]
        strays: list[int] = []
        number = opening + 1
        while number < count and (place := self._quote[number]) < limit:
            if self._all.at_end[number]:
                if strays:
                    self._stray_pieces.append(np.array(strays, np.int64))
                return number
            if place + 1 == size:
                return _PENDING
            if self._all.doubled[number]:
                number += 2
                continue
            if _LINE_END.search(self._data, seen, place):
                return _NEVER
            seen = place
            strays.append(place)
            number += 1
        return _NEVER if self._final or size > limit else _PENDING


class _Spans:
    """Quoted fields, one behind the other; a doubled quote splits a field into two spans.

    Parameters
    ----------
    opens, closes : positions of the quotes around each span.
    is_field : whether the span begins a field.
    """

    def __init__(self, opens: Places, closes: Places, is_field: npt.NDArray[np.bool_]) -> None:
        self._opens, self._closes, self._is_field = opens, closes, is_field

    def hold(self, places: Places) -> npt.NDArray[np.bool_]:
        """Which places lie within a span."""
        if not len(self._opens):
            return np.zeros(len(places), np.bool_)
        before = np.searchsorted(self._opens, places) - 1
        held: npt.NDArray[np.bool_] = (before >= 0) & (places < self._closes[before])
        return held

    def field_opens(self, places: Places) -> Places:
        """Where the field of each place, which lies within a span, opens."""
        if not len(places):
            return places
        firsts = np.maximum.accumulate(np.where(self._is_field, np.arange(len(self._opens)), 0))
        opens: Places = self._opens[firsts[np.searchsorted(self._opens, places) - 1]]
        return opens


def _first_false(flags: npt.NDArray[np.bool_], otherwise: int) -> int:
    if not len(flags):
        return otherwise
    place = int(np.argmin(flags))
    return otherwise if flags[place] else place

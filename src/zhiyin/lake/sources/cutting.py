"""A stream of bytes becomes stretches of whole rows in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from zhiyin.lake.sources.block import RAW_LENGTH
from zhiyin.lake.sources.encodings import EncodingGuess, Transcoder
from zhiyin.lake.sources.judging import is_data
from zhiyin.lake.sources.lines import CR, LF, count_line_ends
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.plan import Plan
from zhiyin.lake.sources.rows import Grammar, Rows, find_rows
from zhiyin.lake.sources.standin import is_replaced, with_standin
from zhiyin.lake.sources.streams import ByteStream

# A character of UTF-8 has at most four bytes.
_HEAD: Final = 4 * RAW_LENGTH


@dataclass(frozen=True, slots=True)
class Overlong:
    """A broken row behind a stretch whose end was not in the buffer; it is passed over up to a line end.

    Attributes
    ----------
    reason : code, as in :class:`zhiyin.lake.sources.block.BrokenRow`.
    head : its first bytes, with the delimiters as they stand in the file.
    lines : line ends in it.
    """

    reason: str
    head: bytes
    lines: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole rows.

    Attributes
    ----------
    data, stop : the rows are ``data[:stop]``, UTF-8 with marks for undecodable bytes.
    delimiter : the byte between fields in ``data``.
    rows : where they are; None where every line is a row and none is longer than allowed.
    lines : line ends in the rows.
    position : bytes of the file on disk consumed.
    overlong : one more row, broken, behind them.
    widths : fixed width: start of a row of the wrong width to its bytes.
    """

    data: bytes
    stop: int
    delimiter: int
    rows: Rows | None
    lines: int
    position: int
    overlong: Overlong | None = None
    widths: dict[int, int] = field(default_factory=dict)

    @property
    def all_lines(self) -> int:
        """Line ends in the rows and in the overlong row."""
        return self.lines + (self.overlong.lines if self.overlong else 0)


class Pieces:
    """A stream's text, piece by piece, in UTF-8 without byte order mark and preamble."""

    def __init__(self, stream: ByteStream, encoding: EncodingGuess, preamble: int, size: int) -> None:
        self._stream = stream
        self._transcoder = None if encoding.name == "utf-8" else Transcoder(encoding.name)
        self._size = size
        self._left = preamble
        self._bom = encoding.bom
        self.final = False

    def next(self) -> bytes:
        """The next piece, empty behind the end; :attr:`final` then tells whether it is the last."""
        if self.final:
            return b""
        raw = self._stream.read(self._size)
        self.final = len(raw) < self._size
        if self._bom:
            raw, self._bom = raw[self._bom :], 0
        text = raw if self._transcoder is None else self._transcoder.feed(raw, final=self.final)
        if self._left:
            passed = min(self._left, len(text))
            text, self._left = text[passed:], self._left - passed
        return text


def cut_stretches(stream: ByteStream, encoding: EncodingGuess, plan: Plan, options: SourceOptions) -> Iterator[Stretch]:
    """The stretches of one text.

    At a place where the stream is cut off, the last, incomplete row is left out.
    """
    pieces = Pieces(stream, encoding, plan.preamble, options.block_bytes)
    carry, last = b"", False
    while not last:
        data = carry + pieces.next() if carry else pieces.next()
        last = pieces.final
        ends_here = last and stream.cut is None
        data, byte = with_standin(data, stream.name, plan.delimiter)
        data, held = (data, b"") if ends_here else _hold_margin(data, plan)
        grammar = Grammar(byte, ord(plan.quote) if plan.quote else None, options.longest_row)
        stop, rows = _cut(data, grammar, options, columns=len(plan.columns), final=ends_here)
        tail, held = _restored(data[stop:], byte, plan.delimiter), _restored(held, byte, plan.delimiter)
        carry, overlong = tail + held, None
        if rows is not None and rows.endless is not None and not last:
            overlong, carry = pass_over(pieces, tail, held, rows.endless)
        lines = len(rows.line_ends) if rows is not None else _count(data, stop)
        stretch = Stretch(data, stop, byte, rows, lines, stream.position, overlong)
        # What was parsed must not stay alive while the next piece is read: only the caller holds it.
        del data, rows, tail
        yield stretch
        del stretch


def _hold_margin(data: bytes, plan: Plan) -> tuple[bytes, bytes]:
    """Set the last bytes aside, which may be the beginning of a delimiter: a quote before it would be misjudged."""
    margin = len((plan.delimiter or "").encode()) - 1
    if margin < 1 or plan.quote is None or plan.quote.encode() not in data:
        return data, b""
    return data[:-margin], data[-margin:]


def _restored(tail: bytes, byte: int, delimiter: str | None) -> bytes:
    """What is left for the next stretch, with the delimiters as they stand in the file."""
    if delimiter is None or not is_replaced(delimiter):
        return tail
    return tail.replace(bytes((byte,)), delimiter.encode())


def _cut(
    data: bytes, grammar: Grammar, options: SourceOptions, *, columns: int, final: bool
) -> tuple[int, Rows | None]:
    """Where the stretch ends, and its rows where lines alone do not tell them."""
    quoted = grammar.quote is not None and grammar.quote in data
    if not quoted and not options.trailer_rows and options.comment is None:
        stop = len(data) if final else _last_line_end(data)
        if stop and _lines_are_short(data, stop, options.longest_row) and len(data) - stop <= options.longest_row:
            return stop, None
    rows = find_rows(data, grammar, final=final)
    if options.trailer_rows and rows.endless is None:
        rows = _hold_back(data, rows, grammar, options, columns=columns)
    return rows.stop, rows


def _last_line_end(data: bytes) -> int:
    # A CR at the very end may be half of a CR LF.
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1


def _lines_are_short(data: bytes, stop: int, longest: int) -> bool:
    """Whether surely no line is too long: such a line would leave a half of its length without any LF."""
    half = max(longest // 2, 1)
    return stop <= longest or all(data.find(b"\n", at, at + half) >= 0 for at in range(0, stop - half, half))


def _hold_back(data: bytes, rows: Rows, grammar: Grammar, options: SourceOptions, *, columns: int) -> Rows:
    """Leave the last rows, which may be the trailer, for the next stretch; after the last one they are dropped."""
    held = np.flatnonzero(is_data(data, rows, grammar, comment=options.comment, columns=columns))
    kept = int(held[-options.trailer_rows]) if len(held) >= options.trailer_rows else 0
    stop = int(rows.starts[kept]) if len(rows.starts) else 0
    return Rows(
        rows.starts[:kept],
        rows.ends[:kept],
        rows.line_ends[rows.line_ends < stop],
        rows.strays[rows.strays < stop],
        {start: reason for start, reason in rows.faults.items() if start < stop},
        rows.endless,
    )


def pass_over(pieces: Pieces, tail: bytes, held: bytes, reason: str) -> tuple[Overlong, bytes]:
    """Read on to the line end that ends an overlong row; what follows it is the new carry.

    Parameters
    ----------
    pieces : where to read on.
    tail : the row so far, without the line end that ends it.
    held : bytes behind it that were not looked at yet.
    reason : why the row is broken.
    """
    rest = (b"\r" if tail.endswith(b"\r") else b"") + held
    passed = tail[: len(tail) + len(held) - len(rest)]
    head, lines = passed[:_HEAD], _count(passed, len(passed))
    while True:
        stop = _line_stop(rest, final=pieces.final)
        if stop >= 0:
            return Overlong(reason, head + rest[:stop], lines + 1), rest[stop:]
        if pieces.final:
            return Overlong(reason, head + rest, lines), b""
        undecided = b"\r" if rest.endswith(b"\r") else b""
        if len(head) < _HEAD:
            head += rest[: len(rest) - len(undecided)]
        rest = undecided + pieces.next()


def _count(data: bytes, stop: int) -> int:
    return count_line_ends(np.frombuffer(data, np.uint8)[:stop], has_cr=b"\r" in data)


def _line_stop(data: bytes, *, final: bool) -> int:
    """One past the first line end; -1 if there is none, or half of one."""
    places = [place for place in (data.find(LF), data.find(CR)) if place >= 0]
    if not places:
        return -1
    place = min(places)
    if data[place] == CR:
        if place + 1 == len(data):
            return len(data) if final else -1
        return place + 2 if data[place + 1] == LF else place + 1
    return place + 1

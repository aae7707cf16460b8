"""Where rows end in a buffer of delimited text.

Without quotes that is where lines end. With quotes (:mod:`zhiyin.lake.sources.quotes`) a line end may be part of a
value. A row longer than the longest one allowed is broken: up to its natural end where no quotes are involved, else
up to the first line end behind the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from zhiyin.lake.sources.lines import Places, find_line_ends
from zhiyin.lake.sources.marks import find_marks
from zhiyin.lake.sources.quotes import TOO_LONG, QuoteWalk

_NONE: Final = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Grammar:
    """How rows are written, after decoding to UTF-8.

    Attributes
    ----------
    delimiter : the byte between fields.
    quote : the byte around fields; None where fields are never quoted.
    longest : bytes of a row, with its line end, beyond which it is broken.
    """

    delimiter: int
    quote: int | None
    longest: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a buffer, blank ones included.

    Attributes
    ----------
    starts, ends : first byte of each row, and one past its line end; ``starts[i + 1] == ends[i]``.
    line_ends : last byte of every line end in these rows, those inside quoted fields too.
    strays : quotes inside quoted fields that are ordinary characters.
    faults : start of a row to the reason why it is broken.
    endless : the reason why the row after the last one is broken, although its end is not in the buffer yet.
    """

    starts: Places
    ends: Places
    line_ends: Places
    strays: Places
    faults: dict[int, str]
    endless: str | None = None

    @property
    def stop(self) -> int:
        """One past the last complete row."""
        return int(self.ends[-1]) if len(self.ends) else 0


def find_rows(data: bytes, grammar: Grammar, *, final: bool) -> Rows:
    """Split a buffer, which begins at a row's start, into rows.

    Parameters
    ----------
    data : UTF-8.
    grammar : delimiter, quote and limit.
    final : nothing follows; the last row needs no line end. Otherwise an incomplete last row is left out.
    """
    size = len(data)
    buffer = np.frombuffer(data, np.uint8)
    # A CR at the very end may be half of a CR LF that the next piece completes.
    decided = size - 1 if not final and data.endswith(b"\r") else size
    line_ends = find_line_ends(buffer[:decided], has_cr=b"\r" in data)
    if grammar.quote is None or grammar.quote not in data:
        ends = line_ends + 1
        return _finished(ends, line_ends, _NONE, {}, size=size, longest=grammar.longest, final=final)
    marks = find_marks(buffer, quote=grammar.quote, delimiter=grammar.delimiter, final=final)
    walk = QuoteWalk(data, marks, line_ends, longest=grammar.longest, final=final)
    walk.run()
    strays = walk.strays
    if walk.stuck:
        return _assembled(walk.ends(), line_ends, strays, walk.faults, walk.endless, longest=grammar.longest)
    return _finished(walk.ends(), line_ends, strays, walk.faults, size=size, longest=grammar.longest, final=final)


def _finished(
    ends: Places, line_ends: Places, strays: Places, faults: dict[int, str], *, size: int, longest: int, final: bool
) -> Rows:
    """Add the last row, which has no line end and no quoted field."""
    last = int(ends[-1]) if len(ends) else 0
    endless = None
    if last < size and final:
        ends = np.append(ends, size)
    elif size - last > longest:
        endless = TOO_LONG
    return _assembled(ends, line_ends, strays, faults, endless, longest=longest)


def _assembled(
    ends: Places, line_ends: Places, strays: Places, faults: dict[int, str], endless: str | None, *, longest: int
) -> Rows:
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1]
    for start in starts[ends - starts > longest].tolist():
        faults.setdefault(start, TOO_LONG)
    stop = ends[-1] if len(ends) else 0
    line_ends = line_ends[: np.searchsorted(line_ends, stop)]
    return Rows(starts, ends, line_ends, strays, faults, endless)

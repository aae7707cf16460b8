"""Which rows are data, and which of these cannot be parsed."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from zhiyin.lake.sources.encodings import undecodable
from zhiyin.lake.sources.lines import Places, find_byte, find_line_ends, strip_line_ends
from zhiyin.lake.sources.rows import Grammar, Rows

# 0x1A is the end-of-file mark that old systems leave in the last line.
_BLANK: Final = b" \t\x1a"
_FIRST_OF_BLANK: Final = _BLANK + b"\r\n"
_IS_FIRST_OF_BLANK: Final = np.isin(np.arange(256), list(_FIRST_OF_BLANK))
Flags = npt.NDArray[np.bool_]


def is_data(data: bytes, rows: Rows, grammar: Grammar, *, comment: str | None, columns: int) -> Flags:
    """Which rows are neither blank nor comments.

    A line of nothing but spaces and tabs is blank, unless the file has a single column or they are its delimiter.

    Parameters
    ----------
    data : the buffer that the rows were found in.
    rows, grammar : as found, and how.
    comment : what comments start with.
    columns : of the file.
    """
    if not len(rows.starts):
        return np.zeros(0, np.bool_)
    buffer = np.frombuffer(data, np.uint8)
    stops = strip_line_ends(buffer, rows.starts, rows.ends)
    flags: Flags = stops > rows.starts
    blanks = _BLANK.replace(bytes((grammar.delimiter,)), b"") if columns > 1 else b"\x1a"
    table = np.zeros(256, np.bool_)
    table[list(blanks)] = True
    for row in np.flatnonzero(flags & table[buffer[rows.starts]] & table[buffer[np.maximum(stops - 1, 0)]]).tolist():
        flags[row] = bool(data[rows.starts[row] : stops[row]].strip(blanks))
    if comment:
        sign = comment.encode()
        for row in np.flatnonzero(flags & (buffer[rows.starts] == sign[0])).tolist():
            flags[row] = not data.startswith(sign, int(rows.starts[row]))
    return flags


def count_plain(data: bytes, stop: int) -> int:
    """Number of lines of ``data[:stop]``, if surely none is blank; else -1."""
    if not stop:
        return 0
    buffer = np.frombuffer(data, np.uint8)[:stop]
    starts = find_line_ends(buffer, has_cr=b"\r" in data) + 1
    ended = len(starts) and starts[-1] == stop
    firsts = buffer[starts[:-1] if ended else starts]
    if buffer[0] in _FIRST_OF_BLANK or _IS_FIRST_OF_BLANK[firsts].any():
        return -1
    return len(firsts) + 1


def unparsable(data: bytes, rows: Rows) -> dict[int, str]:
    """Number of each row that must not reach the parser, with the reason."""
    reasons: dict[int, str] = {}
    body = data[: rows.stop]
    for reason, places in (
        ("encoding", np.array(undecodable(body), np.int64)),
        ("nul", find_byte(np.frombuffer(body, np.uint8), 0)),
    ):
        for row in np.unique(_rows_of(places, rows)).tolist():
            reasons[row] = reason
    for start, reason in rows.faults.items():
        reasons[int(np.searchsorted(rows.starts, start))] = reason
    return reasons


def _rows_of(places: Places, rows: Rows) -> Places:
    return np.searchsorted(rows.starts, places, side="right") - 1

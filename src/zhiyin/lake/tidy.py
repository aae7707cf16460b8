"""Text columns made tidy before anything reads them: no blanks at either end, null rather than empty.

Most files are tidy already. Whether a column is can be told from the first and last byte of each text, which costs a
hundredth of trimming it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

BLANKS: Final = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"
"""What is taken off: also the full-width blank and the marks that hide at the start of files."""
_SPACE: Final = 0x20
_LEAD_BYTES: Final = (0xC2, 0xE2, 0xE3, 0xEF)
"""First bytes of the blanks beyond ASCII; other characters begin so too, which only costs a needless trim."""
_LAST_BYTES: Final = (0xA0, 0x80, 0xBF, 0x8B)


def tidy(rows: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """The table with these text columns tidy."""
    for name in names:
        column = rows.column(name)
        if any(_untidy(chunk) for chunk in column.chunks):
            trimmed = pc.utf8_trim(column, characters=BLANKS)
            trimmed = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
            rows = rows.set_column(rows.column_names.index(name), name, trimmed)
    return rows


def _untidy(texts: pa.StringArray) -> bool:
    starts, ends, data = string_parts(texts)
    filled = ends > starts
    if texts.null_count:
        if int(np.count_nonzero(filled)) != len(texts) - texts.null_count:
            return True
    elif not filled.all():
        return True
    first, last = data[starts[filled]], data[ends[filled] - 1]
    blank = (first <= _SPACE).any() or (last <= _SPACE).any()
    return bool(blank or np.isin(first, _LEAD_BYTES).any() or np.isin(last, _LAST_BYTES).any())


def string_parts(
    texts: pa.StringArray,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text starts and ends, and the bytes of all."""
    _, offsets, data = texts.buffers()
    if len(texts) == 0 or offsets is None:
        empty = np.zeros(0, np.int32)
        return empty, empty, np.zeros(0, np.uint8)
    bounds = np.frombuffer(offsets, np.int32, count=len(texts) + texts.offset + 1)[texts.offset :]
    content = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return bounds[:-1], bounds[1:], content


def is_plain(texts: pa.ChunkedArray) -> bool:
    """Whether no text of a time column can carry an offset: nothing longer than a date and a time, no sign, no Z."""
    for chunk in texts.chunks:
        starts, ends, data = string_parts(chunk)
        if not len(starts):
            continue
        if int((ends - starts).max()) > len("2026-03-02T10:00:00"):
            return False
        used = data[starts[0] : ends[-1]]
        if np.isin(used, (ord("+"), ord("Z"), ord("z"))).any():
            return False
        last = ends[(ends - starts) > len("2026-03-02")]
        if any((data[last - back] == ord("-")).any() for back in (len("-05"), len("-0500"), len("-05:00"))):
            return False
    return True

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


def _table(low: int, *more: int) -> npt.NDArray[np.bool_]:
    """Which of the 256 bytes are meant: those up to ``low``, and more."""
    table = np.zeros(256, dtype=np.bool_)
    table[: low + 1] = True
    table[list(more)] = True
    return table


_MAY_BEGIN: Final = _table(0x20, 0xC2, 0xE2, 0xE3, 0xEF)
"""First bytes of blanks; other characters begin so too, which only costs a needless trim. Chinese ones do not."""
_ENDS_BLANK: Final = _table(0x20)
_ENDS_WIDE: Final = _table(-1, 0xA0, 0x80, 0xBF, 0x8B)
"""Last bytes of the blanks of several bytes; some Chinese characters end so too and are looked at one by one."""
_WIDE: Final = tuple(blank.encode() for blank in BLANKS if ord(blank) > 0x7F)


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
    if not filled.all():
        starts, ends = starts[filled], ends[filled]
    last = data[ends - 1]
    return bool(_MAY_BEGIN[data[starts]].any() or _ENDS_BLANK[last].any() or _wide_end(data, starts, ends, last))


def _wide_end(
    data: npt.NDArray[np.uint8],
    starts: npt.NDArray[np.int32],
    ends: npt.NDArray[np.int32],
    last: npt.NDArray[np.uint8],
) -> bool:
    """Whether a text may end with a blank of two or three bytes: its last bytes are such a blank's."""
    suspects = np.flatnonzero(_ENDS_WIDE[last] & (ends - starts > 1))
    return any(bytes(data[ends[k] - 3 : ends[k]]).endswith(_WIDE) for k in suspects)


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

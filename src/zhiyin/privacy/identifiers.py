"""Direct identifiers in columns that should hold pseudonymous keys.

A key column is a bank's own numbering, and some of its numbers will look like a card or pass a check digit by chance
(one in ten or eleven). So a value is judged with its column: a shape is believed only where more of the values of that
shape pass the check than chance explains.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.privacy.checksums import CARD_RANGES, PROVINCES, luhn_passes, resident_id_checks

_BELIEVED_SHARE: Final = 0.5
_MOBILE_SHARE: Final = 0.9
_MOBILE_FEWEST: Final = 5
_MOBILE_RANGES: Final = 4

_ID_SHAPE: Final = (
    f"^(?:{'|'.join(sorted(PROVINCES))})[0-9]{{4}}(?:19[0-9]{{2}}|20[0-5][0-9])"
    "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$"
)
_CARD_SHAPE: Final = "^(?:" + "|".join(CARD_RANGES).replace(r"\d", "[0-9]") + ")$"
_MOBILE_SHAPE: Final = "^1(?:3[0-9]|4[0145-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-9])[0-9]{8}$"


def looks_like_direct_identifier(values: pa.Array | pa.ChunkedArray) -> pa.BooleanArray:
    """For each value of a key column whether it is a resident ID, bank card or mobile number.

    Resident IDs must have the shape (province, day of birth) and the right check character; cards 16-19 digits, a
    known range and the Luhn check. Either kind counts only where at least half of the column's values of that shape
    pass, since a bank's own 16- or 18-digit numbers pass one time in ten by chance. A mobile number has no check digit
    and looks like an 11-digit customer number; a column of them counts where at least nine in ten 11-digit values lie
    in assigned ranges, over at least five values and four ranges (serial numbers share one).

    Parameters
    ----------
    values : strings or integers, null allowed. Give whole columns or large blocks: the judgement is about the column.

    Returns
    -------
    BooleanArray : as long as ``values``; false for null.
    """
    column = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks)
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    plain = pc.replace_substring_regex(column, "[ -]", "")
    found = _resident_ids(plain) | _cards(plain) | _mobiles(plain)
    return pa.array(found)


def _matching(plain: pa.Array, shape: str) -> npt.NDArray[np.int64]:
    matched = pc.fill_null(pc.match_substring_regex(plain, shape), fill_value=False)
    return np.flatnonzero(matched.to_numpy(zero_copy_only=False))


def _characters(plain: pa.Array, rows: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.uint8]:
    """The ASCII codes of values that all have one length, one row a value."""
    joined = "".join(plain.take(pa.array(rows)).to_pylist()).encode("ascii")
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(rows), length)


def _resident_ids(plain: pa.Array) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(plain), dtype=bool)
    rows = _matching(plain, _ID_SHAPE)
    if len(rows):
        codes = _characters(plain, rows, 18)
        last = np.where(codes[:, 17] == ord("x"), ord("X"), codes[:, 17])
        passes = resident_id_checks(codes[:, :17] - ord("0")) == last
        found[rows] = passes & (passes.mean() >= _BELIEVED_SHARE)
    return found


def _cards(plain: pa.Array) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(plain), dtype=bool)
    rows = _matching(plain, _CARD_SHAPE)
    lengths = pc.utf8_length(plain.take(pa.array(rows))).to_numpy(zero_copy_only=False)
    for length in range(16, 20):
        of_length = rows[lengths == length]
        if len(of_length):
            passes = luhn_passes(_characters(plain, of_length, length) - ord("0"))
            found[of_length] = passes & (passes.mean() >= _BELIEVED_SHARE)
    return found


def _mobiles(plain: pa.Array) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(plain), dtype=bool)
    rows = _matching(plain, _MOBILE_SHAPE)
    if len(rows) < _MOBILE_FEWEST or len(rows) < _MOBILE_SHARE * len(_matching(plain, "^[0-9]{11}$")):
        return found
    ranges = np.unique(_characters(plain, rows, 11)[:, :3], axis=0)
    found[rows] = len(ranges) >= _MOBILE_RANGES
    return found

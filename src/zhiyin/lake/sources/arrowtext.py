"""Arrow columns of any type as text."""

from __future__ import annotations

import datetime as dt
import decimal
import json
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_WHOLE: Final = 2**53


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text; empty text becomes null.

    Whole numbers and decimals are exact; floating numbers are the shortest that read back the same, whole ones
    without fraction, NaN null; times are ISO 8601 with the offset of their zone (``2024-03-01T10:00:00+08:00``, ``Z``
    for UTC), their fraction left out where it is nil; bytes are text where they are UTF-8, else hexadecimal with
    ``0x``; lists and maps are JSON.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if isinstance(kind, pa.BaseExtensionType):
        return as_text(pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type))
    if pa.types.is_nested(kind):
        return pa.chunked_array(
            [[None if value is None else _json(value) for value in column.to_pylist()]], pa.string()
        )
    if pa.types.is_floating(kind):
        text = _float_text(column)
    elif pa.types.is_timestamp(kind):
        text = _time_text(column)
    elif pa.types.is_time(kind):
        text = pc.replace_substring_regex(pc.cast(column, pa.string()), r"\.0+$", "")
    elif pa.types.is_duration(kind):
        text = _float_text(pc.divide(column.cast(pa.int64()).cast(pa.float64()), _PER_SECOND[kind.unit]))
    elif pa.types.is_decimal(kind):
        text = pa.chunked_array([[_decimal(value) for value in column.to_pylist()]], pa.string())
    elif _is_binary(kind):
        text = _binary_text(column)
    else:
        text = _cast_text(column)
    empty = pc.equal(text, "")
    return pc.if_else(empty, None, text) if pc.any(empty).as_py() else text


_PER_SECOND: Final = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def places_of_nul(column: pa.ChunkedArray) -> list[int]:
    """Places of the texts with a NUL in them."""
    found = pc.fill_null(pc.match_substring(column, "\0"), False)
    places: list[int] = np.flatnonzero(found.to_numpy()).tolist() if pc.any(found).as_py() else []
    return places


def _float_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    wide = column.cast(pa.float64())
    whole = pc.and_(pc.equal(pc.floor(wide), wide), pc.less(pc.abs(wide), float(_WHOLE)))
    numbers = pc.cast(pc.if_else(whole, wide, None), pa.int64(), safe=False)
    known = pc.if_else(pc.is_nan(wide), None, column)
    return pc.coalesce(pc.cast(numbers, pa.string()), pc.cast(known, pa.string()))


def _time_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = pc.replace_substring(pc.cast(column, pa.string()), " ", "T")
    text = pc.replace_substring_regex(text, r"\.0+(Z|[+-]\d{4})?$", r"\1")
    return pc.replace_substring_regex(text, r"([+-]\d{2})(\d{2})$", r"\1:\2") if column.type.tz else text


def _decimal(value: decimal.Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _cast_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return pc.cast(column, pa.string())
    except pa.ArrowNotImplementedError:
        # Rare types, such as intervals of months and days, that Arrow does not write itself.
        values = column.to_pylist()
        return pa.chunked_array([[None if value is None else _json(value) for value in values]], pa.string())


def _is_binary(kind: pa.DataType) -> bool:
    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
    return any(test(kind) for test in tests)


def _binary_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return pc.cast(column.cast(pa.binary()), pa.string())
    except pa.ArrowInvalid:
        return pa.chunked_array([[_bytes_text(value) for value in column.to_pylist()]], pa.string())


def _bytes_text(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return "0x" + value.hex()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """What JSON has no word for."""
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return _bytes_text(value)
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    return str(value)

"""Columns as Arrow arrays, fast: keys from numbers, categories from codes; and the Parquet files that hold them.

Sixty million rows with five keys each leave no time for Python strings: keys are written as digits straight into
Arrow buffers, categories as dictionary codes. The files say ``string`` for both, as the tables declare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zhiyin.engine import arrow_schema
from zhiyin.tables import SEQUENCE, Kind, Table

Ints = NDArray[np.int64]
Column: TypeAlias = "pa.Array | NDArray[np.generic]"

_DIGITS: Final = np.array([f"{k:04d}" for k in range(10_000)], dtype="S4").view(np.uint32)
ROW_GROUP: Final = 131_072


def keys(prefix: str, numbers: Ints, *, groups: int, present: NDArray[np.bool_] | None = None) -> pa.StringArray:
    """Keys such as ``I251100012345``: the prefix and the number in ``4 * groups`` digits; null where not present."""
    head = len(prefix)
    width = head + 4 * groups
    letters = np.empty((numbers.size, width), dtype=np.uint8)
    letters[:, :head] = np.frombuffer(prefix.encode("ascii"), dtype=np.uint8)
    rest = numbers
    for group in range(groups - 1, -1, -1):
        quotient = rest // 10_000
        place = head + 4 * group
        letters[:, place : place + 4] = _DIGITS[rest - quotient * 10_000].view(np.uint8).reshape(-1, 4)
        rest = quotient
    offsets = np.arange(0, (numbers.size + 1) * width, width, dtype=np.int32)
    if present is None or bool(present.all()):
        return pa.StringArray.from_buffers(numbers.size, pa.py_buffer(offsets), pa.py_buffer(letters))
    valid = pa.py_buffer(np.packbits(present, bitorder="little"))
    return pa.StringArray.from_buffers(numbers.size, pa.py_buffer(offsets), pa.py_buffer(letters), valid)


@dataclass(frozen=True, slots=True)
class Codes:
    """Names of a category; an array of positions becomes a dictionary column (-1: null)."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"a category is named twice: {self.names}")

    @staticmethod
    def of(names: Iterable[str]) -> tuple[Codes, Ints]:
        """The different names, and the position of each one given."""
        given = list(names)
        codes = Codes(tuple(dict.fromkeys(given)))
        return codes, np.array([codes[name] for name in given], dtype=np.int64)

    def __getitem__(self, name: str) -> int:
        return self.names.index(name)

    def column(self, positions: NDArray[np.integer]) -> pa.DictionaryArray:
        """The category of each row."""
        missing = positions < 0
        indices = pa.array(positions.astype(np.int32), mask=missing if bool(missing.any()) else None)
        return pa.DictionaryArray.from_arrays(indices, pa.array(self.names, pa.string()))


def constant(name: str, length: int) -> pa.DictionaryArray:
    """The same category in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(length, dtype=np.int32)), pa.array([name], pa.string()))


def nullable(values: NDArray[np.generic], present: NDArray[np.bool_]) -> pa.Array:
    """Numbers, null where not present."""
    return pa.array(values, mask=~present)


def write_rows(path: Path, table: Table, columns: Mapping[str, Column], *, first_seq: int) -> int:
    """Write rows of a declared table, columns that are not given being null; returns the number of rows.

    ``first_seq`` is the arrival number of the first row.
    """
    schema = arrow_schema(table)
    length = len(next(iter(columns.values())))
    given = {**columns, SEQUENCE: np.arange(first_seq, first_seq + length, dtype=np.int64)}
    unknown = set(given) - set(schema.names)
    if unknown:
        raise ValueError(f"{table.name} has no columns {sorted(unknown)}")
    arrays = [_array(given.get(field.name), field, length) for field in schema]
    plain = [c.name for c in table.columns if c.kind is Kind.KEY and not _is_coded(given.get(c.name))]
    write_arrays(path, arrays, list(schema), plain=plain)
    return length


def _is_coded(column: Column | None) -> bool:
    return column is None or isinstance(column, pa.DictionaryArray)


def _array(column: Column | None, field: pa.Field, length: int) -> pa.Array:
    if column is None:
        return pa.nulls(length, field.type)
    if isinstance(column, pa.DictionaryArray):
        return column
    array = column if isinstance(column, pa.Array) else pa.array(column)
    return array if array.type == field.type else array.cast(field.type)


def write_arrays(path: Path, arrays: Sequence[pa.Array], fields: Sequence[pa.Field], *, plain: Sequence[str]) -> None:
    """Write a Parquet file in which dictionary columns read back as plain strings.

    ``plain`` names the key columns whose values hardly repeat: they are stored without a dictionary.
    """
    stored = pa.schema(
        [
            field.with_type(array.type) if isinstance(array, pa.DictionaryArray) else field
            for array, field in zip(arrays, fields, strict=True)
        ]
    )
    names = [field.name for field in fields]
    dictionary = [
        name
        for name, array in zip(names, arrays, strict=True)
        if name not in plain and name != SEQUENCE and not pa.types.is_int64(array.type)
    ]
    # Without the Arrow schema in the footer the file says what the table declares: strings, not dictionaries.
    with pq.ParquetWriter(
        path,
        stored,
        compression="zstd",
        compression_level=1,
        use_dictionary=dictionary,
        store_schema=False,
        write_statistics=True,
    ) as writer:
        writer.write_table(pa.Table.from_arrays(list(arrays), schema=stored), row_group_size=ROW_GROUP)

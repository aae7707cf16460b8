"""The first blocks of a file, column by column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from zhiyin.lake.sources import LINE, ROW, SourceInfo, SourceOptions, SourceTruncated, detect, open_source
from zhiyin.lake.suggest.profile import Profile, profile_column

ROWS: Final = 20_000
"""Rows that are looked at; enough to see every point of a scale, few enough for a second's work."""
BLOCK_BYTES: Final = 4 << 20
BLOCK_CELLS: Final = 500_000


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read of a file.

    Attributes
    ----------
    path : the file.
    options : what the caller said about reading it.
    settled : the same with what was found out filled in; only of text and workbooks.
    info : what the source tells of it.
    rows : the first rows, as blocks have them.
    columns : a profile for each column of the file, in its order.
    broken : rows of the stretch that could not be split.
    is_whole : whether the file has no more rows.
    """

    path: Path
    options: SourceOptions
    settled: SourceOptions
    info: SourceInfo
    rows: pa.Table
    columns: tuple[Profile, ...]
    broken: int
    is_whole: bool

    def column(self, name: str) -> Profile:
        """The profile of a column that is there."""
        return next(profile for profile in self.columns if profile.name == name)


def read_sample(path: Path, options: SourceOptions) -> Sample:
    """Read the first rows of a file.

    Raises
    ------
    SourceError : the file cannot be read at all. One that ends too early is read as far as it goes.
    """
    source = open_source(
        path,
        replace(
            options,
            block_bytes=min(options.block_bytes, BLOCK_BYTES),
            block_cells=min(options.block_cells, BLOCK_CELLS),
        ),
    )
    read, rows, broken, is_whole = [], 0, 0, True
    try:
        for block in source.blocks():
            if rows >= ROWS:
                is_whole = False
                break
            read.append(block.rows)
            rows += block.rows.num_rows
            broken += len(block.broken)
    except SourceTruncated:
        is_whole = False
    info = source.info
    empty = pa.table({name: pa.array([], pa.string()) for name in info.columns} | _no_places())
    table = pa.concat_tables(read) if read else empty
    if table.num_rows > ROWS:
        table, is_whole = table.slice(0, ROWS), False
    profiles = tuple(
        profile_column(
            name,
            table.column(name),
            label=info.labels.get(name, ""),
            value_labels=info.value_labels.get(name),
            declared_missing=info.missing.get(name, ()),
        )
        for name in info.columns
    )
    # Formats that carry their own structure need no options; finding them out would read the file once more.
    settled = detect(path, options).options if info.format in ("delimited", "fixed", "excel") else options
    return Sample(path, options, settled, info, table, profiles, broken, is_whole)


def _no_places() -> dict[str, pa.Array]:
    return {ROW: pa.array([], pa.int64()), LINE: pa.array([], pa.int64())}

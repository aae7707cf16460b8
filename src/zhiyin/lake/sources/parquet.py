"""Parquet files as a source: every type as text, row groups in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhiyin.lake.sources.arrowtext import as_text, places_of_nul
from zhiyin.lake.sources.block import LINE, ROW, Block, BrokenRow, SourceInfo
from zhiyin.lake.sources.errors import SourceDamaged, SourceEncrypted, TooManyColumns, WrongFormat
from zhiyin.lake.sources.naming import unique_names
from zhiyin.lake.sources.options import SourceOptions


class ParquetSource:
    """A Parquet file. See :class:`zhiyin.lake.sources.block.Source`.

    ``__line`` is the row's ordinal; nested objects become columns with dotted names, lists and maps JSON text. Blocks
    do not cross row groups, so that skipping blocks skips row groups without reading them.

    Parameters
    ----------
    path : the file on disk.
    name : the file as the user knows it.
    options : what was asked for.
    """

    def __init__(self, path: Path, name: str, options: SourceOptions) -> None:
        self._path, self._name, self._options = path, name, options
        self._size = path.stat().st_size
        with self._opened() as file:
            about = file.metadata
            self._groups = [about.row_group(group).num_rows for group in range(about.num_row_groups)]
            empty = _flat(file.schema_arrow.empty_table())
        if empty.num_columns > options.most_columns:
            raise TooManyColumns(file=name, columns=empty.num_columns, limit=options.most_columns)
        self._columns, self._doubts = unique_names(empty.column_names, reserved=(ROW, LINE))

    @property
    def info(self) -> SourceInfo:
        """Columns and number of rows."""
        return SourceInfo(
            columns=self._columns,
            format="parquet",
            encoding="",
            size=self._size,
            rows=sum(self._groups),
            doubts=self._doubts,
        )

    @property
    def settled(self) -> SourceOptions:
        """The options with the format filled in."""
        return replace(self._options, format="parquet")

    def blocks(self, *, skip: int = 0) -> Iterator[Block]:
        """See :meth:`zhiyin.lake.sources.block.Source.blocks`."""
        size = max(self._options.block_cells // max(len(self._columns), 1), 1)
        index = row = 0
        with self._opened() as file:
            for group, rows in enumerate(self._groups):
                count = -(-rows // size)
                if index + count > skip:
                    read = self._size * (row + rows) // max(sum(self._groups), 1)
                    yield from self._group_blocks(file, group, index, row, size, max(skip - index, 0), read)
                index, row = index + count, row + rows

    def _group_blocks(
        self, file: pq.ParquetFile, group: int, index: int, row: int, size: int, skip: int, read: int
    ) -> Iterator[Block]:
        for place, table in enumerate(_even_tables(self._batches(file, group, size, row), size)):
            if place >= skip:
                yield self._block(table, index + place, row + place * size, read)

    def _batches(self, file: pq.ParquetFile, group: int, size: int, row: int) -> Iterator[pa.Table]:
        batches = file.iter_batches(batch_size=size, row_groups=[group])
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError) as error:
                raise SourceDamaged(file=self._name, rows=row, reason=type(error).__name__) from error
            if batch is None:
                return
            yield pa.Table.from_batches([batch])

    def _block(self, table: pa.Table, index: int, row: int, read: int) -> Block:
        flat = _flat(table)
        columns = [as_text(column) for column in flat.columns]
        numbers = np.arange(row + 1, row + flat.num_rows + 1)
        broken = _with_nul(columns, self._columns)
        rows = pa.table(
            [*columns, pa.array(numbers, pa.int64()), pa.array(numbers, pa.int64())], names=[*self._columns, ROW, LINE]
        )
        if not broken:
            return Block(index, rows, (), read)
        faults = []
        for place, name in sorted(broken.items()):
            raw = " | ".join(column[place].as_py() or "" for column in columns)
            faults.append(BrokenRow(int(numbers[place]), int(numbers[place]), "nul", raw[:4000], name))
        kept = np.ones(flat.num_rows, np.bool_)
        kept[list(broken)] = False
        return Block(index, rows.filter(pa.array(kept)), tuple(faults), read)

    def _opened(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self._path)
        except (pa.ArrowException, OSError) as error:
            with self._path.open("rb") as raw:
                encrypted = raw.read(4) == b"PARE" or "ncrypt" in str(error)
            if encrypted:
                raise SourceEncrypted(file=self._name) from error
            raise WrongFormat(file=self._name, format="parquet", reason=type(error).__name__) from error


def _flat(table: pa.Table) -> pa.Table:
    """Nested objects as columns with dotted names."""
    while any(pa.types.is_struct(field.type) and field.type.num_fields for field in table.schema):
        table = table.flatten()
    return table


def _even_tables(tables: Iterator[pa.Table], size: int) -> Iterator[pa.Table]:
    """Tables of exactly ``size`` rows, but the last; Arrow may hand out smaller ones."""
    held: list[pa.Table] = []
    count = 0
    for table in tables:
        held.append(table)
        count += table.num_rows
        while count >= size:
            whole = pa.concat_tables(held)
            yield whole.slice(0, size)
            held, count = [whole.slice(size)], count - size
    if count:
        yield pa.concat_tables(held)


def _with_nul(columns: list[pa.ChunkedArray], names: tuple[str, ...]) -> dict[int, str]:
    """Place of each row with a NUL in it, and the column."""
    found: dict[int, str] = {}
    for column, name in zip(columns, names, strict=True):
        for place in places_of_nul(column):
            found.setdefault(place, name)
    return found

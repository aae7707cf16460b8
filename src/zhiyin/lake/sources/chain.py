"""Several sources, one behind the other: the members of an archive that are not text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.lake.sources.block import ROW, Block, SettledSource, SourceInfo
from zhiyin.lake.sources.errors import MembersDiffer
from zhiyin.lake.sources.options import SourceOptions


class ChainedSource:
    """Rows of several sources with the same columns. See :class:`zhiyin.lake.sources.block.Source`.

    Parameters
    ----------
    path : the archive on disk.
    sources : name of the member (None for a single packed file) and its source.
    keep : temporary files that the sources read, closed when this goes.
    """

    def __init__(
        self, path: Path, sources: tuple[tuple[str | None, SettledSource], ...], *, keep: tuple[IO[bytes], ...]
    ) -> None:
        self._sources, self._size, self._keep = sources, path.stat().st_size, keep
        first_name, first = sources[0]
        for name, source in sources[1:]:
            if source.info.columns != first.info.columns:
                raise MembersDiffer(file=str(path), member=name, first=first_name)

    @property
    def info(self) -> SourceInfo:
        """What is known of the first, with the rows of all."""
        counts = [source.info.rows for _, source in self._sources]
        known = [count for count in counts if count is not None]
        rows = sum(known) if len(known) == len(counts) else None
        return replace(self._sources[0][1].info, size=self._size, rows=rows)

    @property
    def settled(self) -> SourceOptions:
        """The options that the first settled on."""
        return self._sources[0][1].settled

    def blocks(self, *, skip: int = 0) -> Iterator[Block]:
        """See :meth:`zhiyin.lake.sources.block.Source.blocks`."""
        index = row = 0
        parts = sum(source.info.size for _, source in self._sources)
        before = 0
        for name, source in self._sources:
            count = 0
            for block in source.blocks():
                count += block.rows.num_rows + len(block.broken)
                if index >= skip:
                    read = self._size * (before + block.bytes_read) // max(parts, 1)
                    yield replace(_shifted(block, row), index=index, bytes_read=read, member=name)
                index += 1
            row, before = row + count, before + source.info.size


def _shifted(block: Block, row: int) -> Block:
    """The same block behind ``row`` other rows."""
    if not row:
        return block
    place = block.rows.schema.get_field_index(ROW)
    rows = pc.add(block.rows.column(ROW), pa.scalar(row, pa.int64()))
    return replace(
        block,
        rows=block.rows.set_column(place, ROW, rows),
        broken=tuple(replace(broken, row=broken.row + row) for broken in block.broken),
    )

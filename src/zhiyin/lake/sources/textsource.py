"""Delimited and fixed-width text as a source: one text, or several members of an archive with the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from zhiyin.lake.sources.block import Block, SourceInfo
from zhiyin.lake.sources.cutting import Stretch, cut_stretches
from zhiyin.lake.sources.encodings import EncodingGuess
from zhiyin.lake.sources.errors import MembersDiffer, SourceDamaged, SourceTruncated
from zhiyin.lake.sources.fixedwidth import cut_fixed, plan_fixed, trim_cells
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.parsing import BlockParser
from zhiyin.lake.sources.plan import Plan, make_plan
from zhiyin.lake.sources.preview import OpenStream, Preview, look_at
from zhiyin.lake.sources.streams import ByteStream

Cutter = Callable[[ByteStream, EncodingGuess, Plan, SourceOptions], Iterator[Stretch]]


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text of a source: the file itself, or a member of an archive with its name."""

    member: str | None
    opened: OpenStream


@dataclass(frozen=True, slots=True)
class _Planned:
    part: TextPart
    preview: Preview
    plan: Plan


class TextSource:
    """Rows of text. See :class:`zhiyin.lake.sources.block.Source`.

    Parameters
    ----------
    path : the file on disk.
    parts : its texts.
    options : what was asked for; widths make it fixed width.
    """

    def __init__(self, path: Path, parts: tuple[TextPart, ...], options: SourceOptions) -> None:
        self._path = path
        self._fixed = options.widths is not None
        self._options = options
        first = self._look(parts[0], options)
        # What the first member shows holds for all of them, except the encoding.
        shared = replace(
            options, delimiter=first.plan.delimiter, quote=first.plan.quote or "", header=first.plan.header
        )
        planned = [first]
        for part in parts[1:]:
            other = self._look(part, shared if first.plan.delimiter is not None else options)
            if other.plan.columns != first.plan.columns:
                raise MembersDiffer(file=str(path), member=part.member, first=parts[0].member)
            planned.append(other)
        self._planned = tuple(planned)

    def _look(self, part: TextPart, options: SourceOptions) -> _Planned:
        preview = look_at(part.opened, options)
        plan = plan_fixed(preview, options) if self._fixed else make_plan(preview, options)
        return _Planned(part, preview, plan)

    @property
    def info(self) -> SourceInfo:
        """Columns, encoding, delimiter, labels and doubts."""
        first = self._planned[0]
        return SourceInfo(
            columns=first.plan.columns,
            format="fixed" if self._fixed else "delimited",
            encoding=first.preview.encoding.name,
            size=self._path.stat().st_size,
            delimiter=None if self._fixed else first.plan.delimiter,
            labels=first.plan.labels,
            doubts=first.plan.doubts,
        )

    @property
    def settled(self) -> SourceOptions:
        """The options with everything filled in that was found out."""
        first = self._planned[0]
        plan = first.plan
        return replace(
            self._options,
            format="fixed" if self._fixed else "delimited",
            encoding=first.preview.encoding.name,
            delimiter=None if self._fixed else plan.delimiter,
            quote=None if self._fixed else (plan.quote or ""),
            header=plan.header,
            label_row=plan.label_row,
            skip_rows=plan.skip_rows,
        )

    def blocks(self, *, skip: int = 0) -> Iterator[Block]:
        """See :meth:`zhiyin.lake.sources.block.Source.blocks`."""
        index = row = 0
        for planned in self._planned:
            for block, count in self._member_blocks(planned, index, row, skip):
                if block is not None:
                    yield block
                index, row = index + 1, row + count

    def _member_blocks(self, planned: _Planned, index: int, row: int, skip: int) -> Iterator[tuple[Block | None, int]]:
        """Blocks of one text with their number of rows; None for those before ``skip``."""
        plan, encoding = planned.plan, planned.preview.encoding
        line = plan.preamble_lines + 1
        cutter: Cutter = cut_fixed if self._fixed else cut_stretches
        with planned.part.opened() as stream:
            parser = self._parser(stream.name, planned)
            for stretch in cutter(stream, encoding, plan, self._options):
                block, count = None, parser.count(stretch) if index < skip else -1
                if count < 0:
                    parsed = parser.parse(stretch, row=row, line=line)
                    table = trim_cells(parsed.table, plan.columns) if self._fixed else parsed.table
                    block = Block(index, table, parsed.broken, stretch.position, planned.part.member)
                    count = parsed.count
                if count:
                    yield block, count
                    index, row = index + 1, row + count
                line += stretch.all_lines
            if stream.cut is not None:
                kind = SourceTruncated if stream.cut.truncated else SourceDamaged
                raise kind(file=stream.name, rows=row, reason=stream.cut.reason)

    def _parser(self, name: str, planned: _Planned) -> BlockParser:
        plan, encoding = planned.plan, planned.preview.encoding
        return BlockParser(
            file=name,
            columns=plan.columns,
            ragged=plan.ragged,
            delimiter=None if self._fixed else plan.delimiter,
            quote=plan.quote,
            comment=self._options.comment,
            longest=self._options.longest_row,
            ascii_so_far=encoding.ascii,
            width=sum(self._options.widths) if self._options.widths else None,
        )


def empty_rows(columns: tuple[str, ...]) -> pa.Table:
    """No rows, with the columns of text that a block has."""
    return pa.table({name: pa.array([], pa.string()) for name in columns})

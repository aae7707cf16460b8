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


@dataclass(slots=True)
class _Place:
    """Where reading stands: number of the next block, data rows before it, and its first line."""

    index: int = 0
    row: int = 0
    line: int = 1

    def advance(self, rows: int, stretch: Stretch) -> None:
        """Go on behind a stretch with so many data rows; one without any makes no block."""
        self.index += 1 if rows else 0
        self.row += rows
        self.line += stretch.all_lines


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
        place = _Place()
        for planned in self._planned:
            yield from self._member_blocks(planned, place, skip)

    def _member_blocks(self, planned: _Planned, place: _Place, skip: int) -> Iterator[Block]:
        """Blocks of one text from block ``skip`` of the whole source on."""
        plan = planned.plan
        place.line = plan.preamble_lines + 1
        cutter: Cutter = cut_fixed if self._fixed else cut_stretches
        with planned.part.opened() as stream:
            parser = self._parser(stream.name, planned)

            def parse(stretch: Stretch) -> Block | None:
                if place.index < skip:
                    place.advance(parser.count(stretch), stretch)
                    return None
                parsed = parser.parse(stretch, row=place.row, line=place.line)
                table = trim_cells(parsed.table, plan.columns) if self._fixed else parsed.table
                block = Block(place.index, table, parsed.broken, stretch.position, planned.part.member)
                place.advance(parsed.count, stretch)
                return block if parsed.count else None

            # map holds on to nothing: neither text nor rows handed out stay alive while the next stretch is read.
            for block in map(parse, cutter(stream, planned.preview.encoding, plan, self._options)):
                if block is not None:
                    yield block
                del block
            if stream.cut is not None:
                kind = SourceTruncated if stream.cut.truncated else SourceDamaged
                raise kind(file=stream.name, rows=place.row, reason=stream.cut.reason)

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

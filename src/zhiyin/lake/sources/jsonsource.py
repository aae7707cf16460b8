"""JSON as a source: one object a line, or a list of objects in a document."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from zhiyin.lake.sources.block import LINE, ROW, Block, SourceInfo
from zhiyin.lake.sources.doubts import Doubt
from zhiyin.lake.sources.encodings import shown
from zhiyin.lake.sources.errors import NoSuchRecords, SourceDamaged, SourceTruncated, TooManyColumns
from zhiyin.lake.sources.jsonlist import RecordList, Unexpected, Unfinished, find_path
from zhiyin.lake.sources.jsonvalues import DECODER, RepeatedName, flatten, json_text
from zhiyin.lake.sources.naming import unique_names
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.preview import OpenStream, look_at
from zhiyin.lake.sources.records import Fault, Record, gather_blocks
from zhiyin.lake.sources.streams import ByteStream, text_reader
from zhiyin.language import translate

# A record of JSON may be longer than a row of text, since its names stand in it.
_LONGER = 16

Cells = dict[str, str | None]


class JsonSource:
    """Records of JSON. See :class:`zhiyin.lake.sources.block.Source`.

    Nested objects become columns with dotted names, lists JSON text; numbers are kept as written. The columns are all
    names that occur anywhere: the file is read once through when it is opened.

    Parameters
    ----------
    path : the file on disk, for its size.
    opened : opens the text anew.
    lines : one object a line; otherwise a document.
    options : what was asked for.
    """

    def __init__(self, path: Path, opened: OpenStream, options: SourceOptions, *, lines: bool) -> None:
        self._opened, self._options, self._lines = opened, options, lines
        self._size = path.stat().st_size
        preview = look_at(opened, options)
        self._name, self._encoding = preview.name, preview.encoding
        doubts = list(preview.doubts)
        self._path: tuple[str, ...] | None = tuple(options.record_path.split(".")) if options.record_path else ()
        head = shown(preview.head).lstrip()
        if not lines and head.startswith("{") and not self._path:
            self._path = find_path(head)
            if self._path is not None:
                data = {"path": ".".join(self._path)}
                doubts.append(Doubt("record_path", data))
        self._names, rows = self._collect_names()
        self._rows = rows
        columns, notes = unique_names(self._names, reserved=(ROW, LINE))
        self._columns, self._doubts = columns, (*doubts, *notes)

    @property
    def info(self) -> SourceInfo:
        """Columns, encoding and doubts."""
        return SourceInfo(
            columns=self._columns,
            format="jsonl" if self._lines else "json",
            encoding=self._encoding.name,
            size=self._size,
            rows=self._rows,
            doubts=self._doubts,
        )

    @property
    def settled(self) -> SourceOptions:
        """The options with everything filled in that was found out."""
        path = ".".join(self._path or ()) or None
        kind = "jsonl" if self._lines else "json"
        return replace(self._options, format=kind, encoding=self._encoding.name, record_path=path)

    def blocks(self, *, skip: int = 0) -> Iterator[Block]:
        """See :meth:`zhiyin.lake.sources.block.Source.blocks`."""
        with self._opened() as stream:
            yield from gather_blocks(
                self._records(stream),
                self._columns,
                cells=self._options.block_cells,
                skip=skip,
                position=lambda: stream.position,
            )

    def _collect_names(self) -> tuple[tuple[str, ...], int | None]:
        names: dict[str, None] = {}
        count = 0
        with self._opened() as stream:
            try:
                for found in self._flat(stream):
                    count += 1
                    if isinstance(found, tuple):
                        names.update(dict.fromkeys(found[1]))
                    if len(names) > self._options.most_columns:
                        raise TooManyColumns(file=self._name, columns=len(names), limit=self._options.most_columns)
            except (SourceTruncated, SourceDamaged):
                # It is raised again, after the rows, by whoever reads the blocks.
                return tuple(names), None
        return tuple(names), count

    def _records(self, stream: ByteStream) -> Iterator[Record | Fault]:
        for found in self._flat(stream):
            if isinstance(found, Fault):
                yield found
            else:
                line, cells = found
                yield Record(line, [cells.get(name) for name in self._names])

    def _flat(self, stream: ByteStream) -> Iterator[tuple[int, Cells] | Fault]:
        """Line and cells of each record, or what is wrong with it; then the error of a file that ends too early."""
        reader = text_reader(stream, self._encoding.name, self._encoding.bom)
        count = 0
        for found in self._from_lines(reader) if self._lines else self._from_list(reader, stream):
            yield found
            count += 1
        if stream.cut is not None:
            kind = SourceTruncated if stream.cut.truncated else SourceDamaged
            raise kind(file=self._name, rows=count, reason=stream.cut.reason)

    def _from_lines(self, reader: io.TextIOWrapper) -> Iterator[tuple[int, Cells] | Fault]:
        longest, line = self._options.longest_row * _LONGER, 0
        while text := reader.readline(longest):
            line += 1
            if len(text) == longest and not text.endswith("\n"):
                while (rest := reader.readline(longest)) and not rest.endswith("\n"):
                    pass
                yield Fault(line, "too_long", text[:4000], expected=longest)
                continue
            if not text.strip(" \t\r\n\x1a\x00") and "\0" not in text:
                continue
            yield _judge(line, text.strip())

    def _from_list(self, reader: io.TextIOWrapper, stream: ByteStream) -> Iterator[tuple[int, Cells] | Fault]:
        count = 0
        try:
            for element in RecordList(reader, self._path, self._options.longest_row * _LONGER):
                count += 1
                if element.fault:
                    yield Fault(element.line, element.fault, element.raw)
                elif isinstance(element.value, dict):
                    yield _flattened(element.line, element.value, None)
                else:
                    yield Fault(element.line, "not_json", json_text(element.value))
        except KeyError as error:
            raise NoSuchRecords(file=self._name, path=".".join(self._path or ()) or "*") from error
        except Unfinished as error:
            if stream.cut is None:
                raise SourceTruncated(
                    file=self._name, rows=count, reason=translate("the list of records is not closed")
                ) from error
        except Unexpected as error:
            reason = translate("line {line} is not JSON").format(line=error.line)
            raise SourceDamaged(file=self._name, rows=count, reason=reason) from error


def _judge(line: int, text: str) -> tuple[int, Cells] | Fault:
    try:
        value = DECODER.decode(text)
    except RepeatedName:
        return Fault(line, "repeated_name", text)
    except (json.JSONDecodeError, RecursionError):
        return Fault(line, "not_json", text)
    return _flattened(line, value, text) if isinstance(value, dict) else Fault(line, "not_json", text)


def _flattened(line: int, value: dict[str, Any], text: str | None) -> tuple[int, Cells] | Fault:
    try:
        return line, flatten(value)
    except RepeatedName:
        return Fault(line, "repeated_name", json_text(value) if text is None else text)

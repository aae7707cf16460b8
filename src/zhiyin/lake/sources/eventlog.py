"""Event logs in XES as a source: one event a row, in the order of the log.

Attributes of a case become columns ``case:<key>``, those of an event keep their key; attributes of attributes are
written with a dot (``cost.currency``), lists as JSON text; times stay as written. Reference: IEEE 1849-2016.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from zhiyin.lake.sources.block import LINE, ROW, Block, SourceInfo
from zhiyin.lake.sources.encodings import Transcoder, known_encoding
from zhiyin.lake.sources.errors import SourceDamaged, SourceTruncated, TooManyColumns, UnsafeDeclaration
from zhiyin.lake.sources.jsonvalues import json_text
from zhiyin.lake.sources.naming import unique_names
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.preview import OpenStream
from zhiyin.lake.sources.records import Fault, Record, gather_blocks
from zhiyin.lake.sources.streams import ByteStream

_CHUNK: Final = 1 << 18
_CASE: Final = "case:"
_SCALAR, _LIST, _EVENT, _TRACE, _OTHER = 1, 2, 3, 4, 5
_KINDS: Final[dict[str, int]] = {
    **dict.fromkeys(("string", "date", "int", "float", "boolean", "id"), _SCALAR),
    **dict.fromkeys(("list", "container"), _LIST),
    "event": _EVENT,
    "trace": _TRACE,
}
_DECLARED: Final = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']")
# What expat decodes itself; anything else (GB18030) is decoded before it.
_NATIVE: Final = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "ascii"})

Cells = dict[str, str | None]


@dataclass(slots=True)
class _Bearer:
    """A case or an event that is being read: its cells, or the key that came twice."""

    line: int
    cells: Cells = field(default_factory=dict)
    repeated: str | None = None

    def put(self, key: str, value: str | None) -> None:
        if key in self.cells:
            self.repeated = key
        self.cells[key] = value


def _kind_of(tag: str) -> int:
    """Kind of an element that is written with a prefix, or is none of those that matter."""
    return _KINDS.get(tag.rpartition(":")[2], _OTHER)


class _LogParser:
    """Takes XML piece by piece, gives events: (case cells, event) with the case complete."""

    def __init__(self, file: str, encoding: str | None) -> None:
        self.done: list[tuple[Cells, _Bearer] | Fault] = []
        self._file = file
        self._case: _Bearer | None = None
        self._event: _Bearer | None = None
        self._bearer: _Bearer | None = None
        self._events: list[_Bearer] = []
        # For each element that is open within a case or event: its key, None where it has none, and its list.
        self._keys: list[str | None] = []
        self._lists: list[list[Any]] = []
        self._parser = expat.ParserCreate(encoding)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse

    def feed(self, data: bytes, *, final: bool) -> None:
        self._parser.Parse(data, final)

    def _refuse(self, *_: Any) -> None:
        raise UnsafeDeclaration(file=self._file)

    # These two run for every element: a million times in a log of a quarter of a million events.

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = _KINDS.get(tag) or _kind_of(tag)
        bearer = self._bearer
        if kind == _SCALAR:
            if bearer is None:
                return
            key = attributes.get("key")
            if not self._keys and key is not None:
                if key in bearer.cells:
                    bearer.repeated = key
                bearer.cells[key] = attributes.get("value")
            elif key is not None:
                self._nested(bearer, key, attributes.get("value"))
            self._keys.append(key)
        elif kind == _EVENT and self._event is None:
            self._event = self._bearer = _Bearer(self._parser.CurrentLineNumber)
        elif kind == _TRACE and bearer is None:
            self._case = self._bearer = _Bearer(self._parser.CurrentLineNumber)
        elif bearer is not None:
            self._keys.append(attributes.get("key") if kind == _LIST else None)
            if kind == _LIST:
                self._lists.append([])

    def _end(self, tag: str) -> None:
        if self._keys:
            if (_KINDS.get(tag) or _kind_of(tag)) == _LIST:
                self._end_list()
            self._keys.pop()
        elif self._bearer is not None:
            kind = _KINDS.get(tag) or _kind_of(tag)
            if kind == _EVENT and self._event is not None:
                self._end_event(self._event)
            elif kind == _TRACE and self._case is not None:
                self._end_case(self._case)

    def _nested(self, bearer: _Bearer, key: str, value: str | None) -> None:
        """An attribute of an attribute, or an element of a list."""
        if self._lists:
            self._lists[-1].append({key: value})
        else:
            bearer.put(".".join(part for part in [*self._keys, key] if part is not None), value)

    def _end_list(self) -> None:
        values = self._lists.pop()
        bearer = self._bearer
        if self._lists:
            self._lists[-1].append({self._keys[-1] or "": values})
        elif bearer is not None:
            bearer.put(".".join(part for part in self._keys if part is not None), json_text(values))

    def _end_event(self, event: _Bearer) -> None:
        self._event, self._bearer = None, self._case
        if self._case is None:
            self.done.append(({}, event))
        else:
            self._events.append(event)

    def _end_case(self, case: _Bearer) -> None:
        """A case's attributes may stand behind its events, so these wait for its end."""
        if case.repeated is not None:
            self.done += [
                Fault(event.line, "repeated_name", _raw(case, event), _CASE + case.repeated) for event in self._events
            ]
        else:
            self.done += [(case.cells, event) for event in self._events]
        if not self._events:
            self.done.append(Fault(case.line, "no_events", _raw(case)))
        self._case, self._bearer, self._events = None, None, []


class EventLogSource:
    """One event a row. See :class:`zhiyin.lake.sources.block.Source`.

    The columns are all keys that occur, those of cases first; the log is read once through when it is opened. A case
    without events is a broken row, so that it is not lost.

    Parameters
    ----------
    path : the file on disk, for its size.
    opened : opens the log anew.
    options : what was asked for.
    """

    def __init__(self, path: Path, opened: OpenStream, options: SourceOptions) -> None:
        self._opened, self._options = opened, options
        self._size = path.stat().st_size
        with opened() as stream:
            self._name = stream.name
            self._encoding, self._decoded = _log_encoding(stream, options)
        self._case_keys, self._event_keys, self._rows = self._collect_keys()
        names = [*(_CASE + key for key in self._case_keys), *self._event_keys]
        if len(names) > options.most_columns:
            raise TooManyColumns(file=self._name, columns=len(names), limit=options.most_columns)
        self._columns, self._doubts = unique_names(names, reserved=(ROW, LINE))

    @property
    def info(self) -> SourceInfo:
        """Columns and number of events."""
        return SourceInfo(
            columns=self._columns,
            format="xes",
            encoding=self._encoding,
            size=self._size,
            rows=self._rows,
            doubts=self._doubts,
        )

    @property
    def settled(self) -> SourceOptions:
        """The options with the format filled in."""
        return replace(self._options, format="xes")

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

    def _collect_keys(self) -> tuple[tuple[str, ...], tuple[str, ...], int | None]:
        case_keys: dict[str, None] = {}
        event_keys: dict[str, None] = {}
        count, last = 0, None
        with self._opened() as stream:
            try:
                for found in self._events(stream):
                    count += 1
                    if isinstance(found, Fault):
                        continue
                    case, event = found
                    if case is not last:
                        case_keys.update(dict.fromkeys(case))
                        last = case
                    event_keys.update(dict.fromkeys(event.cells))
            except (SourceTruncated, SourceDamaged):
                # It is raised again, after the rows, by whoever reads the blocks.
                return tuple(case_keys), tuple(event_keys), None
        return tuple(case_keys), tuple(event_keys), count

    def _records(self, stream: ByteStream) -> Iterator[Record | Fault]:
        last: Cells | None = None
        shared: list[str | None] = []
        for found in self._events(stream):
            if isinstance(found, Fault):
                yield found
                continue
            case, event = found
            if event.repeated is not None:
                yield Fault(event.line, "repeated_name", _raw(event), event.repeated)
                continue
            if case is not last:
                last, shared = case, [case.get(key) for key in self._case_keys]
            yield Record(event.line, [*shared, *(event.cells.get(key) for key in self._event_keys)])

    def _events(self, stream: ByteStream) -> Iterator[tuple[Cells, _Bearer] | Fault]:
        """The events of a log, then the error of one that ends too early or is not XML any more."""
        parser = _LogParser(self._name, "utf-8" if self._decoded else None)
        transcoder = Transcoder(self._encoding) if self._decoded else None
        count = 0
        final = False
        while not final:
            data = stream.read(_CHUNK)
            final = len(data) < _CHUNK
            failure = None
            try:
                parser.feed(data if transcoder is None else transcoder.feed(data, final=final), final=final)
            except expat.ExpatError as error:
                failure = error
            yield from parser.done
            count += len(parser.done)
            parser.done = []
            if stream.cut is not None:
                kind = SourceTruncated if stream.cut.truncated else SourceDamaged
                raise kind(file=self._name, rows=count, reason=stream.cut.reason)
            if failure is not None:
                reason = f"line {failure.lineno}: {expat.ErrorString(failure.code)}"
                raise (SourceTruncated if final else SourceDamaged)(file=self._name, rows=count, reason=reason)


def _log_encoding(stream: ByteStream, options: SourceOptions) -> tuple[str, bool]:
    """The log's encoding, and whether it has to be decoded before the XML parser sees it."""
    head = stream.read(1024)
    declared = _DECLARED.search(head)
    name = options.encoding or (declared[1].decode("ascii", "replace") if declared else "utf-8")
    encoding = known_encoding(name, stream.name)
    return encoding, encoding not in _NATIVE or options.encoding is not None


def _raw(*bearers: _Bearer) -> str:
    return json_text([bearer.cells for bearer in bearers])

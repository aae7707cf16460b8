"""Reading a whole source in tests, and the grammar of quoted rows told byte by byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zhiyin.lake.sources import LINE, ROW, Block, BrokenRow, Source, SourceError, SourceOptions, open_source


@dataclass(frozen=True, slots=True)
class Content:
    """All of a source: cells of the good rows, their ordinals and lines, and the broken rows."""

    cells: list[tuple[str | None, ...]]
    rows: list[int]
    lines: list[int]
    broken: list[BrokenRow]
    blocks: list[Block]

    @property
    def reasons(self) -> list[tuple[int, int, str]]:
        """Row, line and reason of the broken rows."""
        return [(row.row, row.line, row.reason) for row in self.broken]


def content(source: Source, *, skip: int = 0) -> Content:
    """Read a source to its end."""
    blocks = list(source.blocks(skip=skip))
    cells, rows, lines, broken = [], [], [], []
    for block in blocks:
        columns = [block.rows.column(name).to_pylist() for name in source.info.columns]
        cells += list(zip(*columns, strict=True))
        rows += block.rows.column(ROW).to_pylist()
        lines += block.rows.column(LINE).to_pylist()
        broken += block.broken
    return Content(cells, rows, lines, broken, blocks)


def read_until_error(source: Source) -> tuple[list[Block], SourceError]:
    """The blocks of a source that ends with an error, and the error."""
    blocks: list[Block] = []
    try:
        for block in source.blocks():
            blocks.append(block)
    except SourceError as error:
        return blocks, error
    raise AssertionError("the source ended without an error")


def read(path: Path, **options: object) -> Content:
    """Open a file with options and read it to its end."""
    return content(open_source(path, SourceOptions(**options)))


def write(path: Path, data: bytes | str) -> Path:
    """A file with these bytes, or this text in UTF-8."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def rows_byte_by_byte(
    data: bytes, *, delimiter: int, quote: int | None, longest: int
) -> list[tuple[int, int, str | None]]:
    """Start, end and fault of each row of a whole file, by the plainest reading of the grammar."""
    found: list[tuple[int, int, str | None]] = []
    start = 0
    while start < len(data):
        end, fault = _row_end(data, start, delimiter, quote, start + longest)
        if fault is None and end - start > longest:
            fault = "too_long"
        found.append((start, end, fault))
        start = end
    return found


def _row_end(data: bytes, start: int, delimiter: int, quote: int | None, limit: int) -> tuple[int, str | None]:
    place, at_start, opened, crossed = start, True, -1, False
    while place < len(data):
        byte = data[place]
        if opened < 0:
            if byte in b"\r\n":
                return _line_stop(data, place), None
            if place >= limit:
                return _line_stop(data, limit), None
            if byte == quote and at_start:
                opened, crossed = place, False
            at_start = byte == delimiter
            place += 1
            continue
        if place >= limit:
            return _line_stop(data, opened), "unterminated_quote"
        if byte == quote:
            following = data[place + 1] if place + 1 < len(data) else None
            if following is None or following in (delimiter, 10, 13):
                opened, at_start = -1, False
            elif following == quote:
                place += 1
            elif crossed:
                return _line_stop(data, opened), "unterminated_quote"
        elif byte in b"\r\n":
            crossed = True
        place += 1
    return (len(data), None) if opened < 0 else (_line_stop(data, opened), "unterminated_quote")


def _line_stop(data: bytes, place: int) -> int:
    while place < len(data):
        if data[place] == 10:
            return place + 1
        if data[place] == 13:
            return place + 2 if data[place + 1 : place + 2] == b"\n" else place + 1
        place += 1
    return len(data)

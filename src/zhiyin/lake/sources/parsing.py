"""A stretch of delimited rows becomes an Arrow table of text columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv

from zhiyin.lake.sources.block import LINE, RAW_LENGTH, ROW, BrokenRow
from zhiyin.lake.sources.cutting import Stretch
from zhiyin.lake.sources.encodings import guess_encoding, is_utf8, shown
from zhiyin.lake.sources.errors import EncodingUnsure
from zhiyin.lake.sources.judging import Flags, count_plain, is_data, unparsable
from zhiyin.lake.sources.lines import Places
from zhiyin.lake.sources.rows import Grammar, Rows, find_rows
from zhiyin.lake.sources.standin import is_replaced

_TAIL: Final = "__tail"
_BOM: Final = b"\xef\xbb\xbf"
_ARROW_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows of a stretch.

    Attributes
    ----------
    table : the file's columns, ``__row`` and ``__line``.
    broken : rows that could not be split.
    count : good and broken rows together.
    """

    table: pa.Table
    broken: tuple[BrokenRow, ...]
    count: int


@dataclass(slots=True)
class BlockParser:
    """Parses stretches of one file.

    First Arrow parses the stretch as it is, in several threads. Only where that finds anything wrong are rows looked
    for one by one: those that cannot be parsed are taken out, and the rest is parsed again.

    Attributes
    ----------
    file : for messages.
    columns : names.
    ragged : one more column, always empty, follows.
    delimiter, quote : as in the file.
    comment : what comments start with.
    longest : bytes of a row.
    ascii_so_far : UTF-8 was assumed since no other byte was seen.
    width : fixed width: bytes of a row.
    """

    file: str
    columns: tuple[str, ...]
    ragged: bool
    delimiter: str | None
    quote: str | None
    comment: str | None
    longest: int
    ascii_so_far: bool = False
    width: int | None = None
    _careful: bool = field(default=False)

    def parse(self, stretch: Stretch, *, row: int, line: int) -> Parsed:
        """Parse a stretch.

        Parameters
        ----------
        stretch : whole rows.
        row : data rows of the file before it.
        line : number of its first line.
        """
        if not self._careful and self._is_plain(stretch):
            table = self._arrow(memoryview(stretch.data)[: stretch.stop], stretch, threads=True)
            if table is not None:
                settled = self._settle(table, stretch, row, line)
                if settled is not None:
                    return settled
        parsed = self._take_apart(stretch, row, line)
        # Where one stretch held broken rows, the next one probably does: the first attempt is then wasted.
        self._careful = bool(parsed.broken)
        return parsed

    def count(self, stretch: Stretch) -> int:
        """Data rows of a stretch, good and broken, without parsing it."""
        overlong = 1 if stretch.overlong else 0
        if stretch.rows is None and self.comment is None and (count := count_plain(stretch.data, stretch.stop)) >= 0:
            return count + overlong
        return int(np.count_nonzero(self._is_data(stretch, self._rows(stretch)))) + overlong

    def _is_plain(self, stretch: Stretch) -> bool:
        rows = stretch.rows
        if rows is not None and (rows.faults or len(rows.strays) or self.comment is not None):
            return False
        text = memoryview(stretch.data)[: stretch.stop]
        return stretch.stop > 0 and b"\0" not in stretch.data and is_utf8(text)

    def _settle(self, table: pa.Table, stretch: Stretch, row: int, line: int) -> Parsed | None:
        """Number the rows of a table that Arrow accepted as a whole; None if its tail is not empty."""
        if self.ragged:
            if table.column(_TAIL).null_count < table.num_rows:
                return None
            table = table.drop_columns([_TAIL])
        count = table.num_rows
        one_a_line = stretch.lines + (stretch.data[stretch.stop - 1] not in b"\r\n")
        if one_a_line == count and (stretch.rows is None or len(stretch.rows.starts) == count):
            lines = np.arange(line, line + count)
        else:
            rows = self._rows(stretch)
            starts = rows.starts[self._is_data(stretch, rows)]
            if len(starts) != count:
                return None
            lines = _line_numbers(rows, starts, line)
        broken = self._overlong(stretch, row + count + 1, line)
        return Parsed(_numbered(table, np.arange(row + 1, row + count + 1), lines), broken, count + len(broken))

    def _take_apart(self, stretch: Stretch, row: int, line: int) -> Parsed:
        rows = self._rows(stretch)
        data = self._is_data(stretch, rows)
        reasons = {number: reason for number, reason in unparsable(stretch.data, rows).items() if data[number]}
        self._doubt_encoding(stretch, rows, reasons, line)
        kept = data.copy()
        kept[list(reasons)] = False
        candidates = np.flatnonzero(kept)
        invalid: list[tuple[int, int]] = []
        table = self._arrow(self._text(stretch, rows, kept), stretch, threads=False, invalid=invalid)
        if table is None or table.num_rows != len(candidates) - len(invalid):
            raise RuntimeError(f"{self.file}: rows were counted in two ways, with different results")
        good = np.delete(candidates, [number - 1 for number, _ in invalid])
        counts = {int(candidates[number - 1]): got for number, got in invalid}
        tails: list[int] = []
        if self.ragged:
            empty = table.column(_TAIL).is_null()
            tails = good[~empty.to_numpy()].tolist()
            good = good[empty.to_numpy()]
            table = table.filter(empty).drop_columns([_TAIL])
        ordinals = np.cumsum(data) + row
        lines = _line_numbers(rows, rows.starts, line)
        faulty = {
            **reasons,
            **dict.fromkeys(counts, "field_count"),
            **dict.fromkeys(tails, "trailing_value"),
        }
        broken = [
            self._broken(stretch, rows, number, reason, (int(ordinals[number]), int(lines[number])), counts.get(number))
            for number, reason in sorted(faulty.items())
        ]
        count = int(np.count_nonzero(data))
        broken += self._overlong(stretch, row + count + 1, line)
        table = _numbered(table, ordinals[good], lines[good])
        return Parsed(table, tuple(broken), count + (1 if stretch.overlong else 0))

    def _broken(
        self, stretch: Stretch, rows: Rows, number: int, reason: str, place: tuple[int, int], got: int | None
    ) -> BrokenRow:
        """Row ``number`` of a stretch as a broken one; ``place`` is its ordinal and line in the file."""
        start = int(rows.starts[number])
        raw = self._raw(stretch.data[start : rows.ends[number]], stretch.delimiter)
        expected = None
        if reason == "field_count":
            expected = len(self.columns) + self.ragged
        elif reason == "row_width":
            expected, got = self.width, stretch.widths[start]
        elif reason == "too_long":
            expected = self.longest
        return BrokenRow(place[0], place[1], reason, raw, expected=expected, got=got)

    def _overlong(self, stretch: Stretch, row: int, line: int) -> tuple[BrokenRow, ...]:
        overlong = stretch.overlong
        if overlong is None:
            return ()
        expected = self.longest if overlong.reason == "too_long" else None
        return (BrokenRow(row, line + stretch.lines, overlong.reason, self._raw(overlong.head), expected=expected),)

    def _rows(self, stretch: Stretch) -> Rows:
        if stretch.rows is not None:
            return stretch.rows
        return find_rows(stretch.data[: stretch.stop], self._grammar(stretch), final=True)

    def _grammar(self, stretch: Stretch) -> Grammar:
        return Grammar(stretch.delimiter, ord(self.quote) if self.quote else None, self.longest)

    def _is_data(self, stretch: Stretch, rows: Rows) -> Flags:
        columns = len(self.columns) + self.ragged
        return is_data(stretch.data, rows, self._grammar(stretch), comment=self.comment, columns=columns)

    def _text(self, stretch: Stretch, rows: Rows, kept: Flags) -> memoryview:
        """The rows to parse, with stray quotes doubled."""
        if kept.all() and not len(rows.strays):
            return memoryview(stretch.data)[: stretch.stop]
        edges = np.flatnonzero(np.diff(kept, prepend=False, append=False))
        parts: list[bytes] = []
        quote = (self.quote or "").encode()
        for first, last in zip(edges[0::2], edges[1::2] - 1, strict=True):
            place, stop = int(rows.starts[first]), int(rows.ends[last])
            begin, end = np.searchsorted(rows.strays, (place, stop))
            for stray in rows.strays[begin:end].tolist():
                parts += (stretch.data[place : stray + 1], quote)
                place = stray + 1
            parts.append(stretch.data[place:stop])
        return memoryview(b"".join(parts))

    def _arrow(
        self, text: memoryview, stretch: Stretch, *, threads: bool, invalid: list[tuple[int, int]] | None = None
    ) -> pa.Table | None:
        """Parse by Arrow, from bytes that are known to be UTF-8; None if it refuses.

        Parameters
        ----------
        text : rows.
        stretch : where they come from.
        threads : in several threads; rows with the wrong number of fields then make it refuse.
        invalid : takes number (from 1, blank rows not counted) and fields of such rows, which are left out.
        """
        names = [*self.columns, _TAIL] if self.ragged else list(self.columns)
        if not len(text):
            return pa.table({name: pa.array([], pa.string()) for name in names})
        if bytes(text[:3]) == _BOM:
            # Arrow takes these three bytes for a byte order mark wherever a buffer begins with them.
            text = memoryview(b"\n" + bytes(text))

        def note(found: csv.InvalidRow) -> str:
            if invalid is not None:
                invalid.append((found.number, found.actual_columns))
            return "skip"

        rows = stretch.rows
        embedded = rows is not None and len(rows.line_ends) >= len(rows.starts)
        try:
            table = csv.read_csv(
                pa.py_buffer(text),
                read_options=csv.ReadOptions(
                    column_names=names, block_size=max(_ARROW_BLOCK, 2 * self.longest), use_threads=threads
                ),
                parse_options=csv.ParseOptions(
                    delimiter=chr(stretch.delimiter),
                    quote_char=self.quote or False,
                    newlines_in_values=embedded,
                    invalid_row_handler=None if invalid is None else note,
                ),
                convert_options=csv.ConvertOptions(
                    check_utf8=False,
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None
        return self._with_delimiters(table, stretch)

    def _with_delimiters(self, table: pa.Table, stretch: Stretch) -> pa.Table:
        """Put a delimiter that was part of a quoted value back."""
        if self.quote is None or stretch.rows is None or self.delimiter is None or not is_replaced(self.delimiter):
            return table
        sign = chr(stretch.delimiter)
        columns = [pc.replace_substring(column, sign, self.delimiter) for column in table.columns]
        return pa.table(columns, names=table.column_names)

    def _raw(self, raw: bytes, delimiter: int | None = None) -> str:
        raw = raw[: 4 * RAW_LENGTH]
        if delimiter is not None and self.delimiter is not None and is_replaced(self.delimiter):
            raw = raw.replace(bytes((delimiter,)), self.delimiter.encode())
        if delimiter is not None and self.width is not None:
            raw = raw.replace(bytes((delimiter,)), b"")
        return shown(raw).rstrip("\r\n")[:RAW_LENGTH]

    def _doubt_encoding(self, stretch: Stretch, rows: Rows, reasons: dict[int, str], line: int) -> None:
        """Refuse to go on when the text, ASCII so far, turns out to be in another encoding."""
        wrong = [number for number, reason in reasons.items() if reason == "encoding"]
        if not wrong or not self.ascii_so_far:
            return
        sample = b"".join(stretch.data[rows.starts[number] : rows.ends[number]] for number in wrong[:500])
        guess = guess_encoding(sample)
        if guess.name != "utf-8" and not guess.errors and len(sample) > 8:
            first = int(_line_numbers(rows, rows.starts[wrong[:1]], line)[0])
            raise EncodingUnsure(file=self.file, line=first, candidate=guess.name)


def _line_numbers(rows: Rows, starts: Places, line: int) -> Places:
    """Number of the line where each row starts."""
    return np.searchsorted(rows.line_ends, starts) + line


def _numbered(table: pa.Table, rows: Places, lines: Places) -> pa.Table:
    return table.append_column(ROW, _counts(rows)).append_column(LINE, _counts(lines))


def _counts(numbers: Places) -> pa.Array:
    """Numbers as a column, without the import of pandas that ``pa.array`` sets off (0.2 s once)."""
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(np.ascontiguousarray(numbers))])

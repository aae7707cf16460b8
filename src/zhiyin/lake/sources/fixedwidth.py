"""Fixed width: fields are so many bytes **of the file's own encoding** each.

A Chinese character is two bytes in GB18030 (or four), so fields are cut before decoding: a control byte that the
buffer does not hold is put between them, and from there on the text is a delimited one, with the same line numbers,
the same treatment of undecodable bytes and the same speed. A character cut in two by a field's edge becomes
undecodable, and its row is set apart.

A line may end early within its last field (transfer tools strip blanks at line ends), and may be longer by blanks;
any other length breaks the row. A file without any line end is read as records of the full width.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.lake.sources.block import LINE, ROW
from zhiyin.lake.sources.cutting import Overlong, Pieces, Stretch, pass_over
from zhiyin.lake.sources.doubts import Doubt
from zhiyin.lake.sources.encodings import EncodingGuess, Transcoder, shown
from zhiyin.lake.sources.errors import BadOption, TooManyColumns
from zhiyin.lake.sources.lines import LF, Bytes, Places, find_line_ends, strip_line_ends
from zhiyin.lake.sources.naming import judge_heading, names_for_columns, numbered_names, unique_names
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.plan import Plan
from zhiyin.lake.sources.preview import Preview
from zhiyin.lake.sources.quotes import TOO_LONG
from zhiyin.lake.sources.rows import Rows
from zhiyin.lake.sources.standin import choose_standin
from zhiyin.lake.sources.streams import ByteStream
from zhiyin.language import translate

ROW_WIDTH: Final = "row_width"
_SPACE: Final = 32
_JUDGED: Final = 200


def plan_fixed(preview: Preview, options: SourceOptions) -> Plan:
    """Names and preamble of a fixed-width text; ``preamble`` counts bytes of the file's encoding."""
    widths = _checked_widths(preview, options)
    data = preview.raw[preview.encoding.bom :]
    buffer = np.frombuffer(data, np.uint8)
    line_ends = find_line_ends(buffer, has_cr=b"\r" in data)
    records = not len(line_ends) and len(data) > sum(widths)
    skip = options.skip_rows or 0
    if records and skip:
        raise BadOption(file=preview.name, option="skip_rows", value=skip, reason=translate("the file has no lines"))
    ends = (line_ends + 1).tolist()
    begin = ends[min(skip, len(ends)) - 1] if skip and ends else 0
    table = [] if records else _sample(data[begin:], widths, preview.encoding)
    # Files of fixed width rarely name their columns: only words over numbers convince.
    heading = judge_heading(table)
    guessed = heading.named and not heading.doubts and options.names is None
    header = guessed if options.header is None else options.header
    doubts: list[Doubt] = list(preview.doubts)
    names = options.names or (tuple(cell or "" for cell in table[0]) if header else numbered_names(len(widths)))
    columns, notes = unique_names(names, reserved=(ROW, LINE))
    lines = min(skip + header, len(ends))
    return Plan(
        columns=columns,
        labels={},
        delimiter=None,
        quote=None,
        preamble=ends[lines - 1] if lines else 0,
        preamble_lines=lines,
        ragged=False,
        header=header,
        label_row=0,
        skip_rows=skip,
        doubts=(*doubts, *notes),
        records=records,
    )


def _checked_widths(preview: Preview, options: SourceOptions) -> tuple[int, ...]:
    widths = options.widths or ()
    if not widths or min(widths) < 1:
        raise BadOption(
            file=preview.name, option="widths", value=widths, reason=translate("each must be at least one byte")
        )
    if len(widths) > options.most_columns:
        raise TooManyColumns(file=preview.name, columns=len(widths), limit=options.most_columns)
    if options.names is not None and len(options.names) != len(widths):
        reason = names_for_columns(options.names, len(widths))
        raise BadOption(file=preview.name, option="names", value=",".join(options.names), reason=reason)
    if preview.encoding.name.startswith(("utf-16", "utf-32")):
        reason = translate("line ends and blanks must be single bytes; convert the file to UTF-8 or GB18030 first")
        raise BadOption(file=preview.name, option="encoding", value=preview.encoding.name, reason=reason)
    return widths


def _sample(data: bytes, widths: tuple[int, ...], encoding: EncodingGuess) -> list[list[str | None]]:
    """The first rows, cut and trimmed; lines that are too short to be rows are left out."""
    edges = np.cumsum((0, *widths)).tolist()
    rows: list[list[str | None]] = []
    for line in data[: _JUDGED * (edges[-1] + 2)].splitlines()[:_JUDGED]:
        if len(line) > edges[-2]:
            cells = (line[begin:end] for begin, end in pairwise(edges))
            rows.append([shown(Transcoder(encoding.name).feed(cell, final=True)).strip(" ") or None for cell in cells])
    return rows


def cut_fixed(stream: ByteStream, encoding: EncodingGuess, plan: Plan, options: SourceOptions) -> Iterator[Stretch]:
    """The stretches of one text, as delimited UTF-8."""
    widths = options.widths or ()
    pieces = Pieces(stream, EncodingGuess("utf-8", bom=encoding.bom), plan.preamble, options.block_bytes)
    carry, last = b"", False
    while not last:
        data = carry + pieces.next()
        last = pieces.final
        ends_here = last and stream.cut is None
        split = _split_records if plan.records else _split_lines
        lines = split(data, sum(widths), options, final=ends_here)
        carry = data[lines.stop :]
        overlong = None
        if len(carry) > max(options.longest_row, sum(widths)) and not last:
            overlong, carry = pass_over(pieces, carry, b"", TOO_LONG)
            head = Transcoder(encoding.name).feed(overlong.head, final=True)
            overlong = Overlong(overlong.reason, head, overlong.lines)
        yield _delimited(data, lines, widths, encoding, stream, overlong)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of a buffer: where the content of each begins and stops, one past its line end, one past the last."""

    starts: Places
    stops: Places
    ends: Places
    stop: int


def _split_lines(data: bytes, width: int, options: SourceOptions, *, final: bool) -> _Lines:
    buffer = np.frombuffer(data, np.uint8)
    decided = len(data) - (not final and data.endswith(b"\r"))
    ends = find_line_ends(buffer[:decided], has_cr=b"\r" in data) + 1
    if final and (int(ends[-1]) if len(ends) else 0) < len(data):
        ends = np.append(ends, len(data))
    starts = np.concatenate([np.zeros(min(len(ends), 1), np.int64), ends[:-1]])
    stops = strip_line_ends(buffer, starts, ends)
    if options.trailer_rows:
        held = np.flatnonzero(stops > starts)
        kept = int(held[-options.trailer_rows]) if len(held) >= options.trailer_rows else 0
        starts, stops, ends = starts[:kept], stops[:kept], ends[:kept]
    return _Lines(starts, stops, ends, int(ends[-1]) if len(ends) else 0)


def _split_records(data: bytes, width: int, options: SourceOptions, *, final: bool) -> _Lines:
    starts = np.arange(0, len(data), width)
    ends = starts + width
    if len(ends) and ends[-1] > len(data):
        starts, ends = (starts, np.minimum(ends, len(data))) if final else (starts[:-1], ends[:-1])
    if options.trailer_rows:
        kept = max(len(starts) - options.trailer_rows, 0)
        starts, ends = starts[:kept], ends[:kept]
    return _Lines(starts, ends, ends, int(ends[-1]) if len(ends) else 0)


def _delimited(
    data: bytes,
    lines: _Lines,
    widths: tuple[int, ...],
    encoding: EncodingGuess,
    stream: ByteStream,
    overlong: Overlong | None,
) -> Stretch:
    """Put a byte between fields, and decode."""
    byte = choose_standin(data, stream.name, None)
    buffer = np.frombuffer(data, np.uint8)
    lengths = lines.stops - lines.starts
    good = _fitting(buffer, lines, lengths, widths)
    matrix = _gather(buffer, lines, np.minimum(lengths, sum(widths)), good, sum(widths))
    text = _spaced(matrix, widths, byte)
    if not good.all():
        text = _interleave(data, lines, good, text, sum(widths) + len(widths))
    if encoding.name != "utf-8":
        text = Transcoder(encoding.name).feed(text, final=True)
    line_ends = find_line_ends(np.frombuffer(text, np.uint8), has_cr=False)
    ends = line_ends + 1
    starts = np.concatenate([np.zeros(min(len(ends), 1), np.int64), ends[:-1]])
    wrong = np.flatnonzero(~good & (lengths > 0))
    got = dict(zip(starts[wrong].tolist(), lengths[wrong].tolist(), strict=True))
    rows = Rows(starts, ends, line_ends, np.empty(0, np.int64), dict.fromkeys(got, ROW_WIDTH))
    return Stretch(text, len(text), byte, rows, len(ends), stream.position, overlong, got)


def _fitting(buffer: Bytes, lines: _Lines, lengths: Places, widths: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Lines that end within their last field, or are longer by blanks only."""
    width = sum(widths)
    good = (lengths > width - widths[-1]) & (lengths <= width)
    for number in np.flatnonzero(lengths > width).tolist():
        good[number] = bool((buffer[lines.starts[number] + width : lines.stops[number]] == _SPACE).all())
    return good


def _gather(
    buffer: Bytes, lines: _Lines, lengths: Places, good: npt.NDArray[np.bool_], width: int
) -> npt.NDArray[np.uint8]:
    """The fitting lines as a matrix of bytes, filled up with blanks.

    Neighbouring lines of the same length are copied at once.
    """
    chosen = np.flatnonzero(good)
    matrix = np.full((len(chosen), width), _SPACE, np.uint8)
    if not len(chosen):
        return matrix
    strides = lines.ends - lines.starts
    alike = (np.diff(chosen) == 1) & (np.diff(strides[chosen]) == 0) & (np.diff(lengths[chosen]) == 0)
    firsts = np.concatenate([[0], np.flatnonzero(~alike) + 1, [len(chosen)]]).tolist()
    for first, last in pairwise(firsts):
        start, stride, length = (int(values[chosen[first]]) for values in (lines.starts, strides, lengths))
        block = buffer[start : start + stride * (last - first)]
        if len(block) == stride * (last - first):
            matrix[first:last, :length] = block.reshape(last - first, stride)[:, :length]
    return matrix


def _spaced(matrix: npt.NDArray[np.uint8], widths: tuple[int, ...], byte: int) -> bytes:
    """The matrix as lines with a byte between fields."""
    spaced = np.full((len(matrix), sum(widths) + len(widths)), byte, np.uint8)
    begin = 0
    for column, width in enumerate(widths):
        spaced[:, begin + column : begin + column + width] = matrix[:, begin : begin + width]
        begin += width
    spaced[:, -1] = LF
    return spaced.tobytes()


def _interleave(data: bytes, lines: _Lines, good: npt.NDArray[np.bool_], text: bytes, stride: int) -> bytes:
    """Put the lines that do not fit back to their places."""
    edges = np.flatnonzero(np.diff(good)) + 1
    parts: list[bytes] = []
    taken = 0
    for first, last in pairwise([0, *edges.tolist(), len(good)]):
        if good[first]:
            parts.append(text[taken : taken + stride * (last - first)])
            taken += stride * (last - first)
        else:
            spans = zip(lines.starts[first:last].tolist(), lines.stops[first:last].tolist(), strict=True)
            parts += [data[start:stop] + b"\n" for start, stop in spans]
    return b"".join(parts)


def trim_cells(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    """Take the blanks that fill a field off its text; nothing but blanks is null."""
    trimmed = {name: pc.utf8_trim(table.column(name), characters=" ") for name in columns}
    emptied = {name: pc.if_else(pc.equal(column, ""), None, column) for name, column in trimmed.items()}
    return pa.table({**emptied, ROW: table.column(ROW), LINE: table.column(LINE)})

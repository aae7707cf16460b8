"""Everything that must be known of a delimited text before its first block."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from zhiyin.lake.sources.block import LINE, ROW
from zhiyin.lake.sources.dialect import Dialect, guess_delimiter, guess_quote
from zhiyin.lake.sources.doubts import Doubt
from zhiyin.lake.sources.encodings import shown
from zhiyin.lake.sources.errors import BadOption, SourceEmpty, TooManyColumns, WrongFormat
from zhiyin.lake.sources.fields import split_row
from zhiyin.lake.sources.naming import join_headings, judge_heading, names_for_columns, numbered_names, unique_names
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.preview import Preview
from zhiyin.lake.sources.rows import Grammar, find_rows
from zhiyin.lake.sources.standin import is_replaced, with_standin
from zhiyin.language import translate

_SEP_LINE: Final = re.compile(r"sep=(.)", re.IGNORECASE)
_ROWS: Final = 1000
_TELLING: Final = 1 << 18
_MOST_TITLES: Final = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """How one delimited text is read.

    Attributes
    ----------
    columns : names, unique.
    labels : column to label, from a label row.
    delimiter : characters between fields; None for a single column.
    quote : one ASCII character; None where fields are never quoted.
    preamble : bytes of UTF-8, after the byte order mark, before the first data row (titles, names, labels).
    preamble_lines : the lines of these.
    ragged : each row ends with a delimiter: behind it stands one more column, always empty, that is not delivered.
    header, label_row, skip_rows : as in :class:`SourceOptions`, decided.
    doubts : what was guessed.
    records : fixed width: there are no line ends between rows.
    """

    columns: tuple[str, ...]
    labels: dict[str, str]
    delimiter: str | None
    quote: str | None
    preamble: int
    preamble_lines: int
    ragged: bool
    header: bool
    label_row: int
    skip_rows: int
    doubts: tuple[Doubt, ...]
    records: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the sample, split; ``stop``: one past its line end; ``line``: where it starts; ``next_line``."""

    fields: list[str]
    stop: int
    line: int
    next_line: int


def make_plan(preview: Preview, options: SourceOptions) -> Plan:
    """Decide delimiter, quote, names and labels from a file's first rows and what was asked for."""
    _refuse_endless_row(preview, options)
    doubts: list[Doubt] = list(preview.doubts)
    lines = _plain_lines(preview.head)
    delimiter, skip = options.delimiter, options.skip_rows or 0
    separator = _SEP_LINE.fullmatch(lines[0]) if lines and not skip else None
    if separator:
        delimiter, skip = delimiter or separator.group(1), 1
    telling = [line for line in lines[skip:] if line.strip(" \t\x1a") and not _is_comment(line, options.comment)]
    if delimiter is None:
        small = replace(preview, head=preview.head[:_TELLING], whole=preview.whole and len(preview.head) <= _TELLING)

        def split(text: str) -> list[list[str]]:
            return [row.fields for row in _sample_rows(small, text, '"', options) if row.line > skip]

        delimiter, unsure = guess_delimiter(telling, split)
        doubts += unsure
    _check_signs(preview.name, delimiter, options.quote or None)
    quote = guess_quote(telling, delimiter) if options.quote is None else (options.quote or None)
    rows = _sample_rows(preview, delimiter, quote, options)
    first = next((place for place, row in enumerate(rows) if row.line > skip), len(rows))
    if options.skip_rows is None and options.header is not False:
        first += _titles(rows[first:], doubts)
    if first == len(rows):
        raise SourceEmpty(file=preview.name)
    return _read_heading(preview.name, options, Dialect(delimiter, quote, tuple(doubts)), rows, first)


def _read_heading(name: str, options: SourceOptions, dialect: Dialect, rows: list[_Row], first: int) -> Plan:
    """Names and labels, given the rows of the sample and which of them is the first that is not a title."""
    doubts = list(dialect.doubts)
    table = rows[first:]
    heading = judge_heading([[cell or None for cell in row.fields] for row in table])
    header = heading.named if options.header is None else options.header
    if options.header is None:
        doubts += heading.doubts
    depth = (options.header_rows or 1) if header else 0
    labelled = _is_labelled(name, options, table, depth, guess=header and heading.labelled)
    if labelled and options.label_row is None:
        doubts.append(Doubt("labels", {"line": table[depth].line}))
    body = [row.fields for row in table[depth + labelled :]]
    names = join_headings([row.fields for row in table[:depth]])
    width = Counter(len(row) for row in body).most_common(1)[0][0] if body else len(names)
    names, ragged = _without_tail(names or [""] * width, body, width, options, header=header)
    if ragged:
        doubts.append(Doubt("ragged"))
    if body and width != len(names) + ragged:
        data = {"names": len(names), "width": width}
        doubts.append(Doubt("width", data))
    columns, notes = _columns(name, names, options, header=header)
    before = first + depth + labelled - 1
    return Plan(
        columns=columns,
        labels=_labels(columns, table[depth].fields) if labelled else {},
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        preamble=rows[before].stop if before >= 0 else 0,
        preamble_lines=rows[before].next_line - 1 if before >= 0 else 0,
        ragged=ragged,
        header=header,
        label_row=table[depth].line if labelled else 0,
        skip_rows=rows[first - 1].next_line - 1 if first else 0,
        doubts=(*doubts, *notes),
    )


def _refuse_endless_row(preview: Preview, options: SourceOptions) -> None:
    """Refuse a text whose first line does not end within the sample."""
    if preview.whole or b"\n" in preview.head or b"\r" in preview.head:
        return
    signs = [options.delimiter] if options.delimiter else [",", "\t", ";", "|"]
    columns = max(preview.head.count(sign.encode()) for sign in signs) + 1
    if columns > options.most_columns:
        raise TooManyColumns(file=preview.name, columns=columns, limit=options.most_columns)
    reason = translate("its first {count} bytes hold no line end").format(count=f"{len(preview.head):,}")
    raise WrongFormat(file=preview.name, format="delimited", reason=reason)


def _plain_lines(head: bytes) -> list[str]:
    """Lines of the sample, quoting left out of account; the last one only if it is complete or the only one."""
    lines = re.split("\r\n|\n|\r", shown(head[:_TELLING]))
    return lines[:-1] if len(lines) > 1 else lines


def _is_comment(line: str, comment: str | None) -> bool:
    return comment is not None and line.startswith(comment)


def _check_signs(file: str, delimiter: str | None, quote: str | None) -> None:
    if delimiter is not None and (not delimiter or set(delimiter) & {"\n", "\r", "\0"}):
        raise BadOption(
            file=file, option="delimiter", value=repr(delimiter), reason=translate("empty, or with a line end or NUL")
        )
    if quote is not None and (len(quote) != 1 or not quote.isascii() or quote in {"\n", "\r", "\0"}):
        raise BadOption(
            file=file, option="quote", value=repr(quote), reason=translate("it must be one ASCII character")
        )
    if delimiter is not None and quote is not None and quote in delimiter:
        raise BadOption(file=file, option="quote", value=repr(quote), reason=translate("the delimiter holds it"))


def _sample_rows(preview: Preview, delimiter: str | None, quote: str | None, options: SourceOptions) -> list[_Row]:
    """The complete rows of the sample, blank ones and comments left out."""
    head, byte = with_standin(preview.head, preview.name, delimiter)
    grammar = Grammar(byte, ord(quote) if quote else None, options.longest_row)
    rows = find_rows(head, grammar, final=preview.whole)
    found = []
    sign = None if delimiter is None else chr(byte)
    starts, ends = rows.starts[:_ROWS].tolist(), rows.ends[:_ROWS].tolist()
    lines = (np.searchsorted(rows.line_ends, rows.ends[:_ROWS]) + 1).tolist()
    grown, width = 0, len((delimiter or "").encode()) - 1
    for start, end, next_line in zip(starts, ends, lines, strict=True):
        raw = head[start:end]
        # The preamble is measured in the file's own delimiters.
        grown += raw.count(byte) * width if is_replaced(delimiter) else 0
        text = shown(raw).rstrip("\r\n") if raw.endswith((b"\r", b"\n")) else shown(raw)
        if not text.strip(" \t\x1a") or _is_comment(text, options.comment):
            continue
        line = int(np.searchsorted(rows.line_ends, start)) + 1
        found.append(_Row(split_row(text, sign, quote), end + grown, line, next_line))
    return found


def _titles(rows: list[_Row], doubts: list[Doubt]) -> int:
    """How many rows stand above the table: far fewer fields than usual, and names right below them."""
    if len(rows) < 2:
        return 0
    usual = Counter(len(row.fields) for row in rows).most_common(1)[0][0]
    short = next((place for place, row in enumerate(rows) if len(row.fields) > max(1, usual // 2)), 0)
    if usual < 2 or not 0 < short <= _MOST_TITLES or len(rows[short].fields) != usual:
        return 0
    if not judge_heading([[cell or None for cell in row.fields] for row in rows[short:]]).named:
        return 0
    doubts.append(Doubt("titles", {"count": short}))
    return short


def _is_labelled(file: str, options: SourceOptions, table: list[_Row], depth: int, *, guess: bool) -> bool:
    if options.label_row is None:
        return guess and len(table) > depth
    if options.label_row == 0:
        return False
    if len(table) <= depth or table[depth].line != options.label_row:
        reason = translate("labels must stand right below the names")
        raise BadOption(file=file, option="label_row", value=options.label_row, reason=reason)
    return True


def _without_tail(
    names: list[str], body: list[list[str]], width: int, options: SourceOptions, *, header: bool
) -> tuple[list[str], bool]:
    """Names without the empty one behind a delimiter at the row's end, and whether rows end with one too."""
    wanted = len(options.names) if options.names is not None else None
    usual = [row for row in body if len(row) == width]
    empty_tail = bool(usual) and width > 1 and not any(row[-1] for row in usual)
    if not header:
        ragged = empty_tail and wanted != width
        return names[: width - ragged], ragged
    if len(names) == width - 1 and empty_tail:
        return names, True
    if names and not names[-1] and len(names) > 1:
        if len(names) == width and empty_tail:
            return names[:-1], True
        if len(names) == width + 1 or not body:
            return names[:-1], not body
    return names, False


def _columns(
    file: str, names: list[str], options: SourceOptions, *, header: bool
) -> tuple[tuple[str, ...], tuple[Doubt, ...]]:
    if len(names) > options.most_columns:
        raise TooManyColumns(file=file, columns=len(names), limit=options.most_columns)
    if options.names is not None:
        if len(options.names) != len(names):
            reason = names_for_columns(options.names, len(names))
            raise BadOption(file=file, option="names", value=",".join(options.names), reason=reason)
        return unique_names(options.names, reserved=(ROW, LINE))
    if not header:
        return numbered_names(len(names)), ()
    return unique_names(names, reserved=(ROW, LINE))


def _labels(columns: tuple[str, ...], labels: list[str]) -> dict[str, str]:
    return {column: label for column, label in zip(columns, labels, strict=False) if label}

"""What a reader may be told about a file; None means: find out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    r"""How to read one file. Every field has a default that finds out or does no harm.

    Attributes
    ----------
    format : ``delimited``, ``fixed``, ``excel``, ``spss``, ``json``, ``jsonl``, ``parquet``, ``xes``.
    encoding : a Python codec name: ``utf-8``, ``gb18030``, ``utf-16``, ``big5``, ``cp1252``, …
    delimiter : one or several characters between fields, e.g. ``","``, ``"|+|"``, ``"\x1b"``.
    quote : one ASCII character around fields; ``""`` for files that do not quote.
    header : whether the first row (after ``skip_rows``) holds the names.
    header_rows : rows that the names are spread over (a workbook with merged headings): joined by ``" / "``.
    label_row : 1-based line or sheet row that holds human labels beneath the names; 0 for none.
    skip_rows : lines or sheet rows above the header that are not data (titles).
    trailer_rows : last non-blank lines that are not data (a count of records, say).
    comment : lines that start with this text are not data.
    names : names of the columns where the file has none, or to use instead of the file's.
    widths : fixed width: bytes of each column **in the file's own encoding** (a Chinese character in GB18030 is
        two bytes, or four).
    sheet : name or 1-based number of the workbook's sheet.
    member : name or pattern (``*.csv``) of an archive's members; several may be given.
    record_path : JSON: dotted path to the list of records, ``"data.items"``.
    block_bytes : decompressed bytes of text in a block.
    block_cells : cells in a block of the formats that are not text.
    longest_row : bytes of a row beyond which it is broken.
    most_columns : columns beyond which a file is refused.
    expansion_ratio, expansion_bytes : an archive that expands beyond either is refused (a zip bomb); the ratio
        counts from 64 MiB on.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    header_rows: int | None = None
    label_row: int | None = None
    skip_rows: int | None = None
    trailer_rows: int = 0
    comment: str | None = None
    names: tuple[str, ...] | None = None
    widths: tuple[int, ...] | None = None
    sheet: str | int | None = None
    member: str | tuple[str, ...] | None = None
    record_path: str | None = None
    block_bytes: int = 16 * MEBIBYTE
    block_cells: int = 2_000_000
    longest_row: int = MEBIBYTE
    most_columns: int = 10_000
    expansion_ratio: float = 250.0
    expansion_bytes: int = 1 << 40

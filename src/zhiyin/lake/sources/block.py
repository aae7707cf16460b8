"""What every reader delivers: blocks of text columns, and beside them the rows that could not be split.

A source promises four things, whatever the format:

- every cell is text or null; a cell without characters is null, whitespace is kept as it stands;
- good and broken rows share one count, ``__row``, so nothing goes missing between them;
- the same file read with the same options gives the same blocks, so that a load can resume at a block;
- at most a few blocks are alive at once, however large the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

import pyarrow as pa

from zhiyin.lake.sources.doubts import Doubt
from zhiyin.lake.sources.options import SourceOptions

ROW: Final = "__row"
"""Column of a block: 1-based ordinal of the data row in the file."""
LINE: Final = "__line"
"""Column of a block: 1-based physical line where the row starts."""
RAW_LENGTH: Final = 4_000
"""Characters of a broken row that are kept."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be split into the file's columns.

    Attributes
    ----------
    row : 1-based ordinal of the data row in the file; good and broken rows share one count.
    line : 1-based physical line of the decompressed file where it starts; the sheet's row in a workbook; the
        record's ordinal where lines make no sense (SPSS, Parquet).
    reason : a code:
        ``field_count`` (too few or too many fields), ``encoding`` (bytes that the encoding does not know),
        ``unterminated_quote``, ``too_long``, ``nul`` (a NUL character), ``trailing_value`` (a value in the column
        after the last delimiter that is empty in the other rows), ``row_width`` (fixed width), ``not_json``,
        ``repeated_name`` (JSON with a name twice, an event with a key twice), ``unnamed_value`` (a value beside a
        sheet's table), ``no_events`` (a case of an event log without any event).
    column : name of the column, where one is to blame.
    raw : the row as it stood, undecodable bytes replaced by U+FFFD, at most 4,000 characters. It is personal data:
        whoever stores it masks it first.
    expected, got : number of fields (``field_count``), of bytes (``row_width``, ``too_long``); else None.
    """

    row: int
    line: int
    reason: str
    raw: str
    column: str | None = None
    expected: int | None = None
    got: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive rows of a file.

    Attributes
    ----------
    index : 0, 1, 2, …; the same file and options give the same blocks every time.
    rows : the file's columns as ``pa.string()``, then ``__row`` and ``__line`` as ``pa.int64()``.
    broken : rows of the same stretch that could not be split, in the order of the file.
    bytes_read : bytes of the file on disk (compressed, if it is) consumed so far, for progress.
    member : name of the archive's member that the rows come from; None outside archives. Lines are counted within
        a member, rows through all of them.
    """

    index: int
    rows: pa.Table
    broken: tuple[BrokenRow, ...]
    bytes_read: int
    member: str | None = None


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a file once it is open.

    Attributes
    ----------
    columns : names in the order of the file, made unique.
    format : ``delimited``, ``fixed``, ``excel``, ``spss``, ``json`` or ``jsonl``, ``parquet``, ``xes``.
    encoding : Python's name of the text encoding; ``""`` for binary formats.
    size : bytes on disk.
    delimiter : between fields; None where there is none.
    rows : number of data rows where the file itself tells (SPSS, Parquet); else None.
    labels : column to human label (a survey's second row, SPSS variable labels).
    value_labels : column to {code: label}; the codes are written as in the blocks.
    missing : column to the codes declared missing; a range is written ``"97..99"``, open ends ``"-inf"``, ``"inf"``.
    doubts : what was guessed and could be wrong.
    """

    columns: tuple[str, ...]
    format: str
    encoding: str
    size: int
    delimiter: str | None = None
    rows: int | None = None
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


@runtime_checkable
class Source(Protocol):
    """A file that is open for reading; :func:`zhiyin.lake.sources.open_source` makes one."""

    @property
    def info(self) -> SourceInfo:
        """Columns, format and what was guessed."""
        ...

    def blocks(self, *, skip: int = 0) -> Iterator[Block]:
        """The file's blocks in order, from block ``skip`` on; may be called again.

        Raises
        ------
        SourceTruncated
            After the last whole row of a file that ends too early (a gz cut off in transfer): the rows so far have
            been delivered, and the caller must not commit them as the whole file.
        """
        ...


class SettledSource(Source, Protocol):
    """A source that also tells what it settled on, as all of this package's do."""

    @property
    def settled(self) -> SourceOptions:
        """The options it was opened with, and what was found out filled in."""
        ...

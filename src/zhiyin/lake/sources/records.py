"""Records that a reader makes one by one in Python, gathered into blocks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.lake.sources.block import LINE, RAW_LENGTH, ROW, Block, BrokenRow

_T = TypeVar("_T")


class Record(NamedTuple):
    """A good row: the line where it starts, and a cell for each column (text, or None for nothing)."""

    line: int
    cells: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken row; the fields are those of :class:`zhiyin.lake.sources.block.BrokenRow`."""

    line: int
    reason: str
    raw: str
    column: str | None = None
    expected: int | None = None
    got: int | None = None


def gather_blocks(
    records: Iterable[Record | Fault],
    columns: tuple[str, ...],
    *,
    cells: int,
    skip: int,
    position: Callable[[], int],
) -> Iterator[Block]:
    """Blocks of so many records that they have about ``cells`` cells.

    A record with a NUL, or with half a surrogate pair (JSON can write one), is broken: neither can be stored as text.

    Parameters
    ----------
    records : in the order of the file.
    columns : names, as many as each record has cells.
    cells : of a block.
    skip : the first block wanted.
    position : tells the bytes of the file consumed so far.

    Raises
    ------
    SourceTruncated : whatever ``records`` raises, after a last block with the records before it.
    """
    size = max(cells // max(len(columns), 1), 1)
    index = count = 0
    held: list[Record | Fault] = []
    failure: Exception | None = None
    iterator = iter(records)
    while failure is None:
        try:
            held.append(next(iterator))
        except StopIteration:
            break
        except Exception as error:  # the rows before it are delivered first
            failure = error
            break
        if len(held) == size:
            if index >= skip:
                yield _block(held, columns, index, count, position())
            index, count, held = index + 1, count + len(held), []
    if held and index >= skip:
        yield _block(held, columns, index, count, position())
    if failure is not None:
        raise failure


def _block(held: list[Record | Fault], columns: tuple[str, ...], index: int, count: int, position: int) -> Block:
    good = [(count + place, record) for place, record in enumerate(held, start=1) if isinstance(record, Record)]
    broken = [
        BrokenRow(
            count + place, fault.line, fault.reason, fault.raw[:RAW_LENGTH], fault.column, fault.expected, fault.got
        )
        for place, fault in enumerate(held, start=1)
        if isinstance(fault, Fault)
    ]
    numbers, records = [number for number, _ in good], [record for _, record in good]
    cells = list(zip(*(record.cells for record in records), strict=True)) or [()] * len(columns)
    unfit = _unfit(columns, cells)
    table = text_table(columns, _without(cells, unfit), _without([numbers, [r.line for r in records]], unfit))
    for place, (reason, column) in unfit.items():
        raw = printable(" | ".join(cell or "" for cell in records[place].cells))
        broken.append(BrokenRow(numbers[place], records[place].line, reason, raw[:RAW_LENGTH], column))
    return Block(index, table, tuple(sorted(broken, key=lambda row: row.row)), position)


def text_table(
    columns: tuple[str, ...], cells: Sequence[Sequence[str | None]], numbers: Sequence[Sequence[int]]
) -> pa.Table:
    """The rows of a block from cells, column by column, and from ``__row`` and ``__line``; empty text becomes null."""
    arrays = [empty_to_null(pa.array(column, pa.string())) for column in cells]
    counts = [pa.array(values, pa.int64()) for values in numbers]
    return pa.table([*arrays, *counts], names=[*columns, ROW, LINE])


def empty_to_null(column: pa.Array) -> pa.Array:
    """A text column with null for text without characters."""
    empty = pc.equal(column, "")
    return pc.if_else(empty, None, column) if pc.any(empty).as_py() else column


def printable(text: str) -> str:
    """The text with U+FFFD for what cannot be stored."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unfit(columns: tuple[str, ...], cells: Sequence[Sequence[str | None]]) -> dict[int, tuple[str, str]]:
    """Place of each record that cannot be stored, with reason and column."""
    found: dict[int, tuple[str, str]] = {}
    for name, column in zip(columns, cells, strict=True):
        joined = "".join(cell for cell in column if cell)
        if "\0" not in joined and _is_encodable(joined):
            continue
        for place, cell in enumerate(column):
            if cell and "\0" in cell:
                found.setdefault(place, ("nul", name))
            elif cell and not _is_encodable(cell):
                found.setdefault(place, ("encoding", name))
    return found


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without(columns: Sequence[Sequence[_T]], places: Iterable[int]) -> Sequence[Sequence[_T]]:
    left_out = set(places)
    if not left_out:
        return columns
    return [[cell for place, cell in enumerate(column) if place not in left_out] for column in columns]


def number_text(value: float) -> str | None:
    """A number as people write it: no ``.0``, no exponent for whole numbers; NaN is nothing."""
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < 1e300:
        return str(int(value))
    return repr(value)

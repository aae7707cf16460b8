"""Names of columns, and whether a row holds names at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zhiyin.lake.sources.doubts import Doubt
from zhiyin.language import translate

Cells = Sequence[str | None]

_VALUE: Final = re.compile(
    r"""[-+]?[\d,]*\.?\d+(?:[eE][-+]?\d+)?%?                       # a number
      | \d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:[T\s]+[\d:.]+\S*)?  # a date, perhaps with a time
      | \d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?                        # a time
    """,
    re.VERBOSE,
)
_ROWS_JUDGED: Final = 200
_LABEL_EVIDENCE: Final = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """What the first rows of a table look like.

    Attributes
    ----------
    named : the first row holds names.
    labelled : the second row holds labels for people.
    doubts : what speaks against it.
    """

    named: bool
    labelled: bool = False
    doubts: tuple[Doubt, ...] = ()


def judge_heading(rows: Sequence[Cells]) -> Heading:
    """Whether the first row holds names and the second one labels.

    Names never look like numbers or dates, and a column of numbers or dates under a word shows that the word is a
    name. Where all columns hold words, names are assumed, unless they come again among the values, and a doubt is
    noted.

    Parameters
    ----------
    rows : the first rows of the table, the heading included.
    """
    if not rows:
        return Heading(named=False)
    first, body = rows[0], rows[1:_ROWS_JUDGED]
    if any(looks_like_value(cell) for cell in first):
        return Heading(named=False, doubts=(Doubt("no_header"),))
    if not body:
        return Heading(named=True)
    telling = [column for column in range(len(first)) if _values_below(body, column)]
    if telling:
        return Heading(named=True, labelled=_has_labels(rows))
    if any(cell and cell in _column(body, column) for column, cell in enumerate(first)):
        words = Doubt("no_header_words")
        return Heading(named=False, doubts=(words,))
    labelled = _has_labels(rows)
    words = Doubt("header_words")
    return Heading(named=True, labelled=labelled, doubts=() if labelled else (words,))


def looks_like_value(cell: str | None) -> bool:
    """A number, date or time, rather than a word."""
    return cell is not None and _VALUE.fullmatch(cell.strip()) is not None


def _column(body: Sequence[Cells], column: int) -> list[str]:
    found = [row[column] for row in body if column < len(row)]
    return [cell for cell in found if cell]


def _values_below(body: Sequence[Cells], column: int) -> bool:
    cells = _column(body, column)
    return bool(cells) and sum(looks_like_value(cell) for cell in cells) >= 0.8 * len(cells)


def _has_labels(rows: Sequence[Cells]) -> bool:
    """Words throughout the second row, over columns of numbers: a survey's questions beneath their codes.

    A first row of data with a word among numbers must never be taken for labels, so several columns and rows have
    to agree.
    """
    if len(rows) < 2 + _LABEL_EVIDENCE:
        return False
    second, body = rows[1], rows[2:_ROWS_JUDGED]
    telling = [column for column in range(len(rows[0])) if _values_below(body, column)]
    worded = [column for column in telling if column < len(second) and _is_word(second[column])]
    filled = sum(1 for cell in second if cell)
    return len(telling) >= 2 and len(worded) >= 0.8 * len(telling) and filled >= 0.8 * len(rows[0])


def _is_word(cell: str | None) -> bool:
    return bool(cell) and not looks_like_value(cell)


def unique_names(cells: Cells, *, reserved: Sequence[str] = ()) -> tuple[tuple[str, ...], tuple[Doubt, ...]]:
    """Names that differ, and notes about those that had to be made up.

    An empty name becomes ``column_7`` (its place), a second ``x`` becomes ``x_2``; blanks around names and a byte
    order mark go, blanks and line ends within become one blank.

    Parameters
    ----------
    cells : as they stand in the file.
    reserved : names that may not be used.
    """
    taken = set(reserved)
    wanted = {_tidy(cell) for cell in cells}
    names: list[str] = []
    empty: list[str] = []
    repeated: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = _tidy(cell)
        if not name:
            name = _free(f"column_{place}", taken | wanted)
            empty.append(name)
        elif name in taken:
            name = _free(name, taken | wanted)
            repeated.append(name)
        taken.add(name)
        names.append(name)
    doubts = []
    if empty:
        doubts.append(Doubt("names_empty", {"names": _few(empty)}))
    if repeated:
        doubts.append(Doubt("names_repeated", {"names": _few(repeated)}))
    return tuple(names), tuple(doubts)


def join_headings(rows: Sequence[Cells]) -> list[str]:
    """Names spread over several rows, as one name a column.

    A heading above several columns is written once, over the first of them, and holds for those to its right; the
    lowest row holds only for its own columns.

    Examples
    --------
    >>> join_headings([["Branch", "", "Phone"], ["n", "mean", "n"]])
    ['Branch / n', 'Branch / mean', 'Phone / n']
    """
    if not rows:
        return []
    width = max(len(row) for row in rows)
    parts: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(rows):
        last = ""
        for column in range(width):
            cell = _tidy(row[column]) if column < len(row) else ""
            last = cell or ("" if depth == len(rows) - 1 else last)
            if last and (not parts[column] or parts[column][-1] != last):
                parts[column].append(last)
    return [" / ".join(part) for part in parts]


def names_for_columns(names: Sequence[str], columns: int) -> str:
    """Why names that were given cannot be used: there are more or fewer of them than columns."""
    return translate("{names} names for {columns} columns").format(names=len(names), columns=columns)


def numbered_names(count: int) -> tuple[str, ...]:
    """``column_1`` … for a file without names."""
    return tuple(f"column_{place}" for place in range(1, count + 1))


def _tidy(cell: str | None) -> str:
    return " ".join((cell or "").replace("\ufeff", "").replace("\x00", "").split())


def _free(name: str, taken: set[str]) -> str:
    if name.startswith("column_") and name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown}, …"

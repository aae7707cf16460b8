"""Excel workbooks (``.xlsx``, ``.xlsm``) as a source."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import openpyxl

from zhiyin.lake.sources.block import LINE, ROW, Block, SourceInfo
from zhiyin.lake.sources.celltext import cell_text
from zhiyin.lake.sources.doubts import Doubt
from zhiyin.lake.sources.errors import (
    BadOption,
    NoSuchSheet,
    SourceDamaged,
    SourceEmpty,
    TooManyColumns,
    WrongFormat,
)
from zhiyin.lake.sources.naming import join_headings, judge_heading, names_for_columns, numbered_names, unique_names
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.records import Fault, Record, gather_blocks
from zhiyin.lake.sources.sheetscan import SheetScan, scan_sheet
from zhiyin.lake.sources.streams import open_raw, refuse_declared_bomb
from zhiyin.language import translate

_SAMPLE: Final = 300
_BATCH: Final = 1000
_MOST_TITLES: Final = 20

# What openpyxl raises over a workbook that is not what it should be.
_UNREADABLE: Final = (
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    SyntaxError,  # of XML
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

Cells = list[str | None]


@dataclass(frozen=True, slots=True)
class _Heading:
    """Where a sheet's table begins and what its columns are called.

    ``kept`` are the 0-based columns that are delivered; ``last`` is the sheet's row before the first data row.
    """

    columns: tuple[str, ...]
    labels: dict[str, str]
    kept: tuple[int, ...]
    last: int
    named: bool
    depth: int
    label_row: int
    skip_rows: int
    doubts: tuple[Doubt, ...]


class WorkbookSource:
    """One sheet of a workbook. See :class:`zhiyin.lake.sources.block.Source`.

    Merged cells count as if each held the value; formulas as their last calculated value, and those that were never
    calculated as they are written, with a doubt. ``__line`` is the sheet's row.

    Parameters
    ----------
    path : the workbook on disk.
    name : the file as the user knows it.
    options : what was asked for.
    """

    def __init__(self, path: Path, name: str, options: SourceOptions) -> None:
        self._path, self._name, self._options = path, name, options
        self._size = path.stat().st_size
        with self._opened() as (_, book):
            chosen = self._choose(book)
            self._sheet: str = chosen.title
            self._scan = self._scanned(chosen)
            sample = list(islice(self._rows(chosen), _SAMPLE))
            others = [sheet.title for sheet in book.worksheets if sheet.title != self._sheet]
        if not any(any(cells) for _, cells in sample):
            raise SourceEmpty(file=f"{name} ({self._sheet})")
        self._heading = _read_heading(name, sample, self._scan, options)
        doubts = list(self._heading.doubts)
        if others and options.sheet is None:
            data = {"sheet": self._sheet, "others": ", ".join(others)}
            doubts.insert(0, Doubt("sheet", data))
        if self._scan.uncalculated:
            doubts.append(Doubt("formulas", {"count": len(self._scan.uncalculated)}))
        self._doubts = tuple(doubts)

    @property
    def info(self) -> SourceInfo:
        """Columns, labels and doubts."""
        heading = self._heading
        return SourceInfo(
            columns=heading.columns,
            format="excel",
            encoding="",
            size=self._size,
            labels=heading.labels,
            doubts=self._doubts,
        )

    @property
    def settled(self) -> SourceOptions:
        """The options with everything filled in that was found out."""
        heading = self._heading
        return replace(
            self._options,
            format="excel",
            sheet=self._sheet,
            header=heading.named,
            header_rows=heading.depth if heading.depth > 1 else None,
            label_row=heading.label_row,
            skip_rows=heading.skip_rows,
        )

    def blocks(self, *, skip: int = 0) -> Iterator[Block]:
        """See :meth:`zhiyin.lake.sources.block.Source.blocks`."""
        with self._opened() as (raw, book):
            records = self._records(book[self._sheet])
            yield from gather_blocks(
                _without_trailer(records, self._options.trailer_rows),
                self._heading.columns,
                cells=self._options.block_cells,
                skip=skip,
                position=raw.tell,
            )

    @contextmanager
    def _opened(self) -> Iterator[tuple[IO[bytes], Any]]:
        """The file on disk and the workbook read from it."""
        with open_raw(self._path) as raw:
            try:
                for entry in zipfile.ZipFile(raw).infolist():
                    refuse_declared_bomb(self._name, entry, self._options)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    book = openpyxl.load_workbook(raw, read_only=True, data_only=True, keep_links=False)
            except _UNREADABLE as error:
                raise WrongFormat(file=self._name, format="excel", reason=type(error).__name__) from error
            with closing(book):
                yield raw, book

    def _choose(self, book: Any) -> Any:
        """The sheet asked for, else the first visible one that is not empty."""
        titles = [sheet.title for sheet in book.worksheets]
        wanted = self._options.sheet
        if isinstance(wanted, int) and 1 <= wanted <= len(titles):
            return book.worksheets[wanted - 1]
        if wanted in titles:
            return book[wanted]
        if wanted is not None:
            shown = ", ".join(titles)
            raise NoSuchSheet(file=self._name, sheets=shown, sheet=str(wanted), choices=tuple(titles))
        if not titles:
            raise SourceEmpty(file=self._name)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        for sheet in visible:
            if any(any(cells) for _, cells in islice(self._rows(sheet), _SAMPLE)):
                return sheet
        return visible[0]

    def _scanned(self, sheet: Any) -> SheetScan:
        try:
            with zipfile.ZipFile(self._path) as archive:
                return scan_sheet(archive, sheet._worksheet_path)
        except _UNREADABLE as error:
            raise SourceDamaged(file=self._name, rows=0, reason=type(error).__name__) from error

    def _rows(self, sheet: Any) -> Iterator[tuple[int, Cells]]:
        """Number and cells of each row of a sheet, from the first on."""
        # What a sheet says of its own extent is often wrong.
        sheet.reset_dimensions()
        rows, number = enumerate(sheet.iter_rows(), start=1), 0
        while True:
            batch = []
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    for number, cells in islice(rows, _BATCH):
                        batch.append((number, [_text(cell) for cell in cells]))
            except _UNREADABLE as error:
                yield from batch
                raise SourceDamaged(file=self._name, rows=number, reason=type(error).__name__) from error
            if not batch:
                return
            yield from batch

    def _records(self, sheet: Any) -> Iterator[Record | Fault]:
        """The data rows, blank ones left out."""
        heading, areas = self._heading, _AreaFill(self._scan)
        kept = set(heading.kept)
        formulas: dict[int, list[tuple[int, str]]] = {}
        for (row, column), formula in self._scan.uncalculated.items():
            formulas.setdefault(row, []).append((column, formula))
        for number, cells in self._rows(sheet):
            filled = areas.fill(number, cells)
            # A formula that was never calculated stands as it is written: a column that is not used does no harm, and
            # one that is used fails its own check.
            for column, formula in formulas.get(number, ()):
                filled = [*filled, *[None] * (column + 1 - len(filled))]
                filled[column] = formula
            if number <= heading.last or not any(filled):
                continue
            beside = next((place for place, cell in enumerate(filled) if cell and place not in kept), None)
            if beside is not None:
                yield Fault(number, "unnamed_value", _raw(filled), expected=len(kept), got=len(filled))
                continue
            yield Record(number, [filled[place] if place < len(filled) else None for place in heading.kept])


class _AreaFill:
    """Gives merged cells the value of their first one, row after row."""

    def __init__(self, scan: SheetScan) -> None:
        self._coming = deque(scan.merged)
        self._open: list[tuple[Any, str | None]] = []

    def fill(self, number: int, cells: Cells) -> Cells:
        while self._coming and self._coming[0].top <= number:
            area = self._coming.popleft()
            if area.top == number:
                self._open.append((area, cells[area.left] if area.left < len(cells) else None))
        if not self._open:
            return cells
        filled = list(cells)
        for area, value in self._open:
            filled += [None] * (area.right + 1 - len(filled))
            filled[area.left : area.right + 1] = [value] * (area.right + 1 - area.left)
        self._open = [(area, value) for area, value in self._open if area.bottom > number]
        return filled


def _read_heading(name: str, sample: list[tuple[int, Cells]], scan: SheetScan, options: SourceOptions) -> _Heading:
    """Find names, labels and the first data row in the first rows of a sheet."""
    doubts: list[Doubt] = []
    rows = [(number, cells) for number, cells in sample if any(cells) and number > (options.skip_rows or 0)]
    if not rows:
        raise SourceEmpty(file=name)
    if options.skip_rows is None and options.header is not False:
        titles = _count_titles([cells for _, cells in rows])
        if titles:
            doubts.append(Doubt("titles", {"count": titles}))
            rows = rows[titles:]
    judged = judge_heading([cells for _, cells in rows])
    named = judged.named if options.header is None else options.header
    doubts += judged.doubts if options.header is None else ()
    depth = _depth(rows, scan, options, doubts) if named else 0
    label_place = _label_place(name, rows, depth, options, guess=named and judged.labelled and depth == 1)
    if label_place is not None and options.label_row is None:
        doubts.append(Doubt("labels", {"line": rows[label_place][0]}))
    first = max(depth, -1 if label_place is None else label_place + 1)
    body = [cells for _, cells in rows[first:]]
    names = join_headings([cells for _, cells in rows[:depth]])
    kept = _kept_columns(names, body, options)
    if len(kept) > options.most_columns:
        raise TooManyColumns(file=name, columns=len(kept), limit=options.most_columns)
    columns, notes = _columns(name, [names[place] if place < len(names) else "" for place in kept], named, options)
    labels = rows[label_place][1] if label_place is not None else []
    return _Heading(
        columns=columns,
        labels={column: label for column, place in zip(columns, kept, strict=True) if (label := _at(labels, place))},
        kept=kept,
        last=rows[first - 1][0] if first else rows[0][0] - 1,
        named=named,
        depth=depth,
        label_row=rows[label_place][0] if label_place is not None else 0,
        skip_rows=rows[0][0] - 1,
        doubts=(*doubts, *notes),
    )


def _count_titles(rows: list[Cells]) -> int:
    """How many rows stand above the table: far fewer cells than usual, and names below them."""
    filled = [sum(1 for cell in cells if cell) for cells in rows]
    usual = Counter(filled).most_common(1)[0][0]
    first = next((place for place, count in enumerate(filled) if count > max(1, usual // 2)), 0)
    if usual < 2 or not 0 < first <= _MOST_TITLES or not judge_heading(rows[first:]).named:
        return 0
    return first


def _depth(rows: list[tuple[int, Cells]], scan: SheetScan, options: SourceOptions, doubts: list[Doubt]) -> int:
    """Over how many rows the names are spread: two where the first of them has merged cells."""
    if options.header_rows is not None:
        return options.header_rows
    top = rows[0][0]
    reach = max((area.bottom for area in scan.merged if area.top == top), default=top)
    groups = [area for area in scan.merged if area.top == top == area.bottom and area.right > area.left]
    below = 2 if groups and len(rows) > 2 and len(rows[1][1]) and rows[1][0] == top + 1 else 1
    depth = max(below, 1 + sum(1 for number, _ in rows[1:] if number <= reach))
    if depth > 1:
        doubts.append(Doubt("header_rows", {"rows": depth}))
    return depth


def _label_place(
    name: str, rows: list[tuple[int, Cells]], depth: int, options: SourceOptions, *, guess: bool
) -> int | None:
    if options.label_row is None:
        return depth if guess and len(rows) > depth else None
    if options.label_row == 0:
        return None
    place = next((place for place, (number, _) in enumerate(rows) if number == options.label_row), None)
    if place is None or place != depth:
        reason = translate("labels must stand right below the names")
        raise BadOption(file=name, option="label_row", value=options.label_row, reason=reason)
    return place


def _kept_columns(names: list[str], body: list[Cells], options: SourceOptions) -> tuple[int, ...]:
    """Columns with a name, or with a value in the sample; blank ones between and beside them are left out."""
    width = max([len(names), *(len(cells) for cells in body)], default=0)
    used = [any(_at(cells, place) for cells in body) for place in range(width)]
    named = [place < len(names) and bool(names[place]) for place in range(width)]
    return tuple(place for place in range(width) if used[place] or named[place])


def _columns(
    file: str, names: list[str], named: bool, options: SourceOptions
) -> tuple[tuple[str, ...], tuple[Doubt, ...]]:
    if options.names is not None:
        if len(options.names) != len(names):
            reason = names_for_columns(options.names, len(names))
            raise BadOption(file=file, option="names", value=",".join(options.names), reason=reason)
        return unique_names(options.names, reserved=(ROW, LINE))
    if not named:
        return numbered_names(len(names)), ()
    return unique_names(names, reserved=(ROW, LINE))


def _without_trailer(records: Iterator[Record | Fault], trailer: int) -> Iterator[Record | Fault]:
    held: deque[Record | Fault] = deque()
    for record in records:
        held.append(record)
        if len(held) > trailer:
            yield held.popleft()


def _text(cell: Any) -> str | None:
    value = cell.value
    if value is None:
        return None
    return cell_text(value, cell.number_format if hasattr(value, "isoformat") else None)


def _at(cells: Cells, place: int) -> str | None:
    return cells[place] if place < len(cells) else None


def _raw(cells: Cells) -> str:
    return " | ".join(cell or "" for cell in cells)

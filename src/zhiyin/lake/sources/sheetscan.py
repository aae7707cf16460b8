"""What openpyxl does not tell when it streams a sheet: merged cells, and formulas that were never calculated."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_CHUNK: Final = 1 << 20
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE: Final = re.compile(rb'r="([A-Z]+)(\d+)"')
_CELL_END: Final = b"</c>"
# Excel writes formulas whose value is an empty text like this; any other formula without a value was not calculated.
_TEXT: Final = b't="str"'


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells: 1-based rows, 0-based columns, both ends included."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What stands in a sheet's XML beside its values.

    Attributes
    ----------
    merged : areas of merged cells, by their top row.
    uncalculated : (row, column) to the formula, for formulas without a value; 1-based row, 0-based column.
    """

    merged: tuple[Area, ...]
    uncalculated: dict[tuple[int, int], str]

    def filled(self, row: int) -> list[Area]:
        """The merged areas that reach into a row from above or lie in it."""
        return [area for area in self.merged if area.top <= row <= area.bottom]


def scan_sheet(archive: zipfile.ZipFile, path: str) -> SheetScan:
    """Read through a sheet's XML once, without parsing it."""
    merged: list[Area] = []
    uncalculated: dict[tuple[int, int], str] = {}
    for text in _pieces(archive, path):
        for left, top, right, bottom in _MERGED.findall(text):
            merged.append(Area(int(top), int(bottom), column_number(left), column_number(right)))
        for attributes, formula in _FORMULA.findall(text):
            place = _PLACE.search(attributes)
            if place and _TEXT not in attributes:
                uncalculated[int(place[2]), column_number(place[1])] = "=" + html.unescape(
                    formula.decode("utf-8", "replace")
                )
    return SheetScan(tuple(sorted(merged, key=lambda area: area.top)), uncalculated)


def _pieces(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    carry = b""
    with archive.open(path) as sheet:
        while chunk := sheet.read(_CHUNK):
            carry += chunk
            stop = carry.rfind(_CELL_END)
            if stop >= 0:
                yield carry[: stop + len(_CELL_END)]
                carry = carry[stop + len(_CELL_END) :]
    yield carry


def column_number(letters: bytes) -> int:
    """0-based number of a column's letters.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1

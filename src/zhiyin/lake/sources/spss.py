"""SPSS data files (``.sav``, ``.zsav``) as a source: codes as they are stored, labels and missing codes beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyreadstat

from zhiyin.lake.sources.block import LINE, ROW, Block, SourceInfo
from zhiyin.lake.sources.errors import SourceDamaged, TooManyColumns, WrongFormat
from zhiyin.lake.sources.naming import unique_names
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.records import empty_to_null, number_text

# SPSS counts seconds since the first day of the Gregorian calendar.
_EPOCH: Final = np.datetime64("1582-10-14", "us")
_DATES: Final = frozenset({"DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR"})
_DATETIMES: Final = frozenset({"DATETIME", "YMDHMS"})
_TIMES: Final = frozenset({"TIME", "DTIME", "MTIME"})
_FORMAT: Final = re.compile(r"[A-Z]+")
_WHOLE: Final = 2**53


class SpssSource:
    """An SPSS data file. See :class:`zhiyin.lake.sources.block.Source`.

    ``__line`` is the case's ordinal. Codes declared missing are delivered as the codes they are; ``info.missing``
    says which these are.

    Parameters
    ----------
    path : the file on disk; the reader needs a real one.
    name : the file as the user knows it.
    options : what was asked for.
    """

    def __init__(self, path: Path, name: str, options: SourceOptions) -> None:
        self._path, self._name, self._options = path, name, options
        self._size = path.stat().st_size
        _, self._about = self._read(metadataonly=True)
        self._originals: list[str] = list(self._about.column_names)
        if len(self._originals) > options.most_columns:
            raise TooManyColumns(file=name, columns=len(self._originals), limit=options.most_columns)
        self._columns, self._doubts = unique_names(self._originals, reserved=(ROW, LINE))

    @property
    def info(self) -> SourceInfo:
        """Columns, labels of columns and values, missing codes, number of cases."""
        about, names = self._about, dict(zip(self._originals, self._columns, strict=True))
        labels = {names[name]: label for name, label in about.column_names_to_labels.items() if label}
        value_labels = {
            names[name]: {_code(code): str(label) for code, label in values.items()}
            for name, values in about.variable_value_labels.items()
        }
        missing = {
            names[name]: tuple(_range(span) for span in spans) for name, spans in about.missing_ranges.items() if spans
        }
        return SourceInfo(
            columns=self._columns,
            format="spss",
            encoding=str(about.file_encoding or ""),
            size=self._size,
            rows=self._about.number_rows,
            labels=labels,
            value_labels=value_labels,
            missing=missing,
            doubts=self._doubts,
        )

    @property
    def settled(self) -> SourceOptions:
        """The options with the format filled in."""
        return replace(self._options, format="spss")

    def blocks(self, *, skip: int = 0) -> Iterator[Block]:
        """See :meth:`zhiyin.lake.sources.block.Source.blocks`."""
        size = max(self._options.block_cells // max(len(self._columns), 1), 1)
        index = skip
        while True:
            cells, _ = self._read(row_offset=index * size, row_limit=size)
            columns = [self._text(cells[name], name) for name in self._originals]
            count = len(columns[0]) if columns else 0
            if count == 0:
                return
            numbers = pa.array(np.arange(index * size + 1, index * size + count + 1), pa.int64())
            table = pa.table([*columns, numbers, numbers], names=[*self._columns, ROW, LINE])
            read = self._size * (index * size + count) // max(self._about.number_rows or 0, index * size + count)
            yield Block(index, table, (), read)
            if count < size:
                return
            index += 1

    def _read(self, **wanted: Any) -> Any:
        try:
            return pyreadstat.read_sav(
                str(self._path),
                user_missing=True,
                disable_datetime_conversion=True,
                output_format="dict",
                encoding=self._options.encoding,
                **wanted,
            )
        except pyreadstat.ReadstatError as error:
            if wanted.get("metadataonly"):
                raise WrongFormat(file=self._name, format="spss", reason=str(error)) from error
            raise SourceDamaged(file=self._name, rows=wanted["row_offset"], reason=str(error)) from error

    def _text(self, cells: Any, name: str) -> pa.Array:
        if self._about.readstat_variable_types.get(name) == "string":
            return _strings(cells)
        # A column with system-missing values comes as objects, None among them.
        values = np.asarray(cells, np.float64)
        kind = _FORMAT.match(self._about.original_variable_types.get(name, ""))
        return numeric_text(values, kind.group() if kind else "F")


def numeric_text(values: npt.NDArray[np.float64], kind: str) -> pa.Array:
    """Numbers, dates and times as text; NaN (system-missing) is null.

    Parameters
    ----------
    values : as stored.
    kind : SPSS's name of the variable's format, without width: ``F``, ``DATE``, ``DATETIME``, ``TIME``.
    """
    known = ~np.isnan(values)
    if kind in _DATES or kind in _DATETIMES:
        micro = np.rint(np.where(known, values, 0) * 1e6).astype("timedelta64[us]")
        times = pa.array(_EPOCH + micro, mask=~known)
        unit = pa.date32() if kind in _DATES else pa.timestamp("us")
        text = pc.cast(pc.cast(times, unit, safe=False), pa.string())
        return pc.replace_substring_regex(pc.replace_substring(text, " ", "T"), r"\.000000$", "")
    if kind in _TIMES:
        return pa.array(
            [_clock(value) if sure else None for value, sure in zip(values, known, strict=True)], pa.string()
        )
    if bool((np.abs(values[known]) < _WHOLE).all()) and bool((values[known] % 1 == 0).all()):
        return pc.cast(pa.array(np.where(known, values, 0).astype(np.int64), mask=~known), pa.string())
    return pa.array([number_text(float(value)) for value in values], pa.string())


def _strings(values: Any) -> pa.Array:
    """Texts without the blanks that fill them up."""
    return empty_to_null(pa.array([None if value is None else str(value).rstrip(" ") for value in values], pa.string()))


def _clock(seconds: float) -> str:
    """Hours, minutes and seconds; hours may exceed 23."""
    micro = round(abs(seconds) * 1e6)
    whole, fraction = divmod(micro, 1_000_000)
    tail = f".{fraction:06d}" if fraction else ""
    sign = "-" if seconds < 0 else ""
    return f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{tail}"


def _code(code: Any) -> str:
    """A code as the blocks write it."""
    return number_text(code) or "" if isinstance(code, float) else str(code).rstrip(" ")


def _range(span: dict[str, Any]) -> str:
    """A missing code, or ``low..high``."""
    low, high = _code(span["lo"]), _code(span["hi"])
    return low if low == high else f"{low}..{high}"

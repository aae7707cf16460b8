"""A workbook's values as text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from zhiyin.lake.sources.records import number_text

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def cell_text(value: Any, number_format: str | None = None) -> str | None:
    """One cell's value as text; nothing for nothing.

    Numbers lose the ``.0`` that a workbook puts behind whole ones; dates become ``2024-03-01``, times of day
    ``08:30:00``, both together ``2024-03-01T08:30:00``, durations hours, minutes and seconds; truth ``true`` or
    ``false``. Text is kept as it stands.

    Parameters
    ----------
    value : as openpyxl gives it.
    number_format : of the cell: tells a date from a time that happens to be midnight.
    """
    if value is None or isinstance(value, str):
        return _unescaped(value) if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, dt.datetime):
        return value.isoformat() if shows_time(value, number_format) else value.date().isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return duration_text(value)
    return str(value)


def shows_time(value: dt.datetime, number_format: str | None) -> bool:
    """Whether a date's format shows hours or seconds, or it is not midnight anyway."""
    if value.time() != dt.time():
        return True
    shown = _QUOTED.sub("", number_format or "").lower()
    return "h" in shown or "s" in shown


def duration_text(span: dt.timedelta) -> str:
    """Hours, minutes and seconds; hours may exceed 23.

    Examples
    --------
    >>> duration_text(dt.timedelta(hours=26, minutes=5))
    '26:05:00'
    """
    total = abs(span)
    seconds = total.days * 86400 + total.seconds
    fraction = f".{total.microseconds:06d}" if total.microseconds else ""
    sign = "-" if span < dt.timedelta() else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def _unescaped(text: str) -> str:
    """Control characters, which workbooks write as ``_x000D_``, as themselves."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)

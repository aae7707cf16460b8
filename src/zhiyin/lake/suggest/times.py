"""In which format a column writes its times, and whether that can be told at all (03/04/26 is two different days)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Holds = Literal["time", "date", "clock"]

ENOUGH: Final = 0.97
"""Share of a column's values that its formats must read."""
_EXCEL: Final = (20_000.0, 80_000.0)  # serial days of 1954 and 2119
_EPOCHS: Final = (("epoch_s", 10), ("epoch_ms", 13), ("epoch_us", 16))
_EPOCH_FROM, _EPOCH_TO = 631_152_000, 4_102_444_800  # 1990 and 2100, in seconds
_YEARS: Final = (1950, 2100)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}([.]\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?", re.ASCII)
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])(:?[0-5]\d){1,2}", re.ASCII)
_NUMBER: Final = re.compile(r"\d+([.]\d+)?", re.ASCII)

# Shape of a value (digits as 9, letters as a) to the formats it may have. Only shapes that banks were seen to use.
_DAY_ORDERS: Final = ("%m/%d", "%d/%m")


@dataclass(frozen=True, slots=True)
class TimeGuess:
    """How a column writes time.

    Attributes
    ----------
    formats : for the mapping's ``format``; empty for ISO 8601, which needs none.
    holds : ``time`` (a day and a time of day), ``date``, or ``clock`` (a time of day alone).
    rivals : other formats that read the values just as well.
    carries_offset : whether the values say how far they are from UTC.
    share : of the values that the formats read.
    """

    formats: tuple[str, ...]
    holds: Holds
    rivals: tuple[str, ...] = ()
    carries_offset: bool = False
    share: float = 1.0


def guess_times(counts: Mapping[str, int]) -> TimeGuess | None:
    """The format of a column's values, given as value to number of rows; None where they are no times."""
    total = sum(counts.values())
    if not total:
        return None
    iso = [value for value in counts if _is_iso(value)]
    if sum(counts[value] for value in iso) >= ENOUGH * total:
        has_clock = sum(":" in value for value in iso) * 2 > len(iso)
        offset = any(re.search(r"(Z|[+-]\d{2}:?\d{2})$", value[10:]) for value in iso)
        return TimeGuess((), "time" if has_clock else "date", carries_offset=offset)
    clock = sum(n for value, n in counts.items() if _CLOCK.fullmatch(value) and (":" in value or len(value) == 6))
    if clock >= ENOUGH * total and not _looks_like_epoch_or_day(counts):
        return TimeGuess((_clock_format(counts),), "clock")
    return _epoch(counts, total) or _written(counts, total)


def guess_excel_days(counts: Mapping[str, int]) -> TimeGuess | None:
    """Serial days of a spreadsheet; only for columns whose name says that they hold a time."""
    total = sum(counts.values())
    inside = [v for v in counts if _NUMBER.fullmatch(v) and _EXCEL[0] <= float(v) <= _EXCEL[1]]
    if not inside or sum(counts[v] for v in inside) < ENOUGH * total:
        return None
    return TimeGuess(("excel",), "time" if any("." in v for v in inside) else "date")


def _is_iso(value: str) -> bool:
    if not _ISO.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _looks_like_epoch_or_day(counts: Mapping[str, int]) -> bool:
    """Six digits may also be yymmdd; where all could be, no clock is seen."""
    six = [value for value in counts if len(value) == 6 and value.isdigit()]
    return bool(six) and len(six) == len(counts) and all(_reads(v, "%y%m%d") for v in six) and len(counts) > 3


def _clock_format(counts: Mapping[str, int]) -> str:
    value = max(counts, key=lambda v: counts[v])
    return {0: "%H%M%S", 1: "%H:%M"}.get(value.count(":"), "%H:%M:%S")


def _epoch(counts: Mapping[str, int], total: int) -> TimeGuess | None:
    for name, digits in _EPOCHS:
        inside = [v for v in counts if v.isascii() and v.isdigit() and len(v) == digits]
        scale = 10 ** (digits - 10)
        inside = [v for v in inside if _EPOCH_FROM * scale <= int(v) < _EPOCH_TO * scale]
        # Account and phone numbers have ten or more digits too: those of one column spread wider than its times.
        near = inside and max(map(int, inside)) - min(map(int, inside)) < 40 * 366 * 86_400 * scale
        if near and sum(counts[v] for v in inside) >= ENOUGH * total:
            return TimeGuess((name,), "time", carries_offset=True)
    return None


def _written(counts: Mapping[str, int], total: int) -> TimeGuess | None:
    """Formats by their shape: take the one that reads most, then a second for the rest."""
    left, read = dict(counts), 0
    chosen: list[str] = []
    rivals: list[str] = []
    while left and len(chosen) < 3:
        tried = _candidates(left)
        scored = {f: sum(n for v, n in left.items() if _reads(v, f)) for f in tried}
        best = max(scored, key=lambda f: scored[f], default=None)
        if best is None or scored[best] < max(1, 0.01 * total):
            break
        rivals += [f for f in tried if f != best and scored[f] == scored[best]]
        chosen.append(best)
        read += scored[best]
        left = {v: n for v, n in left.items() if not _reads(v, best)}
    if not chosen or read < ENOUGH * total:
        return None
    holds: Holds = "time" if any("%H" in f or "%I" in f for f in chosen) else "date"
    return TimeGuess(
        tuple(chosen), holds, tuple(dict.fromkeys(rivals)), carries_offset="%z" in chosen[0], share=read / total
    )


def _candidates(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Formats that the shapes of the commonest values allow."""
    found: dict[str, None] = {}
    for value in sorted(counts, key=lambda v: -counts[v])[:50]:
        found.update(dict.fromkeys(_formats_of(value)))
    return tuple(found)


def _formats_of(value: str) -> Iterable[str]:
    if value.isascii() and value.isdigit():
        yield from {8: ("%Y%m%d",), 14: ("%Y%m%d%H%M%S",), 12: ("%Y%m%d%H%M",)}.get(len(value), ())
        return
    match = re.match(r"(\d{4}年\d{1,2}月\d{1,2}日)(.*)", value)
    if match:
        yield from _with_clock("%Y年%m月%d日", match[2])
    match = re.match(r"(\d{8})([ T-].+)", value)
    if match:
        yield from _with_clock("%Y%m%d", match[2])
    match = re.match(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(.*)", value)
    if match:
        first, mark, _, last, rest = match.groups()
        for day in _day_formats(len(first), len(last)):
            yield from _with_clock(day.replace("/", mark), rest)
    match = re.match(r"(\d{1,2})([ -])([A-Za-z]{3,9})\2(\d{2,4})(.*)", value)
    if match:
        _, mark, month, year, rest = match.groups()
        day = f"%d{mark}{'%b' if len(month) == 3 else '%B'}{mark}{'%Y' if len(year) == 4 else '%y'}"
        yield from _with_clock(day, rest)
    match = re.match(r"([A-Za-z]{3,9}) (\d{1,2}), (\d{4})(.*)", value)
    if match:
        yield from _with_clock(f"{'%b' if len(match[1]) == 3 else '%B'} %d, %Y", match[4])


def _day_formats(first: int, last: int) -> tuple[str, ...]:
    """Orders of year, month and day by the lengths of the first and last number."""
    if first == 4:
        return ("%Y/%m/%d",)
    if last == 4:
        return tuple(f"{order}/%Y" for order in _DAY_ORDERS)
    return (*(f"{order}/%y" for order in _DAY_ORDERS), *(("%y/%m/%d",) if first == 2 else ()))


def _with_clock(day: str, rest: str) -> Iterable[str]:
    if not rest:
        yield day
        return
    match = re.match(
        r"(\s+|T|-)?(\d{1,2}:\d{2}(:\d{2})?(\.\d+)?|\d{6}|\d{1,2}时\d{1,2}分(\d{1,2}秒)?)(\s*[AaPp][Mm])?(Z|[+-]\d{4})?$",
        rest,
    )
    if match is None:
        return
    gap, clock, seconds, fraction, seconds_zh, half, offset = match.groups()
    hour = "%I" if half else "%H"
    if "时" in clock:
        written = f"{hour}时%M分" + ("%S秒" if seconds_zh else "")
    elif ":" not in clock:
        written = "%H%M%S"
    else:
        written = f"{hour}:%M" + (":%S" if seconds else "") + (".%f" if fraction else "")
    if half:
        written += (" " if half[0].isspace() else "") + "%p"
    yield day + (gap or "") + written + ("%z" if offset else "")


def _reads(value: str, format_: str) -> bool:
    try:
        return _YEARS[0] <= datetime.strptime(value, format_).year <= _YEARS[1]
    except ValueError:
        return False

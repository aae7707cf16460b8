"""How numbers are written for people: one decimal, a true minus, ranges in words, days as each language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from zhiyin.language import current_language, either, translate
from zhiyin.tables.figures import Change, Figure

MINUS: Final = "\u2212"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say(sentence: str, **data: object) -> str:
    """A sentence in the user's language with its fields filled in."""
    return translate(sentence).format(**data)


def decimal(value: float, digits: int = 1, *, signed: bool = False) -> str:
    """A number with a fixed number of digits; zero never carries a sign."""
    text = f"{abs(value):,.{digits}f}"
    is_zero = not text.strip("0.,")
    sign = MINUS if value < 0 and not is_zero else "+" if signed and not is_zero else ""
    return sign + text


def whole(value: int) -> str:
    """A count with thousands separators."""
    return f"{value:,}".replace("-", MINUS)


def amount(value: float, unit: str, *, signed: bool = False) -> str:
    """A figure's value in its unit: ``71.8``, ``98.2%``, ``12.3``.

    >>> amount(0.9817, "share")
    '98.2%'
    """
    if unit == "share":
        return decimal(100 * value, signed=signed) + "%"
    return decimal(value, signed=signed)


def shift(value: float, unit: str) -> str:
    """A difference in its unit; of shares in percentage points."""
    if unit == "share":
        return say("{n} percentage points", n=decimal(100 * value, signed=True))
    return decimal(value, signed=True)


def between(low: float, high: float, unit: str, *, signed: bool = False) -> str:
    """An interval in words: ``70.6 to 73.0``, ``70.6 至 73.0``."""
    if unit == "share":
        ends = (decimal(100 * low, signed=signed), decimal(100 * high, signed=signed) + "%")
    else:
        ends = (decimal(low, signed=signed), decimal(high, signed=signed))
    return say("{low} to {high}", low=ends[0], high=ends[1])


def interval(figure: Figure | Change) -> str:
    """The interval of a figure or a change; empty where it has none."""
    if figure.low is None or figure.high is None:
        return ""
    if isinstance(figure, Change):
        return between(figure.low, figure.high, figure.figure.unit, signed=True)
    return between(figure.low, figure.high, figure.unit)


def percent_level(level: float) -> str:
    """``95%``."""
    return f"{100 * level:g}%"


def day(when: date) -> str:
    """A day: ``2026年10月31日`` or ``31 Oct 2026``."""
    return either(f"{when.year}年{when.month}月{when.day}日", f"{when.day} {_MONTHS[when.month - 1]} {when.year}")


def span(first: date | None, after: date | None) -> str:
    """From a day to the day before another."""
    if first is None or after is None:
        return ""
    last = after - timedelta(days=1)
    if first.day == 1 and after.day == 1:
        return _months(first, last)
    return say("{first}–{last}", first=day(first), last=day(last))


def _months(first: date, last: date) -> str:
    """Months in a row; the year once where it is the same: ``2026年8月至10月``, ``Aug–Oct 2026``."""
    if (first.year, first.month) == (last.year, last.month):
        return month(first)
    start, end = month(first), month(last)
    if first.year == last.year:
        start = either(start, _MONTHS[first.month - 1])
        end = either(f"{last.month}月", end)
    return say("{first}–{last}", first=start, last=end)


def month(when: date) -> str:
    """A month: ``2026年10月`` or ``Oct 2026``."""
    return either(f"{when.year}年{when.month}月", f"{_MONTHS[when.month - 1]} {when.year}")


def month_mark(when: date) -> str:
    """A month beneath an axis: ``10月`` or ``Oct``."""
    return either(f"{when.month}月", _MONTHS[when.month - 1])


def instant(microseconds: int, zone: str) -> str:
    """An instant on the bank's own clock, to the minute."""
    local = datetime.fromtimestamp(microseconds / 1e6, ZoneInfo(zone))
    return f"{day(local.date())} {local:%H:%M}"


def sentences(parts: Sequence[str]) -> str:
    """Sentences one after the other; Chinese puts no blank between them."""
    return either("", " ").join(parts)


def listed(words: Sequence[str]) -> str:
    """Words in a row: ``甲、乙和丙`` or ``a, b and c``."""
    if len(words) <= 1:
        return "".join(words)
    if current_language() == "zh":
        return "、".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]

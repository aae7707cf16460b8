"""Formats of time told from values, and what cannot be told."""

from __future__ import annotations

import pytest

from zhiyin.lake.suggest.times import TimeGuess, guess_excel_days, guess_times


def counted(*values: str) -> dict[str, int]:
    return dict.fromkeys(values, 1)


@pytest.mark.parametrize(
    ("values", "formats", "holds"),
    [
        (("2026-03-01", "2026-12-31"), (), "date"),
        (("2026-03-01 08:00:00", "2026-03-01T23:59:59.5"), (), "time"),
        (("20260301", "20261231"), ("%Y%m%d",), "date"),
        (("20260301080000", "20261231235959"), ("%Y%m%d%H%M%S",), "time"),
        (("20260301 080000", "20261231 235959"), ("%Y%m%d %H%M%S",), "time"),
        (("2026/3/1 9:05", "2026/12/31 23:59"), ("%Y/%m/%d %H:%M",), "time"),
        (("2026年3月1日", "2026年12月31日"), ("%Y年%m月%d日",), "date"),
        (("2026年3月1日 9时5分", "2026年12月31日 23时59分"), ("%Y年%m月%d日 %H时%M分",), "time"),
        (("01-Mar-26", "31-Dec-26"), ("%d-%b-%y",), "date"),
        (("Mar 1, 2026", "Dec 31, 2026"), ("%b %d, %Y",), "date"),
        (("03/01/26 01:05 PM", "12/31/26 11:59 AM"), ("%m/%d/%y %I:%M %p",), "time"),
        (("31/12/2026", "01/02/2026"), ("%d/%m/%Y",), "date"),
        (("093015", "235959"), ("%H%M%S",), "clock"),
        (("9:30", "23:59"), ("%H:%M",), "clock"),
        (("1772323200", "1772409600"), ("epoch_s",), "time"),
        (("1772323200000", "1772409600000"), ("epoch_ms",), "time"),
    ],
)
def test_format_is_told_from_values(values: tuple[str, ...], formats: tuple[str, ...], holds: str) -> None:
    guess = guess_times(counted(*values))
    assert guess is not None
    assert (guess.formats, guess.holds) == (formats, holds)


def test_day_and_month_that_cannot_be_told_apart_are_rivals() -> None:
    guess = guess_times(counted("01/02/2026", "03/04/2026"))
    assert guess == TimeGuess(("%m/%d/%Y",), "date", rivals=("%d/%m/%Y",))


def test_year_of_two_digits_may_stand_first_too() -> None:
    guess = guess_times(counted("03/04/05", "06/07/08"))
    assert guess is not None
    assert set(guess.formats + guess.rivals) == {"%m/%d/%y", "%d/%m/%y", "%y/%m/%d"}


def test_one_value_above_twelve_decides_the_order() -> None:
    guess = guess_times(counted("01/02/2026", "13/04/2026"))
    assert guess is not None
    assert (guess.formats, guess.rivals) == (("%d/%m/%Y",), ())


def test_two_formats_in_one_column_are_both_found() -> None:
    guess = guess_times({"20260301": 60, "2026-03-02": 40})
    assert guess is not None
    assert guess.formats == ("%Y%m%d", "%Y-%m-%d")


def test_offset_is_noticed() -> None:
    guess = guess_times(counted("2026-03-01T08:00:00+08:00", "2026-03-01T08:00:00Z"))
    assert guess is not None
    assert guess.carries_offset


def test_share_of_values_outside_the_format_is_kept() -> None:
    guess = guess_times({"20260301": 99, "unknown": 1})
    assert guess is not None
    assert guess.share == 0.99


@pytest.mark.parametrize("values", [("13800138000", "13900139000"), ("5", "4"), ("Q0001", "Q0002"), ("99999999",), ()])
def test_numbers_and_words_are_no_times(values: tuple[str, ...]) -> None:
    assert guess_times(counted(*values)) is None


def test_spreadsheet_days_are_asked_for_by_name_only() -> None:
    serial = counted("46082.5", "46083.25")
    assert guess_times(serial) is None
    assert guess_excel_days(serial) == TimeGuess(("excel",), "time")
    assert guess_excel_days(counted("46082", "46083")) == TimeGuess(("excel",), "date")
    assert guess_excel_days(counted("5", "4")) is None

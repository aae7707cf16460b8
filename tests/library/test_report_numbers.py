"""How numbers and days are written."""

from __future__ import annotations

from datetime import date

import pytest

from zhiyin.language import use_language
from zhiyin.night.report.numbers import amount, between, day, decimal, instant, listed, shift, span, whole


def test_decimals_carry_a_true_minus_and_zero_no_sign() -> None:
    assert [decimal(v, signed=True) for v in (1.25, -1.25, 0.04, -0.04)] == ["+1.2", "−1.2", "0.0", "0.0"]
    assert (whole(12345), whole(-5)) == ("12,345", "−5")


def test_amounts_have_their_unit() -> None:
    assert (amount(71.84, "points"), amount(0.9817, "share"), amount(12.3, "per 10,000")) == ("71.8", "98.2%", "12.3")


def test_intervals_and_shifts_are_words() -> None:
    with use_language("en"):
        assert between(0.1, 0.25, "share") == "10.0 to 25.0%"
        assert between(-1.0, 2.0, "points", signed=True) == "−1.0 to +2.0"
        assert shift(0.012, "share") == "+1.2 percentage points"


@pytest.mark.parametrize(
    ("first", "after", "zh", "en"),
    [
        (date(2026, 8, 1), date(2026, 9, 1), "2026年8月", "Aug 2026"),
        (date(2025, 11, 1), date(2026, 2, 1), "2025年11月 … 2026年1月", "Nov 2025 … Jan 2026"),
        (date(2026, 8, 1), date(2026, 11, 1), "2026年8月 … 10月", "Aug … Oct 2026"),
        (date(2026, 8, 3), date(2026, 8, 6), "2026年8月3日 … 2026年8月5日", "3 Aug 2026 … 5 Aug 2026"),
    ],
)
def test_spans_say_months_where_they_are_whole(first: date, after: date, zh: str, en: str) -> None:
    for language, said in (("zh", zh), ("en", en)):
        with use_language(language):
            written = span(first, after)
            assert written.startswith(said.partition(" … ")[0])
            assert written.endswith(said.rpartition(" … ")[2])


def test_span_without_ends_is_empty() -> None:
    assert span(None, None) == ""


def test_instants_are_on_the_banks_clock() -> None:
    with use_language("en"):
        assert instant(1_793_462_400_000_000, "Asia/Shanghai") == "1 Nov 2026 00:00"
        assert day(date(2026, 11, 1)) == "1 Nov 2026"


def test_lists_end_as_each_language_ends_them() -> None:
    with use_language("en"):
        assert [listed(words) for words in ([], ["a"], ["a", "b", "c"])] == ["", "a", "a, b and c"]
    with use_language("zh"):
        assert listed(["甲", "乙", "丙"]) == "甲、乙、丙"

"""Periods and pauses: where counting begins, what is left out, and where months end."""

from __future__ import annotations

import pytest
from clock_cases import day

from zhiyin.clock import Interval, Period, Unit, add_months, end_of_period, shipped_rules, union


def end(start: str, count: int, unit: Unit, *, pauses: tuple[Interval, ...] = (), exclude: bool = True) -> str:
    calendar = shipped_rules().calendar("cn")
    found = end_of_period(day(start), Period(count, unit), calendar=calendar, pauses=pauses, exclude_start_day=exclude)
    return found.isoformat()


def interval(first: str, last: str) -> Interval:
    return Interval(day(first), day(last))


def test_the_day_of_the_start_is_not_counted_unless_asked_for() -> None:
    assert end("2026-03-02", 15, Unit.CALENDAR_DAY) == "2026-03-17"
    assert end("2026-03-02", 15, Unit.CALENDAR_DAY, exclude=False) == "2026-03-16"


def test_no_days_are_the_same_day() -> None:
    assert end("2026-03-02", 0, Unit.CALENDAR_DAY) == "2026-03-02"


@pytest.mark.parametrize(
    ("start", "count", "unit", "expected"),
    [
        ("2026-03-30", 8, Unit.WEEK, "2026-05-25"),
        ("2026-01-31", 1, Unit.MONTH, "2026-02-28"),
        ("2026-08-31", 6, Unit.MONTH, "2027-02-28"),
        ("2028-02-29", 3, Unit.YEAR, "2031-02-28"),
        ("2026-02-13", 7, Unit.WORKING_DAY, "2026-03-02"),
    ],
)
def test_longer_units_end_on_the_day_of_the_same_number(start: str, count: int, unit: Unit, expected: str) -> None:
    assert end(start, count, unit) == expected


def test_paused_days_are_not_counted_in_any_unit() -> None:
    pause = (interval("2026-03-10", "2026-03-24"),)

    assert end("2026-03-02", 15, Unit.CALENDAR_DAY, pauses=pause) == "2026-04-01"
    assert end("2026-03-02", 1, Unit.MONTH, pauses=pause) == "2026-04-17"
    assert end("2026-03-02", 7, Unit.WORKING_DAY, pauses=pause) == "2026-03-26"


def test_hours_have_no_last_day() -> None:
    with pytest.raises(ValueError, match="no last day"):
        end("2026-03-02", 24, Unit.HOUR)


def test_working_days_need_a_calendar() -> None:
    with pytest.raises(ValueError, match="need a calendar"):
        end_of_period(day("2026-03-02"), Period(1, Unit.WORKING_DAY), calendar=None)


def test_union_joins_overlaps_and_neighbours() -> None:
    found = union(
        [
            interval("2026-03-16", "2026-03-20"),
            interval("2026-03-01", "2026-03-02"),
            interval("2026-03-10", "2026-03-15"),
            interval("2026-03-12", "2026-03-13"),
        ]
    )

    assert found == (interval("2026-03-01", "2026-03-02"), interval("2026-03-10", "2026-03-20"))


def test_an_interval_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="lies before the first"):
        interval("2026-03-02", "2026-03-01")


def test_add_months_keeps_the_number_of_the_day_where_it_can() -> None:
    assert add_months(day("2026-12-15"), 2) == day("2027-02-15")
    assert add_months(day("2024-03-31"), -1) == day("2024-02-29")

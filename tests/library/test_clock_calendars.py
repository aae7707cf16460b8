"""Calendars: published years only, moved days, and the same days as two other packages."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from clock_cases import day

from zhiyin.clock import CalendarYearMissing, ClockFileInvalid, load_rules, read_calendar, shipped_rules

MOVED_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def days_of(first: int, last: int) -> list[date]:
    start, end = date(first, 1, 1), date(last, 12, 31)
    return [start + timedelta(days=offset) for offset in range((end - start).days + 1)]


def test_chinese_weekend_days_worked_in_2026_are_the_published_six() -> None:
    calendar = shipped_rules().calendar("cn")

    found = [one.isoformat() for one in days_of(2026, 2026) if one.weekday() >= 5 and calendar.is_working_day(one)]

    assert found == MOVED_2026


def test_chinese_calendar_agrees_with_chinesecalendar_on_every_published_day() -> None:
    other = pytest.importorskip("chinese_calendar", reason="the package chinesecalendar is not installed")
    calendar = shipped_rules().calendar("cn")

    differing = [one for one in days_of(2004, 2026) if calendar.is_working_day(one) != other.is_workday(one)]

    assert differing == []
    assert calendar.published_years == frozenset(range(2004, 2027))


@pytest.mark.parametrize(
    ("name", "country", "subdivision", "first", "last"),
    [
        ("cn", "CN", None, 2010, 2026),
        ("uk-england-and-wales", "GB", "ENG", 2018, 2027),
        ("au-nsw", "AU", "NSW", 2024, 2027),
    ],
)
def test_calendar_agrees_with_holidays(name: str, country: str, subdivision: str | None, first: int, last: int) -> None:
    holidays = pytest.importorskip("holidays", reason="the package holidays is not installed")
    other = holidays.country_holidays(country, subdiv=subdivision, years=range(first, last + 1))
    calendar = shipped_rules().calendar(name)

    assert [one for one in days_of(first, last) if calendar.is_working_day(one) != other.is_working_day(one)] == []


@pytest.mark.parametrize("year", [2003, 2027])
def test_unpublished_year_raises_and_names_the_notice(year: int) -> None:
    with pytest.raises(CalendarYearMissing) as error:
        shipped_rules().calendar("cn").is_working_day(date(year, 1, 1))

    assert error.value.text("en") == (
        f"The {year} calendar is missing: load 国务院办公厅关于{year}年部分节假日安排的通知 into the calendar cn."
    )


def test_neighbouring_working_days_step_over_the_holiday() -> None:
    calendar = shipped_rules().calendar("cn")

    assert calendar.next_working_day(day("2026-02-17")) == day("2026-02-24")
    assert calendar.last_working_day(day("2026-02-17")) == day("2026-02-14")
    assert calendar.next_working_day(day("2026-02-24")) == day("2026-02-24")


def calendar_file(folder: Path, **more: str) -> Path:
    lines = {
        "calendar": '"cn"',
        "title_zh": '"日历"',
        "title_en": '"Calendar"',
        "source": '"notice"',
        "provenance": '"typed"',
        "confidence": '"Q"',
        "notice": '"notice of {year}"',
        "weekend": '["saturday", "sunday"]',
    } | more
    path = folder / "calendars" / "cn.toml"
    path.parent.mkdir(exist_ok=True)
    head = "\n".join(f"{key} = {value}" for key, value in lines.items() if key != "year")
    path.write_text(f"{head}\n{more.get('year', '')}\n", "utf-8")
    return path


def test_a_bank_loads_a_new_year_from_its_own_folder(tmp_path: Path) -> None:
    calendar_file(tmp_path, year="[[year]]\nyear = 2027\nclosed = [2027-01-01]\nopened = [2027-01-03]")

    calendar = load_rules(tmp_path).calendar("cn")

    assert [calendar.is_working_day(date(2027, 1, number)) for number in (1, 2, 3, 4)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"weekend": '["funday"]'}, "weekend"),
        ({"confidence": '"sure"'}, "confidence"),
        ({"year": "[[year]]\nyear = 2027\nclosed = [2026-01-01]\nopened = []"}, "year[0].closed"),
        ({"year": "[[year]]\nyear = 2027\nclosed = []\nopened = []\n[[year]]\nyear = 2027"}, "year[1].year"),
        ({"year": "[[year]]\nyear = 2027\nclosed = []\nopened = []\nwrong = 1"}, "year[0].wrong"),
        ({"surprise": "1"}, "surprise"),
    ],
)
def test_calendar_file_is_read_strictly(tmp_path: Path, more: dict[str, str], where: str) -> None:
    with pytest.raises(ClockFileInvalid) as error:
        read_calendar(calendar_file(tmp_path, **more))

    assert (error.value.data["file"], error.value.data["where"]) == ("cn.toml", where)

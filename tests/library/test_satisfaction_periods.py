"""Days of the bank's own clock, and the periods made of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest
from answer_rows import answers, at, bind

from zhiyin.engine import DuckEngine, described
from zhiyin.satisfaction import csat
from zhiyin.satisfaction.periods import PERIODS, UnknownZone, local_day, offsets, period_number, period_of
from zhiyin.tables import table

RESPONSES = described(table("responses"))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as engine:
        yield engine


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def computed(engine: DuckEngine, folder: Path, moments: list[datetime], zone: str, period: str | None) -> list[int]:
    """The engine's day, or number of the period, of each moment."""
    rows = answers([1] * len(moments))
    for row, moment in zip(rows, moments, strict=True):
        row["answered_us"] = microseconds(moment)
    bind(engine, folder, responses=rows)
    day = local_day(RESPONSES["answered_us"], zone)
    number = day if period is None else period_number(day, period)
    found: pa.Table = engine.run(RESPONSES.select(place=RESPONSES["seq"], number=number).order_by("place"))
    return found["number"].to_pylist()


def expected_day(moment: datetime, zone: str) -> int:
    return (moment.astimezone(ZoneInfo(zone)).date() - date(1970, 1, 1)).days


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])
def test_local_days_are_those_of_the_zone(engine: DuckEngine, tmp_path: Path, zone: str):
    moments = [
        datetime(1989, 1, 1, 15, 59, 59, tzinfo=UTC) + timedelta(hours=7, microseconds=1) * 251 * k for k in range(250)
    ]
    for year in (1991, 2011, 2026):
        moments += [
            datetime(year, month, 1, hour, tzinfo=UTC) for month in range(1, 13) for hour in (0, 1, 2, 15, 16, 23)
        ]
    moments = [moment for moment in moments if moment.year >= 1990]
    found = computed(engine, tmp_path, moments, zone, None)
    assert found == [expected_day(moment, zone) for moment in moments]


def test_midnight_divides_days_to_the_microsecond(engine: DuckEngine, tmp_path: Path):
    midnight = datetime(2026, 3, 31, 16, tzinfo=UTC)
    moments = [midnight - timedelta(microseconds=1), midnight, midnight + timedelta(microseconds=1)]
    found = computed(engine, tmp_path, moments, "Asia/Shanghai", None)
    assert [date(1970, 1, 1) + timedelta(days=day) for day in found] == [
        date(2026, 3, 31),
        date(2026, 4, 1),
        date(2026, 4, 1),
    ]


@pytest.mark.parametrize("period", PERIODS)
def test_periods_hold_their_days(engine: DuckEngine, tmp_path: Path, period: str):
    days = [date(1999, 12, 25) + timedelta(days=step) for step in [*range(800), *range(8_000, 12_000, 13)]]
    moments = [datetime(day.year, day.month, day.day, 4, tzinfo=UTC) for day in days]
    for day, number in zip(days, computed(engine, tmp_path, moments, "Asia/Shanghai", period), strict=True):
        label, start, end = period_of(number, period)
        assert start is not None
        assert end is not None
        assert start <= day < end
        assert (
            label
            == {
                "day": day.isoformat(),
                "week": f"{day.isocalendar().year}-W{day.isocalendar().week:02d}",
                "month": f"{day:%Y-%m}",
                "quarter": f"{day.year}Q{(day.month + 2) // 3}",
                "year": str(day.year),
            }[period]
        )


@pytest.mark.parametrize("period", PERIODS)
def test_consecutive_periods_touch(period: str):
    _, start, end = period_of(2026, period)
    _, following, _ = period_of(2027, period)
    assert start is not None
    assert end == following


def test_figures_fall_into_months_of_the_banks_clock(engine: DuckEngine, tmp_path: Path):
    rows = answers([5] * 12, answered_us=at("2026-03-31 23:30")) + answers([1] * 15, answered_us=at("2026-04-01 00:30"))
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, period="month"))
    assert [(f.period, f.start_on, f.end_on, f.n) for f in found] == [
        ("2026-03", date(2026, 3, 1), date(2026, 4, 1), 12),
        ("2026-04", date(2026, 4, 1), date(2026, 5, 1), 15),
    ]
    # In UTC all of them lie in March.
    assert [f.period for f in engine.compute(csat(RESPONSES, period="month", time_zone="UTC"))] == ["2026-03"]


def test_constant_zone_has_one_offset():
    assert offsets("Asia/Tokyo") == ((microseconds(datetime(1990, 1, 1, tzinfo=UTC)), 9 * 3_600_000_000),)


def test_changes_of_offset_are_found_to_the_second():
    spring = microseconds(datetime(2026, 3, 29, 1, tzinfo=UTC))
    assert (spring, 3_600_000_000) in offsets("Europe/London")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_unknown_zone_is_refused(zone: str):
    with pytest.raises(UnknownZone):
        offsets(zone)


def test_a_month_is_written_in_few_words():
    # Each repetition of the day would repeat the whole tree of offsets.
    written = str(
        ibis.to_sql(RESPONSES.select(n=period_number(local_day(RESPONSES["answered_us"], "Europe/London"), "month")))
    )
    assert written.count('"answered_us"') < 500

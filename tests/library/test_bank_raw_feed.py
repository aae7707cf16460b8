"""Raw landing files of the invented bank go in by their plan, and nothing personal comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from zhiyin.bank import RawFeed, sample_raw_feed
from zhiyin.lake import create_lake
from zhiyin.lake.landing import read_landing_plan, run_landing

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


def land(feed: RawFeed, lake_folder: Path, *, workbooks: bool = False) -> dict[str, tuple[int, int]]:
    """Rows kept and rows apart, by file."""
    plan = read_landing_plan(feed.plan)
    feeds = tuple(item for item in plan.feeds if item.pattern.endswith(".xlsx") is workbooks)
    lake, kept = create_lake(lake_folder), {}
    for result in run_landing(lake, replace(plan, feeds=feeds), at=AT):
        assert result.error is None, result.error
        assert result.result is not None
        load = result.result.load
        kept[result.arrival.path.name] = (load.rows_kept, load.rows_apart)
    return kept


def test_raw_feed_of_the_same_seed_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        sample_raw_feed(tmp_path / name, seed=3, customers=30)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)


def test_raw_feed_has_the_odd_formats_of_a_core_system(tmp_path: Path) -> None:
    feed = sample_raw_feed(tmp_path, seed=3, customers=30, first=date(2026, 3, 2), days=1)
    customers = (tmp_path / "KHXX_20260302.txt").read_bytes().decode("gb18030")
    assert customers.splitlines()[0].split("|+|")[:2] == ["客户号", "姓名"]
    assert "\x1b" in (tmp_path / "PJQ_20260302.txt").read_bytes().decode("gb18030")
    assert (tmp_path / "PJQ_20260302.ok").read_text() == f"{feed.rows['PJQ_20260302.txt']}\n"
    assert (tmp_path / "survey_20260302.flg").exists()


def test_raw_feed_lands_with_its_broken_rows_apart(tmp_path: Path) -> None:
    feed = sample_raw_feed(tmp_path / "landing", seed=3)
    expected = {
        name: (rows - feed.broken[name], feed.broken[name])
        for name, rows in feed.rows.items()
        if not name.endswith(".xlsx")
    }
    assert land(feed, tmp_path / "lake") == expected


def test_raw_feed_workbook_becomes_one_row_an_answer(tmp_path: Path) -> None:
    feed = sample_raw_feed(tmp_path / "landing", seed=3)
    kept = land(feed, tmp_path / "lake", workbooks=True)
    respondents = feed.rows["survey_20260303.xlsx"]
    assert respondents * 2 < kept["survey_20260303.xlsx"][0] <= respondents * 4
    assert kept["survey_20260303.xlsx"][1] == 0


def test_raw_feed_leaves_no_planted_identifier_in_the_lake(tmp_path: Path) -> None:
    feed = sample_raw_feed(tmp_path / "landing", seed=3)
    land(feed, tmp_path / "lake")
    stored = "\n".join(
        str(value)
        for file in sorted((tmp_path / "lake").rglob("*.parquet"))
        for column in pq.read_table(file).columns
        for value in column.to_pylist()
        if isinstance(value, str)
    )
    numbers = [text for text in feed.planted if not "\u4e00" <= text[0] <= "\u9fff"]
    assert [text for text in numbers if text in stored] == []

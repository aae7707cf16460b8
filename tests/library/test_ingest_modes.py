"""Full and incremental loads, corrections, restated days, days that come late, landing folders."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from zhiyin.lake import IngestOptions, Lake, create_lake, ingest, read_apart, read_mapping
from zhiyin.lake.landing import LandingPlanError, arrivals, read_landing_plan, run_landing
from zhiyin.lake.loading import BadMode, MarkerDisagrees

AT = datetime(2026, 3, 9, tzinfo=UTC)
MAPPING = """
table = "transactions"
[columns.transaction_id]
from = "id"
[columns.customer_id]
from = "customer"
[columns.occurred_us]
from = "at"
[columns.amount_cents]
from = "amount"
"""


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return create_lake(tmp_path / "lake")


def load(lake: Lake, name: str, rows: list[tuple[str, str, int]], **options):
    """Rows are (id, local time, yuan)."""
    folder = lake.folder.parent
    (folder / "m.toml").write_text(MAPPING, encoding="utf-8")
    lines = ["id,customer,at,amount", *(f"{key},C1,{at},{yuan}" for key, at, yuan in rows)]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping = read_mapping(folder / "m.toml")
    return ingest(
        lake, folder / name, into="transactions", at=AT, mapping=mapping, options=IngestOptions(**options)
    ).load


def there(lake: Lake) -> dict[str, int]:
    with lake.engine() as engine:
        rows = engine.run(lake.table("transactions").order_by("transaction_id")).to_pylist()
    return {row["transaction_id"]: row["amount_cents"] // 100 for row in rows}


def apart(lake: Lake) -> list[tuple[str, int, str]]:
    return [(r["file"], r["line"], r["reason"]) for r in read_apart(lake, "transactions").to_pylist()]


def test_append_adds_new_rows_and_finds_those_there_unchanged(lake):
    load(lake, "a.csv", [("1", "2026-03-01 09:00", 10), ("2", "2026-03-01 10:00", 20)])
    done = load(lake, "b.csv", [("2", "2026-03-01 10:00", 20), ("3", "2026-03-02 10:00", 30)])
    assert there(lake) == {"1": 10, "2": 20, "3": 30}
    assert (done.rows_kept, done.rows_unchanged, done.rows_apart) == (1, 1, 0)


def test_append_keeps_apart_a_known_key_with_other_values(lake):
    load(lake, "a.csv", [("1", "2026-03-01 09:00", 10)])
    load(lake, "b.csv", [("2", "2026-03-01 09:00", 5), ("1", "2026-03-01 09:00", 11)])
    assert there(lake) == {"1": 10, "2": 5}
    assert apart(lake) == [("b.csv", 3, "already_there")]


def test_upsert_corrects_known_keys(lake):
    load(lake, "a.csv", [("1", "2026-03-01 09:00", 10), ("2", "2026-03-01 10:00", 20)])
    done = load(lake, "b.csv", [("1", "2026-03-01 09:00", 11), ("2", "2026-03-01 10:00", 20)], mode="upsert")
    assert there(lake) == {"1": 11, "2": 20}
    assert (done.rows_kept, done.rows_unchanged, done.rows_replaced) == (1, 1, 1)


def test_full_replaces_what_the_feed_delivered_and_nothing_else(lake):
    load(lake, "a.csv", [("1", "2026-03-01 09:00", 10), ("2", "2026-03-01 10:00", 20)], mode="full", feed="core")
    load(lake, "x.csv", [("9", "2026-03-01 09:00", 90)], feed="other")
    done = load(lake, "b.csv", [("2", "2026-03-01 10:00", 21), ("3", "2026-03-01 10:00", 30)], mode="full", feed="core")
    assert there(lake) == {"2": 21, "3": 30, "9": 90}
    assert done.rows_replaced == 2


def test_an_older_full_delivery_can_come_back(lake):
    first = [("1", "2026-03-01 09:00", 10)]
    load(lake, "a.csv", first, mode="full")
    load(lake, "b.csv", [("1", "2026-03-01 09:00", 11)], mode="full")
    load(lake, "a.csv", first, mode="full")
    assert there(lake) == {"1": 10}


def test_restated_day_replaces_that_local_day_of_the_feed(lake):
    load(lake, "a.csv", [("1", "2026-03-01 00:00", 1), ("2", "2026-03-01 23:59:59", 2), ("3", "2026-03-02 00:00", 3)])
    done = load(lake, "b.csv", [("2", "2026-03-01 23:59:59", 5)], mode="restate", day=date(2026, 3, 1))
    assert there(lake) == {"2": 5, "3": 3}
    assert done.rows_replaced == 2


def test_restated_day_keeps_apart_rows_of_other_days(lake):
    rows = [("1", "2026-03-01 10:00", 1), ("2", "2026-03-02 00:00", 2)]
    load(lake, "a.csv", rows, mode="restate", day=date(2026, 3, 1))
    assert there(lake) == {"1": 1}
    assert apart(lake) == [("a.csv", 3, "outside_day")]


def test_restating_a_day_twice_with_the_same_file_changes_nothing(lake):
    rows = [("1", "2026-03-01 10:00", 1)]
    load(lake, "a.csv", rows, mode="restate", day=date(2026, 3, 1))
    generation = lake.snapshot().generation
    load(lake, "a.csv", rows, mode="restate", day=date(2026, 3, 1))
    assert lake.snapshot().generation == generation


@pytest.mark.parametrize("options", [{"mode": "restate"}, {"mode": "append", "day": date(2026, 3, 1)}, {"mode": "x"}])
def test_mode_and_day_must_fit(lake, options):
    with pytest.raises(BadMode):
        load(lake, "a.csv", [("1", "2026-03-01 10:00", 1)], **options)


PLAN = """
[[feed]]
name = "core"
pattern = "TX_{day}.txt"
marker = ".ok"
marker_rows = true
table = "transactions"
map = "m.toml"
"""


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    return tmp_path / "plan.toml"


def deliver(folder: Path, day: str, rows: list[tuple[str, int]], *, marker: str | None = "") -> None:
    lines = ["id,customer,at,amount", *(f"{key},C1,{day} 10:00:00,{yuan}" for key, yuan in rows)]
    file = folder / f"TX_{day.replace('-', '')}.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if marker is not None:
        file.with_suffix(".ok").write_text(marker or f"{len(rows)}\n", encoding="utf-8")


def run(lake: Lake, plan: Path) -> list[tuple[str, str]]:
    found = []
    for landed in run_landing(lake, read_landing_plan(plan), at=AT):
        if landed.error is not None:
            found.append((landed.arrival.path.name, landed.error.code))
        elif landed.result is not None:
            found.append((landed.arrival.path.name, "new" if landed.result.is_new else "known"))
    return found


def test_landing_waits_for_the_end_marker(lake, landing, tmp_path):
    deliver(tmp_path, "2026-03-02", [("2", 2)], marker=None)
    deliver(tmp_path, "2026-03-01", [("1", 1)])
    assert run(lake, landing) == [("TX_20260301.txt", "new")]
    assert there(lake) == {"1": 1}


def test_landing_takes_days_in_order_and_late_days_when_they_come(lake, landing, tmp_path):
    deliver(tmp_path, "2026-03-03", [("3", 3)])
    deliver(tmp_path, "2026-03-01", [("1", 1)])
    assert run(lake, landing) == [("TX_20260301.txt", "new"), ("TX_20260303.txt", "new")]
    deliver(tmp_path, "2026-03-02", [("2", 2)])
    assert run(lake, landing) == [(f"TX_2026030{d}.txt", "new" if d == 2 else "known") for d in (1, 2, 3)]
    assert there(lake) == {"1": 1, "2": 2, "3": 3}


def test_landing_restates_a_day_that_is_delivered_again(lake, landing, tmp_path):
    deliver(tmp_path, "2026-03-01", [("1", 1), ("2", 2)])
    deliver(tmp_path, "2026-03-02", [("3", 3)])
    run(lake, landing)
    deliver(tmp_path, "2026-03-01", [("1", 7)])
    assert run(lake, landing) == [("TX_20260301.txt", "new"), ("TX_20260302.txt", "known")]
    assert there(lake) == {"1": 7, "3": 3}


def test_landing_refuses_a_file_that_its_marker_contradicts(lake, landing, tmp_path):
    deliver(tmp_path, "2026-03-01", [("1", 1), ("2", 2)], marker="3")
    deliver(tmp_path, "2026-03-02", [("3", 3)])
    assert run(lake, landing) == [("TX_20260301.txt", MarkerDisagrees.code), ("TX_20260302.txt", "new")]
    assert there(lake) == {"3": 3}


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("", "needs at least one"),
        (PLAN.replace("pattern", "patern"), "Did you mean pattern"),
        (PLAN.replace("{day}", "x"), "needs {day}"),
        (PLAN + 'mode = "weekly"', "mode weekly"),
        ("[[feed]", "TOML"),
    ],
)
def test_landing_plan_says_what_is_wrong(landing, said, problem):
    landing.write_text(said, encoding="utf-8")
    with pytest.raises(LandingPlanError, match=problem):
        read_landing_plan(landing)


def test_landing_pattern_takes_wildcards(landing, tmp_path):
    landing.write_text(PLAN.replace("TX_{day}.txt", "*_{day}.txt"), encoding="utf-8")
    deliver(tmp_path, "2026-03-01", [("1", 1)])
    assert [a.day for a in arrivals(read_landing_plan(landing))] == [date(2026, 3, 1)]

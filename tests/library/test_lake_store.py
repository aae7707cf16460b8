"""A lake's folder: seen whole, swept with care, checked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiyin.engine import arrow_schema
from zhiyin.lake import Lake, LakeNotFound, LakeTooNew, create_lake, open_lake
from zhiyin.lake.care import check_files, sweep
from zhiyin.tables import table


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return create_lake(tmp_path / "lake", time_zone="Asia/Shanghai")


def lines_file(folder: Path, *keys: str, first_seq: int = 1) -> Path:
    """A file of lines of business with these keys."""
    schema = arrow_schema(table("lines"))
    rows = [
        {"line_id": key, "legal_entity_id": "B", "name": key, "name_en": None, "owner_unit_id": None, "seq": seq}
        for seq, key in enumerate(keys, first_seq)
    ]
    path = folder / f"{'-'.join(keys)}.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema), path)
    return path


def keys(lake: Lake, snapshot=None) -> list[str]:
    with lake.engine_for_work(memory="200MB") as engine:
        lake.bind(engine, snapshot)
        return engine.run(lake.table("lines").order_by("seq"))["line_id"].to_pylist()


def add_and_fail(lake: Lake, path: Path) -> None:
    with lake.change("lines") as change:
        change.add("lines", path, load="1")
        raise ZeroDivisionError


def test_new_lake_has_empty_tables(lake):
    assert keys(lake) == []
    assert lake.snapshot().generation == 0


def test_change_is_seen_when_the_block_ends(lake, tmp_path):
    with lake.change("lines") as change:
        change.add("lines", lines_file(tmp_path, "a", "b"), load="1")
        assert keys(lake) == []
    assert keys(lake) == ["a", "b"]


def test_change_that_fails_leaves_nothing(lake, tmp_path):
    path = lines_file(tmp_path, "a")
    with pytest.raises(ZeroDivisionError):
        add_and_fail(lake, path)
    assert keys(lake) == []
    assert lake.snapshot().generation == 0


def test_snapshot_keeps_its_moment(lake, tmp_path):
    with lake.change("lines") as change:
        change.add("lines", lines_file(tmp_path, "a"), load="1")
    before = lake.snapshot()
    with lake.change("lines") as change:
        change.remove("lines", {entry.name for entry in change.entries("lines")})
        change.add("lines", lines_file(tmp_path, "b", first_seq=2), load="2")
    assert (keys(lake, before), keys(lake)) == (["a"], ["b"])


def test_several_tables_change_at_once(lake, tmp_path):
    with lake.change("lines", "staff") as change:
        change.add("lines", lines_file(tmp_path, "a"), load="1")
    assert lake.snapshot().generation == 1
    assert set(json.loads((lake.folder / "head.json").read_text())["manifests"]) == {"lines"}


def test_reserved_numbers_are_not_given_twice(lake):
    with lake.change("lines") as change:
        first = change.reserve("lines", 10)
    with lake.change("lines") as change:
        assert (first, change.reserve("lines", 10)) == (1, 11)


def test_sweep_removes_unlisted_files_after_the_grace_period(lake, tmp_path):
    with lake.change("lines") as change:
        change.add("lines", lines_file(tmp_path, "a"), load="1")
    with lake.change("lines") as change:
        change.remove("lines", {entry.name for entry in change.entries("lines")})
        change.add("lines", lines_file(tmp_path, "b", first_seq=2), load="2")
    now = datetime.now(UTC)
    assert sweep(lake, at=now) == 0
    assert sweep(lake, at=now + timedelta(hours=25)) == 2
    assert keys(lake) == ["b"]
    assert check_files(lake) == []


@pytest.mark.parametrize("damage", ["gone", "short", "swapped"])
def test_check_finds_a_damaged_file(lake, tmp_path, damage):
    with lake.change("lines") as change:
        change.add("lines", lines_file(tmp_path, "a", "b"), load="1")
    (file,) = lake.snapshot().files("lines")
    if damage == "gone":
        file.unlink()
    elif damage == "short":
        file.write_bytes(file.read_bytes()[:-1])
    else:
        file.write_bytes(b"\0" * file.stat().st_size)
    (said,) = check_files(lake)
    assert said.startswith(f"{file}: ")


def test_folder_without_a_lake_is_named(tmp_path):
    with pytest.raises(LakeNotFound, match="There is no lake at"):
        open_lake(tmp_path)


def test_lake_of_a_newer_version_is_refused(lake):
    (lake.folder / "lake.json").write_text('{"format": 99, "time_zone": "UTC"}')
    with pytest.raises(LakeTooNew, match="format 99"):
        open_lake(lake.folder)


def test_time_zone_of_an_existing_lake_stays(lake):
    assert create_lake(lake.folder, time_zone="Europe/London").time_zone == "Asia/Shanghai"

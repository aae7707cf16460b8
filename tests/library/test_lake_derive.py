"""Steps and journeys against a plain computation, with ties in the order of arrival."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiyin.engine import arrow_schema
from zhiyin.lake import Lake, create_lake, derive_journeys
from zhiyin.tables import table

HOUR = 3_600_000_000


def interactions(rows: list[dict[str, object]]) -> pa.Table:
    schema = arrow_schema(table("interactions"))
    whole = [dict.fromkeys(schema.names) | row for row in rows]
    return pa.Table.from_pylist(whole, schema)


def random_rows(seed: int, count: int) -> list[dict[str, object]]:
    chance = random.Random(seed)
    return [
        {
            "interaction_id": f"I{i}",
            "customer_id": f"C{(case := chance.randrange(count // 4 + 1)) % 7}",
            "case_id": f"K{case}",
            "journey": f"J{case % 3}",
            "step": chance.choice(["apply", "check", "sign", "pay"]),
            "channel": chance.choice(["branch", "mobile", None]),
            # few different times, so that many rows of a case share one
            "started_us": 1_700_000_000_000_000 + chance.randrange(40) * HOUR,
            "seq": i + 1,
        }
        for i in range(count)
    ]


def lake_with(tmp_path: Path, rows: list[dict[str, object]]) -> Lake:
    lake = create_lake(tmp_path / "lake")
    shuffled = random.Random(1).sample(rows, len(rows))
    for number, part in enumerate((shuffled[::2], shuffled[1::2])):
        if part:
            pq.write_table(interactions(part), tmp_path / f"{number}.parquet")
            with lake.change("interactions") as change:
                change.add("interactions", tmp_path / f"{number}.parquet", load=str(number))
    derive_journeys(lake)
    return lake


def read(lake: Lake, name: str) -> list[dict[str, object]]:
    with lake.engine() as engine:
        return engine.run(lake.table(name).order_by("seq")).to_pylist()


@pytest.mark.parametrize("count", [0, 1, 2, 500])
def test_steps_equal_a_plain_computation(tmp_path, count):
    rows = random_rows(count, count)
    lake = lake_with(tmp_path, rows)
    codes = {row["step"]: row["activity"] for row in read(lake, "activities")}
    cases = defaultdict(list)
    for row in rows:
        cases[row["case_id"]].append(row)
    wanted = []
    for case in sorted(cases):
        ordered = sorted(cases[case], key=lambda row: (row["started_us"], row["seq"]))
        for position, row in enumerate(ordered):
            before = ordered[position - 1] if position else None
            wanted.append(
                (
                    case,
                    position,
                    codes[row["step"]],
                    codes[before["step"]] if before else -1,
                    row["started_us"],
                    row["started_us"] - before["started_us"] if before else 0,
                )
            )
    names = ("case_id", "position", "activity", "previous_activity", "started_us", "gap_us")
    assert [tuple(row[name] for name in names) for row in read(lake, "steps")] == wanted


@pytest.mark.parametrize("count", [1, 500])
def test_journeys_equal_a_plain_computation(tmp_path, count):
    rows = random_rows(count, count)
    lake = lake_with(tmp_path, rows)
    cases = defaultdict(list)
    for row in rows:
        cases[row["case_id"]].append(row)
    local_day = lambda row: (row["started_us"] + 8 * HOUR) // (24 * HOUR)  # noqa: E731  used twice, here only
    wanted = [
        (
            case,
            len(found),
            max(r["started_us"] for r in found) - min(r["started_us"] for r in found),
            len({r["channel"] for r in found} - {None}),
            len({local_day(r) for r in found if r["channel"] == "branch"}),
        )
        for case, found in sorted(cases.items())
    ]
    names = ("case_id", "step_count", "duration_us", "channel_count", "visit_count")
    assert [tuple(row[name] for name in names) for row in read(lake, "journeys")] == wanted


def test_variant_tells_sequences_apart(tmp_path):
    sequences = {"A": "xyz", "B": "xyz", "C": "zyx", "D": "xy", "E": "xxyz"}
    rows = [
        {"interaction_id": f"{c}{i}", "case_id": c, "step": s, "started_us": i * HOUR, "seq": n * 10 + i}
        for n, (c, word) in enumerate(sequences.items())
        for i, s in enumerate(word, 1)
    ]
    variants = {row["case_id"]: row["variant"] for row in read(lake_with(tmp_path, rows), "journeys")}
    assert variants["A"] == variants["B"]
    assert len(set(variants.values())) == 4


def test_derived_tables_name_the_interactions_they_come_from(tmp_path):
    lake = lake_with(tmp_path, random_rows(3, 20))
    snapshot = lake.snapshot()
    made_from = {name: snapshot.manifest(name).derived_from for name in ("steps", "journeys", "activities")}
    assert made_from == dict.fromkeys(made_from, snapshot.manifest("interactions").generation)

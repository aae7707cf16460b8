"""The same order makes the same bytes; another seed, another bank; another scenario, the same people and visits."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from zhiyin.bank import (
    BankExists,
    BankSeed,
    BankSize,
    UnknownScenario,
    UnknownYear,
    make_bank,
    named_scenario,
    truth_files,
)
from zhiyin.lake import open_lake


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "locks" not in file.parts
    }


def test_bank_of_the_same_seed_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_bank(tmp_path / name, customers=400, months=2, seed=5)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_bank_made_by_two_processes_has_the_same_bytes(tmp_path: Path) -> None:
    make_bank(tmp_path / "one", customers=400, months=2, seed=5, workers=1)
    make_bank(tmp_path / "two", customers=400, months=2, seed=5, workers=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_bank_of_another_seed_differs_in_every_file_of_customers(tmp_path: Path) -> None:
    for seed in (5, 6):
        make_bank(tmp_path / str(seed), customers=400, months=2, seed=seed)
    first, second = digests(tmp_path / "5"), digests(tmp_path / "6")
    for name in ("customers", "interactions", "transactions", "responses"):
        file = f"tables/{name}/00000001-00000.parquet"
        assert first[file] != second[file]


def test_bank_scenario_changes_answers_and_nothing_before_them(tmp_path: Path) -> None:
    make_bank(tmp_path / "default", customers=400, months=2, seed=5)
    make_bank(tmp_path / "quiet", customers=400, months=2, seed=5, scenario=named_scenario("few_answers"))
    first, second = digests(tmp_path / "default"), digests(tmp_path / "quiet")
    for name in ("customers", "holdings", "transactions", "interactions", "staff", "units"):
        file = f"tables/{name}/00000001-00000.parquet"
        assert first[file] == second[file]
    assert first["truth/touches/00000.parquet"] != second["truth/touches/00000.parquet"]  # propensities fall
    answers = [open_lake(tmp_path / name).snapshot().manifest("responses").rows for name in ("default", "quiet")]
    assert answers[1] < answers[0] * 0.7


def test_bank_level_shift_moves_every_feeling_and_no_visit(tmp_path: Path) -> None:
    base = named_scenario("no_gaming")
    make_bank(tmp_path / "base", customers=300, months=1, seed=3, scenario=base)
    make_bank(tmp_path / "high", customers=300, months=1, seed=3, scenario=replace(base, name="high", level_shift=5.0))
    low, high = (pq.read_table(truth_files(tmp_path / name, "touches")).to_pandas() for name in ("base", "high"))
    assert low["interaction_id"].tolist() == high["interaction_id"].tolist()
    inside = (low["satisfaction"] > 0) & (high["satisfaction"] < 100)
    shift = (high["satisfaction"] - low["satisfaction"])[inside]
    assert abs(shift - 5.0).max() <= 0.11


def test_bank_is_not_made_over_another(tmp_path: Path) -> None:
    make_bank(tmp_path / "lake", customers=100, months=1, seed=1)
    with pytest.raises(BankExists):
        make_bank(tmp_path / "lake", customers=100, months=1, seed=1)


def test_bank_of_no_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BankSize):
        make_bank(tmp_path / "lake", customers=10, months=1, seed=1)


def test_bank_of_a_negative_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BankSeed):
        make_bank(tmp_path / "lake", customers=100, months=1, seed=-1)


@pytest.mark.slow
def test_bank_of_two_blocks_repeats_no_key(tmp_path: Path) -> None:
    lake = open_lake(make_bank(tmp_path / "lake", customers=250_300, months=2, seed=5, workers=2).path)
    with lake.engine() as engine:
        for name, key in (
            ("customers", "customer_id"),
            ("holdings", "holding_id"),
            ("interactions", "interaction_id"),
            ("transactions", "transaction_id"),
            ("requests", "request_id"),
        ):
            both = engine.sql(
                f"SELECT count(*) AS n, count(DISTINCT {key}) AS keys, count(DISTINCT seq) AS s FROM {name}"
            )
            assert both.column("n") == both.column("keys") == both.column("s")


def test_bank_of_a_year_without_announced_holidays_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownYear):
        make_bank(tmp_path / "lake", customers=100, months=1, seed=1, until=date(2031, 1, 1))


def test_scenario_that_does_not_exist_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownScenario, match="Did you mean no_gaming"):
        named_scenario("no_games")

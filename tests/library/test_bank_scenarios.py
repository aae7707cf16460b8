"""What a scenario plants is there, and what it leaves out is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from zhiyin.bank import make_bank, named_scenario, truth_files
from zhiyin.lake import open_lake

pytestmark = pytest.mark.slow

Look = Callable[[str, str], pd.DataFrame]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """Ask a statement of the bank of a scenario; ``{touches}`` and the like stand for parts of its truth."""
    folder = tmp_path_factory.mktemp("scenarios")

    @cache
    def bank(scenario: str) -> Path:
        return make_bank(folder / scenario, customers=12_000, months=6, seed=21, scenario=named_scenario(scenario)).path

    def ask(scenario: str, statement: str) -> pd.DataFrame:
        lake = bank(scenario)
        parts = {
            name: "read_parquet([" + ", ".join(f"'{file}'" for file in truth_files(lake, name)) + "])"
            for name in ("touches", "staff", "change", "fakes")
        }
        with open_lake(lake).engine() as engine:
            return engine.sql(statement.format(**parts)).to_pandas()

    return ask


CHANGED = """SELECT i.interaction_id, t.satisfaction, i.wait_seconds
    FROM interactions i JOIN {touches} t USING (interaction_id)
    JOIN {change} c ON c.unit_id = i.unit_id AND CAST(make_timestamp(i.started_us + 28800000000) AS DATE) >= c.first_on
    WHERE i.step IN ('form', 'counter', 'refusable_counter', 'certificate')"""


def test_change_raises_satisfaction_by_its_points_and_shortens_the_wait(look: Look) -> None:
    with_change, without = (look(name, CHANGED) for name in ("default", "no_effect"))
    points = with_change["satisfaction"].mean() - without["satisfaction"].mean()
    assert 3.5 <= points <= 6.5  # four points, and what the shorter wait adds
    assert with_change["wait_seconds"].mean() / without["wait_seconds"].mean() == pytest.approx(0.72, abs=0.05)


def test_change_can_do_harm(look: Look) -> None:
    harmed, without = (look(name, CHANGED)["satisfaction"].mean() for name in ("reversed_effect", "no_effect"))
    assert -7.0 <= harmed - without <= -3.0


def test_change_comes_in_three_waves_and_spares_some_outlets(look: Look) -> None:
    waves = look("default", "SELECT wave, count(*) AS n, count(DISTINCT first_on) AS days FROM {change} GROUP BY 1")
    assert sorted(waves["wave"]) == [0, 1, 2, 3]
    assert waves.set_index("wave")["days"].to_dict() == {0: 0, 1: 1, 2: 1, 3: 1}
    assert waves.set_index("wave")["n"][0] >= 4


def test_gaming_is_absent_or_frequent_as_ordered(look: Look) -> None:
    share = "SELECT avg(CAST(gaming <> 'none' AS INT)) AS share, count(*) AS n FROM {staff}"
    assert look("no_gaming", share)["share"][0] == 0
    assert look("no_gaming", "SELECT count(*) AS n FROM {fakes}")["n"][0] == 0
    assert look("much_gaming", share)["share"][0] > 2.5 * look("default", share)["share"][0] > 0


def test_gaming_flatters_those_who_do_it(look: Look) -> None:
    scores = look(
        "much_gaming",
        """SELECT gaming, avg(CAST(value = 4 AS INT)) AS top FROM responses JOIN {staff} USING (staff_id)
           WHERE mode = 'counter_device' GROUP BY 1""",
    ).set_index("gaming")["top"]
    assert scores["presses"] > scores["none"]
    assert scores["selective"] > scores["none"]
    invited = look(
        "much_gaming",
        """SELECT s.gaming, count(v.invitation_id) / count(*) AS share
           FROM interactions i JOIN {staff} s USING (staff_id)
           LEFT JOIN invitations v ON v.interaction_id = i.interaction_id AND v.mode = 'counter_device'
           WHERE i.step = 'counter' GROUP BY 1""",
    ).set_index("gaming")["share"]
    assert invited["selective"] < 0.85 * invited["none"]


def test_silence_is_ignorable_where_ordered(look: Look) -> None:
    """Among customers of one age group and mode, unhappy and happy answer alike."""
    statement = """SELECT avg(CAST(outcome = 'answered' AS INT)) FILTER (satisfaction < 58) /
               avg(CAST(outcome = 'answered' AS INT)) FILTER (satisfaction >= 70) AS ratio
        FROM invitations JOIN {touches} USING (interaction_id) WHERE mode = 'counter_device'"""
    assert look("ignorable_silence", statement)["ratio"][0] == pytest.approx(1.0, abs=0.08)
    assert look("strong_silence", statement)["ratio"][0] < 0.75


def test_few_answers_are_a_sixth(look: Look) -> None:
    count = "SELECT count(*) AS n FROM responses WHERE mode IN ('app_popup', 'sms_reply', 'call_key')"
    assert look("few_answers", count)["n"][0] / look("default", count)["n"][0] == pytest.approx(0.18, abs=0.08)


def test_ceiling_leaves_hardly_anyone_unhappy(look: Look) -> None:
    statement = (
        "SELECT avg(CAST(value >= 4 AS INT)) AS share FROM responses WHERE mode = 'app_popup' AND scale = 'points5'"
    )
    assert look("ceiling", statement)["share"][0] > 0.97

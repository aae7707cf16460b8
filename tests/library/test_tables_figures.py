"""Figures and tables of figures: rows for every reader, and nothing lost on the way."""

from __future__ import annotations

import json
import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from zhiyin.tables.figures import ALL, Figure, FigureTable, Limits, NoSuchFigure
from zhiyin.tables.glossary import MEASURES, Direction, Unit, UnknownMeasure, measure

MARCH = Figure(
    measure="csat",
    group=(("channel", "mobile"),),
    period="2026-03",
    start_on=date(2026, 3, 1),
    end_on=date(2026, 4, 1),
    value=0.9,
    low=0.85,
    high=0.94,
    level=0.95,
    n=200,
    customers=150,
    count=180,
    unit="share",
    reliability=0.8,
    suppressed=None,
    limits=Limits(0.8, 0.7, 0.89, "above"),
    as_of_us=1,
    version="csat/1",
    method="score (n-1)",
)
UNSTATED = replace(
    MARCH, group=(("channel", None),), value=None, low=None, high=None, n=None, suppressed="few", limits=None
)
TOTAL = replace(MARCH, group=(), limits=None)
TABLE = FigureTable(
    measure="csat",
    by=("channel",),
    period="month",
    source=("responses",),
    numerator=(),
    filters=(),
    start_on=None,
    end_on=None,
    minimum=10,
    left_out=(("no_value", 3),),
    figures=(MARCH, UNSTATED, TOTAL),
)


def test_table_is_a_sequence_of_its_figures():
    assert (len(TABLE), list(TABLE), TABLE[0], TABLE[-1]) == (3, [MARCH, UNSTATED, TOTAL], MARCH, TOTAL)


def test_table_tells_groups_from_totals():
    assert TABLE.groups == (MARCH, UNSTATED)
    assert TABLE.totals == (TOTAL,)
    assert TABLE.margin("channel") == TABLE.groups
    assert TABLE.periods == ("2026-03",)


def test_figure_is_found_by_group_and_period():
    assert TABLE.figure(period="2026-03", channel="mobile") == MARCH
    assert TABLE.figure(period="2026-03", channel=None) == UNSTATED
    assert TABLE.figure(period="2026-03") == TOTAL


@pytest.mark.parametrize("group", [{"channel": "web"}, {"unit_id": "mobile"}])
def test_missing_figure_says_so(group: dict[str, str]):
    with pytest.raises(NoSuchFigure, match="2026-03"):
        TABLE.figure(period="2026-03", **group)


def test_rows_are_ready_for_json():
    rows = json.loads(json.dumps(TABLE.to_rows()))
    assert rows[0] == {
        "channel": "mobile",
        "measure": "csat",
        "period": "2026-03",
        "start_on": "2026-03-01",
        "end_on": "2026-04-01",
        "value": 0.9,
        "low": 0.85,
        "high": 0.94,
        "unit": "share",
        "level": 0.95,
        "n": 200,
        "customers": 150,
        "count": 180,
        "reliability": 0.8,
        "suppressed": None,
        "centre": 0.8,
        "control_low": 0.7,
        "control_high": 0.89,
        "signal": "above",
        "as_of_us": 1,
        "version": "csat/1",
        "method": "score (n-1)",
    }
    assert [row["channel"] for row in rows] == ["mobile", None, ALL]


def test_arrow_has_the_same_columns_in_the_same_order():
    made = TABLE.to_arrow()
    assert made.column_names == list(TABLE.to_rows()[0])
    assert made["start_on"].to_pylist() == [date(2026, 3, 1)] * 3
    assert made["n"].to_pylist() == [200, None, 200]


def test_a_column_called_like_a_field_keeps_out_of_its_way():
    table = replace(TABLE, by=("level",), figures=(replace(MARCH, group=(("level", 3),)),))
    assert table.to_rows()[0]["group_level"] == 3
    assert table.to_rows()[0]["level"] == 0.95
    assert table.to_arrow()["group_level"].to_pylist() == ["3"]


def test_empty_table_has_columns_and_no_rows():
    empty = replace(TABLE, figures=())
    assert empty.to_rows() == []
    assert empty.to_arrow().num_rows == 0
    assert empty.to_arrow().schema == TABLE.to_arrow().schema


def test_results_are_frozen_and_survive_pickling():
    assert pickle.loads(pickle.dumps(TABLE)) == TABLE
    with pytest.raises(FrozenInstanceError):
        TABLE.measure = "nps"


def test_every_measure_is_told_in_both_languages():
    for one in MEASURES.values():
        assert one.title("zh") != one.title("en")
        assert all(
            text.strip() for text in (one.meaning("zh"), one.meaning("en"), one.formula("zh"), one.formula("en"))
        )


def test_measures_have_sensible_ranges():
    assert {name: (m.lowest, m.highest) for name, m in MEASURES.items() if m.unit != Unit.SHARE} == {
        "nps": (-100, 100),
        "mean_score": (0, 100),
        "dissatisfied_rate": (0, None),
    }
    assert {name for name, m in MEASURES.items() if m.direction == Direction.LOWER} == {
        "bottom_box",
        "dissatisfied_rate",
    }


def test_unknown_measure_suggests_a_known_one():
    with pytest.raises(UnknownMeasure, match="Did you mean csat"):
        measure("csta")

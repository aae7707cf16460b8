"""Figures in plain sentences, in either language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from zhiyin.satisfaction import compare, explain
from zhiyin.tables.figures import COMPLEMENTARY, FEW, UNDEFINED, Figure, Limits

MARCH = Figure(
    measure="csat",
    group=(("channel", "mobile"),),
    period="2026-03",
    start_on=date(2026, 3, 1),
    end_on=date(2026, 4, 1),
    value=0.912,
    low=0.9034,
    high=0.9201,
    level=0.95,
    n=4320,
    customers=4210,
    count=3940,
    unit="share",
    reliability=0.823,
    suppressed=None,
    limits=None,
    as_of_us=1,
    version="csat/1",
    method="score (n-1)",
)
RATE = replace(
    MARCH,
    measure="dissatisfied_rate",
    unit="per 10,000",
    value=23.4,
    low=20.0,
    high=27.1,
    reliability=None,
    group=(),
    limits=Limits(12.0, 8.0, 16.0, "above"),
)


def test_share_in_english():
    assert explain(MARCH, "en") == (
        "Customer satisfaction (CSAT, top two), Mobile bank, 2026-03: 91.2%, margin of error (95%) 90.3% to 92.0%, "
        "from 4,320 answers of 4,210 customers. Reliability 0.82."
    )


def test_rate_in_english():
    assert explain(RATE, "en") == (
        "Dissatisfied per 10,000 served, everybody, 2026-03: 23.4 per 10,000, margin of error (95%) 20.0 to 27.1, "
        "from 4,320 records of 4,210 customers. Above its control limits: more than chance."
    )


def test_chinese_names_the_measure_and_the_channel():
    said = explain(MARCH, "zh")
    assert said.startswith("满意率（CSAT，最高两档占比）")
    assert "手机银行" in said


def hidden(reason: str) -> Figure:
    return replace(MARCH, value=None, low=None, high=None, n=None, customers=None, suppressed=reason)


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (FEW, "too few answers, not compared yet."),
        (COMPLEMENTARY, "not shown, because a group with too few answers could be worked out from it."),
        (UNDEFINED, "nothing to count against."),
    ],
)
def test_hidden_figures_say_why(reason: str, says: str):
    assert explain(hidden(reason), "en") == f"Customer satisfaction (CSAT, top two), Mobile bank, 2026-03: {says}"


def test_rows_that_do_not_state_the_group_are_named():
    assert "not stated, 2026-03" in explain(replace(MARCH, group=(("channel", None),)), "en")


def test_labels_name_what_no_vocabulary_knows():
    figure = replace(MARCH, group=(("unit_id", "0102"),), period=None)
    assert ", 0102: 91.2%" in explain(figure, "en")
    assert ", River Outlet: 91.2%" in explain(figure, "en", labels={("unit_id", "0102"): "River Outlet"})


BEFORE = replace(MARCH, period="2026-02", value=0.93, low=0.92, high=0.94)


def test_clear_change_tells_direction_and_points():
    said = explain(compare(MARCH, BEFORE), "en")
    assert said.startswith(
        "Customer satisfaction (CSAT, top two), Mobile bank, 2026-03: down 1.8 percentage points on 2026-02"
    )


def test_unclear_change_is_called_so():
    said = explain(compare(MARCH, replace(BEFORE, value=0.915, low=0.9, high=0.93)), "en")
    assert "no clear change on 2026-02: -0.3 percentage points" in said


def test_change_with_a_hidden_figure_says_why():
    assert explain(compare(hidden(FEW), BEFORE), "en").endswith("too few answers, not compared yet.")


def test_comparison_of_two_groups_names_the_other():
    other = replace(MARCH, group=(("channel", "branch"),), value=0.5, low=0.45, high=0.55)
    assert " on Outlet, 2026-03," in explain(compare(MARCH, other), "en")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("figure", [MARCH, RATE, hidden(FEW), compare(MARCH, BEFORE)])
def test_every_sentence_is_filled_in(figure, language: str):
    said = explain(figure, language)
    assert "{" not in said
    assert "None" not in said

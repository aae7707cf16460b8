"""Strings, axes and the course: where marks stand, and what is drawn for what is not known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_cases import Page, figure

from zhiyin.night.report.comparing import is_unreliable, more_needed
from zhiyin.night.report.scales import Axis, axis_for, round_axis
from zhiyin.night.report.strings import limits_string, standing, string
from zhiyin.night.report.trend import Mark, trend
from zhiyin.tables.figures import Limits

AXIS = Axis(0.0, 100.0, (0.0, 50.0, 100.0))
MONTHS = [date(2026, month, 1) for month in range(1, 7)]


@given(st.floats(-100, 100), st.floats(0, 100))
def test_axis_holds_its_values_and_has_round_ends(low: float, width: float) -> None:
    axis = round_axis(low, low + width, lowest=-100, highest=200)
    assert axis.low <= low or axis.low == -100
    assert axis.high >= low + width
    assert axis.ticks == tuple(sorted(axis.ticks))
    assert (axis.ticks[0], axis.ticks[-1]) == (axis.low, axis.high)


def test_axis_stays_within_the_measures_range() -> None:
    axis = axis_for([figure(0.995, measure="csat", unit="share", half=0.004)])
    assert axis.high <= 1.0
    assert axis.place(2.0) == 100.0
    assert axis.place(-2.0) == 0.0


@pytest.mark.parametrize(
    ("value", "better", "worse"), [(80, "better", "worse"), (60, "worse", "better"), (70.5, "same", "same")]
)
def test_standing_needs_the_whole_interval_on_one_side(value: float, better: str, worse: str) -> None:
    assert standing(figure(value), 70.0) == better
    assert standing(figure(value), 70.0, higher_is_better=False) == worse


def test_standing_of_what_is_not_shown_is_few() -> None:
    assert standing(figure(None), 70.0) == "few"
    assert standing(figure(70), None) == "same"


def test_string_puts_the_dot_at_the_value_and_the_spindle_over_the_interval() -> None:
    drawn = string(figure(60, half=10), AXIS, "said", reference=70.0)
    assert 'cx="60.00%"' in drawn
    assert re.search(r'<svg class="span" x="50.00%"[^>]*width="20.00%"', drawn)
    assert re.search(r'<line class="ref" x1="70.00%"', drawn)
    assert "<title>said</title>" in drawn


def test_string_without_a_value_is_dotted_and_hollow() -> None:
    drawn = string(figure(None), AXIS, "said", stands="few")
    assert 'class="string few"' in drawn
    assert "wire dotted" in drawn
    assert 'class="span"' not in drawn


def test_reference_outside_the_axis_is_not_drawn() -> None:
    assert 'class="ref"' not in string(figure(60), AXIS, "said", reference=120.0)


def test_limits_shade_what_is_chance_and_the_signal_colours_the_dot() -> None:
    rate = replace(figure(30, measure="dissatisfied_rate", unit="per 10,000"), limits=Limits(10, 5, 20, "above"))
    drawn = limits_string(rate, AXIS, "said")
    assert 'class="string worse"' in drawn
    assert re.search(r'<rect class="chance" x="5.00%"[^>]*width="15.00%"', drawn)
    unclear = replace(rate, limits=Limits(10, 5, 40, None))
    assert 'class="string same"' in limits_string(unclear, AXIS, "said")


def test_unreliable_groups_say_how_many_answers_they_need() -> None:
    assert more_needed(figure(80, n=30, reliability=0.3)) == 133
    assert more_needed(figure(80, n=30, reliability=0.7)) is None
    assert more_needed(figure(80, n=30)) is None
    assert not is_unreliable(figure(80, reliability=0.9))


def test_course_leaves_a_gap_where_a_month_is_hidden() -> None:
    figures = [figure(None if month.month == 3 else 70.0 + month.month, month=month) for month in MONTHS]
    page = Page(trend(figures, AXIS, "by month"))
    assert page.count("polyline", "line") == 2
    assert page.count("circle", "dot") == 5
    assert page.count("circle", "hollow") == 1
    assert page.count("title") == 7


def test_single_month_between_gaps_is_a_dot_with_its_interval() -> None:
    figures = [figure(70.0 if month.month == 2 else None, month=month) for month in MONTHS[:3]]
    page = Page(trend(figures, AXIS, "by month"))
    assert (page.count("polyline"), page.count("polygon", "band"), page.count("circle", "dot")) == (0, 1, 1)


def test_events_stand_at_their_day_and_others_are_left_out() -> None:
    figures = [figure(70.0, month=month) for month in MONTHS]
    marks = [Mark(date(2026, 2, 1), "1", "start of February"), Mark(date(2027, 1, 1), "2", "too late")]
    drawn = trend(figures, AXIS, "by month", marks=marks)
    assert "start of February" in drawn
    assert "too late" not in drawn

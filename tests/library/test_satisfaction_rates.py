"""Rates of services and invitations, control limits, reliability."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from answer_rows import answers, at, bind, invitations, numbered, services

from zhiyin.engine import DuckEngine, described
from zhiyin.maths.counts import probability_limits, rate_interval
from zhiyin.satisfaction import (
    MixedAnswers,
    WrongOption,
    csat,
    dissatisfied_rate,
    response_rate,
    solicitation_rate,
)
from zhiyin.tables import UnknownColumn, table
from zhiyin.tables.figures import UNDEFINED

RESPONSES, INTERACTIONS, INVITATIONS = (described(table(name)) for name in ("responses", "interactions", "invitations"))


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as engine:
        yield engine


def test_dissatisfied_are_counted_against_everything_served(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([1, 2, 3, 4] + [5] * 40), interactions=services(4_000))
    figure = engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS)).totals[0]
    limits = rate_interval([2], [4_000])
    assert (figure.value, figure.count, figure.n, figure.customers) == (5.0, 2, 4_000, 4_000)
    assert (figure.low, figure.high) == pytest.approx((limits.low[0] * 1e4, limits.high[0] * 1e4))
    assert (figure.unit, figure.version, figure.method) == ("per 10,000", "dissatisfied_rate/1", "Garwood (gamma)")


def test_only_completed_services_count(engine: DuckEngine, tmp_path: Path):
    rows = [*services(100, lifecycle="start"), *services(200, lifecycle="complete"), *services(300)]
    bind(engine, tmp_path, responses=answers([1]), interactions=rows)
    assert engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS)).totals[0].n == 500


def test_a_customer_who_complains_again_widens_the_interval(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([1] * 6, customer_id="the same"), interactions=services(1_000))
    found = engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS)).totals[0]
    expected = rate_interval([6], [1_000], squared=[36], largest=[6])
    assert (found.low, found.high) == pytest.approx((expected.low[0] * 1e4, expected.high[0] * 1e4))


def test_groups_without_dissatisfied_answers_are_shown(engine: DuckEngine, tmp_path: Path):
    rows = services(300, channel="web") + services(500, channel="branch")
    bind(engine, tmp_path, responses=answers([1, 1], channel="branch"), interactions=rows)
    found = engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS, by="channel"))
    assert [(f.group, f.count, f.value) for f in found] == [
        ((("channel", "branch"),), 2, 40.0),
        ((("channel", "web"),), 0, 0.0),
        ((), 2, 25.0),
    ]


def test_answers_without_services_have_no_rate(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([1] * 3, channel="web"), interactions=services(500, channel="branch"))
    figure = engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS, by="channel")).figure(channel="web")
    assert (figure.suppressed, figure.value, figure.n, figure.count) == (UNDEFINED, None, 0, None)


def test_dissatisfied_answers_on_two_scales_are_not_mixed_in_silence(engine: DuckEngine, tmp_path: Path):
    rows = answers([1] * 3, scale="points3") + answers([1] * 3)
    bind(engine, tmp_path, responses=rows, interactions=services(500))
    with pytest.raises(MixedAnswers, match="scale"):
        engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS))
    assert engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS, combine=True)).totals[0].count == 6


def test_limits_mark_the_unit_beyond_chance(engine: DuckEngine, tmp_path: Path):
    bad = {"u1": 4, "u2": 5, "u3": 3, "u4": 30, "u5": 4}
    bind(
        engine,
        tmp_path,
        responses=[row for unit, count in bad.items() for row in answers([1] * count, unit_id=unit)],
        interactions=[row for unit in bad for row in services(2_000, unit_id=unit)],
    )
    found = engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS, by="unit_id"))
    expected = probability_limits(46 / 10_000, [2_000])
    for figure in found.groups:
        assert figure.limits is not None
        assert figure.limits.centre == pytest.approx(46)
        assert figure.limits.low == pytest.approx(expected.low[0] * 1e4)
        assert figure.limits.high == pytest.approx(expected.high[0] * 1e4)
    assert {dict(f.group)["unit_id"]: f.limits.signal for f in found.groups if f.limits} == {
        "u1": None,
        "u2": None,
        "u3": None,
        "u4": "above",
        "u5": None,
    }
    assert found.totals[0].limits is None


def test_limits_over_time_follow_each_group(engine: DuckEngine, tmp_path: Path):
    counts = [6, 5, 7, 6, 5, 6, 7, 5, 6, 40]
    days = [f"2026-{month:02d}-10 10:00" for month in range(1, 11)]
    bind(
        engine,
        tmp_path,
        responses=[
            r for day, count in zip(days, counts, strict=True) for r in answers([1] * count, answered_us=at(day))
        ],
        interactions=[row for day in days for row in services(1_000, started_us=at(day))],
    )
    found = engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS, period="month"))
    assert [f.limits.signal for f in found if f.limits] == [None] * 9 + ["above"]


def test_nobody_dissatisfied_is_within_limits(engine: DuckEngine, tmp_path: Path):
    rows = services(100, channel="web") + services(100, channel="branch")
    bind(engine, tmp_path, responses=answers([5] * 20), interactions=rows)
    found = engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS, by="channel"))
    assert [f.limits.signal for f in found.groups if f.limits] == [None, None]


def test_reliability_is_of_the_groups_of_one_table(engine: DuckEngine, tmp_path: Path):
    generator = np.random.default_rng(8)
    rows = [
        row
        for number, share in enumerate((0.5, 0.6, 0.7, 0.8, 0.9))
        for row in answers([5 if hit else 1 for hit in generator.random(200) < share], unit_id=f"u{number}")
    ]
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, by="unit_id"))
    assert all(f.reliability is not None and 0.9 < f.reliability < 1 for f in found.groups)
    assert found.totals[0].reliability is None


def test_solicitation_counts_a_service_once(engine: DuckEngine, tmp_path: Path):
    served = numbered(services(40, channel="web"), "interaction_id")
    asked = [
        {**row, "interaction_id": served[place]["interaction_id"]} for place in range(10) for row in invitations(2)
    ]
    bind(engine, tmp_path, interactions=served, invitations=asked + invitations(5))
    figure = engine.compute(solicitation_rate(INTERACTIONS, INVITATIONS, by="channel")).figure(channel="web")
    assert (figure.value, figure.n, figure.count) == (0.25, 40, 10)


def test_response_rate_reads_outcome_and_link(engine: DuckEngine, tmp_path: Path):
    sent = numbered(
        [*invitations(10, outcome="answered"), *invitations(25, outcome="silent"), *invitations(5)], "invitation_id"
    )
    said = [{**row, "invitation_id": sent[place]["invitation_id"]} for place in (0, 35, 36) for row in answers([5, 4])]
    bind(engine, tmp_path, invitations=sent, responses=said)
    figure = engine.compute(response_rate(INVITATIONS, RESPONSES)).totals[0]
    assert (figure.value, figure.n, figure.count) == (0.3, 40, 12)


def test_answers_recorded_later_do_not_count_yet(engine: DuckEngine, tmp_path: Path):
    sent = numbered(invitations(20), "invitation_id")
    said = answers([5], invitation_id=sent[0]["invitation_id"], recorded_us=at("2026-05-01 00:00"))
    bind(engine, tmp_path, invitations=sent, responses=said)
    assert engine.compute(response_rate(INVITATIONS, RESPONSES, as_of=at("2026-04-01 00:00"))).totals[0].count == 0
    assert engine.compute(response_rate(INVITATIONS, RESPONSES, as_of=at("2026-06-01 00:00"))).totals[0].count == 1


def test_columns_must_exist_in_both_tables():
    with pytest.raises(UnknownColumn, match="interactions has no column mode"):
        dissatisfied_rate(RESPONSES, INTERACTIONS, by="mode")


def test_unknown_chart_is_named():
    with pytest.raises(WrongOption, match="auto, groups or time"):
        dissatisfied_rate(RESPONSES, INTERACTIONS, chart="units")

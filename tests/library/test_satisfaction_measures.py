"""Every measure against numbers worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from answer_rows import answers, at, bind

from zhiyin.engine import DuckEngine, described
from zhiyin.maths.shares import clopper_pearson
from zhiyin.satisfaction import (
    MixedAnswers,
    UnknownPeriod,
    UnknownScale,
    UnknownZone,
    WrongOption,
    box,
    ces,
    csat,
    mean_score,
    nps,
)
from zhiyin.tables import UnknownColumn, table
from zhiyin.tables.figures import Figure

RESPONSES = described(table("responses"))


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as engine:
        yield engine


def corrected(share: float, n: float) -> tuple[float, float]:
    """Wilson's interval with n - 1, written out."""
    square, size = 1.959963984540054**2, n - 1
    middle, reach = share * size + square / 2, math.sqrt(square * (size * share * (1 - share) + square / 4))
    return (middle - reach) / (size + square), (middle + reach) / (size + square)


def numbers(figure: Figure) -> tuple[float | None, int | None, int | None]:
    return figure.value, figure.n, figure.customers


def test_nps_is_promoters_minus_detractors(engine: DuckEngine, tmp_path: Path):
    # 0 to 10, twice 9 and 10: 4 promoters, 2 passives, 7 detractors of 13
    bind(engine, tmp_path, responses=answers([*range(11), 9, 10], scale="points11"))
    figure = engine.compute(nps(RESPONSES)).totals[0]
    assert figure.value == pytest.approx(100 * (4 - 7) / 13)
    assert (figure.n, figure.customers, figure.unit, figure.version) == (13, 13, "points", "nps/1")
    assert figure.count is None


def test_nps_looks_at_eleven_points_only(engine: DuckEngine, tmp_path: Path):
    rows = answers([10] * 12, scale="points11") + answers([1] * 40, scale="points5", question="other")
    bind(engine, tmp_path, responses=rows)
    assert numbers(engine.compute(nps(RESPONSES)).totals[0]) == (100.0, 12, 12)


def test_csat_counts_the_top_two(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 30 + [4] * 10 + [3] * 5 + [2] * 3 + [1] * 2))
    figure = engine.compute(csat(RESPONSES)).totals[0]
    assert (figure.value, figure.n, figure.count) == (0.8, 50, 40)
    assert (figure.low, figure.high) == pytest.approx(corrected(0.8, 50), abs=1e-9)
    assert figure.method == "score (n-1)"


@pytest.mark.parametrize(
    ("scale", "values", "top_two"),
    [
        ("points3", [1, 2, 3], 2 / 3),
        ("points4", [1, 2, 3, 4], 2 / 4),
        ("points5", [1, 2, 3, 4, 5], 2 / 5),
        ("points7", [1, 2, 3, 4, 5, 6, 7], 2 / 7),
        ("points10", list(range(1, 11)), 2 / 10),
        ("points11", list(range(11)), 2 / 11),
    ],
)
def test_csat_knows_every_scale(engine: DuckEngine, tmp_path: Path, scale: str, values: list[int], top_two: float):
    bind(engine, tmp_path, responses=answers(values * 10, scale=scale))
    assert engine.compute(csat(RESPONSES)).totals[0].value == pytest.approx(top_two)


def test_csat_of_the_highest_step_alone(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([3] * 15 + [2] * 4 + [1], scale="points3"))
    assert engine.compute(csat(RESPONSES, top=1)).totals[0].value == 0.75
    assert engine.compute(csat(RESPONSES)).totals[0].value == 0.95


def test_exact_interval_is_that_of_clopper_and_pearson(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 19 + [1]))
    figure = engine.compute(csat(RESPONSES, interval="exact")).totals[0]
    expected = clopper_pearson([0.95], [20])
    assert (figure.low, figure.high) == (expected.low[0], expected.high[0])
    assert figure.method == "Clopper-Pearson"


@pytest.mark.parametrize(
    ("scale", "values", "easy"), [("points5", range(1, 6), 2 / 5), ("points7", range(1, 8), 3 / 7)]
)
def test_ces_is_the_share_that_found_it_easy(
    engine: DuckEngine, tmp_path: Path, scale: str, values: range, easy: float
):
    bind(engine, tmp_path, responses=answers(list(values) * 5, scale=scale))
    assert engine.compute(ces(RESPONSES)).totals[0].value == pytest.approx(easy)


BOXES = {
    "points3": ([1], [2], [3]),
    "points4": ([1], [2, 3], [4]),
    "points5": ([1, 2], [3], [4, 5]),
    "points7": ([1, 2], [3, 4, 5], [6, 7]),
    "points10": ([1, 2, 3, 4, 5, 6], [7, 8], [9, 10]),
    "points11": ([0, 1, 2, 3, 4, 5, 6], [7, 8], [9, 10]),
}


@pytest.mark.parametrize("scale", BOXES)
@pytest.mark.parametrize("which", ["bottom", "middle", "top"])
def test_boxes_hold_their_answers(engine: DuckEngine, tmp_path: Path, scale: str, which: str):
    inside = dict(zip(("bottom", "middle", "top"), BOXES[scale], strict=True))[which]
    bind(engine, tmp_path, responses=answers([value for values in BOXES[scale] for value in values] * 10, scale=scale))
    figure = engine.compute(box(RESPONSES, which)).totals[0]
    assert (figure.measure, figure.count) == (f"{which}_box", 10 * len(inside))


@pytest.mark.parametrize("scale", BOXES)
def test_mean_score_runs_from_0_to_100(engine: DuckEngine, tmp_path: Path, scale: str):
    values = [value for values in BOXES[scale] for value in values]
    low, high = min(values), max(values)
    bind(engine, tmp_path, responses=answers([low] * 3 + [high] * 9 + [values[1]] * 8, scale=scale))
    figure = engine.compute(mean_score(RESPONSES)).totals[0]
    assert figure.value == pytest.approx((9 * 100 + 8 * 100 * (values[1] - low) / (high - low)) / 20, abs=1e-12)


def test_mean_of_equal_answers_has_an_honest_interval(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 20))
    figure = engine.compute(mean_score(RESPONSES)).totals[0]
    assert (figure.value, figure.high) == (100.0, 100.0)
    assert figure.low == pytest.approx(100 * 19 / (19 + 1.959963984540054**2), abs=1e-9)


def test_answers_of_one_customer_say_nothing_of_others(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 10_000, customer_id="the same"))
    figure = engine.compute(csat(RESPONSES, minimum=1)).totals[0]
    assert (figure.n, figure.customers, figure.low, figure.high) == (10_000, 1, 0.0, 1.0)


def test_customers_who_answer_alike_count_once(engine: DuckEngine, tmp_path: Path):
    rows = [
        {**row, "customer_id": f"c{number}", "response_id": f"r{number}-{time}"}
        for number, row in enumerate(answers([5] * 16 + [1] * 4))
        for time in range(3)
    ]
    bind(engine, tmp_path, responses=rows)
    figure = engine.compute(csat(RESPONSES)).totals[0]
    assert numbers(figure) == (0.8, 60, 20)
    assert (figure.low, figure.high) == pytest.approx(corrected(0.8, 20), abs=1e-9)


def test_answers_without_a_customer_are_customers_of_their_own(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 16 + [1] * 4, customer_id=None))
    figure = engine.compute(csat(RESPONSES)).totals[0]
    assert numbers(figure) == (0.8, 20, 20)
    assert (figure.low, figure.high) == pytest.approx(corrected(0.8, 20), abs=1e-9)


def test_groups_margins_and_total_stand_in_order(engine: DuckEngine, tmp_path: Path):
    rows = [
        row
        for channel, unit, count in (("web", "b", 20), ("branch", "a", 30), ("branch", "b", 25), (None, "a", 15))
        for row in answers([5] * count, channel=channel, unit_id=unit)
    ]
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, by=("channel", "unit_id")))
    assert [(figure.group, figure.n) for figure in found] == [
        ((("channel", "branch"), ("unit_id", "a")), 30),
        ((("channel", "branch"), ("unit_id", "b")), 25),
        ((("channel", "web"), ("unit_id", "b")), 20),
        ((("channel", None), ("unit_id", "a")), 15),
        ((("unit_id", "a"),), 45),
        ((("unit_id", "b"),), 45),
        ((("channel", "branch"),), 55),
        ((("channel", "web"),), 20),
        ((("channel", None),), 15),
        ((), 90),
    ]


def test_a_customer_of_two_groups_counts_once_in_the_total(engine: DuckEngine, tmp_path: Path):
    rows = [
        {**row, "customer_id": f"c{number}"}
        for channel in ("web", "branch")
        for number, row in enumerate(answers([5] * 12, channel=channel))
    ]
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, by="channel"))
    assert [(figure.n, figure.customers) for figure in found] == [(12, 12), (12, 12), (24, 12)]


def test_groups_alone_on_request(engine: DuckEngine, tmp_path: Path):
    rows = answers([5] * 12, channel="web") + answers([4] * 12, channel="branch")
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, by="channel", totals=False))
    assert [figure.group for figure in found] == [(("channel", "branch"),), (("channel", "web"),)]


def test_answers_that_cannot_count_are_counted_apart(engine: DuckEngine, tmp_path: Path):
    rows = [
        *answers([5] * 12),
        *answers([None] * 3),
        *answers([9] * 2),
        *answers([1] * 4, is_sampled=False),
        *answers([None], scale="text", comment="no rating"),
    ]
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, by="channel"))
    assert found.totals[0].n == 12
    assert found.left_out == (("no_value", 3), ("off_scale", 2), ("spontaneous", 4))


@pytest.mark.parametrize(("sampled", "n"), [("only", 25), ("spontaneous", 11), ("all", 36)])
def test_spontaneous_answers_are_kept_apart(engine: DuckEngine, tmp_path: Path, sampled: str, n: int):
    rows = [*answers([5] * 15, is_sampled=True), *answers([5] * 10), *answers([1] * 11, is_sampled=False)]
    bind(engine, tmp_path, responses=rows)
    assert engine.compute(csat(RESPONSES, sampled=sampled)).totals[0].n == n


def test_scales_are_not_mixed_in_silence(engine: DuckEngine, tmp_path: Path):
    rows = answers([5] * 12, scale="points5", channel="web") + answers([3] * 12, scale="points3", channel="branch")
    bind(engine, tmp_path, responses=rows)
    with pytest.raises(MixedAnswers, match=r"scale \(points3, points5\)"):
        engine.compute(csat(RESPONSES))
    assert engine.compute(csat(RESPONSES, scale="points3")).totals[0].n == 12
    assert engine.compute(mean_score(RESPONSES, combine=True)).totals[0].n == 24


def test_a_total_that_would_mix_is_left_out(engine: DuckEngine, tmp_path: Path):
    rows = answers([5] * 12, scale="points5", channel="web") + answers([3] * 12, scale="points3", channel="branch")
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, by="scale"))
    assert [figure.group for figure in found] == [(("scale", "points3"),), (("scale", "points5"),)]


def test_questions_are_not_mixed_in_silence(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 12, question="q1") + answers([1] * 12, question="q2"))
    with pytest.raises(MixedAnswers, match="question"):
        engine.compute(csat(RESPONSES))
    assert engine.compute(csat(RESPONSES, question="q2")).totals[0].value == 0.0


def test_filters_limit_the_rows(engine: DuckEngine, tmp_path: Path):
    rows = [
        row
        for channel, count in (("web", 11), ("branch", 12), (None, 13))
        for row in answers([5] * count, channel=channel)
    ]
    bind(engine, tmp_path, responses=rows)

    def counted(wanted: object) -> int | None:
        found = engine.compute(csat(RESPONSES, where={"channel": wanted}))
        return found.totals[0].n

    assert [counted("web"), counted(["web", "branch"]), counted(None), counted(["web", None])] == [11, 23, 13, 24]


def test_days_limit_the_rows_on_the_banks_clock(engine: DuckEngine, tmp_path: Path):
    rows = [
        *answers([5] * 11, answered_us=at("2026-02-28 23:59")),
        *answers([5] * 12, answered_us=at("2026-03-01 00:00")),
        *answers([5] * 13, answered_us=at("2026-03-31 23:59")),
        *answers([5] * 14, answered_us=at("2026-04-01 00:00")),
    ]
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, since=date(2026, 3, 1), until=date(2026, 4, 1)))
    assert found.totals[0].n == 25
    assert (found.start_on, found.end_on) == (date(2026, 3, 1), date(2026, 4, 1))


def test_as_of_leaves_out_what_was_recorded_later(engine: DuckEngine, tmp_path: Path):
    rows = [
        *answers([5] * 11, recorded_us=at("2026-03-11 00:00")),
        *answers([5] * 12, recorded_us=at("2026-03-20 00:00")),
        *answers([5] * 13),
    ]
    bind(engine, tmp_path, responses=rows)
    figure = engine.compute(csat(RESPONSES, as_of=at("2026-03-15 00:00"))).totals[0]
    assert (figure.n, figure.as_of_us) == (24, at("2026-03-15 00:00"))


def test_without_as_of_figures_reach_to_the_latest_row(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 12) + answers([None], answered_us=at("2026-03-12 09:00")))
    assert engine.compute(csat(RESPONSES)).totals[0].as_of_us == at("2026-03-12 09:00")


def test_level_widens_the_interval(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 30 + [1] * 10))
    wide, narrow = (engine.compute(nps_like).totals[0] for nps_like in (csat(RESPONSES, level=0.99), csat(RESPONSES)))
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low
    assert wide.level == 0.99


def test_groups_may_come_from_a_joined_table(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 20, unit_id="u1") + answers([1] * 20, unit_id="u2"))
    with_city = RESPONSES.mutate(city=RESPONSES["unit_id"].replace("u", "city "))
    found = engine.compute(csat(with_city, by="city"))
    assert [(figure.group, figure.value) for figure in found.groups] == [
        ((("city", "city 1"),), 1.0),
        ((("city", "city 2"),), 0.0),
    ]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"by": "chanel"}, UnknownColumn, "Did you mean channel"),
        ({"where": {"unit": "u1"}}, UnknownColumn, "Did you mean unit_id"),
        ({"by": ("channel", "channel")}, WrongOption, "different columns"),
        ({"period": "mnth"}, UnknownPeriod, "Did you mean month"),
        ({"time_zone": "Asia/Shangai"}, UnknownZone, "Asia/Shangai"),
        ({"scale": "points6"}, UnknownScale, "points6"),
        ({"level": 95}, WrongOption, "between 0 and 1"),
        ({"minimum": -1}, WrongOption, "0 or more"),
        ({"sampled": "some"}, WrongOption, "only, spontaneous or all"),
        ({"interval": "wald"}, WrongOption, "score or exact"),
        ({"top": 0}, WrongOption, "top"),
        ({"top": 5, "scale": "points5"}, WrongOption, "top"),
        ({"since": date(2026, 3, 1), "until": date(2026, 3, 1)}, WrongOption, "after 2026-03-01"),
    ],
)
def test_wrong_options_are_named_at_once(options: dict[str, object], error: type[Exception], says: str):
    with pytest.raises(error, match=says):
        csat(RESPONSES, **options)


def test_wrong_box_is_named():
    with pytest.raises(WrongOption, match="top, middle or bottom"):
        box(RESPONSES, "upper")

"""Parts of a change, and alarms whose false ones are bounded."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from zhiyin.drivers import ChangeSources, change_sources
from zhiyin.drivers.asked import UnknownColumn
from zhiyin.drivers.change import NoSuchPeriod
from zhiyin.engine import DuckEngine, Query
from zhiyin.maths.alarms import likelihood_ratio, surprise, watch_counts
from zhiyin.maths.arrays import OutOfRange, TooFew, WrongShape
from zhiyin.maths.decompose import change_parts

CELLS = st.lists(st.tuples(st.lists(st.integers(1, 10), max_size=6), st.lists(st.integers(1, 10), max_size=6)),
                 min_size=1, max_size=5)  # fmt: skip


def moments_of(groups: list[list[int]]) -> tuple[list[float], list[float], list[float]]:
    return (
        [float(len(group)) for group in groups],
        [float(sum(group)) for group in groups],
        [float(sum(value * value for value in group)) for group in groups],
    )


@given(CELLS)
def test_change_parts_add_up_to_the_change_of_the_mean(cells: list[tuple[list[int], list[int]]]) -> None:
    before, after = [cell[0] for cell in cells], [cell[1] for cell in cells]
    zero, one = [value for group in before for value in group], [value for group in after for value in group]
    if len(zero) < 2 or len(one) < 2:
        return
    parts = change_parts(moments_of(before), moments_of(after))
    change = float(np.mean(one) - np.mean(zero))
    assert parts.total.value == pytest.approx(change, abs=1e-9)
    assert parts.within.value + parts.mix.value == pytest.approx(change, abs=1e-9)
    assert parts.within_parts.sum() + parts.mix_parts.sum() == pytest.approx(change, abs=1e-9)


def test_change_parts_tell_more_of_a_bad_channel_from_worse_answers() -> None:
    moved = change_parts(([80, 20], [640, 100], [5200, 520]), ([50, 50], [400, 250], [3250, 1300]))
    worse = change_parts(([80, 20], [640, 100], [5200, 520]), ([80, 20], [560, 100], [4000, 520]))
    assert (moved.within.value, moved.mix.value) == (pytest.approx(0.0), pytest.approx(-0.9))
    assert (worse.within.value, worse.mix.value) == (pytest.approx(-0.8), pytest.approx(0.0))
    assert worse.within_parts.tolist() == pytest.approx([-0.8, 0.0])


def test_change_parts_call_a_new_group_mix() -> None:
    parts = change_parts(([10, 0], [80, 0], [650, 0]), ([10, 10], [80, 50], [650, 260]))
    assert parts.within.value == 0.0
    assert parts.mix.value == pytest.approx(-1.5)


def test_change_parts_errors_are_those_of_repeated_surveys() -> None:
    misses: dict[str, list[float]] = {"total": [], "within": [], "mix": []}
    for seed in range(600):
        generator = np.random.default_rng(seed)
        periods = []
        for shares, means in (([0.5, 0.5], [7.0, 5.0]), ([0.6, 0.4], [7.2, 5.1])):
            group = (generator.random(800) < shares[1]).astype(int)
            y = np.array(means)[group] + generator.normal(size=800)
            periods.append(tuple(np.bincount(group, weights, 2) for weights in (np.ones(800), y, y * y)))
        parts = change_parts(*periods)
        for name in misses:
            part = getattr(parts, name)
            exact = {"total": 0.36, "within": 0.155, "mix": 0.205}[name]
            misses[name].append((part.value - exact) / part.error)
    for name in misses:
        assert np.std(misses[name]) == pytest.approx(1.0, abs=0.1), name
        assert abs(np.mean(misses[name])) < 0.15


def test_change_parts_name_what_is_missing() -> None:
    with pytest.raises(TooFew, match=r"^answers after: 0"):
        change_parts(([5], [10], [20]), ([0], [0], [0]))
    with pytest.raises(WrongShape):
        change_parts(([5], [10], [20]), ([5, 5], [10, 10], [20, 20]))


def computed(query: Query[ChangeSources]) -> ChangeSources:
    engine = DuckEngine(threads=1)
    try:
        return engine.compute(query)
    finally:
        engine.close()


def test_change_sources_names_the_channel_behind_a_change() -> None:
    generator = np.random.default_rng(1)
    n = 6000
    late = generator.random(n) < 0.5
    channel = np.array(["branch", "mobile", "phone"])[generator.integers(0, 3, n)]
    score = 7 - 1.5 * (late & (channel == "phone")) + generator.normal(size=n)
    table = pa.table({"period": np.where(late, "2026-06", "2026-05"), "channel": channel, "score": score})
    found = computed(
        change_sources(ibis.memtable(table), outcome="score", by="channel", before="2026-05", after="2026-06")
    )
    assert found.sources[0].key == "phone"
    assert found.sources[0].within.value == pytest.approx(-0.5, abs=0.1)
    assert found.sources[0].after - found.sources[0].before == pytest.approx(-1.5, abs=0.15)
    assert found.within.value + found.mix.value == pytest.approx(found.total.value)
    assert found.total.value == pytest.approx(score[late].mean() - score[~late].mean())
    for source in found.sources[1:]:
        low, high = source.within.interval(0.999)
        assert low < 0 < high


def test_change_sources_keep_what_has_no_group_and_name_a_missing_period() -> None:
    table = ibis.memtable(
        pa.table({"period": ["a", "a", "b", "b"], "unit_id": ["u", None, "u", None], "score": [1, 2, 3, 5]})
    )
    found = computed(change_sources(table, outcome="score", by="unit_id", before="a", after="b"))
    assert {source.key for source in found.sources} == {"u", "(none)"}
    assert found.total.value == pytest.approx(2.5)
    with pytest.raises(NoSuchPeriod, match=r"'c'"):
        computed(change_sources(table, outcome="score", by="unit_id", before="a", after="c"))
    with pytest.raises(UnknownColumn):
        change_sources(table, outcome="score", by="unit", before="a", after="b")


def ordinary(
    seed: int, *, days: int = 360, series: int = 500, dispersion: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    expected = generator.uniform(0.3, 15, series) * np.where(np.arange(days) % 7 >= 5, 0.4, 1.2)[:, None]
    if dispersion == 1.0:
        return generator.poisson(expected).astype(float), expected
    shape = expected / (dispersion - 1)
    return generator.poisson(generator.gamma(shape, expected / shape)).astype(float), expected


@pytest.mark.parametrize("dispersion", [1.0, 1.8])
def test_watch_counts_rings_falsely_no_more_than_it_promises(dispersion: float) -> None:
    rung = [
        len(watch_counts(*ordinary(seed, dispersion=dispersion), days=30, dispersion=dispersion).times)
        for seed in range(12)
    ]
    assert np.mean(rung) <= 360 / 30


def test_watch_counts_with_a_dispersion_that_is_too_small_rings_too_often() -> None:
    counts, expected = ordinary(1, dispersion=3.0)
    honest = watch_counts(counts, expected, days=30, dispersion=3.0)
    hasty = watch_counts(counts, expected, days=30)
    assert len(honest.times) <= 12 < len(hasty.times)


def test_watch_counts_finds_a_doubling_within_days_and_nothing_else() -> None:
    counts, expected = ordinary(2)
    generator = np.random.default_rng(3)
    hit = int(np.argmin(np.abs(expected.mean(axis=0) - 6)))
    counts[300:, hit] = generator.poisson(2 * expected[300:, hit])
    found = watch_counts(counts, expected, days=90)
    first = found.times[found.series == hit][0]
    assert 300 <= first <= 312
    assert len(set(found.series.tolist())) <= 3


def test_watch_counts_sees_a_fall_when_asked_for_one() -> None:
    counts, expected = ordinary(4, series=5)
    counts[200:, 1] = np.random.default_rng(0).poisson(0.3 * expected[200:, 1])
    found = watch_counts(counts, expected, days=90, ratios=[0.5])
    assert found.series.tolist()[0] == 1
    assert found.times[0] >= 200


@pytest.mark.parametrize("dispersion", [1.0, 2.5])
def test_likelihood_ratio_is_a_fair_game_and_that_of_scipy(dispersion: float) -> None:
    counts, mu, ratio = np.arange(400.0), 6.0, 1.7
    ours = likelihood_ratio(counts, np.full(400, mu), ratio, np.full(400, dispersion))
    if dispersion == 1.0:
        null, other = stats.poisson(mu), stats.poisson(ratio * mu)
    else:
        shape = mu / (dispersion - 1)
        null, other = (stats.nbinom(shape, shape / (shape + mean)) for mean in (mu, ratio * mu))
    assert ours[:40] == pytest.approx(other.pmf(counts)[:40] / null.pmf(counts)[:40], rel=1e-9)
    assert (ours * null.pmf(counts))[:300].sum() == pytest.approx(1.0, abs=1e-6)


def test_surprise_is_the_upper_tail() -> None:
    assert surprise([0, 3, 10], 4.0).tolist() == pytest.approx(stats.poisson(4.0).sf([-1, 2, 9]).tolist())
    shape = 4.0 / 1.5
    expected = stats.nbinom(shape, shape / (shape + 4.0)).sf([-1, 2, 9])
    assert surprise([0, 3, 10], 4.0, dispersion=2.5).tolist() == pytest.approx(expected.tolist())


def test_watch_counts_names_bad_input() -> None:
    with pytest.raises(WrongShape):
        watch_counts(np.ones((3, 2)), np.ones((2, 2)), days=30)
    with pytest.raises(OutOfRange, match=r"^expected is 0"):
        watch_counts(np.ones((1, 1)), np.zeros((1, 1)), days=30)
    with pytest.raises(OutOfRange, match=r"^dispersion"):
        watch_counts(np.ones((1, 1)), np.ones((1, 1)), days=30, dispersion=0.5)
    with pytest.raises(OutOfRange):
        watch_counts(np.ones((1, 1)), np.ones((1, 1)), days=0)

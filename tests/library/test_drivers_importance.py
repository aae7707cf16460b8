"""Key drivers of invented and of real answers."""

from __future__ import annotations

import pickle

import ibis
import numpy as np
import pyarrow as pa
import pytest
from published_numbers import numbers, published_rows

from zhiyin.drivers import (
    KeyDrivers,
    Quadrant,
    Resample,
    Shape,
    Split,
    driver_shape,
    key_drivers,
    questionnaire,
    sentence,
)
from zhiyin.drivers.asked import NotANumber, NothingLeft, UnknownColumn
from zhiyin.drivers.importance import TooFewUnits
from zhiyin.engine import DuckEngine, Query
from zhiyin.maths.arrays import Constant, OutOfRange, Repeated, TooFew


def computed(query: Query[KeyDrivers]) -> KeyDrivers:
    engine = DuckEngine(threads=1)
    try:
        return engine.compute(query)
    finally:
        engine.close()


def shaped(query: Query[Shape]) -> Shape:
    engine = DuckEngine(threads=1)
    try:
        return engine.compute(query)
    finally:
        engine.close()


def touches(*, seed: int = 1, n: int = 8000, units: int = 40, bent: bool = False) -> pa.Table:
    """Touches: minutes waited, clarity 1-10, staff 1-10; good outlets have clear forms but clarity does little."""
    generator = np.random.default_rng(seed)
    unit = generator.integers(0, units, n)
    good = generator.normal(size=units)
    wait = generator.exponential(8.0, n).round()
    staff = np.clip(np.round(7 + generator.normal(0, 1.5, n)), 1, 10)
    clarity = np.clip(np.round(6 + good[unit] + 0.3 * (staff - 7) + generator.normal(0, 1.2, n)), 1, 10)
    cost = 0.4 * np.maximum(wait - 10, 0) if bent else 0.2 * wait
    index = 80 + 3.0 * good[unit] - cost + 2.0 * (staff - 7) + 0.3 * (clarity - 6) + generator.normal(0, 5, n)
    return pa.table(
        {
            "unit_id": [f"u{code:02d}" for code in unit],
            "customer_id": [f"c{code:04d}" for code in generator.integers(0, n // 2, n)],
            "wait": wait.astype("int64"),
            "staff": staff.astype("int16"),
            "clarity": clarity.astype("int16"),
            "index": index,
        }
    )


DRIVERS = ["wait", "staff", "clarity"]


def test_key_drivers_finds_the_planted_effects_and_their_order() -> None:
    found = computed(key_drivers(ibis.memtable(touches()), outcome="index", drivers=DRIVERS))
    assert [driver.name for driver in found.drivers] == ["staff", "wait", "clarity"]
    for name, effect in (("wait", -0.2), ("staff", 2.0), ("clarity", 0.3)):
        driver = found.driver(name)
        assert driver.effect_low < effect < driver.effect_high
        assert driver.first_rank == driver.last_rank
    assert sum(driver.importance for driver in found.drivers) == pytest.approx(1.0)
    assert found.split is Split.SHAPLEY


def test_key_drivers_within_units_does_not_read_good_outlets_as_a_driver() -> None:
    table = ibis.memtable(touches())
    within = computed(key_drivers(table, outcome="index", drivers=DRIVERS))
    across = computed(key_drivers(table, outcome="index", drivers=DRIVERS, within=None))
    assert across.driver("clarity").effect > 3 * within.driver("clarity").effect
    assert across.driver("clarity").importance > 2 * within.driver("clarity").importance


def test_key_drivers_effects_within_units_equal_a_regression_with_unit_constants() -> None:
    table = touches(n=1500)
    found = computed(key_drivers(ibis.memtable(table), outcome="index", drivers=DRIVERS))
    unit = np.unique(table["unit_id"].to_pylist(), return_inverse=True)[1]
    design = np.column_stack([np.eye(40)[unit], *(table[name].to_numpy() for name in DRIVERS)])
    beta = np.linalg.lstsq(design, table["index"].to_numpy(), rcond=None)[0]
    assert [found.driver(name).effect for name in DRIVERS] == pytest.approx(beta[40:].tolist(), abs=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("resample", list(Resample))
def test_key_drivers_intervals_cover_the_planted_effect(resample: Resample) -> None:
    covered = []
    for seed in range(25):
        query = key_drivers(
            ibis.memtable(touches(seed=seed, n=1500)),
            outcome="index",
            drivers=DRIVERS,
            resample=resample,
            samples=300,
        )
        found = computed(query)
        covered += [
            found.driver(name).effect_low < effect < found.driver(name).effect_high
            for name, effect in (("wait", -0.2), ("staff", 2.0), ("clarity", 0.3))
        ]
    assert np.mean(covered) >= 0.87


def test_key_drivers_of_a_spanish_bank_say_value_first() -> None:
    rows = published_rows("plspm_satisfaction/satisfaction.csv")
    blocks = {"image": "imag", "expectations": "expe", "quality": "qual", "value": "val", "satisfaction": "sat"}
    columns = {
        name: numbers(rows, *(key for key in rows[0] if key.startswith(prefix))).mean(axis=1)
        for name, prefix in blocks.items()
    }
    columns["customer_id"] = np.array([f"c{place:03d}" for place in range(250)])
    drivers = ["image", "expectations", "quality", "value"]
    query = key_drivers(
        ibis.memtable(pa.table(columns)),
        outcome="satisfaction",
        drivers=drivers,
        within=None,
        scales=dict.fromkeys(drivers, (1.0, 10.0)),
    )
    found = computed(query)
    assert found.r_squared == pytest.approx(0.684, abs=0.0005)
    shares = {driver.name: round(100 * driver.importance, 1) for driver in found.drivers}
    assert shares == {"value": 41.7, "image": 21.9, "quality": 21.6, "expectations": 14.9}
    means = {driver.name: round(driver.mean, 2) for driver in found.drivers}
    assert means == {"value": 7.08, "image": 7.55, "quality": 6.96, "expectations": 7.49}
    assert found.driver("value").quadrant is Quadrant.ACT
    assert (found.driver("value").first_rank, found.driver("value").last_rank) == (1, 1)


def test_key_drivers_of_thirty_columns_uses_relative_weights() -> None:
    generator = np.random.default_rng(1)
    x = generator.integers(1, 11, (3000, 30))
    columns = {f"q{place}": x[:, place] for place in range(30)}
    columns["index"] = x[:, :3].sum(axis=1) + generator.normal(size=3000)
    columns["customer_id"] = np.array([f"c{place}" for place in range(3000)])
    query = key_drivers(
        ibis.memtable(pa.table(columns)), outcome="index", drivers=[f"q{place}" for place in range(30)], within=None
    )
    found = computed(query)
    assert found.split is Split.RELATIVE_WEIGHTS
    assert {driver.name for driver in found.drivers[:3]} == {"q0", "q1", "q2"}


def test_key_drivers_leave_out_rows_with_a_gap_and_do_not_depend_on_row_order() -> None:
    table = touches(n=2000)
    holes = table.set_column(3, "staff", pa.array([None if row % 10 == 0 else value.as_py() for row, value in
                                                   enumerate(table["staff"])], pa.int16()))  # fmt: skip
    query = key_drivers(ibis.memtable(holes), outcome="index", drivers=DRIVERS)
    found = computed(query)
    assert found.n == 1800
    backwards = computed(
        key_drivers(ibis.memtable(holes.take(list(range(1999, -1, -1)))), outcome="index", drivers=DRIVERS)
    )
    assert backwards.driver("wait").effect == pytest.approx(found.driver("wait").effect, abs=1e-9)
    assert pickle.loads(pickle.dumps(found)) == found


def test_questionnaire_turns_answers_into_a_row_a_respondent() -> None:
    answers = pa.table(
        {
            "response_id": ["r1", "r1", "r2", "r2", "r3"],
            "question": ["overall", "staff", "overall", "other", "staff"],
            "value": pa.array([8, 9, 4, 1, 7], pa.int16()),
            "customer_id": ["c1", "c1", "c2", "c2", None],
            "unit_id": ["u1", "u1", "u2", "u2", "u1"],
        }
    )
    engine = DuckEngine(threads=1)
    wide = questionnaire(ibis.memtable(answers), ["overall", "staff"]).order_by("response_id")
    rows = engine.run(wide).to_pylist()
    engine.close()
    assert rows == [
        {"response_id": "r1", "customer_id": "c1", "unit_id": "u1", "overall": 8, "staff": 9},
        {"response_id": "r2", "customer_id": "c2", "unit_id": "u2", "overall": 4, "staff": None},
        {"response_id": "r3", "customer_id": None, "unit_id": "u1", "overall": None, "staff": 7},
    ]


def test_driver_shape_sees_that_waiting_costs_nothing_before_ten_minutes() -> None:
    query = driver_shape(
        ibis.memtable(touches(bent=True)), outcome="index", driver="wait", edges=[5, 10, 15, 20], others=["staff"]
    )
    found = shaped(query)
    assert not found.is_straight
    means = [part.mean for part in found.bins]
    assert means[0] == pytest.approx(means[1], abs=0.8)
    assert means[4] < means[3] - 2 < means[2] - 2
    assert [(part.start, part.stop) for part in found.bins] == [(None, 5), (5, 10), (10, 15), (15, 20), (20, None)]
    assert sum(part.n for part in found.bins) == 8000


@pytest.mark.slow
def test_driver_shape_accepts_a_straight_line_as_often_as_it_should() -> None:
    straight = []
    for seed in range(40):
        query = driver_shape(
            ibis.memtable(touches(seed=seed, n=2000)), outcome="index", driver="wait", edges=[4, 8, 16],
            others=["staff", "clarity"],
        )  # fmt: skip
        straight.append(shaped(query).is_straight)
    assert np.mean(straight) >= 0.9


def test_driver_shape_slope_is_the_straight_effect() -> None:
    table = ibis.memtable(touches())
    query = driver_shape(table, outcome="index", driver="wait", edges=[10], others=["staff", "clarity"])
    drivers = computed(key_drivers(table, outcome="index", drivers=DRIVERS))
    assert shaped(query).slope == pytest.approx(drivers.driver("wait").effect, abs=1e-9)


def test_drivers_name_what_is_wrong() -> None:
    table = ibis.memtable(touches(n=500))
    with pytest.raises(UnknownColumn, match=r"Did you mean clarity"):
        key_drivers(table, outcome="index", drivers=["clarty"])
    with pytest.raises(NotANumber, match=r"'unit_id' is not a number"):
        key_drivers(table, outcome="index", drivers=["unit_id"])
    with pytest.raises(TooFew):
        key_drivers(table, outcome="index", drivers=[])
    with pytest.raises(NothingLeft):
        computed(key_drivers(table.filter(table.wait < 0), outcome="index", drivers=["wait"]))
    with pytest.raises(Constant, match=r"^same has"):
        computed(key_drivers(table.mutate(same=1), outcome="index", drivers=["same"]))
    with pytest.raises(Repeated, match=r"^twice repeats"):
        computed(key_drivers(table.mutate(twice=table.wait * 2), outcome="index", drivers=["wait", "twice"]))
    few = ibis.memtable(touches(n=500, units=5))
    with pytest.raises(TooFewUnits, match=r"^5 groups are too few"):
        computed(key_drivers(few, outcome="index", drivers=DRIVERS))
    with pytest.raises(OutOfRange):
        driver_shape(table, outcome="index", driver="wait", edges=[10, 5])


def test_sentence_calls_association_by_its_name() -> None:
    found = computed(key_drivers(ibis.memtable(touches()), outcome="index", drivers=DRIVERS))
    wait = found.driver("wait")
    low, high = -5 * wait.effect_high, -5 * wait.effect_low
    assert sentence(wait, found, step=5, unit="minutes", label="waiting", outcome="satisfaction", language="en") == (
        f"5 minutes more of waiting go with {-5 * wait.effect:.2g} less satisfaction ({low:.2g} to {high:.2g})."
    )
    noise = ibis.memtable(touches().append_column("noise", pa.array(np.arange(8000) % 7)))
    nothing = computed(key_drivers(noise, outcome="index", drivers=["noise", "wait"]))
    assert sentence(nothing.driver("noise"), nothing, language="en").startswith("No clear association of noise")

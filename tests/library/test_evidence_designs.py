"""Evidence from tables of answers: designs, checks, grades, sentences."""

from __future__ import annotations

import pickle
from typing import TypeVar

import ibis
import numpy as np
import pyarrow as pa
import pytest

from zhiyin.engine import DuckEngine, Query
from zhiyin.evidence import (
    Design,
    Grade,
    Plan,
    before_after,
    check_plan,
    holdout_effect,
    holdout_watch,
    sentence,
    staggered_effect,
    synthetic_effect,
)
from zhiyin.evidence.asked import UnknownColumn
from zhiyin.evidence.panel import UnknownPeriod, UnknownUnit
from zhiyin.evidence.plan import ConcludedEarly, RegisteredLate

T = TypeVar("T")
DAY_US = 86_400_000_000


def computed(query: Query[T]) -> T:
    engine = DuckEngine(threads=1)
    try:
        return engine.compute(query)
    finally:
        engine.close()


def trial(*, seed: int = 1, customers: int = 4000, effect: float = 3.0, share: float = 0.5) -> pa.Table:
    """Answers of customers in a hold-out, some answering twice, over 40 days."""
    generator = np.random.default_rng(seed)
    prior = generator.normal(70, 10, customers)
    treated = generator.random(customers) < share
    level = 0.6 * prior + 30 + effect * treated + generator.normal(0, 8, customers)
    answers = np.repeat(np.arange(customers), generator.integers(1, 3, customers))
    return pa.table(
        {
            "customer_id": [f"c{code:05d}" for code in answers],
            "is_treated": treated[answers],
            "score": level[answers] + generator.normal(0, 4, len(answers)),
            "prior": prior[answers],
            "answered_us": generator.integers(0, 40, len(answers)) * DAY_US,
        }
    )


def test_holdout_effect_finds_the_planted_effect_and_sharpens_it_with_what_was_known() -> None:
    table = ibis.memtable(trial())
    plain = computed(holdout_effect(table, outcome="score"))
    sharp = computed(holdout_effect(table, outcome="score", before=["prior"]))
    assert sharp.low < 3.0 < sharp.high
    assert (sharp.high - sharp.low) < 0.85 * (plain.high - plain.low)
    assert sharp.plain == pytest.approx(plain.change)
    assert (sharp.grade, sharp.is_clear, sharp.design) == (Grade.A, True, Design.RANDOMISED)
    assert sharp.changed + sharp.compared == 4000
    assert sentence(sharp, language="en").endswith("evidence level A).")


@pytest.mark.slow
def test_holdout_effect_without_effect_is_not_clear() -> None:
    clear = [
        computed(holdout_effect(ibis.memtable(trial(seed=seed, effect=0.0, customers=500)), outcome="score")).is_clear
        for seed in range(60)
    ]
    assert np.mean(clear) <= 0.12


def test_holdout_effect_with_a_spoiled_split_is_of_the_last_grade() -> None:
    found = computed(holdout_effect(ibis.memtable(trial(share=0.44)), outcome="score"))
    assert (found.grade, found.is_effect, found.is_clear) == (Grade.D, False, False)
    assert "not a proven effect" in sentence(found, language="en")


def test_holdout_effect_with_a_customer_in_both_arms_is_of_the_last_grade() -> None:
    table = trial()
    flags = table["is_treated"].to_pylist()
    twice = next(row for row in range(1, 100) if table["customer_id"][row] == table["customer_id"][row - 1])
    flags[twice] = not flags[twice]
    spoiled = table.set_column(1, "is_treated", pa.array(flags))
    assert computed(holdout_effect(ibis.memtable(spoiled), outcome="score")).grade is Grade.D


def test_holdout_effect_fills_a_gap_in_what_was_known() -> None:
    table = trial()
    holes = [None if row % 7 == 0 else value for row, value in enumerate(table["prior"].to_pylist())]
    gapped = table.set_column(3, "prior", pa.array(holes, pa.float64()))
    found = computed(holdout_effect(ibis.memtable(gapped), outcome="score", before=["prior"]))
    assert found.low < 3.0 < found.high
    assert pickle.loads(pickle.dumps(found)) == found


def test_holdout_watch_decides_early_and_agrees_with_the_effect_in_the_end() -> None:
    table = ibis.memtable(trial())
    watch = computed(holdout_watch(table, outcome="score", planned=4000, before=["prior"]))
    assert [day.day for day in watch.days] == list(range(40))
    assert watch.decided_on is not None
    assert watch.decided_on < 20
    last = watch.days[-1]
    assert last.treated + last.control == 4000
    assert last.low < 3.0 < last.high
    assert watch.evidence.grade is Grade.A


@pytest.mark.slow
def test_holdout_watch_says_nothing_before_there_are_enough_and_seldom_errs() -> None:
    decided = []
    for seed in range(40):
        table = ibis.memtable(trial(seed=seed, effect=0.0, customers=1500))
        watch = computed(holdout_watch(table, outcome="score", planned=1500))
        decided.append(watch.decided_on is not None)
    assert np.mean(decided) <= 0.1
    few = computed(holdout_watch(ibis.memtable(trial(customers=40)), outcome="score", planned=1500))
    assert all(day.change is None for day in few.days)
    assert sentence(few.evidence, language="en") == "Too early to say: too few answers."


def branches(
    *, seed: int = 2, effect: float = 4.0, drift: float = 0.0, changed: int = 30, unchanged: int = 30
) -> pa.Table:
    """Monthly answers of branches; some were changed in month 5, some in month 8."""
    generator = np.random.default_rng(seed)
    total, rows = changed + unchanged, []
    level = generator.normal(75, 5, total)
    for branch in range(total):
        start = None if branch >= changed else (5 if branch % 2 else 8)
        for month in range(12):
            mean = level[branch] + 0.2 * month + generator.normal(0, 1)
            mean += effect * (start is not None and month >= start) + drift * month * (start is not None)
            started = None if start is None else f"2026-{start:02d}"
            rows += [
                (f"b{branch:02d}", f"2026-{month:02d}", mean + noise, started) for noise in generator.normal(0, 3, 4)
            ]
    return pa.Table.from_pylist(
        [dict(zip(("unit_id", "period", "score", "started"), row, strict=True)) for row in rows]
    )


def test_staggered_effect_finds_the_planted_effect() -> None:
    evidence, fit = computed(staggered_effect(ibis.memtable(branches()), outcome="score"))
    assert evidence.low < 4.0 < evidence.high
    assert (evidence.grade, evidence.is_clear) == (Grade.B, True)
    assert (evidence.changed, evidence.compared) == (30, 30)
    assert fit.lag_effects[fit.lags == 0][0] == pytest.approx(4.0, abs=1.0)


def test_staggered_effect_with_a_drift_before_is_of_the_last_grade() -> None:
    evidence, _ = computed(staggered_effect(ibis.memtable(branches(drift=1.0)), outcome="score"))
    assert evidence.grade is Grade.D
    failed = [check.name for check in evidence.checks if not check.is_passed]
    assert failed == ["trends_before_p"]


def test_staggered_effect_of_few_branches_is_of_the_last_grade() -> None:
    evidence, _ = computed(staggered_effect(ibis.memtable(branches(changed=6)), outcome="score"))
    assert "changed_units" in [check.name for check in evidence.checks if not check.is_passed]
    assert evidence.grade is Grade.D


def test_staggered_effect_leaves_out_a_branch_that_was_closed_for_a_month() -> None:
    table = ibis.memtable(branches())
    gap = table.filter(~((table.unit_id == "b07") & (table.period == "2026-06")))
    evidence, _ = computed(staggered_effect(gap, outcome="score"))
    assert (evidence.left_out, evidence.changed) == (1, 29)


def test_synthetic_effect_of_one_branch() -> None:
    table = ibis.memtable(branches(changed=1, unchanged=24, effect=12.0))
    found = computed(synthetic_effect(table, outcome="score", changed_unit="b00", changed_from="2026-08"))
    assert found.change == pytest.approx(12.0, abs=2.5)
    assert found.design is Design.SYNTHETIC
    assert (found.low, found.high) == (None, None)
    assert found.compared == 24
    with pytest.raises(UnknownUnit):
        computed(synthetic_effect(table, outcome="score", changed_unit="b99", changed_from="2026-08"))
    with pytest.raises(UnknownPeriod):
        computed(synthetic_effect(table, outcome="score", changed_unit="b00", changed_from="2027-01"))


def test_before_after_is_never_called_an_effect() -> None:
    table = ibis.memtable(branches(changed=40, unchanged=0, effect=20.0))
    found = computed(before_after(table.mutate(late=table.period >= "2026-08"), outcome="score", is_after="late"))
    assert found.low > 5
    assert (found.grade, found.is_effect, found.is_clear) == (Grade.D, False, False)
    assert found.grade.zh == "四"
    assert sentence(found, language="en").startswith(f"Changed by {found.change:+.2f}. This is a change over time")


def test_check_plan_refuses_late_registration_and_early_conclusions() -> None:
    plan = Plan("p1", "shorter forms", "score", Design.RANDOMISED, 4000, 0.5, 10 * DAY_US, 20 * DAY_US, 60 * DAY_US)
    check_plan(plan, first_answer_us=20 * DAY_US, answers=4000, at_us=50 * DAY_US)
    check_plan(plan, first_answer_us=20 * DAY_US, answers=10, at_us=60 * DAY_US)
    check_plan(plan, first_answer_us=20 * DAY_US, answers=300, at_us=30 * DAY_US, is_watched=True)
    with pytest.raises(RegisteredLate, match="'p1' was registered after"):
        check_plan(plan, first_answer_us=9 * DAY_US, answers=4000, at_us=50 * DAY_US)
    with pytest.raises(ConcludedEarly, match="foresees 4000 answers; 300 have come"):
        check_plan(plan, first_answer_us=20 * DAY_US, answers=300, at_us=30 * DAY_US)


def test_evidence_names_a_missing_column() -> None:
    table = ibis.memtable(trial(customers=50))
    with pytest.raises(UnknownColumn, match="Did you mean score"):
        holdout_effect(table, outcome="scor")
    with pytest.raises(UnknownColumn):
        staggered_effect(table, outcome="score")

"""An invented bank looks like a bank: levels, rates, shares and times lie where practitioners expect them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from zhiyin.bank import BankSummary, make_bank, truth_files
from zhiyin.engine import DuckEngine
from zhiyin.lake import open_lake
from zhiyin.tables import vocabulary

pytestmark = pytest.mark.slow

SHIFT = "make_timestamp({} + 28800000000)"


@pytest.fixture(scope="module")
def city_bank(tmp_path_factory: pytest.TempPathFactory) -> BankSummary:
    return make_bank(tmp_path_factory.mktemp("city") / "lake", customers=90_000, months=12, seed=4)


@pytest.fixture(scope="module")
def engine(city_bank: BankSummary) -> Iterator[DuckEngine]:
    with open_lake(city_bank.path).engine() as engine:
        yield engine


def frame(engine: DuckEngine, statement: str) -> pd.DataFrame:
    return engine.sql(statement).to_pandas()


def number(engine: DuckEngine, statement: str) -> float:
    return float(engine.sql(statement).column(0)[0].as_py())


def truth(bank: BankSummary, name: str) -> str:
    listed = ", ".join(f"'{file}'" for file in truth_files(bank.path, name))
    return f"read_parquet([{listed}])"


def test_counter_devices_sit_at_the_ceiling(engine: DuckEngine) -> None:
    satisfied = number(engine, "SELECT avg(CAST(value >= 3 AS INT)) FROM responses WHERE mode = 'counter_device'")
    assert 0.98 <= satisfied <= 0.998


def test_calls_and_call_backs_score_as_reported(engine: DuckEngine) -> None:
    assert 0.97 <= number(engine, "SELECT avg(CAST(value >= 2 AS INT)) FROM responses WHERE mode = 'call_key'") <= 0.998
    handled = number(engine, "SELECT avg(CAST(value >= 4 AS INT)) FROM responses WHERE mode = 'complaint_call_back'")
    assert 0.7 <= handled <= 0.92


def test_recommendation_lies_where_chinese_banks_report_it(engine: DuckEngine) -> None:
    score = number(
        engine,
        """SELECT 100 * (avg(CAST(value >= 9 AS INT)) - avg(CAST(value <= 6 AS INT))) FROM responses
                              WHERE question = 'recommend' AND mode IN ('wechat_message', 'sms_link')""",
    )
    assert 5 <= score <= 45


def test_each_mode_is_answered_as_often_as_its_range_says(engine: DuckEngine) -> None:
    rates = frame(
        engine,
        """SELECT mode, avg(CAST(outcome = 'answered' AS INT)) AS rate, count(*) AS n
                             FROM invitations GROUP BY mode""",
    ).set_index("mode")
    for mode in rates.index:
        low, high = vocabulary("modes").entry(mode).range("response_share") or (0.0, 1.0)
        chance = 3 * (high * (1 - high) / rates.loc[mode, "n"]) ** 0.5  # a mode with few invitations may stray
        assert low - chance <= rates.loc[mode, "rate"] <= high + chance, mode


def test_codes_at_outlets_are_scanned_by_few_visitors(engine: DuckEngine) -> None:
    scanned = number(engine, "SELECT count(DISTINCT response_id) FROM responses WHERE mode = 'outlet_code'")
    visits = number(
        engine, "SELECT count(*) FROM interactions WHERE channel = 'branch' AND touchpoint IN ('T06', 'T12')"
    )
    assert 0.001 <= scanned / visits < 0.01
    assert number(engine, "SELECT count(*) FROM responses WHERE mode = 'outlet_code' AND is_sampled") == 0


def test_waits_and_tickets_given_up(engine: DuckEngine) -> None:
    wait = frame(
        engine,
        """SELECT median(wait_seconds) / 60 AS median, quantile_cont(wait_seconds, .25) / 60 AS low,
        quantile_cont(wait_seconds, .75) / 60 AS high, avg(CAST(outcome = 'abandoned' AS INT)) AS given_up
        FROM interactions WHERE touchpoint = 'T04'""",
    ).iloc[0]
    assert 8 <= wait["median"] <= 14
    assert wait["low"] >= 5
    assert wait["high"] <= 22
    assert 0.05 <= wait["given_up"] <= 0.12
    assert 15 <= number(engine, "SELECT median(wait_seconds) FROM interactions WHERE touchpoint = 'T44'") <= 30


def test_complaints_are_as_many_as_a_city_bank_has(city_bank: BankSummary, engine: DuckEngine) -> None:
    complaints = number(engine, "SELECT count(*) FROM requests WHERE type = 'complaint'")
    assert 2 <= complaints / city_bank.customers * 1000 * 12 / city_bank.months <= 10
    assert 15 <= city_bank.rows["requests"] / complaints <= 50


def test_complaints_have_the_causes_and_businesses_of_the_priors(engine: DuckEngine) -> None:
    first = "FROM requests WHERE cause IS NOT NULL AND first_request_id IS NULL"
    total = number(engine, f"SELECT count(*) {first}")
    for column, name in (("cause", "complaint_causes"), ("business", "complaint_businesses")):
        found = (
            frame(engine, f"SELECT {column} AS code, count(*) AS n {first} GROUP BY 1").set_index("code")["n"] / total
        )
        for entry in vocabulary(name):
            if (share := entry.number("share")) is not None:
                assert found.get(entry.code, 0.0) == pytest.approx(share, abs=0.03), entry.code


def test_complaints_arrive_by_the_sources_that_banks_report(engine: DuckEngine) -> None:
    groups = {entry.code: entry.codes("group")[0] for entry in vocabulary("request_sources")}
    found = frame(engine, "SELECT source, count(*) AS n FROM requests WHERE cause IS NOT NULL GROUP BY 1")
    shares = found.groupby(found["source"].map(groups))["n"].sum() / found["n"].sum()
    for entry in vocabulary("request_source_groups"):
        bounds = entry.range("complaint_share")
        if bounds is not None:
            assert bounds[0] - 0.02 <= shares.get(entry.code, 0.0) <= bounds[1] + 0.02, entry.code


def test_complaints_repeat_and_close_as_reported(engine: DuckEngine) -> None:
    shown = "FROM requests WHERE type = 'complaint'"
    assert 0.15 <= number(engine, f"SELECT avg(CAST(is_repeat AS INT)) {shown}") <= 0.35
    assert 0.9 <= number(engine, f"SELECT avg(CAST(is_timely AS INT)) {shown}") <= 0.99
    assert 3 <= number(engine, f"SELECT median((closed_us - received_us) / 86400e6) {shown}") <= 15


def test_staff_differ_by_a_few_per_cent_of_all_variance(city_bank: BankSummary, engine: DuckEngine) -> None:
    """Intra-class correlation of true satisfaction at the counter, by one-way analysis of variance."""
    groups = frame(
        engine,
        f"""SELECT staff_id, count(*) AS n, avg(satisfaction) AS m, var_samp(satisfaction) AS v
        FROM interactions JOIN {truth(city_bank, "touches")} USING (interaction_id)
        WHERE touchpoint = 'T06' AND staff_id IS NOT NULL GROUP BY 1 HAVING count(*) > 30""",
    )
    n, total = groups["n"], groups["n"].sum()
    grand = (groups["m"] * n).sum() / total
    within = ((n - 1) * groups["v"]).sum() / (total - len(groups))
    between = (n * (groups["m"] - grand) ** 2).sum() / (len(groups) - 1)
    size = (total - (n**2).sum() / total) / (len(groups) - 1)
    variance = (between - within) / size
    assert 0.01 <= variance / (variance + within) <= 0.06  # staff with their unit


def test_silence_depends_on_what_was_felt(city_bank: BankSummary, engine: DuckEngine) -> None:
    """The unhappy answer more often where nobody looks on, less often where staff stand by."""
    unhappy = frame(
        engine,
        f"""SELECT mode, avg(CAST(satisfaction < 60 AS INT)) AS asked,
        avg(CAST(satisfaction < 60 AS INT)) FILTER (outcome = 'answered') AS answered
        FROM invitations JOIN {truth(city_bank, "touches")} USING (interaction_id) GROUP BY mode""",
    ).set_index("mode")
    ratio = unhappy["answered"] / unhappy["asked"]
    assert ratio["app_popup"] > 1.3
    assert ratio["counter_device"] < 0.95


def test_propensity_is_the_rate_of_answering(city_bank: BankSummary, engine: DuckEngine) -> None:
    both = frame(
        engine,
        f"""SELECT avg(propensity) AS expected, avg(CAST(outcome = 'answered' AS INT)) AS seen
        FROM invitations JOIN {truth(city_bank, "touches")} USING (interaction_id) WHERE mode = 'app_popup'""",
    ).iloc[0]
    assert both["seen"] == pytest.approx(both["expected"], rel=0.04)


def test_festival_pay_days_and_outages_show(engine: DuckEngine) -> None:
    day = SHIFT.format("started_us")
    waits = (
        frame(
            engine,
            f"""SELECT strftime({day}, '%m-%d') AS day, avg(wait_seconds) AS wait, count(*) AS n
        FROM interactions WHERE touchpoint = 'T04' GROUP BY 1""",
        )
        .set_index("day")
        .sort_index()
    )
    before = waits.loc["02-04":"02-13", "wait"].mean()  # the festival of 2026 is on 17 February
    calm = waits.loc["05-16":"05-27", "wait"].mean()
    pay = waits.loc["05-10":"05-15", "wait"].mean()
    assert before > 1.25 * calm
    assert pay > 1.1 * calm
    assert waits["n"].get("02-17", 0) == 0  # closed on New Year's Day
    down = number(
        engine,
        """SELECT avg(CAST(i.outcome = 'failed' AS INT)) FROM interactions i, events b, events e
        WHERE b.kind = 'outage_started' AND e.kind = 'outage_ended' AND e.occurred_us - b.occurred_us BETWEEN 1 AND 2e10
        AND i.channel = 'mobile' AND i.started_us BETWEEN b.occurred_us AND e.occurred_us""",
    )
    assert 0.5 <= down <= 0.95


def test_outlets_open_on_working_days_and_rest_at_noon(engine: DuckEngine) -> None:
    hour = f"extract(hour FROM {SHIFT.format('started_us')})"
    hours = frame(engine, f"SELECT {hour} AS hour, count(*) AS n FROM interactions WHERE touchpoint = 'T03' GROUP BY 1")
    counts = hours.set_index("hour")["n"]
    assert counts[counts.index < 9].sum() == 0
    assert counts[12] < 0.75 * counts[10]
    weekday = f"extract(isodow FROM {SHIFT.format('started_us')})"
    days = frame(
        engine, f"SELECT {weekday} AS day, count(*) AS n FROM interactions WHERE touchpoint = 'T03' GROUP BY 1"
    )
    assert days.set_index("day")["n"][7] < 0.6 * days.set_index("day")["n"][2]


def test_some_front_line_staff_game_and_leave_their_traces(city_bank: BankSummary, engine: DuckEngine) -> None:
    staff = frame(
        engine,
        f"""SELECT gaming, count(*) AS n FROM {truth(city_bank, "staff")} JOIN (
        SELECT DISTINCT staff_id FROM interactions WHERE touchpoint IN ('T06', 'T46')) USING (staff_id) GROUP BY 1""",
    )
    counts = staff.set_index("gaming")["n"]
    assert 0.025 <= 1 - counts["none"] / counts.sum() <= 0.08
    fakes = frame(
        engine,
        f"""SELECT f.gaming, avg(value) AS value, avg(duration_seconds) AS seconds, count(*) AS n
        FROM {truth(city_bank, "fakes")} f JOIN responses USING (response_id) WHERE scale = 'points4' GROUP BY 1""",
    )
    assert (fakes["value"] > 3.99).all()
    assert (fakes["seconds"] <= 2).all()


def test_tree_of_units_is_irregular_and_keeps_its_history(engine: DuckEngine) -> None:
    levels = frame(engine, "SELECT level, count(DISTINCT unit_id) AS n FROM units GROUP BY 1").set_index("level")["n"]
    assert levels["head_office"] == 1
    assert levels["sub_branch"] >= 8
    assert set(levels.index) >= {"branch", "branch_desk", "department", "governance", "community_outlet"}
    parents = frame(
        engine,
        """SELECT DISTINCT p.level FROM units u JOIN units p ON p.unit_id = u.parent_id
                               WHERE u.level = 'sub_branch'""",
    )["level"]
    assert set(parents) >= {"head_office", "branch"}
    history = frame(engine, "SELECT DISTINCT kind FROM events WHERE kind LIKE 'unit_%'")["kind"]
    assert set(history) == {"unit_merged", "unit_renamed", "unit_opened"}


def test_rows_grow_with_customers_and_months(city_bank: BankSummary, tmp_path: Path) -> None:
    half = make_bank(tmp_path / "half", customers=45_000, months=12, seed=4)
    for name in ("interactions", "transactions", "invitations", "contacts", "holdings"):
        assert half.rows[name] / city_bank.rows[name] == pytest.approx(0.5, abs=0.02), name

"""Real files, read in place from ../shared/data: complaints, an event log, a survey, ratings."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhiyin.lake import Lake, create_lake, ingest, read_apart, read_mapping
from zhiyin.satisfaction import mean_score

AT = datetime(2026, 11, 1, tzinfo=UTC)
SURVEY = """
table = "responses"
[columns.response_id]
from = "column_1"
[columns.instrument]
value = "ecsi"
[wide]
[[wide.columns]]
from = ["imag*", "expe*", "qual*", "val*", "sat*", "loy*"]
into = "value"
set = { scale = "points11" }
"""


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return create_lake(tmp_path / "lake")


def load(lake: Lake, file: Path, table: str, mapping: str | Path):
    return ingest(lake, file, into=table, at=AT, mapping=read_mapping(mapping)).load


def rows_of(lake: Lake, table: str) -> list[dict[str, object]]:
    with lake.engine() as engine:
        return engine.run(lake.table(table).order_by("seq")).to_pylist()


def plain_rows(file: Path) -> list[dict[str, str]]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(
    ("name", "count"), [("cfpb_loans_2023_full_fields.csv.gz", 2827), ("cfpb_payday_2025.csv.gz", 131)]
)
def test_complaint_file_becomes_requests(lake, shared_data, name, count):
    file = shared_data / "cfpb_loans_full" / name
    done = load(lake, file, "requests", "cfpb")
    assert (done.rows_in, done.rows_kept, done.rows_apart) == (count, count, 0)
    there, plain = rows_of(lake, "requests"), plain_rows(file)
    assert [row["request_id"] for row in there] == [row["Complaint ID"] for row in plain]
    assert Counter(row["issue"] for row in there) == Counter(row["Issue"] for row in plain)
    assert Counter(row["is_timely"] for row in there) == Counter(row["Timely response?"] == "Yes" for row in plain)
    first = datetime.strptime(plain[0]["Date received"], "%m/%d/%y").replace(hour=5, tzinfo=UTC)
    midnight = datetime.fromtimestamp(there[0]["received_us"] / 1e6, UTC)
    assert midnight.date() == first.date()
    assert midnight.hour in (4, 5)


def test_both_complaint_files_make_one_table(lake, shared_data):
    for name in ("cfpb_loans_2023_full_fields.csv.gz", "cfpb_payday_2025.csv.gz"):
        load(lake, shared_data / "cfpb_loans_full" / name, "requests", "cfpb")
    assert lake.snapshot().manifest("requests").rows == 2958


@pytest.mark.slow
def test_event_log_becomes_interactions_steps_and_journeys(lake, shared_data):
    done = load(lake, shared_data / "bpic2012" / "bpic2012.xes.gz", "interactions", "xes")
    assert (done.rows_in, done.rows_kept, done.rows_apart) == (262_200, 262_200, 0)
    with lake.engine() as engine:
        steps, cases = lake.table("interactions"), lake.table("journeys")
        counts = engine.run(steps.group_by("step").agg(n=steps.count()))
        journeys = engine.run(cases.agg(n=cases.count(), steps=cases.step_count.sum())).to_pylist()
    found = dict(zip(counts["step"].to_pylist(), counts["n"].to_pylist(), strict=True))
    assert journeys == [{"n": 13_087, "steps": 262_200}]
    assert len(found) == 24
    # Numbers of the published log.
    published = {"A_SUBMITTED": 13_087, "A_APPROVED": 2_246, "A_DECLINED": 7_635, "A_CANCELLED": 2_807}
    assert {step: found[step] for step in published} == published


@pytest.mark.slow
def test_events_that_share_a_time_keep_the_order_of_the_file(lake, shared_data):
    load(lake, shared_data / "bpic2012" / "bpic2012.xes.gz", "interactions", "xes")
    with lake.engine() as engine:
        log = engine.run(lake.table("interactions").order_by("seq").select("case_id", "step", "started_us")).to_pylist()
        names = engine.run(lake.table("activities")).to_pylist()
        steps = engine.run(lake.table("steps").order_by("seq").select("case_id", "activity", "started_us")).to_pylist()
    code = {row["activity"]: row["step"] for row in names}
    cases: dict[object, list[tuple[int, str]]] = {}
    for row in log:
        cases.setdefault(row["case_id"], []).append((row["started_us"], row["step"]))
    wanted = [(case, step) for case in sorted(cases) for _, step in sorted(cases[case], key=lambda event: event[0])]
    assert [(row["case_id"], code[row["activity"]]) for row in steps] == wanted
    ties = sum(count for case in cases.values() for count in Counter(t for t, _ in case).values() if count > 1)
    assert ties > 10_000


def test_survey_becomes_one_row_an_answer_and_each_figure_is_right(lake, shared_data, tmp_path):
    (tmp_path / "survey.toml").write_text(SURVEY, encoding="utf-8")
    file = shared_data / "plspm_satisfaction" / "satisfaction.csv"
    done = load(lake, file, "responses", tmp_path / "survey.toml")
    assert (done.rows_in, done.rows_kept) == (250 * 27, 250 * 27)
    plain = plain_rows(file)
    figures = lake.compute(mean_score(lake.table("responses"), by="question", sampled="all", minimum=1))
    questions = [name for name in plain[0] if name not in ("", "gender")]
    assert len(questions) == 27
    for name in questions:
        direct = sum(int(row[name]) for row in plain) / len(plain)
        assert figures.figure(question=name).value == pytest.approx(10 * direct, abs=1e-9)


def test_ratings_become_responses(lake, shared_data):
    file = shared_data / "insteval" / "InstEval.csv.gz"
    done = load(lake, file, "responses", "ratings")
    assert (done.rows_in, done.rows_kept, done.rows_apart) == (73_421, 73_421, 0)
    plain, there = plain_rows(file), rows_of(lake, "responses")
    assert [row["value"] for row in there] == [int(row["y"]) for row in plain]
    assert len({row["customer_id"] for row in there}) == 2_972
    assert len({row["staff_id"] for row in there}) == 1_128
    assert read_apart(lake, "responses").num_rows == 0

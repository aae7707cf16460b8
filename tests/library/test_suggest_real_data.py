"""First mappings of public files: complaints, a survey, ratings, an event log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhiyin.lake import IngestOptions, LoadResult, Mapping, SourceOptions, create_lake, ingest, read_mapping
from zhiyin.lake.suggest import suggest_mapping
from zhiyin.language import use_language

DATA = Path(__file__).parents[3] / "shared" / "data"
AT = datetime(2026, 11, 1, tzinfo=UTC)


def file(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{name}")
    return path


def suggested(path: Path, folder: Path) -> tuple[str, Mapping]:
    with use_language("en"):
        text = suggest_mapping(path, into=None, options=SourceOptions())
    written = folder / "mapping.toml"
    written.write_text(text, encoding="utf-8")
    return text, read_mapping(written)


def loaded(path: Path, mapping: Mapping, folder: Path) -> LoadResult:
    lake = create_lake(folder / "lake")
    return ingest(lake, path, into=mapping.table, at=AT, mapping=mapping, options=IngestOptions(derive=False))


def test_complaints_of_the_us_regulator(tmp_path: Path) -> None:
    path = file("cfpb_loans_full/cfpb_loans_2023_full_fields.csv.gz")
    text, mapping = suggested(path, tmp_path)
    assert mapping.table == "requests"
    assert "The preset cfpb fits this file" in text
    result = loaded(path, mapping, tmp_path)
    assert (result.load.rows_in, result.load.rows_apart) == (2827, 0)


def test_satisfaction_survey_becomes_an_answer_a_question(tmp_path: Path) -> None:
    path = file("plspm_satisfaction/satisfaction.csv")
    text, mapping = suggested(path, tmp_path)
    assert mapping.table == "responses"
    assert [len(group.sources) for group in mapping.wide] == [27]
    assert dict(mapping.wide[0].constants) == {"scale": "points11"}
    assert "imag4 (3–10), loy2 (1–10)" in text
    result = loaded(path, mapping, tmp_path)
    assert (result.load.rows_in, result.load.rows_apart) == (27 * 250, 0)


def test_questions_of_another_survey_are_found_whatever_they_are_called(tmp_path: Path) -> None:
    path = file("plspm_satisfaction/mobi.csv")
    _, mapping = suggested(path, tmp_path)
    assert sum(len(group.sources) for group in mapping.wide) == 24


def test_ratings_of_lectures(tmp_path: Path) -> None:
    path = file("insteval/InstEval.csv.gz")
    _, mapping = suggested(path, tmp_path)
    found = {column.target: column.source for column in mapping.columns if column.source}
    assert found == {"response_id": "rownames", "customer_id": "s", "staff_id": "d", "unit_id": "dept", "value": "y"}
    result = loaded(path, mapping, tmp_path)
    assert (result.load.rows_in, result.load.rows_apart) == (73_421, 0)


@pytest.mark.slow
def test_event_log_of_loan_applications(tmp_path: Path) -> None:
    path = file("bpic2012/bpic2012.xes.gz")
    text, mapping = suggested(path, tmp_path)
    assert mapping.table == "interactions"
    assert "The preset xes fits this file" in text
    result = loaded(path, mapping, tmp_path)
    assert (result.load.rows_in, result.load.rows_apart) == (262_200, 0)

"""Real answers: every figure equals one computed directly from the file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from answer_rows import answers, bind

from zhiyin.engine import DuckEngine, described
from zhiyin.satisfaction import box, csat, mean_score
from zhiyin.tables import table
from zhiyin.tables.figures import FigureTable

RESPONSES = described(table("responses"))


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as engine:
        yield engine


@pytest.fixture(scope="module")
def survey(shared_data: Path) -> dict[str, list[int]]:
    """27 questions on 0 to 10, answered by 250 customers of a Spanish bank."""
    with (shared_data / "plspm_satisfaction" / "satisfaction.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    questions = [name for name in rows[0] if name[:-1] in ("imag", "expe", "qual", "val", "sat", "loy")]
    assert len(questions) == 27
    return {name: [int(float(row[name])) for row in rows] for name in questions}


@pytest.fixture(scope="module")
def bound(engine: DuckEngine, survey: dict[str, list[int]], tmp_path_factory: pytest.TempPathFactory) -> DuckEngine:
    rows = [
        {**row, "customer_id": f"c{place}", "response_id": f"r{place}"}
        for question, values in survey.items()
        for place, row in enumerate(answers(values, scale="points11", question=question))
    ]
    bind(engine, tmp_path_factory.mktemp("survey"), responses=rows)
    return engine


def by_question(found: FigureTable) -> dict[str, float | None]:
    return {str(dict(figure.group)["question"]): figure.value for figure in found}


def test_mean_of_each_question_equals_the_files(bound: DuckEngine, survey: dict[str, list[int]]):
    found = bound.compute(mean_score(RESPONSES, by="question"))
    assert by_question(found) == pytest.approx({q: 10 * np.mean(v) for q, v in survey.items()}, abs=1e-9)
    assert {figure.n for figure in found} == {250}


def test_top_two_of_each_question_equal_the_files(bound: DuckEngine, survey: dict[str, list[int]]):
    found = bound.compute(csat(RESPONSES, by="question"))
    assert by_question(found) == {q: sum(value >= 9 for value in values) / 250 for q, values in survey.items()}


def test_boxes_of_each_question_add_up_to_one(bound: DuckEngine, survey: dict[str, list[int]]):
    found = [by_question(bound.compute(box(RESPONSES, which, by="question"))) for which in ("bottom", "middle", "top")]
    for question in survey:
        assert sum(one[question] or 0 for one in found) == pytest.approx(1)


def test_all_questions_together_count_each_customer_once(bound: DuckEngine, survey: dict[str, list[int]]):
    (figure,) = bound.compute(mean_score(RESPONSES, combine=True))
    assert (figure.n, figure.customers) == (27 * 250, 250)
    assert figure.value == pytest.approx(10 * np.mean(list(survey.values())))
    # 27 answers of one customer are alike, so the interval is that of about 250 answers and not of 6,750.
    assert figure.low is not None
    assert figure.high is not None
    assert 1.0 < figure.high - figure.low < 4.0

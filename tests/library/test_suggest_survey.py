"""Questions of a survey's workbook: which columns they are, and on which scale each was answered."""

from __future__ import annotations

import pyarrow as pa
import pytest

from zhiyin.lake.suggest.profile import Profile, profile_column
from zhiyin.lake.suggest.survey import Question, find_questions, rate


def asked(name: str, answers: list[str | None], *, label: str = "", labels: dict[str, str] | None = None) -> Profile:
    return profile_column(name, pa.chunked_array([pa.array(answers, pa.string())]), label=label, value_labels=labels)


def points(low: int, high: int) -> list[str | None]:
    return [str(low + n % (high - low + 1)) for n in range(60)]


def by_name(*profiles: Profile) -> dict[str, Question]:
    return {question.name: question for question in find_questions(profiles)}


@pytest.mark.parametrize(
    ("low", "high", "scale"),
    [
        (1, 3, "points3"),
        (1, 4, "points4"),
        (1, 5, "points5"),
        (1, 7, "points7"),
        (1, 10, "points10"),
        (0, 10, "points11"),
    ],
)
def test_scale_is_read_off_the_answers(low: int, high: int, scale: str) -> None:
    found = by_name(*(asked(f"Q{n}", points(low, high)) for n in range(1, 4)))
    assert {question.scale for question in found.values()} == {scale}
    assert not any(question.is_unsure for question in found.values())


def test_codes_for_no_answer_are_not_answers() -> None:
    question = rate(asked("Q1", [*points(1, 10), "98", "99", "99"]))
    assert question is not None
    assert (question.scale, question.missing) == ("points10", ("99", "98"))


def test_top_that_nobody_chose_is_taken_from_the_neighbours() -> None:
    found = by_name(asked("Q1", points(1, 10)), asked("Q2", points(1, 10)), asked("Q3", points(1, 8)))
    assert (found["Q3"].scale, found["Q3"].is_unsure) == ("points10", True)


def test_nought_that_nobody_chose_is_taken_from_the_neighbours() -> None:
    found = by_name(*(asked(f"sat{n}", points(0, 10)) for n in range(1, 4)), asked("sat4", points(3, 10)))
    assert (found["sat4"].scale, found["sat4"].is_unsure) == ("points11", True)


def test_recommendation_keeps_its_own_scale() -> None:
    found = by_name(asked("Q1", points(1, 10)), asked("Q2", points(1, 10)), asked("Q3", points(0, 10)))
    assert [found[name].scale for name in ("Q1", "Q2", "Q3")] == ["points10", "points10", "points11"]


def test_labels_of_codes_tell_the_direction() -> None:
    labels = {"1": "非常满意", "2": "满意", "3": "一般", "4": "不满意", "5": "非常不满意", "9": "拒答"}
    question = rate(asked("Q1", [*points(1, 5), "9"], labels=labels))
    assert question is not None
    assert question.is_turned
    assert question.values == {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}
    assert question.missing == ("9",)


@pytest.mark.parametrize(
    ("answers", "values"),
    [
        (["5分", "4分", "1分"], {"5分": 5, "4分": 4, "1分": 1}),
        (["5-非常满意", "4-满意", "3-一般", "2-不满意", "1-非常不满意"], None),
        (["非常满意（5）", "满意（4）", "一般（3）", "不满意（2）", "非常不满意（1）"], None),
    ],
)
def test_numbers_with_words_beside_them_are_read(answers: list[str | None], values: dict[str, int] | None) -> None:
    question = rate(asked("Q1", answers * 10))
    assert question is not None
    expected = values or {str(answer): 5 - place for place, answer in enumerate(answers)}
    assert question.values == expected


def test_background_and_choices_are_told_from_ratings() -> None:
    found = by_name(
        asked("Q1", points(1, 10), label="您对网点是否满意"),
        asked("Q2", points(1, 10), label="您对等候时间是否满意"),
        asked("Q3", points(1, 6), label="您的年龄段"),
        asked("Q4", ["手机银行", "网点"] * 30, label="您最常用哪个渠道"),
        asked("Q5", ["0", "1"] * 30),
        asked("Q6", ["等候太久，窗口太少。", None, "无"] * 20, label="不满意的原因"),
    )
    assert [(name, question.kind) for name, question in found.items()] == [
        ("Q1", "rating"),
        ("Q2", "rating"),
        ("Q3", "choice"),
        ("Q4", "choice"),
        ("Q5", "choice"),
        ("Q6", "text"),
    ]


def test_file_with_one_rating_is_no_survey() -> None:
    assert find_questions([asked("Q1", points(1, 5)), asked("客户号", [f"C{n}" for n in range(60)])]) == ()


def test_ages_and_amounts_are_no_ratings() -> None:
    assert rate(asked("Q1", ["34", "51", "27"])) is None
    assert rate(asked("Q1", ["7.5", "3.25"])) is None
    assert rate(asked("Q1", [None, None])) is None

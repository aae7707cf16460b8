"""Requirements without a clock: a missing fact is never passed over."""

from __future__ import annotations

import pytest

from zhiyin.clock import FactMissing, Outcome, check_conditions, shipped_rules

CN3 = shipped_rules().versions("cn-order-3-2020")[-1]


def test_a_handler_with_an_interest_is_blocked() -> None:
    found = check_conditions(CN3, "assignment", {"has_direct_interest": True})

    assert [(one.id, one.outcome) for one in found] == [("CN3-RECUSE", Outcome.BLOCK)]


def test_a_subject_without_conditions_has_none() -> None:
    assert check_conditions(CN3, "weather", {}) == ()


@pytest.mark.parametrize("facts", [{}, {"reviewer": "E17"}, {"handler": "E17"}])
def test_a_fact_that_decides_must_be_given(facts: dict[str, object]) -> None:
    with pytest.raises(FactMissing, match="CN3-RECUSE-REVIEW"):
        check_conditions(CN3, "review_assignment", facts)


def test_a_fact_is_not_asked_for_where_another_decides_already() -> None:
    assert check_conditions(CN3, "intake", {"is_joint": False}) == ()


def test_a_number_must_be_a_number() -> None:
    with pytest.raises(TypeError, match="no number"):
        check_conditions(CN3, "intake", {"is_joint": True, "manner": "face_to_face", "representatives": "six"})


def test_every_condition_says_itself_in_both_languages() -> None:
    for rule in shipped_rules().rules:
        for condition in rule.conditions:
            assert condition.says.text("zh") != condition.says.text("en")

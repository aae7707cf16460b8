"""Requirements without a clock: recusal, the content of a letter, who may complain, what is major.

A condition is a list of comparisons of facts in the rule file; when all hold, its outcome follows. The facts are asked
of whoever calls; one that is missing raises, because a requirement of law is not passed by silence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from zhiyin.clock.rule import Condition, Outcome, Rule, Test
from zhiyin.clock.words import Pair
from zhiyin.errors import ZhiyinError


class FactMissing(ZhiyinError):
    """A condition asks for a fact that was not given."""

    code = "clock.fact_missing"
    message = "Condition {condition} needs the fact {fact}."
    status = 422


@dataclass(frozen=True, slots=True)
class ConditionMet:
    """A condition whose tests all hold: what follows, and what to say."""

    id: str
    article: str
    outcome: Outcome
    says: Pair
    lacking: tuple[str, ...] = ()


def check_conditions(rule: Rule, about: str, facts: Mapping[str, object]) -> tuple[ConditionMet, ...]:
    """The conditions of a rule on a subject whose tests all hold.

    Parameters
    ----------
    rule : whose conditions.
    about : the subject, e.g. ``decision_letter``, ``assignment``, ``intake``.
    facts : by name, e.g. ``{"contains": ["findings", "basis"]}``.

    Returns
    -------
    tuple of ConditionMet : in the order of the rule; with what a list lacks, where that is the test.

    Raises
    ------
    FactMissing : a fact is not given that a condition asks for, unless another of its tests already fails.

    Examples
    --------
    >>> from zhiyin.clock import check_conditions, shipped_rules
    >>> rule = shipped_rules().versions("cn-order-3-2020")[-1]
    >>> [one.outcome.value for one in check_conditions(rule, "assignment", {"has_direct_interest": True})]
    ['block']
    """
    found = []
    for condition in rule.conditions:
        if condition.about == about and _holds_all(condition, facts):
            lacking = tuple(name for test in condition.when for name in _lacking(test, facts))
            found.append(ConditionMet(condition.id, condition.article, condition.outcome, condition.says, lacking))
    return tuple(found)


def _holds_all(condition: Condition, facts: Mapping[str, object]) -> bool:
    known = [test for test in condition.when if test.fact in facts]
    if not all(_holds(test, facts, condition) for test in known):
        return False
    for test in condition.when:
        if test.fact not in facts:
            raise FactMissing(condition=condition.id, fact=test.fact)
    return True


def _holds(test: Test, facts: Mapping[str, object], condition: Condition) -> bool:
    fact, value = facts[test.fact], test.value
    match test.comparison:
        case "is":
            return fact == value
        case "is_not":
            return fact != value
        case "at_least":
            return _number(fact) >= _number(value)
        case "at_most":
            return _number(fact) <= _number(value)
        case "one_of":
            return isinstance(value, tuple) and fact in value
        case "none_of":
            return isinstance(value, tuple) and fact not in value
        case "same_as":
            return fact == _other(str(value), facts, condition)
        case _:
            if test.comparison == "lacks_fact":
                _other(str(value), facts, condition)
            return bool(_lacking(test, facts))


def _lacking(test: Test, facts: Mapping[str, object]) -> tuple[str, ...]:
    """What a list lacks of what it should contain."""
    wanted = facts.get(str(test.value)) if test.comparison == "lacks_fact" else test.value
    if test.comparison not in ("lacks", "lacks_fact") or not isinstance(wanted, Collection):
        return ()
    fact = facts[test.fact]
    held = {str(one) for one in fact} if isinstance(fact, Collection) and not isinstance(fact, str) else {str(fact)}
    return tuple(str(one) for one in wanted if str(one) not in held)


def _other(name: str, facts: Mapping[str, object], condition: Condition) -> object:
    if name not in facts:
        raise FactMissing(condition=condition.id, fact=name)
    return facts[name]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    return value

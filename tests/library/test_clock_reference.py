"""The reference page and the worked examples agree with the rules."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

import zhiyin.clock
from zhiyin.clock import clock_rules_page, evaluate, event_kinds, read_case, shipped_rules

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = re.compile(
    r"<!-- clock (?P<rule>\S+) at (?P<at>\S+): (?P<expected>[^>]*?) -->\s*```json\n(?P<events>.*?)```", re.DOTALL
)


def examples() -> list[tuple[str, str, str, str]]:
    text = (DOCS / "methods" / "clock.md").read_text("utf-8")
    return [(m["rule"], m["at"], m["expected"], m["events"]) for m in EXAMPLE.finditer(text)]


def test_the_reference_page_is_what_the_rules_say() -> None:
    assert (DOCS / "reference" / "clock-rules.md").read_text("utf-8") == clock_rules_page()


def test_the_reference_page_names_every_limit_calendar_and_kind() -> None:
    page = clock_rules_page()
    names = [limit.id for rule in shipped_rules().rules for limit in rule.limits]
    names += [condition.id for rule in shipped_rules().rules for condition in rule.conditions]
    names += [calendar.name for calendar in shipped_rules().calendars]

    assert [name for name in (*names, *event_kinds()) if name not in page] == []


def test_the_method_page_has_its_worked_examples() -> None:
    assert len(examples()) == 6


@pytest.mark.parametrize("index", range(6))
def test_a_worked_example_comes_out_as_the_page_says(index: int) -> None:
    rule, at, expected, events = examples()[index]
    case, moment = read_case(json.loads(events)), datetime.fromisoformat(at)

    state = evaluate(shipped_rules().rule_for(rule, case, at=moment), case, at=moment)

    for claim in expected.split(", "):
        limit, due, name = claim.split(" ")
        found = state.deadline(limit)
        assert (str(found.due_on), found.state.value) == (due, name), claim


def test_the_front_door_offers_what_it_lists() -> None:
    assert zhiyin.clock.__all__ == sorted(zhiyin.clock.__all__)
    assert [name for name in zhiyin.clock.__all__ if not hasattr(zhiyin.clock, name)] == []

"""What a state says: the arithmetic, what is open, what comes too late, and hours."""

from __future__ import annotations

from datetime import datetime

import pytest
from clock_cases import approved, at, codes, day, deadline, due_and_state, received, sent, state_of, suspended, told

from zhiyin.clock import CaseEvents, CaseInvalid, Event, State, evaluate, shipped_rules

CN3 = "cn-order-3-2020"


def test_the_arithmetic_is_told_sentence_by_sentence_in_both_languages() -> None:
    pause = suspended("2026-03-10", "2026-03-24", told="2026-03-10T16:00")

    found = deadline(CN3, "CN3-T15", received("2026-03-02"), pause, on="2026-03-12")

    assert [line.text("en") for line in found.because] == [
        "Start: Received on 2026-03-02 (Asia/Shanghai time); that day is not counted.",
        "2026-03-10 to 2026-03-24 is left out: appraisal, testing or assessment by an outside body (article 18); "
        "days: 15.",
        "Counted: 15 calendar days, up to and including 2026-04-01.",
        "On 2026-03-12 the clock is paused.",
    ]


def test_working_days_name_the_days_that_differ_from_the_week() -> None:
    found = deadline("cn-regulator-transfer", "CN3-REG-TRANSFER", received("2026-02-13"), on="2026-02-13T12:00")

    assert [line.text("en") for line in found.because][1:3] == [
        "Weekdays off on the way, not counted (Working days of mainland China, with moved days): "
        "2026-02-16, 2026-02-17, 2026-02-18, 2026-02-19, 2026-02-20, 2026-02-23.",
        "Days of a weekend that are worked on the way, counted (Working days of mainland China, with moved days): "
        "2026-02-14, 2026-02-28.",
    ]


def test_what_would_change_it_is_told_while_it_runs() -> None:
    changes = [line.text("en") for line in deadline(CN3, "CN3-T15", received("2026-03-02"), on="2026-03-05").changes]

    assert changes[0] == "Found complex, by 2026-03-17 at the latest: CN3-T30, due on 2026-04-01."
    assert len(changes) == 6
    assert deadline(CN3, "CN3-T15", received("2026-03-02"), sent("2026-03-04"), on="2026-03-05").changes == ()


def test_the_next_extension_names_who_may_approve() -> None:
    events = (received("2026-03-02"), Event("found_complex", at=at("2026-03-16")))

    found = deadline(CN3, "CN3-T30", *events, on="2026-03-20").changes[0].text("en")

    assert found == (
        "Approval by the superior unit, a senior executive of the head office, with the complainant told, "
        "both by 2026-04-01 at the latest: CN3-T60, due on 2026-05-01."
    )


def test_open_deadlines_are_the_banks_and_the_most_urgent_comes_first() -> None:
    state = state_of("uk-disp", received("2026-03-02", "Europe/London"), on="2026-03-03", parts="general,payment")

    assert [one.id for one in state.open_deadlines] == ["UK-PSD15", "UK-8W", "UK-ACK"]


def test_remaining_days_are_local_days() -> None:
    start = received("2026-03-02")

    assert deadline(CN3, "CN3-T15", start, on="2026-03-17T00:05").remaining_days == 0
    assert deadline(CN3, "CN3-T15", start, on="2026-03-17T23:59").state is State.RUNNING
    assert deadline(CN3, "CN3-T15", start, on="2026-03-18T00:01").state is State.OVERDUE
    assert deadline(CN3, "CN3-T15", start, on="2026-03-18T00:01").remaining_days == -1


def test_an_event_after_the_time_asked_about_is_left_out_and_named() -> None:
    state = state_of(CN3, received("2026-03-02"), sent("2026-03-10"), on="2026-03-09")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.RUNNING)
    assert codes(state) == ["after_at"]


def test_nothing_has_started_without_a_start() -> None:
    state = state_of(CN3, on="2026-03-09")

    assert {one.state for one in state.deadlines} == {State.NOT_APPLICABLE}
    assert codes(state) == ["not_started"]


def test_an_event_without_meaning_for_the_rule_is_named() -> None:
    assert codes(state_of(CN3, received("2026-03-02"), Event("completed", at=at("2026-03-03")), on="2026-03-04")) == [
        "no_meaning"
    ]


def test_a_transfer_of_a_complaint_that_the_bank_has_does_not_restart_it() -> None:
    again = Event("regulator_transfer_received", at=at("2026-03-09"))

    state = state_of(CN3, received("2026-03-02"), again, on="2026-03-10")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.RUNNING)
    assert codes(state) == ["again"]
    assert due_and_state(state_of(CN3, again, on="2026-03-10"), "CN3-T15") == ("2026-03-24", State.RUNNING)


def test_an_approval_needs_the_first_extension_before_it() -> None:
    state = state_of(CN3, received("2026-03-02"), approved("2026-03-12"), told("2026-03-12T12:00"), on="2026-03-13")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.RUNNING)
    assert codes(state) == ["extension_out_of_turn"]


def test_a_first_wrong_approval_does_not_spoil_a_second_right_one() -> None:
    events = (
        received("2026-03-02"),
        Event("found_complex", at=at("2026-03-16")),
        approved("2026-03-30", by_role="branch_manager"),
        approved("2026-03-31", by_role="上级机构"),
        told("2026-03-31T12:00"),
    )

    state = state_of(CN3, *events, on="2026-04-02")

    assert due_and_state(state, "CN3-T60") == ("2026-05-01", State.RUNNING)
    assert codes(state) == ["extension_wrong_role"]


def test_an_approval_that_waits_for_its_notice_says_so() -> None:
    events = (received("2026-03-02"), Event("found_complex", at=at("2026-03-16")), approved("2026-03-25"))

    state = state_of(CN3, *events, on="2026-03-26")

    assert [line.text("en") for line in state.warnings] == [
        "The extension approved on 2026-03-25 becomes effective when the complainant is told, "
        "by 2026-04-01 at the latest."
    ]


def test_an_agreed_date_is_not_extended_by_one_side_and_does_not_lie_in_the_past() -> None:
    agreed = Event("agreed_date", at=at("2026-03-12"), due_on=day("2026-03-20"))
    past = Event("agreed_date", at=at("2026-03-12"), due_on=day("2026-03-11"))
    found = Event("found_complex", at=at("2026-03-16"))

    extended = state_of(CN3, received("2026-03-02"), agreed, found, on="2026-03-17")
    impossible = state_of(CN3, received("2026-03-02"), past, on="2026-03-13")

    assert due_and_state(extended, "CN3-T15") == ("2026-03-20", State.RUNNING)
    assert codes(extended) == ["extension_agreed"]
    assert due_and_state(impossible, "CN3-T15") == ("2026-03-17", State.RUNNING)
    assert codes(impossible) == ["agreed_in_past"]


def test_hours_run_round_the_clock() -> None:
    start = received("2026-03-02T17:30")

    state = state_of("bank-internal", start, on="2026-03-02T19:31")

    assert state.deadline("BANK-HOTLINE-SIGN-IN").due_at == at("2026-03-02T19:30")
    assert state.deadline("BANK-HOTLINE-SIGN-IN").state is State.OVERDUE
    assert state.deadline("BANK-HOTLINE-CONTACT").due_at == at("2026-03-03T17:30")
    assert due_and_state(state, "BANK-HOTLINE-ANSWER") == ("2026-03-09", State.RUNNING)
    assert state.owner == "bank"


@pytest.mark.parametrize(
    ("source", "limit", "due"),
    [
        ("12378", "BANK-REGULATOR-SIGN-IN", "2026-03-02"),
        ("12345", "BANK-CITY-ANSWER", "2026-03-09"),
        ("舆情", "BANK-MEDIA-ANSWER", "2026-03-05"),
        ("outlet", "BANK-OUTLET-ANSWER", "2026-03-02"),
    ],
)
def test_the_banks_own_clock_depends_on_the_source(source: str, limit: str, due: str) -> None:
    state = state_of("bank-internal", received("2026-03-02"), on="2026-03-02T10:05", source=source)

    assert due_and_state(state, limit) == (due, State.RUNNING)
    assert state.deadline("BANK-HOTLINE-ANSWER").state is State.NOT_APPLICABLE


def test_the_time_asked_about_needs_its_offset() -> None:
    rule = shipped_rules().versions(CN3)[-1]

    with pytest.raises(CaseInvalid, match="at: a time without its offset"):
        evaluate(rule, CaseEvents(()), at=datetime(2026, 3, 2))


def test_a_petition_and_a_credit_objection_have_their_own_clocks() -> None:
    assert due_and_state(state_of("cn-petition", received("2026-03-02"), on="2026-03-03"), "PETITION-60") == (
        "2026-05-01",
        State.RUNNING,
    )
    assert due_and_state(state_of("cn-credit-objection", received("2026-03-02"), on="2026-03-03"), "CN-CREDIT-20") == (
        "2026-03-22",
        State.RUNNING,
    )

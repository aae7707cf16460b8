"""The scenarios of the United Kingdom, the United States and Australia, named by their numbers."""

from __future__ import annotations

import pytest
from clock_cases import at, codes, day, deadline, due_and_state, received, sent, state_of

from zhiyin.clock import Event, State, check_conditions, shipped_rules

UK = "uk-disp"
LONDON = "Europe/London"
NEW_YORK = "America/New_York"
SYDNEY = "Australia/Sydney"


def accepted(on: str) -> Event:
    return Event("resolved_accepted", at=at(on, LONDON), method="oral")


def holding(on: str, zone: str = LONDON) -> Event:
    return Event("holding_reply_sent", at=at(on, zone))


def test_uk_01_eight_weeks_end_on_a_bank_holiday() -> None:
    state = state_of(UK, received("2026-03-30", LONDON), on="2026-04-20")

    assert due_and_state(state, "UK-8W") == ("2026-05-25", State.RUNNING)


def test_uk_02_three_business_days_step_over_easter() -> None:
    assert deadline(UK, "UK-SRC", received("2026-04-01", LONDON), on="2026-04-01T12:00").due_on == day("2026-04-08")


def test_uk_03_received_on_a_saturday_counts_from_that_saturday() -> None:
    assert deadline(UK, "UK-SRC", received("2026-05-02", LONDON), on="2026-05-03").due_on == day("2026-05-07")


def test_uk_05_without_a_holding_response_there_are_no_thirty_five_days() -> None:
    start = received("2026-03-02", LONDON)

    state = state_of(UK, start, on="2026-03-24", parts="payment")

    assert due_and_state(state, "UK-PSD15") == ("2026-03-23", State.OVERDUE)
    assert state.deadline("UK-PSD35").state is State.NOT_APPLICABLE
    assert codes(state) == ["consequence"]
    assert "Ombudsman" in state.warnings[0].text("en")


def test_uk_05_a_holding_response_after_the_limit_does_not_help() -> None:
    state = state_of(UK, received("2026-03-02", LONDON), holding("2026-03-24"), on="2026-03-25", parts="payment")

    assert due_and_state(state, "UK-PSD15") == ("2026-03-23", State.OVERDUE)
    assert codes(state) == ["extension_late", "consequence"]


def test_a_holding_response_in_time_gives_thirty_five_business_days() -> None:
    state = state_of(UK, received("2026-03-02", LONDON), holding("2026-03-23"), on="2026-03-24", parts="payment")

    assert due_and_state(state, "UK-PSD35") == ("2026-04-22", State.RUNNING)
    assert due_and_state(state, "UK-PSD15") == ("2026-03-23", State.ENDED)


def test_uk_07_accepted_by_word_of_mouth_on_the_third_business_day_is_resolved() -> None:
    state = state_of(UK, received("2026-04-01", LONDON), accepted("2026-04-08T16:00"), on="2026-04-09")

    assert due_and_state(state, "UK-SRC") == ("2026-04-08", State.MET)
    assert due_and_state(state, "UK-8W") == ("2026-05-27", State.ENDED)
    assert state.deadline("UK-SRC-COMM").state is State.RUNNING
    assert "still recorded and reported; it is not a final response" in state.deadline("UK-SRC-COMM").duty.en
    assert due_and_state(state, "UK-REC") == ("2029-04-01", State.RUNNING)
    assert state.deadline("UK-FOS6M").state is State.NOT_APPLICABLE


def test_an_acceptance_after_the_bank_has_closed_is_a_day_late() -> None:
    events = (received("2026-04-01", LONDON), accepted("2026-04-08T18:00"))

    state = state_of(UK, *events, on="2026-04-09", close_of_business="17:30")

    assert state.deadline("UK-SRC").state is State.ENDED
    assert state.deadline("UK-8W").state is State.RUNNING


def test_uk_08_what_the_bank_thinks_does_not_resolve() -> None:
    state = state_of(UK, received("2026-04-01", LONDON), on="2026-04-09")

    assert due_and_state(state, "UK-SRC") == ("2026-04-08", State.ENDED)
    assert due_and_state(state, "UK-8W") == ("2026-05-27", State.RUNNING)
    assert state.deadline("UK-SRC-COMM").state is State.NOT_APPLICABLE


def test_uk_10_a_mixed_complaint_has_two_clocks_and_one_acknowledgement() -> None:
    state = state_of(UK, received("2026-03-02", LONDON), on="2026-03-03", parts="general,payment")

    assert due_and_state(state, "UK-8W") == ("2026-04-27", State.RUNNING)
    assert due_and_state(state, "UK-PSD15") == ("2026-03-23", State.RUNNING)
    acknowledgement = " ".join(line.text("en") for line in state.deadline("UK-ACK").because)
    assert "UK-8W is due on 2026-04-27" in acknowledgement
    assert "UK-PSD15 is due on 2026-03-23" in acknowledgement


def test_uk_10_an_acknowledgement_states_every_response_that_is_due() -> None:
    rule = shipped_rules().versions(UK)[-1]
    due = ["UK-8W", "UK-PSD15"]

    assert check_conditions(rule, "acknowledgement", {"states": due, "due_responses": due}) == ()
    found = check_conditions(rule, "acknowledgement", {"states": ["UK-8W"], "due_responses": due})
    assert [one.lacking for one in found] == [("UK-PSD15",)]


def test_uk_12_two_legal_entities_cannot_share_a_return() -> None:
    rule = shipped_rules().versions(UK)[-1]

    assert [one.outcome.value for one in check_conditions(rule, "return", {"legal_entities": 2})] == ["block"]
    assert check_conditions(rule, "return", {"legal_entities": 1}) == ()


def test_x_05_days_are_londons_also_when_the_clocks_change() -> None:
    late_evening = Event("received", at=at("2026-03-28T23:30:00", LONDON))
    after_change = Event("received", at=at("2026-03-28T23:30:00", "UTC"))
    summer = Event("received", at=at("2026-03-29T23:30:00", "UTC"))

    assert deadline(UK, "UK-8W", late_evening, on="2026-04-01").due_on == day("2026-05-23")
    assert deadline(UK, "UK-8W", after_change, on="2026-04-01").due_on == day("2026-05-23")
    assert deadline(UK, "UK-8W", summer, on="2026-04-01").due_on == day("2026-05-25")


def test_us_01_fifteen_and_sixty_days_from_the_day_it_was_sent() -> None:
    start = Event("sent_to_company", at=at("2026-11-20", NEW_YORK))
    plain = state_of("us-cfpb", start, on="2026-11-21")
    in_progress = state_of("us-cfpb", start, holding("2026-12-05T23:00", NEW_YORK), on="2026-12-06")
    too_late = state_of("us-cfpb", start, holding("2026-12-06", NEW_YORK), on="2026-12-07")

    assert due_and_state(plain, "US-15") == ("2026-12-05", State.RUNNING)
    assert due_and_state(plain, "US-60") == ("2027-01-19", State.NOT_APPLICABLE)
    assert due_and_state(in_progress, "US-60") == ("2027-01-19", State.RUNNING)
    assert due_and_state(too_late, "US-15") == ("2026-12-05", State.OVERDUE)
    assert codes(too_late) == ["extension_late"]


def test_us_03_a_billing_error_is_acknowledged_and_resolved() -> None:
    state = state_of("us-reg-z", received("2026-11-20", NEW_YORK), on="2026-11-21")

    assert due_and_state(state, "US-Z-ACK") == ("2026-12-20", State.RUNNING)
    assert due_and_state(state, "US-Z-RESOLVE") == ("2027-02-18", State.RUNNING)


def test_us_04_notice_on_a_completed_application_and_after_a_counter_offer() -> None:
    complete = Event("completed", at=at("2026-01-30", NEW_YORK))
    offer = sent("2026-01-30T16:00", about="counter_offer", zone=NEW_YORK)

    assert due_and_state(state_of("us-reg-b", complete, on="2026-02-01"), "US-B-30") == ("2026-03-01", State.RUNNING)
    state = state_of("us-reg-b", complete, offer, on="2026-02-01")
    assert due_and_state(state, "US-B-30") == ("2026-03-01", State.MET)
    assert due_and_state(state, "US-B-90") == ("2026-04-30", State.RUNNING)


def test_us_05_documents_that_arrive_piecemeal_start_nothing_before_the_last() -> None:
    pieces = (received("2026-01-05", NEW_YORK), received("2026-01-20", NEW_YORK))
    complete = Event("completed", at=at("2026-01-30", NEW_YORK))

    assert state_of("us-reg-b", *pieces, on="2026-01-25").deadline("US-B-30").state is State.NOT_APPLICABLE
    assert deadline("us-reg-b", "US-B-30", *pieces, complete, on="2026-02-01").due_on == day("2026-03-01")


def test_au_02_twenty_four_hours_or_one_business_day() -> None:
    start = received("2026-12-24T15:00", SYDNEY)

    state = state_of("au-rg271", start, on="2026-12-24T16:00")

    assert state.deadline("AU-ACK-24H").due_at == at("2026-12-25T15:00", SYDNEY)
    assert due_and_state(state, "AU-ACK-1BD") == ("2026-12-29", State.RUNNING)
    assert state_of("au-rg271", start, on="2026-12-26").deadline("AU-ACK-24H").state is State.ENDED


@pytest.mark.parametrize(
    ("matter", "limit", "due"),
    [
        ("standard", "AU-30", "2026-04-01"),
        ("superannuation", "AU-45", "2026-04-16"),
        ("hardship", "AU-21", "2026-03-23"),
    ],
)
def test_the_australian_limit_depends_on_the_sort_of_complaint(matter: str, limit: str, due: str) -> None:
    state = state_of("au-rg271", received("2026-03-02", SYDNEY), on="2026-03-03", matter=matter)

    assert due_and_state(state, limit) == (due, State.RUNNING)


def test_a_payment_complaint_in_the_union_counts_the_days_the_bank_is_open() -> None:
    start = received("2026-03-30", "Europe/Dublin")

    state = state_of("eu-psd2", start, on="2026-03-31")

    assert due_and_state(state, "EU-PSD2-15") == ("2026-04-22", State.RUNNING)

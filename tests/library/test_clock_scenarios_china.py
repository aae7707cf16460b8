"""The scenarios of Chinese complaint law, named by their numbers; CN3 is Order 3 of 2020."""

from __future__ import annotations

import pytest
from clock_cases import approved, at, codes, day, deadline, due_and_state, received, sent, state_of, suspended, told

from zhiyin.clock import CalendarYearMissing, CaseEvents, Event, State, check_conditions, evaluate, shipped_rules

CN3 = "cn-order-3-2020"
TRANSFER = "cn-regulator-transfer"
COMPLEX_CASE = (received("2026-03-02"), Event("found_complex", at=at("2026-03-16")))


def test_cn_01_counts_the_national_day_holiday() -> None:
    state = state_of(CN3, received("2026-09-28"), on="2026-09-28")

    assert due_and_state(state, "CN3-T15") == ("2026-10-13", State.RUNNING)
    assert due_and_state(state, "CN3-T30") == ("2026-10-28", State.NOT_APPLICABLE)
    assert due_and_state(state, "CN3-T60") == ("2026-11-27", State.NOT_APPLICABLE)


def test_cn_02_stays_in_the_spring_festival_and_says_to_act_before_it() -> None:
    found = deadline(CN3, "CN3-T15", received("2026-02-02"), on="2026-02-03")

    assert found.due_on == day("2026-02-17")
    assert found.advisory_on == day("2026-02-24")
    assert found.act_by_on == day("2026-02-14")


def test_cn_03_stays_on_a_holiday_with_the_next_working_day_as_advice() -> None:
    found = deadline(CN3, "CN3-T15", received("2026-09-22"), on="2026-09-23")

    assert found.due_on == day("2026-10-07")
    assert found.advisory_on == day("2026-10-08")
    assert [other.on for other in found.alternatives] == [day("2026-10-08")]


@pytest.mark.parametrize(
    ("number", "start", "due"),
    [
        ("CN-04", "2026-02-13", "2026-03-02"),
        ("CN-06", "2026-04-30", "2026-05-13"),
        ("CN-08", "2026-09-18", "2026-09-29"),
    ],
)
def test_cn_04_06_08_count_the_regulators_seven_working_days(number: str, start: str, due: str) -> None:
    state = state_of(TRANSFER, received(start), on=start)

    assert due_and_state(state, "CN3-REG-TRANSFER") == (due, State.RUNNING), number


def test_cn_09_a_complex_matter_has_thirty_days() -> None:
    assert due_and_state(state_of(CN3, COMPLEX_CASE[0], on="2026-03-16"), "CN3-T15") == ("2026-03-17", State.RUNNING)

    state = state_of(CN3, *COMPLEX_CASE, on="2026-03-17")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.ENDED)
    assert due_and_state(state, "CN3-T30") == ("2026-04-01", State.RUNNING)
    assert state.deadline("CN3-T30").is_in_force
    assert not state.deadline("CN3-T15").is_in_force


def test_cn_10_head_office_approval_and_a_notice_in_time_give_sixty_days() -> None:
    state = state_of(CN3, *COMPLEX_CASE, approved("2026-03-31"), told("2026-03-31T15:00"), on="2026-04-02")

    assert due_and_state(state, "CN3-T60") == ("2026-05-01", State.RUNNING)
    assert due_and_state(state, "CN3-T30") == ("2026-04-01", State.ENDED)
    assert codes(state) == []


def test_cn_10_an_sms_about_the_extension_is_a_notice() -> None:
    notice = sent("2026-03-31T18:00", about="extension", method="sms")

    state = state_of(CN3, *COMPLEX_CASE, approved("2026-03-31"), notice, on="2026-04-02")

    assert due_and_state(state, "CN3-T60") == ("2026-05-01", State.RUNNING)


@pytest.mark.parametrize("role", ["上级机构", "superior_unit", "Head-office executive", "总行高级管理人员"])
def test_cn_10_either_approver_may_approve_in_any_spelling(role: str) -> None:
    state = state_of(CN3, *COMPLEX_CASE, approved("2026-03-31", role), told("2026-03-31T15:00"), on="2026-04-02")

    assert due_and_state(state, "CN3-T60") == ("2026-05-01", State.RUNNING)


def test_cn_11_a_branch_manager_cannot_approve() -> None:
    wrong = approved("2026-03-31", by_role="branch_manager")

    state = state_of(CN3, *COMPLEX_CASE, wrong, told("2026-03-31T15:00"), on="2026-04-01")

    assert due_and_state(state, "CN3-T30") == ("2026-04-01", State.RUNNING)
    assert due_and_state(state, "CN3-T60") == ("2026-05-01", State.NOT_APPLICABLE)
    assert codes(state) == ["extension_wrong_role"]


def test_cn_12_an_approval_that_nobody_told_has_no_effect() -> None:
    events = (*COMPLEX_CASE, approved("2026-03-31"))

    state = state_of(CN3, *events, on="2026-04-02")

    assert due_and_state(state, "CN3-T30") == ("2026-04-01", State.OVERDUE)
    assert state.deadline("CN3-T30").remaining_days == -1
    assert codes(state) == ["extension_not_told"]
    assert due_and_state(state_of(CN3, *events, on="2026-04-01"), "CN3-T30") == ("2026-04-01", State.RUNNING)


def test_cn_12_telling_after_the_limit_comes_too_late() -> None:
    state = state_of(CN3, *COMPLEX_CASE, approved("2026-03-31"), told("2026-04-02"), on="2026-04-03")

    assert due_and_state(state, "CN3-T30") == ("2026-04-01", State.OVERDUE)
    assert codes(state) == ["extension_not_told"]


def test_cn_13_an_approval_entered_after_the_limit_is_rejected_and_the_breach_stays() -> None:
    backdated = approved("2026-03-31", entered="2026-04-02")

    state = state_of(CN3, *COMPLEX_CASE, backdated, told("2026-03-31T15:00"), on="2026-04-03")

    assert due_and_state(state, "CN3-T30") == ("2026-04-01", State.OVERDUE)
    assert codes(state) == ["extension_backdated"]
    assert "audit" in state.warnings[0].text("en")


def test_cn_14_an_outside_appraisal_leaves_its_days_out() -> None:
    pause = suspended("2026-03-10", "2026-03-24", told="2026-03-10T16:00")

    inside = state_of(CN3, received("2026-03-02"), pause, on="2026-03-12")
    after = state_of(CN3, received("2026-03-02"), pause, on="2026-03-25")

    assert due_and_state(inside, "CN3-T15") == ("2026-04-01", State.PAUSED)
    assert due_and_state(after, "CN3-T15") == ("2026-04-01", State.RUNNING)
    assert due_and_state(inside, "CN3-T30") == ("2026-04-16", State.NOT_APPLICABLE)
    assert codes(inside) == []


@pytest.mark.parametrize(("on", "expected"), [("2026-03-09", State.RUNNING), ("2026-03-10", State.PAUSED)])
def test_cn_14_the_first_day_left_out_is_paused(on: str, expected: State) -> None:
    pause = suspended("2026-03-10", "2026-03-24", told="2026-03-09T16:00")

    assert deadline(CN3, "CN3-T15", received("2026-03-02"), pause, on=f"{on}T20:00").state is expected


def test_cn_15_an_appraisal_that_nobody_told_is_flagged_and_shows_both_dates() -> None:
    state = state_of(CN3, received("2026-03-02"), suspended("2026-03-10", "2026-03-24"), on="2026-03-12")
    found = state.deadline("CN3-T15")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.RUNNING)
    assert [other.on for other in found.alternatives] == [day("2026-04-01")]
    assert codes(state) == ["pause_not_told"]
    assert "not compliant" in state.warnings[0].text("en")


def test_cn_15_telling_after_the_limit_does_not_heal_it() -> None:
    pause = suspended("2026-03-10", "2026-03-24", told="2026-03-20")

    state = state_of(CN3, received("2026-03-02"), pause, on="2026-03-21")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.OVERDUE)
    assert codes(state) == ["pause_told_late"]


def test_overlapping_appraisal_and_mediation_are_left_out_once() -> None:
    events = (
        received("2026-03-02"),
        suspended("2026-03-10", "2026-03-20", told="2026-03-10T16:00"),
        suspended("2026-03-16", "2026-03-24", reason="mediation"),
    )

    found = deadline(CN3, "CN3-T15", *events, on="2026-03-22")

    assert (found.due_on, found.state) == (day("2026-04-01"), State.PAUSED)
    assert "days in all: 15" in " ".join(sentence.text("en") for sentence in found.because)


def test_a_pause_without_an_end_moves_the_due_day_daily() -> None:
    events = (received("2026-03-02"), suspended("2026-03-10", told="2026-03-10T16:00"))

    assert deadline(CN3, "CN3-T15", *events, on="2026-03-12").due_on == day("2026-03-20")
    assert deadline(CN3, "CN3-T15", *events, on="2026-03-13").due_on == day("2026-03-21")


def test_putting_a_matter_off_is_no_ground_of_a_pause() -> None:
    later = suspended("2026-03-10", "2026-03-24", told="2026-03-10T16:00", reason="snoozed")

    state = state_of(CN3, received("2026-03-02"), later, on="2026-03-12")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.RUNNING)
    assert codes(state) == ["reason_unknown"]


def test_cn_17_the_same_complaint_again_is_merged() -> None:
    state = state_of(CN3, received("2026-03-02"), Event("repeated", at=at("2026-03-10")), on="2026-03-11")
    found = state.deadline("CN3-T15")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.RUNNING)
    assert codes(state) == []
    assert "counts once" in " ".join(sentence.text("en") for sentence in found.because)


def test_new_facts_start_the_period_again() -> None:
    state = state_of(CN3, *COMPLEX_CASE, Event("new_facts", at=at("2026-03-20")), on="2026-03-21")

    assert due_and_state(state, "CN3-T15") == ("2026-04-04", State.RUNNING)
    assert due_and_state(state, "CN3-T30") == ("2026-04-19", State.NOT_APPLICABLE)
    assert state.deadline("CN3-T15").started_on == day("2026-03-20")


def test_new_facts_after_the_limit_do_not_heal_the_breach() -> None:
    state = state_of(CN3, received("2026-03-02"), Event("new_facts", at=at("2026-03-20")), on="2026-03-21")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.OVERDUE)
    assert codes(state) == ["change_late"]


def test_a_withdrawal_ends_the_process_on_the_day_it_is_received() -> None:
    events = (received("2026-03-02"), Event("withdrawn", at=at("2026-03-10")))

    assert deadline(CN3, "CN3-T15", *events, on="2026-03-10T10:00").state is State.ENDED
    assert deadline(CN3, "CN3-T15", *events, on="2026-05-01").state is State.ENDED


def test_a_withdrawal_after_the_limit_leaves_the_breach() -> None:
    events = (received("2026-03-02"), Event("withdrawn", at=at("2026-03-20")))

    assert deadline(CN3, "CN3-T15", *events, on="2026-03-21").state is State.BREACHED


def test_cn_20_counts_from_the_local_day_and_not_from_utc() -> None:
    submitted = Event("received", at=at("2026-03-01T16:30:00", "UTC"))

    found = deadline(CN3, "CN3-T15", submitted, on="2026-03-03")

    assert (found.started_on, found.due_on) == (day("2026-03-02"), day("2026-03-17"))


def test_cn_21_an_sms_sent_two_minutes_to_midnight_is_in_time() -> None:
    state = state_of(CN3, received("2026-03-02"), sent("2026-03-17T23:58", method="sms"), on="2026-03-18")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.MET)
    late = state_of(CN3, received("2026-03-02"), sent("2026-03-18T00:01", method="sms"), on="2026-03-18")
    assert due_and_state(late, "CN3-T15") == ("2026-03-17", State.BREACHED)


def test_cn_22_a_letter_posted_on_the_due_day_is_in_time_and_needs_proof_of_posting() -> None:
    posted = sent("2026-03-17T16:00", method="letter")
    proven = sent("2026-03-17T16:00", method="letter", proof="EMS-1")

    without = state_of(CN3, received("2026-03-02"), posted, on="2026-03-20")

    assert due_and_state(without, "CN3-T15") == ("2026-03-17", State.MET)
    assert codes(without) == ["proof_missing"]
    assert codes(state_of(CN3, received("2026-03-02"), proven, on="2026-03-20")) == []


def test_cn_23_a_logged_call_counts_though_nobody_answered_and_one_without_log_does_not() -> None:
    logged = sent("2026-03-17T16:00", method="phone", answered=False, logged=True)
    unlogged = sent("2026-03-17T16:00", method="phone", answered=False)

    assert deadline(CN3, "CN3-T15", received("2026-03-02"), logged, on="2026-03-18").state is State.MET
    state = state_of(CN3, received("2026-03-02"), unlogged, on="2026-03-18")
    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.OVERDUE)
    assert codes(state) == ["not_proven"]


def test_an_agreed_date_takes_the_place_of_the_limit() -> None:
    agreed = Event("agreed_date", at=at("2026-03-12"), due_on=day("2026-05-08"))

    state = state_of(CN3, received("2026-03-02"), agreed, on="2026-03-20")

    assert due_and_state(state, "CN3-T15") == ("2026-05-08", State.RUNNING)
    assert "agreed on 2026-05-08" in " ".join(line.text("en") for line in state.deadline("CN3-T15").because)


def test_an_agreement_after_the_limit_does_not_heal_the_breach() -> None:
    agreed = Event("agreed_date", at=at("2026-03-18"), due_on=day("2026-05-08"))

    state = state_of(CN3, received("2026-03-02"), agreed, on="2026-03-20")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.OVERDUE)
    assert codes(state) == ["change_late"]


def test_cn_25_a_review_is_decided_within_thirty_days_also_on_a_sunday() -> None:
    state = state_of(CN3, received("2026-04-01"), Event("review_applied", at=at("2026-05-08")), on="2026-05-09")

    assert due_and_state(state, "CN3-REVIEW-DECIDE") == ("2026-06-07", State.RUNNING)
    assert state.deadline("CN3-REVIEW-DECIDE").advisory_on == day("2026-06-08")


def test_a_review_is_applied_for_within_thirty_days_of_receiving_the_decision() -> None:
    before = (received("2026-03-02"), sent("2026-03-16"), Event("decision_received", at=at("2026-03-18")))

    waiting = state_of(CN3, *before, on="2026-03-19")
    in_time = state_of(CN3, *before, Event("review_applied", at=at("2026-04-17")), on="2026-04-20")
    too_late = state_of(CN3, *before, Event("review_applied", at=at("2026-04-18")), on="2026-04-20")

    assert due_and_state(waiting, "CN3-REVIEW-APPLY") == ("2026-04-17", State.RUNNING)
    assert due_and_state(in_time, "CN3-REVIEW-DECIDE") == ("2026-05-17", State.RUNNING)
    assert due_and_state(too_late, "CN3-REVIEW-APPLY") == ("2026-04-17", State.ENDED)
    assert due_and_state(too_late, "CN3-REVIEW-DECIDE") == ("2026-05-18", State.NOT_APPLICABLE)
    assert codes(too_late) == ["not_available"]


def test_cn_26_there_is_no_review_of_a_head_office_decision() -> None:
    events = (received("2026-03-02"), sent("2026-03-10"), Event("review_applied", at=at("2026-03-20")))

    state = state_of(CN3, *events, on="2026-03-21", level="head_office")

    assert state.deadline("CN3-REVIEW-DECIDE").state is State.NOT_APPLICABLE
    assert "mediation, arbitration or court" in state.warnings[0].text("en")


def test_cn_27_the_reviewer_is_not_the_handler() -> None:
    rule = shipped_rules().versions(CN3)[-1]

    found = check_conditions(rule, "review_assignment", {"reviewer": "E17", "handler": "E17"})

    assert [(one.id, one.outcome.value) for one in found] == [("CN3-RECUSE-REVIEW", "block")]
    assert check_conditions(rule, "review_assignment", {"reviewer": "E18", "handler": "E17"}) == ()


@pytest.mark.parametrize(
    "lacking", ["findings", "basis", "reasons", "review", "mediation", "arbitration", "litigation"]
)
def test_cn_28_a_decision_letter_names_findings_reasons_and_every_remedy(lacking: str) -> None:
    rule = shipped_rules().versions(CN3)[-1]
    whole = {"findings", "basis", "reasons", "review", "mediation", "arbitration", "litigation"}

    found = check_conditions(rule, "decision_letter", {"contains": whole - {lacking}})

    assert [(one.outcome.value, one.lacking) for one in found] == [("block", (lacking,))]
    assert check_conditions(rule, "decision_letter", {"contains": whole}) == ()


@pytest.mark.parametrize(
    ("complainants", "manner", "expected"),
    [
        (20, "face_to_face", ["CN3-MAJOR-JOINT"]),
        (19, "face_to_face", []),
        (20, "online", ["CN3-MAJOR-POLICY"]),
        (19, "online", []),
    ],
)
def test_cn_29_twenty_people_face_to_face_are_major(complainants: int, manner: str, expected: list[str]) -> None:
    rule = shipped_rules().versions(CN3)[-1]
    facts = {
        "complainants": complainants,
        "manner": manner,
        "is_joint": True,
        "is_dispute": False,
        "claims_rights": True,
        "cause": "fees",
    }

    assert [one.id for one in check_conditions(rule, "complaint", facts)] == expected


@pytest.mark.parametrize(("representatives", "blocked"), [(5, False), (6, True)])
def test_cn_29_the_sixth_representative_is_refused(representatives: int, blocked: bool) -> None:
    rule = shipped_rules().versions(CN3)[-1]
    facts = {"is_joint": True, "manner": "face_to_face", "representatives": representatives}

    assert bool(check_conditions(rule, "intake", facts)) is blocked


def test_cn_30_what_the_bank_holds_must_not_be_asked_for() -> None:
    rule = shipped_rules().versions(CN3)[-1]

    found = check_conditions(rule, "request_for_material", {"is_held_by_bank": True})

    assert [(one.article, one.outcome.value) for one in found] == [("13", "block")]


def test_cn_31_a_stranger_may_be_declined_and_must_be_told() -> None:
    rule = shipped_rules().versions(CN3)[-1]

    found = check_conditions(rule, "submitter", {"relation": "neighbour"})

    assert [one.outcome.value for one in found] == ["decline"]
    assert "must be told" in found[0].says.text("en")
    assert check_conditions(rule, "submitter", {"relation": "heir"}) == ()


def test_cn_34_refuses_the_unpublished_year() -> None:
    with pytest.raises(CalendarYearMissing) as error:
        state_of(TRANSFER, received("2026-12-28"), on="2026-12-29")

    assert (error.value.data["year"], error.value.data["calendar"]) == (2027, "cn")
    assert "The 2027 calendar is missing" in error.value.text("en")
    assert "国务院办公厅关于2027年部分节假日安排的通知" in error.value.text("en")


def test_cn_34_does_not_stop_calendar_days_but_says_that_the_advice_is_unknown() -> None:
    state = state_of(CN3, received("2026-12-20"), on="2026-12-21")

    assert due_and_state(state, "CN3-T15") == ("2027-01-04", State.RUNNING)
    assert state.deadline("CN3-T15").advisory_on is None
    assert codes(state) == ["advice_unknown"]


def test_cn_36_the_same_facts_after_closing_are_a_new_matter() -> None:
    events = (
        received("2026-03-02"),
        sent("2026-03-10"),
        Event("decision_received", at=at("2026-03-11")),
        Event("repeated", at=at("2026-05-20")),
    )

    state = state_of(CN3, *events, on="2026-05-21")

    assert due_and_state(state, "CN3-T15") == ("2026-03-17", State.MET)
    assert due_and_state(state, "CN3-REVIEW-APPLY") == ("2026-04-10", State.ENDED)
    assert codes(state) == ["after_end"]


def test_cn_38_keeps_three_years_from_closing_unless_held() -> None:
    events = (Event("regulator_transfer_received", at=at("2028-02-20")), sent("2028-02-29"))
    rule = shipped_rules().versions("cn-pboc-transfer")[-1]

    def kept(on: str, held: str) -> State:
        case = CaseEvents(events, attributes=(("legal_hold", (held,)),))
        found = evaluate(rule, case, at=at(on)).deadline("PBC-KEEP")
        assert found.due_on == day("2031-02-28")
        return found.state

    assert kept("2031-02-27", "false") is State.RUNNING
    assert kept("2031-02-28", "false") is State.ENDED
    assert kept("2031-02-28", "true") is State.PAUSED


def test_pboc_transfers_are_extended_by_the_head_of_complaints_and_by_nobody_else() -> None:
    transfer = Event("regulator_transfer_received", at=at("2026-03-02"))
    notice = told("2026-03-16T15:00")

    rightly = state_of("cn-pboc-transfer", transfer, approved("2026-03-16", "complaint_lead"), notice, on="2026-03-18")
    wrongly = state_of("cn-pboc-transfer", transfer, approved("2026-03-16"), notice, on="2026-03-18")

    assert due_and_state(rightly, "PBC-60") == ("2026-05-01", State.RUNNING)
    assert due_and_state(wrongly, "PBC-15") == ("2026-03-17", State.OVERDUE)
    assert codes(rightly) == ["unconfirmed"]
    assert codes(wrongly) == ["unconfirmed", "extension_wrong_role"]


def test_pboc_counts_its_working_days_from_the_completed_complaint() -> None:
    events = (received("2026-02-10"), Event("completed", at=at("2026-02-13")))

    assert due_and_state(state_of("cn-pboc-transfer", *events, on="2026-02-13T12:00"), "PBC-7WD") == (
        "2026-03-02",
        State.RUNNING,
    )


def test_pi_01_fifteen_working_days_with_the_moved_days() -> None:
    state = state_of("cn-app-rights", received("2026-09-21"), on="2026-09-22")

    assert due_and_state(state, "PI-15WD") == ("2026-10-19", State.RUNNING)

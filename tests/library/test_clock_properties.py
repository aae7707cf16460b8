"""What holds for every matter: order plays no part, pauses and extensions never shorten, days are local."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from clock_cases import at, codes, received, suspended
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.clock import (
    CaseEvents,
    ClockState,
    Deadline,
    Event,
    Interval,
    Period,
    State,
    Unit,
    end_of_period,
    evaluate,
    event_kinds,
    shipped_rules,
    union,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")
CN3 = shipped_rules().versions("cn-order-3-2020")[-1]
START = received("2026-03-02")

MOMENTS = st.datetimes(datetime(2026, 3, 2, 10), datetime(2026, 6, 1)).map(lambda one: one.replace(tzinfo=SHANGHAI))
DAYS = st.dates(date(2026, 3, 2), date(2026, 5, 1))
INTERVALS = st.builds(lambda first, length: Interval(first, first + timedelta(days=length)), DAYS, st.integers(0, 30))


def plain(kind: str) -> st.SearchStrategy[Event]:
    return st.builds(lambda moment: Event(kind, at=moment), MOMENTS)


APPROVALS = st.builds(
    lambda approved, delay, role: Event(
        "extension_approved", at=approved, entered_at=approved + timedelta(hours=delay), by_role=role
    ),
    MOMENTS,
    st.integers(0, 60),
    st.sampled_from(["head_office_executive", "上级机构", "branch_manager"]),
)
PAUSES = st.builds(
    lambda days, told, reason: Event("suspended", first=days.first, last=days.last, told_at=told, reason=reason),
    INTERVALS,
    st.one_of(st.none(), MOMENTS),
    st.sampled_from(["external_appraisal", "调解", "snoozed"]),
)
AGREEMENTS = st.builds(lambda moment, due: Event("agreed_date", at=moment, due_on=due), MOMENTS, DAYS)
EVENTS = st.lists(
    st.one_of(
        APPROVALS,
        PAUSES,
        AGREEMENTS,
        *(plain(kind) for kind in ("found_complex", "complainant_told", "new_facts", "repeated", "withdrawn")),
        *(plain(kind) for kind in ("notice_dispatched", "decision_received", "review_applied")),
    ),
    max_size=7,
)


def judged(events: list[Event], moment: datetime) -> ClockState:
    return evaluate(CN3, CaseEvents((START, *events), SHANGHAI), at=moment)


def in_force(state: ClockState) -> Deadline:
    """The deadline of the answer that governs."""
    answers = ("CN3-T15", "CN3-T30", "CN3-T60")
    return next(one for one in state.deadlines if one.id in answers and one.is_in_force)


def due(deadline: Deadline) -> date:
    assert deadline.due_on is not None
    return deadline.due_on


@settings(deadline=None)
@given(events=EVENTS, moment=MOMENTS, data=st.data())
def test_the_order_of_events_in_the_file_does_not_matter(
    events: list[Event], moment: datetime, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([START, *events]))

    assert evaluate(CN3, CaseEvents(tuple(shuffled), SHANGHAI), at=moment) == judged(events, moment)


@settings(deadline=None)
@given(events=EVENTS, moment=MOMENTS)
def test_the_offset_in_which_a_time_is_written_does_not_matter(events: list[Event], moment: datetime) -> None:
    def in_utc(event: Event) -> Event:
        times = {name: getattr(event, name) for name in ("at", "entered_at", "told_at")}
        return replace(event, **{name: time.astimezone(UTC) for name, time in times.items() if time is not None})

    rewritten = judged([in_utc(event) for event in events], moment.astimezone(UTC))

    assert rewritten == judged(events, moment)


@settings(deadline=None)
@given(events=EVENTS, pause=INTERVALS, moment=MOMENTS)
def test_a_pause_never_shortens(events: list[Event], pause: Interval, moment: datetime) -> None:
    mediation = Event("suspended", first=pause.first, last=pause.last, reason="mediation")
    plain_events = [one for one in events if one.kind not in ("new_facts", "agreed_date")]

    before, after = judged(plain_events, moment), judged([*plain_events, mediation], moment)

    assert due(in_force(after)) >= due(in_force(before))


@settings(deadline=None)
@given(pauses=st.lists(INTERVALS, max_size=5), count=st.integers(1, 60))
def test_overlapping_pauses_leave_each_day_out_once(pauses: list[Interval], count: int) -> None:
    start = date(2026, 3, 2)
    end = end_of_period(start, Period(count, Unit.CALENDAR_DAY), calendar=None, pauses=tuple(pauses))

    days = {start + timedelta(days=offset) for offset in range(1, (end - start).days + 1)}
    left_out = {one for one in days if any(one in pause for pause in pauses)}
    assert len(days) - len(left_out) == count
    assert end not in left_out
    assert end == end_of_period(start, Period(count, Unit.CALENDAR_DAY), calendar=None, pauses=union(pauses))


@settings(deadline=None)
@given(events=EVENTS, moment=MOMENTS, extra=st.one_of(APPROVALS, plain("found_complex"), plain("complainant_told")))
def test_an_extension_never_shortens(events: list[Event], moment: datetime, extra: Event) -> None:
    plain_events = [one for one in events if one.kind not in ("new_facts", "agreed_date")]

    before, after = judged(plain_events, moment), judged([*plain_events, extra], moment)

    assert due(in_force(after)) >= due(in_force(before))


@settings(deadline=None)
@given(events=EVENTS, moment=MOMENTS)
def test_what_happens_later_does_not_change_the_past(events: list[Event], moment: datetime) -> None:
    known = [one for one in events if one.known_from(SHANGHAI) <= moment]

    def answer(state: ClockState) -> tuple[Deadline, ...]:
        return state.deadlines

    assert answer(judged(events, moment)) == answer(judged(known, moment))


@settings(deadline=None)
@given(events=EVENTS, moment=MOMENTS)
def test_a_state_survives_pickling_and_speaks_both_languages(events: list[Event], moment: datetime) -> None:
    state = judged(events, moment)

    assert pickle.loads(pickle.dumps(state)) == state
    for sentence in (*state.warnings, *(line for one in state.deadlines for line in (*one.because, *one.changes))):
        assert "{" not in sentence.text("en")
        assert "{" not in sentence.text("zh")


@settings(deadline=None)
@given(kind=st.text(min_size=1).filter(lambda name: name not in event_kinds()))
def test_a_reason_that_no_rule_knows_leaves_no_day_out(kind: str) -> None:
    later = suspended("2026-03-03", "2026-03-20", told="2026-03-03T12:00", reason=f"snooze {kind}")

    state = judged([later], at("2026-03-10"))

    assert (due(in_force(state)), in_force(state).state) == (date(2026, 3, 17), State.RUNNING)
    assert codes(state) == ["reason_unknown"]


@settings(deadline=None)
@given(moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)))
def test_london_days_are_whole_when_the_clocks_change(moment: datetime) -> None:
    rule = shipped_rules().versions("uk-disp")[-1]
    start = moment.replace(tzinfo=LONDON)
    case = CaseEvents((Event("received", at=start),), LONDON)

    found = evaluate(rule, case, at=start + timedelta(hours=1)).deadline("UK-8W")

    assert found.due_on == moment.date() + timedelta(days=56)
    assert found.started_on == moment.date()

"""The arithmetic of a deadline in sentences, what would change it, and the dates beside it."""

from __future__ import annotations

from datetime import date, timedelta

from zhiyin.clock import phrases
from zhiyin.clock.course import Course
from zhiyin.clock.dues import Due, due_of
from zhiyin.clock.events import Event
from zhiyin.clock.pausing import days_left_out, pause_sentences
from zhiyin.clock.periods import Unit
from zhiyin.clock.rule import Limit, Roll
from zhiyin.clock.states import Alternative, Finding, State
from zhiyin.clock.timeline import Timeline, label
from zhiyin.clock.words import Sentence, say
from zhiyin.clock.workdays import CalendarYearMissing


def count_sentences(
    limit: Limit, start: Event, due: Due | None, timeline: Timeline, course: Course
) -> tuple[Sentence, ...]:
    """From the start to the due day: what was counted and what was left out."""
    if limit.period is None or due is None:
        return (_started(limit, start, timeline), say(phrases.PROMPTLY))
    unit, started = phrases.unit_name(limit.period.unit, limit.period.count), timeline.day_of(start)
    if limit.period.elapsed is not None:
        at = say(
            phrases.STARTED_AT, kind=label(start.kind), time=timeline.shown(timeline.moment(start)), zone=timeline.zone
        )
        return (at, say(phrases.ELAPSED, count=limit.period.count, unit=unit, due=due.shown(timeline)))
    last = due.rolled_from or due.on
    sentences = [_started(limit, start, timeline)]
    if not limit.period.count:
        sentences.append(say(phrases.SAME_DAY))
    else:
        sentences += pause_sentences(course.pauses, started, last)
        sentences += _days_of_the_week(limit, started, last, timeline)
        sentences.append(say(phrases.COUNTED, count=limit.period.count, unit=unit, due=last))
    if due.rolled_from is not None:
        sentences.append(say(phrases.ROLLED, due=due.rolled_from, moved=due.on))
    return tuple(sentences)


def _started(limit: Limit, start: Event, timeline: Timeline) -> Sentence:
    template = phrases.STARTED if limit.exclude_start_day else phrases.STARTED_COUNTED
    return say(template, kind=label(start.kind), day=timeline.day_of(start), zone=timeline.zone)


def _days_of_the_week(limit: Limit, started: date, last: date, timeline: Timeline) -> list[Sentence]:
    calendar = timeline.calendar_of(limit)
    if calendar is None or limit.period is None or limit.period.unit is not Unit.WORKING_DAY:
        return []
    off, worked = calendar.exceptions(started + timedelta(days=1), last)
    sentences = []
    if off:
        sentences.append(say(phrases.DAYS_OFF, calendar=calendar.title, days=off))
    if worked:
        sentences.append(say(phrases.DAYS_WORKED, calendar=calendar.title, days=worked))
    return sentences


def standing_sentences(course: Course, timeline: Timeline) -> tuple[Sentence, ...]:
    """Where the limit in force stands, in one sentence."""
    due, state = course.due, course.state
    if course.satisfied is not None:
        return (_satisfied(course.satisfied, due, state, timeline),)
    if due is None or state is State.BREACHED:
        return ()
    late = (timeline.today - due.on).days
    if state is State.OVERDUE:
        template = phrases.UNSATISFIED if late else phrases.UNSATISFIED_TODAY
        return (say(template, time=timeline.shown(timeline.at), count=late),)
    if state is State.PAUSED:
        return (say(phrases.LEFT_OUT_TODAY, day=timeline.today),)
    if state is State.RUNNING:
        template = phrases.REMAIN if late else phrases.TODAY
        return (say(template, day=timeline.today, count=-late),)
    return (say(phrases.LAPSED, due=due.shown(timeline)),) if late >= 0 and course.limit.is_lapsing else ()


def _satisfied(event: Event, due: Due | None, state: State, timeline: Timeline) -> Sentence:
    moment = timeline.moment(event)
    late = 0 if due is None else (timeline.day(moment) - due.on).days
    template = phrases.SATISFIED
    if state is not State.MET:
        template = phrases.SATISFIED_LATE if late else phrases.SATISFIED_LATE_TODAY
    return say(template, kind=label(event.kind), time=timeline.shown(moment), count=late)


def change_sentences(course: Course, timeline: Timeline) -> tuple[Sentence, ...]:
    """What would still change the limit in force."""
    if course.due is None or course.state not in (State.RUNNING, State.PAUSED):
        return ()
    rule, first, due = timeline.rule, course.chain[0], course.due.shown(timeline)
    sentences = list(extension_sentences(course, timeline))
    for ground in rule.suspensions:
        if first.id in ground.limits and course.agreed is None:
            template = phrases.IF_PAUSED_TOLD if ground.notice else phrases.IF_PAUSED
            sentences.append(say(template, reason=ground.reason.title, article=phrases.cited(ground.article)))
    for change in rule.restarts:
        if first.id in change.limits:
            sentences.append(say(phrases.IF_RESTARTED, kind=label(change.kind), article=phrases.cited(change.article)))
    for change in rule.agreements:
        if first.id in change.limits:
            sentences.append(say(phrases.IF_AGREED, due=due, article=phrases.cited(change.article)))
    for change in rule.endings:
        if first.id in change.limits:
            sentences.append(say(phrases.IF_ENDED, kind=label(change.kind), article=phrases.cited(change.article)))
    return tuple(sentences)


def extension_sentences(course: Course, timeline: Timeline) -> tuple[Sentence, ...]:
    """How the next longer limit of the chain would come into force."""
    place = course.chain.index(course.limit) + 1
    if place >= len(course.chain) or course.agreed is not None or course.due is None:
        return ()
    longer = course.chain[place]
    extension = longer.extension
    if extension is None:
        return ()
    template = phrases.IF_FOUND
    if extension.approvers:
        template = phrases.IF_APPROVED_TOLD if extension.notice else phrases.IF_APPROVED
    then, _ = possible_due(longer, course, timeline)
    return (
        say(
            template,
            kind=label(extension.by),
            approvers=tuple(one.title for one in extension.approvers),
            due=course.due.shown(timeline),
            id=longer.id,
            then="?" if then is None else then.shown(timeline),
        ),
    )


def possible_due(limit: Limit, course: Course, timeline: Timeline) -> tuple[Due | None, Sentence | None]:
    """When a limit that is not in force would end; a sentence instead where its year is not published."""
    try:
        return due_of(limit, course.start, timeline, days_left_out(course.pauses)), None
    except CalendarYearMissing as error:
        return None, say(phrases.YEAR_UNKNOWN, year=error.data["year"], notice=error.data["notice"])


def other_dates(course: Course, timeline: Timeline) -> tuple[tuple[Alternative, ...], date | None, tuple[Finding, ...]]:
    """The dates that other readings give: a pause that was not told, and an end moved off a day without work.

    Returns
    -------
    alternatives, advisory date, findings
    """
    if course.due is None or course.agreed is not None:
        return (), None, ()
    found = []
    if course.disputed:
        other = due_of(course.limit, course.start, timeline, days_left_out((*course.pauses, *course.disputed)))
        if other is not None and other.on != course.due.on:
            found.append(Alternative(other.on, say(phrases.IF_TOLD)))
    advisory, problems = _advisory(course.limit, course.due, timeline)
    if advisory is not None:
        why = say(phrases.ADVICE, due=course.due.on, moved=advisory)
        found.append(Alternative(advisory, why))
    return tuple(found), advisory, problems


def _advisory(limit: Limit, due: Due, timeline: Timeline) -> tuple[date | None, tuple[Finding, ...]]:
    calendar = timeline.calendar_of(limit)
    if limit.advisory_roll is not Roll.NEXT_WORKING_DAY or calendar is None:
        return None, ()
    try:
        moved = calendar.next_working_day(due.on)
    except CalendarYearMissing as error:
        sentence = say(phrases.ADVICE_UNKNOWN, due=due.on, notice=error.data["notice"])
        return None, (Finding("advice_unknown", sentence, limit.id),)
    return (moved, ()) if moved != due.on else (None, ())


def act_by(limit: Limit, due: Due | None, timeline: Timeline) -> date | None:
    """The last working day up to the due day, where it is earlier and known."""
    calendar = timeline.calendar_of(limit)
    if calendar is None or due is None:
        return None
    try:
        day = calendar.last_working_day(due.on)
    except CalendarYearMissing:
        return None
    return day if day != due.on else None

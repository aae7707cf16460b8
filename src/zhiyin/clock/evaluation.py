"""Evaluate a matter under a rule at a time: every deadline, its arithmetic, and what to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from zhiyin.clock import phrases
from zhiyin.clock.course import Course, Ending, follow, start_of
from zhiyin.clock.dues import Due, due_of
from zhiyin.clock.eventkinds import CaseInvalid
from zhiyin.clock.events import CaseEvents
from zhiyin.clock.explaining import (
    act_by,
    change_sentences,
    count_sentences,
    extension_sentences,
    other_dates,
    possible_due,
    standing_sentences,
)
from zhiyin.clock.rule import Limit, Rule
from zhiyin.clock.rulebook import RuleBook, shipped_rules
from zhiyin.clock.states import ClockState, Deadline, Finding, State
from zhiyin.clock.timeline import Timeline, attribute_values, first_findings, known_events, label
from zhiyin.clock.words import Sentence, say
from zhiyin.clock.workdays import CalendarYearMissing

NO_OFFSET = "a time without its offset"


def evaluate(rule: Rule, case: CaseEvents, *, at: datetime, book: RuleBook | None = None) -> ClockState:
    """Every deadline of a matter under one version of a rule, as known at a time.

    The answer depends on nothing but the arguments: not on the time of day of the machine, nor on the order of the
    events. What happened after ``at`` is left out and named in a finding, so that any day of the past can be asked for.

    Parameters
    ----------
    rule : the version the matter belongs to; :meth:`RuleBook.rule_for` finds it.
    case : what happened.
    at : the time asked about, with its offset.
    book : where calendars are looked up; None takes the shipped ones.

    Returns
    -------
    ClockState : one deadline a limit, in the order of the rule.

    Raises
    ------
    CalendarYearMissing : a limit in force counts working days into a year that is not published.
    CaseInvalid : ``at`` has no offset, or an attribute has a value that the rule does not know.
    UnknownCalendar : the matter names a calendar that is not loaded.

    Examples
    --------
    >>> from datetime import datetime
    >>> from zhiyin.clock import Event, CaseEvents, evaluate, shipped_rules
    >>> received = Event("received", at=datetime.fromisoformat("2026-03-02T10:00:00+08:00"))
    >>> rule = shipped_rules().versions("cn-order-3-2020")[-1]
    >>> state = evaluate(rule, CaseEvents((received,)), at=datetime.fromisoformat("2026-03-05T09:00:00+08:00"))
    >>> state.deadline("CN3-T15").due_on.isoformat(), state.deadline("CN3-T15").remaining_days
    ('2026-03-17', 12)
    """
    if at.tzinfo is None:
        raise CaseInvalid(where="at", problem=say(NO_OFFSET))
    timeline, findings = _timeline(rule, case, at, book or shipped_rules())
    courses = _courses(timeline)
    rows: dict[str, Deadline] = {}
    for chain, course, missing in courses:
        made, found = _rows(chain, course, missing, timeline)
        rows.update({row.id: row for row in made})
        findings += found
    if not any(course for _, course, _ in courses) and not any(row.started_on for row in rows.values()):
        findings += (Finding("not_started", say(phrases.NOTHING_STARTED)),)
    deadlines = tuple(_announcing(rows[limit.id], limit, rows) for limit in rule.limits)
    return ClockState(
        rule=rule.rule,
        version=rule.version,
        title=rule.title,
        owner=rule.owner,
        source=rule.source,
        status=rule.status,
        zone=str(timeline.zone),
        calendar=timeline.calendar.name if timeline.calendar else None,
        at=timeline.local(at),
        deadlines=deadlines,
        findings=tuple(dict.fromkeys(findings)),
    )


def _timeline(rule: Rule, case: CaseEvents, at: datetime, book: RuleBook) -> tuple[Timeline, tuple[Finding, ...]]:
    zone = case.zone or ZoneInfo(rule.zone)
    known, later = known_events(case, zone, at)
    name = case.calendar or rule.calendar
    timeline = Timeline(
        rule=rule,
        zone=zone,
        calendar=book.calendar(name) if name else None,
        calendars=tuple(
            book.calendar(one) for one in sorted({limit.calendar for limit in rule.limits if limit.calendar})
        ),
        at=at,
        events=known,
        attributes=attribute_values(rule, case),
    )
    return timeline, first_findings(timeline, later, case)


_Chain = tuple[tuple[Limit, ...], Course | None, tuple[Sentence, ...]]


def _courses(timeline: Timeline) -> tuple[_Chain, ...]:
    """Each chain with its course, or with the reasons why it has none.

    Chains that can end others are followed first, and those that require another last.
    """
    done: dict[str, Course | None] = {}
    endings: dict[str, tuple[Ending, ...]] = {}
    found: list[_Chain] = []
    for chain in sorted(timeline.rule.chains(), key=lambda one: (not one[0].ends, one[0].requires is not None)):
        first = chain[0]
        missing = _missing(first, timeline, done)
        course = None if missing else follow(chain, timeline, endings.get(first.id, ()))
        done[first.id] = course
        if course is not None and course.state is State.MET and course.satisfied is not None:
            ending = Ending(timeline.moment(course.satisfied), first.id)
            for other in first.ends:
                endings[other] = (*endings.get(other, ()), ending)
        found.append((chain, course, missing))
    return tuple(found)


def _missing(first: Limit, timeline: Timeline, done: dict[str, Course | None]) -> tuple[Sentence, ...]:
    """Why a chain does not apply to the matter, if it does not."""
    sentences = []
    for name, wanted in first.applies:
        given = timeline.values(name)
        if not set(given) & set(wanted):
            offered = next(one for one in timeline.rule.attributes if one.name == name)
            titles = {one.code: one.title for one in offered.values}
            sentences.append(
                say(
                    phrases.NOT_FOR_THIS,
                    attribute=offered.title,
                    given=tuple(titles[code] for code in given),
                    wanted=tuple(titles[code] for code in wanted),
                )
            )
    if sentences and first.not_applicable is not None:
        sentences.append(say("{reason}.", reason=first.not_applicable))
    required = done.get(first.requires or "")
    if required is not None and required.state is State.ENDED and start_of(first, timeline) is not None:
        sentences.append(say(phrases.REQUIRED_LAPSED, id=first.requires))
    return tuple(sentences)


def _rows(
    chain: tuple[Limit, ...], course: Course | None, missing: tuple[Sentence, ...], timeline: Timeline
) -> tuple[tuple[Deadline, ...], tuple[Finding, ...]]:
    if course is None:
        return _idle_rows(chain, missing, timeline)
    if course.limit.keeps:
        return (_kept_row(course, timeline),), ()
    place = chain.index(course.limit)
    rows = []
    for index, limit in enumerate(chain):
        if index == place:
            rows.append(_row_in_force(course, timeline))
        else:
            rows.append(_row_beside(limit, course, timeline, is_replaced=index < place))
    findings = course.findings + other_dates(course, timeline)[2]
    if course.state in (State.OVERDUE, State.BREACHED) and course.limit.if_late is not None:
        sentence = say(phrases.CONSEQUENCE, id=course.limit.id, what=course.limit.if_late)
        findings += (Finding("consequence", sentence, course.limit.id),)
    return tuple(rows), findings


def _row_in_force(course: Course, timeline: Timeline) -> Deadline:
    limit, due = course.limit, course.due
    alternatives, advisory, _ = other_dates(course, timeline)
    is_open = course.state in (State.RUNNING, State.PAUSED, State.OVERDUE)
    counting = count_sentences(limit, course.start, _counted_due(course, timeline), timeline, course)
    return replace(
        _blank(limit, course.state),
        is_in_force=True,
        due_on=due.on if due else None,
        due_at=due.at if due else None,
        started_on=timeline.day_of(course.start),
        satisfied_at=timeline.local(timeline.moment(course.satisfied)) if course.satisfied else None,
        remaining_days=(due.on - timeline.today).days if due and is_open else None,
        advisory_on=advisory,
        act_by_on=act_by(limit, due, timeline) if is_open else None,
        alternatives=alternatives,
        because=(*counting, *course.steps, *standing_sentences(course, timeline)),
        changes=change_sentences(course, timeline),
    )


def _counted_due(course: Course, timeline: Timeline) -> Due | None:
    return possible_due(course.limit, course, timeline)[0] if course.agreed else course.due


def _row_beside(limit: Limit, course: Course, timeline: Timeline, *, is_replaced: bool) -> Deadline:
    """A limit of the chain that is not in force: replaced by a longer one, or not reached."""
    due, problem = possible_due(limit, course, timeline)
    because = [say(phrases.REPLACED, id=course.limit.id)] if is_replaced else []
    if problem is not None:
        because.append(problem)
    elif due is not None and not is_replaced:
        because.append(say(phrases.WOULD_BE, due=due.shown(timeline)))
    is_next = not is_replaced and course.state in (State.RUNNING, State.PAUSED)
    follows = course.chain.index(limit) == course.chain.index(course.limit) + 1
    return replace(
        _blank(limit, State.ENDED if is_replaced else State.NOT_APPLICABLE),
        due_on=due.on if due else None,
        due_at=due.at if due else None,
        started_on=timeline.day_of(course.start),
        because=tuple(because),
        changes=extension_sentences(course, timeline) if is_next and follows else (),
    )


def _idle_rows(
    chain: tuple[Limit, ...], missing: tuple[Sentence, ...], timeline: Timeline
) -> tuple[tuple[Deadline, ...], tuple[Finding, ...]]:
    """The limits of a chain that has not started or does not apply."""
    start = start_of(chain[0], timeline)
    rows = []
    for limit in chain:
        row = _blank(limit, State.NOT_APPLICABLE)
        if start is None:
            kinds = tuple(label(kind) for kind in dict.fromkeys(one.kind for one in limit.start))
            rows.append(replace(row, because=(*missing, say(phrases.NOT_STARTED, kinds=kinds))))
            continue
        try:
            due, problem = due_of(limit, start, timeline, ()), None
        except CalendarYearMissing as error:
            due, problem = None, say(phrases.YEAR_UNKNOWN, year=error.data["year"], notice=error.data["notice"])
        shown = say(phrases.WOULD_BE, due=due.shown(timeline)) if due else problem or say(phrases.NOT_IN_FORCE)
        rows.append(replace(row, due_on=due.on if due else None, because=(*missing, shown)))
    asked = start is not None and missing and (chain[0].not_applicable is not None or chain[0].requires is not None)
    findings = (Finding("not_available", missing[-1], chain[0].id),) if asked else ()
    return tuple(rows), findings


def _kept_row(course: Course, timeline: Timeline) -> Deadline:
    """Something to be kept: the date is the first on which it may go, and a hold wins over it."""
    limit, due = course.limit, course.due
    is_held = limit.held_by is not None and "true" in timeline.values(limit.held_by)
    last = due.shown(timeline) if due else ""
    is_over = due is not None and timeline.today >= due.on
    state = State.PAUSED if is_held else State.ENDED if is_over else State.RUNNING
    sentences = [say(phrases.KEPT if is_over else phrases.KEEP, due=last)]
    if is_held:
        sentences = [say(phrases.KEEP, due=last), say(phrases.HELD)]
    return replace(
        _blank(limit, state),
        is_in_force=True,
        due_on=due.on if due else None,
        started_on=timeline.day_of(course.start),
        remaining_days=(due.on - timeline.today).days if due and state is State.RUNNING else None,
        because=(*count_sentences(limit, course.start, due, timeline, course), *sentences),
    )


def _blank(limit: Limit, state: State) -> Deadline:
    return Deadline(
        id=limit.id,
        article=limit.article,
        duty=limit.duty,
        actor=limit.actor,
        nature=limit.nature,
        confidence=limit.confidence,
        state=state,
        is_in_force=False,
        due_on=None,
    )


def _announcing(row: Deadline, limit: Limit, rows: dict[str, Deadline]) -> Deadline:
    """Add the dates that must be told when the duty is done."""
    told = [rows[other] for other in limit.announces if rows[other].is_in_force and rows[other].due_on]
    return replace(row, because=(*row.because, *(say(phrases.ANNOUNCE, id=one.id, due=one.due_on) for one in told)))

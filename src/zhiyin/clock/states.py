"""What the clock answers: one deadline a limit, with its arithmetic, and what to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from zhiyin.clock.rule import Actor, Nature
from zhiyin.clock.words import Pair, Sentence


class State(StrEnum):
    """Where a deadline stands.

    ``running``: to be kept. ``paused``: to be kept, and today is left out. ``met``: kept. ``overdue``: passed, and
    still to be done. ``breached``: done, or ended, after it had passed. ``ended``: no longer to be kept (withdrawn,
    replaced by a longer limit, or a possibility that lapsed). ``not_applicable``: not in force; the date shown is the
    one it would have.
    """

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    OVERDUE = "overdue"
    BREACHED = "breached"
    ENDED = "ended"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another date that the same facts allow, and on which reading."""

    on: date
    why: Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should look at: a stable code, the limit concerned, the sentence."""

    code: str
    sentence: Sentence
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """One limit of one matter.

    Parameters
    ----------
    id, article, duty, actor, nature, confidence : of the limit.
    state : see :class:`State`.
    is_in_force : whether this is the limit that governs, of those that replace each other.
    due_on : last local day; None for a duty without a number of days. For something to be kept, the first day on
        which it may go.
    due_at : last instant, where the limit runs in hours or ends when the bank closes; else None.
    started_on : local day of the start.
    satisfied_at : when it was satisfied.
    remaining_days : local days from ``at`` to ``due_on``; negative when past; None when nothing runs.
    advisory_on : the date under a reading that moves it off a day without work, where it differs.
    act_by_on : the last working day up to the due day, where it is earlier.
    alternatives : every other date that the facts allow.
    because : the arithmetic, sentence by sentence.
    changes : what would change it.
    """

    id: str
    article: str
    duty: Pair
    actor: Actor
    nature: Nature
    confidence: str
    state: State
    is_in_force: bool
    due_on: date | None
    due_at: datetime | None = None
    started_on: date | None = None
    satisfied_at: datetime | None = None
    remaining_days: int | None = None
    advisory_on: date | None = None
    act_by_on: date | None = None
    alternatives: tuple[Alternative, ...] = ()
    because: tuple[Sentence, ...] = ()
    changes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockState:
    """All deadlines of a matter under one rule at one time.

    Parameters
    ----------
    rule, version, title, owner, source, status : of the rule; the matter is pinned to this version.
    zone, calendar : by which local days and working days were counted.
    at : the time asked about; what happened later was left out.
    deadlines : one a limit, in the order of the rule.
    findings : what a person should look at.
    """

    rule: str
    version: str
    title: Pair
    owner: str
    source: str
    status: str
    zone: str
    calendar: str | None
    at: datetime
    deadlines: tuple[Deadline, ...]
    findings: tuple[Finding, ...]

    def deadline(self, limit_id: str) -> Deadline:
        """The deadline of a limit, by id.

        Raises
        ------
        KeyError : the rule has no such limit.
        """
        for deadline in self.deadlines:
            if deadline.id == limit_id:
                return deadline
        raise KeyError(limit_id)

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """The sentences of the findings."""
        return tuple(finding.sentence for finding in self.findings)

    @property
    def open_deadlines(self) -> tuple[Deadline, ...]:
        """The bank's duties still to be done: running, paused or overdue, the most urgent first, undated last."""
        waiting = {State.RUNNING, State.PAUSED, State.OVERDUE}
        duties = [one for one in self.deadlines if one.actor is Actor.BANK and one.nature is Nature.DUTY]
        found = [one for one in duties if one.state in waiting and one.is_in_force]
        return tuple(sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max, one.id)))


def to_document(state: ClockState, language: str | None = None) -> dict[str, object]:
    """The answer as a JSON object, its sentences in a language (None: the user's)."""
    return {
        "rule": state.rule,
        "version": state.version,
        "title": state.title.text(language),
        "owner": state.owner,
        "source": state.source,
        "status": state.status,
        "zone": state.zone,
        "calendar": state.calendar,
        "at": state.at.isoformat(),
        "deadlines": [_deadline(one, language) for one in state.deadlines],
        "warnings": [sentence.text(language) for sentence in state.warnings],
        "findings": [{"code": one.code, "limit": one.limit} for one in state.findings],
    }


def _deadline(one: Deadline, language: str | None) -> dict[str, object]:
    return {
        "id": one.id,
        "due_on": _iso(one.due_on),
        "state": one.state.value,
        "article": one.article,
        "because": [sentence.text(language) for sentence in one.because],
        "changes": [sentence.text(language) for sentence in one.changes],
        "in_force": one.is_in_force,
        "duty": one.duty.text(language),
        "actor": one.actor.value,
        "nature": one.nature.value,
        "confidence": one.confidence,
        "started_on": _iso(one.started_on),
        "due_at": _iso(one.due_at),
        "satisfied_at": _iso(one.satisfied_at),
        "remaining_days": one.remaining_days,
        "advisory_on": _iso(one.advisory_on),
        "act_by_on": _iso(one.act_by_on),
        "alternatives": [{"on": _iso(other.on), "because": other.why.text(language)} for other in one.alternatives],
    }


def _iso(value: date | datetime | None) -> str | None:
    return None if value is None else value.isoformat()

"""What the bank knew at a time, in order of time, by the institution's own clock on the wall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from zhiyin.clock import phrases
from zhiyin.clock.eventkinds import NOT_OFFERED, CaseInvalid, event_kinds
from zhiyin.clock.events import CaseEvents, Event
from zhiyin.clock.rule import Attribute, Limit, NoticeProof, Rule
from zhiyin.clock.states import Finding
from zhiyin.clock.words import Pair, say
from zhiyin.clock.workdays import Calendar

METHODS: Final = {
    "letter": Pair(zh="信函", en="letter"),
    "hand": Pair(zh="当面递交", en="by hand"),
    "sms": Pair(zh="短信", en="SMS"),
    "email": Pair(zh="电子邮件", en="e-mail"),
    "app": Pair(zh="手机银行", en="app"),
    "phone": Pair(zh="电话", en="telephone"),
    "oral": Pair(zh="当面口头", en="in person"),
    "unreachable": Pair(zh="无法联系", en="could not be reached"),
}
PROOFS: Final = {
    "proof": Pair(zh="证明编号", en="reference of the proof"),
    "logged": Pair(zh="拨打记录", en="telephone log"),
}


@dataclass(frozen=True, slots=True)
class Timeline:
    """A matter as known at a time.

    Parameters
    ----------
    rule : the version it belongs to.
    zone : whose days are counted.
    calendar : of working days; None where the rule needs none.
    calendars : the calendars of limits that have their own.
    at : the time asked about.
    events : what was known then, in order of time; the order of the file plays no part.
    attributes : the values of each attribute of the rule, by code.
    """

    rule: Rule
    zone: ZoneInfo
    calendar: Calendar | None
    calendars: tuple[Calendar, ...]
    at: datetime
    events: tuple[Event, ...]
    attributes: tuple[tuple[str, tuple[str, ...]], ...]

    def local(self, moment: datetime) -> datetime:
        """A moment on the institution's clock."""
        return moment.astimezone(self.zone)

    def day(self, moment: datetime) -> date:
        """The local day of a moment."""
        return self.local(moment).date()

    def moment(self, event: Event) -> datetime:
        """When an event happened."""
        return event.moment(self.zone)

    def day_of(self, event: Event) -> date:
        """The local day of an event."""
        return self.day(self.moment(event))

    @property
    def today(self) -> date:
        """The local day of the time asked about."""
        return self.day(self.at)

    def shown(self, moment: datetime) -> str:
        """A moment for a sentence, to the minute of the institution's clock."""
        return self.local(moment).strftime("%Y-%m-%d %H:%M")

    def calendar_of(self, limit: Limit) -> Calendar | None:
        """The calendar by which a limit is counted."""
        if limit.calendar is None:
            return self.calendar
        return next(calendar for calendar in self.calendars if calendar.name == limit.calendar)

    def values(self, attribute: str) -> tuple[str, ...]:
        """The codes that the matter has for an attribute."""
        return dict(self.attributes).get(attribute, ())

    def proof(self, event: Event) -> NoticeProof | None:
        """The proof that a notice lacks, if any."""
        for proof in self.rule.proofs:
            if proof.method == event.method and not any(getattr(event, need) for need in proof.needs):
                return proof
        return None

    def counts(self, event: Event) -> bool:
        """Whether a notice counts: it has its proof, or counts without."""
        proof = self.proof(event)
        return proof is None or proof.counts_without

    def told(self, about: str, since: datetime) -> Event | None:
        """The first notice to the complainant about something, from a time on."""
        for event in self.events:
            plain = event.kind == "complainant_told" and event.about in (None, about)
            notice = event.kind == "notice_dispatched" and event.about == about
            if (plain or notice) and self.moment(event) >= since and self.counts(event):
                return event
        return None


def label(kind: str) -> Pair:
    """The short name of a kind of event."""
    return event_kinds()[kind].label


def known_events(case: CaseEvents, zone: ZoneInfo, at: datetime) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """The events known at a time and those not yet known, each in order of time."""
    ordered = sorted(set(case.events), key=lambda event: (event.moment(zone), event.order()))
    known = tuple(event for event in ordered if event.known_from(zone) <= at)
    return known, tuple(event for event in ordered if event.known_from(zone) > at)


def attribute_values(rule: Rule, case: CaseEvents) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The codes of each attribute of a rule: those given in any spelling, else the rule's default.

    Raises
    ------
    CaseInvalid : a value is none of those offered.
    """
    return tuple((attribute.name, _codes(attribute, case.attribute(attribute.name))) for attribute in rule.attributes)


def _codes(attribute: Attribute, given: Iterable[str]) -> tuple[str, ...]:
    codes = []
    for value in given:
        code = attribute.code(value) if attribute.values else value
        if code is None:
            choices = tuple(one.code for one in attribute.values)
            raise CaseInvalid(where=attribute.name, problem=say(NOT_OFFERED, value=value, choices=choices))
        codes.append(code)
    return tuple(codes) or attribute.default


def first_findings(timeline: Timeline, later: tuple[Event, ...], case: CaseEvents) -> tuple[Finding, ...]:
    """What can be said before any limit is looked at."""
    found = [Finding("field_ignored", note) for note in case.notes]
    rule = timeline.rule
    if rule.status == "unconfirmed":
        found.append(Finding("unconfirmed", say(phrases.UNCONFIRMED, confidence=rule.confidence)))
    for event in later:
        time = timeline.shown(event.known_from(timeline.zone))
        found.append(Finding("after_at", say(phrases.AFTER_AT, kind=label(event.kind), time=time)))
    for kind in sorted({event.kind for event in timeline.events} - rule.kinds()):
        found.append(Finding("no_meaning", say(phrases.MEANINGLESS, kind=label(kind))))
    return (*found, *_proof_findings(timeline), *_reason_findings(timeline))


def _proof_findings(timeline: Timeline) -> list[Finding]:
    found = []
    for event in timeline.events:
        proof = timeline.proof(event)
        if proof is None:
            continue
        code, template = (
            ("proof_missing", phrases.PROOF_MISSING) if proof.counts_without else ("not_proven", phrases.NOT_PROVEN)
        )
        sentence = say(
            template,
            time=timeline.shown(timeline.moment(event)),
            method=METHODS[proof.method],
            article=phrases.cited(proof.article),
            needs=tuple(PROOFS[need] for need in proof.needs),
        )
        found.append(Finding(code, sentence))
    return found


def _reason_findings(timeline: Timeline) -> list[Finding]:
    grounds = tuple(one.reason.title for one in timeline.rule.suspensions)
    if not grounds:
        return []
    found = []
    for event in timeline.events:
        reason = event.reason or ""
        if event.kind == "suspended" and not any(one.reason.is_called(reason) for one in timeline.rule.suspensions):
            found.append(Finding("reason_unknown", say(phrases.REASON_UNKNOWN, reason=reason, grounds=grounds)))
    return found

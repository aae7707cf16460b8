"""Every sentence in which the clock explains itself; shown in either language, never put together from pieces."""

from __future__ import annotations

from typing import Final

from zhiyin.clock.periods import Unit
from zhiyin.clock.words import Pair

UNITS: Final[dict[Unit, Pair]] = {
    Unit.MINUTE: Pair(zh="分钟", en="minutes"),
    Unit.HOUR: Pair(zh="小时", en="hours"),
    Unit.CALENDAR_DAY: Pair(zh="个自然日", en="calendar days"),
    Unit.WORKING_DAY: Pair(zh="个工作日", en="working days"),
    Unit.WEEK: Pair(zh="周", en="weeks"),
    Unit.MONTH: Pair(zh="个月", en="months"),
    Unit.YEAR: Pair(zh="年", en="years"),
}


def unit_name(unit: Unit, count: int) -> Pair:
    """What a unit is called for a count of it."""
    name = UNITS[unit]
    return Pair(zh=name.zh, en=name.en.removesuffix("s")) if count == 1 else name


def cited(article: str) -> Pair:
    """How an article is cited: by number, or as the source names its parts; ``-`` where it names none."""
    if article.isdigit():
        return Pair(zh=f"第{article}条", en=f"article {article}")
    return Pair(zh="无明文", en="no article") if article == "-" else Pair(zh=article, en=article)


# The start and the count
STARTED = "Start: {kind} on {day} ({zone} time); that day is not counted."
STARTED_COUNTED = "Start: {kind} on {day} ({zone} time); that day is counted."
STARTED_AT = "Start: {kind} at {time} ({zone} time)."
RESTARTED = "{kind} on {day}: the period starts again from that day ({article})."
NOT_STARTED = "Not started: no event of this kind yet: {kinds}."
SAME_DAY = "Due on the same day."
COUNTED = "Counted: {count} {unit}, up to and including {due}."
ELAPSED = "Ends after {count} {unit}, at {due}."
PROMPTLY = "To be done promptly; the rule gives no number of days."
DAYS_OFF = "Weekdays off on the way, not counted ({calendar}): {days}."
DAYS_WORKED = "Days of a weekend that are worked on the way, counted ({calendar}): {days}."
PAUSED_DAYS = "{first} to {last} is left out: {reason} ({article}); days: {count}."
PAUSED_SO_FAR = "Left out since {first}: {reason} ({article}); while it lasts the due day moves on daily."
PAUSES_OVERLAP = "Pauses that overlap are left out once; days in all: {count}."
ROLLED = "{due} is not a working day; the rule moves it to {moved}."
AGREED = "On {day} bank and complainant agreed on {agreed}; that date takes its place ({article})."
EXTENDED = "{kind} on {day}, before {due} had passed: {id} takes its place."
EXTENDED_BY = "Approved by {approver} on {day} and effective before {due} had passed: {id} takes its place."
MERGED = "{kind} on {day}: merged, the clock is unchanged and the complaint counts once ({article})."
ANNOUNCE = "State that {id} is due on {due}."

# Where it stands
REMAIN = "Days left on {day}: {count}."
TODAY = "Today, {day}, is the last day."
LEFT_OUT_TODAY = "On {day} the clock is paused."
SATISFIED = "{kind} at {time}: in time."
SATISFIED_LATE = "{kind} at {time}: too late; days late: {count}."
SATISFIED_LATE_TODAY = "{kind} at {time}: too late."
UNSATISFIED = "Nothing had satisfied it by {time}; days overdue: {count}."
UNSATISFIED_TODAY = "Nothing had satisfied it by {time}: overdue."
LAPSED = "The possibility lapsed after {due}."
ENDED = "{kind} on {day}: it ends the same day ({article})."
ENDED_LATE = "{kind} on {day}, after the limit had passed: the breach stays ({article})."
ENDED_BY = "{id} was met on {day}: this limit need no longer be kept."
REPLACED = "Replaced by {id}."
WOULD_BE = "Not in force; it would be due on {due}."
NOT_IN_FORCE = "Not in force."
NOT_FOR_THIS = "Does not apply: {attribute} is {given}, the rule asks for {wanted}."
REQUIRED_LAPSED = "Does not apply: {id} had lapsed."
YEAR_UNKNOWN = "Its date needs the {year} calendar: load {notice}."
KEEP = "To be kept until {due}; on that day at the earliest it may go."
KEPT = "Kept long enough: since {due} it may go."
HELD = "A hold is on it: it must not go, whatever the date."

# What would change it
IF_FOUND = "{kind}, by {due} at the latest: {id}, due on {then}."
IF_APPROVED = "Approval by {approvers}, by {due} at the latest: {id}, due on {then}."
IF_APPROVED_TOLD = (
    "Approval by {approvers}, with the complainant told, both by {due} at the latest: {id}, due on {then}."
)
IF_PAUSED = "A pause for {reason} leaves its days out ({article})."
IF_PAUSED_TOLD = "A pause for {reason} leaves its days out once the complainant is told ({article})."
IF_RESTARTED = "{kind} starts the period again ({article})."
IF_AGREED = "A date agreed with the complainant by {due} takes its place ({article})."
IF_ENDED = "{kind} ends it the same day ({article})."

# Other dates
ADVICE = "{due} is not a working day; on a reading that moves the end to the next working day it would be {moved}."
IF_TOLD = "If the pause counts although the complainant was not told in time."

# Findings
AFTER_AT = "{kind} at {time} lies after the time asked about and was left out."
MEANINGLESS = "{kind} means nothing to this rule and was left out."
BEFORE_START = "{kind} on {day} lies before the start and was left out."
AGAIN = "{kind} on {day}: the clock had started before and keeps its first start."
AFTER_END = (
    "{kind} on {day} came after the clock had stopped and changes nothing; "
    "a complaint that comes again is a new matter, linked to this one."
)
UNCONFIRMED = (
    "This rule has not been confirmed against its text (confidence {confidence}): have it confirmed before use."
)
NOTHING_STARTED = "Nothing that starts a clock of this rule has happened yet."
REASON_UNKNOWN = "{reason} is no ground on which this rule pauses a clock ({grounds}); putting a matter off never does."
PAUSE_NOT_TOLD = (
    "The complainant was not told of the pause from {first} ({article}): not compliant. "
    "The date without the pause is in force; both are shown."
)
PAUSE_TOLD_LATE = (
    "The complainant was told of the pause from {day} only on {told}, after {due} had passed ({article}): "
    "not compliant. The date without the pause is in force; both are shown."
)
WRONG_ROLE = "The extension approved on {day} by {role} has no effect: the approver must be {approvers}."
EXTENSION_LATE = "{kind} on {day} has no effect: {due} had passed."
EXTENSION_BACKDATED = (
    "The extension dated {day} was entered on {entered}, after {due} had passed: rejected; the breach stays. "
    "Enter this in the audit."
)
EXTENSION_NOT_TOLD = "The extension approved on {day} is not effective: the complainant was not told by {due}."
EXTENSION_TELL = (
    "The extension approved on {day} becomes effective when the complainant is told, by {due} at the latest."
)
EXTENSION_TURN = "The extension approved on {day} has no effect: {id} must be in force first."
EXTENSION_AGREED = "{kind} on {day} has no effect: the parties had agreed on {due}."
AGREED_IN_PAST = "The date agreed on {day} has no effect: {agreed} lies before it."
CHANGE_LATE = "{kind} on {day} came after {due} had passed: the breach stays."
PROOF_MISSING = "The notice at {time} ({method}) needs proof to be kept ({article}): {needs}."
NOT_PROVEN = "The notice at {time} ({method}) does not count without proof ({article}): {needs}."
CONSEQUENCE = "{id} was missed: {what}."
ADVICE_UNKNOWN = "Whether {due} is a working day is not known: load {notice}."

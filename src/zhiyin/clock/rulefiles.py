"""From a TOML file to a checked :class:`~zhiyin.clock.rule.Rule`.

A file is checked whole when it is read, so that a mistake shows when the program starts and not when a limit passes.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo

from zhiyin.clock.eventkinds import event_kinds
from zhiyin.clock.events import NO_SUCH_ZONE
from zhiyin.clock.periods import Period, Unit
from zhiyin.clock.rule import (
    Actor,
    Attribute,
    Change,
    Condition,
    Extension,
    Limit,
    Matcher,
    Named,
    NoticeProof,
    Outcome,
    Roll,
    Rule,
    Suspension,
    Test,
)
from zhiyin.clock.rulechecks import check_rule
from zhiyin.clock.sections import NOT_ONE_OF, WRONG_TYPE, Section, read_section
from zhiyin.clock.words import say

CONFIDENCES = ("Q", "S", "M", "V", "I")
STATUSES = ("read", "confirmed", "unconfirmed")
OWNERS = ("law", "bank")
KIND_OR_TABLE = "a kind of event or a table"
COMPARISONS = ("is", "is_not", "at_least", "at_most", "one_of", "none_of", "same_as", "lacks", "lacks_fact")


def read_rule(path: Path | Traversable) -> Rule:
    """One rule from its file.

    Raises
    ------
    ClockFileInvalid : naming the file, the place and the problem.
    """
    top = read_section(path)
    zone, confidence = top.text("zone"), _one_of(top, "confidence", CONFIDENCES)
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        top.refuse("zone", say(NO_SUCH_ZONE, value=zone))
    rule = Rule(
        rule=top.text("rule"),
        version=top.text("version"),
        title=top.pair("title"),
        owner=_one_of(top, "owner", OWNERS),
        source=top.text("source"),
        source_note=top.text("source_note", ""),
        confidence=confidence,
        status=_one_of(top, "status", STATUSES),
        valid_from=top.day("valid_from"),
        valid_to=top.optional_day("valid_to"),
        zone=zone,
        calendar=top.optional_text("calendar"),
        attributes=tuple(_attribute(one) for one in top.sections("attribute")),
        limits=tuple(_limit(one, confidence) for one in top.sections("limit")),
        suspensions=tuple(_suspension(one) for one in top.sections("suspension")),
        restarts=tuple(_change(one) for one in top.sections("restart")),
        merges=tuple(_change(one) for one in top.sections("merge")),
        endings=tuple(_change(one) for one in top.sections("ending")),
        agreements=tuple(_change(one) for one in top.sections("agreement")),
        proofs=tuple(_proof(one) for one in top.sections("proof")),
        conditions=tuple(_condition(one, confidence) for one in top.sections("condition")),
    )
    top.finish()
    check_rule(rule, top)
    return rule


def _one_of(section: Section, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
    value = section.text(key, default)
    if value not in choices:
        section.refuse(key, say(NOT_ONE_OF, value=value, choices=choices))
    return value


def _attribute(section: Section) -> Attribute:
    values = tuple(_named(one) for one in section.sections("values"))
    attribute = Attribute(section.text("name"), section.pair("title"), values, section.texts("default"))
    section.finish()
    return attribute


def _named(section: Section) -> Named:
    named = Named(section.text("code"), section.texts("also", ()), section.pair(""))
    section.finish()
    return named


def _limit(section: Section, confidence: str) -> Limit:
    limit = Limit(
        id=section.text("id"),
        article=section.text("article"),
        duty=section.pair("duty"),
        actor=section.choice("actor", Actor, Actor.BANK),
        confidence=_one_of(section, "confidence", CONFIDENCES, confidence),
        start=_matchers(section, "start"),
        period=_period(section),
        satisfied_by=_matchers(section, "satisfied_by") if section.has("satisfied_by") else (),
        extension=_extension(section.section("extension")) if section.has("extension") else None,
        exclude_start_day=section.flag("exclude_start_day", True),
        roll=section.choice("roll", Roll, Roll.NONE),
        advisory_roll=section.choice("advisory_roll", Roll, Roll.NONE),
        calendar=section.optional_text("calendar"),
        by_close_of_business=section.flag("by_close_of_business", False),
        applies=_applies(section),
        not_applicable=section.pair("not_applicable") if section.has("not_applicable_zh") else None,
        if_late=section.pair("if_late") if section.has("if_late_zh") else None,
        is_lapsing=section.flag("is_lapsing", False),
        keeps=section.flag("keeps", False),
        held_by=section.optional_text("held_by"),
        ends=section.texts("ends", ()),
        requires=section.optional_text("requires"),
        announces=section.texts("announces", ()),
    )
    section.finish()
    return limit


def _period(section: Section) -> Period | None:
    if section.flag("promptly", False):
        return None
    inner = section.section("period")
    period = Period(inner.count("count"), inner.choice("unit", Unit))
    inner.finish()
    return period


def _extension(section: Section) -> Extension:
    extension = Extension(
        of=section.text("of"),
        by=_kind(section, "by"),
        approvers=tuple(_named(one) for one in section.sections("approvers")),
        notice=section.flag("notice", False),
    )
    section.finish()
    return extension


def _matchers(section: Section, key: str) -> tuple[Matcher, ...]:
    found = []
    for index, value in enumerate(section.mixed(key)):
        table = {"kind": value} if isinstance(value, str) else value
        if not isinstance(table, dict):
            section.refuse(f"{key}[{index}]", say(WRONG_TYPE, expected=say(KIND_OR_TABLE)))
        inner = Section(section.file, f"{section.where}.{key}[{index}]", table)
        matcher = Matcher(_kind(inner, "kind"), inner.texts("about", ()), inner.flag("written", False))
        offered = next((field.choices for field in event_kinds()[matcher.kind].fields if field.name == "about"), ())
        for about in matcher.about:
            if about not in offered:
                inner.refuse("about", say(NOT_ONE_OF, value=about, choices=offered))
        inner.finish()
        found.append(matcher)
    return tuple(found)


def _kind(section: Section, key: str) -> str:
    return _one_of(section, key, tuple(event_kinds()))


def _applies(section: Section) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not section.has("applies"):
        return ()
    inner = section.section("applies")
    return tuple((name, inner.texts(name)) for name in inner.names())


def _suspension(section: Section) -> Suspension:
    reason = Named(section.text("code"), section.texts("also", ()), section.pair(""))
    suspension = Suspension(reason, section.text("article"), section.flag("notice", False), section.texts("limits"))
    section.finish()
    return suspension


def _change(section: Section) -> Change:
    change = Change(_kind(section, "kind"), section.text("article"), section.texts("limits"), section.text("id", ""))
    section.finish()
    return change


def _proof(section: Section) -> NoticeProof:
    fields = event_kinds()["notice_dispatched"].fields
    methods = next(field.choices for field in fields if field.name == "method")
    proof = NoticeProof(
        _one_of(section, "method", methods),
        section.text("article"),
        _needs(section),
        section.flag("counts_without", True),
    )
    section.finish()
    return proof


def _needs(section: Section) -> tuple[str, ...]:
    needs = section.texts("needs")
    for need in needs:
        if need not in ("proof", "logged"):
            section.refuse("needs", say(NOT_ONE_OF, value=need, choices=("proof", "logged")))
    return needs


def _condition(section: Section, confidence: str) -> Condition:
    condition = Condition(
        id=section.text("id"),
        article=section.text("article"),
        about=section.text("about"),
        outcome=section.choice("outcome", Outcome),
        when=tuple(_test(one) for one in section.sections("when")),
        says=section.pair(""),
        confidence=_one_of(section, "confidence", CONFIDENCES, confidence),
    )
    section.finish()
    return condition


def _test(section: Section) -> Test:
    fact = section.text("fact")
    found = [key for key in section.names() if key != "fact"]
    if len(found) != 1 or found[0] not in COMPARISONS:
        section.refuse("", say(NOT_ONE_OF, value=", ".join(found) or "nothing", choices=COMPARISONS))
    value = section.value(found[0])
    section.finish()
    return Test(fact, found[0], tuple(value) if isinstance(value, list) else value)

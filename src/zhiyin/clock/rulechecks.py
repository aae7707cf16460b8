"""What must hold between the parts of a rule, checked once when its file is read."""

from __future__ import annotations

from zhiyin.clock.periods import Unit
from zhiyin.clock.rule import Limit, Roll, Rule
from zhiyin.clock.sections import NOT_ONE_OF, Section
from zhiyin.clock.words import say

NO_LIMITS = "a rule has at least one limit"
TWICE = "{value} is there twice"
NOT_FIRST = "{value} is an extension; name the first limit of its chain"
ALREADY_EXTENDED = "{value} is extended twice"
NO_PAUSE_FOR_HOURS = "{value} runs in hours or minutes, which a pause does not stop"
NO_CALENDAR = "{value} counts or rolls to working days, and neither it nor the rule names a calendar"
ENDS_BEFORE = "ends before it begins"
NO_END_TO_EXTEND = "{value} is to be done promptly and has no end to extend"
NOT_SHORTER = "{value} does not extend: its period is not longer"
ENDS_IN_CIRCLE = "{value} itself ends or requires other limits"


def check_rule(rule: Rule, top: Section) -> None:
    """Refuse a rule whose parts do not fit.

    Parameters
    ----------
    rule : as read.
    top : the file, for the message.

    Raises
    ------
    ClockFileInvalid : naming the file, the limit or attribute, and the problem.
    """
    if not rule.limits:
        top.refuse("limit", say(NO_LIMITS))
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        top.refuse("valid_to", say(ENDS_BEFORE))
    _check_unique(top, "limit", tuple(limit.id for limit in rule.limits))
    _check_unique(top, "attribute", tuple(attribute.name for attribute in rule.attributes))
    _check_unique(top, "condition", tuple(condition.id for condition in rule.conditions))
    _check_unique(top, "suspension", tuple(one.reason.code for one in rule.suspensions))
    for limit in rule.limits:
        _check_references(rule, limit, top)
        _check_extension(rule, limit, top)
        _check_calendar(rule, limit, top)
        _check_attributes(rule, limit, top)
    _check_changes(rule, top)


def _check_unique(top: Section, key: str, names: tuple[str, ...]) -> None:
    for name in names:
        if names.count(name) > 1:
            top.refuse(key, say(TWICE, value=name))


def _check_references(rule: Rule, limit: Limit, top: Section) -> None:
    ids = tuple(one.id for one in rule.limits)
    required = (limit.requires,) if limit.requires else ()
    for key, named in (("ends", limit.ends), ("announces", limit.announces), ("requires", required)):
        for other in named:
            if other not in ids:
                top.refuse(f"{limit.id}.{key}", say(NOT_ONE_OF, value=other, choices=ids))
    for other in limit.ends:
        _check_first(rule, other, top, f"{limit.id}.ends")
        if rule.limit(other).ends:
            top.refuse(f"{limit.id}.ends", say(ENDS_IN_CIRCLE, value=other))
    if limit.requires and (limit.ends or rule.limit(limit.requires).requires):
        top.refuse(f"{limit.id}.requires", say(ENDS_IN_CIRCLE, value=limit.requires))


def _check_first(rule: Rule, limit_id: str, top: Section, where: str) -> None:
    ids = tuple(limit.id for limit in rule.limits)
    if limit_id not in ids:
        top.refuse(where, say(NOT_ONE_OF, value=limit_id, choices=ids))
    if rule.limit(limit_id).extension is not None:
        top.refuse(where, say(NOT_FIRST, value=limit_id))


def _check_extension(rule: Rule, limit: Limit, top: Section) -> None:
    if limit.extension is None:
        return
    ids = tuple(one.id for one in rule.limits)
    of = limit.extension.of
    if of not in ids or of == limit.id:
        top.refuse(f"{limit.id}.extension.of", say(NOT_ONE_OF, value=of, choices=ids))
    if [one.extension.of for one in rule.limits if one.extension].count(of) > 1:
        top.refuse(f"{limit.id}.extension.of", say(ALREADY_EXTENDED, value=of))
    shorter = rule.limit(of).period
    if shorter is None or limit.period is None:
        top.refuse(f"{limit.id}.extension.of", say(NO_END_TO_EXTEND, value=of))
    if limit.period.unit is shorter.unit and limit.period.count <= shorter.count:
        top.refuse(f"{limit.id}.period", say(NOT_SHORTER, value=limit.id))


def _check_calendar(rule: Rule, limit: Limit, top: Section) -> None:
    works = limit.period is not None and limit.period.unit is Unit.WORKING_DAY
    rolls = Roll.NEXT_WORKING_DAY in (limit.roll, limit.advisory_roll)
    if (works or rolls) and limit.calendar is None and rule.calendar is None:
        top.refuse(f"{limit.id}.calendar", say(NO_CALENDAR, value=limit.id))


def _check_attributes(rule: Rule, limit: Limit, top: Section) -> None:
    names = tuple(attribute.name for attribute in rule.attributes)
    held = ((limit.held_by, ("true",)),) if limit.held_by else ()
    for name, values in (*limit.applies, *held):
        if name not in names:
            top.refuse(f"{limit.id}.applies", say(NOT_ONE_OF, value=name, choices=names))
        offered = next(attribute for attribute in rule.attributes if attribute.name == name)
        codes = tuple(one.code for one in offered.values)
        for value in values:
            if value not in codes:
                top.refuse(f"{limit.id}.applies.{name}", say(NOT_ONE_OF, value=value, choices=codes))


def _check_changes(rule: Rule, top: Section) -> None:
    changes = (
        ("restart", rule.restarts),
        ("merge", rule.merges),
        ("ending", rule.endings),
        ("agreement", rule.agreements),
    )
    for key, found in changes:
        for change in found:
            for limit_id in change.limits:
                _check_first(rule, limit_id, top, f"{key}.limits")
    for suspension in rule.suspensions:
        for limit_id in suspension.limits:
            _check_first(rule, limit_id, top, "suspension.limits")
            period = rule.limit(limit_id).period
            if period is not None and period.elapsed is not None:
                top.refuse("suspension.limits", say(NO_PAUSE_FOR_HOURS, value=limit_id))

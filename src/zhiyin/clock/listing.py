"""What can be asked: rules with their limits and attributes, calendars with their years, kinds of event."""

from __future__ import annotations

from zhiyin.clock.eventkinds import EventKind, event_kinds
from zhiyin.clock.rule import Attribute, Limit, Named, Rule
from zhiyin.clock.rulebook import RuleBook
from zhiyin.clock.workdays import Calendar


def rule_list(book: RuleBook, name: str | None = None, *, language: str | None = None) -> dict[str, object]:
    """Everything needed to write a file of events, as a JSON object.

    Parameters
    ----------
    book : whose rules and calendars.
    name : only the versions of this rule; None: all.
    language : of the phrases; None: the user's.

    Returns
    -------
    dict : ``rules`` (each with its limits, attributes, approvers and grounds of a pause), ``calendars`` (with their
        published years) and ``kinds`` (with the JSON Schema of each).

    Raises
    ------
    UnknownRule : there is no rule of that name.
    """
    rules = book.versions(name) if name is not None else book.rules
    return {
        "rules": [_rule(rule, language) for rule in rules],
        "calendars": [_calendar(calendar, language) for calendar in book.calendars],
        "kinds": [_kind(kind, language) for kind in event_kinds().values()],
    }


def _rule(rule: Rule, language: str | None) -> dict[str, object]:
    return {
        "rule": rule.rule,
        "version": rule.version,
        "title": rule.title.text(language),
        "owner": rule.owner,
        "source": rule.source,
        "confidence": rule.confidence,
        "status": rule.status,
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "zone": rule.zone,
        "calendar": rule.calendar,
        "kinds": sorted(rule.kinds()),
        "attributes": [_attribute(attribute, language) for attribute in rule.attributes],
        "limits": [_limit(limit, language) for limit in rule.limits],
        "pauses": [
            {**_named(one.reason, language), "article": one.article, "must_be_told": one.notice}
            for one in rule.suspensions
        ],
        "conditions": [
            {"id": one.id, "article": one.article, "about": one.about, "says": one.says.text(language)}
            for one in rule.conditions
        ],
    }


def _attribute(attribute: Attribute, language: str | None) -> dict[str, object]:
    return {
        "name": attribute.name,
        "title": attribute.title.text(language),
        "default": list(attribute.default),
        "values": [_named(value, language) for value in attribute.values],
    }


def _named(named: Named, language: str | None) -> dict[str, object]:
    return {"code": named.code, "title": named.title.text(language), "also": list(named.also)}


def _limit(limit: Limit, language: str | None) -> dict[str, object]:
    period = None if limit.period is None else {"count": limit.period.count, "unit": limit.period.unit.value}
    return {
        "id": limit.id,
        "article": limit.article,
        "duty": limit.duty.text(language),
        "actor": limit.actor.value,
        "nature": limit.nature.value,
        "confidence": limit.confidence,
        "starts_with": [_matcher(one.kind, one.about) for one in limit.start],
        "period": period,
        "satisfied_by": [_matcher(one.kind, one.about) for one in limit.satisfied_by],
        "extends": limit.extension.of if limit.extension else None,
        "extended_by": limit.extension.by if limit.extension else None,
        "approvers": [_named(one, language) for one in limit.extension.approvers] if limit.extension else [],
        "must_be_told": limit.extension.notice if limit.extension else False,
    }


def _matcher(kind: str, about: tuple[str, ...]) -> dict[str, object]:
    return {"kind": kind, "about": list(about)} if about else {"kind": kind}


def _calendar(calendar: Calendar, language: str | None) -> dict[str, object]:
    return {
        "calendar": calendar.name,
        "title": calendar.title.text(language),
        "source": calendar.source,
        "confidence": calendar.confidence,
        "published_years": sorted(calendar.published_years),
    }


def _kind(kind: EventKind, language: str | None) -> dict[str, object]:
    return {"kind": kind.name, "meaning": kind.meaning.text(language), "schema": dict(kind.schema)}

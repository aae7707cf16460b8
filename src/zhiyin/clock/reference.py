"""The reference page of rules, calendars and kinds of event, written from the files in both languages.

``docs/reference/clock-rules.md`` is this page; a test compares them, so that the documentation cannot drift.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhiyin.clock.eventkinds import EventKind, event_kinds
from zhiyin.clock.phrases import unit_name
from zhiyin.clock.rule import Change, Limit, Matcher, Rule
from zhiyin.clock.rulebook import RuleBook, shipped_rules
from zhiyin.clock.workdays import Calendar

_HEAD = """# Clocks: rules, calendars, events 时限规则

<!-- Written by `python -m tools.docs write clock-rules`; do not edit. -->

随附的时限规则、日历与事件种类，由规则文件生成。方法见 [计时方法](../methods/clock.md)。
可信度：Q 读过官方文本，S 二手来源，M 凭记忆（使用前须核实），V 经程序核算，I 我们的解读。规则启用前由法律合规部门确认。

The shipped rules, calendars and kinds of event, written from their files. The method: [Clocks](../methods/clock.md).
Confidence: Q read in the official text, S secondary source, M from memory (to be checked before use), V computed, I our
reading. Counsel confirms a rule before it is switched on.
"""


def clock_rules_page(book: RuleBook | None = None) -> str:
    """``docs/reference/clock-rules.md``: every rule, calendar and kind of event.

    Parameters
    ----------
    book : whose; None: the shipped ones.
    """
    book = book or shipped_rules()
    lines = [_HEAD.rstrip("\n"), "", "## Rules 规则", ""]
    rows = (
        (f"[{one.rule}](#{one.rule})", one.version, one.title.zh, one.title.en, one.owner, one.confidence, one.status)
        for one in book.rules
    )
    lines += _table(
        ("rule 规则", "version 版本", "名称", "title", "owner 归属", "confidence 可信度", "status 状态"), rows
    )
    for rule in book.rules:
        lines += _rule(rule)
    lines += ["", "## Calendars 日历", ""]
    lines += _table(
        ("calendar 日历", "名称", "title", "years 已公布年份", "confidence 可信度", "source 来源", "provenance 由来"),
        (_calendar(calendar) for calendar in book.calendars),
    )
    lines += ["", "## Kinds of event 事件种类", ""]
    for kind in event_kinds().values():
        lines += _kind(kind)
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") or " " for cell in row) + " |"


def _rule(rule: Rule) -> Iterator[str]:
    until = rule.valid_to.isoformat() if rule.valid_to else "…"
    yield from ("", f"### {rule.rule}", "", f"{rule.title.zh} · {rule.title.en}", "")
    yield f"- version 版本 `{rule.version}`, in force 有效期 {rule.valid_from} – {until}"
    yield f"- source 来源: {rule.source}"
    if rule.source_note:
        yield f"- note 说明: {rule.source_note}"
    yield f"- zone 时区 {rule.zone}, calendar 日历 {rule.calendar or '–'}"
    for attribute in rule.attributes:
        values = ", ".join(f"`{value.code}` {value.title.zh}" for value in attribute.values)
        default = ", ".join(attribute.default) or "–"
        title = f"`{attribute.name}` {attribute.title.zh} {attribute.title.en}"
        yield f"- attribute 属性 {title}: {values or '…'} (default 默认 {default})"
    yield ""
    yield from _table(
        (
            "id",
            "article 条款",
            "事项",
            "duty",
            "actor 主体",
            "starts with 起算",
            "period 期限",
            "satisfied by 满足",
            "confidence 可信度",
        ),
        (_limit(limit) for limit in rule.limits),
    )
    changes = tuple(_changes(rule))
    if changes:
        yield ""
        yield from changes
    if rule.conditions:
        yield ""
        yield from _table(
            ("condition 条件", "article 条款", "about 对象", "outcome 结果", "说明", "says", "confidence 可信度"),
            (
                (one.id, one.article, one.about, one.outcome.value, one.says.zh, one.says.en, one.confidence)
                for one in rule.conditions
            ),
        )


def _limit(limit: Limit) -> tuple[str, ...]:
    if limit.period is None:
        period = "及时 promptly"
    else:
        unit = unit_name(limit.period.unit, limit.period.count)
        period = f"{limit.period.count} {unit.zh} {unit.en}"
    if limit.extension is not None:
        approvers = "、".join(f"{one.title.zh} `{one.code}`" for one in limit.extension.approvers)
        told = " + told 须告知" if limit.extension.notice else ""
        period += f"; replaces 取代 {limit.extension.of} by `{limit.extension.by}`{told} {approvers}".rstrip()
    return (
        limit.id,
        limit.article,
        limit.duty.zh,
        limit.duty.en,
        f"{limit.actor.value}, {limit.nature.value}",
        _matchers(limit.start),
        period,
        _matchers(limit.satisfied_by),
        limit.confidence,
    )


def _matchers(matchers: tuple[Matcher, ...]) -> str:
    return ", ".join(f"`{one.kind}`" + (f" ({', '.join(one.about)})" if one.about else "") for one in matchers)


def _changes(rule: Rule) -> Iterator[str]:
    for ground in rule.suspensions:
        told = "; must be told 须告知" if ground.notice else ""
        yield (
            f"- pause 中止 `{ground.reason.code}` {ground.reason.title.zh} {ground.reason.title.en} "
            f"(article 条款 {ground.article}{told})"
        )
    named = (
        ("restart 重新计算", rule.restarts),
        ("merge 合并", rule.merges),
        ("end 终止", rule.endings),
        ("agree 协商", rule.agreements),
    )
    for name, changes in named:
        yield from (_change(name, change) for change in changes)
    for proof in rule.proofs:
        effect = "warns 提示" if proof.counts_without else "does not count 不算数"
        needs = " or ".join(f"`{need}`" for need in proof.needs)
        yield f"- proof 证明 `{proof.method}` needs {needs}, else {effect} (article 条款 {proof.article})"


def _change(name: str, change: Change) -> str:
    known = f" {change.id}" if change.id else ""
    return f"- {name}{known}: `{change.kind}` → {', '.join(change.limits)} (article 条款 {change.article})"


def _calendar(calendar: Calendar) -> tuple[str, ...]:
    years = f"{min(calendar.published_years)}–{max(calendar.published_years)}"
    return (
        f"`{calendar.name}`",
        calendar.title.zh,
        calendar.title.en,
        years,
        calendar.confidence,
        calendar.source,
        calendar.provenance,
    )


def _kind(kind: EventKind) -> Iterator[str]:
    yield from (f"### `{kind.name}` {kind.label.zh}", "", f"{kind.meaning.zh} {kind.meaning.en}", "")
    rows = (
        (
            f"`{field.name}`",
            "✓" if field.required else "",
            ", ".join(field.choices) or field.form or ("flag" if field.is_flag else "text"),
            field.meaning.zh,
            field.meaning.en,
        )
        for field in kind.fields
    )
    yield from _table(("field 字段", "required 必填", "form 形式", "含义", "meaning"), rows)
    yield ""

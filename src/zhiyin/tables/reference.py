"""The reference page of tables, measures and vocabularies, written from their declarations in both languages.

``docs/reference/tables.md`` is this page; a test compares them, so that the documentation cannot drift from the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from zhiyin.tables.base import SEQUENCE, Column, Kind, NotBefore, Privacy, Rule, Table
from zhiyin.tables.catalogue import BASE_TABLES, DERIVED_TABLES
from zhiyin.tables.glossary import MEASURES, Direction, Measure
from zhiyin.tables.vocabulary import VOCABULARIES, Certainty, Detail, Entry, Vocabulary, vocabulary

STORED_AS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.KEY: "string",
        Kind.CODE: "string",
        Kind.TEXT: "string",
        Kind.INTEGER: "int64",
        Kind.SMALL: "int16",
        Kind.NUMBER: "double",
        Kind.FLAG: "bool",
        Kind.TIME: "int64",
        Kind.SPAN: "int64",
        Kind.DATE: "date32",
        Kind.MONEY: "int64",
    }
)
"""Parquet type of each kind of column."""

_KINDS: Final[Mapping[Kind, tuple[str, str]]] = MappingProxyType(
    {
        Kind.KEY: ("标识", "identifier given by the bank, or a pseudonym of it"),
        Kind.CODE: ("类别，保持可读", "category, kept readable"),
        Kind.TEXT: ("自由文本，入湖前已遮蔽", "free text, masked before it is stored"),
        Kind.INTEGER: ("整数", "whole number"),
        Kind.SMALL: ("小整数", "small whole number"),
        Kind.NUMBER: ("测量值", "measured quantity"),
        Kind.FLAG: ("是或否", "yes or no"),
        Kind.TIME: ("时刻：1970 年以来的微秒数（UTC）", "instant: microseconds since 1970 in UTC"),
        Kind.SPAN: ("时长：微秒", "length of time: microseconds"),
        Kind.DATE: ("当地日历日", "local calendar day"),
        Kind.MONEY: ("金额：分", "amount: cents"),
    }
)

_PRIVACY: Final[Mapping[Privacy, tuple[str, str]]] = MappingProxyType(
    {
        Privacy.PUBLIC: ("非个人信息", "not personal"),
        Privacy.C1: ("内部信息", "internal"),
        Privacy.C2: ("可识别个人或反映其财务状况", "identifies a person or describes their finances"),
        Privacy.C3: ("用于身份鉴别；从不入湖", "authenticates a person; never enters the lake"),
    }
)

_CERTAINTY: Final[Mapping[Certainty, tuple[str, str]]] = MappingProxyType(
    {
        Certainty.QUOTED: (
            "读自报告、公告或法规（可能是摘录）",
            "read in a report, notice or law (or an excerpt)",
        ),
        Certainty.SECONDARY: ("读自转述页面", "read on a page that reports what another one says"),
        Certainty.KNOWN: ("业内常识，未读出处", "common knowledge of the trade, no source read"),
        Certainty.GUESS: ("合理的默认值，须由银行配置，不可引用", "plausible default, to be configured, never quoted"),
        Certainty.COMPUTED: ("在此计算得出", "worked out here"),
        Certainty.INFERRED: ("由其他事实推断", "concluded from other facts"),
    }
)

_INTRODUCTION: Final = f"""\
Zhiyin 的全部数据表与词表。导入、校验、遮蔽、存储与指标都以这些声明为准。
湖中每张表另有一列 `{SEQUENCE}`（int64）：到达序号，后到者大。
每件事有两个时间：何时发生，何时记录（`recorded_us`）。

Every table and vocabulary of Zhiyin. Import, checks, masking, storage and figures all follow these declarations.
In the lake each table has one more column, `{SEQUENCE}` (int64): the arrival sequence, higher for later rows.
What happens has two times: when it happened and when it was recorded (`recorded_us`).
"""

_VOCABULARIES: Final = """\
起步词表。银行可增补自己的代码：词表之外的代码只作提示，不算错误。

Starter vocabularies. A bank may add codes of its own: one outside its vocabulary is a warning, not an error.
"""


def tables_page() -> str:
    """The whole page as Markdown, ending with a newline. Same declarations, same text."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Tables 数据表"
    yield ""
    yield "<!-- Written by `python -m tools.docs write`; do not edit. -->"
    yield ""
    yield _INTRODUCTION
    yield from _legend("Kinds 列的种类", "kind", ((f"{k} → {STORED_AS[k]}", *_KINDS[k]) for k in Kind))
    yield from _legend("Privacy classes 隐私分类 (JR/T 0171-2020)", "class", ((str(p), *_PRIVACY[p]) for p in Privacy))
    yield from _contents()
    for table in _all():
        yield from _table(table)
    yield "## Measures 指标"
    yield ""
    head = (
        "measure 指标",
        "名称",
        "name",
        "含义",
        "meaning",
        "算法",
        "formula",
        "unit 单位",
        "range 范围",
        "scales 量表",
    )
    yield from _grid(head, (_measure(measure) for measure in MEASURES.values()))
    yield "## Vocabularies 词表"
    yield ""
    yield _VOCABULARIES
    yield from _legend("Certainty 可信程度", "certainty", ((str(c), *_CERTAINTY[c]) for c in Certainty), level=3)
    for name in VOCABULARIES:
        yield from _vocabulary(vocabulary(name))


def _legend(title: str, first: str, rows: Iterable[tuple[str, str, str]], *, level: int = 2) -> Iterator[str]:
    yield f"{'#' * level} {title}"
    yield ""
    yield from _grid((first, "含义", "meaning"), rows)


def _contents() -> Iterator[str]:
    yield "## All tables 总览"
    yield ""
    rows = ((f"[{t.name}](#{t.name})", "lake 湖" if t.derived else "bank 行", t.zh, t.en) for t in _all())
    yield from _grid(("table 表", "from 来源", "一行是什么", "what a row is"), rows)


def _all() -> tuple[Table, ...]:
    return (*BASE_TABLES, *DERIVED_TABLES)


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    yield table.zh
    yield ""
    yield table.en
    yield ""
    yield f"- key 键: {_codes(table.key)}"
    if table.time:
        yield f"- time 时间: `{table.time}`"
    for rule in table.rules:
        yield f"- rule 规则: {_rule(rule)}"
    yield ""
    rows = (_column(table, column) for column in table.columns)
    yield from _grid(("column 列", "kind 种类", "stored as 存储", "values 取值", "class 分类", "含义", "meaning"), rows)


def _column(table: Table, column: Column) -> tuple[str, ...]:
    facts = []
    if column.name in table.key:
        facts.append("key 键")
    elif column.required:
        facts.append("required 必填")
    if column.unit:
        facts.append(column.unit)
    if column.refers:
        facts.append(f"→ [{column.refers}](#{column.refers.partition('.')[0]})")
    if column.allowed:
        facts.append(_codes(column.allowed))
    if column.vocabulary:
        facts.append(f"[{column.vocabulary} 词表](#vocabulary-{column.vocabulary})")
    if column.minimum is not None or column.maximum is not None:
        facts.append(_limits(column.minimum, column.maximum))
    stored = STORED_AS[column.kind]
    return (f"`{column.name}`", str(column.kind), stored, "; ".join(facts), str(column.privacy), column.zh, column.en)


def _limits(minimum: int | None, maximum: int | None) -> str:
    if maximum is None:
        return f"≥ {minimum}"
    return f"≤ {maximum}" if minimum is None else f"{minimum}–{maximum}"


def _rule(rule: Rule) -> str:
    if isinstance(rule, NotBefore):
        return f"`{rule.later}` ≥ `{rule.earlier}`"
    limits = ", ".join(f"{scale} {low}–{high}" for scale, low, high in rule.limits)
    return f"`{rule.value}` within its `{rule.scale}` 在量表之内: {limits}"


def _measure(measure: Measure) -> tuple[str, ...]:
    good = {Direction.HIGHER: " ↑", Direction.LOWER: " ↓", Direction.NEITHER: ""}[measure.direction]
    limits = f"{measure.lowest:g} … {measure.highest:g}" if measure.highest is not None else f"≥ {measure.lowest:g}"
    meanings = (measure.zh, measure.en, measure.zh_meaning, measure.en_meaning, measure.zh_formula, measure.en_formula)
    return (f"`{measure.name}`{good}", *meanings, str(measure.unit), limits, ", ".join(measure.scales))


def _vocabulary(words: Vocabulary) -> Iterator[str]:
    yield f"### vocabulary {words.name}"
    yield ""
    yield f"{words.zh} — {words.en}"
    yield ""
    for declared in words.fields:
        target = f" → [{declared.vocabulary}](#vocabulary-{declared.vocabulary})" if declared.vocabulary else ""
        yield f"- `{declared.name}` ({declared.kind}{target}): {declared.zh} — {declared.en}"
    if words.fields:
        yield ""
    sources = list(dict.fromkeys((entry.certainty, entry.source) for entry in words))
    for certainty, source in sources:
        yield f"- {certainty}: {source}"
    yield ""
    yield from _grid(("code 代码", "中文", "English", "more 其他", "certainty"), (_entry(entry) for entry in words))


def _entry(entry: Entry) -> tuple[str, ...]:
    facts = [f"{entry.meaning_zh} — {entry.meaning_en}"] if entry.meaning_zh else []
    facts += [f"{name}: {_detail(value)}" for name, value in entry.details if value is not None]
    return (f"`{entry.code}`", entry.zh, entry.en, "; ".join(facts), str(entry.certainty))


def _detail(value: Detail) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, tuple):
        return str(value)
    if all(isinstance(part, str) for part in value):
        return ", ".join(map(str, value)) or "–"
    return "–".join(map(str, dict.fromkeys(value)))


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""

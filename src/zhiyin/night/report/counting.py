"""Counts: how many were asked and answered, what complaints were about and who owns the cause, what was kept apart."""

from __future__ import annotations

from typing import Final

from zhiyin.lake.reasons import reason_text
from zhiyin.night.report.cards import Absent, card, empty
from zhiyin.night.report.content import Cause, Rate, Report
from zhiyin.night.report.markup import Markup, tag
from zhiyin.night.report.numbers import amount, interval, percent_level, say, whole
from zhiyin.night.report.scales import Axis
from zhiyin.night.report.strings import string
from zhiyin.night.report.words import table_words
from zhiyin.tables.figures import Figure

_WHOLE: Final = Axis(0.0, 1.0, (0.0, 0.5, 1.0))
_REASONS: Final = 12
_KINDS: Final = {"low": "low score", "high": "high score", "complaint": "complaint"}
"""What stands before a quotation: what was given with it, never how it sounds."""


def rates_card(report: Report) -> Markup | Absent:
    """Solicitation and response rates by channel, two strings a row."""
    title = say("Who was asked, who answered")
    if not report.rates:
        return Absent(title, say("Solicitation and response rates need invitations and interactions in the lake."))
    note = say(
        "A satisfaction figure speaks for those who answered. Where few were asked or few answered, it says least."
    )
    heads = ["", say("solicitation rate"), say("response rate")]
    head = tag("thead", tag("tr", [tag("th", text, scope="col") for text in heads], role="row"), role="rowgroup")
    body = tag("tbody", [_rate(rate) for rate in report.rates], role="rowgroup")
    return card("rates", title, note, tag("table", tag("caption", title), head, body, class_="rates", role="table"))


def _rate(rate: Rate) -> Markup:
    return tag(
        "tr",
        tag("th", rate.label, scope="row", role="rowheader"),
        _share(rate.label, rate.asked),
        _share(rate.label, rate.answered),
        role="row",
    )


def _share(label: str, figure: Figure | None) -> Markup:
    if figure is None or figure.value is None:
        words = "–" if figure is None else say("sample too small")
        return tag("td", tag("span", words, class_="small"), role="cell")
    said = f"{label}: {amount(figure.value, figure.unit)} ({interval(figure)}), n = {whole(figure.n or 0)}"
    number = tag("span", amount(figure.value, figure.unit), class_="value")
    count = tag("span", say("of {n}", n=whole(figure.n or 0)), class_="small")
    return tag("td", string(figure, _WHOLE, said, height=20), tag("p", number, count), role="cell")


def causes_card(report: Report) -> Markup | Absent:
    """Complaints by cause, each split by who owns the cause: a line at head office or a branch."""
    title = say("What people complained about")
    if not report.causes:
        return Absent(title, say("The lake holds no complaints in this period. Load requests to see their causes."))
    most = max(cause.count for cause in report.causes)
    line, unit = sum(c.line for c in report.causes), sum(c.unit for c in report.causes)
    has_owners = line + unit > 0
    names = [say("cause"), "", say("complaints"), say("share"), *([say("main line")] if has_owners else [])]
    head = tag("thead", tag("tr", [tag("th", text, scope="col") for text in names], role="row"), role="rowgroup")
    body = [_cause(cause, most, report.complaints, has_owners) for cause in report.causes]
    table = tag(
        "table", tag("caption", title), head, tag("tbody", body, role="rowgroup"), class_="causes", role="table"
    )
    return card("causes", title, _owners(report, line, unit), _key() if has_owners else None, table)


def _owners(report: Report, line: int, unit: int) -> str:
    """What the split says, as far as anybody was named."""
    if not line + unit:
        return say("As the source names them; nobody is named as responsible.")
    if line <= unit:
        return say("By cause, with who is responsible.")
    return say(
        "{line} of {all} lie with a head-office line, {unit} with a branch or outlet: rules are changed at head "
        "office, not at the counter.",
        line=whole(line),
        all=whole(report.complaints),
        unit=whole(unit),
    )


def _key() -> Markup:
    return tag(
        "p",
        tag("span", class_="swatch line"),
        say("head-office line"),
        tag("span", class_="swatch unit"),
        say("branch or outlet"),
        class_="key",
    )


def _cause(cause: Cause, most: int, total: int, has_owners: bool) -> Markup:
    if has_owners:
        said = say(
            "{cause}: {n}, of them head-office line {line}, branch or outlet {unit}",
            cause=cause.label,
            n=whole(cause.count),
            line=whole(cause.line),
            unit=whole(cause.unit),
        )
    else:
        said = f"{cause.label}: {whole(cause.count)}"
    line, unit, rest = (100 * n / most for n in (cause.line, cause.unit, cause.count - cause.line - cause.unit))
    bars = [
        tag("rect", class_=kind, x=f"{start:.2f}%", y=8, width=f"{width:.2f}%", height=10)
        for kind, start, width in (("line", 0.0, line), ("unit", line, unit), ("nobody", line + unit, rest))
        if width > 0
    ]
    drawn = tag("svg", tag("title", said), bars, class_="bars", width="100%", height=26, role="img")
    split = tag("small", f"{whole(cause.line)} / {whole(cause.unit)}") if has_owners else None
    cells = [
        tag("th", cause.label, scope="row", role="rowheader"),
        tag("td", drawn, class_="drawn", role="cell"),
        tag("td", whole(cause.count), split, class_="count", role="cell"),
        tag("td", amount(cause.count / total, "share"), class_="value", role="cell"),
    ]
    if has_owners:
        cells.append(tag("td", cause.main_line, class_="owner", role="cell"))
    return tag("tr", cells, role="row")


def voices_card(report: Report) -> Markup | Absent:
    """Customers' own words, masked, beside the numbers."""
    title = say("In customers' own words")
    if not report.voices:
        return Absent(title, say("Nobody wrote anything in this period."))
    note = say(
        "The latest comments from the unhappiest and the happiest answers, one a customer; personal data is masked. "
        "They illustrate, they do not count."
    )
    quotes = [
        tag(
            "figure",
            tag("blockquote", voice.words, lang=voice.language or None),
            tag("figcaption", tag("b", say(_KINDS[voice.kind])), f" {voice.about}"),
            class_="happy" if voice.kind == "high" else "unhappy",
        )
        for voice in report.voices
    ]
    return card("voices", title, note, tag("div", quotes, class_="quotes"))


def apart_card(report: Report) -> Markup:
    """Rows that were kept apart: how many, of which file, and why."""
    title = say("What was kept apart, and why")
    if not report.apart_total:
        loaded = whole(report.loaded_total)
        return empty("apart", title, say("Nothing: all {n} rows read were sound.", n=loaded))
    note = say(
        "{apart} of {all} rows broke a rule. They are kept, masked, with file and line, and count in no figure.",
        apart=whole(report.apart_total),
        all=whole(report.loaded_total),
    )
    heads = (say("rows"), say("file"), say("table"), say("column"), say("why"))
    rows = [
        tag(
            "tr",
            tag("td", whole(line.count), class_="count"),
            tag("th", line.file, scope="row"),
            tag("td", table_words(line.table)),
            tag("td", tag("code", line.column) if line.column else ""),
            tag("td", reason_text(line.reason)),
        )
        for line in report.apart[:_REASONS]
    ]
    head = tag("thead", tag("tr", [tag("th", text, scope="col") for text in heads]))
    rest = len(report.apart) - _REASONS
    more = tag("p", say("… and {n} further kinds.", n=whole(rest)), class_="small") if rest > 0 else None
    table = tag("table", tag("caption", title), head, tag("tbody", rows), class_="plain")
    return card("apart", title, note, tag("div", table, class_="sideways"), more)


def level_words(figure: Figure) -> str:
    """The level of a figure's interval: ``95%``."""
    return percent_level(figure.level)

"""The small print that keeps a report honest: what the numbers are, what they are not, and how to get them again."""

from __future__ import annotations

from typing import Final

from zhiyin.night.report.cards import card
from zhiyin.night.report.content import Headline, Report
from zhiyin.night.report.markup import Markup, tag
from zhiyin.night.report.numbers import amount, instant, listed, percent_level, say, whole
from zhiyin.night.report.words import code_words, table_words
from zhiyin.tables.glossary import measure

_MODES: Final = 4
_LEFT_OUT: Final = {
    "no_value": "no answer was given",
    "off_scale": "the answer lies outside its scale",
    "spontaneous": "the customer came unasked, so was not drawn by the system",
    "sampled": "drawn by the system",
}
"""Why rows do not count, by the reason that figures give."""


def notes_card(report: Report, *, minimum: int) -> Markup:
    """What to know before quoting a number of this page."""
    title = say("Before you quote a number")
    headline = report.headline
    said = [
        say(
            "Every figure carries its margin of error: in {level} of such samples it holds the value that asking "
            "everybody would give.",
            level=percent_level(headline.figure.level),
        )
        if headline is not None
        else None,
        say("It speaks for those who answered. Who stays silent may think otherwise; see the response rates."),
        _mixture(headline),
        say(
            "Groups with fewer than {n} customers are not shown, nor is a second one from which they could be worked "
            "out.",
            n=whole(minimum),
        ),
        say(
            "Reliability below 0.7 means that differences between groups are mostly chance; the page then says how "
            "many more answers are needed, and does not rank."
        ),
        _left_out(headline),
        say("The answers state no time, so they count by when they were loaded.")
        if headline and not report.trend
        else None,
    ]
    return card(
        "notes",
        title,
        _source(report),
        tag("ul", [tag("li", text) for text in said if text]),
        _formulas(report),
        _holdings(report),
    )


def _mixture(headline: Headline | None) -> str | None:
    if headline is None or len(headline.modes) < 2:
        return None
    shares = listed([f"{code_words('mode', mode)} {amount(share, 'share')}" for mode, share in headline.modes[:_MODES]])
    return say(
        "Answers come by different modes ({shares}). Where staff stand by or a voice asks, scores are higher; a "
        "difference between channels is partly a difference of modes.",
        shares=shares,
    )


def _left_out(headline: Headline | None) -> str | None:
    if headline is None or not headline.left_out:
        return None
    parts = [
        say("{n} where {why}", n=whole(count), why=say(_LEFT_OUT[reason]) if reason in _LEFT_OUT else reason)
        for reason, count in headline.left_out
    ]
    return say("Answers not counted in the headline: {parts}.", parts=listed(parts))


def _source(report: Report) -> str:
    reach = instant(report.as_of_us, report.zone) if report.as_of_us is not None else "–"
    return say(
        "Data to {reach} ({zone}); lake generation {generation}; Zhiyin {version}.",
        reach=reach,
        zone=report.zone,
        generation=whole(report.generation),
        version=report.version,
    )


def _formulas(report: Report) -> Markup | None:
    figures = [*([report.headline.figure] if report.headline else []), *report.measures]
    if not figures:
        return None
    unique = {figure.measure: figure for figure in figures}
    rows = [
        tag(
            "div",
            tag("dt", measure(name).title()),
            tag("dd", measure(name).formula(), tag("span", f"{figure.version} · {figure.method}", class_="small")),
        )
        for name, figure in unique.items()
    ]
    return tag("details", tag("summary", say("How each measure is computed")), tag("dl", rows, class_="formulas"))


def _holdings(report: Report) -> Markup | None:
    if not report.rows:
        return None
    rows = [
        tag("div", tag("dt", table_words(name)), tag("dd", whole(count)))
        for name, count in report.rows.items()
        if count
    ]
    return tag("details", tag("summary", say("What the lake holds")), tag("dl", rows, class_="holdings"))

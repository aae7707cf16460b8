"""The top of the page: the figure, what changed in one sentence, its course, and the other measures."""

from __future__ import annotations

from dataclasses import replace

from zhiyin.night.report.cards import Absent, card, empty, twin
from zhiyin.night.report.content import Headline, Report
from zhiyin.night.report.markup import Markup, tag
from zhiyin.night.report.numbers import amount, between, interval, month, percent_level, say, shift, span, whole
from zhiyin.night.report.scales import Axis, axis_for, round_axis
from zhiyin.night.report.strings import scale_beneath, standing, string
from zhiyin.night.report.trend import trend
from zhiyin.night.report.words import question_words, scale_words
from zhiyin.tables.figures import Change, Figure
from zhiyin.tables.glossary import Direction, measure


def headline_card(report: Report, *, is_alone: bool) -> Markup:
    """The figure as a number and as a string; ``is_alone`` where no course stands beside it."""
    kind = "headline alone" if is_alone else "headline"
    headline = report.headline
    if headline is None or headline.figure.value is None:
        return empty(kind, say("Satisfaction"), _no_figure(headline))
    figure = headline.figure
    told = measure(figure.measure)
    axis = headline_axis(figure)
    number = tag("p", amount(figure.value or 0.0, figure.unit), class_="figure")
    margin = say("margin of error ({level}) {interval}", level=percent_level(figure.level), interval=interval(figure))
    drawn = string(
        figure, axis, f"{told.title()} {amount(figure.value or 0.0, figure.unit)}", height=44, stands="better"
    )
    facts = tag(
        "dl",
        _fact(say("answers"), whole(figure.n or 0)),
        _fact(say("customers"), whole(figure.customers or 0)),
        _fact(say("asked"), question_words(headline.question)),
        _fact(say("scale"), scale_words(headline.scales)),
    )
    return card(
        kind,
        told.title(),
        told.meaning(),
        tag("div", number, _badge(headline.change), class_="top"),
        tag("p", margin, class_="margin"),
        drawn,
        scale_beneath(axis, [f"{tick:g}" if figure.unit != "share" else f"{100 * tick:g}%" for tick in axis.ticks]),
        facts,
    )


def headline_axis(figure: Figure) -> Axis:
    """Part of the range around the figure, wide enough that its interval is seen for what it is."""
    told = measure(figure.measure)
    value, low, high = figure.value or 0.0, figure.low or 0.0, figure.high or 0.0
    reach = max(8 * (high - low), 0.02 * ((told.highest or value) - told.lowest))
    return round_axis(value - reach / 2, value + reach / 2, lowest=told.lowest, highest=told.highest, ticks=4)


def _fact(name: str, value: str) -> Markup:
    return tag("div", tag("dt", name), tag("dd", value))


def _no_figure(headline: Headline | None) -> str:
    if headline is None:
        return say(
            "The lake holds no answers to a rating question in this period, so there is no figure. Load responses "
            "first."
        )
    return say("Sample too small, not compared yet: fewer customers answered than a figure may be made from.")


def _badge(change: Change | None) -> Markup | None:
    if change is None or change.value is None or change.low is None or change.high is None:
        return None
    better = (change.value > 0) == (measure(change.figure.measure).direction is not Direction.LOWER)
    kind = ("good" if better else "bad") if change.is_clear else "calm"
    unit = change.figure.unit
    text = f"{shift(change.value, unit)}  [{between(change.low, change.high, unit, signed=True)}]"
    return tag("span", text, class_=f"badge {kind}")


def what_changed(report: Report) -> str:
    """One sentence that says what changed, and whether it may be called a change."""
    headline = report.headline
    if headline is None or headline.figure.value is None:
        return say("There is no satisfaction figure for this period yet.")
    change, title = headline.change, measure(headline.figure.measure).title()
    if change is None or change.value is None or change.low is None or change.high is None:
        return say(
            "{measure} stands at {value}; there is no earlier stretch to compare it with.",
            measure=title,
            value=amount(headline.figure.value, headline.figure.unit),
        )
    unit = change.figure.unit
    told = {
        "measure": title,
        "now": headline.stretches[0],
        "before": headline.stretches[1],
        "by": shift(abs(change.value), unit).lstrip("+"),
        "moved": shift(change.value, unit),
        "interval": between(change.low, change.high, unit, signed=True),
    }
    if not change.is_clear:
        return say(
            "{measure} moved by {moved} from {before} to {now} ({interval}): within the margin of error, so no change "
            "can be claimed.",
            **told,
        )
    if change.value > 0:
        return say("{measure} in {now} rose by {by} against {before} ({interval}): more than chance explains.", **told)
    return say("{measure} in {now} fell by {by} against {before} ({interval}): more than chance explains.", **told)


def trend_card(report: Report) -> Markup | Absent:
    """The course over the months."""
    title = say("Course")
    if len(report.trend) < 2:
        return Absent(title, say("A course needs answers from two months or more."))
    figures, level = report.trend, percent_level(report.trend[0].level)
    axis = axis_for(figures)
    marks = [tag("li", tag("b", mark.number), f" {mark.on.isoformat()} {mark.words}") for mark in report.marks]
    return card(
        "course",
        title,
        say(
            "By month, with the margin of error ({level}) as a band. Upright lines are events, not causes.", level=level
        )
        if marks
        else say("By month, with the margin of error ({level}) as a band.", level=level),
        trend(
            figures, axis, say("{measure} by month", measure=measure(figures[0].measure).title()), marks=report.marks
        ),
        tag("ol", marks, class_="events") if marks else None,
        twin(
            [say("month"), measure(figures[0].measure).title(), say("margin of error"), say("answers")],
            [
                [
                    month(f.start_on) if f.start_on else "",
                    amount(f.value, f.unit) if f.value is not None else say("sample too small"),
                    interval(f),
                    whole(f.n) if f.n is not None else "",
                ]
                for f in figures
            ],
        ),
    )


def measures_strip(report: Report) -> Markup | None:
    """The other measures, each a number on its string."""
    if not report.measures:
        return None
    return tag("section", [_measure(figure) for figure in report.measures], class_="strip", id="measures")


def _measure(figure: Figure) -> Markup:
    told = measure(figure.measure)
    if figure.value is None or figure.low is None or figure.high is None:
        body = [tag("p", say("sample too small, not compared yet"), class_="small")]
    else:
        # Without an upper end, as with rates per 10,000, twice the value is room enough.
        highest = told.highest if told.highest is not None else max(2 * figure.value, figure.high, 1.0)
        axis = Axis(told.lowest, highest, (told.lowest, highest))
        body = [
            tag("p", amount(figure.value, figure.unit), class_="value"),
            string(
                figure,
                axis,
                f"{told.title()} {amount(figure.value, figure.unit)}",
                stands=standing(figure, None),
                height=22,
            ),
            tag("p", interval(figure), class_="small"),
            tag("p", f"n = {whole(figure.n or 0)}", class_="small"),
        ]
    return tag("article", tag("h3", told.title(), title=told.meaning()), body)


def legend(report: Report) -> Markup | None:
    """How to read a string, drawn with one."""
    figure = report.headline.figure if report.headline else next(iter(report.measures), None)
    if figure is None or figure.value is None:
        return None
    axis = Axis(0.0, 100.0, (0.0, 100.0))
    sample = replace(figure, measure="mean_score", value=62.0, low=50.0, high=76.0, unit="points")
    parts = (
        say("dot: the figure"),
        say("spindle: its margin of error ({level})", level=percent_level(figure.level)),
        say("hair line: the whole bank, asked in the same way"),
        say("hollow on a dotted string: sample too small"),
        say("green or red only where the whole spindle lies on one side of the bank"),
    )
    drawn = tag(
        "span", string(sample, axis, say("how to read a string"), reference=36.0, stands="better"), class_="sample"
    )
    return tag(
        "section",
        tag("h3", say("How to read a string")),
        drawn,
        tag("ul", [tag("li", text) for text in parts]),
        class_="legend",
    )


def masthead(report: Report) -> Markup:
    """Whose report, of which period, and the sentence."""
    period = span(report.start_on, report.end_on)
    return tag(
        "header",
        tag("p", tag("b", "知音", class_="brand", lang="zh"), tag("span", report.bank), class_="whose"),
        tag("h1", say("Customer satisfaction"), tag("span", period, class_="period")),
        tag("p", what_changed(report), class_="sentence"),
        class_="masthead",
    )

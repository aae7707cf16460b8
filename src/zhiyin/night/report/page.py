"""The whole page: one file, no script, nothing fetched."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from zhiyin.language import current_language, use_language
from zhiyin.night.report.cards import Absent, absent_card
from zhiyin.night.report.comparing import comparison_card, multiplicity
from zhiyin.night.report.content import Comparison, Report
from zhiyin.night.report.counting import apart_card, causes_card, rates_card, voices_card
from zhiyin.night.report.lead import headline_card, legend, masthead, measures_strip, trend_card
from zhiyin.night.report.markup import Markup, page, style_sheet, tag
from zhiyin.night.report.notes import notes_card
from zhiyin.night.report.numbers import say, sentences
from zhiyin.night.report.words import scale_words
from zhiyin.tables.glossary import measure

_SAME_WAY: Final = (
    "Each is judged by the bank asked in the same way (hair line): a device at the counter gives other scores than a "
    "link."
)
_CEILING: Final = (
    "Where nearly everyone presses “satisfied”, only the dissatisfied tell units apart. Shaded: within chance (control "
    "limits)."
)
_LANGUAGES: Final = {"zh": "zh-Hans", "en": "en"}


def write_page(report: Report, *, language: str | None = None, minimum: int) -> str:
    """A report as one HTML document.

    Parameters
    ----------
    report : what it says.
    language : ``zh`` or ``en``; None for the user's.
    minimum : customers below which a group is not shown, for the notes.
    """
    with use_language(language or current_language()):
        css = files("zhiyin.night.report").joinpath("page.css").read_text(encoding="utf-8")
        head = [
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            # Nothing may be fetched or run, even if a reader's browser would.
            tag("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
            style_sheet(css),
        ]
        title = f"{report.bank} · {say('Customer satisfaction')}"
        return page(
            _LANGUAGES[current_language()], title, head, [tag("main", _body(report, minimum)), _colophon(report)]
        )


def _body(report: Report, minimum: int) -> list[Markup | None]:
    compared = {comparison.key: comparison for comparison in report.comparisons}
    ceiling = say("Dissatisfied per 10,000 served, by unit"), say(_CEILING)
    left = [
        _strings("channel", say("By channel"), compared.get("channel"), say(_SAME_WAY)),
        _strings("journey", say("By customer journey"), compared.get("journey")),
        causes_card(report),
        voices_card(report),
    ]
    right = [
        rates_card(report),
        _strings("unit_id", say("By unit"), compared.get("unit_id")),
        comparison_card("dissatisfied", *ceiling, report.dissatisfied, by_limits=True),
        apart_card(report),
        notes_card(report, minimum=minimum),
    ]
    course = trend_card(report)
    missing = absent_card([found for found in (course, *left, *right) if isinstance(found, Absent)])
    columns = [[found for found in side if isinstance(found, Markup)] for side in (left, right)]
    if missing is not None:
        min(reversed(columns), key=len).append(missing)
    return [
        masthead(report),
        headline_card(report, is_alone=isinstance(course, Absent)),
        course if isinstance(course, Markup) else None,
        measures_strip(report),
        legend(report),
        *(tag("div", side, class_="column") for side in columns),
    ]


def _strings(key: str, title: str, comparison: Comparison | None, caution: str = "") -> Markup | Absent:
    kind = key.removesuffix("_id")
    if comparison is None or not comparison.rows:
        return comparison_card(kind, title, "", comparison)
    figure = comparison.rows[0].figure
    note = [say("{measure}. Nobody is ranked within a group.", measure=measure(figure.measure).title()), caution]
    if comparison.scale:
        scale = scale_words((comparison.scale,))
        note.append(say("Only answers on {scale}, the scale most used, so that all were asked alike.", scale=scale))
    note.append(multiplicity(comparison, figure.level))
    return comparison_card(kind, title, sentences([text for text in note if text]), comparison)


def _colophon(report: Report) -> Markup:
    return tag(
        "footer",
        say("Made by Zhiyin {version}, from the bank's own data, on the bank's own machine.", version=report.version),
        class_="colophon",
    )

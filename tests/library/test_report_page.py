"""The page: one file without scripts or references, each picture with its numbers, and no claim without a ground."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from report_cases import Page, figure, report

from zhiyin.language import use_language
from zhiyin.night.report import write_page
from zhiyin.night.report.content import Apart, Cause, Comparison, Headline, Rate, Report, Row, Voice
from zhiyin.night.report.lead import what_changed
from zhiyin.night.report.trend import Mark
from zhiyin.tables.figures import Change, Limits

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
MONTHS = tuple(figure(70.0 + month, month=date(2026, month, 1)) for month in range(1, 7))


def changed(value: float, *, half: float = 1.0) -> Change:
    now, before = figure(71.0 + value), figure(71.0)
    low, high = value - half, value + half
    return Change(now, before, value, low, high, 0.95, not low <= 0 <= high, None, "MOVER")


def full(words: str = "words") -> Report:
    """A report with something in every part."""
    total = figure(72.0, n=1000)
    rows = (
        Row(words, figure(80.0)),
        Row("same", figure(72.0)),
        Row("worse", figure(60.0)),
        Row("hidden", figure(None)),
        Row("unsure", figure(90.0, reliability=0.2, n=20)),
    )
    rate = replace(figure(12.0, measure="dissatisfied_rate", unit="per 10,000"), limits=Limits(10, 5, 20, None))
    none = figure(None, measure="dissatisfied_rate", unit="per 10,000")
    share = figure(0.4, measure="response_rate", unit="share", half=0.1)
    return report(
        bank=words,
        headline=Headline(
            total, words, ("points4", "points5"), changed(2.0), ("now", "before"),
            modes=((words, 0.7), ("email", 0.3)), left_out=((words, 3), ("no_value", 5)),
        ),
        trend=MONTHS,
        marks=(Mark(date(2026, 3, 1), "①", words),),
        measures=(share, rate, figure(None, measure="nps")),
        comparisons=tuple(Comparison(key, rows, total, unstated=4) for key in ("channel", "journey", "unit_id")),
        dissatisfied=Comparison("unit_id", (Row(words, rate), Row("hidden", none)), rate),
        rates=(Rate(words, share, None), Rate("hidden", replace(share, value=None), share)),
        causes=(Cause(words, 70, 60, 10, words), Cause("other", 5, 0, 2)),
        complaints=75,
        voices=(Voice(words, "low", words, "zh"), Voice("fine", "high", words, words)),
        apart=(Apart(words, "responses", words, words, 7), Apart("b.csv", "requests", "", "not_a_time", 1)),
        apart_total=8,
        loaded_total=500,
        rows={"responses": 492, words: 1},
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("made", [report(), full(), full(HOSTILE)], ids=["empty", "full", "hostile"])
def test_page_is_one_whole_file_without_script_or_reference(language: str, made: Report) -> None:
    with use_language("en"):
        text = write_page(made, language=language, minimum=10)
    page = Page(text)
    names = {name for name, _ in page.elements}
    assert names.isdisjoint({"script", "img", "link", "iframe", "object", "embed", "form", "a", "base"})
    attributes = {key for _, found in page.elements for key in found}
    assert not [
        key for key in attributes if key.startswith("on") or key in ("href", "src", "style", "srcset", "action")
    ]
    css = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert css is not None
    assert "url(" not in css[1]
    assert "@import" not in css[1]
    assert page.elements[0] == ("html", {"lang": "zh-Hans" if language == "zh" else "en"})


def test_hostile_words_are_shown_as_words() -> None:
    page = Page(write_page(full(HOSTILE), language="en", minimum=10))
    assert HOSTILE in page.text


def test_every_mark_says_what_it_is() -> None:
    page = Page(write_page(full(), language="en", minimum=10))
    pictures = page.count("svg", "string") + page.count("svg", "bars") + page.count("svg", "trend")
    assert pictures > 20
    titled = sum(
        name == "svg" and after == "title" and "role" in found
        for (name, found), (after, _) in zip(page.elements, page.elements[1:], strict=False)
    )
    assert titled == pictures


def test_course_has_a_table_behind_it() -> None:
    text = write_page(full(), language="en", minimum=10)
    twin = re.search(r'<table class="twin">(.*?)</table>', text, re.DOTALL)
    assert twin is not None
    assert len(re.findall(r"<tr>", twin[1])) == 7
    assert "71.0" in twin[1]


def test_bands_say_who_stands_where_and_hidden_groups_carry_no_number() -> None:
    text = write_page(full(), language="en", minimum=10)
    body = text[text.index('id="channel"') : text.index('id="journey"')]
    bands = re.findall(r'class="band"[^>]*><th[^>]*>([^<]+) <span>(\d+)</span>', body)
    assert bands == [
        ("Clearly better than the bank", "1"),
        ("Not to be told apart from the bank", "1"),
        ("Clearly worse than the bank", "1"),
        ("Sample too small, not compared yet", "2"),
    ]
    hidden = re.search(r'<tr role="row" class="few">.*?hidden.*?</tr>', body, re.DOTALL)
    assert hidden is not None
    assert "sample too small" in hidden[0]
    assert "about 167 more needed to compare" in body
    assert "4 answers do not state it." in body


def test_group_is_judged_by_the_bank_asked_in_the_same_way() -> None:
    judged = Comparison("channel", (Row("app", figure(60.0), expected=60.0),), figure(72.0))
    text = write_page(report(headline=full().headline, comparisons=(judged,)), language="en", minimum=10)
    assert "Clearly worse than the bank" not in text
    assert "Not to be told apart from the bank" in text


def test_many_groups_are_folded() -> None:
    rows = tuple(Row(f"unit {n}", figure(72.0)) for n in range(40))
    made = report(headline=full().headline, comparisons=(Comparison("unit_id", rows, figure(72.0)),))
    text = write_page(made, language="en", minimum=10)
    assert "26 more" in text
    assert all(f"unit {n}<" in text for n in range(40))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed(2.0), " in now rose by 2.0 against before (+1.0 to +3.0): more than chance explains."),
        (changed(-2.0), " in now fell by 2.0 against before (−3.0 to −1.0): more than chance explains."),
        (
            changed(0.4),
            " moved by +0.4 from before to now (−0.6 to +1.4): within the margin of error, "
            "so no change can be claimed.",
        ),
        (None, " stands at 72.0; there is no earlier stretch to compare it with."),
    ],
)
def test_sentence_says_what_changed_and_whether_it_may_be_called_so(change: Change | None, said: str) -> None:
    headline = Headline(figure(72.0), "q", ("points5",), change, ("now", "before"))
    with use_language("en"):
        assert what_changed(report(headline=headline)) == "Mean score (0-100)" + said


def test_empty_lake_says_what_is_missing() -> None:
    page = Page(write_page(report(), language="en", minimum=10))
    assert "The lake holds no answers to a rating question in this period" in page.text
    assert "The lake holds no complaints in this period." in page.text
    assert "A course needs answers from two months or more." in page.text


def test_notes_carry_what_a_number_needs_to_be_quoted() -> None:
    page = Page(write_page(full(), language="en", minimum=12))
    assert "fewer than 12 customers" in page.text
    assert "lake generation 3" in page.text
    assert "response_rate/1 · score" in page.text
    assert "8 of 500 rows broke a rule." in page.text


def test_complaints_are_split_between_line_and_unit() -> None:
    text = write_page(full(), language="en", minimum=10)
    body = text[text.index('id="causes"') : text.index('id="voices"')]
    assert "60 of 75 lie with a head-office line, 12 with a branch or outlet" in body
    assert len(re.findall(r'<rect class="nobody"', body)) == 1

"""Nothing from the data becomes markup."""

from __future__ import annotations

from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from report_cases import Page

from zhiyin.night.report.markup import Markup, join, page, tag


def test_text_is_escaped_and_elements_are_not() -> None:
    assert tag("p", "<b> & ", tag("b", "x")) == "<p>&lt;b&gt; &amp; <b>x</b></p>"


def test_attributes_are_escaped() -> None:
    assert tag("p", title='" onclick="x') == '<p title="&quot; onclick=&quot;x"></p>'


def test_names_of_attributes_are_html() -> None:
    assert tag("td", class_="a", colspan=2, aria_hidden="true", hidden=False, open=True) == (
        '<td class="a" colspan="2" aria-hidden="true" open></td>'
    )


def test_numbers_are_short() -> None:
    assert tag("line", x1=1.0, y1=2.345) == '<line x1="1" y1="2.35"></line>'


def test_nothing_is_left_out_of_a_list() -> None:
    assert join(["a", None, [tag("i", "b"), ["c"]]]) == "a<i>b</i>c"


def test_void_elements_have_no_end() -> None:
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_any_text_survives_as_text(text: str) -> None:
    made = tag("p", text)
    assert isinstance(made, Markup)
    assert unescape(made.removeprefix("<p>").removesuffix("</p>")) == text
    assert Page(page("en", text, [], [made])).count("p") == 1

"""From a lake to a report: the figures are those of the measures, and each rule of the page holds."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from report_cases import Page, lake_of

from zhiyin.bank import make_bank
from zhiyin.cli.main import run
from zhiyin.engine import described
from zhiyin.lake import Lake, open_lake
from zhiyin.language import use_language
from zhiyin.night.report import UnknownQuestion, gather, write_page
from zhiyin.night.report.content import Comparison, Report
from zhiyin.satisfaction import mean_score, response_rate
from zhiyin.tables import table

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    out = tmp_path_factory.mktemp("bank") / "lake"
    make_bank(out, customers=1500, months=7, seed=3)
    return open_lake(out)


@pytest.fixture(scope="module")
def told(bank: Lake) -> Report:
    with use_language("en"):
        return gather(bank)


def answers(count: int, value: int, *, first: int = 0, month: int = 3, **columns: object) -> list[dict[str, object]]:
    return [
        {
            "response_id": f"R{first + n}",
            "question": "satisfaction",
            "instrument": "x",
            "customer_id": f"C{first + n}",
            "scale": "points5",
            "value": value,
            "answered_us": datetime(2026, month, n % 28 + 1, 12, tzinfo=ZONE).isoformat(),
            **columns,
        }
        for n in range(count)
    ]


def compared(made: Report, key: str) -> Comparison:
    return next(found for found in made.comparisons if found.key == key)


def test_figures_are_those_of_the_measures(bank: Lake, told: Report) -> None:
    responses = described(table("responses"))
    days = {"since": told.start_on, "until": told.end_on}
    overall = bank.compute(mean_score(responses, question="satisfaction", combine=True, **days)).totals[0]
    assert told.headline is not None
    assert told.headline.figure == overall
    months = bank.compute(mean_score(responses, question="satisfaction", combine=True, period="month", **days))
    assert [figure.value for figure in told.trend] == [figure.value for figure in months.totals]
    rates = bank.compute(response_rate(described(table("invitations")), responses, **days)).totals[0]
    assert next(figure for figure in told.measures if figure.measure == "response_rate") == rates


def test_span_is_the_months_up_to_the_last_answer(told: Report) -> None:
    assert (told.start_on, told.end_on) == (date(2026, 4, 1), date(2026, 11, 1))
    assert len(told.trend) == 7
    assert told.bank == "Qingshan Bank (invented)"


def test_change_compares_three_months_with_the_three_before(told: Report) -> None:
    assert told.headline is not None
    assert told.headline.stretches == ("Aug–Oct 2026", "May–Jul 2026")
    change = told.headline.change
    assert change is not None
    assert change.figure.n is not None
    assert change.against.n is not None
    assert change.value == change.figure.value - change.against.value


def test_units_are_compared_on_one_scale_and_named(told: Report) -> None:
    units = compared(told, "unit_id")
    assert units.scale == "points4"
    assert all(row.label.startswith(("Qingshan", "Heyuan", "Lanchuan", "Contact", "Digital")) for row in units.rows)


def test_same_lake_gives_the_same_page(bank: Lake, told: Report) -> None:
    with use_language("en"):
        again = write_page(gather(bank), minimum=10)
        assert again == write_page(told, minimum=10)


def test_voices_are_masked_words_of_different_customers_and_no_unit_is_named(bank: Lake, told: Report) -> None:
    assert told.voices
    assert len({voice.words for voice in told.voices}) == len(told.voices)
    with bank.engine() as engine:
        units = engine.run(described(table("units"))).to_pylist()
    outlets = [unit["name_en"] for unit in units if unit["level"] in ("branch", "sub_branch", "outlet")]
    assert not [voice for voice in told.voices for name in outlets if name in voice.about]


def test_expected_is_the_banks_mean_in_the_groups_own_ways(tmp_path: Path) -> None:
    rows = [
        *answers(30, 5, channel="branch", mode="counter_device"),
        *answers(10, 1, first=100, channel="mobile", mode="counter_device"),
        *answers(40, 2, first=200, channel="mobile", mode="sms_link"),
    ]
    with use_language("en"):
        made = gather(lake_of(tmp_path, {"responses": rows}))
    found = {row.label: (row.figure.value, row.expected) for row in compared(made, "channel").rows}
    # By device the bank has (30 x 100 + 10 x 0) / 40 = 75, by link 25.
    assert found == {"Outlet": (100.0, 75.0), "Mobile bank": (20.0, (10 * 75 + 40 * 25) / 50)}


def test_groups_without_a_statement_are_counted_apart(tmp_path: Path) -> None:
    rows = [*answers(20, 5, channel="branch"), *answers(12, 4, first=100)]
    made = gather(lake_of(tmp_path, {"responses": rows}))
    channels = compared(made, "channel")
    assert [row.figure.n for row in channels.rows] == [20]
    assert channels.unstated == 12


def test_few_customers_are_hidden_in_every_part(tmp_path: Path) -> None:
    rows = [
        *answers(40, 5, unit_id="A"),
        *answers(30, 3, first=100, unit_id="B"),
        *answers(3, 1, first=200, unit_id="C"),
    ]
    with use_language("en"):
        made = gather(lake_of(tmp_path, {"responses": rows}))
        text = write_page(made, minimum=10)
    units = {row.label: row.figure for row in compared(made, "unit_id").rows}
    assert units["C"].suppressed == "few"
    assert [name for name, figure in units.items() if figure.value is None] != ["C"]
    assert "n = 3<" not in text


def test_complaints_name_line_and_unit(tmp_path: Path) -> None:
    units = [
        {
            "unit_id": "HQ",
            "legal_entity_id": "X",
            "level": "department",
            "name": "总行部门",
            "valid_from": "2000-01-01",
        },
        {"unit_id": "B1", "legal_entity_id": "X", "level": "outlet", "name": "网点", "valid_from": "2000-01-01"},
    ]
    lines = [{"line_id": "cards", "legal_entity_id": "X", "name": "信用卡条线", "name_en": "Cards"}]
    owners = [("HQ", "cards"), ("HQ", "cards"), ("B1", ""), ("", "cards"), ("", "")]
    requests = [
        {
            "request_id": f"T{n}",
            "type": "complaint" if n < 5 else "praise",
            "cause": "pricing",
            "received_us": "2026-03-05 09:00:00",
            "responsible_unit_id": owners[n % 5][0],
            "responsible_line_id": owners[n % 5][1],
        }
        for n in range(7)
    ]
    with use_language("en"):
        made = gather(lake_of(tmp_path, {"units": units, "lines": lines, "requests": requests}))
    assert made.headline is None
    assert made.complaints == 5
    cause = made.causes[0]
    assert (cause.label, cause.count, cause.line, cause.unit, cause.main_line) == ("Prices and fees", 5, 3, 1, "Cards")


def test_rows_kept_apart_are_counted_with_their_reason(tmp_path: Path) -> None:
    rows = [*answers(20, 5), *answers(2, 9, first=100), {**answers(1, 5, first=200)[0], "answered_us": "yesterday"}]
    made = gather(lake_of(tmp_path, {"responses": rows}))
    assert (made.apart_total, made.loaded_total) == (3, 23)
    found = [(line.file, line.column, line.reason, line.count) for line in made.apart]
    assert found == [
        ("responses.csv", "value", "off_scale", 2),
        ("responses.csv", "answered_us", "not_a_time", 1),
    ]


def test_answers_without_a_time_count_by_when_they_were_recorded(tmp_path: Path) -> None:
    made = gather(lake_of(tmp_path, {"responses": answers(20, 5, answered_us="")}))
    assert made.headline is not None
    assert (made.headline.figure.n, made.trend) == (20, ())


def test_question_can_be_named_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    rows = [*answers(20, 5), *answers(30, 3, first=100, question="waiting")]
    lake = lake_of(tmp_path, {"responses": rows})
    by_default, named = gather(lake), gather(lake, question="waiting")
    assert by_default.headline is not None
    assert named.headline is not None
    assert (by_default.headline.question, named.headline.question) == ("satisfaction", "waiting")
    with pytest.raises(UnknownQuestion) as caught:
        gather(lake, question="wating")
    assert caught.value.text("en") == "Nobody answered a question wating. Did you mean waiting?"


def test_empty_lake_gives_a_page(tmp_path: Path) -> None:
    made = gather(lake_of(tmp_path, {}))
    assert (made.headline, made.complaints, made.voices) == (None, 0, ())
    for language in ("zh", "en"):
        assert Page(write_page(made, language=language, minimum=10)).count("h1") == 1


def test_command_writes_the_page(bank: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "report.html"
    days = ["--from", "2026-06-01", "--to", "2026-08-31"]
    assert run(["report", str(bank.folder), "--out", str(out), "--lang", "en", *days]) == 0
    page = Page(out.read_text(encoding="utf-8"))
    assert "Jun–Aug 2026" in page.text
    assert capsys.readouterr().out.startswith(f"{out} written (")

"""Rules as files: read strictly, checked whole, versioned, and added without code."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from clock_cases import at, day, received

from zhiyin.clock import (
    CaseEvents,
    CaseInvalid,
    ClockFileInvalid,
    Event,
    NoRuleInForce,
    State,
    UnknownCalendar,
    UnknownRule,
    evaluate,
    load_rules,
    read_rule,
    shipped_rules,
)

SHIPPED = [
    "au-rg271",
    "bank-internal",
    "cn-app-rights",
    "cn-credit-objection",
    "cn-order-3-2020",
    "cn-pboc-transfer",
    "cn-petition",
    "cn-regulator-transfer",
    "eu-psd2",
    "uk-disp",
    "us-cfpb",
    "us-reg-b",
    "us-reg-z",
]
HEAD = """
rule = "bahrain"
version = "1"
title_zh = "巴林"
title_en = "Bahrain"
owner = "law"
source = "CBB"
confidence = "S"
status = "unconfirmed"
valid_from = 2020-01-01
zone = "Asia/Bahrain"
"""
LIMIT = """
[[limit]]
id = "BH-5"
article = "1"
duty_zh = "确认"
duty_en = "acknowledge"
start = ["received"]
period = { count = 5, unit = "calendar_day" }
satisfied_by = [{ kind = "notice_dispatched", about = ["acknowledgement"] }]
"""


def rule_file(folder: Path, text: str, name: str = "bahrain.toml") -> Path:
    path = folder / "rules" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_rules_are_these_and_all_checked() -> None:
    assert list(shipped_rules().names()) == SHIPPED


def test_every_rule_from_memory_is_unconfirmed() -> None:
    for rule in shipped_rules().rules:
        assert (rule.confidence == "M") == (rule.status == "unconfirmed"), rule.rule


def test_only_the_banks_own_clocks_belong_to_the_bank() -> None:
    assert [rule.rule for rule in shipped_rules().rules if rule.owner == "bank"] == ["bank-internal"]


def test_a_rule_is_added_as_a_file_without_code(tmp_path: Path) -> None:
    rule_file(tmp_path, HEAD + LIMIT)
    book = load_rules(tmp_path)
    case = CaseEvents((received("2026-03-02", "Asia/Bahrain"),))

    state = evaluate(book.rule_for("bahrain", case, at=at("2026-03-03")), case, at=at("2026-03-03"), book=book)

    assert state.deadline("BH-5").due_on == day("2026-03-07")
    assert state.zone == "Asia/Bahrain"


def test_a_rule_can_move_its_end_off_a_day_without_work(tmp_path: Path) -> None:
    text = HEAD + LIMIT.replace("satisfied_by", 'roll = "next_working_day"\ncalendar = "cn"\nsatisfied_by')
    rule = read_rule(rule_file(tmp_path, text))
    case = CaseEvents((received("2026-02-12", "Asia/Bahrain"),))

    found = evaluate(rule, case, at=at("2026-02-13")).deadline("BH-5")

    assert found.due_on == day("2026-02-24")
    assert [line.text("en") for line in found.because][-2] == (
        "2026-02-17 is not a working day; the rule moves it to 2026-02-24."
    )


def without_key(key: str) -> str:
    return "\n".join(line for line in (HEAD + LIMIT).splitlines() if not line.startswith(f"{key} ="))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("rule = ", "$"),
        (HEAD, "limit"),
        (without_key("version"), "version"),
        (without_key("article"), "limit[0].article"),
        (without_key("period"), "limit[0].period"),
        (HEAD + LIMIT.replace('"calendar_day"', '"fortnight"'), "limit[0].period.unit"),
        (HEAD + LIMIT.replace("count = 5", "count = -5"), "limit[0].period.count"),
        (HEAD + LIMIT.replace("count = 5", 'count = "five"'), "limit[0].period.count"),
        (HEAD + LIMIT.replace('["received"]', '["arrived"]'), "limit[0].start[0].kind"),
        (HEAD + LIMIT.replace('"acknowledgement"', '"thanks"'), "limit[0].satisfied_by[0].about"),
        (HEAD + LIMIT + "acts = true\n", "limit[0].acts"),
        (HEAD + 'surprise = "x"\n' + LIMIT, "surprise"),
        (HEAD.replace("Asia/Bahrain", "Asia/Atlantis") + LIMIT, "zone"),
        (HEAD.replace('"S"', '"sure"') + LIMIT, "confidence"),
        (HEAD.replace('"unconfirmed"', '"hoped"') + LIMIT, "status"),
        (HEAD + "valid_to = 2019-12-31\n" + LIMIT, "valid_to"),
        (HEAD + LIMIT + LIMIT, "limit"),
        (HEAD + LIMIT.replace('"calendar_day"', '"working_day"'), "BH-5.calendar"),
        (HEAD + LIMIT + 'advisory_roll = "next_working_day"\n', "BH-5.calendar"),
        (HEAD + LIMIT + 'extension = { of = "BH-4", by = "found_complex" }\n', "BH-5.extension.of"),
        (HEAD + LIMIT + 'requires = "BH-4"\n', "BH-5.requires"),
        (HEAD + LIMIT + 'applies = { level = ["branch"] }\n', "BH-5.applies"),
        (HEAD + LIMIT + 'held_by = "legal_hold"\n', "BH-5.applies"),
        (
            HEAD + LIMIT + LIMIT.replace("BH-5", "BH-6") + 'extension = { of = "BH-5", by = "found_complex" }\n',
            "BH-6.period",
        ),
        (HEAD + LIMIT + '[[restart]]\nkind = "new_facts"\narticle = "1"\nlimits = ["BH-9"]\n', "restart.limits"),
        (
            HEAD
            + LIMIT.replace('"calendar_day"', '"hour"')
            + '[[suspension]]\ncode = "x"\nzh = "x"\nen = "x"\narticle = "1"\nlimits = ["BH-5"]\n',
            "suspension.limits",
        ),
        (HEAD + LIMIT + '[[proof]]\nmethod = "pigeon"\narticle = "1"\nneeds = []\n', "proof[0].method"),
        (HEAD + LIMIT + '[[proof]]\nmethod = "letter"\narticle = "1"\nneeds = ["stamp"]\n', "proof[0].needs"),
    ],
)
def test_a_rule_file_is_read_strictly(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(ClockFileInvalid) as error:
        read_rule(rule_file(tmp_path, text))

    assert (error.value.data["file"], error.value.data["where"]) == ("bahrain.toml", where)


def test_the_message_of_a_wrong_file_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ClockFileInvalid) as error:
        read_rule(rule_file(tmp_path, HEAD + LIMIT.replace("count = 5", "count = -5")))

    assert error.value.text("en") == "bahrain.toml, limit[0].period.count: expected a whole number from 0."


def second_version(valid_from: str = "2026-03-10") -> str:
    first = (files("zhiyin.clock") / "rules" / "cn-order-3-2020.toml").read_text("utf-8")
    changed = first.replace('version = "1"', 'version = "2"').replace("2020-03-01", valid_from)
    return changed.replace("count = 15,", "count = 10,")


def test_cn_37_a_version_that_begins_mid_case_does_not_touch_it(tmp_path: Path) -> None:
    rule_file(tmp_path, second_version())
    book = load_rules(tmp_path)
    old, new = CaseEvents((received("2026-03-02"),)), CaseEvents((received("2026-03-10"),))

    def version_and_due(case: CaseEvents) -> tuple[str, str]:
        moment = at("2026-03-12")
        state = evaluate(book.rule_for("cn-order-3-2020", case, at=moment), case, at=moment, book=book)
        return state.version, str(state.deadline("CN3-T15").due_on)

    assert version_and_due(old) == ("1", "2026-03-17")
    assert version_and_due(new) == ("2", "2026-03-20")


def test_a_version_is_chosen_by_the_local_day_of_the_start(tmp_path: Path) -> None:
    rule_file(tmp_path, second_version())
    case = CaseEvents((Event("received", at=at("2026-03-09T16:30", "UTC")),))

    assert load_rules(tmp_path).rule_for("cn-order-3-2020", case, at=at("2026-03-12")).version == "2"


def test_a_matter_before_the_first_version_has_no_rule() -> None:
    case = CaseEvents((received("2019-12-31"),))

    with pytest.raises(NoRuleInForce) as error:
        shipped_rules().rule_for("cn-order-3-2020", case, at=at("2026-03-12"))

    assert error.value.data["day"] == "2019-12-31"


def test_a_rule_that_has_ended_is_not_in_force(tmp_path: Path) -> None:
    rule_file(tmp_path, HEAD + "valid_to = 2025-12-31\n" + LIMIT)
    book = load_rules(tmp_path)

    assert book.in_force("bahrain", day("2025-12-31")).version == "1"
    with pytest.raises(NoRuleInForce):
        book.in_force("bahrain", day("2026-01-01"))


@pytest.mark.parametrize(("version", "valid_from"), [("1", "2026-03-10"), ("2", "2020-03-01")])
def test_a_version_is_loaded_once_and_begins_alone(tmp_path: Path, version: str, valid_from: str) -> None:
    text = second_version(valid_from).replace('version = "2"', f'version = "{version}"')
    rule_file(tmp_path, text)

    with pytest.raises(ClockFileInvalid):
        load_rules(tmp_path)


def test_an_unknown_rule_offers_the_nearest() -> None:
    with pytest.raises(UnknownRule) as error:
        shipped_rules().versions("cn-order-3-2021")

    assert error.value.text("en").endswith("Did you mean cn-order-3-2020?")


def test_an_unknown_calendar_is_refused() -> None:
    rule = shipped_rules().versions("cn-order-3-2020")[-1]

    with pytest.raises(UnknownCalendar):
        evaluate(rule, CaseEvents((received("2026-03-02"),), calendar="moon"), at=at("2026-03-03"))


def test_an_unknown_value_of_an_attribute_is_refused_and_other_spellings_are_not() -> None:
    rule = shipped_rules().versions("cn-order-3-2020")[-1]

    def judged(level: str) -> State:
        case = CaseEvents((received("2026-03-02"), Event("decision_received", at=at("2026-03-05"))))
        given = CaseEvents(case.events, attributes=(("level", (level,)),))
        return evaluate(rule, given, at=at("2026-03-06")).deadline("CN3-REVIEW-APPLY").state

    assert judged("分支机构") is State.RUNNING
    assert judged("HQ") is State.NOT_APPLICABLE
    with pytest.raises(CaseInvalid, match=r"level: regional is none of branch, head_office"):
        judged("regional")


def test_every_shipped_file_is_toml_with_a_comment_that_says_what_it_is() -> None:
    for folder in ("rules", "calendars"):
        for path in (files("zhiyin.clock") / folder).iterdir():
            text = path.read_text("utf-8")
            assert text.startswith("# ") or folder == "rules", path.name
            assert tomllib.loads(text), path.name

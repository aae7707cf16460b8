"""``zhiyin clock``: JSON in, JSON out."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest

from zhiyin.cli.clock import EventsUnreadable, add_clock_command
from zhiyin.clock import CalendarYearMissing, CaseInvalid, UnknownRule, event_kinds
from zhiyin.language import use_language

CASE = {
    "zone": "Asia/Shanghai",
    "calendar": "cn",
    "level": "branch",
    "events": [
        {"kind": "received", "at": "2026-03-02T10:00:00+08:00"},
        {
            "kind": "suspended",
            "reason": "external_appraisal",
            "from": "2026-03-10",
            "to": "2026-03-24",
            "told_at": "2026-03-10T16:00:00+08:00",
        },
    ],
}


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_clock_command(parser.add_subparsers())
    arguments = parser.parse_args(["clock", *words])
    return int(arguments.run(arguments))


def file_of(folder: Path, document: object) -> str:
    path = folder / "events.json"
    path.write_text(json.dumps(document), "utf-8")
    return str(path)


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_answer_is_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("cn-order-3-2020", "--events", file_of(tmp_path, CASE), "--at", "2026-03-12T09:00:00+08:00")

    found = answer(capsys)
    assert code == 0
    assert (found["rule"], found["version"], found["warnings"]) == ("cn-order-3-2020", "1", [])
    first = found["deadlines"][0]
    assert {key: first[key] for key in ("id", "due_on", "state", "article", "in_force", "remaining_days")} == {
        "id": "CN3-T15",
        "due_on": "2026-04-01",
        "state": "paused",
        "article": "18",
        "in_force": True,
        "remaining_days": 20,
    }


def test_the_sentences_are_in_the_users_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with use_language("en"):
        run("cn-order-3-2020", "--events", file_of(tmp_path, CASE), "--at", "2026-03-12T09:00:00+08:00")

    assert answer(capsys)["deadlines"][0]["because"][-1] == "On 2026-03-12 the clock is paused."


def test_events_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(CASE)))

    assert run("cn-order-3-2020", "--events", "-", "--at", "2026-03-12T09:00:00+08:00") == 0
    assert answer(capsys)["deadlines"][0]["due_on"] == "2026-04-01"


def test_list_prints_rules_calendars_and_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0

    found = answer(capsys)
    assert [rule["rule"] for rule in found["rules"]][4] == "cn-order-3-2020"
    assert [kind["kind"] for kind in found["kinds"]] == list(event_kinds())
    assert found["kinds"][0]["schema"]["required"] == ["kind", "at", "due_on"]
    assert found["calendars"][1]["published_years"] == list(range(2004, 2027))


def test_list_of_one_rule_names_its_approvers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("cn-order-3-2020", "--list") == 0

    (rule,) = answer(capsys)["rules"]
    (longest,) = (limit for limit in rule["limits"] if limit["id"] == "CN3-T60")
    assert [one["code"] for one in longest["approvers"]] == ["superior_unit", "head_office_executive"]
    assert (longest["extends"], longest["must_be_told"]) == ("CN3-T30", True)


def test_a_rule_of_the_banks_own_folder_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "own.toml").write_text(
        'rule = "own"\nversion = "1"\ntitle_zh = "本行"\ntitle_en = "own"\nowner = "bank"\nsource = "bank"\n'
        'confidence = "I"\nstatus = "confirmed"\nvalid_from = 2020-01-01\nzone = "Asia/Shanghai"\n'
        '[[limit]]\nid = "OWN-3"\narticle = "1"\nduty_zh = "回访"\nduty_en = "call back"\nstart = ["received"]\n'
        'period = { count = 3, unit = "calendar_day" }\nsatisfied_by = ["complainant_told"]\n',
        "utf-8",
    )

    code = run(
        "own", "--rules", str(tmp_path), "--events", file_of(tmp_path, CASE), "--at", "2026-03-03T09:00:00+08:00"
    )

    assert (code, answer(capsys)["deadlines"][0]["due_on"]) == (0, "2026-03-05")


def test_a_call_without_rule_or_time_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("cn-order-3-2020", "--events", file_of(tmp_path, CASE)) == 2
    assert run("--events", file_of(tmp_path, CASE), "--at", "2026-03-03T09:00:00+08:00") == 2
    assert capsys.readouterr().out == ""


def test_a_time_without_offset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("cn-order-3-2020", "--events", file_of(tmp_path, CASE), "--at", "2026-03-03T09:00:00")

    assert stopped.value.code == 2


@pytest.mark.parametrize(
    ("rule", "document", "error"),
    [
        ("cn-order-3-2021", CASE, UnknownRule),
        ("cn-order-3-2020", {"events": [{"kind": "received"}]}, CaseInvalid),
        (
            "cn-regulator-transfer",
            {"events": [{"kind": "received", "at": "2026-12-28T10:00:00+08:00"}]},
            CalendarYearMissing,
        ),
    ],
)
def test_what_is_wrong_is_raised_for_the_command_line_to_say(
    tmp_path: Path, rule: str, document: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        run(rule, "--events", file_of(tmp_path, document), "--at", "2026-12-29T09:00:00+08:00")


def test_a_file_that_is_no_json_or_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", "utf-8")

    for name in ("broken.json", "missing.json"):
        with pytest.raises(EventsUnreadable):
            run("us-cfpb", "--events", str(tmp_path / name), "--at", "2026-12-29T09:00:00+08:00")

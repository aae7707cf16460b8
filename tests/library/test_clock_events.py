"""Reading a matter: what is refused names the event by its index and the field."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from clock_cases import at, day
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.clock import CaseInvalid, Event, event_kinds, read_case

KINDS = [
    "agreed_date",
    "complainant_told",
    "completed",
    "decision_received",
    "extension_approved",
    "found_complex",
    "holding_reply_sent",
    "new_facts",
    "notice_dispatched",
    "received",
    "regulator_transfer_received",
    "repeated",
    "resolved_accepted",
    "review_applied",
    "sent_to_company",
    "suspended",
    "withdrawn",
]
TIME = "2026-03-02T10:00:00+08:00"


def refused(document: object) -> str:
    with pytest.raises(CaseInvalid) as error:
        read_case(document)
    return error.value.text("en")


def test_the_kinds_of_event_are_these() -> None:
    assert list(event_kinds()) == KINDS


def test_read_case_reads_every_part() -> None:
    case = read_case(
        {
            "zone": "Asia/Shanghai",
            "calendar": "cn",
            "level": "branch",
            "parts": ["general", "payment"],
            "events": [
                {"kind": "received", "at": TIME},
                {"kind": "suspended", "reason": "mediation", "from": "2026-03-10", "to": "2026-03-24", "told_at": TIME},
            ],
        }
    )

    assert case.events == (
        Event("received", at=datetime.fromisoformat(TIME)),
        Event(
            "suspended",
            reason="mediation",
            first=day("2026-03-10"),
            last=day("2026-03-24"),
            told_at=datetime.fromisoformat(TIME),
        ),
    )
    assert (case.zone, case.calendar) == (ZoneInfo("Asia/Shanghai"), "cn")
    assert case.attributes == (("level", ("branch",)), ("parts", ("general", "payment")))
    assert case.notes == ()


def test_an_approval_happens_when_it_was_approved_and_is_known_when_it_was_entered() -> None:
    row = {
        "kind": "extension_approved",
        "by_role": "head_office_executive",
        "approved_at": "2026-03-31T10:00:00+08:00",
        "entered_at": "2026-04-02T09:00:00+08:00",
    }
    event = read_case({"events": [row]}).events[0]

    assert event.moment(ZoneInfo("Asia/Shanghai")) == at("2026-03-31")
    assert event.known_from(ZoneInfo("Asia/Shanghai")) == at("2026-04-02T09:00")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "$: not an object."),
        ({}, "events: required."),
        ({"events": {}}, "events: not a list."),
        ({"events": [3]}, "events[0]: not an object."),
        ({"events": [{}]}, "events[0].kind: required."),
        ({"events": [{"kind": "snoozed", "at": TIME}]}, "events[0].kind: snoozed is no kind of event."),
        (
            {"events": [{"kind": "recieved", "at": TIME}]},
            "events[0].kind: recieved is no kind of event (did you mean received?).",
        ),
        ({"events": [{"kind": "received"}]}, "events[0].at: required."),
        (
            {"events": [{"kind": "received", "at": TIME}, {"kind": "withdrawn", "at": "2026-03-02T10:00:00"}]},
            "events[1].at: 2026-03-02T10:00:00 is no time with its offset (such as 2026-03-02T10:00:00+08:00).",
        ),
        (
            {"events": [{"kind": "received", "at": "2026-03-02"}]},
            "events[0].at: 2026-03-02 is no time with its offset (such as 2026-03-02T10:00:00+08:00).",
        ),
        ({"events": [{"kind": "received", "at": 3}]}, "events[0].at: 3 is no text."),
        (
            {"events": [{"kind": "suspended", "reason": "mediation", "from": "10 March"}]},
            "events[0].from: 10 March is no date (YYYY-MM-DD).",
        ),
        (
            {"events": [{"kind": "suspended", "reason": "mediation", "from": "2026-03-10", "to": "2026-03-09"}]},
            "events[0].to: 2026-03-09 lies before from.",
        ),
        ({"events": [{"kind": "suspended", "reason": " ", "from": "2026-03-10"}]}, "events[0].reason: empty."),
        (
            {"events": [{"kind": "notice_dispatched", "at": TIME, "logged": "yes"}]},
            "events[0].logged: 'yes' is neither true nor false.",
        ),
        ({"events": [], "zone": "Mars/Olympus"}, "zone: Mars/Olympus is no time zone (such as Asia/Shanghai)."),
        (
            {"events": [], "zone": "UTC"},
            "zone: UTC is the zone of no place; name the institution's (such as Asia/Shanghai).",
        ),
        ({"events": [], "calendar": 3}, "calendar: neither text, a flag nor a list of texts."),
        ({"events": [], "level": {"a": 1}}, "level: neither text, a flag nor a list of texts."),
    ],
)
def test_read_case_names_the_event_and_the_field(document: object, message: str) -> None:
    assert refused(document) == message


def test_every_missing_field_is_named() -> None:
    for kind in event_kinds().values():
        for field in kind.fields:
            if field.required:
                row = {
                    other.name: "2026-03-02" if other.form == "date" else TIME
                    for other in kind.fields
                    if other.required and other.name != field.name
                }
                assert refused({"events": [{"kind": kind.name, **row}]}) == f"events[0].{field.name}: required."


def test_an_unknown_field_is_left_out_and_noted() -> None:
    case = read_case({"events": [{"kind": "received", "at": TIME, "att": TIME}]})

    assert [note.text("en") for note in case.notes] == ["events[0].att is no field of received and was left out."]


def test_an_event_refuses_a_time_without_offset_and_an_unknown_kind() -> None:
    with pytest.raises(CaseInvalid, match=r"received\.at"):
        Event("received", at=datetime(2026, 3, 2))
    with pytest.raises(CaseInvalid, match="kind"):
        Event("snoozed", at=at("2026-03-02"))
    with pytest.raises(CaseInvalid, match=r"suspended\.from"):
        Event("suspended", at=at("2026-03-02"))


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([TIME, "2026-03-02T10:00:00Z", "2026-03-02", "2026-02-30", "", " ", "letter", "decision", "soon"]),
)


@settings(deadline=None)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_the_schemas_accept_what_the_reader_accepts(kind: str, data: st.DataObject) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="the package jsonschema is not installed")
    names = [field.name for field in event_kinds()[kind].fields]
    row = {"kind": kind, **data.draw(st.dictionaries(st.sampled_from(names), VALUES))}
    schema = json.loads(json.dumps(dict(event_kinds()[kind].schema)))
    checker = jsonschema.FormatChecker()
    checker.checks("date-time")(lambda value: not isinstance(value, str) or "T" in value)
    is_valid = jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(row)

    try:
        read_case({"events": [row]})
        is_read = True
    except CaseInvalid as error:
        is_read = "lies before from" in error.text("en")

    assert is_read == is_valid

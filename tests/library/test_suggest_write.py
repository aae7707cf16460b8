"""The text of a draft parses whatever the file calls its columns, and says only what is meant."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from zhiyin.lake.suggest.draft import Draft, DraftColumn, DraftGroup
from zhiyin.lake.suggest.write import toml, write_draft
from zhiyin.tables import table

HOSTILE = 'x" ]\n[columns.comment]\nvalue = "y\u2028\u0085\x00\x7f\\'
WORDS = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)


def draft(text: str) -> Draft:
    return Draft(
        table("responses"),
        feed=text,
        source={"delimiter": text},
        columns=[
            DraftColumn("response_id", {"from": text}, [text], {text: 1}),
            DraftColumn("channel", {"from": text, "values": {text: "branch"}}),
            DraftColumn("mode", {"from": text, "values": {text + str(n): "email" for n in range(20)}}),
            DraftColumn("language", {"from": text}, is_active=False),
        ],
        groups=[DraftGroup({"from": [text], "into": "value", "set": {"scale": "points5"}}, [text], [text])],
        names=(text,),
        drop=(text,),
        notes=[text],
        doubts=[text],
        privacy_doubts=[text],
        unused=(text,),
    )


def check(text: str) -> None:
    said = tomllib.loads(write_draft(draft(text)))
    assert set(said) == {"table", "feed", "source", "columns", "privacy", "wide"}
    assert set(said["columns"]) == {"response_id", "channel", "mode"}
    assert set(said["columns"]["response_id"]) == {"from"}
    assert len(said["wide"]["columns"]) == 1


def test_hostile_text_stays_a_text() -> None:
    check(HOSTILE)
    assert tomllib.loads(f"x = {toml(HOSTILE)}") == {"x": HOSTILE}


@given(WORDS)
def test_any_text_parses(text: str) -> None:
    check(text)


def test_long_map_becomes_the_last_part_of_its_section() -> None:
    column = DraftColumn("mode", {"values": {f"way {n}": "email" for n in range(20)}, "from": "x", "otherwise": "keep"})
    said = tomllib.loads(write_draft(Draft(table("responses"), "x", columns=[column])))
    assert said["columns"]["mode"]["from"] == "x"
    assert said["columns"]["mode"]["otherwise"] == "keep"
    assert len(said["columns"]["mode"]["values"]) == 20


def test_section_that_waits_for_the_user_is_a_comment() -> None:
    column = DraftColumn("mode", {"from": "x", "values": {}}, is_active=False)
    text = write_draft(Draft(table("responses"), "x", columns=[column]))
    assert "# [columns.mode]" in text
    assert "columns" not in tomllib.loads(text)

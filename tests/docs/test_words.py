"""Every sentence that a user may read has a Chinese translation, and one that has none is noticed."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools.sentences import UnclearSentence, sentences
from tools.words import (
    PACKAGE,
    compile_catalogue,
    fields,
    folder,
    problems,
    read_catalogue,
    read_translations,
    update,
)

SOURCE = """
from types import MappingProxyType
from horn import words
from horn.words import LOUD

SOFT = "play softly"
NOTES = MappingProxyType({"a": "an a", "b": "a b"})


class Broken:
    message = (
        "The horn is "
        "broken at {place}."
    )


def play(loud, note, key):
    translate("play"), translate("up" if loud else "down"), translate(SOFT), say(LOUD, note=note), translate(NOTES[key])
    translate(NOTES.get(key, "no note"))
    if loud:
        code, mute = ("m", words.MUTE) if note else ("o", "open")
        say(mute)
    say(words.BELL)
    print("said to nobody")


def warn(place, caution):
    say(caution)


warn("hall", "mind the echo")
warn("hall", caution="mind the doors")
"""


@pytest.fixture
def horn(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "horn"
    package.mkdir(parents=True)
    (package / "play.py").write_text(SOURCE, encoding="utf-8")
    (package / "words.py").write_text(
        'LOUD = "play {note} loudly"\nMUTE = "mute"\nBELL = "bell up"\n', encoding="utf-8"
    )
    return package


SAID = {
    "The horn is broken at {place}.": "号在 {place} 处损坏。",
    "a b": "降 B",
    "an a": "A 音",
    "bell up": "号口朝上",
    "down": "向下",
    "mind the doors": "当心门",
    "mind the echo": "当心回声",
    "mute": "弱音",
    "no note": "无音",
    "open": "开放",
    "play": "演奏",
    "play softly": "轻奏",
    "play {note} loudly": "强奏 {note}",
    "up": "向上",
}


def test_every_sentence_of_the_library_has_a_chinese_one():
    assert list(problems(PACKAGE)) == []


def test_sentences_are_found_wherever_they_are_written(horn: Path):
    assert sorted({sentence.english for sentence in sentences(horn.parent, horn)}) == sorted(SAID)


def test_catalogue_is_made_and_read_by_gettext(horn: Path):
    assert update(horn, SAID) == ()
    compile_catalogue(horn)
    assert list(problems(horn)) == []
    chinese = gettext.translation("horn", horn / "locale", languages=["zh_Hans"])
    assert {english: chinese.gettext(english) for english in SAID} == SAID


def test_update_twice_writes_the_same_file(horn: Path):
    update(horn, SAID)
    first = (folder(horn) / "horn.po").read_bytes()
    update(horn, {})
    assert (folder(horn) / "horn.po").read_bytes() == first


def test_update_keeps_translations_and_drops_what_is_no_longer_said(horn: Path):
    update(horn, SAID)
    (horn / "play.py").write_text('translate("play")\ntranslate("new")\n', encoding="utf-8")
    assert update(horn, {}) == ("new",)
    assert read_catalogue(horn) == {"new": "", "play": "演奏"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"play": ""}, "horn/play.py: no Chinese for 'play'"),
        ({"play {note} loudly": "强奏"}, "horn/play.py: '强奏' has other fields than 'play {note} loudly'"),
    ],
)
def test_missing_translation_is_noticed(change: dict[str, str], problem: str, horn: Path):
    update(horn, {**SAID, **change})
    compile_catalogue(horn)
    assert list(problems(horn)) == [problem]


def test_catalogue_that_was_not_compiled_is_noticed(horn: Path):
    update(horn, {**SAID, "play": "吹"})
    compile_catalogue(horn)
    update(horn, SAID)
    assert list(problems(horn)) == ["the compiled catalogue is out of date: run python -m tools.words compile"]


@pytest.mark.parametrize(
    "code", ['translate(f"play {note}")', 'translate("play " + note)', "translate(words[0])", "say(note())"]
)
def test_sentence_made_while_running_is_refused(code: str, tmp_path: Path):
    (tmp_path / "a.py").write_text(code + "\n", encoding="utf-8")
    with pytest.raises(UnclearSentence, match=r"a\.py:1: "):
        list(sentences(tmp_path.parent, tmp_path))


def test_translations_come_from_tables(tmp_path: Path):
    (tmp_path / "a.tsv").write_text("  see\t  见\ntwo\\nlines\t两\\n行\n\n", encoding="utf-8")
    assert read_translations(tmp_path) == {"  see": "  见", "two\nlines": "两\n行"}


def test_translation_without_a_tab_is_refused(tmp_path: Path):
    (tmp_path / "a.tsv").write_text("see 见\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.tsv:1: expected english<TAB>chinese"):
        read_translations(tmp_path)


def test_catalogue_that_is_missing_reads_as_empty(tmp_path: Path):
    assert read_catalogue(tmp_path) == {}


def test_fields_ignore_how_they_are_shown():
    assert fields("{count:,} of {name!r}, {count}") == {"count", "name"}

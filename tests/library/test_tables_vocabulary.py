"""Starter vocabularies: complete, consistent, and honest about what is a guess."""

from __future__ import annotations

import pickle

import pytest

from zhiyin.language import use_language
from zhiyin.tables import TABLES, VOCABULARIES, Certainty, UnknownCode, UnknownVocabulary, Vocabulary, vocabulary
from zhiyin.tables.vocabulary import read_vocabulary

EVERY = pytest.mark.parametrize("words", [vocabulary(name) for name in VOCABULARIES], ids=lambda words: words.name)

ONE = 'zh = "颜色"\nen = "colours"\ncertainty = "known"\nsource = "the rainbow"\n'


@EVERY
def test_vocabulary_has_chinese_and_english_labels(words: Vocabulary):
    for entry in words:
        assert entry.en.isascii(), entry
        assert entry.zh != entry.en, entry


@EVERY
def test_vocabulary_labels_are_told_apart(words: Vocabulary):
    assert len({entry.zh for entry in words}) == len(words)
    assert len({entry.en for entry in words}) == len(words)


@EVERY
def test_vocabulary_codes_are_readable(words: Vocabulary):
    for code in words.codes:
        assert code.isascii()
        assert code.replace("_", "").isalnum()


@EVERY
def test_vocabulary_codes_point_into_their_vocabularies(words: Vocabulary):
    for declared in words.fields:
        if declared.vocabulary is not None:
            known = vocabulary(declared.vocabulary).codes
            for entry in words:
                assert set(entry.codes(declared.name)) <= set(known), entry


@EVERY
def test_vocabulary_survives_pickling(words: Vocabulary):
    assert pickle.loads(pickle.dumps(words)) == words


def test_vocabulary_exists_for_every_column_that_names_one():
    named = {column.vocabulary for table in TABLES.values() for column in table.columns if column.vocabulary}
    assert named - set(VOCABULARIES) == set()


@pytest.mark.parametrize(
    ("name", "count"),
    [("journeys", 27), ("touchpoints", 64), ("head_office_units", 16), ("complaint_causes", 13), ("channels", 9)],
)
def test_vocabulary_is_complete(name: str, count: int):
    assert len(vocabulary(name)) == count


def test_journeys_and_touchpoints_are_numbered_without_gaps():
    assert vocabulary("journeys").codes == tuple(f"J{n:02}" for n in range(1, 28))
    assert vocabulary("touchpoints").codes == tuple(f"T{n:02}" for n in range(1, 65))


def test_roles_cover_the_bank():
    assert len(vocabulary("roles")) >= 25


def test_journey_times_are_marked_as_guesses():
    assert {entry.certainty for entry in vocabulary("journeys")} == {Certainty.GUESS}


def test_journey_tells_its_times_and_pains():
    opening = vocabulary("journeys").entry("J01")
    assert opening.codes("channels") == ("self_service", "branch")
    assert opening.range("active_minutes") == (15, 40)
    assert opening.range("whole_days") == (0, 0)
    assert opening.range("visits") is None
    assert opening.text("whole_en") == ""


def test_official_codes_are_never_invented():
    for name in ("complaint_businesses", "complaint_causes"):
        assert {entry.text("official_code") for entry in vocabulary(name)} == {""}


@pytest.mark.parametrize(("name", "total"), [("complaint_businesses", 0.9986), ("complaint_causes", 0.994)])
def test_complaint_shares_add_up_as_published(name: str, total: float):
    shares = [entry.number("share") for entry in vocabulary(name)]
    assert sum(share for share in shares if share is not None) == pytest.approx(total, abs=1e-12)


def test_modes_give_their_response_as_shares():
    for entry in vocabulary("modes"):
        low, high = entry.range("response_share") or (0.0, 1.0)
        assert 0 <= low < high <= 1


def test_wealth_tiers_rise():
    floors = [entry.number("floor_cents") for entry in vocabulary("wealth_tiers")]
    assert floors == sorted(floors, key=lambda floor: floor or 0)


def test_label_follows_the_language():
    channels = vocabulary("channels")
    with use_language("zh"):
        assert channels.label("phone") == "客服热线 95xxx"
    assert channels.label("phone", "en") == "Contact centre"


def test_label_of_a_code_that_the_bank_added_is_the_code():
    assert vocabulary("channels").label("smart_speaker", "zh") == "smart_speaker"


def test_membership_asks_for_codes():
    assert "branch" in vocabulary("channels")
    assert "网点" not in vocabulary("channels")


def test_vocabulary_is_read_once():
    assert vocabulary("roles") is vocabulary("roles")


def test_unknown_vocabulary_suggests_the_nearest():
    with pytest.raises(UnknownVocabulary) as caught:
        vocabulary("channel")
    assert str(caught.value) == "There is no vocabulary channel. Did you mean channels?"


def test_unknown_code_suggests_the_nearest():
    with pytest.raises(UnknownCode) as caught:
        vocabulary("channels").entry("mobil")
    assert str(caught.value) == "Vocabulary channels has no code mobil. Did you mean mobile?"


def test_undeclared_field_is_an_error_of_the_programmer():
    with pytest.raises(KeyError):
        vocabulary("journeys").entry("J01").number("minutes")


def test_field_of_another_kind_is_an_error_of_the_programmer():
    with pytest.raises(TypeError, match="no number"):
        vocabulary("journeys").entry("J01").number("active_minutes")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('entries = [{ code = "red", zh = "红", en = "" }]', "en is missing, blank or padded"),
        ('entries = [{ code = "red", en = "Red" }]', "zh is missing, blank or padded"),
        ('entries = [{ code = " red", zh = "红", en = "Red" }]', "code is missing, blank or padded"),
        (
            'entries = [{ code = "r", zh = "红", en = "Red" }, { code = "r", zh = "蓝", en = "Blue" }]',
            "codes stand twice: r",
        ),
        ('entries = [{ code = "red", zh = "红", en = "Red", hue = 1 }]', "undeclared: hue"),
        (
            'entries = [{ code = "red", zh = "红", en = "Red", meaning_zh = "火" }]',
            "the meaning stands in one language",
        ),
        ('entries = [{ code = "red", zh = "红", en = "Red", certainty = "sure" }]', "'sure' is not a valid Certainty"),
        (
            'entries = [{ code = "red", zh = "红", en = "Red", hue = "warm" }]\n'
            '[fields.hue]\nkind = "number"\nzh = "色相"\nen = "hue"',
            "hue is no number: 'warm'",
        ),
        (
            'entries = [{ code = "red", zh = "红", en = "Red", wave = [2, 1] }]\n'
            '[fields.wave]\nkind = "range"\nzh = "波长"\nen = "wave"',
            "wave is no range",
        ),
        (
            'entries = [{ code = "red", zh = "红", en = "Red", use_zh = "灯" }]\n'
            '[fields.use_zh]\nkind = "text"\nzh = "用"\nen = "use"\n'
            '[fields.use_en]\nkind = "text"\nzh = "用"\nen = "use"',
            "stands in one language only: use_zh",
        ),
    ],
)
def test_broken_vocabulary_is_refused(body: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        read_vocabulary("colours", ONE + body)


def test_entry_may_override_certainty_and_source():
    words = read_vocabulary(
        "colours", ONE + 'entries = [{ code = "red", zh = "红", en = "Red", certainty = "guess", source = "me" }]'
    )
    assert (words.entry("red").certainty, words.entry("red").source) == (Certainty.GUESS, "me")

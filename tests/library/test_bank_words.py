"""The grammar writes what happened, in many ways, without personal data."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from zhiyin.bank.grammar import Grammar
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.words import DRAWS, Occasion, write_comment, write_narrative
from zhiyin.tables import vocabulary

WAITED = Occasion("J06", "branch", "bad", ("wait",), 41, "zh", weekday=1, day=12, hour=10)
MASKED = {"〔手机〕", "〔银行卡〕"}


def draws(count: int, seed: int = 1) -> list[list[int]]:
    return np.random.default_rng(seed).integers(0, 1 << 30, (count, DRAWS)).tolist()


def test_grammar_expands_rules_facts_and_alternatives() -> None:
    words = Grammar({"greeting": ["good {morning|{part} evening}, {who}"], "part": ["early", "late"]})
    assert words.write("greeting", {"who": "friend"}, iter([0, 1, 1])) == "good late evening, friend"
    assert words.write("greeting", {"who": "friend"}, iter([0, 0])) == "good morning, friend"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_grammar_refers_only_to_rules_and_facts(language: str) -> None:
    file = load_parameters(f"words_{language}")
    facts = {"minutes", "times", "days", "business", "weekday", "daypart", "monthpart", "hour"}
    for name, texts in {**file["rules"], **file["topics"], **file["business"]}.items():
        for text in texts:
            inner = re.findall(r"\{([^{}|]*)\}", text)
            assert set(inner) <= facts | set(file["rules"]), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_grammar_knows_every_journey_and_both_languages_the_same_topics(language: str) -> None:
    file, other = load_parameters(f"words_{language}"), load_parameters("words_zh")
    assert set(other["causes"]) == set(vocabulary("complaint_causes").codes)
    assert {topic for topics in other["causes"].values() for topic in topics} <= set(file["topics"])
    assert set(file["business"]) == set(vocabulary("journeys").codes)
    assert set(file["topics"]) == set(other["topics"])
    assert set(file["rules"]) >= {name for name in other["rules"] if name.startswith(("open_", "end_", "demand_"))}


def test_comment_about_a_wait_says_how_long_it_was() -> None:
    texts = [write_comment(WAITED, iter(numbers)) for numbers in draws(200)]
    assert sum("41" in text for text in texts) > 120
    assert not any(re.search("周[一三四五六日]", text) for text in texts)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("topic", list(load_parameters("words_zh")["topics"]))
def test_every_topic_can_be_written(language: str, topic: str) -> None:
    for place in ("branch", "phone", "mobile", "manager"):
        for mood in ("bad", "good", "mid"):
            about = replace(WAITED, place=place, mood=mood, topics=(topic, "fast"), language=language)
            for numbers in draws(5):
                text = write_comment(about, iter(numbers))
                assert 4 <= len(text) <= 300
                assert not re.search(r"[{}|\0\1\2]", text)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["complaint", "enquiry", "help", "praise", "suggestion"])
def test_every_kind_of_request_has_a_narrative(language: str, kind: str) -> None:
    about = replace(WAITED, topics=("wait", "attitude"), language=language)
    texts = [write_narrative(about, kind, "rules", "refund", False, iter(numbers)) for numbers in draws(50)]
    assert len(set(texts)) > 25
    assert not any(re.search(r"[{}|\0]", text) for text in texts)


def test_narrative_begins_with_what_is_complained_about() -> None:
    about = replace(WAITED, topics=("wait", "papers"))
    texts = [write_narrative(about, "complaint", "pricing", "refund", False, iter(numbers)) for numbers in draws(50)]
    assert all(any(word in text for word in ("费", "违约金", "利率", "扣")) for text in texts)


def test_words_hold_personal_data_only_masked() -> None:
    about = replace(WAITED, topics=("fees", "wait", "attitude"))
    texts = [write_comment(about, iter(numbers)) for numbers in draws(2_000)]
    texts += [write_narrative(about, "complaint", "pricing", "refund", True, iter(numbers)) for numbers in draws(500)]
    assert {mask for text in texts for mask in re.findall("〔[^〕]*〕", text)} == MASKED
    assert not any(re.search(r"\d{5,}", text) for text in texts)


def test_grammar_is_rich_enough_not_to_repeat() -> None:
    """Half the customers are happy at the phone, the easiest way to repeat oneself; still 95 in 100 differ."""
    moods = (("good", "phone", ("kind_phone", "solved")), ("bad", "branch", ("wait", "attitude", "papers")))
    texts = []
    for number, numbers in enumerate(draws(20_000)):
        mood, place, topics = moods[number % 2]
        about = Occasion(
            f"J{number % 27 + 1:02d}", place, mood, topics, number % 50, "zh", number % 7, number % 28 + 1, 9
        )
        texts.append(write_comment(about, iter(numbers)))
    assert len(set(texts)) / len(texts) > 0.95

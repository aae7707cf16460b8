"""Codes and words of a file translated, or left to the user."""

from __future__ import annotations

import tomllib
from importlib import resources

import pyarrow as pa
import pytest

from zhiyin.lake.suggest.codes import map_codes, ordinal_map
from zhiyin.lake.suggest.profile import Profile, profile_column
from zhiyin.tables import table, vocabulary


def column_of(*values: str, name: str = "x", labels: dict[str, str] | None = None) -> Profile:
    return profile_column(name, pa.chunked_array([pa.array(values, pa.string())]), value_labels=labels)


def test_closed_list_is_translated_and_the_unknown_left() -> None:
    requests = table("requests")
    found = map_codes(column_of("投诉", "投诉", "咨询", "其他类"), requests, requests.column("type"))
    assert found.values == {"投诉": "complaint", "咨询": "enquiry"}
    assert found.unknown == {"其他类": 1}


def test_values_already_allowed_need_no_map() -> None:
    requests = table("requests")
    assert map_codes(column_of("complaint", "enquiry"), requests, requests.column("type")).values == {}


def test_vocabulary_is_known_by_its_labels_in_both_languages() -> None:
    responses = table("responses")
    channels = vocabulary("channels")
    labels = [label for entry in channels for label in (entry.zh, entry.en)]
    found = map_codes(column_of(*labels), responses, responses.column("channel"))
    assert found.unknown == {}
    assert found.values == {label: entry.code for entry in channels for label in (entry.zh, entry.en)}


def test_codes_that_banks_use_differently_are_doubtful() -> None:
    transactions = table("transactions")
    found = map_codes(column_of("借", "贷"), transactions, transactions.column("direction"))
    assert found.values == {"借": "out", "贷": "in"}
    assert found.doubtful == ("借", "贷")


def test_labels_of_codes_translate_them() -> None:
    customers = table("customers")
    found = map_codes(column_of("7", "8", labels={"7": "男", "8": "女"}), customers, customers.column("gender"))
    assert found.values == {"7": "male", "8": "female"}


def test_flag_that_asks_the_opposite_is_turned() -> None:
    requests = table("requests")
    found = map_codes(column_of("是", "否", name="是否超期"), requests, requests.column("is_timely"))
    assert (found.values, found.is_turned) == ({"否": True, "是": False}, True)
    plain = map_codes(column_of("是", "否", name="是否及时"), requests, requests.column("is_timely"))
    assert plain.values == {}


@pytest.mark.parametrize(
    ("words", "ranks", "points"),
    [
        (("非常满意", "满意", "一般", "不满意", "非常不满意"), (5, 4, 3, 2, 1), 5),
        (("非常满意", "满意", "基本满意", "不满意"), (4, 3, 2, 1), 4),
        (("满意", "基本满意", "不满意"), (3, 2, 1), 3),
        (("very satisfied", "satisfied", "neutral", "dissatisfied", "very dissatisfied"), (5, 4, 3, 2, 1), 5),
    ],
)
def test_words_of_satisfaction_are_ranked_best_highest(
    words: tuple[str, ...], ranks: tuple[int, ...], points: int
) -> None:
    assert ordinal_map({word: word for word in words}) == (dict(zip(words, ranks, strict=True)), points)


def test_other_words_are_no_scale() -> None:
    assert ordinal_map({"满意": "满意", "蓝色": "蓝色"}) is None
    assert ordinal_map({"满意": "满意"}) is None


def test_curated_codes_are_allowed_ones() -> None:
    text = (resources.files("zhiyin.lake.suggest") / "code_words.toml").read_text(encoding="utf-8")
    for section, columns in tomllib.loads(text).items():
        for name, codes in columns.items():
            owner = table("responses" if section == "any" else section)
            column = owner.column(name)
            known = column.allowed or (vocabulary(column.vocabulary).codes if column.vocabulary else codes)
            assert set(codes) - {"doubtful", "words"} <= set(known), (section, name)

"""How much personal data is found, and how much else is masked in vain. Run with ``-s`` to see the rates."""

from __future__ import annotations

import random
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from privacy_cases import Inventor, Labelled

from zhiyin.privacy import find_personal_data, mask_texts

_SENTENCES = tomllib.loads(Path(__file__).with_name("privacy_sentences.toml").read_text("utf-8"))
_FILLINGS = 12


@dataclass(frozen=True, slots=True)
class _Rates:
    """Shares over many texts: pieces found whole, found with the right kind; characters masked in vain per 1,000."""

    pieces: int
    found_share: float
    kind_share: float
    vain_per_thousand: float


def _rates(cases: list[Labelled]) -> _Rates:
    pieces = found = kinds = vain = characters = 0
    for case in cases:
        findings = find_personal_data(case.text)
        masked = {place for finding in findings for place in range(finding.start, finding.end)}
        wanted: set[int] = set()
        for start, end, kind in case.spans:
            wanted.update(range(start, end))
            pieces += 1
            found += masked.issuperset(range(start, end))
            kinds += any(f.start <= start and f.end >= end and f.kind.value == kind for f in findings)
        vain += len(masked - wanted)
        characters += len(case.text)
    return _Rates(pieces, found / max(pieces, 1), kinds / max(pieces, 1), 1000 * vain / characters)


def _filled(what: str) -> list[Labelled]:
    inventor = Inventor(7)
    sentences = [line for part in _SENTENCES.values() for line in part[what].split("\n") if line]
    return [inventor.fill(sentence) for sentence in sentences for _ in range(_FILLINGS)]


def _shown(what: str, rates: _Rates) -> None:
    sys.stdout.write(
        f"\n{what}: {rates.pieces:,} pieces, {rates.found_share:.2%} found, {rates.kind_share:.2%} with the right kind,"
        f" {rates.vain_per_thousand:.2f} characters in 1,000 masked in vain\n"
    )


def test_formats_are_found() -> None:
    rates = _rates(_filled("formats"))
    _shown("formats", rates)
    assert rates.found_share >= 0.995
    assert rates.kind_share >= 0.995
    assert rates.vain_per_thousand < 2


@pytest.mark.parametrize(("what", "goal"), [("names", 0.95), ("english_names", 0.95)])
def test_names_are_found_by_their_context(what: str, goal: float) -> None:
    rates = _rates(_filled(what))
    _shown(what, rates)
    assert rates.found_share >= goal
    assert rates.vain_per_thousand < 2


def test_clean_texts_stay_as_they_are() -> None:
    rates = _rates(_filled("clean"))
    _shown("clean", rates)
    assert rates.vain_per_thousand < 2


def test_random_numbers_are_rarely_taken_for_personal_ones() -> None:
    draw = random.Random(5)
    numbers = ["".join(draw.choices("0123456789", k=draw.randint(6, 24))) for _ in range(20_000)]
    alone = sum(mask_texts(pa.array(numbers)).counts.values()) / len(numbers)
    named = sum(mask_texts(pa.array([f"订单号{number}没有发货" for number in numbers])).counts.values()) / len(numbers)
    sys.stdout.write(f"\nrandom numbers: {alone:.2%} masked alone, {named:.2%} behind 订单号\n")
    assert alone < 0.02
    assert named < 0.0005


def test_own_names_are_found_wherever_they_stand() -> None:
    inventor = Inventor(13)
    sentences = (
        "{}觉得排队太久",
        "这事{}不服",
        "昨天给{}打的电话",
        "说好的，{}",
        "把{}的卡退回来",
        "请转告{}，谢谢",
        "It was {} who called",
    )
    misses = 0
    for number in range(600):
        name = inventor.name() if number % 3 else inventor.english_name()
        text = sentences[number % len(sentences)].format(name)
        covered = {p for f in find_personal_data(text, name=name) for p in range(f.start, f.end)}
        start = text.index(name)
        misses += not covered.issuperset(range(start, start + len(name)))
    assert misses == 0

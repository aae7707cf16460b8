"""What customers say about a touch, in Chinese and English: about what truly happened there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.days import DAY_US, EPOCH, ZONE_US
from zhiyin.bank.grammar import Grammar
from zhiyin.bank.journeys import CHANNELS, JOURNEYS, OUTCOMES
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.plan import Plan
from zhiyin.bank.walk import Touches

Ints = NDArray[np.int64]

GOOD_FROM: Final = 76.0
BAD_BELOW: Final = 64.0
PLACES: Final[Mapping[str, str]] = {
    "branch": "branch",
    "self_service": "branch",
    "phone": "phone",
    "outbound": "phone",
    "mobile": "mobile",
    "web": "mobile",
    "wechat": "mobile",
    "manager": "manager",
    "external": "manager",
}
DRAWS: Final = 40
"""Choices that one text may need at most, with room to spare."""
_SENTENCE: Final = re.compile(r"(?:^|[.!?:] )[a-z]")
_TIMES: Final = {"zh": ("两", "三", "四", "五", "好几"), "en": ("two", "three", "four", "five", "several")}


@cache
def grammar(language: str) -> Grammar:
    """The grammar of a language; topics are rules named ``topic_<name>``, businesses ``business_<journey>``."""
    file = load_parameters(f"words_{language}")
    topics = {f"topic_{name}": texts for name, texts in file["topics"].items()}
    business = {f"business_{code}": texts for code, texts in file["business"].items()}
    return Grammar({**file["rules"], **topics, **business})


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a text is about."""

    journey: str
    place: str
    mood: str
    topics: tuple[str, ...]
    minutes: int
    language: str
    weekday: int
    day: int
    hour: int


def write_comment(occasion: Occasion, draws: Iterator[int]) -> str:
    """One comment: perhaps where and why, one topic or two, perhaps a last word."""
    words = grammar(occasion.language)
    facts = _facts(occasion, words, draws)
    topics = occasion.topics
    first = topics[next(draws) % len(topics)]
    parts = [words.write(f"open_{occasion.place}", facts, draws), words.write(f"topic_{first}", facts, draws)]
    more = next(draws) % 8
    second = topics[next(draws) % len(topics)]
    if more < 3 and second != first:
        link = "link_plus" if occasion.mood == "good" else "link_more"
        parts += [words.write(link, facts, draws), words.write(f"topic_{second}", facts, draws)]
    elif more < 6 or len("".join(parts)) < 12:
        # The middle sees both sides.
        kind = "plus" if occasion.mood == "good" else "also"
        link = {"bad": "link_more", "good": "link_plus", "mid": "link_but"}[occasion.mood]
        parts += [words.write(link, facts, draws), words.write(f"{kind}_{occasion.place}", facts, draws)]
    parts.append("。" if occasion.language == "zh" else ".")
    parts.append(words.write(f"end_{occasion.mood}", facts, draws))
    text = "".join(parts)
    return text if occasion.language == "zh" else _sentences(text)


def _facts(occasion: Occasion, words: Grammar, draws: Iterator[int]) -> dict[str, str]:
    return {
        **_moment(occasion),
        "minutes": str(occasion.minutes),
        "times": _TIMES[occasion.language][next(draws) % 5],
        "days": str(5 + next(draws) % 40),
        "business": words.write(f"business_{occasion.journey}", {}, draws),
    }


def _moment(occasion: Occasion) -> dict[str, str]:
    """When it was, in words."""
    third = min(2, (occasion.day - 1) // 10)
    part = 0 if occasion.hour < 11 else 1 if occasion.hour < 14 else 2 if occasion.hour < 18 else 3
    if occasion.language == "en":
        return {
            "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[occasion.weekday],
            "daypart": ("morning", "noon", "afternoon", "evening")[part],
            "hour": f"around {occasion.hour % 12 or 12} o'clock",
        }
    return {
        "weekday": "周" + "一二三四五六日"[occasion.weekday],
        "daypart": ("上午", "中午", "下午", "晚上")[part],
        "monthpart": ("月初", "月中", "月底")[third],
        "hour": ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")[
            occasion.hour % 12 or 12
        ]
        + "点多",
    }


def _sentences(text: str) -> str:
    """English with a capital letter at the beginning of each sentence."""
    return _SENTENCE.sub(lambda match: match.group().upper(), text)


def write_comments(
    plan: Plan, people: People, touches: Touches, rows: Ints, felt: NDArray[np.float64], rng: np.random.Generator
) -> list[str]:
    """A comment about each of some touches."""
    draws = rng.integers(0, 1 << 30, (rows.size, DRAWS)).tolist()
    about = occasions(plan, people, touches, rows, felt)
    return [write_comment(occasion, iter(numbers)) for occasion, numbers in zip(about, draws, strict=True)]


def write_narrative(
    occasion: Occasion, kind: str, cause: str, demand: str, by_agent: bool, draws: Iterator[int]
) -> str:
    """What a clerk notes of a request (``kind``: its true type), or what a customer or an agent wrote.

    ``cause`` and ``demand`` are empty for what is no complaint.
    """
    words = grammar(occasion.language)
    facts = _facts(occasion, words, draws)
    if occasion.journey == "J26" and kind in ("enquiry", "help"):
        facts["business"] = words.write("matter", {}, draws)
    if by_agent:
        return words.write("agent_text", facts, draws)
    if kind in ("enquiry", "help"):
        return words.write(f"{kind}_text", facts, draws)
    topics = occasion.topics
    named = tuple(load_parameters("words_zh")["causes"].get(cause, topics))
    # What is complained about comes first; among rules, one that happened at the touch, if one did.
    firsts = tuple(topic for topic in topics if topic in named) or named
    first, second = firsts[next(draws) % len(firsts)], topics[next(draws) % len(topics)]
    stop = "。" if occasion.language == "zh" else "."
    if kind in ("praise", "suggestion"):
        parts = [words.write(f"{kind}_text", facts, draws), words.write(f"topic_{first}", facts, draws), stop]
        return "".join(parts) if occasion.language == "zh" else _sentences("".join(parts))
    parts = [words.write("narrative_open", facts, draws), words.write(f"topic_{first}", facts, draws)]
    if second != first:
        parts += [words.write("narrative_link", facts, draws), words.write(f"topic_{second}", facts, draws)]
    parts += [stop, words.write(f"demand_{demand or 'answer'}", facts, draws)]
    return "".join(parts) if occasion.language == "zh" else _sentences("".join(parts))


def occasions(plan: Plan, people: People, touches: Touches, rows: Ints, felt: NDArray[np.float64]) -> list[Occasion]:
    """What customers would write about, touch by touch, given how they felt."""
    journeys = [JOURNEYS.names[journey.code] for journey in plan.network.journeys]
    steps = plan.network.steps.codes.names
    made = []
    columns = zip(
        felt.tolist(),
        touches.journey[rows].tolist(),
        touches.step[rows].tolist(),
        touches.channel[rows].tolist(),
        touches.outcome[rows].tolist(),
        touches.wait[rows].tolist(),
        touches.attempt[rows].tolist(),
        touches.visit[rows].tolist(),
        touches.treated[rows].tolist(),
        touches.down[rows].tolist(),
        people.age[touches.customer[rows]].tolist(),
        people.english[touches.customer[rows]].tolist(),
        touches.starts[rows].tolist(),
        strict=True,
    )
    for feeling, journey, step, channel, outcome, wait, attempt, visit, treated, down, age, english, starts in columns:
        mood = "good" if feeling >= GOOD_FROM else "bad" if feeling < BAD_BELOW else "mid"
        code, place = journeys[journey], PLACES[CHANNELS.names[channel]]
        if mood == "bad":
            happened = (OUTCOMES.names[outcome], wait, attempt, visit, down, age)
            topics = _pains(code, steps[step], place, *happened)
        else:
            topics = _joys(code, steps[step], place, treated) if mood == "good" else (f"so_{place}",)
        made.append(Occasion(code, place, mood, topics, max(3, wait // 60), "en" if english else "zh", *_local(starts)))
    return made


def _local(us: int) -> tuple[int, int, int]:
    """Weekday (0: Monday), day of the month and hour of an instant, in local time."""
    days, rest = divmod(us + ZONE_US, DAY_US)
    return (days + 3) % 7, date.fromordinal(EPOCH.toordinal() + days).day, rest // 3_600_000_000


_BY_OUTCOME: Final[Mapping[str, tuple[str, ...]]] = {
    "failed": ("crash",),
    "declined": ("refused",),
    "blocked": ("blocked",),
    "more_documents": ("papers",),
    "referred": ("passed",),
    "transferred": ("repeat",),
    "waiting": ("slow",),
    "unresolved": ("repeat", "slow"),
}
_BY_JOURNEY: Final[Mapping[str, tuple[str, ...]]] = {
    "J07": ("blocked", "rules"),
    "J09": ("quota",),
    "J10": ("sold",),
    "J11": ("sold",),
    "J14": ("fees",),
    "J17": ("papers", "slow"),
    "J18": ("fees", "slow"),
    "J19": ("second", "passed"),
    "J20": ("collection",),
    "J21": ("papers",),
    "J22": ("papers", "rules"),
    "J24": ("papers", "rules"),
    "J25": ("refused", "passed"),
    "J15": ("slow",),
    "J16": ("fees",),
    "J27": ("rules",),
}
_BY_PLACE: Final[Mapping[str, tuple[str, ...]]] = {
    "branch": ("attitude", "rules"),
    "phone": ("phone_rude", "slow"),
    "mobile": ("crash", "code_late", "hidden", "ads", "slow_page"),
    "manager": ("slow", "attitude"),
}


def _pains(
    journey: str, step: str, place: str, outcome: str, wait: int, attempt: int, visit: int, down: bool, age: int
) -> tuple[str, ...]:
    if down:
        return ("outage",)
    pains: list[str] = []
    if place == "branch" and wait > 900:
        pains += ["wait", "wait"]
    if place == "phone" and wait > 90:
        pains.append("wait_phone")
    if step.startswith("face_check") and (attempt or outcome != "completed"):
        pains += ["face", "face"]
    elif step in ("smart_teller", "cash_machine", "printer") and (attempt or outcome != "completed"):
        pains += ["machine", "machine"]
    else:
        pains += _BY_OUTCOME.get(outcome, ())
    if attempt and place == "phone":
        pains.append("repeat")
    if visit > 1:
        pains.append("second")
    if age >= 70:
        pains.append("elder")
    pains += _BY_JOURNEY.get(journey, ())
    return tuple(pains) if len(pains) > 1 else (*pains, *_BY_PLACE[place])


def _joys(journey: str, step: str, place: str, treated: bool) -> tuple[str, ...]:
    joys = {
        "branch": ["fast", "kind", "solved"],
        "phone": ["kind_phone", "solved"],
        "mobile": ["easy", "easy", "quick"],
        "manager": ["clear", "kind"],
    }[place]
    if treated and step in ("form", "counter"):
        joys = [*joys, "prefilled", "prefilled"]
    if journey in ("J10", "J11", "J12"):
        joys = [*joys, "clear"]
    return tuple(joys)

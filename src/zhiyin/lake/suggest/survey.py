"""A survey's workbook: which columns are questions, and on which scale each was answered.

One respondent a row, one question a column. Ratings are told from background data by the names (Q1, imag3), by
what labels and headings ask, and by the answers: whole numbers from 0 to 10 once the codes for "no answer" are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from zhiyin.lake.suggest.codes import ordinal_map
from zhiyin.lake.suggest.profile import REFUSALS, Profile

Kind = Literal["rating", "choice", "text"]

FEWEST: Final = 2
"""Rating questions from which a file counts as a survey."""
MOST_OPTIONS: Final = 30
_SENTINELS: Final = frozenset(
    {"77", "88", "95", "96", "97", "98", "99", "997", "998", "999", "9999", "-1", "-2", "-8", "-9", "-99", "-98", "-97"}
)
_REFUSING_LABEL: Final = re.compile(
    r"拒答|拒绝|不知道|不清楚|不适用|未作答|缺失|refus|don.?t know|no answer|not appl|missing|skipped", re.I
)
_CODE_NAME: Final = re.compile(
    r"(?P<family>[A-Za-z]{1,10}?)[_.-]?(?P<number>\d{1,3})([_.-]\d{1,3}|[_.-]?[A-Za-z])?(_?TEXT)?"
)
_ASKS: Final = re.compile(
    r"满意|推荐|评价|打分|评分|同意|愿意|程度|是否|多大|如何|怎么样|您|[？?]"
    r"|satisf|recommend|likely|likelihood|how |rate |agree|easy|effort|please|why|what|which",
    re.I,
)
_RATES: Final = re.compile(
    r"满意|推荐|评价|打分|评分|同意|程度|愿意|satisf|recommend|rate|agree|easy|effort|likel", re.I
)
_CHOOSES: Final = re.compile(
    r"哪|什么|是否|有没有|多久|几次|频率|性别|年龄|学历|收入|职业|婚姻|城市|地区"
    r"|which|what|how often|how many|gender|\bage\b|educat|income|occupation|marital|region",
    re.I,
)
_RECOMMENDS: Final = re.compile(r"推荐|recommend|nps", re.I)
_TEXT_NAME: Final = re.compile(r"原因|建议|意见|其他|请注明|说明|_TEXT$|other|comment|verbatim|reason|why|open", re.I)
_POINTS: Final = ((3, "points3"), (4, "points4"), (5, "points5"), (7, "points7"), (10, "points10"))
_MARKED: Final = (
    re.compile(r"([+-]?\d{1,2})\s*(?:分|points?|stars?|星)?\s*[-–—.．、:：=＝]?\s*\D*", re.I),
    re.compile(r"\D+[(（](\d{1,2})\s*分?[)）]"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One column that is a question.

    Attributes
    ----------
    profile : the column, without the codes for "no answer".
    kind : what kind of answer.
    scale : of a rating; ``choice`` or ``text`` otherwise.
    values : the file's answer to its number, where they differ.
    missing : codes for "no answer" that the column uses.
    lowest, highest : of the answers of a rating.
    is_turned : whether the file's low codes are the good ones.
    is_unsure : whether the answers do not tell the scale.
    """

    profile: Profile
    kind: Kind
    scale: str
    values: Mapping[str, int]
    missing: tuple[str, ...]
    lowest: int = 0
    highest: int = 0
    is_turned: bool = False
    is_unsure: bool = False

    @property
    def name(self) -> str:
        """The file's column."""
        return self.profile.name


def find_questions(profiles: Iterable[Profile]) -> tuple[Question, ...]:
    """The columns of a file that are questions; empty where the file is no survey.

    Parameters
    ----------
    profiles : the file's columns without those that identify somebody.
    """
    profiles = tuple(profiles)
    families = _families(profiles)
    asked = [p for p in profiles if families.get(_family(p.name), 0) >= 3 or _ASKS.search(p.heading)]
    rated = {p.name: found for p in asked if (found := _as_rating(p)) is not None}
    if len(rated) < FEWEST:
        return ()
    # Where most columns are ratings, another one like them is a question too, whatever it is called.
    if 2 * len(rated) > len(profiles):
        scales = {question.scale for question in rated.values()}
        alike = {p.name: found for p in profiles if (found := rate(p)) is not None and found.scale in scales}
        asked = [p for p in profiles if p in asked or p.name in alike]
        rated = {**alike, **rated}
    questions = [rated.get(p.name) or _as_other(p) for p in asked]
    return _settled(tuple(question for question in questions if question is not None))


def _family(name: str) -> str:
    match = _CODE_NAME.fullmatch(name)
    return match["family"].lower() if match else ""


def _families(profiles: tuple[Profile, ...]) -> dict[str, int]:
    """How many columns share the letters before their number: Q1, Q2, Q3 or imag1, imag2, imag3."""
    found: dict[str, int] = {}
    for profile in profiles:
        family = _family(profile.name)
        # column_7 is what a reader calls a column without a name.
        if family and family != "column":
            found[family] = found.get(family, 0) + 1
    return found


def _as_rating(profile: Profile) -> Question | None:
    if _CHOOSES.search(profile.heading) and not _RATES.search(profile.heading):
        return None
    return rate(profile)


def rate(profile: Profile) -> Question | None:
    """The column as a rating question; None where its answers are none."""
    labels = profile.value_labels or {}
    refused = tuple(
        v for v in profile.counts if v.lower() in REFUSALS or _REFUSING_LABEL.search(labels.get(v, "")) is not None
    )
    plain = profile.without(refused)
    if not plain.filled:
        return None
    if plain.whole_share > 0.97:
        return _numeric(plain, labels)
    ranked = ordinal_map({value: value for value in plain.counts})
    if ranked is not None:
        ranks, points = ranked
        return Question(
            plain, "rating", f"points{points}", ranks, plain.missing, 1, points, is_unsure=len(ranks) < points
        )
    return _marked(plain)


def _numeric(plain: Profile, labels: Mapping[str, str]) -> Question | None:
    outside = tuple(v for v in plain.counts if v in _SENTINELS and not 0 <= float(v) <= 10)
    answers = plain.without(outside)
    points = sorted(int(number) for number in answers.numbers)
    if not points or points[0] < 0 or points[-1] > 10 or points[-1] < 3 or answers.whole_share < 1:
        return None
    ranked = ordinal_map({v: labels[v] for v in answers.counts if v in labels}) if labels else None
    if ranked is not None and len(ranked[0]) == len(answers.counts):
        ranks, count = ranked
        turned = any(int(float(value)) != rank for value, rank in ranks.items())
        return Question(
            answers, "rating", f"points{count}", ranks if turned else {}, answers.missing, 1, count, is_turned=turned
        )
    scale, unsure = _scale(points[0], points[-1], answers.heading)
    if any("." in value for value in answers.counts):
        # 5.0 of a spreadsheet that stored everything as floating point is read as 5 by the lake.
        unsure = True
    return Question(answers, "rating", scale, {}, answers.missing, points[0], points[-1], is_unsure=unsure)


def _marked(plain: Profile) -> Question | None:
    """Answers such as "5 分", "5-非常满意" and "非常满意（5）"."""
    found: dict[str, int] = {}
    for value in plain.counts:
        match = next((m for pattern in _MARKED if (m := pattern.fullmatch(value))), None)
        if match is None or not 0 <= int(match[1]) <= 10:
            return None
        found[value] = int(match[1])
    if len(found) < 2 or len(found) > 11 or max(found.values()) < 3 or len(set(found.values())) < len(found):
        return None
    words = {value: re.sub(r"[\d\s()（）分.．、:：=＝–—-]", "", value) for value in found}
    ranked = ordinal_map(words)
    if ranked is not None:
        ranks, points = ranked
        return Question(plain, "rating", f"points{points}", ranks, plain.missing, 1, points, is_turned=ranks != found)
    scale, unsure = _scale(min(found.values()), max(found.values()), plain.heading)
    return Question(
        plain, "rating", scale, found, plain.missing, min(found.values()), max(found.values()), is_unsure=unsure
    )


def _scale(low: int, high: int, heading: str) -> tuple[str, bool]:
    """The smallest scale that holds the answers, and whether another one could."""
    if low == 0:
        return "points11", high < 10
    points, name = next((points, name) for points, name in _POINTS if high <= points)
    recommends = bool(_RECOMMENDS.search(heading)) and points == 10
    return ("points11" if recommends else name), high < points or recommends


def _as_other(profile: Profile) -> Question | None:
    """A choice or an open text; None for what is neither."""
    labels = profile.value_labels or {}
    refused = tuple(v for v in profile.counts if _REFUSING_LABEL.search(labels.get(v, "")) is not None)
    sentinels = tuple(v for v in profile.counts if v in _SENTINELS)
    plain = profile.without((*refused, *sentinels))
    if profile.times is not None and profile.times.holds != "clock" and profile.times.formats != ("epoch_s",):
        return None
    if not plain.filled:
        # Nobody answered yet: the name decides, and an empty column does no harm.
        return Question(plain, "text", "text", {}, plain.missing) if _TEXT_NAME.search(profile.heading) else None
    several = len(plain.counts)
    # A few respondents give a few different texts: what reads like a sentence is one.
    written = plain.number_share < 0.5 and (
        plain.sentence_share > 0.15
        or plain.mean_length > 12
        or (several > MOST_OPTIONS and several > 0.5 * plain.filled)
    )
    if written or (_TEXT_NAME.search(profile.heading) and plain.number_share < 0.5):
        return Question(plain, "text", "text", {}, plain.missing)
    if several <= MOST_OPTIONS and plain.mean_length <= 40:
        return Question(plain, "choice", "choice", {}, plain.missing)
    return None


def _settled(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """Let the questions of a family agree: an item where nobody chose the top has the scale of its neighbours."""
    return tuple(_agreed(question, questions) for question in questions)


def _agreed(question: Question, questions: tuple[Question, ...]) -> Question:
    if question.kind != "rating" or question.values or question.scale == "points11":
        return question
    family = _family(question.name)
    others = [
        other.scale
        for other in questions
        if other is not question and other.kind == "rating" and not other.values and _family(other.name) == family
    ]
    # 0 to 10 and 1 to 10 differ in one answer that few people give.
    if question.scale == "points10" and others.count("points11") > 0.5 * len(others):
        return replace(question, scale="points11", is_unsure=True)
    wider = [scale for scale in others if scale != "points11" and _size(scale) > question.highest]
    if not question.is_unsure or not wider:
        return question
    common = max(set(wider), key=lambda scale: (wider.count(scale), scale))
    return replace(question, scale=common)


def _size(scale: str) -> int:
    return int(scale.removeprefix("points"))

"""The glossary of measures: what each figure is called, means, is computed from, and in which direction it is good.

Pages, reports, scorecards and the documentation take names and meanings from here, so that a figure is called the same
everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from zhiyin.errors import ZhiyinError
from zhiyin.language import either


class Direction(StrEnum):
    """Whether a higher value of a measure is better, worse, or neither by itself."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    NEITHER = "neither"


class Unit(StrEnum):
    """What a value of a measure is counted in.

    ============= ==========================================================
    unit          values
    ============= ==========================================================
    points        -100 to 100 (NPS) or 0 to 100 (mean)
    share         0 to 1
    per 10,000    0 and up, events for each 10,000 services
    ============= ==========================================================
    """

    POINTS = "points"
    SHARE = "share"
    PER_10_000 = "per 10,000"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of satisfaction or of how it was asked.

    Parameters
    ----------
    name : stable key, as in ``Figure.measure``.
    zh, en : what it is called.
    zh_meaning, en_meaning : what it says, one sentence.
    zh_formula, en_formula : how it is computed.
    unit : see :class:`Unit`.
    lowest, highest : ends of its range; ``highest`` is None where it has none.
    direction : see :class:`Direction`.
    scales : scales of the questions it is computed from; empty where it needs no answers.
    """

    name: str
    zh: str
    en: str
    zh_meaning: str
    en_meaning: str
    zh_formula: str
    en_formula: str
    unit: Unit
    lowest: float
    highest: float | None
    direction: Direction
    scales: tuple[str, ...]

    def title(self, language: str | None = None) -> str:
        """Its name in a language (None: the user's)."""
        return either(self.zh, self.en, language)

    def meaning(self, language: str | None = None) -> str:
        """What it says, in a language (None: the user's)."""
        return either(self.zh_meaning, self.en_meaning, language)

    def formula(self, language: str | None = None) -> str:
        """How it is computed, in a language (None: the user's)."""
        return either(self.zh_formula, self.en_formula, language)


class UnknownMeasure(ZhiyinError):
    """A measure was named that the glossary does not have."""

    code = "tables.unknown_measure"
    message = "There is no measure {measure}."


_ALL_SCALES: Final = ("points3", "points4", "points5", "points7", "points10", "points11")

_MEASURES: Final = (
    Measure(
        "nps",
        zh="净推荐值（NPS）",
        en="Net Promoter Score (NPS)",
        zh_meaning="愿意推荐本行的客户比不愿意的多多少。",
        en_meaning="How many more customers would recommend the bank than would not.",
        zh_formula="推荐者（9–10 分）占比 − 贬损者（0–6 分）占比，×100；7–8 分为中立者",
        en_formula="share of promoters (9-10) minus share of detractors (0-6), times 100; 7-8 are passives",
        unit=Unit.POINTS,
        lowest=-100,
        highest=100,
        direction=Direction.HIGHER,
        scales=("points11",),
    ),
    Measure(
        "csat",
        zh="满意率（CSAT，最高两档占比）",
        en="Customer satisfaction (CSAT, top two)",
        zh_meaning="作答客户中给出最高两档评价的占比。",
        en_meaning="Share of answers in the two highest steps of the scale.",
        zh_formula="最高两档作答数 ÷ 全部作答数",
        en_formula="answers in the two highest steps / all answers",
        unit=Unit.SHARE,
        lowest=0,
        highest=1,
        direction=Direction.HIGHER,
        scales=_ALL_SCALES,
    ),
    Measure(
        "ces",
        zh="办理轻松度（CES，认为轻松的占比）",
        en="Customer effort score (CES, share who found it easy)",
        zh_meaning="认为办理轻松的作答占比；量表最高为最轻松。",
        en_meaning="Share of answers that found it easy; the highest step is the easiest.",
        zh_formula="5 点量表 4–5 分、7 点量表 5–7 分的作答数 ÷ 全部作答数",
        en_formula="answers of 4-5 on 5 points or 5-7 on 7 points / all answers",
        unit=Unit.SHARE,
        lowest=0,
        highest=1,
        direction=Direction.HIGHER,
        scales=("points5", "points7"),
    ),
    Measure(
        "top_box",
        zh="高分占比",
        en="Top box",
        zh_meaning="作答落在量表高分档的占比。",
        en_meaning="Share of answers in the upper part of the scale.",
        zh_formula="高分档作答数 ÷ 全部作答数；高分档：3 点量表 3，4 点 4，5 点 4–5，7 点 6–7，10 点、11 点 9–10",
        en_formula="answers in the top box / all answers; "
        "top box: 3 of 3, 4 of 4, 4-5 of 5, 6-7 of 7, 9-10 of 10 and of 0-10",
        unit=Unit.SHARE,
        lowest=0,
        highest=1,
        direction=Direction.HIGHER,
        scales=_ALL_SCALES,
    ),
    Measure(
        "middle_box",
        zh="中间分占比",
        en="Middle box",
        zh_meaning="作答既不在高分档也不在低分档的占比。",
        en_meaning="Share of answers between the top box and the bottom box.",
        zh_formula="中间档作答数 ÷ 全部作答数",
        en_formula="answers in the middle box / all answers",
        unit=Unit.SHARE,
        lowest=0,
        highest=1,
        direction=Direction.NEITHER,
        scales=_ALL_SCALES,
    ),
    Measure(
        "bottom_box",
        zh="低分占比",
        en="Bottom box",
        zh_meaning="作答落在量表低分档（不满意）的占比。",
        en_meaning="Share of answers in the lower part of the scale: the dissatisfied.",
        zh_formula="低分档作答数 ÷ 全部作答数；低分档：3 点、4 点量表 1，5 点、7 点 1–2，10 点 1–6，11 点 0–6",
        en_formula="answers in the bottom box / all answers; "
        "bottom box: 1 of 3 and of 4, 1-2 of 5 and of 7, 1-6 of 10, 0-6 of 0-10",
        unit=Unit.SHARE,
        lowest=0,
        highest=1,
        direction=Direction.LOWER,
        scales=_ALL_SCALES,
    ),
    Measure(
        "mean_score",
        zh="满意度均分（0–100）",
        en="Mean score (0-100)",
        zh_meaning="全部作答的平均位置：0 为全部给最低分，100 为全部给最高分。",
        en_meaning="Where on the scale the answers lie on average: 0 if all were the lowest, 100 if all the highest.",
        zh_formula="（作答值 − 最低分）÷（最高分 − 最低分）×100 的平均",
        en_formula="mean of (value - lowest) / (highest - lowest) times 100",
        unit=Unit.POINTS,
        lowest=0,
        highest=100,
        direction=Direction.HIGHER,
        scales=_ALL_SCALES,
    ),
    Measure(
        "dissatisfied_rate",
        zh="不满意万笔率",
        en="Dissatisfied per 10,000 served",
        zh_meaning="每服务一万笔中收到的不满意评价数；满意率贴近 100% 时，用它区分机构。",
        en_meaning="Dissatisfied answers for each 10,000 services; tells units apart where shares sit near 100 %.",
        zh_formula="低分档作答数 ÷ 服务笔数 ×10,000",
        en_formula="answers in the bottom box / services times 10,000",
        unit=Unit.PER_10_000,
        lowest=0,
        highest=None,
        direction=Direction.LOWER,
        scales=_ALL_SCALES,
    ),
    Measure(
        "solicitation_rate",
        zh="邀评率",
        en="Solicitation rate",
        zh_meaning="已服务的业务中邀请客户评价的占比；偏低时要看漏邀了谁。",
        en_meaning="Share of services after which the customer was asked; where it is low, see who was left out.",
        zh_formula="已邀评笔数 ÷ 服务笔数",
        en_formula="services with an invitation / services",
        unit=Unit.SHARE,
        lowest=0,
        highest=1,
        direction=Direction.HIGHER,
        scales=(),
    ),
    Measure(
        "response_rate",
        zh="参评率",
        en="Response rate",
        zh_meaning="收到邀评的客户中作答的占比；越低，未作答客户的影响越大。",
        en_meaning="Share of invitations answered; the lower it is, the more depends on those who did not answer.",
        zh_formula="已作答邀评数 ÷ 邀评数",
        en_formula="invitations answered / invitations",
        unit=Unit.SHARE,
        lowest=0,
        highest=1,
        direction=Direction.HIGHER,
        scales=(),
    ),
)

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({m.name: m for m in _MEASURES})
"""Every measure by its name."""


def measure(name: str) -> Measure:
    """The measure of that name.

    Raises
    ------
    UnknownMeasure : with the nearest name as a suggestion.
    """
    try:
        return MEASURES[name]
    except KeyError:
        raise UnknownMeasure(measure=name, choices=tuple(MEASURES)) from None

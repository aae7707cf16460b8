"""What questions, scales, groups and tables are called on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from zhiyin.language import either
from zhiyin.night.report.numbers import listed, say
from zhiyin.tables import vocabulary

_HAN: Final = re.compile(r"[㐀-鿿]")
_QUESTIONS: Final = {
    "satisfaction": ("总体是否满意", "overall satisfaction"),
    "recommend": ("是否愿意推荐", "would recommend"),
    "effort": ("办理是否轻松", "how easy it was"),
    "rating": ("评分", "rating"),
}
"""Questions that have a name of their own, in Chinese and English."""
_VOCABULARIES: Final = {"channel": "channels", "journey": "journeys", "mode": "modes", "touchpoint": "touchpoints"}


def question_words(question: str) -> str:
    """What was asked; the question's own code where no words are known."""
    return either(*_QUESTIONS[question]) if question in _QUESTIONS else question


def scale_words(scales: Sequence[str]) -> str:
    """``4、5 点量表`` or ``4 and 5 points``."""
    points = [scale.removeprefix("points") for scale in scales if scale.startswith("points")]
    return say("{points} points", points=listed(points)) if points else ""


def code_words(column: str, value: str) -> str:
    """A code in words; itself where the bank added it."""
    name = _VOCABULARIES.get(column)
    return vocabulary(name).label(value) if name else value


def table_words(name: str) -> str:
    """A table in people's words: what its rows are."""
    return either(*_TABLES[name]) if name in _TABLES else name


_TABLES: Final = {
    "legal_entities": ("法人机构", "legal entities"),
    "units": ("机构", "units"),
    "lines": ("条线", "lines of business"),
    "staff": ("员工", "staff"),
    "posts": ("任职", "posts"),
    "customers": ("客户", "customers"),
    "products": ("产品", "products"),
    "holdings": ("持有", "holdings"),
    "transactions": ("交易", "transactions"),
    "interactions": ("服务记录", "interactions"),
    "contacts": ("主动联系", "contacts"),
    "events": ("事件", "events"),
    "invitations": ("邀评", "invitations"),
    "responses": ("作答", "responses"),
    "reviews": ("公开评价", "reviews"),
    "requests": ("客户诉求工单", "requests"),
}
"""Tables in the words of bank people, in Chinese and English."""


def has_chinese(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return _HAN.search(text) is not None

"""A survey's questions as ``[[wide.columns]]``: those answered alike in one group, each with its label as a comment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from zhiyin.lake.suggest.columns import say
from zhiyin.lake.suggest.draft import DraftGroup
from zhiyin.lake.suggest.survey import Question

_INTO: Final = {"rating": "value", "choice": "choice", "text": "comment"}
_SHORT: Final = frozenset(str(number) for number in range(11))


def draft_groups(questions: Sequence[Question]) -> list[DraftGroup]:
    """Group the questions by kind, scale and map; the codes for "no answer" of a group are put together."""
    groups: dict[tuple[object, ...], list[Question]] = {}
    for question in questions:
        # 9 may refuse one question and answer another: such codes are not put together.
        codes = tuple(sorted(code for code in question.missing if code in _SHORT))
        alike = (question.kind, question.scale, tuple(sorted(question.values.items())), codes)
        groups.setdefault(alike, []).append(question)
    return [_group(members) for members in groups.values()]


def _group(members: list[Question]) -> DraftGroup:
    first = members[0]
    missing = dict.fromkeys(code for question in members for code in question.missing)
    said: dict[str, Any] = {"from": [question.name for question in members], "into": _INTO[first.kind]}
    said["set"] = {"scale": first.scale}
    if first.values:
        said["values"] = dict(first.values)
    if missing:
        said["missing"] = list(missing)
    group = DraftGroup(said, [_told(question) for question in members])
    unsure = [question for question in members if question.is_unsure]
    if unsure:
        group.doubts.append(
            say(
                "{scale} is read off the answers; its ends were not all seen in {names}.",
                scale=first.scale,
                names=", ".join(f"{q.name} ({q.lowest}–{q.highest})" for q in unsure[:8]),
            )
        )
    if first.is_turned:
        group.doubts.append(say("the file's low codes are the good ones; turned round, so that high is good."))
    return group


def _told(question: Question) -> str:
    """``Q1 您对服务是否满意（1–10，n = 203）``."""
    label = f" {question.profile.label}" if question.profile.label else ""
    if question.kind == "rating":
        return say(
            "{name}{label} ({low}–{high}, n = {n})",
            name=question.name,
            label=label,
            low=question.lowest,
            high=question.highest,
            n=f"{question.profile.filled:,}",
        )
    return say("{name}{label} (n = {n})", name=question.name, label=label, n=f"{question.profile.filled:,}")

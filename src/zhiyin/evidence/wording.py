"""Evidence in one sentence. The last grade is never called an effect."""

from __future__ import annotations

from zhiyin.evidence.grade import Design, Evidence
from zhiyin.language import either, translate


def sentence(evidence: Evidence, *, language: str | None = None, digits: int = 2) -> str:
    """What may be said.

    Parameters
    ----------
    language : ``zh``, ``en``, or None for the user's. digits : after the point.
    """

    def number(value: float | None) -> str:
        return "" if value is None else f"{value:+.{digits}f}"

    if not evidence.is_effect:
        template = translate(
            "Changed by {change}. This is a change over time, not a proven effect (level {grade}).", language
        )
    elif evidence.low is None and evidence.design is Design.RANDOMISED:
        template = translate("Too early to say: too few answers.", language)
    elif evidence.low is None:
        template = translate(
            "Effect {change}; as large by chance in {share} of units (evidence level {grade}).", language
        )
    elif evidence.is_clear:
        template = translate("Effect {change} ({low} to {high}; evidence level {grade}).", language)
    else:
        template = translate("No clear effect: {change} ({low} to {high}; evidence level {grade}).", language)
    return template.format(
        change=number(evidence.change),
        low=number(evidence.low),
        high=number(evidence.high),
        share=f"{1.0 - evidence.level:.0%}",
        grade=either(evidence.grade.zh, evidence.grade.value, language),
    )

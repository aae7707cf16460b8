"""A place in one sentence, as an outlet manager reads it."""

from __future__ import annotations

from zhiyin.fairness.comparison import Comparison, Place, Standing
from zhiyin.language import translate

_SENTENCES = {
    Standing.BETTER: "Better than the mean; place {first}-{last} of {ranked}.",
    Standing.WORSE: "Worse than the mean; place {first}-{last} of {ranked}.",
    Standing.SIMILAR: "Not distinguishable from the mean; place {first}-{last} of {ranked}.",
}


def sentence(place: Place, comparison: Comparison, language: str | None = None) -> str:
    """What may be said of a place.

    Parameters
    ----------
    language : ``zh``, ``en``, or None for the user's.

    Examples
    --------
    ``Not distinguishable from the mean; place 9-21 of 40.``
    ``Too few answers to compare; about 57 more are needed.``
    """
    template = _SENTENCES.get(place.standing)
    if template is not None:
        text = translate(template, language)
        return text.format(first=place.first_place, last=place.last_place, ranked=comparison.ranked)
    if place.standing is Standing.WITHHELD:
        return translate("Fewer than {least} answers; no figure is shown.", language).format(
            least=comparison.policy.shown_from
        )
    if place.more_needed is None:
        return translate("The units do not differ by more than chance, so they are not ranked.", language)
    return translate("Too few answers to compare; about {more} more are needed.", language).format(
        more=place.more_needed
    )

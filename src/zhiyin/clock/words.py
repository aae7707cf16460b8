"""Sentences that are written once and read in either language.

A result of the clock travels: it is stored, pickled, shown to a Chinese handler today and to an English auditor next
year. So it keeps the sentence with its data, and the language is chosen when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.language import either, translate


@dataclass(frozen=True, slots=True)
class Pair:
    """A phrase given in both languages, as the rule files hold it."""

    zh: str
    en: str

    def text(self, language: str | None = None) -> str:
        """The phrase in a language (None: the user's)."""
        return either(self.zh, self.en, language)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence with ``{named}`` fields, and what to fill in.

    Parameters
    ----------
    template : the sentence in English; the Chinese one comes from the catalogue (:mod:`zhiyin.language`).
    data : what to fill in, by name; a :class:`Pair` or another sentence is shown in the same language.
    """

    template: str
    data: tuple[tuple[str, object], ...] = ()

    def text(self, language: str | None = None) -> str:
        """The sentence in a language (None: the user's)."""
        fields = {name: _shown(value, language) for name, value in self.data}
        return translate(self.template, language).format(**fields)

    def __str__(self) -> str:
        return self.text()


def say(template: str, **data: object) -> Sentence:
    """A sentence with its data."""
    return Sentence(template, tuple(sorted(data.items())))


def listed(items: tuple[object, ...], language: str | None = None) -> str:
    """Several things in one phrase, divided as the language divides them."""
    return either("、", ", ", language).join(_shown(item, language) for item in items)


def _shown(value: object, language: str | None) -> str:
    if isinstance(value, (Pair, Sentence)):
        return value.text(language)
    if isinstance(value, tuple):
        return listed(value, language)
    return str(value)

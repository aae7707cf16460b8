"""Which language the user reads, and the translated sentence.

Sentences in the code are English; ``locale/zh_Hans`` holds the Chinese. Other packages add their own catalogue
with :func:`add_catalogue`.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("zh", "en")
_FOLDERS: Final = {"zh": "zh_Hans", "en": "en"}
_chosen: ContextVar[str | None] = ContextVar("zhiyin_language", default=None)
_catalogues: list[Path] = [Path(__file__).parent / "locale"]
_loaded: dict[str, gettext.NullTranslations] = {}


def current_language() -> str:
    """``zh`` or ``en``: what :func:`use_language` set, else ``ZHIYIN_LANG``, else the locale; Chinese if none says."""
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    for variable in ("ZHIYIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value.lower().startswith("zh"):
            return "zh"
        if value.lower().startswith("en"):
            return "en"
    return "zh"


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Speak a language inside the block."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: choose one of {LANGUAGES}")
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


def add_catalogue(folder: Path) -> None:
    """Let another package's ``locale`` folder be searched too."""
    if folder not in _catalogues:
        _catalogues.append(folder)
        _loaded.clear()


def translate(sentence: str, language: str | None = None) -> str:
    """The sentence in a language (None: the user's); itself where no translation exists."""
    language = language or current_language()
    if language not in _loaded:
        found: gettext.NullTranslations = gettext.NullTranslations()
        for folder in _catalogues:
            found.add_fallback(
                gettext.translation("zhiyin", localedir=folder, languages=[_FOLDERS[language]], fallback=True)
            )
        _loaded[language] = found
    return _loaded[language].gettext(sentence)


def either(zh: str, en: str, language: str | None = None) -> str:
    """Of a pair written in both languages, the one the user reads."""
    return zh if (language or current_language()) == "zh" else en

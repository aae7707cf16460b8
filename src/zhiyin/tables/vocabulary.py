"""Starter vocabularies: the codes that columns hold, what they mean in both languages, and how sure that is.

A vocabulary is a file ``vocabularies/<name>.toml`` that an editor can read and a bank can replace. A code that is not
in its vocabulary is a warning and never an error, since every bank has channels, roles and products of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, cast

from zhiyin.errors import ZhiyinError
from zhiyin.language import either

_FOLDER: Final = resources.files("zhiyin.tables") / "vocabularies"
_OTHER: Final = {"_zh": "_en", "_en": "_zh"}

VOCABULARIES: Final[tuple[str, ...]] = tuple(
    sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir() if file.name.endswith(".toml"))
)
"""Names of all starter vocabularies."""

Detail = str | float | bool | tuple[str, ...] | tuple[float, float]
"""What a further field of an entry may hold."""


class Certainty(StrEnum):
    """How sure a word or figure is.

    ========= ======================================================
    certainty meaning
    ========= ======================================================
    quoted    read in a report, notice or law (possibly an excerpt)
    secondary read on a page that reports what another one says
    known     common knowledge of the trade, no source read
    guess     plausible default, to be configured, never to be quoted
    computed  worked out here
    inferred  concluded here from other facts
    ========= ======================================================
    """

    QUOTED = "quoted"
    SECONDARY = "secondary"
    KNOWN = "known"
    GUESS = "guess"
    COMPUTED = "computed"
    INFERRED = "inferred"


class FieldKind(StrEnum):
    """What a further field holds: text, a number, a flag, codes of a vocabulary, or a low and a high number."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    CODES = "codes"
    RANGE = "range"


class UnknownVocabulary(ZhiyinError):
    """A vocabulary was named that does not exist."""

    code = "tables.unknown_vocabulary"
    message = "There is no vocabulary {vocabulary}."


class UnknownCode(ZhiyinError):
    """A code was named that its vocabulary does not have."""

    code = "tables.unknown_code"
    message = "Vocabulary {vocabulary} has no code {code}."


@dataclass(frozen=True, slots=True)
class Field:
    """A further field that entries of one vocabulary may carry, such as the usual duration of a journey.

    Parameters
    ----------
    name : key in the file. Text in two languages is two fields ending in ``_zh`` and ``_en``.
    kind : see :class:`FieldKind`.
    zh, en : what it means; for numbers with their unit.
    vocabulary : for codes, the vocabulary that they belong to.
    """

    name: str
    kind: FieldKind
    zh: str
    en: str
    vocabulary: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a vocabulary.

    Parameters
    ----------
    code : what the column holds; readable, never reused for another meaning.
    zh, en : label in Chinese and English.
    meaning_zh, meaning_en : explanation where the label does not suffice, else empty.
    certainty : how sure the entry is, see :class:`Certainty`.
    source : where it comes from.
    details : further fields, declared by the vocabulary; read them by :meth:`text`, :meth:`number`, :meth:`flag`,
        :meth:`codes` and :meth:`range`.
    """

    code: str
    zh: str
    en: str
    certainty: Certainty
    source: str
    meaning_zh: str = ""
    meaning_en: str = ""
    details: tuple[tuple[str, Detail | None], ...] = ()

    def label(self, language: str | None = None) -> str:
        """The label in a language (``zh`` or ``en``; None for the user's)."""
        return either(self.zh, self.en, language)

    def text(self, name: str) -> str:
        """A text field; empty where the entry leaves it out.

        Raises
        ------
        KeyError : the vocabulary declares no such field.
        TypeError : the field is of another kind. Both hold for the four readers below too.
        """
        value = self._detail(name, FieldKind.TEXT)
        return "" if value is None else str(value)

    def number(self, name: str) -> float | None:
        """A number; None where the entry leaves it out."""
        value = self._detail(name, FieldKind.NUMBER)
        return value if isinstance(value, (int, float)) else None

    def flag(self, name: str) -> bool:
        """A yes or no; False where the entry leaves it out."""
        return self._detail(name, FieldKind.FLAG) is True

    def codes(self, name: str) -> tuple[str, ...]:
        """Codes of the vocabulary that the field names; empty where the entry leaves it out."""
        value = self._detail(name, FieldKind.CODES)
        return tuple(str(code) for code in value) if isinstance(value, tuple) else ()

    def range(self, name: str) -> tuple[float, float] | None:
        """Low and high of a quantity; None where the entry leaves it out."""
        value = self._detail(name, FieldKind.RANGE)
        return (float(value[0]), float(value[1])) if isinstance(value, tuple) else None

    def _detail(self, name: str, kind: FieldKind) -> Detail | None:
        value = dict(self.details)[name]
        if value is not None and not _HOLDS[kind](value):
            raise TypeError(f"{self.code}.{name} is no {kind}: {value!r}")
        return value


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes that a column holds, in the order in which people want to read them.

    Parameters
    ----------
    name : name of the file.
    zh, en : what the codes are.
    entries : in order of display.
    fields : the further fields that entries may carry.

    Examples
    --------
    >>> channels = vocabulary("channels")
    >>> channels.label("branch", "zh"), channels.label("branch", "en")
    ('网点', 'Outlet')
    >>> channels.label("robot", "en")
    'robot'
    """

    name: str
    zh: str
    en: str
    entries: tuple[Entry, ...]
    fields: tuple[Field, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes in order."""
        return tuple(entry.code for entry in self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.entries)

    def entry(self, code: str) -> Entry:
        """The entry of a code.

        Raises
        ------
        UnknownCode : with the nearest code as a suggestion.
        """
        for entry in self.entries:
            if entry.code == code:
                return entry
        raise UnknownCode(vocabulary=self.name, code=code, choices=self.codes)

    def label(self, code: str, language: str | None = None) -> str:
        """The label of a code; the code itself where the bank added it and the vocabulary does not know it."""
        for entry in self.entries:
            if entry.code == code:
                return entry.label(language)
        return code


@cache
def vocabulary(name: str) -> Vocabulary:
    """The starter vocabulary of that name, read once.

    Raises
    ------
    UnknownVocabulary : with the nearest name as a suggestion.
    """
    if name not in VOCABULARIES:
        raise UnknownVocabulary(vocabulary=name, choices=VOCABULARIES)
    return read_vocabulary(name, (_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read_vocabulary(name: str, text: str) -> Vocabulary:
    """A vocabulary from the text of its file.

    The file gives ``zh``, ``en``, ``certainty`` and ``source`` for the whole, a table ``[fields.<name>]`` for each
    further field, and ``entries``, one inline table a line. An entry may override certainty and source.

    Raises
    ------
    ValueError : a label is blank, a code stands twice, or a field is undeclared or of another kind.
    """
    raw = tomllib.loads(text)
    _only(name, raw, ("zh", "en", "certainty", "source", "entries", "fields"))
    fields = tuple(_read_field(f"{name}.fields.{key}", key, value) for key, value in raw.get("fields", {}).items())
    defaults = {"certainty": raw.get("certainty", ""), "source": raw.get("source", "")}
    entries = tuple(_read_entry(f"{name}[{i}]", {**defaults, **row}, fields) for i, row in enumerate(raw["entries"]))
    codes = [entry.code for entry in entries]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueError(f"{name}: codes stand twice: {', '.join(twice)}")
    return Vocabulary(name, _filled(name, raw, "zh"), _filled(name, raw, "en"), entries, fields)


def _read_field(where: str, name: str, raw: Mapping[str, object]) -> Field:
    _only(where, raw, ("kind", "zh", "en", "vocabulary"))
    kind = FieldKind(_filled(where, raw, "kind"))
    target = _filled(where, raw, "vocabulary") if kind is FieldKind.CODES else None
    return Field(name, kind, _filled(where, raw, "zh"), _filled(where, raw, "en"), target)


def _read_entry(where: str, raw: Mapping[str, object], fields: tuple[Field, ...]) -> Entry:
    common = ("code", "zh", "en", "certainty", "source", "meaning_zh", "meaning_en")
    _only(where, raw, (*common, *(f.name for f in fields)))
    meanings = tuple(_filled(where, raw, key) if key in raw else "" for key in ("meaning_zh", "meaning_en"))
    if bool(meanings[0]) != bool(meanings[1]):
        raise ValueError(f"{where}: the meaning stands in one language only")
    details = tuple((f.name, _read_detail(where, f, raw.get(f.name))) for f in fields)
    filled = {name for name, value in details if value is not None}
    alone = sorted(name for name in filled if name[-3:] in _OTHER and name[:-3] + _OTHER[name[-3:]] not in filled)
    if alone:
        raise ValueError(f"{where}: stands in one language only: {', '.join(alone)}")
    return Entry(
        code=_filled(where, raw, "code"),
        zh=_filled(where, raw, "zh"),
        en=_filled(where, raw, "en"),
        certainty=Certainty(_filled(where, raw, "certainty")),
        source=_filled(where, raw, "source"),
        meaning_zh=meanings[0],
        meaning_en=meanings[1],
        details=details,
    )


def _read_detail(where: str, declared: Field, value: object) -> Detail | None:
    if isinstance(value, list):
        value = tuple(value)
    if value is None or _HOLDS[declared.kind](value):
        return cast("Detail | None", value)
    raise ValueError(f"{where}: {declared.name} is no {declared.kind}: {value!r}")


def _filled(where: str, raw: Mapping[str, object], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        raise ValueError(f"{where}: {key} is missing, blank or padded")
    return value


def _only(where: str, raw: Mapping[str, object], known: tuple[str, ...]) -> None:
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise ValueError(f"{where}: undeclared: {', '.join(unknown)}")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_range(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]


_HOLDS: Final[Mapping[FieldKind, Callable[[object], bool]]] = MappingProxyType(
    {
        FieldKind.TEXT: lambda value: isinstance(value, str) and bool(value.strip()),
        FieldKind.NUMBER: _is_number,
        FieldKind.FLAG: lambda value: isinstance(value, bool),
        FieldKind.CODES: lambda value: isinstance(value, tuple) and all(isinstance(code, str) for code in value),
        FieldKind.RANGE: _is_range,
    }
)
"""Whether a value is of a kind."""

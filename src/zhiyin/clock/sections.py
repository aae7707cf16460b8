"""Read a TOML file of rules or days strictly: every key is known, of its type, and read.

A misspelt key in a file of law must not be silently ignored; so a :class:`Section` remembers what was read of it, and
:meth:`Section.finish` refuses the rest, naming the file and the place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NoReturn, TypeVar

from zhiyin.clock.problems import ClockError
from zhiyin.clock.words import Pair, Sentence, say

MISSING = "required"
WRONG_TYPE = "expected {expected}"
A_TEXT = "a text"
A_FLAG = "true or false"
A_COUNT = "a whole number from 0"
A_DATE = "a date"
A_LIST = "a list"
A_TABLE = "a table"
DATES = "a list of dates"
TEXTS = "a list of texts"
ANYTHING = "a value"
NOT_ONE_OF = "{value} is none of {choices}"
UNKNOWN_KEY = "an unknown key"
NOT_TOML = "no TOML: {reason}"

Choice = TypeVar("Choice", bound=StrEnum)


class ClockFileInvalid(ClockError):
    """A file of rules or days cannot be used: which file, where in it, and what is wrong."""

    code = "clock.file_invalid"
    message = "{file}, {where}: {problem}."
    status = 500


class Section:
    """One table of a file.

    Parameters
    ----------
    file : name of the file, for messages.
    where : path of the table in the file, e.g. ``limit[2].period``.
    values : what the table holds.
    """

    def __init__(self, file: str, where: str, values: Mapping[str, object]) -> None:
        self.file, self.where, self.values = file, where, values
        self._read: set[str] = set()

    def refuse(self, key: str, problem: Sentence) -> NoReturn:
        """Raise, naming the file and the place."""
        place = f"{self.where}.{key}" if self.where and key else self.where or key or "$"
        raise ClockFileInvalid(file=self.file, where=place, problem=problem)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.values

    def _take(self, key: str, expected: type, name: Sentence) -> object:
        self._read.add(key)
        if key not in self.values:
            self.refuse(key, say(MISSING))
        value = self.values[key]
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is int):
            self.refuse(key, say(WRONG_TYPE, expected=name))
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; the default where the key is missing and one is given."""
        if default is not None and key not in self.values:
            return default
        value = str(self._take(key, str, say(A_TEXT)))
        return value if value.strip() else self.refuse(key, say(MISSING))

    def optional_text(self, key: str) -> str | None:
        """A text, or None."""
        return self.text(key) if self.has(key) else None

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        return bool(self._take(key, bool, say(A_FLAG))) if self.has(key) else default

    def count(self, key: str) -> int:
        """A whole number from 0."""
        value = self._take(key, int, say(A_COUNT))
        if not isinstance(value, int) or value < 0:
            self.refuse(key, say(WRONG_TYPE, expected=say(A_COUNT)))
        return value

    def day(self, key: str) -> date:
        """A date."""
        value = self._take(key, date, say(A_DATE))
        if isinstance(value, datetime) or not isinstance(value, date):
            self.refuse(key, say(WRONG_TYPE, expected=say(A_DATE)))
        return value

    def optional_day(self, key: str) -> date | None:
        """A date, or None."""
        return self.day(key) if self.has(key) else None

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates."""
        return tuple(one for one in self._each(key, date, say(DATES)) if isinstance(one, date))

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        if default is not None and not self.has(key):
            return default
        return tuple(one for one in self._each(key, str, say(TEXTS)) if isinstance(one, str))

    def _each(self, key: str, expected: type, name: Sentence) -> list[object]:
        value = self._take(key, list, name)
        if not isinstance(value, list) or not all(isinstance(one, expected) for one in value):
            self.refuse(key, say(WRONG_TYPE, expected=name))
        return value

    def mixed(self, key: str) -> tuple[object, ...]:
        """A list of anything."""
        value = self._take(key, list, say(A_LIST))
        return tuple(value) if isinstance(value, list) else ()

    def value(self, key: str) -> object:
        """Anything."""
        return self._take(key, object, say(ANYTHING))

    def choice(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """One of the values of an enumeration."""
        if default is not None and not self.has(key):
            return default
        value = self.text(key)
        try:
            return choices(value)
        except ValueError:
            self.refuse(key, say(NOT_ONE_OF, value=value, choices=tuple(choices)))

    def pair(self, stem: str) -> Pair:
        """A phrase in both languages: keys ``{stem}_zh`` and ``{stem}_en``, or ``zh`` and ``en`` for no stem."""
        prefix = f"{stem}_" if stem else ""
        return Pair(zh=self.text(f"{prefix}zh"), en=self.text(f"{prefix}en"))

    def section(self, key: str) -> Section:
        """A table inside this one."""
        value = self._take(key, dict, say(A_TABLE))
        place = f"{self.where}.{key}" if self.where else key
        return Section(self.file, place, value if isinstance(value, dict) else {})

    def sections(self, key: str) -> tuple[Section, ...]:
        """A list of tables inside this one; none where the key is missing."""
        if not self.has(key):
            return ()
        found = []
        for index, value in enumerate(self.mixed(key)):
            if not isinstance(value, dict):
                self.refuse(f"{key}[{index}]", say(WRONG_TYPE, expected=say(A_TABLE)))
            place = f"{key}[{index}]"
            found.append(Section(self.file, f"{self.where}.{place}" if self.where else place, value))
        return tuple(found)

    def names(self) -> tuple[str, ...]:
        """Every key, in the order of the file."""
        return tuple(self.values)

    def finish(self) -> None:
        """Refuse a key that nothing read."""
        for key in self.values:
            if key not in self._read:
                self.refuse(key, say(UNKNOWN_KEY))


def read_section(path: Path | Traversable) -> Section:
    """The whole of a TOML file.

    Raises
    ------
    ClockFileInvalid : it is no TOML.
    """
    try:
        return Section(path.name, "", tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ClockFileInvalid(file=path.name, where="$", problem=say(NOT_TOML, reason=str(error))) from error


def toml_files(folder: Path | Traversable) -> tuple[Path | Traversable, ...]:
    """The TOML files of a folder, by name."""
    return tuple(sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name))

"""All rules, and which files each of them reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tools.lint import (
    clocks,
    docstrings,
    excuses,
    executes,
    front_door,
    inline_imports,
    names,
    sizes,
    spoken,
    words,
)
from tools.lint.finding import Finding
from tools.lint.source import Source


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it checks, in which folders, and which paths below them it leaves out."""

    check: Callable[[Source], Iterator[Finding]]
    folders: tuple[str, ...]
    outside: tuple[str, ...] = ()
    ending: str = ".py"

    def reads(self, path: str) -> bool:
        """Whether the rule looks at the file of that path."""
        return (
            path.startswith(self.folders)
            and not path.startswith(self.outside or ("\0",))
            and path.endswith(self.ending)
        )


_CODE: Final = ("src/", "tools/")
_ALL_CODE: Final = ("src/", "tools/", "tests/", "bench/")

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "clocks": Rule(clocks.check, ("src/",), outside=("src/zhiyin/cli/",)),
        "docstrings": Rule(docstrings.check, _CODE),
        "excuses": Rule(excuses.check, _ALL_CODE),
        "executes": Rule(executes.check, ("src/zhiyin/",), outside=("src/zhiyin/engine/",)),
        "front_door": Rule(front_door.check, _CODE, ending="/__init__.py"),
        "inline_imports": Rule(inline_imports.check, _ALL_CODE),
        "names": Rule(names.check, _ALL_CODE),
        "sizes": Rule(sizes.check, _ALL_CODE),
        "spoken": Rule(spoken.check, ("src/zhiyin/cli/",)),
        "words": Rule(words.check, ("",), ending=""),
    }
)
"""Rules by name, which is also the name of their file and of their examples."""


def lint(sources: Iterable[Source]) -> Iterator[Finding]:
    """Everything that the rules find in the files; of a file that is no Python, only that."""
    for source in sources:
        if source.is_python:
            try:
                _ = source.tree
            except SyntaxError as error:
                yield source.finding(error.lineno or 1, f"this is no Python: {error.msg}")
                continue
        for rule in RULES.values():
            if rule.reads(source.path):
                yield from rule.check(source)

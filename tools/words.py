"""The Chinese catalogue: every English sentence that a user may read has a Chinese one.

``python -m tools.words update`` brings the catalogue in line with the code (``--from FOLDER`` takes translations from
files of ``english<TAB>chinese``), ``compile`` writes what gettext reads, ``check`` fails where something is missing.

Sentences are found without running the code: the argument of ``translate`` and ``say``, directly, through a constant
or a table of constants, and the ``message`` of every error class.
"""

from __future__ import annotations

import argparse
import ast
import string
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "src" / "zhiyin"
_SPEAKERS: Final = frozenset({"translate", "say"})
_DECLARED_ELSEWHERE: Final = frozenset({"self.message", "self.template"})
"""Arguments whose sentences are found where the class or the sentence is made."""
_HEADER: Final = "# Chinese of Zhiyin. Written by python -m tools.words; translations may be edited."
_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Same day in each header, so that the same sentences give the same file."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence and the file that says it, from the root of the source folder."""

    english: str
    path: str


class UnclearSentence(Exception):
    """A sentence is put together while the program runs, so that nobody can translate it beforehand."""


def sentences(source: Path, package: Path) -> Iterator[Sentence]:
    """Every sentence of a package below a source folder, in order of file and line.

    Raises
    ------
    UnclearSentence : with file and line.
    """
    for path in sorted(package.rglob("*.py")):
        tree = _tree(path)
        for node in ast.walk(tree):
            said: ast.expr | None = None
            excused = frozenset[str]()
            if isinstance(node, ast.Call) and node.args and _name(node.func) in _SPEAKERS:
                said, excused = node.args[0], _DECLARED_ELSEWHERE | _parameters(tree, node)
            elif isinstance(node, ast.ClassDef):
                said = _message(node)
            if said is not None:
                texts = list(_texts(source, path, said))
                if not texts and ast.unparse(said) not in excused:
                    raise UnclearSentence(f"{path}:{said.lineno}: {ast.unparse(said)} is no constant sentence")
                yield from (Sentence(text, str(path.relative_to(source))) for text in texts)


def _tree(path: Path) -> ast.Module:
    return _parse(path.read_text(encoding="utf-8"), str(path))


@cache
def _parse(text: str, name: str) -> ast.Module:
    return ast.parse(text, name)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _texts(source: Path, path: Path, node: ast.expr) -> Iterator[str]:
    """The sentences that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(source, path, node.body)
        yield from _texts(source, path, node.orelse)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(source, path, value)
    elif isinstance(node, ast.Call) and node.args and _name(node.func) == "MappingProxyType":
        yield from _texts(source, path, node.args[0])
    elif isinstance(node, ast.Subscript):
        yield from _texts(source, path, node.value)
    elif isinstance(node, ast.Name):
        where, given = _constant(source, path, node.id)
        if given is not None:
            yield from _texts(source, where, given)


def _constant(source: Path, path: Path, name: str) -> tuple[Path, ast.expr | None]:
    """What a module gives a name, followed through imports within the source folder."""
    for node in _tree(path).body:
        if isinstance(node, ast.Assign) and name in map(_name, node.targets):
            return path, node.value
        if isinstance(node, ast.AnnAssign) and _name(node.target) == name:
            return path, node.value
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                origin = (source / node.module.replace(".", "/")).with_suffix(".py")
                if (alias.asname or alias.name) == name and origin.is_file():
                    return _constant(source, origin, alias.name)
    return path, None


def _parameters(tree: ast.Module, call: ast.Call) -> frozenset[str]:
    """Parameters of the function that passes a sentence on, such as ``say`` itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in _SPEAKERS and call in ast.walk(node):
            return frozenset(argument.arg for argument in node.args.args)
    return frozenset()


def _message(node: ast.ClassDef) -> ast.expr | None:
    """What a class body gives the name ``message``."""
    for inner in node.body:
        if isinstance(inner, ast.Assign) and "message" in map(_name, inner.targets):
            return inner.value
        if isinstance(inner, ast.AnnAssign) and _name(inner.target) == "message":
            return inner.value
    return None


def fields(sentence: str) -> frozenset[str]:
    """Names of the ``{fields}`` of a sentence."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def folder(package: Path) -> Path:
    """Where the catalogue of a package lies."""
    return package / "locale" / "zh_Hans" / "LC_MESSAGES"


def read_catalogue(package: Path) -> Mapping[str, str]:
    """English to Chinese, as the editable file has it; empty where there is none yet."""
    path = folder(package) / f"{package.name}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return _pairs(read_po(file))


def read_compiled(package: Path) -> Mapping[str, str]:
    """English to Chinese, as gettext reads it."""
    path = folder(package) / f"{package.name}.mo"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return _pairs(read_mo(file))


def _pairs(catalogue: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue if message.id and not message.fuzzy}


def read_translations(folder: Path) -> Mapping[str, str]:
    """Translations from all ``*.tsv`` files of a folder.

    Raises
    ------
    ValueError : a line is not English, tab, Chinese.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                english, tab, chinese = line.partition("\t")
                if not tab or not chinese.strip() or "\t" in chinese:
                    raise ValueError(f"{path}:{number}: expected english<TAB>chinese")
                found[english.replace("\\n", "\n")] = chinese.replace("\\n", "\n")
    return found


def update(package: Path, translations: Mapping[str, str]) -> tuple[str, ...]:
    """Bring the catalogue in line with the code; returns the sentences that still have no Chinese."""
    known = {**read_catalogue(package), **translations}
    places: dict[str, list[str]] = {}
    for sentence in sentences(package.parent, package):
        places.setdefault(sentence.english, []).append(sentence.path)
    catalogue = Catalog(
        locale="zh_Hans", project="Zhiyin", version="1", charset="utf-8", fuzzy=False, creation_date=_DAY,
        revision_date=_DAY, header_comment=_HEADER, last_translator="Zhiyin", language_team="Zhiyin",
    )  # fmt: skip
    for english in sorted(places):
        lines = [(path, None) for path in dict.fromkeys(places[english])]
        catalogue.add(english, known.get(english, ""), locations=lines, flags=())  # type: ignore[arg-type]  # no line
    folder(package).mkdir(parents=True, exist_ok=True)
    with (folder(package) / f"{package.name}.po").open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False)
    return tuple(english for english in sorted(places) if not known.get(english))


def compile_catalogue(package: Path) -> None:
    """Write what gettext reads from the editable file."""
    with (folder(package) / f"{package.name}.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    with (folder(package) / f"{package.name}.mo").open("wb") as file:
        write_mo(file, catalogue)


def problems(package: Path) -> Iterator[str]:
    """What keeps a Chinese reader from a Chinese sentence."""
    said: dict[str, str] = {}
    for sentence in sentences(package.parent, package):
        said.setdefault(sentence.english, sentence.path)
    catalogue = read_catalogue(package)
    for english, path in said.items():
        chinese = catalogue.get(english, "")
        if not chinese:
            yield f"{path}: no Chinese for {english!r}"
        elif fields(chinese) != fields(english):
            yield f"{path}: {chinese!r} has other fields than {english!r}"
    yield from (f"said nowhere: {english!r}" for english in catalogue if english not in said)
    if read_compiled(package) != {english: chinese for english, chinese in catalogue.items() if chinese}:
        yield "the compiled catalogue is out of date: run python -m tools.words compile"


def main(arguments: list[str] | None = None) -> int:
    """Update, compile or check; 1 where something is missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.words", description="Keep the Chinese catalogue complete.")
    parser.add_argument("task", choices=("update", "compile", "check"))
    parser.add_argument("--from", dest="folder", type=Path, help="folder of english<TAB>chinese files, with update")
    chosen = parser.parse_args(arguments)
    if chosen.task == "update":
        missing = update(PACKAGE, read_translations(chosen.folder) if chosen.folder else {})
        compile_catalogue(PACKAGE)
        print(*missing, sep="\n")
        print(f"{len(missing)} sentences have no Chinese yet")
        return 0
    if chosen.task == "compile":
        compile_catalogue(PACKAGE)
        return 0
    found = list(problems(PACKAGE))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

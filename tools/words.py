"""The Chinese catalogue: every English sentence that a user may read has a Chinese one.

``python -m tools.words update`` brings the catalogue in line with the code (``--from FOLDER`` takes translations from
files of ``english<TAB>chinese``), ``compile`` writes what gettext reads, ``check`` fails where something is missing.
"""

from __future__ import annotations

import argparse
import string
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tools.sentences import sentences

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "src" / "zhiyin"
_HEADER: Final = "# Chinese of Zhiyin. Written by python -m tools.words; translations may be edited."
_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Same day in each header, so that the same sentences give the same file."""


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
        msgid_bugs_address="the maintainers",
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

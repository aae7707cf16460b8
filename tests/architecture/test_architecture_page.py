"""ARCHITECTURE.md says how the repository is built, and the repository agrees.

The page holds two fenced blocks. ``tree`` lists folders, one a line, indented below their parent, each with its purpose
after two or more spaces::

    src/zhiyin/      the library: tables in, tables or small results out
      tables/        the vocabulary: every table declared once
    tests/           what must stay true

``layers`` lists the packages of the library from the top: each line may use the lines below it, and names divided by
``|`` do not know each other. It equals the contract in ``pyproject.toml``; both may name packages still to come.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tools.lint import committed_sources
from tools.markdown import read_page

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "ARCHITECTURE.md"
LIBRARY = "src/zhiyin/"


def block(language: str) -> list[str]:
    found = [b for b in read_page(PAGE.read_text(encoding="utf-8")).blocks if b.language == language]
    assert len(found) == 1, f"ARCHITECTURE.md has one {language} block"
    return found[0].text.splitlines()


def tree() -> dict[str, str]:
    """Folders of the tree block with their purposes, each path from the root and with a slash at its end."""
    found: dict[str, str] = {}
    parents: list[tuple[int, str]] = []
    for line in block("tree"):
        match = re.fullmatch(r"(?P<indent> *)(?P<name>\S+/) {2,}(?P<purpose>\S.*)", line)
        assert match, f"not 'folder/  purpose': {line!r}"
        depth = len(match["indent"])
        parents = [(d, path) for d, path in parents if d < depth]
        path = (parents[-1][1] if parents else "") + match["name"]
        parents.append((depth, path))
        found[path] = match["purpose"]
    return found


def test_tree_lists_the_packages_of_the_library():
    actual = sorted(f"{LIBRARY}{path.parent.name}/" for path in (ROOT / LIBRARY).glob("*/__init__.py"))
    assert sorted(path for path in tree() if re.fullmatch(rf"{LIBRARY}\w+/", path)) == actual


def test_tree_names_existing_folders():
    assert [path for path in tree() if not (ROOT / path).is_dir()] == []


def test_tree_names_every_folder_at_the_top():
    tracked = {source.path.split("/")[0] for source in committed_sources(ROOT) if "/" in source.path}
    assert {path.split("/")[0] for path in tree()} == {name for name in tracked if not name.startswith(".")}


def test_layers_equal_the_import_contract():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in config["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    declared = [sorted(re.sub("[()]", "", layer).split(" | ")) for layer in contract["layers"]]
    assert [sorted(re.split(r"\s*\|\s*", line.strip())) for line in block("layers")] == declared


@pytest.mark.parametrize("path", sorted((ROOT / LIBRARY).glob("*/__init__.py")), ids=lambda path: path.parent.name)
def test_package_of_the_library_is_in_the_layers(path: Path):
    names = {name for line in block("layers") for name in re.split(r"\s*\|\s*", line.strip())}
    assert path.parent.name in names

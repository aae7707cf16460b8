"""The one-way rules hold, and each of them would notice a violation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "pyproject.toml"
PACKAGE = ROOT / "src" / "zhiyin"
CONTRACTS = {c["id"]: c for c in tomllib.loads(CONFIG.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]}
LAYERS = [layer.replace("(", "").replace(")", "").split(" | ") for layer in CONTRACTS["layers"]["layers"]]

VIOLATIONS = [
    ("layers", "tables", "import zhiyin.engine"),
    ("layers", "tables", "import zhiyin.maths"),
    ("layers", "maths", "import zhiyin.tables"),
    ("layers", "privacy", "import zhiyin.engine"),
    ("layers", "engine", "import zhiyin.lake"),
    ("layers", "lake", "import zhiyin.satisfaction"),
    ("layers", "satisfaction", "import zhiyin.bank"),
    ("layers", "bank", "import zhiyin.satisfaction"),
    ("layers", "bank", "import zhiyin.cli"),
    ("layers", "text", "import zhiyin.night"),
    ("layers", "clock", "import zhiyin.privacy"),
    ("layers", "night", "import zhiyin.cli"),
    ("layers", "satisfaction", "def late() -> None:\n    import zhiyin.cli"),
    ("engines", "lake", "import duckdb"),
    ("engines", "satisfaction", "from pyspark.sql import SparkSession"),
    ("plain", "tables", "import ibis"),
    ("plain", "maths", "import duckdb"),
    ("plain", "privacy", "import ibis.expr.types"),
    ("web", "engine", "from django.db import models"),
    ("web", "lake", "import zhiyin_app.ground"),
    ("network", "lake", "import http.client"),
    ("network", "privacy", "import requests"),
    ("peers", "satisfaction", "import pm4py"),
    ("pickles", "maths", "import pickle"),
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each contract says of a copy of the package into which every violation was planted."""
    folder = tmp_path_factory.mktemp("planted")
    package = copy_of_the_package(folder)
    for number, (_, where, statement) in enumerate(VIOLATIONS):
        (package / where / f"planted_{number}.py").write_text(statement + "\n", encoding="utf-8")
    (package / "attic.py").touch()
    done = lint_imports(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    _, _, broken = done.stdout.partition("Broken contracts")
    parts = {contract: broken.find("\n" + CONTRACTS[contract]["name"] + "\n") for contract in CONTRACTS}
    ends = sorted([*parts.values(), len(broken)])
    return {contract: broken[start : ends[ends.index(start) + 1]] for contract, start in parts.items() if start >= 0}


def test_contracts_hold():
    done = lint_imports(PACKAGE.parent)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_a_planted_violation():
    assert {contract for contract, _, _ in VIOLATIONS} == set(CONTRACTS)


@pytest.mark.parametrize("number", range(len(VIOLATIONS)), ids=[f"{c}: {p}: {s}" for c, p, s in VIOLATIONS])
def test_contract_notices_a_violation(number: int, planted: dict[str, str]):
    contract, package, _ = VIOLATIONS[number]
    assert f"zhiyin.{package}.planted_{number} -> " in planted[contract]


def test_module_outside_the_layers_is_noticed(planted: dict[str, str]):
    assert "attic" in planted["layers"]


def test_packages_below_the_engine_are_all_declared_plain():
    below = [name for layer in LAYERS[LAYERS.index(["engine"]) + 1 :] for name in layer]
    built = [name for name in below if any(PACKAGE.glob(f"{name}.py")) or any(PACKAGE.glob(f"{name}/*.py"))]
    assert CONTRACTS["plain"]["source_modules"] == sorted(f"zhiyin.{name}" for name in built)


def copy_of_the_package(folder: Path) -> Path:
    """A copy in which packages that are planned but not built yet exist too."""
    copied = shutil.copytree(PACKAGE, folder / "zhiyin", ignore=shutil.ignore_patterns("__pycache__", "locale"))
    for name in (name for layer in LAYERS[:-2] for name in layer):
        (copied / name).mkdir(exist_ok=True)
        (copied / name / "__init__.py").touch()
    return copied


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the package that lies in the folder against the contracts of this repository."""
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-logo", "--no-cache", "--config", CONFIG],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "400"},
        text=True,
        capture_output=True,
    )

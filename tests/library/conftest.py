"""Invented banks that several test files look at, made once a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from zhiyin.bank import BankSummary, make_bank
from zhiyin.engine import DuckEngine
from zhiyin.lake import open_lake


@pytest.fixture(scope="session")
def small_bank(tmp_path_factory: pytest.TempPathFactory) -> BankSummary:
    """3,000 customers over six months. Do not change it: other tests look at it too."""
    return make_bank(tmp_path_factory.mktemp("bank") / "lake", customers=3000, months=6, seed=11)


@pytest.fixture(scope="session")
def bank_engine(small_bank: BankSummary) -> Iterator[DuckEngine]:
    """An engine bound to the small bank."""
    with open_lake(small_bank.path).engine(threads=1) as engine:
        yield engine


@pytest.fixture(scope="session")
def true_touches(small_bank: BankSummary) -> Path:
    """The folder with the truth about the small bank's touches."""
    return small_bank.path / "truth" / "touches"

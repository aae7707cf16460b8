"""Files with published results, read in place from ``../shared/data``; tests skip where the folder is absent."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def published_rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file (gz or not) as dictionaries."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/data/{name} is not here")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(rows: list[dict[str, str]], *columns: str) -> np.ndarray:
    """Columns of rows as an array of doubles, one row a row; a single column as a vector."""
    found = np.array([[float(row[column] or "nan") for column in columns] for row in rows])
    return found[:, 0] if len(columns) == 1 else found

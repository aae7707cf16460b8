"""The reference page of the tables is the declarations, written out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from zhiyin.engine import arrow_schema
from zhiyin.tables import TABLES, VOCABULARIES, Kind, table, vocabulary
from zhiyin.tables.glossary import MEASURES
from zhiyin.tables.reference import STORED_AS, tables_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "tables.md"


def test_reference_page_equals_the_declarations():
    assert PAGE.read_text(encoding="utf-8") == tables_page(), "run python -m tools.docs write tables"


def test_reference_page_has_every_table_and_vocabulary():
    lines = tables_page().splitlines()
    for name in TABLES:
        assert f"## {name}" in lines
    for name in VOCABULARIES:
        assert f"### vocabulary {name}" in lines


def test_reference_page_has_every_measure_with_its_direction():
    names = [line.split("|")[1].strip() for line in tables_page().splitlines() if line.count("|") == 11]
    assert names[2:5] == ["`nps` ↑", "`csat` ↑", "`ces` ↑"]
    assert len(names) == 2 + len(MEASURES)


def test_reference_page_describes_a_column_completely():
    row = "| `birth_year` | small | int16 | 1890–2100 | C2 | 出生年份 | year of birth |"
    assert row in tables_page().splitlines()


def test_reference_page_escapes_bars():
    cells = {line.replace("\\|", "").count("|") for line in tables_page().splitlines() if line.startswith("| `")}
    assert cells == {6, 8, 11}


def test_storage_on_the_page_is_what_the_engine_stores():
    stored = {Kind.DATE: "date32[day]"}
    for declared in TABLES.values():
        schema = arrow_schema(declared)
        for column in declared.columns:
            expected = stored.get(column.kind, STORED_AS[column.kind])
            assert str(schema.field(column.name).type) == expected
    assert pa.int64() == arrow_schema(table("units")).field("seq").type


def test_reference_page_shows_details_of_entries():
    entry = vocabulary("wealth_tiers").entry("mass")
    assert f"| `mass` | {entry.zh} | Mass | floor_cents: 0 | guess |" in tables_page().splitlines()

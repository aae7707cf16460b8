"""Why Ibis, DuckDB and sqlglot are pinned, and how we learn that a pin can go.

Each test passes while the reason stands; when one fails after an upgrade, take the pin out of pyproject.toml.
"""

from __future__ import annotations

from importlib.metadata import requires, version

from packaging.requirements import Requirement
from packaging.version import Version


def test_duckdb_is_the_version_that_ibis_can_use():
    """Ibis 12.0.0 calls methods that DuckDB 2 has dropped, and does not say so in its requirements."""
    assert version("ibis-framework") == "12.0.0"
    assert Version(version("duckdb")) < Version("2")


def test_ibis_still_sets_no_upper_bound_for_duckdb_and_sqlglot():
    bounds = {r.name: str(r.specifier) for r in map(Requirement, requires("ibis-framework") or ())}
    assert "<" not in bounds["sqlglot"], "Ibis now says which sqlglot it can use: our bound can go"
    assert "<" not in bounds["duckdb"], "Ibis now says which DuckDB it can use: our pin can go"


def test_sqlglot_is_older_than_the_one_that_breaks_create_and_drop():
    assert Version(version("sqlglot")) < Version("30.17")

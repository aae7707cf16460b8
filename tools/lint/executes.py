"""A library function describes; only ``zhiyin.engine`` executes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tools.lint.finding import Finding
from tools.lint.source import Source

BACKENDS: Final = frozenset(
    {
        "connect",
        "duckdb",
        "get_backend",
        "memtable",
        "polars",
        "postgres",
        "pyspark",
        "read_csv",
        "read_parquet",
        "set_backend",
        "sqlite",
    }
)
"""Attributes of ``ibis`` that hold or reach a connection."""


def check(source: Source) -> Iterator[Finding]:
    """Uses of an Ibis connection, and calls of ``execute``, outside the engine."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ibis":
            if node.attr in BACKENDS:
                yield source.finding(node, f"describe the query and let zhiyin.engine run it, without ibis.{node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "execute":
            yield source.finding(node, "describe the query and let zhiyin.engine execute it")

"""The only place that executes. Everything else describes what it wants as an Ibis expression.

DuckDB by default; Spark when one machine is outgrown. An expression names declared tables; an engine holds, under
those names, views over the files of a lake's snapshot.
"""

from __future__ import annotations

from zhiyin.engine.base import Engine, EngineMissing
from zhiyin.engine.duck import DuckEngine
from zhiyin.engine.query import Query
from zhiyin.engine.schema import arrow_schema, described

__all__ = ["DuckEngine", "Engine", "EngineMissing", "Query", "arrow_schema", "described"]

"""DuckDB in this process: the default engine."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiyin.engine.base import Engine, EngineFailed
from zhiyin.engine.schema import arrow_schema
from zhiyin.tables import Table

ENGINE_VERSION: Final = f"duckdb {duckdb.__version__}"
"""Whose hashes and files these are."""
_SETTINGS = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


class DuckEngine(Engine):
    """Runs in memory and spills to a temporary folder; opens no database file, so it shares with no one.

    Parameters
    ----------
    threads : None for all cores.
    memory : e.g. ``"2GB"``; None for DuckDB's own limit.
    scratch : folder to spill to; None forbids spilling.
    """

    name = "duckdb"

    def __init__(self, *, threads: int | None = None, memory: str | None = None, scratch: Path | None = None) -> None:
        options: dict[str, Any] = dict(_SETTINGS)
        if threads is not None:
            options["threads"] = threads
        if memory is not None:
            options["memory_limit"] = memory
        if scratch is not None:
            options["temp_directory"] = str(scratch)
        self._ibis = ibis.duckdb.connect(":memory:", **options)
        self._raw: duckdb.DuckDBPyConnection = self._ibis.con
        self._raw.execute("SET TimeZone = 'UTC'")

    def bind(self, table: Table, files: Sequence[Path]) -> None:
        """See :meth:`Engine.bind`."""
        self.bind_files(table.name, files, arrow_schema(table))

    def bind_files(self, name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        """The same for files outside the declared tables (the invented bank's truth)."""
        if files:
            listed = ", ".join(quote_text(str(file)) for file in files)
            body = f"SELECT * FROM read_parquet([{listed}], union_by_name = true)"
            self._raw.execute(f"CREATE OR REPLACE VIEW {quote_name(name)} AS {body}")
            return
        empty = f"empty_{name}"
        self._raw.register(empty, schema.empty_table())
        self._raw.execute(f"CREATE OR REPLACE VIEW {quote_name(name)} AS SELECT * FROM {quote_name(empty)}")

    def run(self, expression: ir.Table) -> pa.Table:
        """See :meth:`Engine.run`."""
        return self._ibis.to_pyarrow(expression)

    def sql(self, statement: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """Run one statement, with Arrow tables under names of their own.

        For ingest and derivation, which write files; figures are described as expressions. Safe to call from
        several threads: each call has a cursor of its own. A full disk is an ``OSError`` with ``ENOSPC``.
        """
        cursor = self._raw.cursor()
        try:
            for name, rows in (tables or {}).items():
                cursor.register(name, rows)
            return cursor.execute(statement).to_arrow_table()
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            if "No space left" in str(error) or "disk full" in str(error).lower():
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
            raise
        except (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException) as error:
            # The engine's own words would repeat the customer's data.
            raise EngineFailed(kind=type(error).__name__) from None
        finally:
            cursor.close()

    def interrupt(self) -> None:
        """Stop what is running."""
        self._raw.interrupt()

    def close(self) -> None:
        """See :meth:`Engine.close`."""
        self._ibis.disconnect()


def quote_name(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"

"""What every engine can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self, TypeVar

import ibis.expr.types as ir
import pyarrow as pa

from zhiyin.engine.query import Query
from zhiyin.errors import ZhiyinError
from zhiyin.tables import Table

T = TypeVar("T")


class EngineMissing(ZhiyinError):
    """An engine was asked for whose packages are not installed."""

    code = "engine.missing"
    message = "The engine {engine} is not installed: {needs}."
    status = 503


class EngineFailed(ZhiyinError):
    """The engine met a value that it could not work with; which one is not said, as it may be personal."""

    code = "engine.failed"
    message = (
        "The engine could not work out a value ({kind}). Check the formats in the mapping; the value itself is not "
        "shown here."
    )
    status = 422


class Engine(ABC):
    """Executes expressions over the files it was told of.

    Engines are context managers; leaving the block closes the connection.
    """

    name: ClassVar[str]

    @abstractmethod
    def bind(self, table: Table, files: Sequence[Path]) -> None:
        """Let the table's name stand for the rows of these Parquet files (none: an empty table)."""

    @abstractmethod
    def run(self, expression: ir.Table) -> pa.Table:
        """Execute the expression and return its rows."""

    @abstractmethod
    def close(self) -> None:
        """Give the connection back."""

    def compute(self, query: Query[T]) -> T:
        """Execute the query's expression and finish it."""
        return query.finish(self.run(query.expression))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

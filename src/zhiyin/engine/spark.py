"""Spark, for when one machine is outgrown: the same expressions, the same answers.

Needs the extra ``zhiyin[spark]`` and Java 17. Settings keep Spark inside the machine: no web page, no shuffle service,
loopback only.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiyin.engine.base import Engine, EngineMissing
from zhiyin.engine.schema import arrow_schema
from zhiyin.tables import Table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


class SparkEngine(Engine):
    """Runs on a Spark session.

    Parameters
    ----------
    master : Spark's master, e.g. ``local[2]`` or the bank's cluster.
    session : an existing session to use instead; it is not stopped on closing.

    Raises
    ------
    EngineMissing : where pyspark or Java is not installed.
    """

    name = "spark"

    def __init__(self, *, master: str = "local[2]", session: SparkSession | None = None) -> None:
        try:
            from pyspark.sql import SparkSession as Session  # optional engine
        except ImportError:
            raise EngineMissing(engine="spark", needs="pip install 'zhiyin[spark]'") from None
        self._owns = session is None
        if session is None:
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            builder = Session.builder.master(master).appName("zhiyin")
            for key, value in _SETTINGS.items():
                builder = builder.config(key, value)
            try:
                session = builder.getOrCreate()
            except Exception as error:  # Spark raises whatever the Java gateway says
                raise EngineMissing(engine="spark", needs=f"Java 17 ({type(error).__name__})") from error
            session.sparkContext.setLogLevel("ERROR")
        self._session: Any = session
        self._ibis = ibis.pyspark.connect(session)

    def bind(self, table: Table, files: Sequence[Path]) -> None:
        """See :meth:`Engine.bind`."""
        from pyspark.sql.pandas.types import from_arrow_schema  # optional engine

        schema = from_arrow_schema(pa.schema([field.with_nullable(True) for field in arrow_schema(table)]))
        if files:
            rows = self._session.read.schema(schema).parquet(*(f"file://{file.resolve()}" for file in files))
        else:
            rows = self._session.createDataFrame([], schema)
        rows.createOrReplaceTempView(table.name)

    def run(self, expression: ir.Table) -> pa.Table:
        """See :meth:`Engine.run`.

        Rows come back as Arrow batches; Ibis would go through pandas.
        """
        rows = self._session.sql(self._ibis.compile(expression)).toArrow()
        return rows.cast(expression.schema().to_pyarrow())

    def close(self) -> None:
        """See :meth:`Engine.close`."""
        if self._owns:
            self._session.stop()

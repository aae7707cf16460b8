"""Steps and journeys out of interactions: sorted once, so that no later query needs a window.

One pass sorts the rows of cases by case, time and arrival; a streaming window over the sorted rows looks one row back.
That is three to four times cheaper than a window partitioned by case, and exact: rows that share a case and a time keep
the order in which they arrived.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from zhiyin.engine import DuckEngine
from zhiyin.engine.duck import quote_text
from zhiyin.lake.projection import steady_offset
from zhiyin.lake.store import Change, Lake

DERIVED: Final = ("activities", "journeys", "steps")
"""Names of the tables made here."""
_DAY_US: Final = 86_400_000_000


def derive_journeys(lake: Lake, *, memory: str = "2GB") -> None:
    """Make steps, journeys and activities anew from the interactions as they are now."""
    with lake.change("interactions", *DERIVED) as change, lake.engine_for_work(memory=memory) as engine:
        derive_from(change, engine)


def derive_from(change: Change, engine: DuckEngine) -> None:
    """The same inside a change that may also bring new interactions."""
    files = change.files("interactions")
    for name in DERIVED:
        change.remove(name, {entry.name for entry in change.entries(name)})
    if files:
        folder = change.lake.scratch()
        _Derivation(change, engine, files, folder).run()
    for name in DERIVED:
        change.derived_from(name, change.generation("interactions"))


class _Derivation:
    def __init__(self, change: Change, engine: DuckEngine, files: list[Path], folder: Path) -> None:
        self.change, self.engine, self.folder = change, engine, folder
        self.source = _read(files)
        self.local_us = local_microseconds("started_us", change.lake.time_zone)

    def run(self) -> None:
        activities = self.write(
            "activities",
            "SELECT CAST(row_number() OVER (ORDER BY step) - 1 AS SMALLINT) AS activity, step, "
            f"row_number() OVER (ORDER BY step) AS seq FROM (SELECT DISTINCT step FROM {self.source}) ORDER BY step",
        )
        channels = self.engine.sql(
            f"SELECT DISTINCT channel FROM {self.source} WHERE channel IS NOT NULL ORDER BY channel"
        )
        steps = self.write("steps", self.steps(activities))
        self.write("journeys", self.journeys(steps, channels.column(0).to_pylist()))
        for name in DERIVED:
            self.change.add(name, self.path(name), load="derived")
            self.path(name).unlink()

    def path(self, name: str) -> Path:
        return self.folder / f"derive-{os.getpid()}-{name}.parquet"

    def write(self, name: str, select: str) -> str:
        self.engine.sql(f"COPY ({select}) TO {quote_text(str(self.path(name)))} (FORMAT parquet, COMPRESSION zstd)")
        return _read([self.path(name)])

    def steps(self, activities: str) -> str:
        """Sorted rows, then one look back; the position is the distance from the last row that began a case."""
        sorted_rows = (
            "SELECT i.case_id, i.journey, a.activity, i.started_us, i.channel, i.unit_id, i.seq "
            f"FROM {self.source} i JOIN {activities} a ON a.step = i.step ORDER BY i.case_id, i.started_us, i.seq"
        )
        looked_back = (
            "SELECT *, row_number() OVER () AS number, lag(case_id) OVER () AS previous_case, "
            f"lag(activity) OVER () AS before, lag(started_us) OVER () AS before_us FROM ({sorted_rows})"
        )
        begun = (
            "SELECT *, previous_case IS DISTINCT FROM case_id AS is_first, "
            "max(CASE WHEN previous_case IS DISTINCT FROM case_id THEN number END) "
            f"OVER (ROWS UNBOUNDED PRECEDING) AS first_number FROM ({looked_back})"
        )
        return (
            "SELECT case_id, journey, number - first_number AS position, activity, "
            "CASE WHEN is_first THEN CAST(-1 AS SMALLINT) ELSE before END AS previous_activity, started_us, "
            "CASE WHEN is_first THEN CAST(0 AS BIGINT) ELSE started_us - before_us END AS gap_us, channel, unit_id, "
            f"number AS seq FROM ({begun})"
        )

    def journeys(self, steps: str, channels: list[str]) -> str:
        """One row a case. Channels are counted as bits of a number: a count of distinct texts costs ten times more.

        A variant is the exclusive or of one hash a step. Step and position go into one number first: DuckDB combines
        the hashes of two columns so that swapped steps would cancel out.
        """
        bits = " ".join(f"WHEN {quote_text(name)} THEN {1 << (index % 62)}" for index, name in enumerate(channels))
        bit = f"CASE channel {bits} ELSE 0 END" if channels else "0"
        cases = (
            "SELECT case_id, min(journey) AS journey, count(*) AS step_count, min(started_us) AS first_us, "
            f"max(started_us) AS last_us, bit_count(bit_or(CAST({bit} AS BIGINT))) AS channel_count, "
            f"bit_xor(hash(CAST(activity AS BIGINT) * {1 << 32} + position)) >> 1 AS variant "
            f"FROM {steps} GROUP BY case_id"
        )
        owners = f"SELECT case_id, min(customer_id) AS customer_id FROM {self.source} GROUP BY case_id"
        visits = (
            f"SELECT case_id, count(DISTINCT {self.local_us} // {_DAY_US}) AS visit_count FROM {self.source} "
            "WHERE channel = 'branch' GROUP BY case_id"
        )
        return (
            "SELECT c.case_id, c.journey, o.customer_id, c.step_count, c.first_us, c.last_us, "
            "c.last_us - c.first_us AS duration_us, CAST(c.channel_count AS BIGINT) AS channel_count, "
            "coalesce(v.visit_count, 0) AS visit_count, CAST(c.variant AS BIGINT) AS variant, "
            "row_number() OVER (ORDER BY c.case_id) AS seq "
            f"FROM ({cases}) c JOIN ({owners}) o USING (case_id) LEFT JOIN ({visits}) v USING (case_id) "
            "ORDER BY c.case_id"
        )


def local_microseconds(column: str, zone: str) -> str:
    """SQL for the local time of a column in microseconds UTC, as microseconds; for cutting local days."""
    offset = steady_offset(zone)
    if offset is not None:
        return f"({column} + {offset})"
    return f"epoch_us(timezone({quote_text(zone)}, make_timestamptz({column})))"


def _read(files: list[Path]) -> str:
    return f"read_parquet([{', '.join(quote_text(str(file)) for file in files)}])"

"""Files in, beside DuckDB's own COPY of the same CSV in the same run.

``python bench/ingest.py [--rows N]`` writes an invented file of transactions (no free text) and one of answers with
comments, and then alternates: DuckDB copies the CSV to Parquet, Zhiyin loads it (identified, typed, checked, duplicates
looked for, masked where there is text, committed). Prints seconds, the ratio of their medians (COPY / Zhiyin: 0.5 means
half as fast), and the peak of Zhiyin's memory, each load being a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

import duckdb

from zhiyin.engine.duck import ENGINE_VERSION

COPY = """
import resource, sys, time, duckdb
used = resource.getrusage(resource.RUSAGE_SELF)
started, before = time.perf_counter(), used.ru_utime + used.ru_stime
duckdb.connect().execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}/copy.parquet'")
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - started, used.ru_utime + used.ru_stime - before, used.ru_maxrss / 1024)
"""
LOAD = """
import resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from zhiyin.lake import create_lake, ingest, read_mapping
used = resource.getrusage(resource.RUSAGE_SELF)
started, before = time.perf_counter(), used.ru_utime + used.ru_stime
lake = create_lake(Path(sys.argv[2]) / "lake")
mapping = read_mapping(sys.argv[4]) if len(sys.argv) > 4 else None
done = ingest(lake, Path(sys.argv[1]), into=sys.argv[3], at=datetime.now(UTC), mapping=mapping)
assert done.load.rows_apart == 0 and done.load.rows_kept == done.load.rows_in, done
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - started, used.ru_utime + used.ru_stime - before, used.ru_maxrss / 1024)
"""
TRANSACTIONS = """
SELECT 'T' || lpad(CAST(i AS VARCHAR), 10, '0') AS transaction_id,
  'C' || lpad(CAST(hash(i) % 1000000 AS VARCHAR), 8, '0') AS customer_id,
  strftime(TIMESTAMP '2025-01-01' + to_seconds(CAST(hash(i * 13) % 31536000 AS BIGINT)), '%Y-%m-%d %H:%M:%S')
    AS occurred_us,
  'P' || (hash(i * 3) % 40) AS product_id,
  ['branch', 'mobile', 'web', 'self_service'][CAST(1 + hash(i * 5) % 4 AS BIGINT)] AS channel,
  'U' || (hash(i * 7) % 300) AS unit_id,
  ['transfer', 'salary', 'bills', 'cash'][CAST(1 + hash(i * 11) % 4 AS BIGINT)] AS category,
  ['in', 'out'][CAST(1 + hash(i * 17) % 2 AS BIGINT)] AS direction,
  printf('%.2f', (hash(i * 19) % 1000000) / 100.0) AS amount_cents,
  'false' AS is_failed
FROM range({rows}) t(i)
"""
ANSWERS = """
SELECT 'R' || lpad(CAST(i AS VARCHAR), 10, '0') AS response_id, 'nps' AS question, 'app' AS instrument,
  'points11' AS scale, hash(i) % 11 AS value,
  'C' || lpad(CAST(hash(i * 3) % 1000000 AS VARCHAR), 8, '0') AS customer_id,
  ['排队等了' || (hash(i) % 90) || '分钟，只开了一个窗口，希望多开几个', '手机银行转账很方便，第' || i || '次用',
   'The app was slow on day ' || i || ' but the staff helped me in the end', '柜员耐心，业务办得快，编号' || i,
   '换卡跑了两趟，第一次没说要带户口本，来回' || (hash(i) % 40) || '公里'][CAST(1 + hash(i * 5) % 5 AS BIGINT)]
   || CASE WHEN hash(i * 7) % 50 = 0 THEN '，电话1391234' || lpad(CAST(hash(i) % 10000 AS VARCHAR), 4, '0') ELSE '' END
   AS comment,
  strftime(TIMESTAMP '2025-01-01' + to_seconds(CAST(hash(i * 13) % 31536000 AS BIGINT)), '%Y-%m-%d %H:%M:%S')
    AS answered_us
FROM range({rows}) t(i)
"""


def run(script: str, *arguments: str) -> tuple[float, float, float]:
    """Seconds by the clock, CPU-seconds and MiB of one process."""
    done = subprocess.run([sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True)
    seconds, cpu, memory = done.stdout.split()[-3:]  # DuckDB draws a progress bar before
    return float(seconds), float(cpu), float(memory)


def compare(name: str, table: str, select: str, rows: int, times: int) -> dict[str, object]:
    """Alternate both on one file."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/{name}.csv"
        duckdb.connect().execute(f"COPY ({select.format(rows=rows)}) TO '{file}' (HEADER)")
        copies, loads = [], []
        for _ in range(times):
            copies.append(run(COPY, file, folder))
            shutil.rmtree(f"{folder}/lake", ignore_errors=True)
            loads.append(run(LOAD, file, folder, table))
        size = os.path.getsize(file) / 1e6
    copy, load = (tuple(statistics.median(part) for part in zip(*runs, strict=True)) for runs in (copies, loads))
    peak = max(memory for _, _, memory in loads)
    print(
        f"{name}: {rows:,} rows, {size:.0f} MB\n"
        f"  by the clock  COPY {copy[0]:6.2f} s  Zhiyin {load[0]:6.2f} s  ratio {copy[0] / load[0]:.2f}\n"
        f"  CPU           COPY {copy[1]:6.2f} s  Zhiyin {load[1]:6.2f} s  ratio {copy[1] / load[1]:.2f}\n"
        f"  memory        COPY {copy[2]:6.0f} MiB Zhiyin {peak:5.0f} MiB"
    )
    return {"name": name, "rows": rows, "copy": copy, "zhiyin": load, "peak_mib": peak}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {ENGINE_VERSION}")
    results = [
        compare("transactions", "transactions", TRANSACTIONS, arguments.rows, arguments.times),
        compare("answers with comments", "responses", ANSWERS, arguments.rows, arguments.times),
    ]
    print(json.dumps(results))


if __name__ == "__main__":
    main()

"""The reading of files, beside Arrow's own CSV parser over the same bytes in the same run.

``python bench/reading.py [--rows N]`` writes one invented table in several dialects and alternates:
``pyarrow.csv`` over the plain file, and :func:`zhiyin.lake.sources.open_source` over each dialect (blocks of text with
row and line numbers, broken rows set apart). Prints seconds by the clock and of the CPU, medians, CPU-seconds as a
multiple of Arrow's, and the peak of the memory. ``skip`` is a pass that fast-forwards over all blocks, as a load that
resumes does.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

ARROW = """
import sys, time
import pyarrow as pa, pyarrow.csv as csv
started, before = time.perf_counter(), time.process_time()
with open(sys.argv[1], "rb") as file:
    names = file.readline().decode().strip().split(",")
    rows, carry = 0, b""
    while piece := file.read(32 << 20):
        data = carry + piece
        stop = data.rfind(b"\\n") + 1
        carry = data[stop:]
        rows += csv.read_csv(
            pa.py_buffer(memoryview(data)[:stop]),
            read_options=csv.ReadOptions(column_names=names, block_size=2 << 20),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        ).num_rows
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
print(rows, time.perf_counter() - started, time.process_time() - before, peak)
"""
ZHIYIN = """
import sys, time
from pathlib import Path
from zhiyin.lake.sources import SourceOptions, open_source
started, before = time.perf_counter(), time.process_time()
widths = tuple(int(width) for width in sys.argv[2].split(",")) if sys.argv[2] else None
source = open_source(Path(sys.argv[1]), SourceOptions(widths=widths))
rows = sum(block.rows.num_rows + len(block.broken) for block in source.blocks(skip=int(sys.argv[3])))
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
print(rows, time.perf_counter() - started, time.process_time() - before, peak)
"""
WIDTHS = (12, 10, 8, 14, 14, 20, 12)


def invented(rows: int) -> bytes:
    """A table of touches as plain CSV in UTF-8, seven columns, about 75 bytes a row."""
    random = np.random.default_rng(7)
    channels = np.array(["手机银行", "柜面", "电话客服", "网上银行", "微信"])
    journeys = np.array(["open_account", "loan", "card", "complaint", "transfer"])
    columns = [
        [f"I{number:010d}" for number in range(rows)],
        [f"C{number:08d}" for number in random.integers(0, 1_000_000, rows)],
        [f"U{number:05d}" for number in random.integers(0, 3000, rows)],
        channels[random.integers(0, 5, rows)].tolist(),
        journeys[random.integers(0, 5, rows)].tolist(),
        [f"2025-{d // 28 + 1:02d}-{d % 28 + 1:02d} 10:{d % 60:02d}:00" for d in random.integers(0, 336, rows)],
        [f"{amount:.2f}" for amount in random.random(rows) * 10_000],
    ]
    lines = ["id,customer,unit,channel,journey,started,amount", *map(",".join, zip(*columns, strict=True))]
    return ("\n".join(lines) + "\n").encode()


def dialects(plain: bytes, folder: Path) -> dict[str, Path]:
    """The same table as banks and tools write it."""
    lines = plain.decode().splitlines()
    quoted = "".join('"' + line.replace(",", '","') + '"\n' for line in lines).encode()
    fields = (line.split(",") for line in lines[1:])
    encoded = ([cell.encode("gb18030").ljust(width) for cell, width in zip(row, WIDTHS, strict=True)] for row in fields)
    texts = {
        "plain": plain,
        "quoted": quoted,
        "quotes within": quoted.replace(b"open_account", b'say "open" now'),
        "|+|": plain.replace(b",", b"|+|"),
        "gb18030": plain.decode().encode("gb18030"),
        "gz": gzip.compress(plain, 6),
        "1 row in 1,000 broken": b"\n".join(
            line + b",x" if number % 1000 == 500 else line for number, line in enumerate(plain.split(b"\n"))
        ),
        "fixed width gb18030": b"".join(b"".join(row) + b"\n" for row in encoded),
    }
    paths = {}
    for number, (name, data) in enumerate(texts.items()):
        paths[name] = folder / f"{number}.txt"
        paths[name].write_bytes(data)
    return paths


def run(script: str, *arguments: str) -> tuple[float, ...]:
    """Rows, seconds by the clock, CPU-seconds and MiB of one process."""
    done = subprocess.run([sys.executable, "-c", script, *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"exit {done.returncode}: {done.stderr}")
    return tuple(float(word) for word in done.stdout.split())


def medians(runs: list[tuple[float, ...]]) -> tuple[float, ...]:
    """Column by column."""
    return tuple(statistics.median(part) for part in zip(*runs, strict=True))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, pyarrow {pa.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        paths = dialects(invented(arguments.rows), Path(folder))
        jobs = {
            name: (str(path), ",".join(map(str, WIDTHS)) if "fixed" in name else "", "0")
            for name, path in paths.items()
        }
        jobs["skip"] = (str(paths["plain"]), "", "1000000")
        arrow: list[tuple[float, ...]] = []
        ours: dict[str, list[tuple[float, ...]]] = {name: [] for name in jobs}
        for _ in range(arguments.times):
            arrow.append(run(ARROW, str(paths["plain"])))
            for name, job in jobs.items():
                ours[name].append(run(ZHIYIN, *job))
        _, wall, cpu, memory = medians(arrow)
        print(f"{'pyarrow.csv, plain':24} {wall:6.2f} s {cpu:6.2f} CPU-s          {memory:5.0f} MiB")
        for name, runs in ours.items():
            _, wall, used, memory = medians(runs)
            print(f"{name:24} {wall:6.2f} s {used:6.2f} CPU-s {used / cpu:6.2f} x {memory:5.0f} MiB")


if __name__ == "__main__":
    main()

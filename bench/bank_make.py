"""How long an invented bank takes, and how much memory: ``python bench/bank_make.py 1000000x24 20000x12``.

Prints rows, seconds, and the highest memory of this process and its workers together, sampled ten times a second.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from zhiyin.bank import make_bank


class Memory(threading.Thread):
    """Samples the resident memory of this process and all below it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.1):
            self.peak = max(self.peak, resident(os.getpid()))


def resident(process: int) -> int:
    """Bytes held by a process and its children."""
    try:
        status = Path(f"/proc/{process}/statm").read_text().split()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        tasks = list(Path(f"/proc/{process}/task").iterdir())
    except OSError:
        return 0
    for task in tasks:
        if task.name != str(process):
            try:
                children += (task / "children").read_text().split()
            except OSError:
                continue
    return int(status[1]) * os.sysconf("SC_PAGE_SIZE") + sum(resident(int(child)) for child in children)


def main(sizes: list[str]) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    for size in sizes:
        customers, months = (int(part) for part in size.split("x"))
        folder = Path(tempfile.mkdtemp(prefix="zhiyin-bank-"))
        memory = Memory()
        memory.start()
        began, marks = time.perf_counter(), [0.0]

        def note(done: int, total: int, began: float = began, marks: list[float] = marks) -> None:
            marks[0] = time.perf_counter() - began

        summary = make_bank(folder / "lake", customers=customers, months=months, seed=1, progress=note)
        seconds = time.perf_counter() - began
        memory.done.set()
        memory.join()
        size_gb = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e9
        shutil.rmtree(folder)
        base = sum(rows for name, rows in summary.rows.items() if name not in ("steps", "journeys", "activities"))
        print(
            f"{customers:,} customers x {months} months: {summary.total:,} rows ({base:,} base) in {seconds:.1f} s "
            f"(generated in {marks[0]:.1f} s), peak {memory.peak / 2**30:.2f} GiB, {size_gb:.2f} GB on disk"
        )


if __name__ == "__main__":
    main(sys.argv[1:] or ["20000x12"])

"""A process that makes parts of a bank, started by :mod:`zhiyin.bank.crew`.

Reads lines of JSON: first the order and the folder, then one task a line (``["block", 0]``, ``["chunk", 17]``);
answers each with a line of JSON, the rows made by table. It lays out the bank from the seed as its parent did: nothing
but the order is handed over, and a part's bytes do not depend on which process makes it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TextIO

from zhiyin.bank.chunk import make_block, make_chunk
from zhiyin.bank.plan import Order, Plan, make_plan
from zhiyin.bank.scenario import Scenario

Task = tuple[str, int]


def order_to_json(order: Order, folder: Path) -> str:
    """The first line for a worker."""
    return json.dumps({**asdict(order), "until": order.until.isoformat(), "folder": str(folder)})


def order_from_json(text: str) -> tuple[Order, Path]:
    """What :func:`order_to_json` wrote."""
    data = json.loads(text)
    folder = Path(data.pop("folder"))
    data |= {"until": date.fromisoformat(data["until"]), "scenario": Scenario(**data["scenario"])}
    return Order(**data), folder


def do_task(plan: Plan, task: Task, folder: Path) -> dict[str, int]:
    """Make one part; returns rows by table."""
    kind, number = task
    return make_block(plan, number, folder) if kind == "block" else make_chunk(plan, number, folder)


def work(lines: Iterable[str], answers: TextIO) -> None:
    """Do tasks until the lines end."""
    source = iter(lines)
    order, folder = order_from_json(next(source))
    plan = make_plan(order)
    for line in source:
        kind, number = json.loads(line)
        answers.write(json.dumps(do_task(plan, (kind, number), folder)) + "\n")
        answers.flush()


def main() -> None:
    """Entry of a worker process."""
    work(sys.stdin, sys.stdout)

"""Make an invented bank: a lake with every table, and beside it the truth that no bank can see."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from zhiyin.bank.chunk import CHUNK_TABLES
from zhiyin.bank.crew import do_all
from zhiyin.bank.plan import Order, Plan, make_plan
from zhiyin.bank.registers import write_registers
from zhiyin.bank.scenario import DEFAULT, Scenario
from zhiyin.bank.truth import TRUTH_FOLDERS, write_truth
from zhiyin.bank.worker import Task
from zhiyin.errors import ZhiyinError
from zhiyin.lake import Lake, Load, create_lake, derive_journeys
from zhiyin.tables import DERIVED_TABLES

REGISTERS: Final = ("legal_entities", "units", "lines", "staff", "posts", "products", "events", "customers", "holdings")
LEAST_CUSTOMERS: Final = 100
WORTH_A_CREW: Final = 1_500_000
"""Customers times months from which on two processes make the bank."""
Progress = Callable[[int, int], None]
"""Called with parts done and parts in all."""


class BankExists(ZhiyinError):
    """The folder already holds a bank, or a lake with rows."""

    code = "bank.exists"
    message = "There is already a bank or lake at {path}. Choose an empty folder, or remove that one first."
    status = 409


class BankSize(ZhiyinError):
    """A size that makes no bank."""

    code = "bank.size"
    message = "A bank needs {least} customers or more and at least one month; {customers} and {months} were asked for."


class BankSeed(ZhiyinError):
    """A seed that starts no random numbers."""

    code = "bank.seed"
    message = "The seed is a whole number from 0; {seed} was given."


@dataclass(frozen=True, slots=True)
class BankSummary:
    """What was made: where, from what, and how many rows of each table."""

    path: Path
    customers: int
    months: int
    seed: int
    first: date
    until: date
    scenario: str
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """Rows over all tables of the lake (without the truth)."""
        return sum(self.rows.values())


def make_bank(
    out: Path,
    *,
    customers: int,
    months: int,
    seed: int,
    until: date = date(2026, 11, 1),
    scenario: Scenario = DEFAULT,
    workers: int | None = None,
    progress: Progress | None = None,
) -> BankSummary:
    """Make the lake ``out`` and, beside its tables, ``out/truth``. The same arguments make the same bytes.

    Parameters
    ----------
    out : an empty or missing folder.
    customers : how many customers there are over the whole period, those who came or left meanwhile included.
    months : length of the period.
    seed : any integer from 0.
    until : the day on which the bank is looked at; the period ends before it, and nothing later is known.
    scenario : what is planted, see :class:`zhiyin.bank.Scenario`.
    workers : processes; None for two where that pays. Their number does not change the bytes.
    progress : called as parts are done.

    Raises
    ------
    BankSize : fewer than a hundred customers, or no month.
    BankSeed : a negative seed.
    BankExists : ``out`` holds a bank or a lake with rows.
    UnknownYear : the period touches a year without announced holidays.
    WorkerDied
    """
    if customers < LEAST_CUSTOMERS or months < 1:
        raise BankSize(least=LEAST_CUSTOMERS, customers=customers, months=months)
    if seed < 0:
        raise BankSeed(seed=seed)
    order = Order(customers, months, seed, until, scenario)
    plan = make_plan(order)
    lake = create_lake(out)
    if lake.snapshot().generation or (out / "truth").exists():
        raise BankExists(path=str(out))
    work = out / "loads" / "bank"
    # What a run that was killed has left behind may belong to another order.
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        rows = _make_files(plan, work, workers or _workers(order), progress)
        _gather_truth(plan, work)
        _commit(plan, lake, work, rows)
        (work / "truth").rename(out / "truth")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    derive_journeys(lake)
    for declared in DERIVED_TABLES:
        rows[declared.name] = lake.snapshot().manifest(declared.name).rows
    return BankSummary(out, customers, months, seed, plan.days.first, until, scenario.name, rows)


def _workers(order: Order) -> int:
    """Two processes where that pays for starting them."""
    return min(2, os.cpu_count() or 1) if order.customers * order.months >= WORTH_A_CREW else 1


def _make_files(plan: Plan, work: Path, workers: int, progress: Progress | None) -> dict[str, int]:
    rows = write_registers(plan, work)
    tasks: list[Task] = [("block", block) for block in range(plan.order.blocks)]
    tasks += [("chunk", index) for index in range(plan.order.months * plan.order.blocks)]
    for number, made in enumerate(do_all(plan, tasks, work, workers), start=1):
        for name, count in made.items():
            rows[name] = rows.get(name, 0) + count
        if progress is not None:
            progress(number, len(tasks))
    return rows


def _gather_truth(plan: Plan, work: Path) -> None:
    truth = work / "truth"
    write_truth(plan, truth)
    for part in TRUTH_FOLDERS:
        (truth / part).mkdir()
        for path in sorted(work.glob(f"truth-{part}-*.parquet")):
            path.rename(truth / part / path.name.removeprefix(f"truth-{part}-"))


def _commit(plan: Plan, lake: Lake, work: Path, rows: dict[str, int]) -> None:
    order = plan.order
    about = {**asdict(order), "until": order.until.isoformat()}
    source = f"bank:{json.dumps(about, sort_keys=True, ensure_ascii=False)}"
    names = (*REGISTERS, *CHUNK_TABLES)
    with lake.change(*names) as change:
        for name in names:
            load = Load(
                load_id=f"bank-{name}",
                table=name,
                source=source,
                content="",
                mapping="",
                mode="full",
                recorded_us=plan.days.until_us,
                rows_in=rows[name],
                rows_kept=rows[name],
            )
            for path in sorted(work.glob(f"{name}-*.parquet")):
                change.add(name, path, load=load.load_id)
            change.record(load)

"""``zhiyin bank``: make the invented bank, and say where to go from there."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from time import monotonic

from zhiyin.bank import make_bank, named_scenario
from zhiyin.cli.figure import compute_with_labels, print_figures
from zhiyin.cli.words import day
from zhiyin.lake import open_lake
from zhiyin.language import translate
from zhiyin.satisfaction import mean_score


def add_bank_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "bank",
        help=translate("make an invented bank with planted truth"),
        description=translate("An invented bank: plausible in every table, with planted truth, the same for one seed."),
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    make = actions.add_parser("make", help=translate("make it"))
    make.add_argument("--customers", type=int, required=True, metavar="N", help=translate("how many customers"))
    make.add_argument("--months", type=int, required=True, metavar="M", help=translate("how many months"))
    make.add_argument("--seed", type=int, default=7, metavar="S", help=translate("the same seed gives the same bytes"))
    make.add_argument("--out", type=Path, required=True, metavar="DIR", help=translate("an empty folder"))
    make.add_argument("--until", type=day, default=date(2026, 11, 1), help=translate("first day after the last month"))
    make.add_argument("--scenario", default="default", help=translate("named parameters, e.g. no-gaming"))
    make.add_argument("--quiet", action="store_true", help=translate("no progress"))
    make.set_defaults(run=run_make)
    show = actions.add_parser("show", help=translate("its satisfaction by channel and unit, and what to do next"))
    show.add_argument("lake", type=Path, metavar="LAKE", help=translate("folder of the lake"))
    show.set_defaults(run=run_show)


def run_make(arguments: argparse.Namespace) -> int:
    """Make the bank."""
    started = monotonic()

    def progress(done: int, whole: int) -> None:
        if sys.stderr.isatty() and not arguments.quiet:
            print(f"\r\x1b[K{100 * done // max(whole, 1)} %", end="", file=sys.stderr, flush=True)

    made = make_bank(
        arguments.out,
        customers=arguments.customers,
        months=arguments.months,
        seed=arguments.seed,
        until=arguments.until,
        scenario=named_scenario(arguments.scenario),
        progress=progress,
    )
    if sys.stderr.isatty() and not arguments.quiet:
        print("\r\x1b[K", end="", file=sys.stderr)
    print(
        translate(
            "{path}: an invented bank of {customers} customers, {first} to {until}, {rows} rows, in {seconds} s."
        ).format(
            path=made.path,
            customers=f"{made.customers:,}",
            first=made.first,
            until=made.until,
            rows=f"{made.total:,}",
            seconds=round(monotonic() - started, 1),
        )
    )
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Print how satisfied the customers are, and say where to go next."""
    opened = open_lake(arguments.lake)
    for column, limit in (("channel", None), ("unit_id", 15)):
        answers = opened.table("responses")
        query = mean_score(answers, by=column, question="satisfaction", combine=True, time_zone=opened.time_zone)
        print_figures(*compute_with_labels(opened, query), limit=limit)
    lake = opened.folder
    zhiyin = Path(sys.argv[0])
    print(translate("Where to go next:"))
    for words, why in (
        (f"report {lake} --out report.html", translate("one page for people, to open in a browser")),
        (f"figure nps {lake} --by channel --period month", translate("any measure, by any columns")),
        (f"lake {lake}", translate("what the lake holds")),
        ("ingest FILE --as TABLE --into LAKE", translate("your own files; --suggest writes the mapping")),
    ):
        print(f"  {zhiyin} {words}\n      {why}")
    print(translate("Read on: docs/tutorial/complaints.md, README.md"))
    return 0

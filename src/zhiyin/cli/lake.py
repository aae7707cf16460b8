"""``zhiyin lake``: what a lake holds, and whether it is whole."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from zhiyin.cli.words import print_table
from zhiyin.lake import open_lake
from zhiyin.lake.care import check_files, sweep
from zhiyin.language import either, translate
from zhiyin.tables import TABLES


def add_lake_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "lake", help=translate("what a lake holds; check it; tidy it"), description=translate("Look after a lake.")
    )
    parser.add_argument("lake", type=Path, metavar="LAKE", help=translate("folder of the lake"))
    parser.add_argument("--loads", action="store_true", help=translate("list the loads"))
    parser.add_argument(
        "--check", action="store_true", help=translate("check that every file listed is there and whole")
    )
    parser.add_argument("--sweep", action="store_true", help=translate("remove files that no reader can need any more"))
    parser.set_defaults(run=run_lake)


def run_lake(arguments: argparse.Namespace) -> int:
    """Run the command."""
    lake = open_lake(arguments.lake)
    if arguments.check:
        wrong = check_files(lake)
        for line in wrong:
            print(line)
        print(translate("{count} files are damaged or missing.").format(count=len(wrong)))
        return 1 if wrong else 0
    if arguments.sweep:
        swept = sweep(lake, at=datetime.now(UTC))
        print(translate("{count} files removed.").format(count=swept))
        return 0
    snapshot = lake.snapshot()
    if arguments.loads:
        loads = [load for name in TABLES for load in snapshot.manifest(name).loads]
        print_table(
            [
                translate("load"),
                translate("table"),
                translate("file"),
                translate("mode"),
                translate("rows"),
                translate("kept"),
                translate("kept apart"),
            ],
            [
                [d.load_id, d.table, d.source, d.mode, f"{d.rows_in:,}", f"{d.rows_kept:,}", f"{d.rows_apart:,}"]
                for d in loads
            ],
            right=(4, 5, 6),
        )
        return 0
    rows = [
        [
            name,
            either(declared.zh, declared.en).split("：")[0].split(":")[0],
            f"{manifest.rows:,}",
            str(len(manifest.files)),
        ]
        for name, declared in TABLES.items()
        if (manifest := snapshot.manifest(name)).generation
    ]
    print_table(
        [translate("table"), translate("one row is"), translate("rows"), translate("files")], rows, right=(2, 3)
    )
    return 0

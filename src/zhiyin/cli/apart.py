"""``zhiyin apart``: rows that were kept apart, with file, line, column and reason."""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from pathlib import Path

from zhiyin.cli.words import print_table
from zhiyin.lake import open_lake, read_apart
from zhiyin.lake.reasons import reason_text
from zhiyin.language import translate
from zhiyin.tables import BASE_TABLES


def add_apart_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "apart",
        help=translate("rows kept apart, and why"),
        description=translate("List the rows that were kept apart: where they stand in the file, and what is wrong."),
    )
    parser.add_argument("lake", type=Path, metavar="LAKE", help=translate("folder of the lake"))
    parser.add_argument("--as", dest="table", metavar="TABLE", help=translate("only of this table"))
    parser.add_argument("--load", help=translate("only of this load"))
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help=translate("write all rows to a CSV file"))
    parser.add_argument("--limit", type=int, default=20, help=translate("rows to show (default 20)"))
    parser.set_defaults(run=run_apart)


def run_apart(arguments: argparse.Namespace) -> int:
    """Run the command."""
    lake = open_lake(arguments.lake)
    names = [arguments.table] if arguments.table else [table.name for table in BASE_TABLES]
    rows = [{"table": name, **row} for name in names for row in read_apart(lake, name, load=arguments.load).to_pylist()]
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            heads = ["table", "load", "file", "row", "line", "column", "reason", "detail", "content"]
            writer.writerow(heads)
            writer.writerows([_no_formula(row[head]) for head in heads] for row in rows)
        print(translate("{count} rows written to {path}.").format(count=f"{len(rows):,}", path=arguments.out))
        return 0
    if not rows:
        print(translate("No row was kept apart."))
        return 0
    counted = Counter((row["table"], row["column"] or "", row["reason"]) for row in rows)
    print_table(
        [translate("rows"), translate("table"), translate("column"), translate("why")],
        [[f"{n:,}", table, column, reason_text(reason)] for (table, column, reason), n in counted.most_common()],
        right=(0,),
    )
    print()
    shown = rows[: arguments.limit]
    print_table(
        [translate("file"), translate("line"), translate("column"), translate("why"), translate("content, masked")],
        [[r["file"], str(r["line"]), r["column"] or "", reason_text(r["reason"]), r["content"][:100]] for r in shown],
        right=(1,),
    )
    if len(rows) > len(shown):
        print(
            translate("… and {count} more; --limit or --out FILE.csv shows all.").format(count=len(rows) - len(shown))
        )
    sys.stdout.flush()
    return 0


def _no_formula(value: object) -> object:
    """A text that a spreadsheet would run is written as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value

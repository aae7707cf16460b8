"""``zhiyin ingest``: files into the lake."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, get_args

from zhiyin.cli.words import clear_progress, day, numbers, progress_printer
from zhiyin.lake import IngestOptions, Lake, LoadResult, Mapping, SourceOptions, create_lake, ingest, read_mapping
from zhiyin.lake.landing import read_landing_plan, run_landing
from zhiyin.lake.loading import Mode
from zhiyin.lake.mapping import PRESETS
from zhiyin.lake.suggest import suggest_mapping
from zhiyin.language import translate
from zhiyin.tables import BASE_TABLES

KEPT_APART: Final = 3
SOME_FAILED: Final = 4


def add_ingest_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "ingest",
        help=translate("load files: checked, masked, bad rows kept apart"),
        description=translate("Load files into a lake. Running twice changes nothing; a stopped load goes on."),
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=translate("file to load"))
    parser.add_argument("--as", dest="table", metavar="TABLE", help=", ".join(table.name for table in BASE_TABLES))
    parser.add_argument(
        "--map",
        metavar="MAPPING",
        help=translate("mapping file, or a preset: {presets}").format(presets=", ".join(PRESETS)),
    )
    parser.add_argument("--into", type=Path, metavar="LAKE", help=translate("folder of the lake; made if missing"))
    parser.add_argument("--landing", type=Path, metavar="PLAN", help=translate("landing plan: load what has arrived"))
    parser.add_argument(
        "--suggest", action="store_true", help=translate("print a first mapping with its doubts; load nothing")
    )
    parser.add_argument(
        "--mode", choices=get_args(Mode), default="append", help=translate("append (default), upsert, full, restate")
    )
    parser.add_argument("--day", type=day, help=translate("local day to restate"))
    parser.add_argument("--feed", default="", help=translate("whose earlier rows full and restate replace"))
    parser.add_argument("--time-zone", default="Asia/Shanghai", help=translate("the bank's time zone, for a new lake"))
    reading = parser.add_argument_group(translate("how to read the file (detected if left out)"))
    reading.add_argument(
        "--format",
        choices=("delimited", "fixed", "excel", "spss", "json", "jsonl", "parquet", "xes"),
        help=translate("kind of file"),
    )
    reading.add_argument("--encoding", help=translate("of the text: utf-8, gb18030, utf-16, big5, …"))
    reading.add_argument(
        "--delimiter", help=translate("one or several characters; escapes such as \\x1b are understood")
    )
    reading.add_argument("--sheet", help=translate("name or number of the sheet"))
    reading.add_argument("--member", help=translate("name or pattern of the files in an archive"))
    reading.add_argument(
        "--widths", type=numbers, metavar="N,N,…", help=translate("bytes of each column of a fixed-width file: 8,20,6")
    )
    reading.add_argument("--names", help=translate("names of the columns, where the file has none: a,b,c"))
    reading.add_argument("--no-header", action="store_true", help=translate("the first row is data"))
    parser.add_argument("--quiet", action="store_true", help=translate("no progress"))
    parser.add_argument("--json", action="store_true", help=translate("print the results as JSON"))
    parser.set_defaults(run=run_ingest)


def run_ingest(arguments: argparse.Namespace) -> int:
    """Run the command."""
    if arguments.suggest:
        for path in arguments.files:
            print(suggest_mapping(path, into=arguments.table, options=_source_options(arguments)))
        return 0
    if arguments.into is None or not (arguments.landing or (arguments.files and (arguments.table or arguments.map))):
        print(translate("Say what to load and where: zhiyin ingest FILE --as TABLE --into LAKE"), file=sys.stderr)
        return 2
    at = datetime.now(UTC)
    lake = create_lake(arguments.into, time_zone=arguments.time_zone)
    results, failed = [], False
    if arguments.landing:
        plan = read_landing_plan(arguments.landing)
        for landed in run_landing(
            lake, plan, at=at, report=progress_printer(str(arguments.landing), quiet=arguments.quiet)
        ):
            if landed.result is None:
                failed = True
                print(f"zhiyin: {landed.error.text() if landed.error else landed.arrival.path.name}", file=sys.stderr)
                continue
            _say(landed.result, lake, arguments)
            results.append(landed.result)
        if not results and not failed and not arguments.json:
            print(translate("Nothing has arrived."))
    mapping = read_mapping(arguments.map, into=arguments.table) if arguments.map else None
    for path in arguments.files:
        result = _load(lake, path, mapping, arguments, at)
        _say(result, lake, arguments)
        results.append(result)
    if arguments.json:
        print(json.dumps([{"new": r.is_new, **asdict(r.load)} for r in results], ensure_ascii=False, indent=1))
    if failed:
        return SOME_FAILED
    return KEPT_APART if any(result.load.rows_apart for result in results) else 0


def _load(lake: Lake, path: Path, mapping: Mapping | None, arguments: argparse.Namespace, at: datetime) -> LoadResult:
    try:
        return ingest(
            lake,
            path,
            into=arguments.table or (mapping.table if mapping else ""),
            at=at,
            mapping=mapping,
            options=IngestOptions(
                mode=arguments.mode, day=arguments.day, feed=arguments.feed, source=_source_options(arguments)
            ),
            report=progress_printer(path.name, quiet=arguments.quiet),
        )
    finally:
        clear_progress()


def _source_options(arguments: argparse.Namespace) -> SourceOptions:
    delimiter = arguments.delimiter
    return SourceOptions(
        format=arguments.format,
        encoding=arguments.encoding,
        delimiter=delimiter.encode().decode("unicode_escape") if delimiter and "\\" in delimiter else delimiter,
        sheet=int(arguments.sheet) if arguments.sheet and arguments.sheet.isdigit() else arguments.sheet,
        member=arguments.member,
        widths=arguments.widths,
        names=tuple(arguments.names.split(",")) if arguments.names else None,
        header=False if arguments.no_header else None,
    )


def _say(result: LoadResult, lake: Lake, arguments: argparse.Namespace) -> None:
    if arguments.json:
        return
    load = result.load
    numbers = {
        "file": load.source,
        "table": load.table,
        "rows": f"{load.rows_in:,}",
        "kept": f"{load.rows_kept:,}",
        "apart": f"{load.rows_apart:,}",
        "same": f"{load.rows_unchanged:,}",
        "gone": f"{load.rows_replaced:,}",
    }
    if not result.is_new:
        print(translate("{file} → {table}: loaded before, nothing changed ({rows} rows).").format(**numbers))
        return
    print(
        translate(
            "{file} → {table}: {rows} rows read, {kept} kept, {apart} kept apart, {same} unchanged, {gone} replaced."
        ).format(**numbers)
    )
    if load.masked:
        found = ", ".join(f"{kind} {count:,}" for kind, count in sorted(load.masked.items()))
        print(translate("  personal data masked in free text: {found}").format(found=found))
    for column, count in sorted(load.warnings.items()):
        print(
            translate("  {count} rows have a code in {column} that the starter vocabulary does not know").format(
                count=f"{count:,}", column=column
            )
        )
    if load.rows_apart:
        print(translate("  see why: zhiyin apart {lake} --load {load}").format(lake=lake.folder, load=load.load_id))

"""``zhiyin report``: one page for people, to open in a browser, print or send."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path

from zhiyin.cli.words import day
from zhiyin.lake import open_lake
from zhiyin.language import LANGUAGES, translate
from zhiyin.night.report import gather, write_page
from zhiyin.night.report.gather import MINIMUM


def add_report_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "report",
        help=translate("one self-contained page: figures, trend, causes, customers' words"),
        description=translate("Write one HTML page from a lake. It needs no network and runs no script."),
    )
    parser.add_argument("lake", type=Path, metavar="LAKE", help=translate("folder of the lake"))
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE.html", help=translate("where to write the page")
    )
    parser.add_argument("--lang", dest="page_language", choices=LANGUAGES, help=translate("language of the page"))
    parser.add_argument(
        "--from", dest="since", type=day, metavar="DAY", help=translate("first day counted, YYYY-MM-DD")
    )
    parser.add_argument("--to", dest="last", type=day, metavar="DAY", help=translate("last day counted, YYYY-MM-DD"))
    parser.add_argument(
        "--question", help=translate("the question of the headline; left out, the one about satisfaction")
    )
    parser.add_argument(
        "--minimum",
        type=int,
        default=MINIMUM,
        metavar="N",
        help=translate("fewest customers behind a figure (default 10)"),
    )
    parser.set_defaults(run=run_report)


def run_report(arguments: argparse.Namespace) -> int:
    """Write the page."""
    report = gather(
        open_lake(arguments.lake),
        since=arguments.since,
        until=None if arguments.last is None else arguments.last + timedelta(days=1),
        question=arguments.question,
        minimum=arguments.minimum,
    )
    # The main command has set the language from --lang before it parsed, so the page speaks what the reader reads.
    text = write_page(report, minimum=arguments.minimum)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(text, encoding="utf-8")
    size = f"{len(text.encode('utf-8')) / 1024:,.0f}"
    print(translate("{path} written ({size} KB): open it in a browser.").format(path=arguments.out, size=size))
    return 0

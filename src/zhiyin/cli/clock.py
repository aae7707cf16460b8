"""``zhiyin clock``: deadlines of one matter as JSON, without the application."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Final

from zhiyin.clock import (
    RuleBook,
    evaluate,
    load_rules,
    read_case,
    rule_list,
    shipped_rules,
    to_document,
)
from zhiyin.clock.eventkinds import NOT_A_TIME, read_time
from zhiyin.clock.words import say
from zhiyin.errors import ZhiyinError
from zhiyin.language import translate

DONE: Final = 0
WRONG_CALL: Final = 2


class EventsUnreadable(ZhiyinError):
    """The file of events cannot be read, or is no JSON."""

    code = "clock.events_unreadable"
    message = "{file} cannot be read as JSON: {reason}"


def add_clock_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "clock",
        help=translate("deadlines of law and promise, with their arithmetic"),
        description=translate(
            "Print every deadline of a matter under a rule as JSON: the day, the state, the article, why, and what "
            "would change it."
        ),
    )
    parser.add_argument("rule", nargs="?", metavar="RULE", help=translate("name of the rule, such as cn-order-3-2020"))
    parser.add_argument("--events", metavar="FILE", help=translate("JSON file of the matter; - reads standard input"))
    parser.add_argument("--at", type=_time, metavar="TIME", help=translate("time asked about, with its offset"))
    parser.add_argument("--list", action="store_true", help=translate("print rules, calendars and kinds of event"))
    parser.add_argument(
        "--rules",
        action="append",
        type=Path,
        default=[],
        metavar="FOLDER",
        help=translate("further rules/*.toml and calendars/*.toml; may be given several times"),
    )
    parser.set_defaults(run=run_clock)


def run_clock(arguments: argparse.Namespace) -> int:
    """Run the command; standard output is one JSON object."""
    book = load_rules(*arguments.rules) if arguments.rules else shipped_rules()
    if arguments.list:
        _print(rule_list(book, arguments.rule))
        return DONE
    if arguments.rule is None or arguments.events is None or arguments.at is None:
        hint = translate("Say which rule, what happened and when: zhiyin clock RULE --events FILE.json --at TIME")
        print(hint, file=sys.stderr)
        return WRONG_CALL
    _print(_answer(book, arguments.rule, arguments.events, arguments.at))
    return DONE


def _answer(book: RuleBook, name: str, file: str, at: datetime) -> dict[str, object]:
    book.versions(name)
    case = read_case(_document(file))
    return to_document(evaluate(book.rule_for(name, case, at=at), case, at=at, book=book))


def _document(file: str) -> object:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
        return json.loads(text)
    except (OSError, ValueError) as error:
        raise EventsUnreadable(file=file, reason=error) from error


def _time(value: str) -> datetime:
    found = read_time(value)
    if found is None:
        raise argparse.ArgumentTypeError(say(NOT_A_TIME, value=value).text())
    return found


def _print(document: dict[str, object]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))

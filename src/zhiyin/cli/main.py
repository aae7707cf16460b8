"""Parse, choose the command, run it, and turn errors into one sentence and an exit code.

Exit codes, for schedulers: 0 done; 1 failed, nothing changed; 2 wrong call; 3 done, but rows were kept apart; 4 some
files of a landing folder failed, the others are loaded; 130 stopped by the user.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import Any, Final, NoReturn

from zhiyin import __version__
from zhiyin.cli import apart, bank, clock, figure, ingest, lake, report
from zhiyin.errors import ZhiyinError
from zhiyin.language import LANGUAGES, current_language, translate, use_language

DONE: Final = 0
FAILED: Final = 1
WRONG_CALL: Final = 2
STOPPED: Final = 130
_BUILT_IN: Final = (
    bank.add_bank_command,
    ingest.add_ingest_command,
    apart.add_apart_command,
    figure.add_figure_command,
    report.add_report_command,
    lake.add_lake_command,
    clock.add_clock_command,
)

AddCommand = Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None]
"""A command adds its parser and sets ``run`` to a function of the parsed arguments that returns the exit code."""


class _Formatter(argparse.HelpFormatter):
    """The usage line in the user's language."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, translate("usage: ") if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and where to look, in the user's language."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said, add_help=False, formatter_class=_Formatter)
        self._positionals.title = translate("arguments")
        self._optionals.title = translate("options")
        self.add_argument("-h", "--help", action="help", help=translate("show this help and end"))

    def error(self, message: str) -> NoReturn:
        hint = translate("See {command} --help.").format(command=self.prog)
        self.exit(WRONG_CALL, f"{self.prog}: {message}\n{hint}\n")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(prog="zhiyin", description=translate("Zhiyin 知音: listen to customers, understand, act, prove."))
    parser.add_argument(
        "--version", action="version", version=f"zhiyin {__version__}", help=translate("show the version and end")
    )
    parser.add_argument("--lang", choices=LANGUAGES, help=translate("language of all output"))
    commands: Any = parser.add_subparsers(title=translate("commands"), metavar="COMMAND")
    for add in (*_BUILT_IN, *_from_other_packages()):
        add(commands)
    return parser


def _from_other_packages() -> list[AddCommand]:
    return [entry.load() for entry in sorted(entry_points(group="zhiyin.commands"), key=lambda entry: entry.name)]


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code."""
    argv = list(sys.argv[1:] if argv is None else argv)
    with use_language(_language(argv)):
        parser = build_parser()
        arguments = parser.parse_args(argv)
        command = getattr(arguments, "run", None)
        if command is None:
            parser.print_help()
            return WRONG_CALL
        try:
            return int(command(arguments))
        except ZhiyinError as error:
            print(f"zhiyin: {error.text()}", file=sys.stderr)
            return FAILED
        except KeyboardInterrupt:
            print(translate("Stopped. Run the same command again; it goes on where it stopped."), file=sys.stderr)
            return STOPPED
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                # Whoever read our output has had enough (zhiyin … | head).
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                return DONE
            said = translate("{path} cannot be read or written: {reason}.")
            print(f"zhiyin: {said.format(path=error.filename or '-', reason=error.strerror or error)}", file=sys.stderr)
            return FAILED


def _language(argv: Sequence[str]) -> str:
    """The language must be known before the parser writes its help."""
    for index, word in enumerate(argv):
        if word.startswith("--lang="):
            word = word.removeprefix("--lang=")
        elif word == "--lang" and index + 1 < len(argv):
            word = argv[index + 1]
        else:
            continue
        if word in LANGUAGES:
            return word
    return current_language()

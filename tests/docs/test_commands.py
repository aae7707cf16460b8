"""Commands are read from their parser as a reader wants to see them."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.commands import Command, commands


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="horn", description="Play.")
    top.add_argument("--lang", choices=("zh", "en"), help="language")
    below = top.add_subparsers(metavar="COMMAND")
    blow = below.add_parser("blow", help="blow the horn")
    blow.add_argument("notes", nargs="+", metavar="NOTE", help="what to play")
    blow.add_argument("--into", "-i", type=Path, required=True, metavar="HALL", help="where")
    blow.add_argument("--times", type=int, default=3, help="how often")
    blow.add_argument("--loud", action="store_true", help="loudly")
    case = below.add_parser("case", help="the case")
    case.add_subparsers().add_parser("open", help="open it", description="Open the case.")
    return top


def test_commands_come_with_their_arguments():
    assert list(commands(parser())) == [
        Command("horn", "Play.", (("--lang LANG", "`zh`, `en`", "language"),)),
        Command(
            "horn blow",
            "blow the horn",
            (
                ("NOTE…", "", "what to play"),
                ("--into, -i HALL", "required 必填", "where"),
                ("--times TIMES", "default 默认 `3`", "how often"),
                ("--loud", "", "loudly"),
            ),
        ),
        Command("horn case", "the case", ()),
        Command("horn case open", "Open the case.", ()),
    ]

"""What a command line offers, read from its parser."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the command line: its name with the words before it, what it does, and its arguments.

    ``arguments`` are triples of how it is written, what may stand there, and what it means.
    """

    name: str
    meaning: str
    arguments: tuple[tuple[str, str, str], ...]


def commands(parser: argparse.ArgumentParser, meaning: str = "") -> Iterator[Command]:
    """The command of a parser and those below it, in order."""
    below: list[tuple[argparse.ArgumentParser, str]] = []
    arguments = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            below += [(child, helps.get(name, "")) for name, child in action.choices.items()]
        elif not isinstance(action, argparse._HelpAction):
            arguments.append((_written(action), _values(action), action.help or ""))
    yield Command(parser.prog, parser.description or meaning, tuple(arguments))
    for child, help_ in below:
        yield from commands(child, help_)


def _written(action: argparse.Action) -> str:
    shown = action.metavar or (action.dest if action.choices or action.nargs != 0 else "")
    value = " ".join(shown) if isinstance(shown, tuple) else shown
    if not action.option_strings:
        return f"{value}…" if action.nargs in {"*", "+"} else value
    value = f" {value.upper()}" if action.nargs != 0 else ""
    return ", ".join(action.option_strings) + value


def _values(action: argparse.Action) -> str:
    facts = [", ".join(f"`{choice}`" for choice in action.choices)] if action.choices else []
    if action.required and action.option_strings:
        facts.append("required 必填")
    if action.default not in (None, False, "", argparse.SUPPRESS):
        facts.append(f"default 默认 `{action.default}`")
    return "; ".join(facts)

"""How the command line writes numbers, columns and progress."""

from __future__ import annotations

import sys
import unicodedata
from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence
from datetime import date
from time import monotonic

from zhiyin.lake import Progress
from zhiyin.language import translate


def day(said: str) -> date:
    """A day from the command line."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise ArgumentTypeError(translate("{said} is not a day; write it as 2026-03-01").format(said=said)) from None


def numbers(said: str) -> tuple[int, ...]:
    """Whole numbers from the command line, separated by commas."""
    try:
        return tuple(int(number) for number in said.split(","))
    except ValueError:
        sentence = translate("{said} is not a list of whole numbers; write it as 8,20,6")
        raise ArgumentTypeError(sentence.format(said=said)) from None


def width(text: str) -> int:
    """Columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print rows under heads in aligned columns; ``right`` lists the columns set to the right."""
    widths = [max(width(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    for row in (heads, ["-" * size for size in widths], *rows):
        cells = [
            " " * (size - width(cell)) + cell if i in right else cell + " " * (size - width(cell))
            for i, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def progress_printer(label: str, *, quiet: bool) -> Callable[[Progress], None]:
    """Writes progress to standard error: one line that is rewritten on a terminal, one line a while elsewhere."""
    if quiet:
        return lambda progress: None
    terminal = sys.stderr.isatty()
    last = monotonic()
    phases = {"identify": translate("identifying"), "read": translate("reading"), "commit": translate("committing")}

    def report(progress: Progress) -> None:
        nonlocal last
        if monotonic() - last < (0.2 if terminal else 10.0):
            return
        last = monotonic()
        share = 100 * progress.done // max(progress.size, 1)
        line = translate("{file}: {phase} {share} %, {rows} rows, {apart} kept apart").format(
            file=label,
            phase=phases[progress.phase],
            share=share,
            rows=f"{progress.rows:,}",
            apart=f"{progress.apart:,}",
        )
        print(f"\r\x1b[K{line}" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)

    return report


def clear_progress() -> None:
    """Take the progress line away."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)

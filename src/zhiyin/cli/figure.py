"""``zhiyin figure``: one measure of satisfaction, by any columns and period, with its honesty."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, get_args

from zhiyin.cli.words import day, print_table
from zhiyin.engine import Engine, Query
from zhiyin.lake import Lake, open_lake
from zhiyin.language import either, translate
from zhiyin.satisfaction import (
    box,
    ces,
    change,
    csat,
    dissatisfied_rate,
    mean_score,
    nps,
    response_rate,
    solicitation_rate,
)
from zhiyin.satisfaction.asked import Sampled
from zhiyin.satisfaction.periods import Period
from zhiyin.tables import TABLES, UnknownColumn, table
from zhiyin.tables.figures import Change, Figure, FigureTable, Value
from zhiyin.tables.glossary import Unit, measure
from zhiyin.tables.vocabulary import vocabulary

Labels = Mapping[tuple[str, Value], str]
Ask = Callable[[Lake, Mapping[str, Any]], Query[FigureTable]]

_ANSWERS: Final[dict[str, Callable[..., Query[FigureTable]]]] = {"csat": csat, "mean_score": mean_score}
_SCALED: Final[dict[str, Callable[..., Query[FigureTable]]]] = {"nps": nps, "ces": ces}
MEASURES: Final = (
    "satisfaction",
    "nps",
    "csat",
    "ces",
    "mean_score",
    "top_box",
    "middle_box",
    "bottom_box",
    "dissatisfied_rate",
    "solicitation_rate",
    "response_rate",
)
"""What can be asked for. ``satisfaction`` is the mean on 0-100 of the question of that name, over all its scales."""


def add_figure_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "figure",
        help=translate("one measure with interval, n and reliability"),
        description=translate("Compute one measure of satisfaction, by any columns and period."),
    )
    parser.add_argument("measure", choices=MEASURES, metavar="MEASURE", help=", ".join(MEASURES))
    parser.add_argument("lake", type=Path, metavar="LAKE", help=translate("folder of the lake"))
    parser.add_argument("--by", action="append", default=[], metavar="COLUMN", help=translate("group; may be repeated"))
    parser.add_argument("--period", choices=get_args(Period), help=translate("one figure a period of local time"))
    parser.add_argument("--question", help=translate("only this question"))
    parser.add_argument("--scale", help=translate("only this scale, e.g. points5"))
    parser.add_argument("--combine", action="store_true", help=translate("put several scales on one ruler"))
    parser.add_argument(
        "--where", action="append", default=[], metavar="COLUMN=VALUE", help=translate("only these rows")
    )
    parser.add_argument("--since", type=day, help=translate("first local day"))
    parser.add_argument("--until", type=day, help=translate("first local day left out"))
    parser.add_argument(
        "--sampled", choices=get_args(Sampled), default="only", help=translate("only, spontaneous, all")
    )
    parser.add_argument("--minimum", type=int, default=10, help=translate("customers below which a figure is hidden"))
    parser.add_argument("--against", metavar="PERIOD", help=translate("change against a period, or: previous"))
    parser.add_argument("--limit", type=int, help=translate("rows to show"))
    parser.add_argument("--json", action="store_true", help=translate("print JSON"))
    parser.set_defaults(run=run_figure)


def run_figure(arguments: argparse.Namespace) -> int:
    """Run the command."""
    lake = open_lake(arguments.lake)
    figures, labels = compute_with_labels(lake, _query(lake, arguments))
    if arguments.against:
        _print_changes(change(figures, against=arguments.against), labels)
        return 0
    if arguments.json:
        print(json.dumps(figures.to_rows(), ensure_ascii=False, indent=1, default=str))
        return 0
    print_figures(figures, labels, limit=arguments.limit)
    return 0


def compute_with_labels(lake: Lake, query: Query[FigureTable]) -> tuple[FigureTable, Labels]:
    """Figures, and what the values of their groups are called."""
    with lake.engine() as engine:
        figures = engine.compute(query)
        return figures, _labels(lake, engine, figures.by)


def _query(lake: Lake, arguments: argparse.Namespace) -> Query[FigureTable]:
    options: dict[str, Any] = {
        "by": tuple(column for said in arguments.by for column in said.split(",")),
        "period": arguments.period,
        "time_zone": lake.time_zone,
        "where": _where(arguments.where),
        "since": arguments.since,
        "until": arguments.until,
        "minimum": arguments.minimum,
    }
    responses, interactions, invitations = (lake.table(n) for n in ("responses", "interactions", "invitations"))
    name = arguments.measure
    if name == "solicitation_rate":
        return solicitation_rate(interactions, invitations, **options)
    if name == "response_rate":
        return response_rate(invitations, responses, **options)
    options |= {"question": arguments.question, "sampled": arguments.sampled}
    if name in _SCALED:
        return _SCALED[name](responses, **options)
    if name == "satisfaction":
        return mean_score(responses, **{**options, "question": arguments.question or "satisfaction"}, combine=True)
    options |= {"scale": arguments.scale, "combine": arguments.combine}
    if name == "dissatisfied_rate":
        options["combine"] = True
        return dissatisfied_rate(responses, interactions, **options)
    if name in _ANSWERS:
        return _ANSWERS[name](responses, **options)
    return box(responses, name.removesuffix("_box"), **options)


def _where(said: list[str]) -> dict[str, Value | list[Value]]:
    found: dict[str, Value | list[Value]] = {}
    for pair in said:
        column, _, value = pair.partition("=")
        if column not in {c.name for declared in TABLES.values() for c in declared.columns}:
            raise UnknownColumn(table="responses", column=column, choices=table("responses").column_names)
        found[column] = list(value.split(",")) if "," in value else value
    return found


def _labels(lake: Lake, engine: Engine, by: tuple[str, ...]) -> Labels:
    """What values of the grouping columns are called in the user's language."""
    labels: dict[tuple[str, Value], str] = {}
    for name in by:
        column = table("responses").column(name)
        if column.vocabulary:
            known = vocabulary(column.vocabulary)
            labels |= {(name, code): known.label(code) for code in known.codes}
        elif column.refers in ("units.unit_id", "lines.line_id"):
            of, key = column.refers.split(".")
            rows = engine.run(lake.table(of).order_by("seq").select(key, "name", "name_en")).to_pylist()
            labels |= {(name, row[key]): either(row["name"], row["name_en"] or row["name"]) for row in rows}
    return labels


def print_figures(figures: FigureTable, labels: Labels, *, limit: int | None = None) -> None:
    """Print a table of figures; ``limit`` cuts the groups, never the total."""
    about = measure(figures.measure)
    print(f"{about.title()} — {about.meaning()}")
    shown = list(figures)[:limit] if limit else list(figures)
    if limit and len(figures) > limit:
        # The total stands last and is never cut off.
        shown = [*list(figures)[: limit - 1], figures[-1]]
    heads = [
        *(_head(name) for name in figures.by),
        *([translate("period")] if figures.period else []),
        about.title(),
        translate("margin of error (95%)"),
        "n",
        translate("customers"),
        translate("reliability"),
    ]
    lead = len(figures.by) + bool(figures.period)
    rows = [[*_cells(figure, figures, labels), *_numbers(figure)] for figure in shown]
    print_table(heads, rows, right=tuple(range(lead, lead + 5)))
    if len(shown) < len(figures):
        print(translate("… {count} more; --limit shows more.").format(count=len(figures) - len(shown)))
    print()


def _cells(figure: Figure, figures: FigureTable, labels: Labels) -> list[str]:
    group = dict(figure.group)
    cells = [_label(name, group[name], labels) if name in group else translate("all") for name in figures.by]
    return [*cells, *([figure.period or translate("all")] if figures.period else [])]


def _numbers(figure: Figure) -> list[str]:
    if figure.value is None or figure.low is None or figure.high is None:
        return ["—", translate("too few answers, not compared yet"), "", "", ""]
    shown = [_number(value, figure.unit) for value in (figure.value, figure.low, figure.high)]
    return [
        shown[0],
        f"{shown[1]} – {shown[2]}",
        f"{figure.n:,}",
        f"{figure.customers:,}",
        "" if figure.reliability is None else f"{figure.reliability:.2f}",
    ]


def _number(value: float, unit: str) -> str:
    # Adding 0 turns a minus zero into a zero.
    return f"{round(100 * value, 1) + 0:.1f} %" if unit == Unit.SHARE else f"{round(value, 1) + 0:.1f}"


def _print_changes(changes: tuple[Change, ...], labels: Labels) -> None:
    rows = []
    for one in changes:
        group = ", ".join(_label(name, value, labels) for name, value in one.figure.group) or translate("all")
        if one.value is None or one.low is None or one.high is None:
            rows.append([group, f"{one.against.period} → {one.figure.period}", "", "", ""])
            continue
        clear = translate("clear") if one.is_clear else translate("within chance")
        shown = [
            f"{value * (100 if one.figure.unit == Unit.SHARE else 1):+.1f}" for value in (one.value, one.low, one.high)
        ]
        rows.append([group, f"{one.against.period} → {one.figure.period}", shown[0], f"{shown[1]} – {shown[2]}", clear])
    heads = [translate("group"), translate("period"), translate("change"), translate("margin of error (95%)"), ""]
    print_table(heads, rows, right=(2, 3))


def _head(name: str) -> str:
    column = table("responses").column(name)
    return either(column.zh, name)


def _label(name: str, value: Value, labels: Labels) -> str:
    if value is None:
        return translate("not said")
    return labels.get((name, value), str(value))

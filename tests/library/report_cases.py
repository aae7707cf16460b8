"""Small lakes and hand-made figures for the tests of the report."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

from zhiyin.lake import IngestOptions, Lake, create_lake, ingest
from zhiyin.night.report.content import Report
from zhiyin.tables.figures import Figure, Group

AT = datetime(2026, 11, 1, tzinfo=UTC)
VOID = frozenset({"br", "col", "hr", "link", "meta"})


def lake_of(folder: Path, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> Lake:
    """A lake with these rows, by the tables' own column names; what is refused is kept apart."""
    lake = create_lake(folder / "lake")
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        heads = list(dict.fromkeys(key for row in rows for key in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads)
            writer.writeheader()
            writer.writerows(rows)
        ingest(lake, path, into=name, at=AT, options=IngestOptions(derive=False))
    return lake


def figure(
    value: float | None,
    *,
    measure: str = "mean_score",
    half: float = 1.0,
    n: int = 100,
    group: Group = (),
    month: date | None = None,
    unit: str = "points",
    reliability: float | None = None,
) -> Figure:
    """A figure with an interval of ``half`` to either side; None is a suppressed one."""
    end = None if month is None else date(month.year + month.month // 12, month.month % 12 + 1, 1)
    made = Figure(
        measure=measure, group=group, period=None if month is None else f"{month:%Y-%m}", start_on=month, end_on=end,
        value=value, low=None, high=None, level=0.95, n=n, customers=n, count=None, unit=unit,
        reliability=reliability, suppressed=None, limits=None, as_of_us=0, version=f"{measure}/1", method="score",
    )  # fmt: skip
    if value is None:
        return replace(made, n=None, customers=None, suppressed="few")
    return replace(made, low=value - half, high=value + half)


def report(**parts: object) -> Report:
    """A report without content but for ``parts``."""
    empty = Report(
        bank="A bank", zone="Asia/Shanghai", start_on=date(2026, 1, 1), end_on=date(2026, 7, 1), as_of_us=0,
        generation=3, version="0",
    )  # fmt: skip
    return replace(empty, **parts)


class Page(HTMLParser):
    """The elements of a page, checked to be closed in order, with their attributes and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All text, the style sheet included."""
        return "".join(self.texts)

    def count(self, tag: str, kind: str | None = None) -> int:
        """Elements of a name, and of a class."""
        return sum(
            name == tag and (kind is None or kind in (attributes.get("class") or "").split())
            for name, attributes in self.elements
        )

"""Raw landing files as a core system drops them at night, with personal data of people who do not exist.

For trying out and testing ingest: GB18030, the delimiters ``|+|`` and 0x1B, end markers, a survey vendor's workbook,
free text full of names and numbers, and a few broken rows. The lake of an invented bank itself holds none of this.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from openpyxl import Workbook

from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.streams import stream

STILL: Final = (2020, 1, 1, 0, 0, 0)
"""Time of every entry of the workbook, so that the same seed gives the same bytes."""


@dataclass(frozen=True, slots=True)
class RawFeed:
    """What was written.

    ``planted`` are the names and numbers that must not be found in any lake made from the files; ``rows`` counts the
    data rows of each file, ``broken`` those that no mapping can read.
    """

    folder: Path
    plan: Path
    rows: Mapping[str, int]
    broken: Mapping[str, int]
    planted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Person:
    number: str
    name: str
    identity: str
    mobile: str
    card: str
    email: str
    birth: date
    gender: str


@dataclass(slots=True)
class _Desk:
    """What the writers of the files share."""

    folder: Path
    rng: np.random.Generator
    people: list[_Person]
    texts: Mapping[str, Any]
    rows: dict[str, int] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)

    def one_of(self, choices: Sequence[Any]) -> Any:
        return choices[int(self.rng.integers(len(choices)))]

    def moment(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 9) + timedelta(seconds=int(self.rng.integers(8 * 3_600)))


def sample_raw_feed(
    out: Path, *, seed: int, first: date = date(2026, 3, 2), days: int = 2, customers: int = 120
) -> RawFeed:
    """Write landing files of some days into ``out``, with the landing plan ``landing.toml`` and its mappings.

    Parameters
    ----------
    out : folder to write to; made where missing.
    seed : the same seed and sizes write the same bytes.
    first : day of the first files; the last day has the full file of customers and the workbook.
    days : number of days.
    customers : people in the files.
    """
    out.mkdir(parents=True, exist_ok=True)
    rng = stream(seed, "raw_feed")
    texts = load_parameters("raw_feed")
    desk = _Desk(out, rng, [_person(rng, number, texts) for number in range(customers)], texts)
    for offset in range(days):
        _device(desk, first + timedelta(days=offset))
        _complaints(desk, first + timedelta(days=offset))
    last = first + timedelta(days=days - 1)
    _customers(desk, last)
    _survey(desk, last)
    for name, text in texts["mappings"].items():
        path = out / ("landing.toml" if name == "plan" else f"{name}.toml")
        path.write_text(text.lstrip(), encoding="utf-8")
    planted = tuple(
        text for p in desk.people for text in (p.identity, p.mobile, p.card, p.email, p.name) if len(text) > 2
    )
    return RawFeed(out, out / "landing.toml", dict(desk.rows), dict(desk.broken), planted)


def _person(rng: np.random.Generator, number: int, texts: Mapping[str, Any]) -> _Person:
    surname = texts["surnames"][int(rng.integers(len(texts["surnames"])))]
    name = surname + texts["given"][int(rng.integers(len(texts["given"])))]
    # Nobody alive was born so early, and 140 0000 numbers are given to machines.
    birth = date(1900, 1, 1) + timedelta(days=int(rng.integers(4_300)))
    first17 = f"110101{birth:%Y%m%d}{int(rng.integers(1_000)):03d}"
    card = f"622999{int(rng.integers(10**9)):09d}"
    return _Person(
        number=f"C{number:08d}",
        name=name,
        identity=first17 + _id_check(first17),
        mobile=f"1400000{int(rng.integers(10_000)):04d}",
        card=card + _luhn_check(card),
        email=f"kehu{number:04d}@example.com",
        birth=birth,
        gender="1" if int(first17[-1]) % 2 else "2",
    )


def _id_check(first17: str) -> str:
    """Check character of a resident ID (GB 11643: weights 2**(18-i) mod 11)."""
    total = sum(int(digit) * (2 ** (17 - position) % 11) for position, digit in enumerate(first17))
    return "10X98765432"[total % 11]


def _luhn_check(digits: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 - position % 2), 10)) for position, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _write(desk: _Desk, feed: str, day: date, rows: list[list[str]], delimiter: str, *, broken: int = 0) -> None:
    """A delimited file in GB18030 and the end marker that says how many rows it has."""
    about = desk.texts["feeds"][feed]
    path = desk.folder / about["file"].format(day=f"{day:%Y%m%d}")
    lines = [delimiter.join(row) for row in [about["header"], *rows]]
    path.write_bytes(("\n".join(lines) + "\n").encode("gb18030"))
    path.with_suffix(".ok").write_text(f"{len(rows)}\n", encoding="ascii")
    desk.rows[path.name], desk.broken[path.name] = len(rows), broken


def _customers(desk: _Desk, day: date) -> None:
    rows = [
        [p.number, p.name, p.identity, p.mobile, str(p.birth.year), p.gender, f"Q{1003 + k % 5}", "20190708"]
        for k, p in enumerate(desk.people)
    ]
    _write(desk, "customers", day, rows, "|+|")


def _device(desk: _Desk, day: date) -> None:
    rows = []
    for number in range(len(desk.people) * 2):
        person = desk.one_of(desk.people)
        rating = desk.texts["pressed"][int(np.searchsorted([0.9, 0.97, 0.99], desk.rng.random()))]
        at = f"{desk.moment(day):%Y%m%d%H%M%S}"
        unit, staff = f"Q{1003 + number % 5}", f"S{number % 12:08d}"
        rows.append([f"{day:%Y%m%d}{number:06d}", person.number, unit, staff, at, rating])
    rows[3][5] = "很好"  # no such button
    rows[5][4] = "20261340250000"  # no such day
    _write(desk, "device", day, rows, "\x1b", broken=2)


def _complaints(desk: _Desk, day: date) -> None:
    rows = []
    for number in range(max(12, len(desk.people) // 4)):
        person = desk.one_of(desk.people)
        said = desk.one_of(desk.texts["said"]).format(
            business=desk.one_of(desk.texts["business"]),
            minutes=int(desk.rng.integers(15, 90)),
            mobile=person.mobile,
            name=person.name,
            id=person.identity,
            card=person.card,
            email=person.email,
            order=f"2026{int(desk.rng.integers(10**10)):010d}",
        )
        at = desk.moment(day)
        kind, source = desk.one_of(["投诉", "投诉", "咨询", "表扬"]), desk.one_of(["95xxx", "网点", "12378"])
        times = [f"{at:%Y-%m-%d %H:%M:%S}", f"{at + timedelta(minutes=7):%Y-%m-%d %H:%M:%S}"]
        rows.append(
            [f"TS{day:%Y%m%d}{number:04d}", person.number, person.name, person.mobile, *times, kind, source, said]
        )
    rows[1][0] = ""  # no number
    _write(desk, "complaints", day, rows, "|+|", broken=1)


def _survey(desk: _Desk, day: date) -> None:
    """A vendor's workbook: one respondent a row, labels in the second row, 98 and 99 for no answer."""
    about = desk.texts["feeds"]["survey"]
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("openpyxl made a workbook without a sheet")
    sheet.append(about["header"])
    sheet.append(about["labels"])
    for number, person in enumerate(desk.people[: len(desk.people) // 3]):
        answers = [int(desk.one_of([98, 99, *range(5, 11), *range(7, 11)])) for _ in range(4)]
        asked = [f"R{number:05d}", person.number, f"Q{1003 + number % 5}", desk.moment(day), person.name, person.mobile]
        sheet.append([*asked, *answers])
    still = datetime(*STILL)
    book.properties.created = book.properties.modified = still
    path = desk.folder / about["file"].format(day=f"{day:%Y%m%d}")
    book.save(path)
    _still(path)
    path.with_suffix(".flg").write_text("", encoding="ascii")
    desk.rows[path.name], desk.broken[path.name] = len(desk.people) // 3, 0


def _still(path: Path) -> None:
    """Write the workbook again with fixed times of its entries."""
    with zipfile.ZipFile(path) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, STILL), content, zipfile.ZIP_DEFLATED)

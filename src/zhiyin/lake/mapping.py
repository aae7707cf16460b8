"""How a file's columns become a table's: a TOML file, read once and checked against the declared table.

::

    table = "responses"                 # optional: --as names it too
    feed = "counter-device"             # whose rows a full load or a restated day replaces

    [source]                            # how to read the file; what is left out is detected
    encoding = "gb18030"
    delimiter = "|+|"

    [columns.response_id]
    from = "流水号"                      # rename
    [columns.answered_us]
    from = ["评价时间", "时间"]           # the first of these that the file has
    optional = true                     # empty where the file has none of them
    format = ["%Y%m%d%H%M%S", "%Y-%m-%d"]   # strptime; left out: ISO 8601
    zone = "Asia/Shanghai"              # of times without an offset; left out: the lake's
    [columns.instrument]
    value = "counter-4"                 # constant
    [columns.value]
    from = "按键"
    values = { "非常满意" = 4, "满意" = 3, "一般" = 2, "不满意" = 1 }
    missing = ["98", "99"]              # codes that mean "no answer"
    otherwise = "apart"                 # what is not in values: apart (default), keep, missing
    [columns.interaction_id]
    join = ["网点", "票号"]
    with = "-"
    [columns.unit_id]
    from = "终端号"
    split = "-"
    part = 1                            # 1 is the first, -1 the last

    [privacy]
    names = ["客户姓名"]                 # names of customers: masked wherever they stand in the row's texts
    drop = ["手机号", "证件号"]          # never stored, not even with rows kept apart

    [wide]                              # one respondent a row, sixty question columns, becomes one answer a row
    question = "question"
    [[wide.columns]]
    from = ["Q1", "Q2", "q5*"]          # names or patterns
    into = "value"
    set = { scale = "points10" }
    missing = ["98", "99"]
    [[wide.columns]]
    from = ["Q60"]
    into = "comment"
    set = { scale = "text" }
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping as MappingType
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, Final, Literal, get_args

from zhiyin.errors import ZhiyinError
from zhiyin.tables import Table, table

Otherwise = Literal["apart", "keep", "missing"]
Scalar = str | int | float | bool

PRESETS: Final = ("cfpb", "ratings", "survey", "xes")
"""Mappings that ship with Zhiyin, by the name to give to ``--map``."""


COLUMN_WORDS: Final = (
    "from",
    "join",
    "with",
    "value",
    "split",
    "part",
    "format",
    "zone",
    "values",
    "missing",
    "otherwise",
    "optional",
    "thousands",
    "scale",
)
"""What ``[columns.NAME]`` may say."""


class MappingError(ZhiyinError):
    """A mapping file says something that cannot be meant."""

    code = "lake.mapping"
    message = "Mapping {file}, {where}: {problem}"


class MissingSourceColumns(ZhiyinError):
    """The mapping names columns that the file does not have."""

    code = "lake.missing_source_columns"
    message = "The file has no column {columns}. It has: {found}."


class MappingNotFound(ZhiyinError):
    """There is neither such a file nor such a preset."""

    code = "lake.mapping_not_found"
    message = "There is no mapping file {file}, nor a preset of that name."
    status = 404


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How one column of the table is made. Exactly one of ``source``, ``join`` and ``value`` is given."""

    target: str
    source: str | None = None
    others: tuple[str, ...] = ()
    """Names that the source column may have instead."""
    optional: bool = False
    join: tuple[str, ...] = ()
    separator: str = ""
    value: Scalar | None = None
    split: str | None = None
    part: int = 1
    format: tuple[str, ...] = ()
    zone: str | None = None
    values: tuple[tuple[str, Scalar], ...] = ()
    missing: tuple[str, ...] = ()
    otherwise: Otherwise = "apart"
    thousands: str | None = None
    scale: int = 100
    """Of money: how many cents the source's unit has (100 for yuan, 1 for fen)."""


@dataclass(frozen=True, slots=True)
class WideColumns:
    """A group of source columns that become rows."""

    sources: tuple[str, ...]
    into: str
    constants: tuple[tuple[str, Scalar], ...] = ()
    values: tuple[tuple[str, Scalar], ...] = ()
    missing: tuple[str, ...] = ()
    otherwise: Otherwise = "apart"
    rename: tuple[tuple[str, str], ...] = ()
    """Source column to the name of the question; left out, the column's own name."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping; see the module for the file."""

    table: str
    columns: tuple[ColumnMap, ...] = ()
    source: tuple[tuple[str, Any], ...] = ()
    feed: str = ""
    names: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    question: str = "question"
    wide: tuple[WideColumns, ...] = ()
    origin: str = field(default="", compare=False)

    def fingerprint(self) -> str:
        """Equal for mappings that do the same."""
        said = {key: value for key, value in asdict(self).items() if key != "origin"}
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]

    def of(self, target: str) -> ColumnMap | None:
        """How a column of the table is made; None where the mapping is silent."""
        return next((column for column in self.columns if column.target == target), None)

    def sources(self) -> tuple[str, ...]:
        """Every source column that the mapping names, patterns left as they are."""
        named: dict[str, None] = {}
        for column in self.columns:
            for name in (*((column.source,) if column.source else ()), *column.join):
                named[name] = None
        return tuple(named)

    def resolve(self, columns: tuple[str, ...]) -> Mapping:
        """The mapping for a file that has these columns: one name chosen of several, patterns spelt out.

        Raises
        ------
        MissingSourceColumns : naming every column that is wanted and not there.
        """
        there = {*columns, "__row", "__line"}
        kept, missing = [], []
        for column in self.columns:
            if column.source is None:
                missing += [name for name in column.join if name not in there]
                kept.append(column)
                continue
            chosen = next((name for name in (column.source, *column.others) if name in there), None)
            if chosen is not None:
                kept.append(replace(column, source=chosen, others=()))
            elif not column.optional:
                missing.append(column.source)
        mapped = {column.source for column in kept if column.source} | {*self.names, *self.drop}
        groups = []
        for group in self.wide:
            found: dict[str, None] = {}
            unmet: list[str] = []
            for pattern in group.sources:
                exact = pattern in there
                hits = [
                    c for c in columns if c == pattern or (not exact and c not in mapped and fnmatchcase(c, pattern))
                ]
                unmet += [] if hits else [pattern]
                found |= dict.fromkeys(hits)
            # A name must be there; of several patterns it is enough that one finds a column.
            missing += [name for name in unmet if not found or not set("*?[") & set(name)]
            groups.append(replace(group, sources=tuple(found)))
        if missing:
            raise MissingSourceColumns(columns=", ".join(dict.fromkeys(missing)), found=", ".join(columns))
        here = tuple(name for name in self.names if name in there)
        return replace(self, columns=tuple(kept), wide=tuple(groups), names=here)


def read_mapping(name: str | Path, *, into: str | None = None) -> Mapping:
    """Read a mapping file or a preset.

    Parameters
    ----------
    name : path of a TOML file, or one of :data:`PRESETS`.
    into : the table, where the command line names it; must agree with the file.

    Raises
    ------
    MappingNotFound, MappingError
    """
    path = Path(name)
    if path.is_file():
        text = path.read_text(encoding="utf-8-sig")
    elif str(name) in PRESETS:
        text = (package_files("zhiyin.lake") / "presets" / f"{name}.toml").read_text(encoding="utf-8")
    else:
        raise MappingNotFound(file=str(name), choices=PRESETS)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(file=str(name), where="TOML", problem=str(error)) from None
    return _Reader(str(name), data, into).mapping()


def identity_mapping(declared: Table, columns: tuple[str, ...]) -> Mapping:
    """For a file whose columns already bear the table's names."""
    known = [name for name in columns if name in declared.column_names]
    return Mapping(
        table=declared.name, columns=tuple(ColumnMap(name, source=name) for name in known), origin="(same names)"
    )


class _Reader:
    """Turns the parsed TOML into a :class:`Mapping`, naming the place of whatever is wrong."""

    def __init__(self, file: str, data: dict[str, Any], into: str | None) -> None:
        self.file = file
        self.data = data
        self.into = into

    def fail(self, where: str, problem: str, **more: object) -> MappingError:
        return MappingError(file=self.file, where=where, problem=problem, **more)

    def mapping(self) -> Mapping:
        self.known(self.data, ("table", "feed", "source", "columns", "privacy", "wide"), "top level")
        name = self.data.get("table") or self.into
        if name is None:
            raise self.fail("table", "no table is named, neither here nor by --as")
        if self.into is not None and name != self.into:
            raise self.fail("table", f"says {name}, but --as says {self.into}")
        declared = table(str(name))
        privacy = self.section("privacy", self.data.get("privacy", {}), ("names", "drop"))
        wide = self.section("wide", self.data.get("wide", {}), ("question", "columns"))
        groups = tuple(self.wide_columns(declared, index, group) for index, group in enumerate(wide.get("columns", ())))
        if "wide" in self.data and not groups:
            raise self.fail("wide", "needs at least one [[wide.columns]]")
        question = str(wide.get("question", "question"))
        if groups:
            self.target(declared, question, "wide.question")
        columns = self.data.get("columns", {})
        if not isinstance(columns, dict):
            raise self.fail("columns", "is a table of tables: write [columns.NAME]")
        return Mapping(
            table=declared.name,
            columns=tuple(self.column(declared, target, said) for target, said in columns.items()),
            source=tuple(sorted(self.data.get("source", {}).items())),
            feed=str(self.data.get("feed", "")),
            names=self.words(privacy.get("names", ()), "privacy.names"),
            drop=self.words(privacy.get("drop", ()), "privacy.drop"),
            question=question,
            wide=groups,
            origin=self.file,
        )

    def column(self, declared: Table, target: str, said: Any) -> ColumnMap:
        where = f"columns.{target}"
        self.target(declared, target, where)
        if not isinstance(said, dict):
            raise self.fail(where, 'write a table, e.g. { from = "…" } or { value = … }')
        self.known(said, COLUMN_WORDS, where)
        if sum(key in said for key in ("from", "join", "value")) != 1:
            raise self.fail(where, "give exactly one of from, join and value")
        if said.get("part", 1) == 0:
            raise self.fail(where, "part counts from 1, or from -1 at the end")
        sources = self.words(said.get("from", ()), where)
        if "from" in said and not sources:
            raise self.fail(where, "from names no column")
        return ColumnMap(
            target=target,
            source=sources[0] if sources else None,
            others=sources[1:],
            optional=bool(said.get("optional", False)),
            join=self.words(said.get("join", ()), where),
            separator=str(said.get("with", "")),
            value=said.get("value"),
            split=None if "split" not in said else str(said["split"]),
            part=int(said.get("part", 1)),
            format=self.words(said.get("format", ()), where),
            zone=None if "zone" not in said else str(said["zone"]),
            values=self.pairs(said.get("values", {}), where),
            missing=self.words(said.get("missing", ()), where),
            otherwise=self.otherwise(said, where),
            thousands=None if "thousands" not in said else str(said["thousands"]),
            scale=int(said.get("scale", 100)),
        )

    def wide_columns(self, declared: Table, index: int, said: dict[str, Any]) -> WideColumns:
        where = f"wide.columns[{index + 1}]"
        self.known(said, ("from", "into", "set", "values", "missing", "otherwise", "rename"), where)
        sources = self.words(said.get("from", ()), where)
        if not sources:
            raise self.fail(where, "from names no column")
        into = str(said.get("into", "value"))
        self.target(declared, into, f"{where}.into")
        constants = self.pairs(said.get("set", {}), f"{where}.set")
        for target, _ in constants:
            self.target(declared, target, f"{where}.set")
        return WideColumns(
            sources=sources,
            into=into,
            constants=constants,
            values=self.pairs(said.get("values", {}), where),
            missing=self.words(said.get("missing", ()), where),
            otherwise=self.otherwise(said, where),
            rename=tuple((str(k), str(v)) for k, v in said.get("rename", {}).items()),
        )

    def otherwise(self, said: dict[str, Any], where: str) -> Otherwise:
        word = said.get("otherwise", "apart")
        if word not in get_args(Otherwise):
            raise self.fail(where, f"otherwise = {word!r}: write apart, keep or missing")
        return word  # type: ignore[no-any-return]  # checked against the literal's own words

    def target(self, declared: Table, name: str, where: str) -> None:
        if name not in declared.column_names:
            raise self.fail(
                where, f"table {declared.name} has no column {name}.", choices=declared.column_names, name=name
            )

    def section(self, where: str, said: Any, allowed: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(said, dict):
            raise self.fail(where, "is a table")
        self.known(said, allowed, where)
        return said

    def known(self, said: MappingType[str, Any], allowed: tuple[str, ...], where: str) -> None:
        for key in said:
            if key not in allowed:
                raise self.fail(where, f"{key} is not known here.", choices=allowed, name=key)

    def words(self, said: Any, where: str) -> tuple[str, ...]:
        if isinstance(said, str | int | float):
            return (str(said),)
        if not isinstance(said, list | tuple):
            raise self.fail(where, "is a text or a list of texts")
        return tuple(str(word) for word in said)

    def pairs(self, said: Any, where: str) -> tuple[tuple[str, Scalar], ...]:
        if not isinstance(said, dict) or not all(
            isinstance(value, str | int | float | bool) for value in said.values()
        ):
            raise self.fail(where, "is a table of plain values")
        return tuple((str(key), value) for key, value in said.items())


def with_source(mapping: Mapping, **options: Any) -> Mapping:
    """The mapping with reading options of the command line put over its own."""
    merged = {**dict(mapping.source), **{key: value for key, value in options.items() if value is not None}}
    return replace(mapping, source=tuple(sorted(merged.items())))

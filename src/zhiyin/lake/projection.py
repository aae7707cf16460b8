"""A mapping as SQL: from a file's text columns to the table's typed columns, and what is wrong with each row.

Nested selections, so that each cell is computed once: ``r_<column>`` is the text or null where the file says nothing,
``v_<column>`` the typed value. The texts come tidy: without blanks at either end, and null rather than empty
(:mod:`zhiyin.lake.tidy`). Constants and columns left empty are not computed row by row at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhiyin.engine.duck import quote_name, quote_text
from zhiyin.lake.mapping import ColumnMap, Mapping, MappingError, Scalar, WideColumns
from zhiyin.lake.sources import LINE, ROW
from zhiyin.lake.store import UnknownZone
from zhiyin.tables import SEQUENCE, Column, Kind, NotBefore, Table, WithinScale, table

_MICROSECONDS: Final = 1_000_000
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_STEADY_FROM, _STEADY_TO = 1992, 2100
_TRUE: Final = ("true", "t", "yes", "y", "1", "是", "真", "有")
_FALSE: Final = ("false", "f", "no", "n", "0", "否", "假", "无")
_TYPES: Final = {Kind.INTEGER: "BIGINT", Kind.SMALL: "SMALLINT", Kind.MONEY: "BIGINT"}
KEY_HASH: Final = "__key"
"""Column of :meth:`Projection.rows`: 64-bit hash of the row's key, for finding duplicates."""
_NAMED_FORMATS: Final = ("iso", "epoch_s", "epoch_ms", "epoch_us", "excel")


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the table as SQL over the file's columns."""

    column: Column
    raw: str
    value: str
    problem: str
    is_constant: bool = False
    plain: str | None = None
    """Of a time in ISO form: the value where no text of the block carries an offset of its own."""

    def value_or_name(self) -> str:
        """The constant itself, so that a rule on it folds away; else the typed column."""
        return self.raw if self.is_constant else quote_name("v_" + self.column.name)


@dataclass(frozen=True, slots=True)
class Projection:
    """The compiled mapping.

    Attributes
    ----------
    table : the declared table.
    cells : the columns that the mapping fills, in storage order.
    width : how many rows one row of the file can become.
    texts : source columns whose content goes into free text and is masked before anything else sees it.
    keys : source columns whose content becomes an identifier.
    inner : SQL of the innermost selection, over a table ``src``.
    """

    table: Table
    cells: tuple[Cell, ...]
    width: int
    texts: tuple[str, ...]
    keys: tuple[str, ...]
    inner: str

    def varying(self) -> tuple[Cell, ...]:
        """Cells that differ from row to row."""
        return tuple(cell for cell in self.cells if not cell.is_constant)

    def varying_key(self) -> tuple[str, ...]:
        """Columns of the key that are not constant."""
        fixed = {cell.column.name for cell in self.cells if cell.is_constant}
        return tuple(name for name in self.table.key if name not in fixed)

    def constants(self) -> str:
        """One row with the values of the constant columns, by their names; empty where there are none."""
        fixed = [cell for cell in self.cells if cell.is_constant]
        raws = ", ".join(f"{cell.raw} AS {quote_name('r_' + cell.column.name)}" for cell in fixed)
        values = ", ".join(
            f"CAST({c.value} AS {sql_type(c.column.kind)}) AS {quote_name(c.column.name)}" for c in fixed
        )
        return f"SELECT {values} FROM (SELECT {raws})" if fixed else ""

    def typed(self, plain: frozenset[str] = frozenset()) -> str:
        """All rows of ``src`` with their texts and values."""
        values = ", ".join(
            f"{cell.plain if cell.plain and cell.column.name in plain else cell.value} "
            f"AS {quote_name('v_' + cell.column.name)}"
            for cell in self.varying()
        )
        return f"SELECT *, {values} FROM ({self.inner})"

    def rows(self, first_seq: int, plain: frozenset[str] = frozenset()) -> str:
        """All rows: varying columns, :data:`KEY_HASH`, and the arrival number, negated where a row has a problem.

        Checks and values stand in one selection, so that each is computed once; filtering here would compute the
        values twice. ``plain`` names time columns in which no text of the block carries an offset.
        """
        columns = [f"{quote_name('v_' + c.column.name)} AS {quote_name(c.column.name)}" for c in self.varying()]
        keys = ", ".join(quote_name("v_" + name) for name in self.varying_key())
        number = f"CAST({first_seq} + (__row - 1) * {self.width} + __part AS BIGINT)"
        signed = f"CASE WHEN {self.any_problem()} THEN -{number} ELSE {number} END AS {quote_name(SEQUENCE)}"
        hashed = f"{f'hash({keys})' if keys else 'CAST(0 AS UBIGINT)'} AS {KEY_HASH}"
        return f"SELECT {', '.join((*columns, hashed, signed))} FROM ({self.typed(plain)})"

    def bad(self) -> str:
        """Rows with a problem: ``__row``, ``__line``, ``__name``, ``problems``.

        ``problems`` is a list of ``column:reason``; ``__name`` is the question of a row from one cell of a wide file.
        """
        listed = ", ".join(f"CASE WHEN {test} THEN {quote_text(reason)} END" for test, reason in self._tests())
        return (
            f"SELECT __row, __line, __name, list_filter([{listed}], lambda x: x IS NOT NULL) AS problems "
            f"FROM ({self.typed()}) WHERE {self.any_problem()} ORDER BY __row, __part"
        )

    def any_problem(self) -> str:
        """True where a row breaks a rule."""
        return " OR ".join(f"({test})" for test, _ in self._tests()) or "false"

    def _tests(self) -> list[tuple[str, str]]:
        """Conditions that never yield null, each with ``column:reason``."""
        tests: list[tuple[str, str]] = []
        filled = {cell.column.name: cell for cell in self.cells}
        for name in self.table.required:
            value = quote_name("v_" + name)
            if name in filled and not filled[name].is_constant:
                raw = quote_name("r_" + name)
                tests.append((f"{value} IS NULL AND {raw} IS NULL", f"{name}:missing"))
        for cell in self.cells:
            tests.extend(_cell_tests(cell))
        for rule in self.table.rules:
            if isinstance(rule, WithinScale) and {rule.value, rule.scale} <= filled.keys():
                value, scale = quote_name("v_" + rule.value), filled[rule.scale].value_or_name()
                outside = " OR ".join(
                    f"({scale} = {quote_text(name)} AND NOT ({value} BETWEEN {low} AND {high}))"
                    for name, low, high in rule.limits
                )
                tests.append(
                    (f"{value} IS NOT NULL AND {scale} IS NOT NULL AND ({outside})", f"{rule.value}:off_scale")
                )
            if isinstance(rule, NotBefore) and {rule.later, rule.earlier} <= filled.keys():
                later, earlier = quote_name("v_" + rule.later), quote_name("v_" + rule.earlier)
                tests.append((f"coalesce({later} < {earlier}, false)", f"{rule.later}:before_{rule.earlier}"))
        return tests


def _cell_tests(cell: Cell) -> list[tuple[str, str]]:
    column = cell.column
    raw, value = quote_name("r_" + column.name), quote_name("v_" + column.name)
    if cell.is_constant:
        return []
    tests = []
    if cell.value != raw:
        tests.append((f"{raw} IS NOT NULL AND {value} IS NULL", f"{column.name}:{cell.problem}"))
    if column.allowed:
        listed = ", ".join(quote_text(word) for word in column.allowed)
        tests.append((f"{value} IS NOT NULL AND {value} NOT IN ({listed})", f"{column.name}:not_allowed"))
    if column.minimum is not None:
        tests.append((f"coalesce({value} < {column.minimum}, false)", f"{column.name}:out_of_range"))
    if column.maximum is not None:
        tests.append((f"coalesce({value} > {column.maximum}, false)", f"{column.name}:out_of_range"))
    if column.kind is Kind.TIME:
        low, high = (int(edge.timestamp()) * _MICROSECONDS for edge in (_EARLIEST, _LATEST))
        tests.append((f"coalesce({value} < {low} OR {value} >= {high}, false)", f"{column.name}:out_of_range"))
    if column.kind is Kind.DATE:
        # 9999-12-31 is how many a bank writes "for ever".
        within = f"{value} BETWEEN DATE '1800-01-01' AND DATE '9999-12-31'"
        tests.append((f"{value} IS NOT NULL AND NOT ({within})", f"{column.name}:out_of_range"))
    if column.kind is Kind.KEY:
        tests.append((f"coalesce(length({value}) > 200, false)", f"{column.name}:too_long"))
    return tests


def compile_mapping(mapping: Mapping, *, time_zone: str, recorded_us: int, direct: tuple[str, ...] = ()) -> Projection:
    """Turn a mapping into SQL over a file's columns.

    Parameters
    ----------
    mapping : resolved for the file's columns (:meth:`Mapping.resolve`).
    time_zone : IANA name for times that carry no offset and whose column names none.
    recorded_us : when this load is recorded; fills ``recorded_us`` where the file does not say.
    direct : target columns for which ``src`` has a flag ``__direct_<column>``: the value is a direct identifier.

    Raises
    ------
    MappingError, UnknownZone
    """
    declared = table(mapping.table)
    groups = mapping.wide
    by_target = {column.target: column for column in mapping.columns}
    if "recorded_us" in declared.column_names and "recorded_us" not in by_target:
        by_target["recorded_us"] = ColumnMap("recorded_us", value=recorded_us, format=("epoch_us",))
    wide_targets = {mapping.question} if groups else set()
    for group in groups:
        wide_targets |= {group.into, *(name for name, _ in group.constants)}
    cells = []
    for column in declared.columns:
        if column.name in wide_targets:
            cells.append(_wide_cell(column, groups, mapping, time_zone))
        elif column.name in by_target:
            cells.append(_cell(column, by_target[column.name], time_zone, column.name in direct))
    missing = [name for name in declared.required if name not in {cell.column.name for cell in cells}]
    if missing:
        raise MappingError(
            file=mapping.origin or "-",
            where="columns",
            problem=f"{', '.join(missing)} must be filled and is not mapped",
        )
    texts, keys = _source_roles(declared, by_target, groups)
    return Projection(
        table=declared,
        cells=tuple(cells),
        width=max(1, sum(len(group.sources) for group in groups)),
        texts=texts,
        keys=keys,
        inner=_inner(cells, groups),
    )


def _source_roles(
    declared: Table, by_target: dict[str, ColumnMap], groups: tuple[WideColumns, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    texts: dict[str, None] = {}
    keys: dict[str, None] = {}
    for target, column in by_target.items():
        named = (*((column.source,) if column.source else ()), *column.join)
        kind = declared.column(target).kind
        role = texts if kind is Kind.TEXT else keys if kind is Kind.KEY else None
        if role is not None:
            role.update(dict.fromkeys(named))
    for group in groups:
        if declared.column(group.into).kind is Kind.TEXT:
            texts.update(dict.fromkeys(group.sources))
    return tuple(texts), tuple(keys)


def _inner(cells: list[Cell], groups: tuple[WideColumns, ...]) -> str:
    varying = [cell for cell in cells if not cell.is_constant]
    raws = ", ".join(f"{cell.raw} AS {quote_name('r_' + cell.column.name)}" for cell in varying)
    if not groups:
        return f"SELECT __row, __line, 0 AS __part, CAST(NULL AS VARCHAR) AS __name, {raws} FROM src"
    parts, index = [], 0
    for group_index, group in enumerate(groups):
        for source in group.sources:
            name = dict(group.rename).get(source, source)
            parts.append(
                f"{{'part': {index}, 'grp': {group_index}, 'name': {quote_text(name)}, "
                f"'cell': {_blank_to_null(quote_name(source), group.missing)}}}"
            )
            index += 1
    unpivoted = (
        f"SELECT s.*, u.part AS __part, u.grp AS __grp, u.name AS __name, u.cell AS __cell "
        f"FROM (SELECT *, unnest([{', '.join(parts)}]) AS u FROM src) s WHERE u.cell IS NOT NULL"
    )
    return f"SELECT __row, __line, __part, __name, {raws} FROM ({unpivoted})"


def _wide_cell(column: Column, groups: tuple[WideColumns, ...], mapping: Mapping, zone: str) -> Cell:
    if column.name == mapping.question:
        return _finish(column, "__name", ColumnMap(column.name), zone)
    cases, values = [], []
    for index, group in enumerate(groups):
        constants = dict(group.constants)
        if group.into == column.name:
            cases.append(f"WHEN __grp = {index} THEN __cell")
            if group.values:
                values.append((index, group))
        elif column.name in constants:
            cases.append(f"WHEN __grp = {index} THEN {quote_text(_as_text(constants[column.name]))}")
    raw = f"CASE {' '.join(cases)} END"
    said = mapping.of(column.name)
    if said is not None:
        raw = f"coalesce({raw}, {_raw(said)})"
    for index, group in values:
        mapped = _map_values("__cell", group.values, group.otherwise)
        raw = f"CASE WHEN __grp = {index} THEN {mapped} ELSE {raw} END"
    return _finish(column, raw, said or ColumnMap(column.name), zone)


_UNMAPPED: Final = "\ue000unmapped"


def _cell(column: Column, said: ColumnMap, zone: str, flagged: bool) -> Cell:
    if said.value is not None:
        return _constant(column, said, zone)
    raw = _raw(said)
    if said.values:
        raw = _map_values(raw, said.values, said.otherwise)
    cell = _finish(column, raw, said, zone)
    if not flagged:
        return cell
    # A direct identifier where a pseudonymous key belongs: the value vanishes, the reason stays.
    flag = quote_name(f"__direct_{column.name}")
    raw = f"CASE WHEN {flag} THEN {quote_text(_DIRECT)} ELSE {raw} END"
    value = f"CASE WHEN {quote_name('r_' + column.name)} = {quote_text(_DIRECT)} THEN NULL ELSE {cell.value} END"
    return Cell(column, raw, value, "direct_identifier")


def _constant(column: Column, said: ColumnMap, zone: str) -> Cell:
    """A constant is checked once, here, and not for every row."""
    assert said.value is not None
    wrong = column.allowed and _as_text(said.value) not in column.allowed
    if column.minimum is not None or column.maximum is not None:
        number = said.value if isinstance(said.value, int | float) else None
        wrong = number is None or not (column.minimum or number) <= number <= (column.maximum or number)
    if wrong:
        raise MappingError(
            file="-",
            where=f"columns.{column.name}",
            problem=f"the constant {said.value} is not allowed there",
            choices=column.allowed,
            value=str(said.value),
        )
    cell = _finish(column, quote_text(_as_text(said.value)), said, zone)
    return Cell(column, cell.raw, cell.value, cell.problem, is_constant=True)


_DIRECT: Final = "\ue000direct"


def _raw(said: ColumnMap) -> str:
    """The text that the file has for this column, null where it says nothing."""
    if said.value is not None:
        return quote_text(_as_text(said.value))
    if said.join:
        parts = ", ".join(f"coalesce(CAST({quote_name(name)} AS VARCHAR), '')" for name in said.join)
        empty = " AND ".join(f"{quote_name(name)} IS NULL" for name in said.join)
        return f"CASE WHEN {empty} THEN NULL ELSE concat_ws({quote_text(said.separator)}, {parts}) END"
    assert said.source is not None
    text = _blank_to_null(_text_of(said.source), said.missing)
    if said.split is not None:
        text = f"nullif(trim(split_part({text}, {quote_text(said.split)}, {said.part})), '')"
    return text


def _text_of(source: str) -> str:
    name = quote_name(source)
    return f"CAST({name} AS VARCHAR)" if source in (ROW, LINE) else name


def _blank_to_null(text: str, missing: tuple[str, ...]) -> str:
    if not missing:
        return text
    listed = ", ".join(quote_text(code) for code in missing)
    return f"CASE WHEN {text} IN ({listed}) THEN NULL ELSE {text} END"


def _map_values(raw: str, values: tuple[tuple[str, Scalar], ...], otherwise: str) -> str:
    cases = " ".join(f"WHEN {quote_text(key)} THEN {quote_text(_as_text(value))}" for key, value in values)
    rest = {
        "keep": raw,
        "missing": "NULL",
        "apart": f"CASE WHEN {raw} IS NULL THEN NULL ELSE {quote_text(_UNMAPPED)} END",
    }
    return f"CASE {raw} {cases} ELSE {rest[otherwise]} END"


def _finish(column: Column, raw: str, said: ColumnMap, zone: str) -> Cell:
    name = quote_name("r_" + column.name)
    problems = {
        Kind.INTEGER: "not_a_whole_number",
        Kind.SMALL: "not_a_whole_number",
        Kind.NUMBER: "not_a_number",
        Kind.MONEY: "not_an_amount",
        Kind.FLAG: "not_yes_or_no",
        Kind.TIME: "not_a_time",
        Kind.DATE: "not_a_date",
    }
    text = name if said.thousands is None else f"replace({name}, {quote_text(said.thousands)}, '')"
    match column.kind:
        case Kind.INTEGER | Kind.SMALL:
            # DuckDB would round '5.5', and read '0x10' and '1_000'; a whole number is digits, at most with .0 behind.
            whole = f"regexp_full_match({text}, '[+-]?[0-9]+(\\.0*)?')"
            value = f"CASE WHEN {whole} THEN try_cast({text} AS {_TYPES[column.kind]}) END"
        case Kind.NUMBER:
            value = f"CASE WHEN isfinite(try_cast({text} AS DOUBLE)) THEN try_cast({text} AS DOUBLE) END"
        case Kind.MONEY:
            value = _cents(text, said.scale)
        case Kind.FLAG:
            true, false = (", ".join(quote_text(word) for word in words) for words in (_TRUE, _FALSE))
            value = f"CASE WHEN lower({name}) IN ({true}) THEN true WHEN lower({name}) IN ({false}) THEN false END"
        case Kind.TIME:
            value = _time(name, said.format or ("iso",), said.zone or zone)
        case Kind.DATE:
            value = _date(name, said.format)
        case _:
            value = f"CASE WHEN {name} = {quote_text(_UNMAPPED)} THEN NULL ELSE {name} END" if said.values else name
    problem = "unmapped_value" if said.values else problems.get(column.kind, "not_text")
    plain = _plain_time(name, said.zone or zone) if column.kind is Kind.TIME and said.format in ((), ("iso",)) else None
    return Cell(column, raw, value, problem, plain=plain)


def _cents(text: str, scale: int) -> str:
    """Whole cents. DuckDB reads narrow decimals two hundred times faster than wide ones, so those come second."""
    narrow, wide = f"try_cast({text} AS DECIMAL(18, 4))", f"try_cast({text} AS DECIMAL(24, 6))"
    whole = [
        f"CASE WHEN {d} * {scale} = floor({d} * {scale}) THEN TRY_CAST({d} * {scale} AS BIGINT) END"
        for d in (narrow, wide)
    ]
    return f"CASE WHEN abs({narrow}) < 100000000000 THEN {whole[0]} ELSE TRY({whole[1]}) END"


def _time(text: str, formats: tuple[str, ...], zone: str) -> str:
    tried = [_one_time(text, format_, zone) for format_ in formats]
    return tried[0] if len(tried) == 1 else f"coalesce({', '.join(tried)})"


def _one_time(text: str, format_: str, zone: str) -> str:
    if format_ in ("epoch_s", "epoch_ms", "epoch_us"):
        factor = {"epoch_s": _MICROSECONDS, "epoch_ms": 1000, "epoch_us": 1}[format_]
        return f"TRY(CAST(try_cast({text} AS DECIMAL(24, 6)) * {factor} AS BIGINT))"
    if format_ == "excel":
        # Days since 1899-12-30 up to the year 2118; beyond, arithmetic on times could overflow.
        given = f"try_cast({text} AS DOUBLE)"
        days = f"CASE WHEN {given} BETWEEN 0 AND 80000 THEN {given} END"
        naive = f"make_timestamp(try_cast(round(({days}) * 86400) AS BIGINT) * {_MICROSECONDS}) - INTERVAL 25569 DAY"
        return f"TRY({local_to_utc(naive, zone)})"
    if format_ == "iso":
        # A time that carries its own offset: Z, or a sign where the offset stands.
        carries = f"regexp_matches({text}, '[T ][0-9:.]+ *([Zz]|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$')"
        own = f"epoch_us(try_cast({text} AS TIMESTAMPTZ))"
        return f"TRY(CASE WHEN {carries} THEN {own} ELSE {_plain_time(text, zone)} END)"
    if "%z" in format_ or "%Z" in format_:
        return f"TRY(epoch_us(try_strptime({text}, {quote_text(format_)})))"
    read = f"try_strptime({text}, {quote_text(format_)})"
    return f"TRY({local_to_utc(read, zone)})"


def _plain_time(text: str, zone: str) -> str:
    """ISO 8601 without an offset, and the digits-only forms that Chinese cores write."""
    compact = f"try_strptime({text}, ['%Y%m%d%H%M%S', '%Y%m%d', '%Y%m%d %H:%M:%S', '%Y%m%d%H%M'])"
    written = f"try_cast({text} AS TIMESTAMP)"
    return f"TRY(CASE WHEN {written} IS NULL THEN {local_to_utc(compact, zone)} ELSE {local_to_utc(written, zone)} END)"


def _date(text: str, formats: tuple[str, ...]) -> str:
    chosen = [format_ for format_ in formats if format_ not in _NAMED_FORMATS]
    tried = [f"CAST(try_strptime({text}, {quote_text(format_)}) AS DATE)" for format_ in chosen]
    if "excel" in formats:
        tried.append(f"TRY(DATE '1899-12-30' + CAST(floor(try_cast({text} AS DOUBLE)) AS INTEGER))")
    if not formats or "iso" in formats:
        tried.append(f"CAST(coalesce(try_cast({text} AS TIMESTAMP), try_strptime({text}, '%Y%m%d')) AS DATE)")
    return f"coalesce({', '.join(tried)})"


def local_to_utc(naive: str, zone: str) -> str:
    """SQL for microseconds UTC of a local time. Plain arithmetic where the zone has kept one offset since 1992."""
    offset = steady_offset(zone)
    exact = f"epoch_us(timezone({quote_text(zone)}, {naive}))"
    if offset is None:
        return exact
    early = f"{naive} < TIMESTAMP '{_STEADY_FROM}-01-01'"
    return f"CASE WHEN {early} THEN {exact} ELSE epoch_us({naive}) - {offset} END"


@lru_cache(maxsize=64)
def steady_offset(zone: str) -> int | None:
    """Microseconds by which local time is ahead of UTC, if that never changes from 1992 on; else None."""
    try:
        info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownZone(zone=zone) from None
    day = datetime(_STEADY_FROM, 1, 1, tzinfo=UTC)
    offsets: set[timedelta | None] = set()
    while day.year < _STEADY_TO and len(offsets) < 2:
        offsets.add(day.astimezone(info).utcoffset())
        day += timedelta(days=7)
    first = offsets.pop()
    return None if offsets or first is None else int(first.total_seconds()) * _MICROSECONDS


def sql_type(kind: Kind) -> str:
    """DuckDB's type for a kind of column, as :func:`zhiyin.engine.arrow_schema` stores it."""
    return {
        Kind.INTEGER: "BIGINT",
        Kind.SMALL: "SMALLINT",
        Kind.NUMBER: "DOUBLE",
        Kind.FLAG: "BOOLEAN",
        Kind.TIME: "BIGINT",
        Kind.SPAN: "BIGINT",
        Kind.DATE: "DATE",
        Kind.MONEY: "BIGINT",
    }.get(kind, "VARCHAR")


def _as_text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

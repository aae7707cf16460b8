"""From one block of a file to one Parquet part: tidy, mask, type, check, store."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiyin.engine import DuckEngine, arrow_schema
from zhiyin.lake.apart import ApartRow, apart_table, write_apart
from zhiyin.lake.mapping import Mapping
from zhiyin.lake.projection import KEY_HASH, Projection
from zhiyin.lake.sources import LINE, ROW, Block
from zhiyin.lake.staging import Part, Stage
from zhiyin.lake.tidy import is_plain, tidy
from zhiyin.privacy import looks_like_direct_identifier, mask_texts
from zhiyin.tables import SEQUENCE, Kind, Privacy

COMPRESSION: Final = "snappy"
ROW_GROUP: Final = 250_000
SHORTEST: Final = 15
"""Bytes of the shortest direct identifier: the old resident number."""
SAMPLE: Final = 2_000


class BlockWork:
    """What is done to every block of a load. Safe to call from several threads."""

    def __init__(
        self,
        engine: DuckEngine,
        projection: Projection,
        stage: Stage,
        file: str,
        mapping: Mapping,
        direct: frozenset[str],
    ) -> None:
        self.engine, self.projection, self.stage = engine, projection, stage
        self.file, self.mapping, self.direct = file, mapping, direct
        self.schema = arrow_schema(projection.table)
        self.free_codes = tuple(dict.fromkeys(free_codes(projection, mapping)))
        constants = projection.constants()
        self.constants = engine.sql(constants) if constants else pa.table({})
        varying = {cell.column.name: cell.column.kind for cell in projection.varying()}
        # Dictionaries pay where values repeat; an identifier seldom does.
        self.dictionaries = [
            *(name for name, kind in varying.items() if kind in (Kind.CODE, Kind.FLAG, Kind.SMALL, Kind.DATE)),
            *self.constants.column_names,
        ]

    def part(self, block: Block) -> Part:
        """Store the good rows of a block and set the others apart."""
        projection, stage = self.projection, self.stage
        rows = tidy(block.rows, tuple(name for name in block.rows.column_names if name not in (ROW, LINE)))
        rows, masked = self.mask(rows)
        rows = self.flag(rows)
        plain = frozenset(name for name, source in self.times() if is_plain(rows.column(source)))
        made = self.engine.sql(projection.rows(stage.plan.first_seq, plain), {"src": rows})
        wanted = made.num_rows
        made = made.filter(pc.greater(made.column(SEQUENCE), 0))
        self.write(block.index, made)
        apart = [ApartRow(row.row, row.line, (f"{row.column or ''}:{row.reason}",), row.raw) for row in block.broken]
        if wanted > made.num_rows:
            apart += self.bad(rows)
        if apart:
            apart.sort(key=lambda row: row.row)
            name = block.member or self.file
            drop, names = self.mapping.drop, self.mapping.names
            table = apart_table(apart, load=stage.plan.load_id, file=name, names=names, drop=drop)
            write_apart(stage.apart_path(block.index), [table])
        part = Part(
            index=block.index,
            rows_in=wanted + len(block.broken),
            rows_kept=made.num_rows,
            rows_apart=len(apart),
            first_row=block.rows.column(ROW)[0].as_py() if block.rows.num_rows else 0,
            bytes_read=block.bytes_read,
            masked=masked,
        )
        stage.note(part)
        return part

    def times(self) -> list[tuple[str, str]]:
        """Time columns in ISO form and the source column of each."""
        return [
            (cell.column.name, said.source)
            for cell in self.projection.varying()
            if cell.plain and (said := self.mapping.of(cell.column.name)) is not None and said.source is not None
        ]

    def write(self, index: int, made: pa.Table) -> None:
        """Put the typed columns, the constants and the empty columns together in the table's order."""
        hashes = made.column(KEY_HASH).combine_chunks() if made.num_rows else pa.array([], pa.uint64())
        self.stage.hashes_path(index).write_bytes(np.asarray(hashes, dtype=np.uint64).tobytes())
        columns = []
        for field in self.schema:
            if field.name in self.constants.column_names:
                value = self.constants.column(field.name).combine_chunks().cast(field.type)
                columns.append(pa.DictionaryArray.from_arrays(pa.array(np.zeros(made.num_rows, np.int32)), value))
            elif field.name in made.column_names:
                columns.append(made.column(field.name).cast(field.type))
            else:
                columns.append(pa.nulls(made.num_rows, field.type))
        path = self.stage.rows_path(index)
        pq.write_table(
            pa.table(columns, names=self.schema.names),
            path,
            compression=COMPRESSION,
            use_dictionary=self.dictionaries,
            store_schema=False,
            row_group_size=ROW_GROUP,
        )

    def mask(self, rows: pa.Table) -> tuple[pa.Table, dict[str, int]]:
        """Replace personal data in the columns that become free text, before anything else sees them."""
        counts: dict[str, int] = {}
        for name in self.projection.texts:
            for owner in self.mapping.names or (None,):
                names = None if owner is None else rows.column(owner)
                done = mask_texts(rows.column(name), names=names)
                rows = rows.set_column(rows.column_names.index(name), name, pa.chunked_array([done.texts]))
                for kind, count in done.counts.items():
                    counts[kind] = counts.get(kind, 0) + count
        for name in self.free_codes:
            column = rows.column(name).combine_chunks().dictionary_encode()
            done = mask_texts(column.dictionary)
            if done.counts:
                masked = done.texts.take(column.indices)
                rows = rows.set_column(rows.column_names.index(name), name, pa.chunked_array([masked]))
                for kind, count in done.counts.items():
                    counts[kind] = counts.get(kind, 0) + count
        return rows, counts

    def flag(self, rows: pa.Table) -> pa.Table:
        """Add a flag for each personal key column: the value is a direct identifier."""
        for target in self.direct:
            said = self.mapping.of(target)
            if said is not None and said.source is not None:
                rows = rows.append_column(f"__direct_{target}", direct_identifiers(rows.column(said.source)))
        return rows

    def bad(self, rows: pa.Table) -> list[ApartRow]:
        """Rows that break a rule, with what they said."""
        found = self.engine.sql(self.projection.bad(), {"src": rows}).to_pylist()
        positions = pc.index_in(
            pa.array([bad["__row"] for bad in found], pa.int64()), rows.column(ROW).combine_chunks()
        )
        shown = [name for name in rows.column_names if not name.startswith("__")]
        contents = rows.select(shown).take(positions).to_pylist()
        into = {group.into for group in self.mapping.wide}
        return [
            ApartRow(
                bad["__row"], bad["__line"], tuple(_named(p, bad["__name"], into) for p in bad["problems"]), content
            )
            for bad, content in zip(found, contents, strict=True)
        ]


def free_codes(projection: Projection, mapping: Mapping) -> list[str]:
    """Source columns of codes that no list limits and that may speak of a person: someone may have typed a name there.

    Their different values are few, so masking those costs next to nothing.
    """
    found = []
    for cell in projection.varying():
        column, said = cell.column, mapping.of(cell.column.name)
        is_free = column.kind is Kind.CODE and not (column.allowed or column.vocabulary)
        if is_free and column.privacy is not Privacy.PUBLIC and said is not None and not said.values:
            found += [
                *((said.source,) if said.source else ()),
                *(name for name in said.join if name not in (ROW, LINE)),
            ]
    return [name for name in found if name not in projection.texts]


def direct_identifiers(values: pa.ChunkedArray) -> pa.Array:
    """Which values of a key column are direct identifiers. Most keys are too short to be one and are not looked at."""
    flags = np.zeros(len(values), dtype=np.bool_)
    is_long = pc.greater_equal(pc.binary_length(values), SHORTEST)
    long = np.flatnonzero(np.asarray(pc.fill_null(is_long, False)))
    if len(long):
        suspects = pc.utf8_normalize(values.take(pa.array(long)).combine_chunks(), form="NFKC")
        found = pc.fill_null(looks_like_direct_identifier(suspects), False)
        within = pc.struct_field(pc.extract_regex(suspects, r"(?P<id>[0-9]{17}[0-9Xx])"), "id")
        hidden = pc.fill_null(looks_like_direct_identifier(within), False)
        flags[long] = np.asarray(found) | np.asarray(hidden)
    flags |= np.asarray(pc.fill_null(pc.match_substring_regex(values, r"^[^@]+@[^@]+\.[A-Za-z]+$"), False))
    # Telephone numbers are too short for the look at long values, and only a whole column of them tells.
    if pc.any(looks_like_direct_identifier(values.slice(0, SAMPLE))).as_py():
        flags |= np.asarray(pc.fill_null(looks_like_direct_identifier(values), False))
    return pa.array(flags)


def _named(problem: str, question: str | None, into: set[str]) -> str:
    """``value:off_scale`` of a wide file as ``Q7:off_scale``: the column that the file has."""
    column, _, reason = problem.partition(":")
    return f"{question}:{reason}" if question and column in into else problem

"""Columns that must be filled and that the file does not have: what can stand there, marked as a doubt."""

from __future__ import annotations

from itertools import combinations
from typing import Any, Final

from zhiyin.lake.suggest.columns import meaning, say
from zhiyin.lake.suggest.draft import Draft, DraftColumn
from zhiyin.lake.suggest.match import Candidate, Pick, own_key
from zhiyin.lake.suggest.sample import Sample
from zhiyin.tables import Kind, Table

FEED: Final = "\x00feed"
_CONSTANTS: Final[dict[tuple[str, str], str]] = {
    ("responses", "instrument"): FEED,
    ("responses", "question"): "satisfaction",
    ("invitations", "instrument"): FEED,
    ("reviews", "source"): FEED,
    ("requests", "type"): "complaint",
    ("interactions", "step"): "service",
    ("contacts", "purpose"): "service",
    ("events", "kind"): FEED,
    ("units", "legal_entity_id"): "bank",
    ("units", "level"): "outlet",
    ("units", "valid_from"): "2000-01-01",
    ("lines", "legal_entity_id"): "bank",
    ("staff", "legal_entity_id"): "bank",
    ("posts", "valid_from"): "2000-01-01",
    ("posts", "role"): "teller",
    ("legal_entities", "time_zone"): "Asia/Shanghai",
}
"""What stands in a required column when the file is silent; FEED is the file's own name."""
_COPIED: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("interactions", "case_id"): ("interaction_id",),
    ("units", "name"): ("unit_id",),
    ("lines", "name"): ("line_id",),
    ("products", "name"): ("product_id",),
    ("legal_entities", "name"): ("legal_entity_id",),
}
"""Columns that may say the same as another one."""


def fill_required(draft: Draft, sample: Sample, picks: tuple[Pick, ...], free: tuple[Candidate, ...]) -> None:
    """Add a section for each required column that is missing; what cannot be made up is noted in ``draft.must``."""
    must = []
    done = {column.target for column in draft.columns if column.is_active} | ({"question"} if draft.groups else set())
    for name in draft.table.required:
        if name in done:
            continue
        section = _copied(draft, name) or _constant(draft, name) or _key(draft, name, sample, picks, free)
        if section is None:
            must.append(name)
        else:
            draft.columns.append(section)
    draft.must = tuple(must)


def _constant(draft: Draft, name: str) -> DraftColumn | None:
    value = _CONSTANTS.get((draft.table.name, name))
    if value is None:
        return None
    doubt = say("the file does not say “{meaning}”; one value for all rows.", meaning=meaning(draft.table.column(name)))
    return DraftColumn(name, {"value": draft.feed if value == FEED else value}, [doubt])


def _copied(draft: Draft, name: str) -> DraftColumn | None:
    for source in _COPIED.get((draft.table.name, name), ()):
        section = draft.column(source)
        if section is not None and section.is_active:
            said: dict[str, Any] = {
                key: value for key, value in section.said.items() if key in ("from", "join", "with")
            }
            doubt = say(
                "the file does not say “{meaning}”; {other} stands for it.",
                meaning=meaning(draft.table.column(name)),
                other=source,
            )
            return DraftColumn(name, said, [doubt])
    return None


def _key(
    draft: Draft, name: str, sample: Sample, picks: tuple[Pick, ...], free: tuple[Candidate, ...]
) -> DraftColumn | None:
    """A key made of columns that together are unique in the sample, else of the row's number."""
    table = draft.table
    if not own_key(table, table.column(name)):
        return None
    told = meaning(table.column(name))
    columns = _unique_together(sample, picks, free)
    if columns:
        doubt = say("the file has no “{meaning}”; these columns together are unique in the first rows.", meaning=told)
        return DraftColumn(name, {"join": list(columns), "with": "-"}, [doubt])
    doubt = say(
        "the file has no “{meaning}”; the row's number stands for it, which comes again in the next file. Add a column "
        "that tells files apart.",
        meaning=told,
    )
    return DraftColumn(name, {"join": ["__row"]}, [doubt])


def _unique_together(sample: Sample, picks: tuple[Pick, ...], free: tuple[Candidate, ...]) -> tuple[str, ...]:
    """Two or three columns of keys and times that tell the rows of the sample apart; empty if none do."""
    if sample.rows.num_rows < 20:
        return ()
    telling = [p.candidate for p in picks if p.column.kind in (Kind.KEY, Kind.TIME)]
    names = [name for candidate in telling for name in candidate.names]
    full = [name for name in names if sample.column(name).filled == sample.rows.num_rows]
    for size in (2, 3):
        for chosen in combinations(full, size):
            rows = sample.rows.select(list(chosen)).group_by(list(chosen)).aggregate([])
            if rows.num_rows == sample.rows.num_rows:
                return chosen
    return ()


def required_roles(table: Table) -> tuple[str, ...]:
    """Required columns that a file must really have: no constant can stand for them."""
    return tuple(
        name for name in table.required if (table.name, name) not in _CONSTANTS and (table.name, name) not in _COPIED
    )

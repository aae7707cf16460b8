"""A first mapping for an unknown file."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from zhiyin.lake.mapping import Mapping
from zhiyin.lake.sources import SourceOptions
from zhiyin.lake.suggest.choose import TableMatch, match_table, rank_tables
from zhiyin.lake.suggest.columns import day_order, draft_column, draft_rating, say
from zhiyin.lake.suggest.constants import fill_required
from zhiyin.lake.suggest.draft import Draft, DraftColumn
from zhiyin.lake.suggest.groups import draft_groups
from zhiyin.lake.suggest.head import say_head, say_which
from zhiyin.lake.suggest.match import Pick, candidates
from zhiyin.lake.suggest.presets import fitting_preset, preset_columns
from zhiyin.lake.suggest.sample import Sample, read_sample
from zhiyin.lake.suggest.trial import try_mapping
from zhiyin.lake.suggest.write import write_draft
from zhiyin.tables import table

_PLAIN_TEXT: Final = ("utf-8", "utf8", "utf-8-sig", "ascii")
_FOUND_OUT: Final = SourceOptions()


def suggest_mapping(path: Path, *, into: str | None = None, options: SourceOptions = _FOUND_OUT) -> str:
    """Write a first mapping for a file that nobody has mapped yet.

    Reads the first blocks only. Columns are told by their names in Chinese and English, by labels and by their
    values; what is uncertain stands above its line as ``# 存疑：`` or ``# doubt:``. The mapping is then tried on the
    sample, and the head says how many rows it would keep.

    Parameters
    ----------
    path : the file, in any format of :mod:`zhiyin.lake.sources`.
    into : the table; None to have it guessed.
    options : how to read the file, where that is known.

    Returns
    -------
    The text of a mapping file; :func:`zhiyin.lake.read_mapping` reads it. Where a required column was not found
    the head says which, and the mapping loads only once it is filled in.

    Raises
    ------
    SourceError : the file cannot be read.
    UnknownTable : ``into`` names no table.
    """
    sample = read_sample(path, options)
    preset = fitting_preset(sample, into=into)
    wanted = into or (preset[1].table if preset else None)
    ranked = (match_table(sample, table(wanted)),) if wanted is not None else rank_tables(sample)
    draft = _draft(sample, ranked[0], preset)
    if wanted is None:
        say_which(draft, ranked)
    trial = try_mapping(write_draft(draft), sample)
    say_head(draft, sample, trial)
    return write_draft(draft)


def _draft(sample: Sample, match: TableMatch, preset: tuple[str, Mapping] | None) -> Draft:
    draft = Draft(match.table, _feed(sample.path, match.table.name), _source(sample))
    draft.names = match.personal.names
    draft.drop = match.personal.numbers
    for name in match.personal.by_content:
        draft.privacy_doubts.append(
            say(
                "{name} holds identity, card or phone numbers and is not stored. If it is to be the key, have it "
                "replaced by a pseudonym first.",
                name=name,
            )
        )
    picks = match.picks
    if preset is not None:
        name, mapping = preset
        draft.notes.append(
            say("The preset {name} fits this file; it was taken over (--map {name} does the same).", name=name)
        )
        draft.columns += preset_columns(mapping, sample)
        done, used = {c.target for c in draft.columns}, set(mapping.sources())
        picks = tuple(p for p in picks if p.column.name not in done and not used.intersection(p.candidate.names))
    order = day_order(profile.times for profile in sample.columns)
    draft.columns += _columns(draft, picks, match, order)
    draft.groups = draft_groups(match.questions)
    others = tuple(p for p in sample.columns if p.name not in match.personal)
    free = tuple(c for c in candidates(others) if not {*c.names} & _used(draft, match))
    fill_required(draft, sample, picks, free)
    _sort_columns(draft)
    used = _used(draft, match)
    draft.unused = tuple(p.name for p in sample.columns if p.name not in used and p.name not in match.personal)
    return draft


def _columns(draft: Draft, picks: tuple[Pick, ...], match: TableMatch, order: str | None) -> list[DraftColumn]:
    found = []
    for pick in picks:
        if (match.table.name, pick.column.name) == ("responses", "value"):
            sections = draft_rating(pick)
            taken = {p.column.name for p in picks} | {c.target for c in draft.columns}
            found += [section for section in sections if section.target == "value" or section.target not in taken]
        else:
            found.append(draft_column(pick, match.table, order=order))
    return found


def _sort_columns(draft: Draft) -> None:
    places = {name: place for place, name in enumerate(draft.table.column_names)}
    draft.columns.sort(key=lambda column: places[column.target])


def _used(draft: Draft, match: TableMatch) -> set[str]:
    used = {question.name for question in match.questions}
    for column in draft.columns:
        said = column.said.get("from", column.said.get("join", []))
        used.update([said] if isinstance(said, str) else said)
    return used


def _feed(path: Path, fallback: str) -> str:
    """The file's name without its days and endings: whose rows the next delivery replaces."""
    stem = path.name.split(".")[0]
    stem = re.sub(r"[_\-. ]*\d{4,}([_-]?\d{2})*([QqHh]\d)?", "", stem).strip("_-. ")
    return stem or fallback


def _source(sample: Sample) -> dict[str, Any]:
    """Options of reading that another file of the same feed needs too."""
    options, found = sample.options, sample.settled
    said: dict[str, Any] = {}
    if found.encoding is not None and found.encoding.lower().replace("_", "-") not in _PLAIN_TEXT:
        said["encoding"] = found.encoding
    if found.delimiter not in (None, ","):
        said["delimiter"] = found.delimiter
    if found.header is False:
        # The names that the reader made up, column_1 and so on, wait for better ones.
        said |= {"header": False, "names": list(sample.info.columns)}
    said |= {name: value for name in ("skip_rows", "header_rows", "label_row") if (value := getattr(found, name))}
    default = SourceOptions()
    for field in fields(SourceOptions):
        value = getattr(options, field.name)
        if value != getattr(default, field.name):
            said[field.name] = list(value) if isinstance(value, tuple) else value
    return said

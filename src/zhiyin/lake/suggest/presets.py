"""Presets that a file fits: they know value maps and formats that no sample shows in full."""

from __future__ import annotations

from typing import Any, Final

from zhiyin.lake.mapping import ColumnMap, Mapping, MissingSourceColumns, read_mapping
from zhiyin.lake.suggest.columns import say
from zhiyin.lake.suggest.draft import DraftColumn
from zhiyin.lake.suggest.sample import Sample
from zhiyin.lake.suggest.survey import rate

_FEWEST: Final = {"cfpb": 8, "ratings": 4}
"""Source columns of the preset that a file must have, beside those that the preset needs."""


def fitting_preset(sample: Sample, *, into: str | None) -> tuple[str, Mapping] | None:
    """Name and mapping, resolved for the file's columns, of the preset that was made for it; None if none was."""
    for name in ("xes", "cfpb", "ratings"):
        mapping = read_mapping(name)
        if into not in (None, mapping.table) or (name == "xes") != (sample.info.format == "xes"):
            continue
        try:
            resolved = mapping.resolve(sample.info.columns)
        except MissingSourceColumns:
            continue
        used = [column for column in resolved.sources() if not column.startswith("__")]
        enough = len(used) >= _FEWEST.get(name, 1) and 2 * len(used) >= len(sample.info.columns)
        if name == "xes" or enough:
            return name, resolved
    return None


def preset_columns(mapping: Mapping, sample: Sample) -> list[DraftColumn]:
    """The sections of a preset, with what the file's own values say against them."""
    columns = [_section(column, sample) for column in mapping.columns]
    by_target = {column.target: column for column in columns}
    value, scale = mapping.of("value"), by_target.get("scale")
    if value is not None and value.source is not None and scale is not None:
        question = rate(sample.column(value.source))
        if question is not None and question.scale != scale.said["value"]:
            scale.doubts.append(
                say("the preset says {scale}; the answers say {read}.", scale=scale.said["value"], read=question.scale)
            )
            scale.said["value"] = question.scale
    return columns


def _section(column: ColumnMap, sample: Sample) -> DraftColumn:
    said: dict[str, Any] = {}
    if column.value is not None:
        said["value"] = column.value
    elif column.join:
        said |= {"join": list(column.join), "with": column.separator}
    else:
        said["from"] = column.source
    if column.format:
        said["format"] = list(column.format)
    if column.zone is not None:
        said["zone"] = column.zone
    if column.missing:
        said["missing"] = list(column.missing)
    if column.otherwise != "apart":
        said["otherwise"] = column.otherwise
    draft = DraftColumn(column.target, said)
    if column.values:
        said["values"] = dict(column.values)
        known = {key for key, _ in column.values} | set(column.missing)
        counts = sample.column(column.source or "").counts
        draft.unknown = {value: n for value, n in counts.items() if value not in known}
        if draft.unknown and column.otherwise == "apart":
            draft.doubts.append(
                say("{n} values are not in the preset's map; rows with them are kept apart.", n=len(draft.unknown))
            )
    return draft

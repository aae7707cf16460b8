"""A draft as TOML. Whatever a hostile file calls its columns, the text parses and says only what is meant."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from zhiyin.lake.suggest.draft import Draft, DraftColumn, DraftGroup
from zhiyin.language import either, translate

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST: Final = 110
_SHOWN: Final = 12


def write_draft(draft: Draft) -> str:
    """The text of a mapping file."""
    lines = [*(f"# {plain(note)}" for note in draft.notes), *(_doubt(doubt) for doubt in draft.doubts)]
    lines += [f"table = {toml(draft.table.name)}", f"feed = {toml(draft.feed)}"]
    if draft.source:
        lines += ["", "[source]", *(f"{key} = {toml(value)}" for key, value in draft.source.items())]
    if draft.columns:
        lines.append("")
    for column in draft.columns:
        lines += _column(column)
    if draft.names or draft.drop:
        lines += ["", *(_doubt(doubt) for doubt in draft.privacy_doubts), "[privacy]"]
        lines += [f"names = {toml(draft.names)}"] if draft.names else []
        lines += [f"drop = {toml(draft.drop)}"] if draft.drop else []
    if draft.groups:
        lines += ["", "[wide]", 'question = "question"']
        for group in draft.groups:
            lines += _group(group)
    if draft.unused:
        lines += ["", "# " + translate("Columns of the file that go nowhere; they are not stored:")]
        lines += [f"#   {plain(name)}" for name in draft.unused]
    return "\n".join(lines) + "\n"


def toml(value: Any) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {toml(item)}" for key, item in value.items()) + " }"
    # JSON escapes what TOML forbids, but for the character DEL and halves of surrogate pairs.
    text = json.dumps(str(value).encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def plain(text: str) -> str:
    """A text that may stand in a comment: no line ends, no control characters, not endless."""
    kept = "".join(
        " " if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" else character
        for character in text
    )
    return kept if len(kept) <= 400 else kept[:400] + "…"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else toml(name)


def _doubt(sentence: str) -> str:
    return either("# 存疑：", "# doubt: ") + plain(sentence)


def _column(column: DraftColumn) -> list[str]:
    lines = [_doubt(doubt) for doubt in column.doubts]
    mark = "" if column.is_active else "# "
    head = f"columns.{_key(column.target)}"
    lines.append(f"{mark}[{head}]")
    values = column.said.get("values", {})
    # A long map reads better as a section of its own, which then has to be the last.
    is_long = len(toml(values)) > _LONGEST
    said = {key: value for key, value in column.said.items() if not (is_long and key == "values")}
    lines += [f"{mark}{key} = {toml(value)}" for key, value in said.items()]
    if is_long:
        lines += [f"{mark}[{head}.values]", *(f"{mark}{_key(str(k))} = {toml(v)}" for k, v in values.items())]
    return [*lines, *_to_fill_in(column.unknown)]


def _to_fill_in(unknown: Mapping[str, int]) -> list[str]:
    """Values without a known meaning, ready to be completed and moved into the map."""
    if not unknown:
        return []
    lines = ["# " + translate("say what these mean and move them into values:")]
    for value, count in list(unknown.items())[:_SHOWN]:
        rows = translate("{n} rows").format(n=f"{count:,}")
        lines.append(f'#   {plain(toml(value))} = ""    # {rows}')
    if len(unknown) > _SHOWN:
        lines.append("#   " + translate("… and {n} more").format(n=len(unknown) - _SHOWN))
    return lines


def _group(group: DraftGroup) -> list[str]:
    lines = ["", *(_doubt(doubt) for doubt in group.doubts), *(f"# {plain(question)}" for question in group.questions)]
    lines.append("[[wide.columns]]")
    return [*lines, *(f"{key} = {toml(value)}" for key, value in group.said.items())]

"""Personal data in columns of free text, found and replaced by tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.privacy.finding import find_in
from zhiyin.privacy.gate import families_of
from zhiyin.privacy.kinds import TOKENS, Finding, PersonalKind
from zhiyin.privacy.own_names import may_say

_BATCH_BYTES: Final = 4 << 20  # of candidates searched in one go; bounds the memory, not the result


@dataclass(frozen=True, slots=True)
class MaskedTexts:
    """Texts with their personal data replaced.

    Parameters
    ----------
    texts : as long as the input and of its type; null stays null, empty stays empty.
    counts : number of pieces replaced, for each kind that occurred.
    """

    texts: pa.Array
    counts: Mapping[PersonalKind, int]


def find_personal_data(text: str, *, name: str | None = None) -> tuple[Finding, ...]:
    """The personal data in a text: kind, start and end in the original, in order, without overlap.

    Parameters
    ----------
    text : free text in Chinese, English or both.
    name : the name of the person who wrote it, if known.

    Examples
    --------
    >>> [(f.kind.value, f.start, f.end) for f in find_personal_data("请打 138-0013-8000 找王经理")]
    [('mobile', 3, 16), ('name', 18, 19)]
    """
    return tuple(find_in([text], None if name is None else [name])[0])


def mask_text(text: str, *, name: str | None = None) -> str:
    """The text with its personal data replaced by the tokens of :data:`TOKENS`; masking again changes nothing.

    Examples
    --------
    >>> mask_text("我叫李小满，手机１３８００１３８０００，订单号13800138000")
    '我叫〔姓名〕，手机〔手机〕，订单号13800138000'
    """
    return _replaced(text, find_personal_data(text, name=name))


def mask_texts(texts: pa.Array | pa.ChunkedArray, *, names: pa.Array | pa.ChunkedArray | None = None) -> MaskedTexts:
    """Mask a column of free text.

    A pre-filter in Arrow, without the interpreter's lock, passes over all rows; only those that could hold personal
    data are looked at by the finders, each different text once.

    Parameters
    ----------
    texts : string, large_string, string_view or dictionary-encoded strings; null allowed.
    names : the bank's own name for each row, as long as ``texts``. It is masked in its own row wherever it stands.

    Returns
    -------
    MaskedTexts : ``texts`` aligned with the input.

    Raises
    ------
    ValueError : if ``names`` is not as long as ``texts``. No message ever holds a text.
    """
    column = _plain_strings(texts)
    owners = None if names is None else _plain_strings(names)
    if owners is not None and len(owners) != len(column):
        raise ValueError(f"names has {len(owners)} rows, texts has {len(column)}")
    held = families_of(column)
    own: list[str | None] | None = None
    candidates = held > 0
    if owners is not None:
        own = owners.to_pylist()
        said = [bool(n) and t is not None and may_say(t, n) for t, n in zip(column.to_pylist(), own, strict=True)]
        candidates |= np.asarray(said, dtype=bool)
    rows = np.flatnonzero(candidates)
    counts: dict[PersonalKind, int] = {}
    if not len(rows):
        return MaskedTexts(column, counts)
    chosen = column.take(pa.array(rows))
    if own is None:
        unique = chosen.dictionary_encode()
        codes = unique.indices.to_numpy()
        families = np.zeros(len(unique.dictionary), dtype=np.uint8)
        families[codes] = held[rows]
        weights = np.bincount(codes, minlength=len(families))
        masked = _mask_all(unique.dictionary.to_pylist(), None, families, weights, counts)
        replacements = pa.array(masked, column.type).take(unique.indices)
    else:
        owned = [own[row] for row in rows.tolist()]
        masked = _mask_all(chosen.to_pylist(), owned, held[rows], np.ones(len(rows), dtype=np.int64), counts)
        replacements = pa.array(masked, column.type)
    if not counts:
        return MaskedTexts(column, counts)
    return MaskedTexts(pc.replace_with_mask(column, pa.array(candidates), replacements), counts)


def _plain_strings(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array of string or large_string: the type that the values have, where it is one of the two."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    wanted = kind if pa.types.is_string(kind) or pa.types.is_large_string(kind) else pa.string()
    if isinstance(values, pa.ChunkedArray):
        if values.nbytes > 2**31 - 1:
            wanted = pa.large_string()
        chunks = [chunk.cast(wanted) for chunk in values.chunks]
        return pa.concat_arrays(chunks) if chunks else pa.array([], wanted)
    return values if values.type == wanted else values.cast(wanted)


def _mask_all(
    texts: Sequence[str],
    names: Sequence[str | None] | None,
    families: npt.NDArray[np.uint8],
    weights: npt.NDArray[np.int64],
    counts: dict[PersonalKind, int],
) -> list[str]:
    """Mask different texts; each counts as often as it occurs."""
    masked: list[str] = []
    for first, last in _batches(texts):
        found = find_in(texts[first:last], None if names is None else names[first:last], families[first:last])
        for row, findings in enumerate(found, first):
            masked.append(_replaced(texts[row], findings))
            for finding in findings:
                counts[finding.kind] = counts.get(finding.kind, 0) + int(weights[row])
    return masked


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first, size = 0, 0
    for row, text in enumerate(texts):
        size += len(text) + 1
        if size >= _BATCH_BYTES:
            yield first, row + 1
            first, size = row + 1, 0
    if first < len(texts):
        yield first, len(texts)


def _replaced(text: str, findings: Sequence[Finding]) -> str:
    if not findings:
        return text
    pieces, place = [], 0
    for finding in findings:
        pieces += [text[place : finding.start], TOKENS[finding.kind]]
        place = finding.end
    return "".join([*pieces, text[place:]])

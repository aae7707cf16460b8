"""A stretch of folded text that a finder took for personal data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zhiyin.privacy.kinds import PersonalKind


class Span(NamedTuple):
    """``text[start:end]`` of the folded text, never empty."""

    start: int
    end: int
    kind: PersonalKind


_RANK = {kind: rank for rank, kind in enumerate(PersonalKind)}


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order without overlap: those that overlap become one, of the kind of the longest.

    A union, so that nothing that any finder saw is left standing; between equals the kind declared first wins.
    """
    result: list[Span] = []
    longest = 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end, _RANK[s.kind])):
        if not result or span.start >= result[-1].end:
            result.append(span)
            longest = span.end - span.start
            continue
        last = result[-1]
        length = span.end - span.start
        kind = last.kind
        if (length, -_RANK[span.kind]) > (longest, -_RANK[last.kind]):
            kind, longest = span.kind, length
        result[-1] = Span(last.start, max(last.end, span.end), kind)
    return result

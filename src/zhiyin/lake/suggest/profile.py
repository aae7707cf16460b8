"""What one column of a file holds, judged by the values of the first rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from zhiyin.lake.suggest.times import TimeGuess, guess_times

NOT_THERE: Final = frozenset(
    {
        "null",
        "n/a",
        "na",
        "#n/a",
        "none",
        "nan",
        "nil",
        "-",
        "--",
        "---",
        "\\n",
        "(null)",
        "<na>",
        "(blank)",
        "空",
        "缺失",
    }
)
"""Words that stand for "no value" in any column; compared in lower case."""
REFUSALS: Final = frozenset(
    {"dk", "拒答", "不知道", "不清楚", "说不清", "未作答", "不适用", "refused", "don't know", "skipped"}
)
"""Words that stand for "no answer" to a question."""
MOST_VALUES: Final = 5_000
"""Different values of a column that are looked at."""
_WHOLE: Final = re.compile(r"[+-]?\d+(\.0*)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_YES_NO: Final = frozenset(
    {"true", "t", "yes", "y", "1", "是", "真", "有", "false", "f", "no", "n", "0", "否", "假", "无"}
)
_SENTENCE: Final = re.compile(r"[。，！？；,.!?;]|\s\w+\s")


@dataclass(frozen=True)
class Profile:
    """One column of the sample.

    Attributes
    ----------
    name : the file's own name.
    label : what a label row or SPSS says of it, else empty.
    rows : rows of the sample.
    counts : value, trimmed, to number of rows; without blanks and without :attr:`missing`.
    missing : codes found that stand for "no value".
    value_labels : code to label, where the file has them.
    is_cut : whether there were more different values than were looked at.
    """

    name: str
    label: str
    rows: int
    counts: Mapping[str, int]
    missing: tuple[str, ...] = ()
    value_labels: Mapping[str, str] | None = None
    is_cut: bool = False

    @cached_property
    def filled(self) -> int:
        """Rows that have a value."""
        return sum(self.counts.values())

    @cached_property
    def is_unique(self) -> bool:
        """No value stands twice, and no row is empty."""
        return 0 < self.rows == self.filled and (self.is_cut or max(self.counts.values()) == 1)

    @cached_property
    def whole_share(self) -> float:
        """Share of the values that are whole numbers."""
        return self._share(_WHOLE)

    @cached_property
    def number_share(self) -> float:
        """Share of the values that are numbers, thousands separators allowed."""
        return self._share(_NUMBER) if not self.is_grouped else self._share(_NUMBER, _GROUPED)

    @cached_property
    def is_grouped(self) -> bool:
        """Whether commas part the thousands of some values."""
        return any(_GROUPED.fullmatch(value) for value in self.counts)

    @cached_property
    def numbers(self) -> dict[float, int]:
        """The values that are numbers."""
        found: dict[float, int] = {}
        for value, count in self.counts.items():
            plain = value.replace(",", "") if _GROUPED.fullmatch(value) else value
            if _NUMBER.fullmatch(plain):
                found[float(plain)] = found.get(float(plain), 0) + count
        return found

    @cached_property
    def yes_no_share(self) -> float:
        """Share of the values that are words of yes or no."""
        return self._of(sum(n for value, n in self.counts.items() if value.lower() in _YES_NO))

    @cached_property
    def mean_length(self) -> float:
        """Characters a value."""
        return self._of(sum(len(value) * n for value, n in self.counts.items()))

    @cached_property
    def sentence_share(self) -> float:
        """Share of the values that read like sentences."""
        return self._of(sum(n for value, n in self.counts.items() if len(value) > 6 and _SENTENCE.search(value)))

    @cached_property
    def times(self) -> TimeGuess | None:
        """In which format it holds times, if it does."""
        return guess_times(self.counts)

    @property
    def heading(self) -> str:
        """Name and label together, for judging what the column is about."""
        return f"{self.name} {self.label}".strip()

    def without(self, codes: tuple[str, ...]) -> Profile:
        """The same column with more codes taken as missing."""
        kept = {value: n for value, n in self.counts.items() if value not in codes}
        found = tuple(code for code in codes if code in self.counts)
        return Profile(self.name, self.label, self.rows, kept, (*self.missing, *found), self.value_labels, self.is_cut)

    def _share(self, *patterns: re.Pattern[str]) -> float:
        return self._of(sum(n for v, n in self.counts.items() if any(p.fullmatch(v) for p in patterns)))

    def _of(self, count: float) -> float:
        return count / self.filled if self.filled else 0.0


def profile_column(
    name: str,
    values: pa.ChunkedArray,
    *,
    label: str = "",
    value_labels: Mapping[str, str] | None = None,
    declared_missing: tuple[str, ...] = (),
) -> Profile:
    """Count the values of a column of the sample.

    Parameters
    ----------
    name, label, value_labels : as the source tells.
    values : texts, null where the cell is empty.
    declared_missing : codes that the file itself declares missing; ranges as ``"97..99"``.
    """
    counted = pc.value_counts(pc.utf8_trim_whitespace(values).combine_chunks())
    pairs = zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True)
    ordered = sorted(((v, n) for v, n in pairs if v), key=lambda pair: (-pair[1], pair[0]))
    counts = dict(ordered[:MOST_VALUES])
    missing = tuple(v for v in counts if v.lower() in NOT_THERE or _is_declared(v, declared_missing))
    return Profile(
        name=name,
        label=label,
        rows=len(values),
        counts={value: n for value, n in counts.items() if value not in missing},
        missing=missing,
        value_labels=value_labels,
        is_cut=len(ordered) > MOST_VALUES,
    )


def _is_declared(value: str, declared: tuple[str, ...]) -> bool:
    for code in declared:
        low, dots, high = code.partition("..")
        if value == code:
            return True
        if dots and _NUMBER.fullmatch(value) and float(low) <= float(value) <= float(high):
            return True
    return False

"""Try a mapping on the sample before anybody relies on it: what would be kept, what kept apart, and why."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhiyin.engine import DuckEngine
from zhiyin.engine.duck import quote_name
from zhiyin.errors import ZhiyinError
from zhiyin.lake.mapping import read_mapping
from zhiyin.lake.projection import KEY_HASH, compile_mapping
from zhiyin.lake.suggest.sample import Sample
from zhiyin.tables import SEQUENCE

_ZONE: Final = "Asia/Shanghai"
_MEMORY: Final = "1GB"


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of the sample.

    Attributes
    ----------
    rows : answers or rows that the sample became.
    kept : those without a problem.
    problems : column and reason, to number of rows, the commonest first.
    repeated : rows whose key another row of the sample has.
    error : why the mapping cannot be used at all; None where it can.
    """

    rows: int = 0
    kept: int = 0
    problems: tuple[tuple[str, str, int], ...] = ()
    repeated: int = 0
    error: ZhiyinError | None = None


def try_mapping(text: str, sample: Sample) -> Trial:
    """Run a mapping's text over the sample."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mapping.toml"
        file.write_text(text, encoding="utf-8")
        try:
            mapping = read_mapping(file).resolve(sample.info.columns)
            projection = compile_mapping(mapping, time_zone=_ZONE, recorded_us=0)
        except ZhiyinError as error:
            return Trial(error=error)
    source = {"src": sample.rows}
    with DuckEngine(memory=_MEMORY) as engine:
        rows = engine.sql(
            f"SELECT {quote_name(SEQUENCE)} > 0 AS sound, {KEY_HASH} AS key FROM ({projection.rows(1)})", source
        )
        bad = engine.sql(projection.bad(), source).column("problems").to_pylist()
    keys = rows.filter(rows.column("sound")).column("key")
    counted = Counter(problems[0].partition(":")[::2] for problems in bad)
    return Trial(
        rows=rows.num_rows,
        kept=len(keys),
        problems=tuple((column, reason, n) for (column, reason), n in counted.most_common()),
        repeated=len(keys) - len(keys.unique()),
    )

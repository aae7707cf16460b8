"""Looking after a lake: is every listed file there and whole, and what can go."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhiyin.lake.disk import locked
from zhiyin.lake.store import GRACE, Lake
from zhiyin.language import translate
from zhiyin.tables import TABLES


def check_files(lake: Lake) -> list[str]:
    """One sentence for each listed file that is missing, of another size, or has another number of rows."""
    snapshot, wrong = lake.snapshot(), []
    for name in TABLES:
        for entry in snapshot.manifest(name).files:
            path = lake.folder / "tables" / name / entry.name
            problem = _problem(path, entry.size, entry.rows)
            if problem:
                wrong.append(f"{path}: {problem}")
    return wrong


def _problem(path: Path, size: int, rows: int) -> str | None:
    if not path.exists():
        return translate("the file is missing")
    if path.stat().st_size != size:
        return translate("the file has another size than when it was written")
    try:
        found = pq.read_metadata(path).num_rows
    except (pa.ArrowInvalid, OSError):
        return translate("the file cannot be read")
    return None if found == rows else translate("the file has another number of rows than when it was written")


def sweep(lake: Lake, *, at: datetime, grace: timedelta = GRACE) -> int:
    """Remove files that no manifest lists and that are older than the grace period; returns how many.

    A load takes the table's lock while it moves files in, so that a file on its way is never taken for an old one.
    """
    removed, edge = 0, (at - grace).timestamp()
    for name in TABLES:
        with locked(lake.folder / "locks" / f"{name}.lock"):
            manifest = lake.snapshot().manifest(name)
            listed = {entry.name for entry in manifest.files}
            removed += _remove_old(lake.folder / "tables" / name, "*.parquet", listed, edge)
            current = {f"{name}-{manifest.generation:08d}.json"}
            removed += _remove_old(lake.folder / "manifests", f"{name}-????????.json", current, edge)
    removed += _remove_old(lake.folder / "scratch", "*.parquet", set(), edge)
    return removed


def _remove_old(folder: Path, pattern: str, keep: set[str], edge: float) -> int:
    old = [file for file in folder.glob(pattern) if file.name not in keep and file.stat().st_mtime < edge]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)

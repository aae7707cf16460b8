"""Work in progress of one load, kept so that a killed load goes on where it stopped.

A load's folder is named by what is loaded and how, so the same call finds it again. Each block of the file leaves a
Parquet part and, written after it, a note; a part without a note is done again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from zhiyin.lake.disk import write_whole


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one block. ``rows_in = rows_kept + rows_apart``."""

    index: int
    rows_in: int
    rows_kept: int
    rows_apart: int
    first_row: int
    bytes_read: int
    masked: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the parts depend on; parts made under another plan are thrown away."""

    load_id: str
    first_seq: int
    recorded_us: int
    version: str


class Stage:
    """The folder of one load."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder
        self.plan = plan

    @staticmethod
    def find(folder: Path, *, version: str) -> Stage | None:
        """The stage that an earlier run left in the folder, if the same version of Zhiyin made it."""
        try:
            plan = Plan(**json.loads((folder / "plan.json").read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return Stage(folder, plan) if plan.version == version else None

    @staticmethod
    def begin(folder: Path, plan: Plan) -> Stage:
        """A fresh stage; whatever lay in the folder goes."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write_whole(folder / "plan.json", json.dumps(asdict(plan)))
        return Stage(folder, plan)

    def rows_path(self, index: int) -> Path:
        """Where the good rows of a block go."""
        return self.folder / f"part-{index:06d}.parquet"

    def apart_path(self, index: int) -> Path:
        """Where the rows kept apart of a block go."""
        return self.folder / f"apart-{index:06d}.parquet"

    def hashes_path(self, index: int) -> Path:
        """Where the hashes of the keys of a block's good rows go, in the order of the rows."""
        return self.folder / f"keys-{index:06d}.u64"

    def note(self, part: Part) -> None:
        """Remember that a block is done."""
        write_whole(self.folder / f"part-{part.index:06d}.json", json.dumps(asdict(part)))

    def done(self) -> list[Part]:
        """Blocks done without a gap from the first."""
        return list(self._done())

    def _done(self) -> Iterator[Part]:
        index = 0
        while (note := self.folder / f"part-{index:06d}.json").exists():
            yield Part(**json.loads(note.read_text(encoding="utf-8")))
            index += 1

    def finish(self) -> None:
        """The load is committed; nothing here is needed any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

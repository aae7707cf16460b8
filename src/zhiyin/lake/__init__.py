"""Files in, checked, mapped and kept as Parquet under a manifest; what is derived from them."""

from __future__ import annotations

from zhiyin.lake.apart import read_apart
from zhiyin.lake.derive import derive_journeys
from zhiyin.lake.landing import read_landing_plan, run_landing
from zhiyin.lake.loading import IngestOptions, LoadResult, Progress, ingest
from zhiyin.lake.manifest import FileEntry, Load, Manifest
from zhiyin.lake.mapping import Mapping, read_mapping
from zhiyin.lake.sources import SourceOptions
from zhiyin.lake.store import Change, Lake, LakeNotFound, LakeTooNew, Snapshot, create_lake, open_lake

__all__ = [
    "Change",
    "FileEntry",
    "IngestOptions",
    "Lake",
    "LakeNotFound",
    "LakeTooNew",
    "Load",
    "LoadResult",
    "Manifest",
    "Mapping",
    "Progress",
    "Snapshot",
    "SourceOptions",
    "create_lake",
    "derive_journeys",
    "ingest",
    "open_lake",
    "read_apart",
    "read_landing_plan",
    "read_mapping",
    "run_landing",
]

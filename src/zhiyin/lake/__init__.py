"""Files in, checked, mapped and kept as Parquet under a manifest; what is derived from them."""

from __future__ import annotations

from zhiyin.lake.derive import derive_journeys
from zhiyin.lake.manifest import FileEntry, Load, Manifest
from zhiyin.lake.mapping import Mapping, read_mapping
from zhiyin.lake.store import Change, Lake, LakeNotFound, LakeTooNew, Snapshot, create_lake, open_lake

__all__ = [
    "Change",
    "FileEntry",
    "Lake",
    "LakeNotFound",
    "LakeTooNew",
    "Load",
    "Manifest",
    "Mapping",
    "Snapshot",
    "create_lake",
    "derive_journeys",
    "open_lake",
    "read_mapping",
]

"""Files in, checked, mapped and kept as Parquet under a manifest; what is derived from them."""

from __future__ import annotations

from zhiyin.lake.manifest import FileEntry, Load, Manifest
from zhiyin.lake.store import Change, Lake, LakeNotFound, LakeTooNew, Snapshot, create_lake, open_lake

__all__ = [
    "Change",
    "FileEntry",
    "Lake",
    "LakeNotFound",
    "LakeTooNew",
    "Load",
    "Manifest",
    "Snapshot",
    "create_lake",
    "open_lake",
]

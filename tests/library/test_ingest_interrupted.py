"""Loads that are killed, stopped, run twice, run at once, or out of disk: nothing is lost, nothing is half seen."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhiyin.engine import DuckEngine
from zhiyin.lake import IngestOptions, Lake, SourceOptions, create_lake, ingest, open_lake, read_apart, read_mapping
from zhiyin.lake.loading import DiskFull, LoadStopped

AT = datetime(2026, 3, 2, tzinfo=UTC)
MAPPING = """
table = "responses"
[columns.response_id]
from = "id"
[columns.question]
value = "nps"
[columns.instrument]
value = "app"
[columns.scale]
value = "points11"
[columns.value]
from = "score"
[columns.comment]
from = "text"
[columns.answered_us]
from = "at"
"""
OPTIONS = IngestOptions(source=SourceOptions(block_bytes=4096))
LOADER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from zhiyin.lake import IngestOptions, SourceOptions, create_lake, ingest, read_mapping
lake, file, mapping = sys.argv[1:4]
ingest(create_lake(lake), Path(file), into="responses", at=datetime(2026, 3, 2, tzinfo=UTC),
       mapping=read_mapping(mapping), options=IngestOptions(source=SourceOptions(block_bytes=4096)))
"""
DIES_AT_THE_HEAD = """
import os
import zhiyin.lake.loading as loading
import zhiyin.lake.store as store
commit_load = loading.commit_load
def die(*said, **more):
    store.write_whole = lambda path, text: os._exit(9)
    return commit_load(*said, **more)
create_lake(lake)
loading.commit_load = die
"""


def write_file(path: Path, rows: int, *, first: int = 0) -> Path:
    """A file in which every 50th row is bad and every 70th stands twice."""
    lines = ["id,score,text,at"]
    for i in range(first, first + rows):
        score = "x" if i % 50 == 7 else str(i % 11)
        line = f"R{i:07d},{score},排队第{i}号等了很久,2026-02-{1 + i % 28:02d} 10:00:00"
        lines += [line] * (2 if i % 70 == 3 else 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path / "m.toml"


def load(lake: Lake, file: Path, mapping: Path, **more):
    return ingest(lake, file, into="responses", at=AT, mapping=read_mapping(mapping), options=OPTIONS, **more)


def content(lake: Lake) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows kept and rows kept apart, without arrival numbers."""
    with lake.engine() as engine:
        rows = engine.run(lake.table("responses").order_by("response_id")).drop_columns(["seq"]).to_pylist()
    apart = read_apart(lake, "responses").to_pylist()
    return [tuple(r.values()) for r in rows], sorted((r["line"], r["reason"], r["content"]) for r in apart)


def start(lake: Path, file: Path, mapping: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", LOADER, str(lake), str(file), str(mapping)], stderr=subprocess.PIPE)


def test_running_twice_changes_nothing(tmp_path, mapping):
    file, lake = write_file(tmp_path / "a.csv", 500), create_lake(tmp_path / "lake")
    first = load(lake, file, mapping)
    before = (lake.folder / "head.json").read_bytes()
    again = load(lake, file, mapping)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.load == first.load
    assert (lake.folder / "head.json").read_bytes() == before


def test_counts_add_up(tmp_path, mapping):
    file, lake = write_file(tmp_path / "a.csv", 700), create_lake(tmp_path / "lake")
    done = load(lake, file, mapping).load
    assert done.rows_in == done.rows_kept + done.rows_apart + done.rows_unchanged
    assert (done.rows_in, done.rows_apart, done.rows_unchanged) == (710, 14, 10)


def test_stopped_load_goes_on_where_it_stopped(tmp_path, mapping):
    file = write_file(tmp_path / "a.csv", 2000)
    whole, lake = create_lake(tmp_path / "whole"), create_lake(tmp_path / "lake")
    load(whole, file, mapping)
    seen: list[int] = []
    with pytest.raises(LoadStopped):
        load(lake, file, mapping, report=lambda p: seen.append(p.rows), stop=lambda: len(seen) > 10)
    assert lake.snapshot().manifest("responses").files == ()
    done = load(lake, file, mapping)
    assert done.resumed_parts > 5
    assert content(lake) == content(whole)


def test_load_killed_early_resumes(tmp_path, mapping):
    file = write_file(tmp_path / "a.csv", 4000)
    whole = create_lake(tmp_path / "whole")
    load(whole, file, mapping)
    process = start(tmp_path / "lake", file, mapping)
    wait_for(lambda: len(list((tmp_path / "lake").glob("loads/*/part-*.json"))) >= 6)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    lake = open_lake(tmp_path / "lake")
    assert lake.snapshot().manifest("responses").loads == ()
    assert load(lake, file, mapping).resumed_parts >= 3
    assert content(lake) == content(whole)


@pytest.mark.slow
def test_load_killed_at_any_moment_loses_nothing(tmp_path, mapping):
    file = write_file(tmp_path / "a.csv", 6000)
    whole = create_lake(tmp_path / "whole")
    load(whole, file, mapping)
    moments = random.Random(11)
    for _ in range(25):
        process = start(tmp_path / "lake", file, mapping)
        time.sleep(moments.uniform(0.3, 4.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (tmp_path / "lake" / "lake.json").exists():
            lake = open_lake(tmp_path / "lake")
            rows = lake.snapshot().manifest("responses").rows
            assert rows in (0, whole.snapshot().manifest("responses").rows)
    lake = create_lake(tmp_path / "lake")
    load(lake, file, mapping)
    assert content(lake) == content(whole)


def test_load_that_dies_just_before_the_head_is_replaced_loses_nothing(tmp_path, mapping):
    file = write_file(tmp_path / "a.csv", 800)
    whole = create_lake(tmp_path / "whole")
    load(whole, file, mapping)
    script = LOADER.replace("ingest(create_lake(lake)", DIES_AT_THE_HEAD + "ingest(create_lake(lake)")
    arguments = [str(tmp_path / "lake"), str(file), str(mapping)]
    assert subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True).returncode == 9
    lake = open_lake(tmp_path / "lake")
    assert lake.snapshot().manifest("responses").loads == ()
    assert load(lake, file, mapping).resumed_parts > 5
    assert content(lake) == content(whole)


def test_two_loads_of_one_file_at_once_load_it_once(tmp_path, mapping):
    file = write_file(tmp_path / "a.csv", 1500)
    whole = create_lake(tmp_path / "whole")
    load(whole, file, mapping)
    both = [start(tmp_path / "lake", file, mapping) for _ in range(2)]
    assert [(p.communicate()[1], p.returncode) for p in both] == [(b"", 0), (b"", 0)]
    lake = open_lake(tmp_path / "lake")
    assert len(lake.snapshot().manifest("responses").loads) == 1
    assert content(lake) == content(whole)


def test_readers_beside_two_writers_see_whole_loads_only(tmp_path, mapping):
    lake = create_lake(tmp_path / "lake")
    sizes = (300, 500, 700, 900)
    files = [write_file(tmp_path / f"{n}.csv", n, first=10_000 * k) for k, n in enumerate(sizes)]
    lone = [create_lake(tmp_path / f"lone{n}") for n in sizes]
    kept = [load(one, file, mapping).load.rows_kept for one, file in zip(lone, files, strict=True)]
    possible = {sum(k for k, chosen in zip(kept, bits, strict=True) if chosen) for bits in _subsets(len(sizes))}
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with DuckEngine() as engine:
                lake.bind(engine)
                seen.add(engine.run(lake.table("responses").count().as_table()).column(0)[0].as_py())

    reader = threading.Thread(target=read)
    reader.start()
    writers = [start(lake.folder, file, mapping) for file in files]
    assert [(p.communicate()[1], p.returncode) for p in writers] == [(b"", 0)] * len(files)
    done.set()
    reader.join()
    assert seen <= possible
    assert lake.snapshot().manifest("responses").rows == sum(kept)


def test_full_disk_is_told_and_the_load_goes_on_afterwards(tmp_path, mapping):
    if os.geteuid() != 0 or shutil.which("mount") is None or shutil.which("unshare") is None:
        pytest.skip("needs root, to mount a small disk")
    file = write_file(tmp_path / "a.csv", 20_000)
    disk, saved = tmp_path / "disk", tmp_path / "saved"
    disk.mkdir()
    script = (
        f"mount -t tmpfs -o size=600k none {disk} || exit 77; "
        f"{sys.executable} -m zhiyin.cli --lang en ingest {file} --map {mapping} --into {disk}/lake --quiet; code=$?; "
        f"cp -a {disk}/lake {saved}; exit $code"
    )
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True)
    if done.returncode == 77 or "Operation not permitted" in done.stderr:
        pytest.skip("this machine does not let us mount a small disk")
    assert done.returncode == 1
    assert done.stderr.startswith(f"zhiyin: {DiskFull(path=f'{disk}/lake').text('en')}")
    lake = open_lake(saved)
    assert lake.snapshot().manifest("responses").loads == ()
    assert ingest(lake, file, into="responses", at=AT, mapping=read_mapping(mapping)).load.rows_kept == 19_600


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited in vain")


def _subsets(size: int) -> list[tuple[bool, ...]]:
    return [tuple(bool(number >> k & 1) for k in range(size)) for number in range(2**size)]

"""Packed files: gz, bz2, xz and zip, cut off, damaged, locked, nested or made to fill the disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
from sources_reading import content, read, read_until_error, write

from zhiyin.lake.sources import (
    ExpansionRefused,
    MembersDiffer,
    NestedArchive,
    NoSuchMember,
    SourceDamaged,
    SourceEmpty,
    SourceEncrypted,
    SourceOptions,
    SourceTruncated,
    open_source,
)

TEXT = b"id,name\n" + b"".join(f"{number},name {number * 7919 % 1000}\n".encode() for number in range(20_000))


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return path


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_files_read_like_plain_ones(tmp_path: Path, pack: object) -> None:
    plain = read(write(tmp_path / "file.csv", TEXT))
    # The name does not matter.
    source = open_source(write(tmp_path / "other.dat", pack(TEXT)))
    found = content(source)
    assert (found.cells, found.lines) == (plain.cells, plain.lines)
    assert found.blocks[-1].bytes_read == source.info.size == (tmp_path / "other.dat").stat().st_size


def test_gz_files_put_together_are_read_to_the_end(tmp_path: Path) -> None:
    data = gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n") + b"\0" * 20
    assert read(write(tmp_path / "file.csv.gz", data)).cells == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: bz2.compress(data, 1), lzma.compress])
def test_a_file_cut_off_gives_its_whole_rows_and_then_an_error(tmp_path: Path, pack: object) -> None:
    data = pack(TEXT)
    source = open_source(write(tmp_path / "file.csv", data[: len(data) * 2 // 3]), SourceOptions(block_bytes=10_000))
    blocks, error = read_until_error(source)
    assert isinstance(error, SourceTruncated)
    assert str(error).startswith(f"{tmp_path}/file.csv ends too early, after ")
    rows = [row for block in blocks for row in block.rows.column("id").to_pylist()]
    assert rows == [str(number) for number in range(len(rows))]
    assert error.data["rows"] == len(rows)
    assert all(block.broken == () for block in blocks)


def test_a_wrong_checksum_is_an_error_after_the_rows(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(TEXT))
    data[-6] ^= 0xFF
    source = open_source(write(tmp_path / "file.csv.gz", bytes(data)))
    blocks, error = read_until_error(source)
    assert isinstance(error, SourceDamaged)
    assert sum(block.rows.num_rows for block in blocks) == 20_000


def test_members_of_an_archive_are_read_one_behind_the_other(tmp_path: Path) -> None:
    path = zipped(tmp_path / "file.zip", b__csv=b"id,name\n1,x\n2\n", a__csv=b"id,name\n\n3,y\n", c__csv=b"id,name\n")
    found = read(path)
    assert [(block.index, block.member) for block in found.blocks] == [(0, "b.csv"), (1, "a.csv")]
    assert (found.cells, found.rows, found.lines) == ([("1", "x"), ("3", "y")], [1, 3], [2, 3])
    assert found.reasons == [(2, 3, "field_count")]
    assert read(path, member="a.csv").cells == [("3", "y")]
    assert read(path, member=("a.*", "c.csv")).cells == [("3", "y")]
    assert content(open_source(path), skip=1).blocks == found.blocks[1:]


def test_marker_files_and_what_systems_add_are_no_members(tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("folder/", "folder/data.csv", "__MACOSX/data.csv", ".DS_Store", "data.ok", "README.md"):
            archive.writestr(name, b"a,b\n1,2\n" if name == "folder/data.csv" else b"")
    found = read(path)
    assert (found.cells, found.blocks[0].member) == ([("1", "2")], "folder/data.csv")
    assert read(path, member="data.csv").cells == [("1", "2")]


def test_names_that_windows_wrote_in_gbk_are_understood(tmp_path: Path) -> None:
    path = zipped(tmp_path / "file.zip", xx__csv=b"a\n1\n")
    # Two bytes of GBK in the place of the two letters, without the mark of UTF-8.
    path.write_bytes(path.read_bytes().replace(b"xx.csv", "甲".encode("gbk") + b".csv"))
    assert read(path).blocks[0].member == "甲.csv"
    assert read(path, member="甲.csv").cells == [("1",)]


def test_a_member_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = zipped(tmp_path / "file.zip", scores__csv=b"a\n1\n")
    with pytest.raises(NoSuchMember, match=r"Did you mean scores\.csv\?"):
        open_source(path, SourceOptions(member="score.csv"))


def test_members_with_other_columns_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "file.zip", a__csv=b"id,name\n1,x\n", b__csv=b"id,score\n1,5\n")
    with pytest.raises(MembersDiffer, match=r"b\.csv does not have those of a\.csv"):
        open_source(path)


def test_locked_archives_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "file.zip", a__csv=b"a\n1\n")
    data = bytearray(path.read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(SourceEncrypted, match="locked with a password"):
        open_source(path)


def test_archives_within_archives_are_refused(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", a__csv=b"a\n1\n").read_bytes()
    for data in (inner, gzip.compress(b"a\n1\n")):
        with pytest.raises(NestedArchive):
            open_source(zipped(tmp_path / "file.zip", x__csv=data))
    with pytest.raises(NestedArchive):
        open_source(write(tmp_path / "file.gz", gzip.compress(gzip.compress(b"a\n1\n"))))


def test_archives_that_are_cut_off_or_empty_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "file.zip", a__csv=TEXT)
    with pytest.raises(SourceDamaged):
        open_source(write(tmp_path / "cut.zip", path.read_bytes()[:-100]))
    with pytest.raises(SourceEmpty):
        open_source(zipped(tmp_path / "none.zip"))
    with pytest.raises(SourceEmpty):
        open_source(zipped(tmp_path / "empty.zip", a__csv=b""))


def test_a_member_with_a_wrong_checksum_is_an_error_after_the_rows(tmp_path: Path) -> None:
    path = zipped(tmp_path / "file.zip", a__csv=TEXT)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 16] ^= 0xFF
    source = open_source(write(path, bytes(data)))
    blocks, error = read_until_error(source)
    assert (type(error), error.data["reason"]) == (SourceDamaged, "wrong CRC-32")
    assert sum(block.rows.num_rows for block in blocks) == 20_000


def test_archives_made_to_fill_the_disk_are_refused(tmp_path: Path) -> None:
    bomb = b"a,b\n" + b"1,2\n" * (20 << 20)
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(bomb)
    path = write(tmp_path / "file.csv.gz", packed.getvalue())
    with pytest.raises(ExpansionRefused, match="250 x"):
        list(open_source(path).blocks())
    with pytest.raises(ExpansionRefused, match="10 MiB"):
        list(open_source(path, SourceOptions(expansion_bytes=10 << 20)).blocks())
    with pytest.raises(ExpansionRefused, match="250 x"):
        open_source(zipped(tmp_path / "file.zip", a__csv=bomb))
    rows = sum(block.rows.num_rows for block in open_source(path, SourceOptions(expansion_ratio=2000)).blocks())
    assert rows == 20 << 20

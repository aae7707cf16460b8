"""Encodings: told or found out, and what happens to bytes that do not belong."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources_reading import content, read, write

from zhiyin.lake.sources import EncodingUnsure, SourceOptions, UnknownEncoding, open_source
from zhiyin.lake.sources.encodings import Transcoder, guess_encoding, is_utf8, known_encoding, undecodable

SIMPLIFIED = "客户号,姓名,意见\nC001,张伟,等候时间太长，柜台只开了一个\nC002,李娜,手机银行转账失败\n"
TRADITIONAL = "客戶號,姓名,意見\nC001,陳大文,等候時間太長，櫃台只開了一個\nC002,李小姐,手機銀行轉帳失敗\n"
WESTERN = "id,name,comment\n1,Müller,Très déçu du café à la gare\n2,García,El niño señaló la opción número cinco\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "utf-16", "utf-16-le"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-8", "utf-8"),
        ("a,b\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_encodings_are_found_out(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    source = open_source(write(tmp_path / "file.csv", text.encode(encoding)))
    assert source.info.encoding == found
    header, *rows = [tuple(line.split(",")) for line in text.splitlines()]
    assert source.info.columns == header
    assert content(source).cells == rows


def test_a_guessed_encoding_is_doubted(tmp_path: Path) -> None:
    codes = {doubt.code for doubt in open_source(write(tmp_path / "a", SIMPLIFIED.encode("gb18030"))).info.doubts}
    assert "encoding" in codes
    said = SourceOptions(encoding="gb18030")
    assert "encoding" not in {doubt.code for doubt in open_source(tmp_path / "a", said).info.doubts}


def test_a_few_bad_bytes_do_not_hide_utf_8(tmp_path: Path) -> None:
    text = (SIMPLIFIED * 30).encode() + b"C9,\xff\xfe,x\n"
    source = open_source(write(tmp_path / "file.csv", text))
    assert source.info.encoding == "utf-8"
    assert [row.reason for row in content(source).broken] == ["encoding"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "cp1252", "utf-16-le", "utf-16-be"])
def test_undecodable_bytes_break_only_their_row_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    bad = {"cp1252": b"\x81", "utf-16-le": b"\x00\xd8", "utf-16-be": b"\xd8\x00"}.get(encoding, b"\xff")
    text = "a,b\n1,é\n".encode(encoding) if encoding == "cp1252" else "a,b\n1,文\n".encode(encoding)
    text += "2,x".encode(encoding) + bad + "y\n3,z\n".encode(encoding)
    for block_bytes in (2, 7, 1 << 20):
        found = read(write(tmp_path / "file.csv", text), encoding=encoding, block_bytes=block_bytes)
        assert found.reasons == [(2, 3, "encoding")]
        assert found.broken[0].raw.startswith("2,x\N{REPLACEMENT CHARACTER}")
        assert found.rows == [1, 3]


def test_bars_within_gbk_characters_are_not_delimiters(tmp_path: Path) -> None:
    # The second byte of 坾 in GBK is that of "|".
    assert b"|" in "坾".encode("gbk")
    found = read(write(tmp_path / "file.dat", "a|+|b\n坾坾|+|亅\n".encode("gbk")), encoding="gbk", delimiter="|+|")
    assert found.cells == [("坾坾", "亅")]


def test_a_file_that_is_ascii_for_long_is_not_believed_to_be_utf_8(tmp_path: Path) -> None:
    rows = ["id,name", *(f"{number},plain" for number in range(200_000)), *("9,等候时间太长" for _ in range(50))]
    path = write(tmp_path / "file.csv", "\n".join(rows).encode("gb18030"))
    assert open_source(path).info.encoding == "gb18030"


def test_ascii_beyond_the_sample_then_another_encoding_stops_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiyin.lake.sources.preview._ASCII_READ", 0)
    rows = ["id,name", *(f"{number},plain" for number in range(120_000)), *("9,等候时间太长" for _ in range(5))]
    source = open_source(write(tmp_path / "file.csv", "\n".join(rows).encode("gb18030")))
    assert source.info.encoding == "utf-8"
    assert "encoding_ascii" in {doubt.code for doubt in source.info.doubts}
    with pytest.raises(EncodingUnsure, match="line 120002 and then not UTF-8; it could be gb18030"):
        list(source.blocks())


def test_encodings_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    for name in ("utf-9", "base64", ""):
        with pytest.raises(UnknownEncoding):
            open_source(write(tmp_path / "file.csv", "a\n1\n"), SourceOptions(encoding=name))


def test_names_of_encodings_are_widened() -> None:
    assert [known_encoding(name, "f") for name in ("GBK", "gb2312", "UTF8", "utf-8-sig", "latin-1")] == [
        "gb18030",
        "gb18030",
        "utf-8",
        "utf-8",
        "iso8859-1",
    ]


def test_a_sample_that_ends_within_a_character_is_judged_all_the_same() -> None:
    for encoding in ("utf-8", "gb18030", "big5"):
        text = (TRADITIONAL if encoding == "big5" else SIMPLIFIED).encode(encoding)
        for cut in range(len(text) // 2, len(text)):
            assert guess_encoding(text[:cut]).name == encoding


def test_characters_cut_between_pieces_are_put_together() -> None:
    data = "中文ab𠀀".encode("gb18030")
    for size in (1, 2, 3):
        transcoder = Transcoder("gb18030")
        pieces = [transcoder.feed(data[at : at + size]) for at in range(0, len(data), size)]
        assert b"".join([*pieces, transcoder.feed(b"", final=True)]) == "中文ab𠀀".encode()


def test_marks_of_undecodable_bytes_are_never_utf_8() -> None:
    for byte in range(0x80, 0x100):
        assert not is_utf8(Transcoder("ascii").feed(bytes((byte, byte))))
    assert undecodable(b"ok\xc3(" + "中".encode()) == [2]

"""What every source promises, whatever the format: one battery for all."""

from __future__ import annotations

import datetime as dt
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from sources_reading import content, write

import zhiyin.lake.sources as package
from zhiyin.errors import ZhiyinError
from zhiyin.lake.sources import LINE, ROW, Source, SourceError, SourceOptions, detect, open_source

TABLE = [("C1", "好", "5"), ("C2", None, "4"), ("C3", "a b", "98"), ("C4", "差", None), ("C5", "x", "1")]
NAMES = ("id", "comment", "score")


def delimited(folder: Path) -> Path:
    return write(folder / "file.csv", "\n".join(",".join(cell or "" for cell in row) for row in [NAMES, *TABLE]))


def fixed(folder: Path) -> Path:
    rows = ["".join((cell or "").encode("gbk").ljust(8).decode("gbk") for cell in row) for row in [NAMES, *TABLE]]
    return write(folder / "file.dat", "\n".join(rows).encode("gbk"))


def excel(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [NAMES, *TABLE]:
        book.active.append([int(cell) if cell and cell.isdigit() else cell for cell in row])
    book.save(folder / "file.xlsx")
    return folder / "file.xlsx"


def spss(folder: Path) -> Path:
    columns = list(zip(*TABLE, strict=True))
    frame = pd.DataFrame(
        {
            "id": columns[0],
            "comment": [cell or "" for cell in columns[1]],
            "score": [float(cell) if cell else None for cell in columns[2]],
        }
    )
    pyreadstat.write_sav(frame, str(folder / "file.sav"))
    return folder / "file.sav"


def jsonl(folder: Path) -> Path:
    rows = [dict(zip(NAMES, row, strict=True)) for row in TABLE]
    return write(folder / "file.jsonl", "".join(f"{row}\n".replace("'", '"').replace("None", "null") for row in rows))


def document(folder: Path) -> Path:
    return write(folder / "file.json", "[" + ",".join(jsonl(folder).read_text().splitlines()) + "]")


def parquet(folder: Path) -> Path:
    columns = dict(zip(NAMES, zip(*TABLE, strict=True), strict=True))
    pq.write_table(pa.table({name: list(cells) for name, cells in columns.items()}), folder / "file.parquet")
    return folder / "file.parquet"


def xes(folder: Path) -> Path:
    def event(row: tuple[str | None, ...]) -> str:
        cells = zip(NAMES, row, strict=True)
        return "<event>" + "".join(f'<string key="{name}" value="{cell or ""}"/>' for name, cell in cells) + "</event>"

    return write(folder / "file.xes", "<log><trace>" + "".join(event(row) for row in TABLE) + "</trace></log>")


def archive(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "file.zip", "w") as archive_file:
        archive_file.write(parquet(folder), "file.parquet")
    return folder / "file.zip"


MAKERS: list[tuple[Callable[[Path], Path], SourceOptions]] = [
    (delimited, SourceOptions()),
    (fixed, SourceOptions(widths=(8, 8, 8), header=True)),
    (excel, SourceOptions()),
    (spss, SourceOptions()),
    (jsonl, SourceOptions()),
    (document, SourceOptions()),
    (parquet, SourceOptions()),
    (xes, SourceOptions()),
    (archive, SourceOptions()),
]


@pytest.fixture(params=MAKERS, ids=lambda made: made[0].__name__)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, SourceOptions]:
    """A file of each format with the same table, and how to read it."""
    maker, options = request.param
    return maker(tmp_path), options


ERRORS = [kind for kind in vars(package).values() if isinstance(kind, type) and issubclass(kind, SourceError)]


def with_small_blocks(options: SourceOptions) -> SourceOptions:
    said = {name: getattr(options, name) for name in ("widths", "header")}
    return SourceOptions(**said, block_bytes=20, block_cells=6)


def test_the_same_table_comes_from_every_format(made: tuple[Path, SourceOptions]) -> None:
    path, options = made
    source = open_source(path, options)
    assert isinstance(source, Source)
    assert source.info.columns == NAMES
    assert source.info.size == path.stat().st_size
    found = content(source)
    assert found.cells == TABLE
    assert (found.rows, found.broken) == ([1, 2, 3, 4, 5], [])


def test_blocks_are_text_with_two_counts(made: tuple[Path, SourceOptions]) -> None:
    path, options = made
    schema = pa.schema([*((name, pa.string()) for name in NAMES), (ROW, pa.int64()), (LINE, pa.int64())])
    for said in (options, with_small_blocks(options)):
        assert [block.rows.schema for block in open_source(path, said).blocks()] == [schema] * len(
            content(open_source(path, said)).blocks
        )


def test_blocks_come_again_and_can_be_skipped(made: tuple[Path, SourceOptions]) -> None:
    path, options = made
    source = open_source(path, with_small_blocks(options))
    found = content(source)
    assert len(found.blocks) > 1
    assert found.cells == TABLE
    assert [block.index for block in found.blocks] == list(range(len(found.blocks)))
    positions = [block.bytes_read for block in found.blocks]
    assert positions == sorted(positions)
    assert positions[-1] <= path.stat().st_size
    for skip in range(len(found.blocks) + 2):
        assert content(source, skip=skip).blocks == found.blocks[skip:]
        assert content(open_source(path, with_small_blocks(options)), skip=skip).blocks == found.blocks[skip:]


def test_what_was_found_out_can_be_told(made: tuple[Path, SourceOptions]) -> None:
    path, options = made
    found = detect(path, options)
    assert (found.path, found.info) == (path, open_source(path, options).info)
    assert found.options.format == found.info.format
    again = open_source(path, found.options)
    assert again.info.columns == found.info.columns
    assert content(again).cells == TABLE


def test_a_source_can_be_left_before_its_end(made: tuple[Path, SourceOptions]) -> None:
    path, options = made
    blocks = open_source(path, with_small_blocks(options)).blocks()
    next(blocks)
    blocks.close()
    path.unlink()


def test_the_front_door_lists_what_can_be_had() -> None:
    assert package.__all__ == sorted(
        package.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name)
    )
    assert [name for name in package.__all__ if not hasattr(package, name)] == []


@pytest.mark.parametrize("kind", ERRORS)
def test_errors_name_the_file_in_both_languages_and_can_be_sent(kind: type[SourceError]) -> None:
    fields = {name: f"<{name}>" for _, name, _, _ in Formatter().parse(kind.message) if name not in (None, "file")}
    error: ZhiyinError = kind(file="/data/in/scores.csv", **fields)
    assert error.code.startswith("source")
    assert error.text("en").startswith("/data/in/scores.csv")
    assert error.text("zh")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.data) == (kind, error.data)


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in ERRORS]
    assert len(codes) == len(set(codes))


def test_dates_are_written_alike_in_all_formats(tmp_path: Path) -> None:
    when, day = dt.datetime(2024, 3, 1, 10, 20, 30), dt.date(2024, 3, 1)
    book = openpyxl.Workbook()
    book.active.append(["when", "day"])
    book.active.append([when, day])
    book.save(tmp_path / "file.xlsx")
    pq.write_table(pa.table({"when": [when], "day": [day]}), tmp_path / "file.parquet")
    pyreadstat.write_sav(pd.DataFrame({"when": [when], "day": [day]}), str(tmp_path / "file.sav"))
    for name in ("file.xlsx", "file.parquet", "file.sav"):
        assert content(open_source(tmp_path / name)).cells == [("2024-03-01T10:20:30", "2024-03-01")]

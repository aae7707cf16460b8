"""SPSS files: codes stay codes, and what they mean stands beside."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from sources_reading import content, read, write

from zhiyin.lake.sources import SourceOptions, TooManyColumns, WrongFormat, open_source


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """Three respondents; 97 to 99 are declared missing."""
    answers = pd.DataFrame(
        {
            "q1": [5.0, 98.0, None],
            "weight": [1.5, 0.1, 2.0],
            "name": ["张三", "b ", ""],
            "day": [dt.date(2024, 3, 1), None, dt.date(2020, 2, 29)],
            "time": [dt.datetime(2024, 3, 1, 10), dt.datetime(2024, 3, 1, 10, 0, 0, 500_000), None],
        }
    )
    path = tmp_path / "survey.sav"
    pyreadstat.write_sav(
        answers,
        str(path),
        column_labels={"q1": "总体满意度"},
        variable_value_labels={"q1": {1.0: "很不满意", 5.0: "很满意", 98.0: "拒答"}},
        missing_ranges={"q1": [{"lo": 97, "hi": 99}, {"lo": 0, "hi": 0}]},
    )
    return path


def test_values_are_codes_and_dates_iso(survey: Path) -> None:
    found = read(survey)
    assert found.cells == [
        ("5", "1.5", "张三", "2024-03-01", "2024-03-01T10:00:00"),
        ("98", "0.1", "b", None, "2024-03-01T10:00:00.500000"),
        (None, "2", None, "2020-02-29", None),
    ]
    assert (found.rows, found.lines, found.broken) == ([1, 2, 3], [1, 2, 3], [])


def test_labels_and_missing_codes_stand_in_the_info(survey: Path) -> None:
    info = open_source(survey).info
    assert (info.format, info.rows, info.columns) == ("spss", 3, ("q1", "weight", "name", "day", "time"))
    assert info.labels == {"q1": "总体满意度"}
    assert info.value_labels == {"q1": {"1": "很不满意", "5": "很满意", "98": "拒答"}}
    assert info.missing == {"q1": ("97..99", "0")}


@pytest.mark.parametrize("cells", [5, 10, 1000])
def test_blocks_follow_each_other(survey: Path, cells: int) -> None:
    source = open_source(survey, SourceOptions(block_cells=cells))
    found = content(source)
    assert found.cells == read(survey).cells
    assert found.rows == [1, 2, 3]
    assert content(source, skip=1).blocks == found.blocks[1:]
    assert found.blocks[-1].bytes_read == survey.stat().st_size


def test_compressed_and_packed_files_are_read(survey: Path, tmp_path: Path) -> None:
    frame, _ = pyreadstat.read_sav(str(survey), user_missing=True)
    pyreadstat.write_sav(frame[["q1", "weight"]], str(tmp_path / "survey.zsav"), row_compress=True)
    assert [row[:2] for row in read(tmp_path / "survey.zsav").cells] == [row[:2] for row in read(survey).cells]
    assert read(write(tmp_path / "survey.sav.gz", gzip.compress(survey.read_bytes()))).cells == read(survey).cells


def test_whole_columns_of_missing_values_are_null(tmp_path: Path) -> None:
    path = tmp_path / "file.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [np.nan, np.nan], "b": [1.0, 2.0**60]}), str(path))
    assert read(path).cells == [(None, "1"), (None, "1152921504606846976")]


def test_damaged_and_excessive_files_are_refused(survey: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongFormat, match=r"cut\.sav is not readable as spss"):
        open_source(write(tmp_path / "cut.sav", survey.read_bytes()[:150]))
    with pytest.raises(TooManyColumns):
        open_source(survey, SourceOptions(most_columns=4))

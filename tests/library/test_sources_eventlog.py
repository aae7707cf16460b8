"""Event logs in XES."""

from __future__ import annotations

import gzip
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from sources_reading import content, read, read_until_error, write

from zhiyin.lake.sources import (
    SourceDamaged,
    SourceOptions,
    SourceTruncated,
    TooManyColumns,
    UnsafeDeclaration,
    open_source,
)

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
 <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
 <global scope="event"><string key="concept:name" value="none"/></global>
 <classifier name="Activity" keys="concept:name"/>
 <string key="concept:name" value="the log"/>
 <trace>
  <string key="concept:name" value="贷款-1"/>
  <event>
   <string key="concept:name" value="提交 &amp; 登记"/>
   <date key="time:timestamp" value="2024-01-01T10:00:00.000+08:00"/>
   <float key="cost" value="1.50"><string key="currency" value="CNY"/></float>
  </event>
  <event>
   <string key="concept:name" value="B"/>
   <list key="docs"><values><string key="doc" value="x"/>
    <list key="more"><int key="n" value="1"/></list></values></list>
   <string key="empty" value=""/>
  </event>
  <int key="AMOUNT" value="5000"/>
 </trace>
 <trace><string key="concept:name" value="贷款-2"/></trace>
 <event><string key="concept:name" value="alone"/></event>
</log>"""


def test_events_become_rows_with_their_case(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "log.xes", LOG))
    assert (source.info.format, source.info.rows) == ("xes", 4)
    assert source.info.columns == (
        "case:concept:name",
        "case:AMOUNT",
        "concept:name",
        "time:timestamp",
        "cost",
        "cost.currency",
        "docs",
        "empty",
    )
    found = content(source)
    assert found.cells == [
        ("贷款-1", "5000", "提交 & 登记", "2024-01-01T10:00:00.000+08:00", "1.50", "CNY", None, None),
        ("贷款-1", "5000", "B", None, None, None, '[{"doc": "x"}, {"more": [{"n": "1"}]}]', None),
        (None, None, "alone", None, None, None, None, None),
    ]
    assert (found.rows, found.lines) == ([1, 2, 4], [9, 14, 23])
    assert found.reasons == [(3, 22, "no_events")]
    assert found.broken[0].raw == '[{"concept:name": "贷款-2"}]'


def test_other_encodings_and_packed_logs_are_read(tmp_path: Path) -> None:
    plain = read(write(tmp_path / "log.xes", LOG)).cells
    for encoding in ("gb18030", "utf-16", "big5"):
        text = LOG.replace("UTF-8", encoding).replace("贷款", "中文").replace("提交", "交").replace("登记", "文")
        assert len(read(write(tmp_path / "log.xes", text.encode(encoding))).cells) == 3
    assert read(write(tmp_path / "log.xes.gz", gzip.compress(LOG.encode()))).cells == plain


def test_elements_with_a_prefix_are_read(tmp_path: Path) -> None:
    text = '<x:log xmlns:x="u"><x:trace><x:event><x:string key="a" value="1"/></x:event></x:trace></x:log>'
    assert read(write(tmp_path / "log.xes", text)).cells == [("1",)]


def test_a_key_that_comes_twice_breaks_its_event(tmp_path: Path) -> None:
    text = (
        '<log><trace><string key="id" value="1"/><event><string key="a" value="1"/><string key="a" value="2"/></event>'
        '<event><string key="a" value="3"/></event></trace>'
        '<trace><string key="id" value="2"/><string key="id" value="3"/>'
        '<event><string key="a" value="4"/></event></trace></log>'
    )
    found = read(write(tmp_path / "log.xes", text))
    assert (found.cells, found.rows) == ([("1", "3")], [2])
    assert [(row.row, row.reason, row.column) for row in found.broken] == [
        (1, "repeated_name", "a"),
        (3, "repeated_name", "case:id"),
    ]


@pytest.mark.parametrize(
    "declaration",
    ['<!DOCTYPE log [<!ENTITY a "b">]>', '<!DOCTYPE log SYSTEM "http://example.org/log.dtd">', "<!DOCTYPE log>"],
)
def test_declarations_are_refused(tmp_path: Path, declaration: str) -> None:
    with pytest.raises(UnsafeDeclaration):
        open_source(write(tmp_path / "log.xes", LOG.replace("<log", declaration + "<log", 1)))


def test_a_log_cut_off_is_an_error_after_its_whole_cases(tmp_path: Path) -> None:
    case = '<trace><string key="id" value="1"/><event><string key="a" value="1"/></event></trace>\n'
    text = ("<log>" + case * 100)[:-30]
    blocks, error = read_until_error(open_source(write(tmp_path / "log.xes", text)))
    assert (type(error), error.data["rows"]) == (SourceTruncated, 99)
    assert sum(block.rows.num_rows for block in blocks) == 99
    blocks, error = read_until_error(
        open_source(write(tmp_path / "log.xes", "<log>" + case * 3 + "<trace></log>" + case))
    )
    assert (type(error), error.data["rows"]) == (SourceDamaged if len(text) > 1 << 18 else SourceTruncated, 3)


def test_blocks_follow_each_other(tmp_path: Path) -> None:
    case = "".join(f'<event><int key="n" value="{number}"/></event>' for number in range(5))
    source = open_source(
        write(tmp_path / "log.xes", f"<log>{f'<trace>{case}</trace>' * 4}</log>"), SourceOptions(block_cells=3)
    )
    found = content(source)
    assert [block.rows.num_rows for block in found.blocks] == [3] * 6 + [2]
    assert content(source, skip=4).blocks == found.blocks[4:]
    with pytest.raises(TooManyColumns):
        open_source(write(tmp_path / "other.xes", LOG), SourceOptions(most_columns=5))


@pytest.mark.slow
def test_the_loan_log_of_2012_has_its_published_counts(shared_data: Path) -> None:
    source = open_source(shared_data / "bpic2012" / "bpic2012.xes.gz")
    assert source.info.rows == 262_200
    found = content(source)
    columns = source.info.columns
    cases = [row[columns.index("case:concept:name")] for row in found.cells]
    assert (len(found.cells), len(set(cases)), found.broken) == (262_200, 13_087, [])
    assert found.rows == list(range(1, 262_201))
    # A case's events stand together, and cases come in the order of the log.
    changes = sum(1 for before, after in pairwise(cases) if before != after)
    assert changes == 13_086
    activities = Counter(row[columns.index("concept:name")] for row in found.cells)
    assert len(activities) == 24
    decided = [activities[name] for name in ("A_APPROVED", "A_DECLINED", "A_CANCELLED")]
    assert decided == [2_246, 7_635, 2_807]

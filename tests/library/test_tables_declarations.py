"""Properties that every declared table keeps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhiyin.tables import (
    BASE_TABLES,
    DERIVED_TABLES,
    SEQUENCE,
    TABLES,
    VOCABULARIES,
    Column,
    Kind,
    NotBefore,
    Privacy,
    Table,
    UnknownColumn,
    UnknownTable,
    WithinScale,
    table,
    vocabulary,
)

COLUMNS = [(t, c) for t in TABLES.values() for c in t.columns]
EVERY_TABLE = pytest.mark.parametrize("declared", TABLES.values(), ids=lambda t: t.name)


def test_tables_have_names_of_their_own():
    assert len(TABLES) == len(BASE_TABLES) + len(DERIVED_TABLES)


@EVERY_TABLE
def test_table_explains_a_row_in_both_languages(declared: Table):
    assert _has_chinese(declared.zh)
    assert declared.en.strip() != ""


@EVERY_TABLE
def test_table_name_is_plural(declared: Table):
    assert declared.name.endswith("s") or declared.name == "staff"


@EVERY_TABLE
def test_table_is_found_by_its_name(declared: Table):
    assert table(declared.name) is declared


@EVERY_TABLE
def test_table_leaves_the_sequence_to_the_lake(declared: Table):
    assert SEQUENCE not in declared.column_names


@EVERY_TABLE
def test_table_prunes_by_an_instant(declared: Table):
    assert declared.time is None or declared.column(declared.time).kind is Kind.TIME


@EVERY_TABLE
def test_rules_name_columns_of_the_right_kind(declared: Table):
    for rule in declared.rules:
        if isinstance(rule, NotBefore):
            kinds = {declared.column(rule.later).kind, declared.column(rule.earlier).kind}
            assert len(kinds) == 1
            assert kinds <= {Kind.TIME, Kind.DATE}
        else:
            assert isinstance(rule, WithinScale)
            value, scale = declared.column(rule.value), declared.column(rule.scale)
            assert value.kind in {Kind.SMALL, Kind.INTEGER}
            assert {name for name, _, _ in rule.limits} <= set(scale.allowed)
            assert all(low < high for _, low, high in rule.limits)
            assert min(low for _, low, _ in rule.limits) == value.minimum
            assert max(high for _, _, high in rule.limits) == value.maximum


@EVERY_TABLE
def test_table_that_is_ingested_says_when_it_was_recorded_if_it_has_a_time(declared: Table):
    if declared.time is not None:
        assert declared.column("recorded_us").kind is Kind.TIME


def test_columns_mean_something_in_both_languages():
    assert _where(lambda c: not c.zh.strip() or c.zh.isascii()) == []
    assert _where(lambda c: not c.en.strip() or _has_chinese(c.en)) == []


def test_columns_refer_to_the_first_key_of_a_declared_table():
    referring = [(t, c, *c.refers.split(".")) for t, c in COLUMNS if c.refers is not None]
    assert [f"{t.name}.{c.name}" for t, c, target, name in referring if table(target).key[0] != name] == []
    assert [f"{t.name}.{c.name}" for t, c, _, _ in referring if c.kind is not Kind.KEY] == []


def test_columns_name_existing_vocabularies():
    assert _where(lambda c: c.vocabulary is not None and c.vocabulary not in VOCABULARIES) == []
    assert _where(lambda c: c.vocabulary is not None and c.kind is not Kind.CODE) == []


def test_columns_have_either_a_closed_list_or_a_vocabulary():
    assert _where(lambda c: bool(c.allowed) and c.vocabulary is not None) == []
    assert _where(lambda c: len(c.allowed) != len(set(c.allowed))) == []


def test_columns_hold_no_class_c3():
    assert _where(lambda c: c.privacy not in {Privacy.PUBLIC, Privacy.C1, Privacy.C2}) == []


def test_columns_say_their_kind_by_their_name():
    assert _where(lambda c: c.name != c.name.lower() or not c.name.isidentifier()) == []
    assert _where(lambda c: c.name.endswith("_us") != (c.kind in {Kind.TIME, Kind.SPAN})) == []
    assert _where(lambda c: c.name.endswith("_cents") != (c.kind is Kind.MONEY)) == []
    assert _where(lambda c: c.name.startswith(("is_", "has_")) != (c.kind is Kind.FLAG)) == []


def test_columns_of_free_text_written_by_customers_are_class_c2():
    assert table("responses").column("comment").privacy is Privacy.C2
    assert table("requests").column("narrative").privacy is Privacy.C2


def test_columns_with_a_range_are_numbers():
    numbers = {Kind.INTEGER, Kind.SMALL, Kind.NUMBER, Kind.MONEY}
    ranged = [(t, c) for t, c in COLUMNS if c.minimum is not None or c.maximum is not None]
    assert [f"{t.name}.{c.name}" for t, c in ranged if c.kind not in numbers] == []
    both = [(t, c, c.minimum, c.maximum) for t, c in ranged if c.minimum is not None and c.maximum is not None]
    assert [f"{t.name}.{c.name}" for t, c, low, high in both if low > high] == []


def test_request_types_of_table_and_vocabulary_agree():
    assert table("requests").column("type").allowed == vocabulary("request_types").codes


def test_column_of_class_c3_is_refused():
    with pytest.raises(ValueError, match="never enters the lake"):
        Column("fingerprint", Kind.CODE, "fingerprint", "指纹", privacy=Privacy.C3)


@pytest.mark.parametrize(
    ("name", "kind", "suffix"),
    [
        ("sent_at", Kind.TIME, "_us"),
        ("amount", Kind.MONEY, "_cents"),
        ("born", Kind.DATE, "_on"),
        ("gap", Kind.SPAN, "_us"),
    ],
)
def test_column_with_a_name_of_another_kind_is_refused(name: str, kind: Kind, suffix: str):
    with pytest.raises(ValueError, match=suffix):
        Column(name, kind, "x", "某")


def test_flag_without_is_or_has_is_refused():
    with pytest.raises(ValueError, match="is_ or has_"):
        Column("timely", Kind.FLAG, "x", "某")


def test_table_with_a_column_twice_is_refused():
    column = Column("unit_id", Kind.KEY, "unit", "机构")
    with pytest.raises(ValueError, match="declared twice"):
        Table("doubles", "a row", "一行", (column, column), key=("unit_id",))


def test_table_with_an_unknown_key_is_refused():
    column = Column("unit_id", Kind.KEY, "unit", "机构")
    with pytest.raises(ValueError, match="unknown columns"):
        Table("doubles", "a row", "一行", (column,), key=("unit",))


def test_required_columns_are_the_key_and_those_marked():
    assert table("lines").required == ("line_id", "legal_entity_id", "name")


def test_texts_are_the_free_text_columns():
    assert table("reviews").texts == ("title", "body")


def test_unknown_table_suggests_the_nearest():
    with pytest.raises(UnknownTable) as caught:
        table("respones")
    assert str(caught.value) == "There is no table respones. Did you mean responses?"


def test_unknown_column_suggests_the_nearest():
    with pytest.raises(UnknownColumn) as caught:
        table("customers").column("birthyear")
    assert str(caught.value) == "Table customers has no column birthyear. Did you mean birth_year?"


def _where(wrong: Callable[[Column], bool]) -> list[str]:
    return [f"{declared.name}.{column.name}" for declared, column in COLUMNS if wrong(column)]


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)

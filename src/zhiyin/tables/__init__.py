"""The vocabulary: every table of Zhiyin declared once, with what each column means in Chinese and English.

Import mappings, checks, masking, storage, documents and figures all read these declarations; nothing repeats them.
"""

from __future__ import annotations

from zhiyin.tables.base import SEQUENCE, Column, Kind, NotBefore, Privacy, Rule, Table, UnknownColumn, WithinScale
from zhiyin.tables.catalogue import BASE_TABLES, DERIVED_TABLES, TABLES, UnknownTable, table
from zhiyin.tables.vocabulary import (
    VOCABULARIES,
    Certainty,
    Entry,
    Field,
    FieldKind,
    UnknownCode,
    UnknownVocabulary,
    Vocabulary,
    vocabulary,
)

__all__ = [
    "BASE_TABLES",
    "DERIVED_TABLES",
    "SEQUENCE",
    "TABLES",
    "VOCABULARIES",
    "Certainty",
    "Column",
    "Entry",
    "Field",
    "FieldKind",
    "Kind",
    "NotBefore",
    "Privacy",
    "Rule",
    "Table",
    "UnknownCode",
    "UnknownColumn",
    "UnknownTable",
    "UnknownVocabulary",
    "Vocabulary",
    "WithinScale",
    "table",
    "vocabulary",
]

"""All declared tables by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from zhiyin.errors import ZhiyinError
from zhiyin.tables import customers, derived, organisation, service, voice
from zhiyin.tables.base import Table

BASE_TABLES: Final[tuple[Table, ...]] = (
    organisation.LEGAL_ENTITIES,
    organisation.UNITS,
    organisation.LINES,
    organisation.STAFF,
    organisation.POSTS,
    customers.CUSTOMERS,
    customers.PRODUCTS,
    customers.HOLDINGS,
    customers.TRANSACTIONS,
    service.INTERACTIONS,
    service.CONTACTS,
    service.EVENTS,
    voice.INVITATIONS,
    voice.RESPONSES,
    voice.REVIEWS,
    voice.REQUESTS,
)
"""Tables that are ingested or published."""

DERIVED_TABLES: Final[tuple[Table, ...]] = (derived.STEPS, derived.JOURNEYS, derived.ACTIVITIES)
"""Tables that the lake makes from interactions."""

TABLES: Final[Mapping[str, Table]] = MappingProxyType({t.name: t for t in (*BASE_TABLES, *DERIVED_TABLES)})
"""Every declared table by its name."""


class UnknownTable(ZhiyinError):
    """A table was named that is not declared."""

    code = "tables.unknown_table"
    message = "There is no table {table}."


def table(name: str) -> Table:
    """The declared table of that name.

    Raises
    ------
    UnknownTable : with the nearest name as a suggestion.
    """
    try:
        return TABLES[name]
    except KeyError:
        raise UnknownTable(table=name, choices=tuple(TABLES)) from None

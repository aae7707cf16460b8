"""The whole bank but its rows: what every chunk needs to know, made from the seed alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.change import Change, plan_change
from zhiyin.bank.days import Days, make_days
from zhiyin.bank.effects import Effects, draw_effects
from zhiyin.bank.journeys import Network, make_network
from zhiyin.bank.organisation import Organisation, make_organisation
from zhiyin.bank.people import BLOCK, People, make_people
from zhiyin.bank.scenario import Scenario
from zhiyin.bank.staffing import Staffing, make_staffing


@dataclass(frozen=True)
class Order:
    """What was asked for: :func:`zhiyin.bank.make_bank` with these arguments makes these bytes."""

    customers: int
    months: int
    seed: int
    until: date
    scenario: Scenario

    @property
    def blocks(self) -> int:
        """Number of blocks of customers."""
        return -(-self.customers // BLOCK)


@dataclass(frozen=True, eq=False)
class Plan:
    """Calendar, organisation, staff, journeys and planted effects of the ordered bank."""

    order: Order
    days: Days
    bank: Organisation
    staffing: Staffing
    network: Network
    change: Change
    effects: Effects
    serving: NDArray[np.int64]
    """Unit that serves in place of each unit in each month (its heir once merged, its parent before it opens)."""

    made: dict[int, People] = field(default_factory=dict, repr=False)
    """Blocks of customers made so far."""

    def people(self, block: int) -> People:
        """Customers of a block, made when first asked for."""
        if block not in self.made:
            order = self.order
            self.made[block] = make_people(block, order.customers, self.bank, self.staffing, self.days, order.seed)
        return self.made[block]


def make_plan(order: Order) -> Plan:
    """Lay out the bank."""
    days = make_days(order.months, order.until, order.seed)
    bank = make_organisation(order.customers, days, order.seed)
    staffing = make_staffing(order.customers, bank, days, order.seed)
    change = plan_change(bank, days, order.scenario, order.seed)
    effects = draw_effects(bank, staffing, order.scenario, order.seed)
    return Plan(order, days, bank, staffing, make_network(), change, effects, _serving(bank, days.months))


def _serving(bank: Organisation, months: int) -> NDArray[np.int64]:
    serving = np.tile(np.arange(len(bank.unit_ids), dtype=np.int64), (months, 1))
    parents = {row.unit_id: row.parent_id for row in bank.rows}
    for unit, opens in enumerate(bank.opens):
        if opens:
            serving[:opens, unit] = bank.unit_ids.index(str(parents[bank.unit_ids[unit]]))
    for unit, heir in bank.heir.items():
        serving[bank.closes[unit] :, unit] = heir
    return serving

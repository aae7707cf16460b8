"""Customers of the bank: who they are, what they hold, and what no bank can see about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes
from zhiyin.bank.days import EPOCH, Days
from zhiyin.bank.organisation import Organisation
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.staffing import ROLES, Staffing
from zhiyin.bank.streams import stream

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

LOANS: Final = ("consumer_loan", "mortgage", "personal_business_loan", "small_business_loan")
BLOCK: Final = 250_000
"""Customers made together."""

STAGES: Final = Codes(
    (
        "child",
        "student",
        "first_job",
        "single",
        "new_couple",
        "young_family",
        "school_family",
        "established",
        "pre_retirement",
        "retired",
        "elder",
    )
)
TIERS: Final = Codes(("mass", "emerging", "affluent", "wealthy", "private"))
RISKS: Final = Codes(("C1", "C2", "C3", "C4", "C5"))
GENDERS: Final = Codes(("female", "male", "unknown"))
INDUSTRIES: Final = Codes(
    (
        "manufacturing",
        "wholesale_retail",
        "construction",
        "transport",
        "hospitality",
        "information",
        "finance",
        "real_estate",
        "education",
        "health",
        "public_service",
        "agriculture",
        "culture",
        "services",
        "none",
    )
)


@dataclass(frozen=True, slots=True)
class Products:
    """The shelf, by number."""

    ids: tuple[str, ...]
    categories: tuple[str, ...]
    lines: tuple[str, ...]
    who: tuple[str, ...]
    held: tuple[float, ...]

    def having(self, *categories: str) -> list[int]:
        """Numbers of the products of some categories."""
        return [k for k, category in enumerate(self.categories) if category in categories]


def make_products() -> Products:
    """The shelf of ``parameters/products.toml``."""
    rows = load_parameters("products")["products"]
    return Products(*(tuple(row[key] for row in rows) for key in ("id", "category", "line", "who", "held")))


@dataclass(frozen=True)
class People:
    """One block of customers as arrays; positions count from ``first``.

    ``feeling`` is how much happier (points of 100) a customer is than others whatever happens; ``readiness`` the
    logarithm of the odds by which a customer answers more often than others; both are known to no bank.
    ``readiness_seen`` is the part of it that follows from what the bank can see.
    """

    first: int
    company: Flags
    birth_year: Ints
    age: Ints
    stage: Ints
    tier: Ints
    gender: Ints
    industry: Ints
    unit: Ints
    manager: Ints
    opened: Ints
    closed: Ints
    risk: Ints
    english: Flags
    digital: Flags
    vulnerable: Flags
    feeling: Floats
    readiness_seen: Floats
    readiness: Floats
    activity: Floats
    strained: Flags
    """Short of money: where there is debt, there are arrears."""
    holds: Flags
    """Products held, shape (products, customers)."""
    products: Products

    def __len__(self) -> int:
        return self.company.size

    @cached_property
    def groups(self) -> dict[str, Flags]:
        """Who belongs to the groups that journeys and products name."""
        person = ~self.company
        adult = person & (self.age >= 18)
        groups = {
            "all": np.ones(len(self), dtype=np.bool_),
            "person": person,
            "company": self.company,
            "adult": adult,
            "digital": self.digital,
            "worker": adult & (self.age >= 21) & (self.age < 60),
            "young": adult & (self.age < 32),
            "senior": person & (self.age >= 55),
            "family": adult & (self.age >= 26) & (self.age < 56),
            "saver": adult & ((self.tier > 0) | (self.age >= 45)),
            "investor": adult & ((self.tier > 0) | ((self.age >= 25) & (self.age < 65))),
            "affluent": self.tier >= 2,
            "private": self.tier >= 4,
        }
        if self.holds.size:
            groups["paid"] = self._holds_any("payroll", "social_security_card")
            groups["card"] = self._holds_any("credit_card")
            groups["borrower"] = self._holds_any(*LOANS)
            groups["debtor"] = self._holds_any(*LOANS, "credit_card") & self.strained
        return groups

    @cached_property
    def by_activity(self) -> Ints:
        """Positions of the customers, the most active first."""
        return np.argsort(-self.activity, kind="stable")

    @cached_property
    def ranked(self) -> dict[str, Ints]:
        """Members of each group, the most active first."""
        return {name: self.by_activity[members[self.by_activity]] for name, members in self.groups.items()}

    def _holds_any(self, *categories: str) -> Flags:
        held: Flags = np.logical_or.reduce(self.holds[self.products.having(*categories)], axis=0)
        return held


def make_people(block: int, customers: int, bank: Organisation, staffing: Staffing, days: Days, seed: int) -> People:
    """The customers of one block."""
    first = block * BLOCK
    count = min(BLOCK, customers - first)
    rng = stream(seed, "people", block)
    company = rng.random(count) < 0.05
    age = _ages(rng, count)
    age[company] = 40
    tier = _tiers(rng, age, company)
    stage = _stages(rng, age)
    digital = rng.random(count) < np.interp(age, [6, 16, 20, 45, 60, 70, 80], [0.1, 0.6, 0.93, 0.88, 0.55, 0.32, 0.12])
    digital[company] = rng.random(int(company.sum())) < 0.82
    unit = _home_units(rng, bank, count)
    last_day = int(days.month_starts[-1])
    opened = np.where(rng.random(count) < 0.9, -rng.integers(30, 4_000, count), rng.integers(0, last_day, count))
    leaves = rng.random(count) < 0.015 * days.months / 12
    closed = np.where(leaves, np.maximum(opened + 40, rng.integers(0, last_day + 1, count)), last_day + 10_000)
    feeling = rng.normal(0.0, 6.0, count) + np.array([0.0, 0.4, 0.8, 1.2, 1.5])[tier]
    feeling += np.interp(age, [18, 30, 45, 65, 85], [-0.5, -1.5, -0.5, 1.5, 2.5])
    seen = np.interp(age, [18, 25, 40, 60, 75, 90], [-0.3, -0.1, 0.15, 0.35, 0.1, -0.5]) + np.where(
        digital, 0.15, -0.15
    )
    manager_draw = rng.random(count, dtype=np.float32)
    managed = (tier >= 2) | company | (manager_draw < 0.03)
    role = np.where(company, ROLES.index("corporate_manager"), ROLES.index("relationship_manager"))
    manager = staffing.on_duty(
        np.where(managed, role, -1), np.full(count, days.months - 1), unit, rng.random(count, dtype=np.float32)
    )
    products = make_products()
    risk = np.clip(np.round(rng.normal(2.4 - (age - 45) * 0.02, 1.0)), 0, 4).astype(np.int64)
    people = People(
        first=first,
        company=company,
        birth_year=days.until.year - age,
        age=age,
        stage=stage,
        tier=tier,
        gender=np.where(rng.random(count) < 0.003, 2, rng.integers(0, 2, count)),
        industry=np.where((age < 20) | (age >= 62), 14, rng.integers(0, 14, count)),
        unit=unit,
        manager=manager,
        opened=opened,
        closed=closed,
        risk=risk,
        english=rng.random(count) < 0.008,
        digital=digital,
        vulnerable=~company & (rng.random(count) < np.where(age >= 75, 0.3, 0.012)),
        feeling=feeling.astype(np.float32),
        readiness_seen=seen.astype(np.float32),
        readiness=(seen + rng.normal(0.0, 0.5, count)).astype(np.float32),
        activity=rng.standard_normal(count, dtype=np.float32),
        strained=rng.random(count) < 0.3,
        holds=np.empty((0, 0), dtype=np.bool_),
        products=products,
    )
    return replace(people, holds=_holds(rng, people))


def _ages(rng: np.random.Generator, count: int) -> Ints:
    quantiles = np.linspace(0.0, 1.0, 12)
    ages = np.array([6, 19, 24, 29, 34, 39, 44, 50, 56, 63, 71, 93], dtype=np.float64)
    return np.interp(rng.random(count), quantiles, ages).astype(np.int64)


def _tiers(rng: np.random.Generator, age: Ints, company: Flags) -> Ints:
    score = rng.normal(0.0, 1.0, age.size) + np.interp(age, [10, 25, 45, 60, 90], [-2.5, -0.5, 0.25, 0.35, 0.1])
    tier = np.searchsorted([0.6, 1.3, 1.95, 2.75], score)
    tier[company] = 0
    return tier.astype(np.int64)


def _stages(rng: np.random.Generator, age: Ints) -> Ints:
    """A stage of life that the age allows: see the vocabulary ``life_stages``."""
    draw = rng.random(age.size)
    stage = np.full(age.size, STAGES["child"])
    for low, high, choices in (
        (18, 21, ("student",)),
        (22, 23, ("student", "first_job")),
        (24, 24, ("first_job",)),
        (25, 26, ("first_job", "single", "new_couple")),
        (27, 27, ("first_job", "single", "new_couple", "young_family")),
        (28, 32, ("single", "new_couple", "young_family")),
        (33, 35, ("single", "young_family", "school_family")),
        (36, 39, ("young_family", "school_family")),
        (40, 49, ("school_family", "established")),
        (50, 54, ("established", "pre_retirement")),
        (55, 60, ("pre_retirement", "retired")),
        (61, 74, ("retired",)),
        (75, 200, ("elder",)),
    ):
        within = (age >= low) & (age <= high)
        options = np.array([STAGES[name] for name in choices])
        stage[within] = options[(draw[within] * options.size).astype(np.int64)]
    return stage


def _home_units(rng: np.random.Generator, bank: Organisation, count: int) -> Ints:
    units = np.array([k for k in bank.service if k not in bank.heir], dtype=np.int64)
    weights = unit_weights(bank)[units]
    chosen = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(count), side="right")
    return units[np.minimum(chosen, units.size - 1)]


def unit_weights(bank: Organisation) -> NDArray[np.float64]:
    """How many customers a unit draws, relative to others: larger for sub-branches, and fixed by its number."""
    size = {"sub_branch": 1.0, "outlet": 0.7, "community_outlet": 0.4, "micro_outlet": 0.35}
    spread = 0.7 + 0.6 * ((np.arange(len(bank.levels)) * 0.6180339887) % 1.0)
    weights: NDArray[np.float64] = np.array([size.get(level, 0.0) for level in bank.levels]) * spread
    return weights


def _holds(rng: np.random.Generator, people: People) -> Flags:
    products = people.products
    groups = people.groups
    holds = np.empty((len(products.ids), len(people)), dtype=np.bool_)
    for number, (who, share) in enumerate(zip(products.who, products.held, strict=True)):
        holds[number] = groups[who] & (rng.random(len(people), dtype=np.float32) < share)
    # A company has its own current account; nobody but companies holds a company's products.
    personal = [k for k, who in enumerate(products.who) if who in ("all", "affluent", "digital")]
    holds[np.ix_(np.array(personal), np.flatnonzero(people.company))] = False
    return holds


def epoch_day(days: Days, day: Ints) -> NDArray[np.int32]:
    """Local day numbers of the period as days since 1970, as dates are stored."""
    return (day + (days.first - EPOCH).days).astype(np.int32)

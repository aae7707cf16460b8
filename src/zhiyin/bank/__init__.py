"""An invented bank with planted truth, made from a seed.

For the demo, the documents and the tests, and as the yardstick of methods: beside the lake lies what no bank can see
(:mod:`zhiyin.bank.truth`), so that an estimate can be held against what is true.
"""

from __future__ import annotations

from zhiyin.bank.days import UnknownYear
from zhiyin.bank.make import BankExists, BankSeed, BankSize, BankSummary, make_bank
from zhiyin.bank.raw_feed import RawFeed, sample_raw_feed
from zhiyin.bank.scenario import DEFAULT, SCENARIOS, Scenario, UnknownScenario, named_scenario
from zhiyin.bank.truth import truth_files

__all__ = [
    "DEFAULT",
    "SCENARIOS",
    "BankExists",
    "BankSeed",
    "BankSize",
    "BankSummary",
    "RawFeed",
    "Scenario",
    "UnknownScenario",
    "UnknownYear",
    "make_bank",
    "named_scenario",
    "sample_raw_feed",
    "truth_files",
]

"""An invented bank with planted truth, seeded: for the demo, the documents, the tests, and as the yardstick of methods."""

from __future__ import annotations

from zhiyin.bank.make import BankSummary, make_bank
from zhiyin.bank.scenario import DEFAULT, Scenario, UnknownScenario, named_scenario
from zhiyin.bank.truth import truth_files

__all__ = ["DEFAULT", "BankSummary", "Scenario", "UnknownScenario", "make_bank", "named_scenario", "truth_files"]

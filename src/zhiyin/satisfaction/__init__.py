"""Satisfaction: what customers answered, as figures that say how sure they are.

A measure takes described tables and returns a query; an engine computes it into a table of figures, each with its
interval, its reliability, and nothing where too few customers stand behind it::

    query = nps(described(table("responses")), by="channel", period="month")
    figures = engine.compute(query)

How everything is computed, and how well the intervals hold: ``docs/methods/satisfaction.md``.
"""

from __future__ import annotations

from zhiyin.satisfaction.asked import WrongOption
from zhiyin.satisfaction.assemble import MixedAnswers
from zhiyin.satisfaction.changes import NoSuchPeriod, NotComparable, change, compare
from zhiyin.satisfaction.explain import explain
from zhiyin.satisfaction.measures import box, ces, csat, mean_score, nps
from zhiyin.satisfaction.periods import UnknownPeriod, UnknownZone
from zhiyin.satisfaction.rates import dissatisfied_rate, response_rate, solicitation_rate
from zhiyin.satisfaction.scales import UnknownScale
from zhiyin.satisfaction.suppress import suppress

__all__ = [
    "MixedAnswers",
    "NoSuchPeriod",
    "NotComparable",
    "UnknownPeriod",
    "UnknownScale",
    "UnknownZone",
    "WrongOption",
    "box",
    "ces",
    "change",
    "compare",
    "csat",
    "dissatisfied_rate",
    "explain",
    "mean_score",
    "nps",
    "response_rate",
    "solicitation_rate",
    "suppress",
]

"""Fair comparison: who does better than others would with the same customers, and how sure that is.

Three ways, by what there is to compare:

- :func:`unit_comparison`: outlets and branches by their means, adjusted for mode and mix as HCAHPS does it;
- :func:`crossed_comparison`: staff (or units, or lines) by a crossed mixed model, which also takes out how lenient each
  customer is, and keeps the effect of the outlet and of the line apart from the person's;
- :func:`rate_comparison`: where nearly all are satisfied, by the dissatisfied among those served.

Each takes a table of responses and returns a query; an engine computes it into a :class:`Comparison`. Nothing below a
reliability of .7 is ranked, and every place says how many more answers it needs (``docs/methods/fairness.md``).
"""

from __future__ import annotations

from zhiyin.fairness.comparison import Comparison, Place, Policy, Standing
from zhiyin.fairness.crossing import crossed_comparison
from zhiyin.fairness.periods import rolling_window
from zhiyin.fairness.rates import rate_comparison
from zhiyin.fairness.units import unit_comparison
from zhiyin.fairness.wording import sentence

__all__ = [
    "Comparison",
    "Place",
    "Policy",
    "Standing",
    "crossed_comparison",
    "rate_comparison",
    "rolling_window",
    "sentence",
    "unit_comparison",
]

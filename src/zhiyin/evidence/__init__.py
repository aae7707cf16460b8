"""Evidence: did it help? Each design with its checks, and a grade that says how much may be concluded.

- :func:`holdout_effect` and :func:`holdout_watch`: customers (or branches) drawn at random 随机对照; the latter may be
  looked at every day;
- :func:`staggered_effect`: a change that reached branches at different times 分批上线;
- :func:`synthetic_effect`: one branch beside a mix of others 合成对照;
- :func:`before_after`: only a change over time 前后对比, which is never called an effect.

A :class:`Plan` is registered before the result; sizes come from :mod:`zhiyin.maths.power`. Page:
``docs/methods/evidence.md``.
"""

from __future__ import annotations

from zhiyin.evidence.grade import Check, Design, Evidence, Grade
from zhiyin.evidence.holdout import holdout_effect
from zhiyin.evidence.panel import before_after, staggered_effect, synthetic_effect
from zhiyin.evidence.plan import Plan, check_plan
from zhiyin.evidence.watch import Watch, holdout_watch
from zhiyin.evidence.wording import sentence

__all__ = [
    "Check",
    "Design",
    "Evidence",
    "Grade",
    "Plan",
    "Watch",
    "before_after",
    "check_plan",
    "holdout_effect",
    "holdout_watch",
    "sentence",
    "staggered_effect",
    "synthetic_effect",
]

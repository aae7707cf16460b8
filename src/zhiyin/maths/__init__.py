"""Arithmetic on small arrays: estimators, intervals, solvers.

Numbers in, frozen results out. Nothing here knows a table, an engine or a bank; each module is one method, its
docstring says when to use it and when not, and its page in ``docs/methods`` shows the published numbers it is checked
against. Import from the module: ``from zhiyin.maths.pls import fit_pls``.
"""

from __future__ import annotations

__all__: list[str] = []

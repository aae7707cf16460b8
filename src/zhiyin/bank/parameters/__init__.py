"""Parameters of the invented bank: TOML files, each block with its confidence and source.

``confidence`` says how sure a block is: ``quoted`` (read in a report), ``known`` (established practice or a
definition) or ``guess``. Guesses are editable seed data and never to be quoted as fact.
"""

from __future__ import annotations

from zhiyin.bank.parameters.loading import load_parameters

__all__ = ["load_parameters"]

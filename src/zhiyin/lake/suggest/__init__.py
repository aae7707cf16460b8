"""A first mapping for a file that nobody has mapped yet, with its doubts marked.

It reads the first rows, tells the table and the columns by name, label and content, recognises formats of time, codes
for "no value", scales and a survey's wide form, and tries its own answer on the sample before it hands it over.
"""

from __future__ import annotations

from zhiyin.lake.suggest.compose import suggest_mapping

__all__ = ["suggest_mapping"]

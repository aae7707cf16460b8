"""One self-contained page from a lake: the figure, its course, who does better and worse, and what people said."""

from __future__ import annotations

from zhiyin.night.report.content import Report
from zhiyin.night.report.facts import UnknownQuestion
from zhiyin.night.report.gather import gather
from zhiyin.night.report.page import write_page

__all__ = ["Report", "UnknownQuestion", "gather", "write_page"]

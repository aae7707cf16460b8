"""What runs at night: the analyses composed into figures and pages that are read by day."""

from __future__ import annotations

__all__: list[str] = []

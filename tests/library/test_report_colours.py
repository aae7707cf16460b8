"""Every text of the page has a contrast of 4.5 to 1 or more on what it stands on, in the light and the dark theme."""

from __future__ import annotations

import re
from importlib import resources

import pytest

CSS = (resources.files("zhiyin.night.report") / "page.css").read_text(encoding="utf-8")
THEMES = [
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    if "--ink:" in block
]
PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "voice", "alarm", "caution") for ground in ("card", "paper")),
    ("voice", "voice-soft"),
    ("alarm", "alarm-soft"),
    ("ink-2", "chance"),
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_there_are_two_themes_of_the_same_colours() -> None:
    assert len(THEMES) == 2
    assert set(THEMES[0]) == set(THEMES[1])


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(theme: dict[str, str], ink: str, ground: str) -> None:
    lighter, darker = sorted((luminance(theme[ink]), luminance(theme[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5

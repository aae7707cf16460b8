"""What was guessed and could be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiyin.language import translate


@dataclass(frozen=True, slots=True)
class Doubt:
    """One guess about a file.

    Attributes
    ----------
    code : stable name of the kind of doubt.
    message : English, with ``{named}`` fields; translated when shown.
    data : what fills the fields.
    """

    code: str
    message: str
    data: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str | None = None) -> str:
        """The sentence in a language (``zh`` or ``en``; None for the user's)."""
        return translate(self.message, language).format(**self.data)

"""One tree of errors: each carries a code and data, and says what, why and what next.

The library never prints; the command line and the application translate :attr:`ZhiyinError.message` by
:mod:`zhiyin.language` and fill in the data.
"""

from __future__ import annotations

import difflib
from typing import ClassVar

from zhiyin.language import translate


class ZhiyinError(Exception):
    """Root of all errors that a user can cause or mend.

    Subclasses set ``code`` (stable, dotted), ``message`` (English, with ``{named}`` fields, translated when shown)
    and ``status`` (the HTTP status the application answers with). ``choices`` in the data adds "Did you mean …?".
    """

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "Something went wrong."
    status: ClassVar[int] = 400

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.text("en"))

    def text(self, language: str | None = None) -> str:
        """The message in a language (``zh`` or ``en``; None for the user's)."""
        shown = {key: value for key, value in self.data.items() if key != "choices"}
        sentence = translate(self.message, language).format(**shown)
        nearest = self._nearest()
        if nearest:
            sentence += " " + translate("Did you mean {nearest}?", language).format(nearest=nearest)
        return sentence

    def _nearest(self) -> str | None:
        choices = self.data.get("choices")
        if not isinstance(choices, (tuple, list)):
            return None
        words = [str(value) for key, value in self.data.items() if key != "choices" and isinstance(value, str)]
        for word in reversed(words):
            found = difflib.get_close_matches(word, [str(choice) for choice in choices], n=1)
            if found:
                return found[0]
        return None

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.data))


def _rebuild(kind: type[ZhiyinError], data: dict[str, object]) -> ZhiyinError:
    return kind(**data)

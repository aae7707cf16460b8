"""The root of the clock's errors: like all of Zhiyin's, with problems that are sentences themselves."""

from __future__ import annotations

from zhiyin.clock.words import Sentence
from zhiyin.errors import ZhiyinError
from zhiyin.language import translate


class ClockError(ZhiyinError):
    """Root of what can be wrong with a matter's events, a rule file or a calendar."""

    code = "clock.error"
    message = "{problem}."

    def text(self, language: str | None = None) -> str:
        """The message with its problem in the same language."""
        shown = {
            name: value.text(language) if isinstance(value, Sentence) else value for name, value in self.data.items()
        }
        return translate(self.message, language).format(**shown)

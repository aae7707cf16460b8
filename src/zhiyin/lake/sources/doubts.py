"""What was guessed and could be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from zhiyin.language import translate

DOUBTS: Final[dict[str, str]] = {
    "delimiter": "The delimiter is taken to be {chosen}; it could be {rival}.",
    "delimiter_uneven": "With the delimiter {chosen}, only {share} of the rows have equally many fields.",
    "encoding": "The encoding is taken to be {encoding}, judged by the text.",
    "encoding_ascii": "The text seen is plain ASCII; UTF-8 is assumed for the rest.",
    "encoding_errors": "{errors} places of the sample are not {encoding}.",
    "encoding_rivals": "The encoding {encoding} is unsure; it could be {rivals}.",
    "formulas": "Formulas that were never calculated stand as written: {count}. Save the file once in Excel or WPS.",
    "header_rows": "The names are taken to be spread over {rows} rows.",
    "header_words": "All columns hold words: that the first row holds their names is an assumption.",
    "labels": "Line {line} is taken as labels of the columns.",
    "names_empty": "Columns without a name are called {names}.",
    "names_repeated": "Names that come twice became {names}.",
    "no_header": "The first row holds values: it is taken as data, and the columns are numbered.",
    "no_header_words": "The words of the first row come again below it: it is taken as data.",
    "one_column": "No delimiter was found: each line is taken as one column.",
    "ragged": "Each row ends with a delimiter; the empty column behind it is left out.",
    "record_path": "The records are taken from {path}.",
    "sheet": "Sheet {sheet} is read; there are others: {others}.",
    "titles": "Rows above the names are taken as titles and left out: {count}.",
    "width": "There are {names} names, but most rows have {width} fields.",
}
"""Code of a doubt to its English sentence, with ``{named}`` fields."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One guess about a file.

    Attributes
    ----------
    code : one of :data:`DOUBTS`.
    data : what fills the sentence's fields.
    """

    code: str
    data: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str | None = None) -> str:
        """The sentence in a language (``zh`` or ``en``; None for the user's)."""
        return translate(DOUBTS[self.code], language).format(**self.data)

"""What each reason for keeping a row apart means, in a sentence."""

from __future__ import annotations

from typing import Final

from zhiyin.language import translate

REASONS: Final[dict[str, str]] = {
    "missing": "the value is missing",
    "not_a_whole_number": "this is not a whole number",
    "not_a_number": "this is not a number",
    "not_an_amount": "this is not an amount in whole cents",
    "not_yes_or_no": "this is neither yes nor no",
    "not_a_time": "this is not a time in the format expected",
    "not_a_date": "this is not a date in the format expected",
    "not_text": "this is not text",
    "not_allowed": "this value is not among those allowed",
    "unmapped_value": "the mapping does not say what this value means",
    "out_of_range": "this lies outside the range allowed",
    "off_scale": "this lies outside its scale",
    "too_long": "this is too long",
    "direct_identifier": "an identity number or card number stands where a pseudonymous key belongs",
    "duplicate_key": "this key stands in the file twice with different values; the first is kept",
    "already_there": "the lake has this key with other values; use --mode upsert to correct them",
    "outside_day": "the row is not of the day that is restated",
    "before_started_us": "the end lies before the start",
    "before_received_us": "it was closed before it was received",
    "field_count": "the row has too few or too many fields",
    "encoding": "the row has bytes that the encoding does not know",
    "unterminated_quote": "a quotation mark was opened and never closed",
    "nul": "the row has a NUL character",
    "trailing_value": "there is a value behind the last delimiter",
    "row_width": "the row is shorter or longer than its columns",
    "not_json": "the row is not JSON",
    "repeated_name": "the row has a name or key twice",
    "unnamed_value": "there is a value beside the table",
    "no_events": "the case has no events",
}
"""Reason code to English sentence; :func:`reason_text` translates."""


def reason_text(code: str) -> str:
    """The reason in the user's language; the code itself where it is not known."""
    return translate(REASONS[code]) if code in REASONS else code

"""A figure in one plain sentence, in the words of the trade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zhiyin.language import either, translate
from zhiyin.tables import TABLES, Column
from zhiyin.tables.figures import COMPLEMENTARY, FEW, UNDEFINED, Change, Figure, Value
from zhiyin.tables.glossary import Unit, measure
from zhiyin.tables.vocabulary import vocabulary

Labels = Mapping[tuple[str, Value], str]
"""How values of columns are called, by column and value."""

_VALUE: Final = (
    "{measure}, {whose}: {value}, margin of error ({level}) {low} to {high}, from {n} answers of {customers} customers."
)
_RATE: Final = (
    "{measure}, {whose}: {value}, margin of error ({level}) {low} to {high}, from {n} records of {customers} customers."
)
_HIDDEN: Final = {
    FEW: "{measure}, {whose}: too few answers, not compared yet.",
    COMPLEMENTARY: "{measure}, {whose}: not shown, because a group with too few answers could be worked out from it.",
    UNDEFINED: "{measure}, {whose}: nothing to count against.",
}
_CLEAR: Final = {
    "up": "{measure}, {whose}: up {value} on {before}, margin of error ({level}) {low} to {high}.",
    "down": "{measure}, {whose}: down {value} on {before}, margin of error ({level}) {low} to {high}.",
}
_UNCLEAR: Final = "{measure}, {whose}: no clear change on {before}: {value}, margin of error ({level}) {low} to {high}."


def explain(figure: Figure | Change, language: str | None = None, *, labels: Labels | None = None) -> str:
    """What the figure or change says, how sure it is, and on how many it rests.

    Parameters
    ----------
    figure : a figure, or a change of one.
    language : ``zh`` or ``en``; None for the user's.
    labels : names of values that no vocabulary knows, such as units.
    """
    if isinstance(figure, Change):
        return _explain_change(figure, language, labels or {})
    if figure.suppressed is not None:
        return translate(_HIDDEN[figure.suppressed], language).format(**_what(figure, language, labels or {}))
    counts_answers = measure(figure.measure).scales and figure.unit != Unit.PER_10_000
    sentence = translate(_VALUE, language) if counts_answers else translate(_RATE, language)
    numbers = {name: _number(getattr(figure, name), figure.unit) for name in ("value", "low", "high")}
    if figure.unit == Unit.PER_10_000:
        numbers["value"] = translate("{value} per 10,000", language).format(value=numbers["value"])
    said = [
        sentence.format(
            **_what(figure, language, labels or {}),
            **numbers,
            level=f"{figure.level * 100:g}%",
            n=f"{figure.n or 0:,}",
            customers=f"{figure.customers or 0:,}",
        )
    ]
    if figure.reliability is not None:
        said.append(translate("Reliability {share}.", language).format(share=f"{figure.reliability:.2f}"))
    if figure.limits is not None and figure.limits.signal == "above":
        said.append(translate("Above its control limits: more than chance.", language))
    if figure.limits is not None and figure.limits.signal == "below":
        said.append(translate("Below its control limits: more than chance.", language))
    return either("", " ", language).join(said)


def _explain_change(change: Change, language: str | None, labels: Labels) -> str:
    what = _what(change.figure, language, labels)
    if change.value is None or change.suppressed is not None:
        return translate(_HIDDEN[change.suppressed or FEW], language).format(**what)
    before = _whose(change.against, language, labels) if change.figure.group != change.against.group else None
    before = before or change.against.period or translate("everything", language)
    unit = change.figure.unit
    numbers = {name: _number(getattr(change, name), unit) for name in ("value", "low", "high")}
    sentence = translate(_UNCLEAR, language)
    if change.is_clear:
        sentence = translate(_CLEAR["up"], language) if change.value > 0 else translate(_CLEAR["down"], language)
        numbers["value"] = _number(abs(change.value), unit)
    if unit == Unit.SHARE:
        points = translate("{value} percentage points", language)
        numbers["value"] = points.format(value=numbers["value"].removesuffix("%"))
    return sentence.format(**what, **numbers, before=before, level=f"{change.level * 100:g}%")


def _what(figure: Figure, language: str | None, labels: Labels) -> dict[str, str]:
    return {"measure": measure(figure.measure).title(language), "whose": _whose(figure, language, labels)}


def _whose(figure: Figure, language: str | None, labels: Labels) -> str:
    """Whose figure it is and when: ``手机银行，2026-03``."""
    names = [labels.get((column, value)) or _label(column, value, language) for column, value in figure.group]
    parts = names or [translate("everybody", language)]
    return translate(", ", language).join([*parts, *([figure.period] if figure.period else [])])


def _label(column: str, value: Value, language: str | None) -> str:
    if value is None:
        return translate("not stated", language)
    declared = _COLUMNS.get(column)
    if declared is not None and declared.vocabulary is not None:
        words = vocabulary(declared.vocabulary)
        if str(value) in words:
            return words.label(str(value), language)
    return str(value)


_COLUMNS: Final[dict[str, Column]] = {
    column.name: column for table in TABLES.values() for column in table.columns if column.vocabulary is not None
}


def _number(value: float, unit: str) -> str:
    return f"{value * 100:.1f}%" if unit == Unit.SHARE else f"{value:.1f}"

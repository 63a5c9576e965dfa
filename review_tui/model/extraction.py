"""Extracted data: what the machine read from the documents, as flat fields in the order received."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.model.text import Shown
from review_tui.model.wire import Json

FIELDS_SHOWN: Final = 200
"""Fields that are listed; the rest is counted."""

VALUE_CAP: Final = 500
"""Characters of one field that are drawn: 200 hostile ones must not hold up the screen."""

ABSENT: Final = "–"
_DEPTH: Final = 8
_COUNTED: Final = 20_000
_CONFIDENCES: Final = ("fieldConfidence", "fieldConfidences", "confidences", "confidence")
_MERCHANT: Final = (
    "merchantName",
    "merchant",
    "vendorName",
    "vendor",
    "supplierName",
    "supplier",
    "storeName",
)
_AMOUNT: Final = ("totalAmount", "total", "grandTotal", "amountDue", "amount")
_CURRENCY: Final = ("currency", "currencyCode")


@frozen
class ExtractedField:
    """One value that was read; `path` is dotted (`lineItems[0].price`), `confidence` 0..1 or None.

    `breaks` says which promise of its workflow's contract it does not keep, empty for none.
    """

    path: Shown
    value: Shown
    confidence: float | None = None
    breaks: str = ""


@frozen
class Extraction:
    """The fields of one submission; `hidden` more are not listed (`hidden_exact` False: at least so many)."""

    fields: tuple[ExtractedField, ...] = ()
    hidden: int = 0
    hidden_exact: bool = True


def text_of(value: Json) -> Shown:  # noqa: PLR0911 – one line per kind of JSON value
    """Return one JSON value as clean text: numbers as received, nothing and NaN as `–`."""
    if isinstance(value, Shown):
        return value
    if isinstance(value, str):
        return Shown.of(value)
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 – NaN
        return Shown.of(ABSENT)
    if isinstance(value, bool):
        return Shown.of("yes" if value else "no")
    if isinstance(value, Decimal) and not value.is_finite():
        return Shown.of(ABSENT)
    if isinstance(value, dict | list):
        noun = "field" if isinstance(value, dict) else "item"
        return Shown.of(f"({len(value)} {noun}{'' if len(value) == 1 else 's'})")
    return Shown.of(str(value))


def fields_of(data: Json) -> Extraction:
    """Flatten extracted data, which may be partial, empty, null or hostile."""
    if not isinstance(data, dict):
        return Extraction()
    confidences = _confidences(data)
    leaves = _leaves(data)
    fields = tuple(
        ExtractedField(Shown.of(path, cap=VALUE_CAP), _value_of(value), confidences.get(path))
        for path, value in islice(leaves, FIELDS_SHOWN)
    )
    hidden = sum(1 for _ in islice(leaves, _COUNTED))
    return Extraction(fields, hidden, hidden_exact=hidden < _COUNTED)


def _value_of(value: Json) -> Shown:
    return Shown.of(value, cap=VALUE_CAP) if isinstance(value, str) else text_of(value)


def merchant_of(data: Json) -> Shown | None:
    """Return who issued the document, or None where no known field says so."""
    return _first(data, _MERCHANT)


def amount_of(data: Json) -> Shown | None:
    """Return the total as received, with no rounding, or None."""
    return _first(data, _AMOUNT)


def currency_of(data: Json) -> Shown | None:
    """Return the currency's code, or None."""
    return _first(data, _CURRENCY)


def _first(data: Json, names: tuple[str, ...]) -> Shown | None:
    if not isinstance(data, dict):
        return None
    for name in names:
        value = data.get(name)
        if isinstance(value, dict):
            value = value.get("value")
        if value is not None and not isinstance(value, dict | list | bool) and value != "":
            return text_of(value)
    return None


def gives_confidences(data: Json) -> bool:
    """Whether anything but the whole is said to be sure or not."""
    return isinstance(data, dict) and bool(_confidences(data))


def _confidences(data: Mapping[str, Json]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in _CONFIDENCES:
        table = data.get(name)
        if isinstance(table, dict):
            for key, value in islice(table.items(), FIELDS_SHOWN):
                if (
                    isinstance(value, int | float | Decimal)
                    and not isinstance(value, bool)
                    and 0 <= value <= 1
                ):
                    found[key] = float(value)
    for key, value in islice(data.items(), FIELDS_SHOWN):
        if isinstance(value, dict) and "value" in value:
            score = value.get("confidence", value.get("score"))
            if isinstance(score, int | float | Decimal) and not isinstance(score, bool) and 0 <= score <= 1:
                found[key] = float(score)
    return found


def _leaves(data: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Yield (path, value) in the order received; lazily, so that a huge object costs what is looked at."""
    stack: list[Iterator[tuple[str, Json]]] = [iter(data.items())]
    while stack:
        path, node = next(stack[-1], ("", stack))
        if node is stack:
            stack.pop()
        elif len(stack) == 1 and isinstance(node, dict) and path in _CONFIDENCES:
            continue
        elif isinstance(node, dict) and "value" in node and not isinstance(node["value"], dict | list):
            yield path, node["value"]
        elif isinstance(node, dict) and node and len(stack) < _DEPTH:
            stack.append(_members(path, node))
        elif isinstance(node, list) and node and len(stack) < _DEPTH:
            stack.append(_items(path, node))
        else:
            yield path, node


def _members(path: str, node: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    return ((f"{path}.{key}", child) for key, child in node.items())


def _items(path: str, node: list[Json]) -> Iterator[tuple[str, Json]]:
    return ((f"{path}[{index}]", child) for index, child in enumerate(node))

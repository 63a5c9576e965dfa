"""What the machine read is shown as fields, in the order received, as received."""

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.extraction import (
    FIELDS_SHOWN,
    Extraction,
    amount_of,
    currency_of,
    fields_of,
    merchant_of,
    text_of,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=30,
)


def shown(data: Any) -> list[tuple[str, str, float | None]]:
    return [(str(field.path), str(field.value), field.confidence) for field in fields_of(data).fields]


def test_a_receipt_reads_from_top_to_bottom() -> None:
    receipt = {
        "merchantName": "Café Łąka",
        "totalAmount": Decimal("18.40"),
        "lineItems": [{"name": "Tea", "price": 3}, {"name": "Cake", "price": Decimal("15.40")}],
        "member": True,
        "note": None,
        "tags": [],
    }
    assert shown(receipt) == [
        ("merchantName", "Café Łąka", None),
        ("totalAmount", "18.40", None),
        ("lineItems[0].name", "Tea", None),
        ("lineItems[0].price", "3", None),
        ("lineItems[1].name", "Cake", None),
        ("lineItems[1].price", "15.40", None),
        ("member", "yes", None),
        ("note", "–", None),
        ("tags", "(0 items)", None),
    ]


def test_confidence_is_found_beside_the_values_and_inside_them() -> None:
    beside = {"a": "x", "b": "y", "fieldConfidence": {"a": Decimal("0.5"), "b": 7, "c": True}}
    assert shown(beside) == [("a", "x", 0.5), ("b", "y", None)]
    inside = {"a": {"value": "x", "confidence": 1}, "b": {"value": None, "score": Decimal("0.25")}}
    assert shown(inside) == [("a", "x", 1.0), ("b", "–", 0.25)]


@pytest.mark.parametrize("data", [None, {}, [], "text", 7])
def test_nothing_read_is_no_fields(data: object) -> None:
    assert fields_of(data) == Extraction()
    assert (merchant_of(data), amount_of(data), currency_of(data)) == (None, None, None)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=8))
def test_no_shape_breaks_it_and_nothing_is_lost_from_the_count(data: dict[str, Any]) -> None:
    extraction = fields_of(data)
    assert len(extraction.fields) <= FIELDS_SHOWN
    assert extraction.hidden == 0 or len(extraction.fields) == FIELDS_SHOWN
    for field in extraction.fields:
        assert "\x1b" not in field.path + field.value
    for part in (merchant_of(data), amount_of(data), currency_of(data)):
        assert part is None or part


def test_a_hundred_thousand_fields_cost_what_is_looked_at() -> None:
    data = {f"field{i}": {"value": i, "confidence": Decimal("0.5")} for i in range(100_000)}
    began = time.process_time()
    extraction = fields_of(data)
    assert time.process_time() - began < 1.0
    assert len(extraction.fields) == FIELDS_SHOWN
    assert extraction.hidden >= 10_000
    assert extraction.hidden_exact is (extraction.hidden == 100_000 - FIELDS_SHOWN)


def test_two_hundred_and_three_fields_say_that_three_are_hidden() -> None:
    extraction = fields_of({f"f{i}": i for i in range(203)})
    assert (len(extraction.fields), extraction.hidden, extraction.hidden_exact) == (200, 3, True)


def test_a_deep_value_is_counted_instead_of_followed() -> None:
    deep: Any = "bottom"
    for _ in range(50):
        deep = {"in": deep}
    ((path, value, _),) = shown({"top": deep})
    assert path.startswith("top.in.in")
    assert value == "(1 field)"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (Decimal("NaN"), "–"),
        (Decimal("Infinity"), "–"),
        (True, "yes"),
        (False, "no"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+3"), "1E+3"),
        (12345678901234567890, "12345678901234567890"),
        ("\x1b", "␛"),
        ({}, "(0 fields)"),
        ([1], "(1 item)"),
    ],
)
def test_a_value_is_shown_as_received(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("data", "merchant", "amount", "currency"),
    [
        ({"merchantName": "A", "totalAmount": Decimal("1.50"), "currency": "PLN"}, "A", "1.50", "PLN"),
        ({"vendor": "B", "total": 0, "currencyCode": "EUR"}, "B", "0", "EUR"),
        ({"merchantName": {"value": "C"}, "amount": {"value": "7,00"}}, "C", "7,00", None),
        ({"merchantName": "", "supplier": "D", "total": True, "amountDue": 3}, "D", "3", None),
        ({"merchantName": ["x"], "totalAmount": {}}, None, None, None),
    ],
)
def test_who_and_how_much(
    data: dict[str, Any], merchant: str | None, amount: str | None, currency: str | None
) -> None:
    assert (merchant_of(data), amount_of(data), currency_of(data)) == (merchant, amount, currency)

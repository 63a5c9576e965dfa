"""Data are held against what their workflow promises, and a hostile promise costs little."""

import time
from decimal import Decimal
from typing import Any

import pytest

from review_tui.model.contracts import (
    BROKEN,
    NO_CONTRACT,
    Contract,
    ContractName,
    breaks_of,
    read_contract,
)
from review_tui.model.doubt import read_fields, to_check
from review_tui.model.extraction import fields_of
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail, read_detail
from review_tui.model.wire import Json, UnexpectedShape, read_one
from review_tui.model.workflows import WorkflowName

RECEIPT: Json = {
    "workflow": {"slug": "receipt-ocr", "version": 3},
    "version": 3,
    "outputSchema": [
        {"name": "merchantName", "label": "Merchant", "required": True, "type": "string", "validation": None},
        {"name": "totalAmount", "required": True, "type": "number", "validation": {"minimum": 0}},
        {"name": "currency", "type": "string", "validation": {"pattern": "^[A-Z]{3}$"}},
        {"name": "documentDate", "required": True, "type": "string", "validation": {"format": "date"}},
        {"name": "lineItems", "type": "array"},
    ],
    "outputJsonSchema": {
        "type": "object",
        "properties": {"totalAmount": {"type": "number"}, "lineItems": {"type": "array"}},
        "required": ["merchantName", "totalAmount", "documentDate"],
    },
}
GOOD: dict[str, Json] = {
    "merchantName": "Café Łąka",
    "totalAmount": Decimal("18.40"),
    "currency": "EUR",
    "documentDate": "2026-03-25",
    "lineItems": [],
}


def a_submission(data: Json) -> Detail:
    return read_detail({"id": "s1", "submissionStatus": "review", "extractedData": data})


def told(contract: Contract, data: Json) -> dict[str, str]:
    return {one.path: one.words for one in breaks_of(contract, data)}


def promising(name: str = "it", *, required: bool = False, **rule: Any) -> Contract:
    return read_contract(
        {"outputJsonSchema": {"properties": {name: rule}, "required": [name] if required else []}}
    )


def test_data_that_keep_every_promise_break_none() -> None:
    assert told(read_contract(RECEIPT), GOOD) == {}


def test_what_is_broken_is_told_in_the_order_of_the_contract_once_each() -> None:
    data = {"totalAmount": "18,40", "currency": "euro", "documentDate": "2026-83-25", "lineItems": "two"}
    assert told(read_contract(RECEIPT), data) == {
        "merchantName": "required, missing",
        "totalAmount": "not a number",
        "currency": "does not match the pattern",
        "documentDate": "not a date",
        "lineItems": "not a list",
    }


@pytest.mark.parametrize("empty", [None, "", {"value": None, "confidence": 0.1}])
def test_a_field_that_is_there_and_says_nothing_is_missing(empty: Json) -> None:
    assert told(read_contract(RECEIPT), {**GOOD, "merchantName": empty}) == {
        "merchantName": "required, missing"
    }
    assert told(read_contract(RECEIPT), {**GOOD, "currency": empty}) == {}


@pytest.mark.parametrize("data", [None, {}, [], "text", 7])
def test_data_of_any_shape_lack_what_is_required(data: Json) -> None:
    assert set(told(read_contract(RECEIPT), data)) == {"merchantName", "totalAmount", "documentDate"}


@pytest.mark.parametrize(
    ("rule", "good", "bad", "words"),
    [
        ({"type": "string"}, "x", 3, "not a text"),
        ({"type": "number"}, Decimal("1.5"), "1.5", "not a number"),
        ({"type": "number"}, 3, True, "not a number"),
        ({"type": "integer"}, Decimal("3.0"), Decimal("3.5"), "not a whole number"),
        ({"type": "boolean"}, False, 0, "not yes or no"),
        ({"type": "object"}, {"a": 1}, "a", "not a group of fields"),
        ({"type": ["string", "number"]}, 3, [1], "not a number or a text"),
        ({"enum": ["EUR", 1]}, Decimal("1.0"), True, "none of the values it may have"),
        ({"minimum": 0}, 0, Decimal("-0.01"), "less than 0"),
        ({"maximum": Decimal("99.5")}, 99, 100, "more than 99.5"),
        ({"minLength": 2}, "ab", "a", "fewer than 2 characters"),
        ({"maxLength": 2}, "ab", "abc", "more than 2 characters"),
        ({"maxItems": 1}, [1], [1, 2], "more than 1 items"),
        ({"format": "date"}, "2024-02-29", "2026-02-29", "not a date"),
        ({"format": "date"}, "2026-03-25", "20260325", "not a date"),
        ({"format": "date-time"}, "2026-03-25T10:00:00Z", "2026-03-25", "not a date with a time"),
        ({"format": "time"}, "10:30", "25:30", "not a time"),
        ({"format": "email"}, "a@b.eu", "a b@c.eu", "not an email address"),
        ({"format": "uri"}, "https://a.eu/b", "a/b", "not a link"),
        ({"format": "uuid"}, "12345678-1234-5678-1234-567812345678", "1234", "not a UUID"),
        ({"pattern": "^[0-9]+$"}, "123", "12a", "does not match the pattern"),
    ],
)
def test_each_promise(rule: dict[str, Json], good: Json, bad: Json, words: str) -> None:
    contract = promising(**rule)
    assert told(contract, {"it": good}) == {}
    assert told(contract, {"it": bad}) == {"it": words}


def test_what_is_within_lists_and_groups_is_named_by_its_path() -> None:
    item = {"properties": {"price": {"type": "number"}}, "required": ["name"]}
    contract = promising("lines", type="array", items=item)
    data = {"lines": [{"name": "tea", "price": 2}, {"price": "2"}]}
    assert told(contract, data) == {"lines[1].price": "not a number", "lines[1].name": "required, missing"}
    group = promising("buyer", properties={"vat": {"minLength": 4}})
    assert told(group, {"buyer": {"vat": "PL"}}) == {"buyer.vat": "fewer than 4 characters"}


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "currency"},
        {"type": ["string", {}]},
        {"type": 7},
        {"format": "ipv4-or-so"},
        {"format": []},
        {"pattern": "(?=look)"},
        {"pattern": "("},
        {"enum": [{"a": 1}]},
        {"enum": "EUR"},
        {"minimum": "0"},
        {"minimum": float("nan")},
        {"minLength": -1},
        {"properties": []},
        {"items": 3},
    ],
)
def test_a_promise_that_is_not_understood_is_held_against_nobody(rule: dict[str, Json]) -> None:
    contract = promising(**rule)
    assert contract.is_empty
    assert told(contract, {"it": "anything"}) == {}


@pytest.mark.parametrize("value", [{"outputSchema": {}}, {"outputJsonSchema": []}, [], None, "contract"])
def test_what_is_no_contract_is_said_to_be_none(value: Json) -> None:
    with pytest.raises(UnexpectedShape):
        read_contract(value)


@pytest.mark.parametrize("value", [{}, {"outputSchema": None}, {"outputSchema": [None, 3, {"name": 4}]}])
def test_one_that_promises_nothing_is_as_good_as_none(value: Json) -> None:
    assert read_contract(value) == NO_CONTRACT


def test_a_hostile_promise_costs_little() -> None:
    deep: Json = {"pattern": "("}
    for _ in range(900):
        deep = {"properties": {"a": deep}, "items": deep, "required": ["a"] * 2_000}
    wide = {f"f{n}": {"pattern": "^(a+)+$", "enum": ["x"] * 5_000} for n in range(5_000)}
    value = {
        "outputSchema": [{"name": f"f{n}", "required": True, "validation": wide} for n in range(5_000)],
        "outputJsonSchema": {"properties": wide, "items": deep, "required": [f"g{n}" for n in range(5_000)]},
    }
    data = {f"f{n}": ["a" * 900 + "!"] * 50 if n % 2 else "a" * 900 + "!" for n in range(5_000)}
    began = time.process_time()
    contract = read_contract(value)
    found = breaks_of(contract, data)
    assert len(found) <= 2 * BROKEN
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("workflow", "name"),
    [
        (
            read_one(WorkflowName, {"slug": "receipt-ocr", "version": 3}, "it"),
            ContractName("receipt-ocr", "3"),
        ),
        (
            read_one(WorkflowName, {"slug": "receipt-ocr", "version": "v3"}, "it"),
            ContractName("receipt-ocr", "v3"),
        ),
        (read_one(WorkflowName, {"slug": "receipt-ocr", "version": ""}, "it"), None),
        (read_one(WorkflowName, {"slug": "receipt-ocr", "version": True}, "it"), None),
        (read_one(WorkflowName, {"slug": "receipt-ocr"}, "it"), None),
        (None, None),
    ],
)
def test_a_submission_names_the_contract_under_which_it_was_read(
    workflow: WorkflowName | None, name: ContractName | None
) -> None:
    assert ContractName.of(workflow) == name


def test_the_fields_that_break_it_are_checked_first_and_those_that_lack_are_among_them() -> None:
    data: Json = {
        "currency": "EUR",
        "totalAmount": "18,40",
        "tip": 1,
        "fieldConfidence": {"currency": 0.3, "totalAmount": 0.99, "tip": 0.8},
    }
    extraction = read_fields(a_submission(data), read_contract(RECEIPT))
    checked = [
        (field.path, field.value, field.breaks) for field in to_check(extraction.fields, DoubtLimits())
    ]
    assert checked == [
        ("totalAmount", "18,40", "not a number"),
        ("merchantName", "–", "required, missing"),
        ("documentDate", "–", "required, missing"),
        ("currency", "EUR", ""),
        ("tip", "1", ""),
    ]
    assert read_fields(a_submission(GOOD), read_contract(RECEIPT)) == fields_of(GOOD)
    assert read_fields(a_submission(data), None) == fields_of(data)

"""What is shown of the contract to which fields without a confidence are held."""

from typing import Any

import pytest

from review_tui.model.contracts import NO_CONTRACT, Contract, read_contract
from review_tui.model.failures import Failure
from review_tui.model.wire import Json
from review_tui.ui.commands import BY_ID
from review_tui.ui.render.fields import fields_sheet
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.overview import overview_lines
from review_tui.ui.render.wrapping import cells
from review_tui.ui.situation import Situation
from tests.ui.samples import HOSTILE, NO_ANSWER, a_detail, a_view

READ: Json = {"merchantName": "Café Łąka", "totalAmount": "18,40", "note": "x" * 200, "date": "soon"}
KEPT: Json = {"merchantName": "Café Łąka", "totalAmount": 18, "date": "2026-03-25"}


def promise(*required: str, **rules: Json) -> Contract:
    return read_contract({"outputJsonSchema": {"properties": rules, "required": list(required)}})


RECEIPT = promise(
    "merchantName",
    "taxId",
    totalAmount={"type": "number"},
    date={"format": "date"},
    note={"maxLength": 100},
)


def text(lines: list[Line]) -> str:
    return "\n".join("".join(piece for piece, _ in line).rstrip() for line in lines)


def fields(data: Json, contract: Contract | Failure | None, width: int = 60, **changes: Any) -> list[Line]:
    return fields_sheet(a_view(a_detail(extractedData=data, **changes), contract=contract), None, width).lines


def why_not_walk(data: Json, contract: Contract | Failure | None) -> str | None:
    view = a_view(a_detail(extractedData=data))
    return BY_ID["next-doubt"].why_disabled(Situation(row=view.row, detail=view.detail, contract=contract))


def test_each_field_that_breaks_it_stands_first_with_why_below_its_value() -> None:
    words = text(fields(READ, RECEIPT))
    assert "4 fields to check first  0 of 4 checked" in words
    assert "  ✗ totalAmount       18,40\n                      not a number\n" in words
    assert "  ✗ date              soon\n                      not a date\n" in words
    assert "                      more than 100 characters\n" in words
    assert "  ✗ taxId             required, missing\n" in words
    assert words.index("taxId") < words.index("merchantName"), "what is kept comes after what is not"
    assert (Role.BAD, "not a date") in {
        (role, piece) for line in fields(READ, RECEIPT) for piece, role in line
    }


def test_the_overview_counts_them_and_gives_the_first() -> None:
    words = text(overview_lines(a_view(a_detail(extractedData=READ), contract=RECEIPT), 60))
    assert "~ 4 of 5 fields to check  n goes there" in words
    assert "not a number" in words


@pytest.mark.parametrize(
    ("contract", "told", "brief"),
    [
        (None, "looking up its workflow's contract", "looking up the contract"),
        (NO_CONTRACT, "its workflow has no contract to hold them to", "its workflow has no contract"),
        (
            NO_ANSWER,
            "! its workflow's contract could not be read: No answer from the server. R asks again",
            "the contract could not be read",
        ),
        (RECEIPT, "✓ every field keeps to its workflow's contract", "all keep to the contract"),
    ],
)
def test_where_nothing_is_to_be_checked_it_is_said_why(
    contract: Contract | Failure | None, told: str, brief: str
) -> None:
    data = {**KEPT, "taxId": "PL1"}
    for lines in (
        fields(data, contract, 100),
        overview_lines(a_view(a_detail(extractedData=data), contract=contract), 100),
    ):
        assert told in text(lines)
    assert "~ 83 % for the whole; none for single fields" in text(fields(data, contract))
    assert why_not_walk(data, contract) == f"no confidence by field; {brief}"


def test_a_submission_that_names_no_version_has_no_contract() -> None:
    lines = fields(KEPT, None, workflow={"slug": "receipt-ocr", "name": "Receipt OCR"})
    assert "its workflow has no contract to hold them to" in text(lines)


def test_with_confidences_nothing_is_said_of_a_contract() -> None:
    assert "contract" not in text(fields_sheet(a_view(), None, 72).lines)
    assert (
        why_not_walk({"a": {"value": 1, "confidence": 0.99}}, None) == "the machine was sure of every field"
    )
    assert why_not_walk(None, None) == "nothing was extracted"


@pytest.mark.parametrize("width", [24, 40, 60, 140])
def test_hostile_names_and_values_are_shown_and_fit(width: int) -> None:
    contract = promise(HOSTILE, f"{HOSTILE}2", **{HOSTILE: {"type": "number"}, "山田": {"type": "number"}})
    lines = fields({HOSTILE: HOSTILE, "山田": "食堂" * 40}, contract, width)
    assert all(cells(line) <= width for line in lines)
    assert not any(char < " " or 0x7F <= ord(char) < 0xA0 for char in text(lines).replace("\n", ""))
    assert text(lines).count("✗") == 3

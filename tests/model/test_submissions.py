"""A submission may be decided when its state and its fraud matches allow it, and not otherwise."""

import gc
import json
import tracemalloc
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from review_tui.model.submissions import (
    ALLOWED_FROM,
    REASON_CHARACTERS,
    Row,
    SubmissionStatus,
    Verb,
    read_detail,
    read_page,
    why_not,
    why_not_reason,
)

ALLOWED = {
    ("approve", "review"),
    ("reject", "review"),
    ("resolve", "review"),
    ("cancel", "created"),
    ("cancel", "processing"),
    ("cancel", "review"),
    ("cancel", "failed"),
}


@pytest.mark.parametrize(
    ("verb", "status", "matches"), list(product(Verb, [*SubmissionStatus, "escalated", ""], [None, 0, 1, 2]))
)
def test_each_verb_in_each_state(verb: Verb, status: str, matches: int | None) -> None:
    why = why_not(verb, status, matches)
    allowed = (str(verb), str(status)) in ALLOWED
    if not allowed:
        assert why == f"only from {', '.join(sorted(ALLOWED_FROM[verb]))}; this one is {status}"
    elif verb is not Verb.APPROVE or matches == 0:
        assert why is None
    elif matches is None:
        assert why == "its fraud matches are not loaded yet"
    else:
        assert why == f"{matches} fraud {'match' if matches == 1 else 'matches'} to resolve first"


@pytest.mark.parametrize(
    ("verb", "reason", "why"),
    [
        (Verb.REJECT, None, "a reason is needed"),
        (Verb.REJECT, "", "a reason is needed"),
        (Verb.REJECT, " \n\t", "a reason is needed"),
        (Verb.REJECT, "blurred", None),
        (Verb.REJECT, " " * 9_000 + "x" * REASON_CHARACTERS, None),
        (Verb.REJECT, "x" * (REASON_CHARACTERS + 7), "7 characters too long"),
        (Verb.CANCEL, None, None),
        (Verb.CANCEL, "", None),
        (Verb.CANCEL, "x" * (REASON_CHARACTERS + 1), "1 characters too long"),
        (Verb.APPROVE, None, None),
    ],
)
def test_words_that_will_not_do(verb: Verb, reason: str | None, why: str | None) -> None:
    assert why_not_reason(verb, reason) == why


@pytest.mark.parametrize("field", ["rejectReason", "cancelReason", "failedReason"])
def test_why_it_ended_is_one_question(field: str) -> None:
    assert read_detail({"id": "k1", "submissionStatus": "x", field: "blurred"}).reason == "blurred"


def test_a_row_says_that_one_of_its_texts_is_suspicious() -> None:
    said: dict[str, Any] = {"id": "k1", "submissionStatus": "review"}
    assert not Row.of(read_detail(said)).altered
    hostile = said | {"extractedData": {"merchantName": "gpj.\u202eexe"}}
    assert Row.of(read_detail(hostile)).altered
    assert Row.of(read_detail(hostile)).merchant == "gpj.<U+202E>exe"


def test_the_json_is_kept_as_received_and_not_shown_by_accident() -> None:
    said = {"id": "k1", "submissionStatus": "review", "novel": {"a": 1}}
    detail = read_detail({"data": said})
    assert detail.raw == said
    assert "novel" not in repr(detail)


def test_a_row_takes_no_more_than_half_a_kib() -> None:
    def page(number: int) -> bytes:
        rows = [
            {
                "id": f"k57a0submissions{number * 100 + i:012d}",
                "submissionStatus": "review",
                "fraudStatus": "flagged",
                "fraudScore": i + 0.5,
                "workflow": {"slug": "receipt-ocr", "name": "Receipt OCR", "version": 3},
                "extractedData": {"merchantName": f"Café {i % 80}", "totalAmount": i / 10, "currency": "EUR"},
                "confidence": 0.91,
                "createdAt": f"2026-03-25T10:{number % 60:02d}:{i % 60:02d}.{i:03d}Z",
                "clientSubmissionId": f"order-{number * 100 + i}",
            }
            for i in range(100)
        ]
        return json.dumps({"data": rows}).encode()

    read_page(json.loads(page(0)))  # what is kept once, at the first page, is no row's
    tracemalloc.start()
    try:
        rows = [row for number in range(25) for row in read_page(json.loads(page(number))).rows]
        gc.collect()
        each = tracemalloc.get_traced_memory()[0] / len(rows)
    finally:
        tracemalloc.stop()
    assert len(rows) == 2_500
    assert each <= 512, f"{each:.0f} bytes a row"


def test_amounts_keep_every_digit() -> None:
    body = json.loads(
        '{"id":"a","submissionStatus":"review","extractedData":{"total":0.10}}', parse_float=Decimal
    )
    (row,) = read_page({"data": [body]}).rows
    assert row.amount == "0.10"

"""Made-up submissions as the wire tells them, for what the console draws."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.submissions import Detail, Row, read_detail
from review_tui.model.text import Shown
from review_tui.ui.detail_view import DetailState, DetailView

NOW = datetime(2026, 3, 25, 12, 30, tzinfo=UTC)

HOSTILE = "\x1b]52;c;aGk=\x07\x1b[31mCafé\u202egpj.\u200b\x9b2J[red]x[/red][@click=app.quit]y[/]"
"""Everything that a name must not do to a terminal, at once."""

NO_ANSWER = Failure(
    FailureKind.NO_ANSWER,
    "No answer from the server",
    "It may be busy, or the network is down.",
    request_id=Shown.of("req_7f3a"),
)

NOT_VISIBLE = Failure(FailureKind.NOT_FOUND, "No such submission is visible to this key", status=404)


def a_match(number: int, kind: str = "image_similarity", **changes: Any) -> dict[str, Any]:
    """Return one fraud match of submission s1, against s9 unless told otherwise."""
    details: dict[str, Any] = {"distance": 3, "fileIndex": 0, "matchedFileIndex": 1}
    if kind == "data_similarity":
        details = {
            "fields": [
                {
                    "name": "merchantName",
                    "value": "Café Łąka",
                    "matchedValue": "Cafe Laka",
                    "similarity": 0.86,
                },
                {"name": "totalAmount", "value": 18.4, "matchedValue": 18.4, "similarity": 1},
            ]
        }
    match = {
        "id": f"m{number}",
        "submissionId": "s1",
        "matchedSubmissionId": "s9",
        "type": kind,
        "score": 93.8,
        "details": details,
        "resolution": None,
        "note": None,
        "createdAt": "2026-03-25T10:05:20.000Z",
        "resolvedAt": None,
        "resolvedBy": None,
    }
    return {**match, **changes}


def a_submission(id_: str = "s1", **changes: Any) -> dict[str, Any]:
    """Return a flagged submission in review, as its own endpoint gives it."""
    body: dict[str, Any] = {
        "id": id_,
        "submissionStatus": "review",
        "fraudStatus": "flagged",
        "fraudScore": 61.0,
        "workflow": {"slug": "receipt-ocr", "name": "Receipt OCR", "version": 3},
        "extractedData": {
            "merchantName": {"value": "Café Łąka", "confidence": 0.97},
            "totalAmount": {"value": Decimal("18.40"), "confidence": 0.91},
            "currency": {"value": "PLN", "confidence": 0.99},
            "date": {"value": "2026-03-24", "confidence": 0.55},
            "taxId": {"value": "525-24-84-137", "confidence": 0.74},
            "lineItems": [
                {"name": "Flat white", "price": 9},
                {"name": "Szarlotka", "price": Decimal("9.40")},
            ],
        },
        "confidence": 0.83,
        "createdAt": "2026-03-25T10:00:00.000Z",
        "processedAt": "2026-03-25T10:05:30.000Z",
        "clientSubmissionId": "order-77",
        "sessionId": "k9ses",
        "companyId": "c1",
        "metadata": {"lane": "4", "shop": {"city": "Łódź"}},
        "externalUser": {"id": "u-5", "name": "Ewa Nowak", "email": "ewa@example.test"},
        "files": [
            {
                "id": "f1",
                "index": 0,
                "label": "front",
                "fileName": "receipt-front.jpg",
                "contentType": "image/jpeg",
                "sizeBytes": 183_442,
                "downloadUrl": "https://files.example.test/f1?sig=abc",
                "downloadUrlExpiresAt": "2026-03-25T13:00:00.000Z",
            },
            {
                "id": "f2",
                "index": 1,
                "label": "invoice",
                "fileName": "invoice.pdf",
                "contentType": "application/pdf",
                "sizeBytes": 20_480,
                "downloadUrl": "https://files.example.test/f2?sig=abc",
                "downloadUrlExpiresAt": "2026-03-25T12:00:00.000Z",
            },
        ],
        "fraudMatches": [a_match(1), a_match(2, "data_similarity", score=71)],
        "events": [
            {
                "id": "e3",
                "type": "fraud_check_completed",
                "createdAt": "2026-03-25T10:05:20.000Z",
                "actor": {"type": "system", "id": None, "name": None},
                "message": "2 matches found",
            },
            {
                "id": "e2",
                "type": "extraction_completed",
                "createdAt": "2026-03-25T10:05:10.000Z",
                "actor": {"type": "system"},
                "message": None,
            },
            {
                "id": "e1",
                "type": "created",
                "createdAt": "2026-03-24T23:59:59.000Z",
                "actor": {"type": "api_key", "id": "k1", "name": "till 4"},
                "message": "Handed in at the till",
            },
        ],
    }
    return {**body, **changes}


def a_detail(id_: str = "s1", **changes: Any) -> Detail:
    """Read a made-up submission the way the client does."""
    return read_detail(a_submission(id_, **changes))


def the_matched(**changes: Any) -> Detail:
    """Return the submission s9 that the matches of s1 point at."""
    data = {
        "merchantName": {"value": "Cafe Laka", "confidence": 0.97},
        "totalAmount": {"value": Decimal("18.40"), "confidence": 0.91},
        "currency": {"value": "PLN", "confidence": 0.99},
        "date": {"value": "2026-03-21", "confidence": 0.95},
        "cashier": "Adam",
    }
    body = {"extractedData": data, "submissionStatus": "synced", "createdAt": "2026-03-21T09:00:00.000Z"}
    return a_detail("s9", **{**body, "clientSubmissionId": "order-12", **changes})


def a_hostile_detail() -> Detail:
    """Return a submission in which every text is hostile."""
    texts = {"merchantName": HOSTILE, HOSTILE: HOSTILE, "totalAmount": HOSTILE, "long": "あ" * 3_000}
    match = a_match(1, note=HOSTILE, type=HOSTILE, resolution=HOSTILE, resolvedBy={"name": HOSTILE})
    return a_detail(
        submissionStatus=HOSTILE,
        fraudStatus=HOSTILE,
        extractedData=texts,
        clientSubmissionId=HOSTILE,
        workflow={"slug": HOSTILE, "name": HOSTILE, "version": HOSTILE},
        metadata={HOSTILE: HOSTILE},
        externalUser={"name": HOSTILE, "email": HOSTILE, "id": HOSTILE},
        rejectReason=HOSTILE + "\n" + HOSTILE,
        files=[{"id": "f1", "index": 0, "label": HOSTILE, "fileName": HOSTILE, "contentType": HOSTILE}],
        events=[{"type": HOSTILE, "message": f"says {HOSTILE}", "actor": {"name": HOSTILE}}],
        fraudMatches=[match, a_match(2, details={HOSTILE: HOSTILE}, type="new_kind")],
    )


def a_view(detail: Detail | None = None, **changes: Any) -> DetailView:
    """Return the view of a submission that is fully read."""
    detail = detail or a_detail()
    return DetailView(
        **{"now": NOW, "row": Row.of(detail), "detail": detail, "state": DetailState.FULL, **changes}
    )

"""Rows that stories begin with: submissions in any state, put there by hand."""

from review_tui.sandbox.database import Transaction, insert, new_id
from review_tui.sandbox.state import Sandbox
from review_tui.sandbox.transitions import add_event, add_match

MINUTE = 60_000
SESSION_STATE = {"created": "pending", "processing": "submitted", "failed": "failed"}


def submission(
    sandbox: Sandbox,
    status: str = "review",
    *,
    matches: int = 0,
    age: int = MINUTE,
    webhook_url: str | None = None,
    **columns: object,
) -> str:
    """One submission of the company, so many milliseconds old; its id."""
    with sandbox.database.write() as tx:
        return add(tx, sandbox, status, matches=matches, age=age, webhook_url=webhook_url, **columns)


def add(
    tx: Transaction,
    sandbox: Sandbox,
    status: str = "review",
    *,
    matches: int = 0,
    age: int = MINUTE,
    webhook_url: str | None = None,
    **columns: object,
) -> str:
    """The same within a transaction."""
    at = sandbox.clock.now_ms() - age
    submission_id, session_id = new_id(tx, "submission"), new_id(tx, "session")
    insert(
        tx,
        "sessions",
        id=session_id,
        submission_id=submission_id,
        company_id=sandbox.company_id,
        key_id=sandbox.keys["company"].id,
        state=SESSION_STATE.get(status, "completed"),
        content_types=["image/jpeg"],
        webhook_url=webhook_url,
        created_at=at,
        expires_at=at + 30 * MINUTE,
    )
    read = status not in ("created", "processing", "failed")
    row: dict[str, object] = {
        "company_id": sandbox.company_id,
        "workflow": "receipt-ocr",
        "workflow_version": 3,
        "fraud_status": ("flagged" if matches else "clean") if read else None,
        "fraud_score": (61.0 if matches else 2.5) if read else None,
        "confidence": 0.91 if read else None,
        "extracted": {"merchantName": "Café Łąka", "totalAmount": 18.4} if read else None,
        "client_submission_id": f"order-{submission_id[:6]}",
        "metadata": {"lane": "4"},
    }
    row |= columns
    insert(
        tx,
        "submissions",
        id=submission_id,
        session_id=session_id,
        status=status,
        created_at=at,
        updated_at=at,
        **row,
    )
    add_event(tx, submission_id, "created", at, message="Submission created")
    for number in range(matches):
        fields = [{"name": "totalAmount", "value": 18.4, "matchedValue": 18.4, "similarity": 1.0}]
        add_match(
            tx,
            submission_id,
            at + number,
            matched_submission_id=submission_id,
            type="data_similarity",
            score=61.0,
            details={"fields": fields},
        )
    return submission_id

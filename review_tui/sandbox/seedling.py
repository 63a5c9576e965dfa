"""What lives here: a few plain rows, so that there is something to answer with before a scenario is chosen."""

import random

from review_tui.sandbox.database import Transaction, insert, new_id
from review_tui.sandbox.state import Sandbox
from review_tui.sandbox.transitions import add_event, add_match

UPLOAD = {
    "minFiles": 1,
    "maxFiles": 3,
    "acceptedFormats": ["image/jpeg", "image/png", "application/pdf"],
    "fileLabels": ["front", "back", "other"],
    "maxFileSizeMb": 5,
}
MERCHANTS = ("Café Łąka", "Ødegård Kolonial", "Harbour Books", "Nordwind Kiosk", "Trattoria Sole")


def add_workflow(tx: Transaction, company_id: str, slug: str, name: str, version: int = 3) -> None:
    """A published workflow with one version and the plainest of upload rules."""
    insert(
        tx,
        "workflows",
        company_id=company_id,
        slug=slug,
        id=new_id(tx, "workflow"),
        name=name,
        description=f"{name} of the made-up company",
        icon="receipt",
        color="#3366cc",
        published_version=version,
        contract_url=None,
    )
    fields = [("merchantName", "string"), ("totalAmount", "number")]
    insert(
        tx,
        "workflow_versions",
        company_id=company_id,
        slug=slug,
        version=version,
        upload=UPLOAD,
        output_schema=[
            {
                "name": name,
                "label": name,
                "required": True,
                "description": None,
                "type": kind,
                "validation": None,
            }
            for name, kind in fields
        ],
        output_json_schema={"type": "object", "properties": {name: {"type": kind} for name, kind in fields}},
    )


def add_submission(
    tx: Transaction, sandbox: Sandbox, created_at: int, status: str = "review", matches: int = 0
) -> str:
    """One finished submission, with so many open fraud matches; its id."""
    submission_id, session_id = new_id(tx, "submission"), new_id(tx, "session")
    rng = random.Random(submission_id)
    insert(
        tx,
        "sessions",
        id=session_id,
        submission_id=submission_id,
        company_id=sandbox.company_id,
        key_id=sandbox.keys["company"].id,
        state="submitted" if status == "processing" else "completed",
        content_types=["image/jpeg"],
        created_at=created_at,
        expires_at=created_at + 30 * 60 * 1000,
    )
    insert(
        tx,
        "submissions",
        id=submission_id,
        company_id=sandbox.company_id,
        session_id=session_id,
        workflow="receipt-ocr",
        workflow_version=3,
        status=status,
        fraud_status="flagged" if matches else "clean",
        fraud_score=61.0 if matches else 2.5,
        confidence=round(rng.uniform(0.5, 1), 2),
        extracted={"merchantName": rng.choice(MERCHANTS), "totalAmount": rng.randrange(100, 90000) / 100},
        client_submission_id=f"order-{submission_id[:6]}",
        metadata={"lane": str(rng.randrange(9))},
        external_user={"id": "u1", "name": "Ada Example", "email": "ada@example.invalid"},
        created_at=created_at,
        updated_at=created_at + 2000,
        started_at=created_at + 1000,
        processed_at=created_at + 2000,
    )
    add_event(tx, submission_id, "created", created_at, message="Submission created")
    for number in range(matches):
        fields = [{"name": "totalAmount", "value": 18.4, "matchedValue": 18.4, "similarity": 1.0}]
        add_match(
            tx,
            submission_id,
            created_at + 1500 + number,
            matched_submission_id=submission_id,
            type="data_similarity",
            score=61.0,
            details={"fields": fields},
        )
    return submission_id


def populate(sandbox: Sandbox, count: int = 40) -> None:
    """A small queue: every third submission flagged, the newest a minute old."""
    now = sandbox.clock.now_ms()
    with sandbox.database.write() as tx:
        add_workflow(tx, sandbox.company_id, "receipt-ocr", "Receipt OCR")
        for number in range(count):
            add_submission(tx, sandbox, now - (number + 1) * 60_000, matches=number % 3)

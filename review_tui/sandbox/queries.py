"""What lives here: what the sandbox reads of submissions, shaped as the wire wants it."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from review_tui.sandbox.database import Transaction
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.signing import Signer
from review_tui.sandbox.wire import raw, stamp

Row = sqlite3.Row
Json = dict[str, object]

STATUSES = ("created", "processing", "review", "approved", "synced", "rejected", "cancelled", "failed")
FRAUD_STATUSES = ("clean", "flagged", "blocked")
LIMIT_DEFAULT, LIMIT_MOST = 20, 100
EVENTS_AT_MOST = 100

_COLUMNS = (
    "s.id, s.status, s.fraud_status, s.fraud_score, s.workflow, s.workflow_version, s.extracted, "
    "s.confidence, s.created_at, s.client_submission_id, "
    "(SELECT w.name FROM workflows w WHERE w.company_id = s.company_id AND w.slug = s.workflow) "
    "AS workflow_name"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a list asks for: filters, how many, and where to go on."""

    company_id: str
    workflow: str | None = None
    status: str | None = None
    fraud_status: str | None = None
    limit: int = LIMIT_DEFAULT
    cursor: str | None = None

    @property
    def scope(self) -> str:
        """What a cursor of this list is bound to."""
        return repr((self.company_id, self.workflow, self.status, self.fraud_status))


def limit_of(text: str | None) -> int:
    """A page size within 1..100; what is no number counts as not given."""
    try:
        return LIMIT_DEFAULT if text is None else max(1, min(LIMIT_MOST, int(text)))
    except ValueError:
        return LIMIT_DEFAULT


def page(tx: Transaction, question: Question, signer: Signer) -> Json:
    """One page, newest first, ties by id; the cursor marks a place, so rows added meanwhile move nothing."""
    conditions, values = ["s.company_id = ?"], [question.company_id]
    for column, value in (
        ("workflow", question.workflow),
        ("status", question.status),
        ("fraud_status", question.fraud_status),
    ):
        if value is not None:
            conditions.append(f"s.{column} = ?")
            values.append(value)
    bounds: list[object] = []
    if question.cursor is not None:
        created_at, identifier = signer.position(question.cursor, question.scope)
        conditions.append("s.created_at <= ? AND (s.created_at < ? OR s.id > ?)")
        bounds = [created_at, created_at, identifier]
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM submissions s WHERE {' AND '.join(conditions)} "  # noqa: S608 – own names
        "ORDER BY s.created_at DESC, s.id LIMIT ?",
        (*values, *bounds, question.limit + 1),
    ).fetchall()
    shown, more = rows[: question.limit], len(rows) > question.limit
    last = (shown[-1]["created_at"], shown[-1]["id"]) if more else None
    return {
        "data": [summary(row) for row in shown],
        "pagination": {
            "hasMore": more,
            "nextCursor": None if last is None else signer.cursor(last, question.scope),
        },
    }


def summary(row: Row) -> Json:
    """A submission as a list shows it."""
    return {
        "id": row["id"],
        "submissionStatus": row["status"],
        "fraudStatus": row["fraud_status"],
        "fraudScore": row["fraud_score"],
        "workflow": {
            "slug": row["workflow"],
            "name": raw(row["workflow_name"]),
            "version": row["workflow_version"],
        },
        "extractedData": raw(row["extracted"]),
        "confidence": row["confidence"],
        "createdAt": stamp(row["created_at"]),
        "clientSubmissionId": raw(row["client_submission_id"]),
    }


def find(tx: Transaction, company_id: str, submission_id: str) -> Row:
    """The row of a company's submission; 404 when there is none, another company's included."""
    row: Row | None = tx.execute(
        f"SELECT {_COLUMNS}, s.* FROM submissions s WHERE s.id = ? AND s.company_id = ?",  # noqa: S608
        (submission_id, company_id),
    ).fetchone()
    if row is None:
        raise Problem("not-found", "There is no such submission.")
    return row


def detail(tx: Transaction, row: Row, url_of: Callable[[str], tuple[str, int]]) -> Json:
    """A submission with everything about it; ``url_of(file id)`` gives a download URL and its end in ms."""
    return {
        **summary(row),
        "sessionId": row["session_id"],
        "companyId": row["company_id"],
        "metadata": raw(row["metadata"]),
        "externalUser": raw(row["external_user"]),
        "processedAt": stamp(row["processed_at"]),
        "reviewedAt": stamp(row["reviewed_at"]),
        "syncedAt": stamp(row["synced_at"]),
        "updatedAt": stamp(row["updated_at"]),
        "rejectReason": raw(row["reject_reason"]),
        "cancelReason": raw(row["cancel_reason"]),
        "failedReason": raw(row["failed_reason"]),
        "files": _files(tx, row["id"], url_of),
        "fraudMatches": matches(tx, row["id"]),
        "events": _events(tx, row["id"]),
    }


def matches(tx: Transaction, submission_id: str) -> list[Json]:
    """The fraud matches of a submission, oldest first."""
    rows = tx.execute(
        "SELECT * FROM fraud_matches WHERE submission_id = ? ORDER BY created_at, id", (submission_id,)
    )
    return [match(row) for row in rows]


def match(row: Row) -> Json:
    """A fraud match as the wire shows it."""
    return {
        "id": row["id"],
        "submissionId": row["submission_id"],
        "matchedSubmissionId": row["matched_submission_id"],
        "type": row["type"],
        "score": row["score"],
        "details": raw(row["details"]),
        "resolution": row["resolution"],
        "note": raw(row["note"]),
        "createdAt": stamp(row["created_at"]),
        "resolvedAt": stamp(row["resolved_at"]),
        "resolvedBy": raw(row["resolved_by"]),
    }


def acted(tx: Transaction, submission_id: str) -> Json:
    """What an action answers: where the submission stands now."""
    row = tx.execute(
        "SELECT id, status, updated_at FROM submissions WHERE id = ?", (submission_id,)
    ).fetchone()
    return {"id": row["id"], "submissionStatus": row["status"], "updatedAt": stamp(row["updated_at"])}


def job(tx: Transaction, session: Row) -> Json:
    """The job behind an upload session."""
    row = tx.execute("SELECT * FROM submissions WHERE id = ?", (session["submission_id"],)).fetchone()
    result = {
        "extractedData": raw(row["extracted"]),
        "confidence": row["confidence"],
        "fraudStatus": row["fraud_status"],
    }
    return {
        "sessionId": session["id"],
        "submissionId": row["id"],
        "workflow": {"slug": row["workflow"], "version": row["workflow_version"]},
        "companyId": row["company_id"],
        "state": session["state"],
        "submissionStatus": row["status"],
        "result": result if session["state"] == "completed" else None,
        "failedReason": raw(session["failed_reason"]),
        "clientSubmissionId": raw(row["client_submission_id"]),
        "metadata": raw(row["metadata"]),
        "processedAt": stamp(row["processed_at"]),
        "webhookDeliveryStatus": session["webhook_status"],
    }


def _files(tx: Transaction, submission_id: str, url_of: Callable[[str], tuple[str, int]]) -> list[Json]:
    rows = tx.execute(
        "SELECT id, file_index, label, file_name, content_type, size_bytes FROM files "
        "WHERE submission_id = ? ORDER BY file_index",
        (submission_id,),
    )
    shown = []
    for row in rows:
        url, expires = url_of(row["id"])
        shown.append(
            {
                "id": row["id"],
                "index": row["file_index"],
                "label": raw(row["label"]),
                "fileName": raw(row["file_name"]),
                "contentType": row["content_type"],
                "sizeBytes": row["size_bytes"],
                "downloadUrl": url,
                "downloadUrlExpiresAt": stamp(expires),
            }
        )
    return shown


def _events(tx: Transaction, submission_id: str) -> list[Json]:
    rows = tx.execute(
        "SELECT * FROM events WHERE submission_id = ? ORDER BY created_at DESC, sequence DESC LIMIT ?",
        (submission_id, EVENTS_AT_MOST),
    )
    return [
        {
            "id": row["id"],
            "type": raw(row["type"]),
            "createdAt": stamp(row["created_at"]),
            "actor": raw(row["actor"]),
            "message": raw(row["message"]),
            "data": raw(row["data"]),
        }
        for row in rows
    ]

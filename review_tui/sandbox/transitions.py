"""What lives here: every change of a submission's state: a guarded UPDATE, its event and its webhook.

Each function works on an open write transaction, so that the state and the event that tells of it are
kept together or not at all. Times are Unix milliseconds.
"""

import sqlite3
from collections.abc import Mapping, Sequence

from review_tui.sandbox import webhooks
from review_tui.sandbox.database import Transaction, encode, insert, new_id
from review_tui.sandbox.problems import Problem, invalid

Row = sqlite3.Row
Actor = Mapping[str, str]

SYSTEM: Actor = {"type": "system", "id": "system", "name": "Steve"}
REASON_AT_MOST = 2000
RESOLUTIONS = ("false_positive", "confirmed_fraud")
CANCELLABLE = ("created", "processing", "review", "failed")


def add_event(
    tx: Transaction,
    submission_id: str,
    event_type: object,
    now: int,
    *,
    actor: Mapping[str, object] = SYSTEM,
    message: object = None,
    data: object = None,
) -> None:
    """Write one line of a submission's history."""
    insert(
        tx,
        "events",
        id=new_id(tx, "event"),
        submission_id=submission_id,
        type=event_type,
        created_at=now,
        actor=actor,
        message=message,
        data=data,
    )


def add_match(
    tx: Transaction,
    submission_id: str,
    now: int,
    *,
    matched_submission_id: str,
    type: str,  # noqa: A002 – the wire's own word
    score: float,
    details: object,
) -> str:
    """Record that a submission resembles an earlier one, unresolved; its id."""
    match_id = new_id(tx, "fraud_match")
    insert(
        tx,
        "fraud_matches",
        id=match_id,
        submission_id=submission_id,
        matched_submission_id=matched_submission_id,
        type=type,
        score=score,
        details=details,
        created_at=now,
    )
    return match_id


def approve(
    tx: Transaction, submission: Row, now: int, *, actor: Actor, request_id: str | None = None
) -> None:
    """``review`` → ``approved``, with every fraud match resolved; else 409 and nothing changed."""
    (unresolved,) = tx.execute(
        "SELECT count(*) FROM fraud_matches WHERE submission_id = ? AND resolution IS NULL",
        (submission["id"],),
    ).fetchone()
    if submission["status"] == "review" and unresolved:
        matches = "1 fraud match is" if unresolved == 1 else f"{unresolved} fraud matches are"
        raise Problem("conflict", f"{matches} unresolved; resolve before approving.")
    _move(tx, submission, "approve", "approved", ("review",), now, reviewed_at=now)
    _tell(tx, submission["id"], "approved", now, actor, "Approved", _data(request_id))


def reject(
    tx: Transaction, submission: Row, now: int, *, reason: object, actor: Actor, request_id: str | None = None
) -> None:
    """``review`` → ``rejected`` for a reason of 1..2000 characters; else 422 or 409."""
    text = reason_of(reason, required=True)
    _move(tx, submission, "reject", "rejected", ("review",), now, reviewed_at=now, reject_reason=encode(text))
    _tell(tx, submission["id"], "rejected", now, actor, text, _data(request_id, reason=text))


def cancel(
    tx: Transaction, submission: Row, now: int, *, reason: object, actor: Actor, request_id: str | None = None
) -> None:
    """Anything undecided → ``cancelled``; the upload session behind it ends as well."""
    text = reason_of(reason, required=False)
    _move(tx, submission, "cancel", "cancelled", CANCELLABLE, now, cancel_reason=encode(text))
    tx.execute(
        "UPDATE sessions SET state = 'failed', failed_reason = ? "
        "WHERE id = ? AND state IN ('pending', 'submitted')",
        (encode("The submission was cancelled."), submission["session_id"]),
    )
    _tell(tx, submission["id"], "cancelled", now, actor, text or "Cancelled", _data(request_id, reason=text))


def resolve(
    tx: Transaction,
    submission: Row,
    match_id: str,
    now: int,
    *,
    resolution: object,
    note: object = None,
    actor: Actor,
    request_id: str | None = None,
) -> None:
    """Resolve one open match of a submission in ``review``; the fraud status follows from all of them."""
    if resolution not in RESOLUTIONS:
        raise invalid("resolution", f"must be one of {', '.join(RESOLUTIONS)}", "unknown_value")
    if note is not None and not (isinstance(note, str) and len(note) <= REASON_AT_MOST):
        raise invalid("note", f"must be text of at most {REASON_AT_MOST} characters")
    match = tx.execute(
        "SELECT * FROM fraud_matches WHERE id = ? AND submission_id = ?", (match_id, submission["id"])
    ).fetchone()
    if match is None:
        raise Problem("not-found", "This submission has no such fraud match.")
    if submission["status"] != "review":
        raise Problem(
            "conflict", f"The submission is {submission['status']}; matches are resolved in review."
        )
    changed = tx.execute(
        "UPDATE fraud_matches SET resolution = ?, note = ?, resolved_at = ?, resolved_by = ? "
        "WHERE id = ? AND resolution IS NULL",
        (resolution, encode(note), now, encode(actor["name"]), match_id),
    ).rowcount
    if not changed:
        raise Problem("conflict", f"This match is already resolved as {match['resolution']}.")
    tx.execute(
        "UPDATE submissions SET updated_at = ?, fraud_status = coalesce(?, fraud_status) WHERE id = ?",
        (now, _fraud_status_after(tx, submission["id"]), submission["id"]),
    )
    data = _data(request_id, matchId=match_id, resolution=resolution, note=note)
    _tell(tx, submission["id"], "fraud_match_resolved", now, actor, f"Resolved as {resolution}", data)


def start_processing(tx: Transaction, submission_id: str, now: int) -> bool:
    """Claim a submitted submission for the pipeline; False when it is not there to be claimed."""
    claimed = tx.execute(
        "UPDATE submissions SET started_at = ?, updated_at = ? "
        "WHERE id = ? AND status = 'processing' AND started_at IS NULL",
        (now, now, submission_id),
    ).rowcount
    if claimed:
        add_event(tx, submission_id, "processing_started", now, message="Processing started")
    return bool(claimed)


def finish_processing(  # noqa: PLR0913 – one call per document, all of it by name
    tx: Transaction,
    submission_id: str,
    now: int,
    *,
    extracted: object,
    confidence: float | None,
    fraud_status: str | None,
    fraud_score: float | None,
    matches: Sequence[Mapping[str, object]],
    to_status: str,
) -> bool:
    """``processing`` → ``review`` or ``approved`` with what was read and found; False when it left meanwhile.

    A match is ``{matched_submission_id, type, score, details}``.
    """
    moved = tx.execute(
        "UPDATE submissions SET status = ?, extracted = ?, confidence = ?, fraud_status = ?, "
        "fraud_score = ?, processed_at = ?, updated_at = ? WHERE id = ? AND status = 'processing'",
        (to_status, encode(extracted), confidence, fraud_status, fraud_score, now, now, submission_id),
    ).rowcount
    if not moved:
        return False
    for match in matches:
        add_match(tx, submission_id, now, **match)  # type: ignore[arg-type]  # the shape is in the docstring
    add_event(
        tx,
        submission_id,
        "extraction_completed",
        now,
        message="Data extracted",
        data={"confidence": confidence},
    )
    found = {"fraudStatus": fraud_status, "fraudScore": fraud_score, "matches": len(matches)}
    add_event(tx, submission_id, "fraud_check_completed", now, message="Fraud check completed", data=found)
    if to_status == "approved":
        add_event(tx, submission_id, "approved", now, message="Approved automatically")
    _end_session(tx, submission_id, "completed")
    event_type = "session.review_required" if to_status == "review" else "session.completed"
    webhooks.enqueue(tx, submission_id, event_type, now)
    return True


def fail(tx: Transaction, submission_id: str, now: int, *, reason: str) -> bool:
    """``created`` or ``processing`` → ``failed``, its session with it; False when it left meanwhile."""
    moved = tx.execute(
        "UPDATE submissions SET status = 'failed', failed_reason = ?, processed_at = ?, updated_at = ? "
        "WHERE id = ? AND status IN ('created', 'processing')",
        (encode(reason), now, now, submission_id),
    ).rowcount
    if not moved:
        return False
    add_event(tx, submission_id, "failed", now, message=reason)
    _end_session(tx, submission_id, "failed", reason)
    webhooks.enqueue(tx, submission_id, "session.failed", now)
    return True


def sync(tx: Transaction, submission_id: str, now: int, *, problem: str | None = None) -> bool:
    """``approved`` → ``synced``; with a ``problem`` it stays approved and the failed try is told."""
    if problem is not None:
        add_event(tx, submission_id, "sync_failed", now, message=problem)
        return False
    moved = tx.execute(
        "UPDATE submissions SET status = 'synced', synced_at = ?, updated_at = ? "
        "WHERE id = ? AND status = 'approved'",
        (now, now, submission_id),
    ).rowcount
    if moved:
        add_event(tx, submission_id, "synced", now, message="Handed on downstream")
    return bool(moved)


def reason_of(reason: object, *, required: bool) -> str | None:
    """A reason as it is kept: trimmed, 1..2000 characters; 422 otherwise. ``None`` only if not required."""
    if reason is None and not required:
        return None
    if not isinstance(reason, str) or not reason.strip():
        raise invalid("reason", "must be a text that is not blank", "required")
    if len(reason.strip()) > REASON_AT_MOST:
        raise invalid("reason", f"must be at most {REASON_AT_MOST} characters", "too_long")
    return reason.strip()


def _move(
    tx: Transaction,
    submission: Row,
    verb: str,
    to: str,
    allowed: Sequence[str],
    now: int,
    **columns: object,
) -> None:
    sets = ", ".join(f"{name} = ?" for name in ("status", "updated_at", *columns))
    marks = ", ".join("?" * len(allowed))
    moved = tx.execute(
        f"UPDATE submissions SET {sets} WHERE id = ? AND status IN ({marks})",  # noqa: S608 – own names
        (to, now, *columns.values(), submission["id"], *allowed),
    ).rowcount
    if not moved:
        states = " or ".join(allowed)
        raise Problem(
            "conflict", f"The submission is {submission['status']}; {verb} is possible from {states}."
        )


def _tell(
    tx: Transaction,
    submission_id: str,
    event_type: str,
    now: int,
    actor: Actor,
    message: str | None,
    data: Mapping[str, object],
) -> None:
    add_event(tx, submission_id, event_type, now, actor=actor, message=message, data=data)
    webhooks.enqueue(tx, submission_id, f"submission.{event_type}", now)


def _data(request_id: str | None, **more: object) -> dict[str, object]:
    return {"requestId": request_id, **{name: value for name, value in more.items() if value is not None}}


def _fraud_status_after(tx: Transaction, submission_id: str) -> str | None:
    rows = tx.execute("SELECT resolution FROM fraud_matches WHERE submission_id = ?", (submission_id,))
    resolutions = {row["resolution"] for row in rows}
    if "confirmed_fraud" in resolutions:
        return "blocked"
    return "clean" if resolutions == {"false_positive"} else None


def _end_session(tx: Transaction, submission_id: str, state: str, reason: str | None = None) -> None:
    tx.execute(
        "UPDATE sessions SET state = ?, failed_reason = ? "
        "WHERE submission_id = ? AND state IN ('pending', 'submitted')",
        (state, encode(reason), submission_id),
    )

"""What lives here: upload sessions, from the first request to their submission or expiry."""

import json
import mimetypes
import sqlite3
from collections.abc import Mapping
from typing import cast

from review_tui.sandbox import transitions
from review_tui.sandbox.database import Transaction, encode, insert, new_id
from review_tui.sandbox.keys import Caller
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.wire import dumps

Row = sqlite3.Row

LIFE_MS = 30 * 60 * 1000
METADATA_BYTES, METADATA_LEVELS = 4096, 2
CLIENT_ID_AT_MOST = 256

Complaint = tuple[str, str, str]
"""A field, what is wrong with it, and the code of that."""


def create(
    tx: Transaction, caller: Caller, workflow: Row, body: Mapping[str, object], now: int
) -> tuple[Row, bool]:
    """The session for a valid ``body`` and whether it is new.

    The same ``clientSubmissionId`` of the same key and workflow finds its pending session again; 409 when
    that one was already submitted.
    """
    client_id = str(body["clientSubmissionId"])
    place = (caller.key_id, workflow["slug"], encode(client_id))
    earlier = _still_open(tx, place, now)
    if earlier is not None:
        return earlier, False
    session_id, submission_id = new_id(tx, "session"), new_id(tx, "submission")
    tx.execute("INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?)", (*place, session_id))
    insert(
        tx,
        "sessions",
        id=session_id,
        submission_id=submission_id,
        company_id=workflow["company_id"],
        key_id=caller.key_id,
        state="pending",
        content_types=body["contentTypes"],
        webhook_url=body.get("webhookUrl"),
        created_at=now,
        expires_at=now + LIFE_MS,
    )
    insert(
        tx,
        "submissions",
        id=submission_id,
        company_id=workflow["company_id"],
        session_id=session_id,
        workflow=workflow["slug"],
        workflow_version=workflow["published_version"],
        status="created",
        client_submission_id=client_id,
        metadata=body.get("metadata"),
        external_user=_external_user(body.get("externalUser")),
        created_at=now,
        updated_at=now,
    )
    transitions.add_event(tx, submission_id, "created", now, actor=caller.actor(), message="Session created")
    return find(tx, session_id), True


def find(tx: Transaction, session_id: str, key_id: str | None = None) -> Row:
    """A session; 404 when there is none, 403 when it belongs to another key than ``key_id``."""
    row: Row | None = tx.execute("SELECT * FROM sessions WHERE id = ?", (session_id,)).fetchone()
    if row is None:
        raise Problem("not-found", "There is no such session.")
    if key_id is not None and row["key_id"] != key_id:
        raise Problem("forbidden", "This session belongs to another API key.")
    return row


def newest_of_each_kind(tx: Transaction, key_id: str, among: int = 500) -> list[str]:
    """The ids of a key's newest sessions, one of each state of theirs and of their submissions."""
    rows = tx.execute(
        "SELECT id, max(at) FROM (SELECT e.id, e.created_at AS at, e.state, u.status FROM submissions u"
        " JOIN sessions e ON e.id = u.session_id WHERE e.key_id = ?"
        " ORDER BY u.created_at DESC, u.id LIMIT ?) GROUP BY state, status ORDER BY 2 DESC, id",
        (key_id, among),
    )
    return [row["id"] for row in rows]


def store_upload(
    tx: Transaction, session: Row, file_index: int, label: str | None, content: bytes, now: int
) -> None:
    """Keep an uploaded file; a later upload to the same place takes its stead. 409 once submitted."""
    _check_open(session, now, "conflict")
    content_type = content_types(session)[file_index]
    extension = mimetypes.guess_extension(content_type) or ""
    tx.execute(
        "DELETE FROM files WHERE submission_id = ? AND file_index = ?", (session["submission_id"], file_index)
    )
    insert(
        tx,
        "files",
        id=new_id(tx, "file"),
        submission_id=session["submission_id"],
        file_index=file_index,
        label=label,
        file_name=f"{label or 'file'}-{file_index}{extension}",
        content_type=content_type,
        size_bytes=len(content),
        content=content,
    )


def submit(tx: Transaction, session: Row, now: int) -> None:
    """``pending`` → ``submitted``, its submission to ``processing``; 400, 410 or 422 when it cannot be."""
    _check_open(session, now, "bad-request")
    uploaded = {
        row["file_index"]
        for row in tx.execute(
            "SELECT file_index FROM files WHERE submission_id = ?", (session["submission_id"],)
        )
    }
    missing = [index for index in range(len(content_types(session))) if index not in uploaded]
    if missing:
        raise Problem(
            "files-missing",
            "Not every file has been uploaded.",
            errors=[
                {"field": f"files[{index}]", "message": "not uploaded", "code": "missing"}
                for index in missing
            ],
        )
    tx.execute("UPDATE sessions SET state = 'submitted' WHERE id = ?", (session["id"],))
    tx.execute(
        "UPDATE submissions SET status = 'processing', updated_at = ? WHERE id = ? AND status = 'created'",
        (now, session["submission_id"]),
    )
    data = {"files": len(uploaded)}
    transitions.add_event(
        tx, session["submission_id"], "files_uploaded", now, message="Files uploaded", data=data
    )


def sweep(tx: Transaction, now: int) -> int:
    """Finalise the sessions whose time is over, their submissions as failed; how many."""
    stale = tx.execute(
        "SELECT id, submission_id FROM sessions WHERE state = 'pending' AND expires_at <= ?", (now,)
    ).fetchall()
    for row in stale:
        tx.execute("UPDATE sessions SET state = 'expired' WHERE id = ?", (row["id"],))
        transitions.fail(tx, row["submission_id"], now, reason="The upload session expired.")
    return len(stale)


def complaints(body: Mapping[str, object], upload: Mapping[str, object]) -> list[Complaint]:
    """What is wrong with a request for a session under a workflow's upload rules, its webhook aside."""
    found: list[Complaint] = []
    count, types = body.get("fileCount"), body.get("contentTypes")
    least, most = cast("int", upload["minFiles"]), cast("int", upload["maxFiles"])
    accepted = cast("list[str]", upload["acceptedFormats"])
    if not _is_whole(count) or not least <= cast("int", count) <= most:
        found.append(("fileCount", f"must be a whole number from {least} to {most}", "out_of_range"))
    if not isinstance(types, list):
        found.append(("contentTypes", "must be a list", "required"))
    else:
        if len(types) != count:
            found.append(("contentTypes", "must have one entry per file", "wrong_length"))
        found += [
            (f"contentTypes[{index}]", f"must be one of {', '.join(accepted)}", "not_accepted")
            for index, kind in enumerate(types)
            if kind not in accepted
        ]
    client_id = body.get("clientSubmissionId")
    if not isinstance(client_id, str) or not 1 <= len(client_id) <= CLIENT_ID_AT_MOST:
        text = f"must be a text of 1 to {CLIENT_ID_AT_MOST} characters"
        found.append(("clientSubmissionId", text, "required"))
    return found + _about_metadata(body.get("metadata")) + _about_user(body.get("externalUser"))


def content_types(session: Row) -> list[str]:
    """The content types that a session was announced with, one per file."""
    return cast("list[str]", json.loads(session["content_types"]))


def _still_open(tx: Transaction, place: tuple[str, str, str | None], now: int) -> Row | None:
    earlier: Row | None = tx.execute(
        "SELECT s.* FROM idempotency i JOIN sessions s ON s.id = i.session_id "
        "WHERE i.key_id = ? AND i.workflow = ? AND i.client_submission_id = ?",
        place,
    ).fetchone()
    if earlier is None:
        return None
    if earlier["state"] in ("submitted", "completed"):
        raise Problem("conflict", f"This clientSubmissionId was used by session {earlier['id']}.")
    return earlier if earlier["state"] == "pending" and now < earlier["expires_at"] else None


def _check_open(session: Row, now: int, slug: str) -> None:
    if session["state"] == "expired" or (session["state"] == "pending" and now >= session["expires_at"]):
        raise Problem("gone", "The session has expired.")
    if session["state"] != "pending":
        raise Problem(slug, f"The session is {session['state']}, no longer pending.")


def _about_metadata(value: object) -> list[Complaint]:
    if value is None:
        return []
    if not isinstance(value, dict):
        return [("metadata", "must be an object", "invalid")]
    found: list[Complaint] = []
    if len(dumps(value).encode()) > METADATA_BYTES:
        found.append(("metadata", f"may have at most {METADATA_BYTES} bytes", "too_long"))
    level = [value]
    for depth in range(1, METADATA_LEVELS + 1):
        leaves = [item for one in level for item in one.values()]
        level = [item for item in leaves if isinstance(item, dict)]
        if any(not isinstance(item, (dict, str, int, float, bool)) for item in leaves):
            found.append(("metadata", "values must be texts, numbers or booleans", "invalid"))
        if depth == METADATA_LEVELS and level:
            found.append(("metadata", f"may be {METADATA_LEVELS} levels deep", "too_deep"))
    return found


def _about_user(value: object) -> list[Complaint]:
    if value is None:
        return []
    if not isinstance(value, dict):
        return [("externalUser", "must be an object", "invalid")]
    return [
        (f"externalUser.{name}", "must be a text", "invalid")
        for name in ("id", "name", "email")
        if not isinstance(value.get(name), (str, type(None)))
    ]


def _external_user(value: object) -> dict[str, object] | None:
    if not isinstance(value, dict):
        return None
    return {name: value.get(name) for name in ("id", "name", "email")}


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

"""What lives here: the routes of workflows and of the upload sessions under them."""

import json
import sqlite3
from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import sessions, webhooks
from review_tui.sandbox.database import Transaction
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.routes.asking import Ask, api, base_url_of, json_answer
from review_tui.sandbox.wire import raw, stamp

Row = sqlite3.Row

_SELECT = (
    "SELECT w.*, v.upload, v.output_schema, v.output_json_schema, v.version FROM workflows w "
    "JOIN workflow_versions v ON v.company_id = w.company_id AND v.slug = w.slug "
)


async def list_workflows(ask: Ask) -> Response:
    """Every workflow of the company, in one page."""
    with ask.sandbox.database.read() as tx:
        rows = tx.execute(
            f"{_SELECT} AND v.version = w.published_version WHERE w.company_id = ? ORDER BY w.slug",
            (ask.company_id,),
        ).fetchall()
    pagination = {"hasMore": False, "nextCursor": None}
    return json_answer({"data": [_workflow(row) for row in rows], "pagination": pagination})


async def show_workflow(ask: Ask) -> Response:
    """One workflow."""
    with ask.sandbox.database.read() as tx:
        return json_answer(_workflow(_find(tx, ask)))


async def show_version(ask: Ask) -> Response:
    """One version of a workflow: what it accepts and what it reads out of it."""
    version = ask.part("version")
    with ask.sandbox.database.read() as tx:
        row = _find(tx, ask, int(version) if version.isdecimal() and len(version) < 10 else -1)
    return json_answer(
        {
            "workflow": _reference(row),
            "version": row["version"],
            "upload": raw(row["upload"]),
            "outputSchema": raw(row["output_schema"]),
            "outputJsonSchema": raw(row["output_json_schema"]),
        }
    )


async def create_session(ask: Ask) -> Response:
    """A session to upload files into: 201, or 200 with the pending one of the same clientSubmissionId."""
    body = await ask.json_object()
    with ask.sandbox.database.write() as tx:
        workflow = _find(tx, ask)
        upload = json.loads(workflow["upload"])
        _check(ask, body, upload)
        session, is_new = sessions.create(tx, ask.caller, workflow, body, ask.now)
    return json_answer(_session(ask, workflow, session, upload), 201 if is_new else 200)


async def submit_session(ask: Ask) -> Response:
    """Hand the uploaded files over to be processed."""
    await ask.json_object()
    with ask.sandbox.database.write() as tx:
        workflow = _find(tx, ask)
        session = sessions.find(tx, ask.part("session_id"), ask.caller.key_id)
        submission = tx.execute(
            "SELECT id, workflow FROM submissions WHERE id = ?", (session["submission_id"],)
        ).fetchone()
        if submission["workflow"] != workflow["slug"]:
            raise Problem("not-found", "This workflow has no such session.")
        sessions.submit(tx, session, ask.now)
    return json_answer(
        {
            "sessionId": session["id"],
            "submissionId": session["submission_id"],
            "state": "submitted",
            "submissionStatus": "processing",
            "workflow": _reference(workflow),
        }
    )


def _check(ask: Ask, body: Mapping[str, object], upload: Mapping[str, object]) -> None:
    complaints = sessions.complaints(body, upload)
    url = body.get("webhookUrl")
    if url is not None:
        why = webhooks.why_refused(url, loopback=ask.sandbox.settings.loopback_webhooks)
        if why is not None:
            complaints.append(("webhookUrl", why, "not_public"))
    if complaints:
        errors = [{"field": field, "message": text, "code": code} for field, text, code in complaints]
        raise Problem(
            "validation-error", "; ".join(f"{one[0]} {one[1]}" for one in complaints), errors=errors
        )


def _session(ask: Ask, workflow: Row, session: Row, upload: Mapping[str, list[str]]) -> dict[str, object]:
    base, labels = base_url_of(ask.request), upload["fileLabels"]
    urls = []
    for index, content_type in enumerate(sessions.content_types(session)):
        path = f"/storage/uploads/{session['id']}/{index}"
        url = base + ask.sandbox.signer.path(path, session["expires_at"] // 1000, content_type)
        label = labels[index] if index < len(labels) else None
        place = {"fileIndex": index, "uploadUrl": url, "r2Url": url}
        urls.append({**place, "contentType": content_type, "label": label})
    return {
        "sessionId": session["id"],
        "submissionId": session["submission_id"],
        "state": session["state"],
        "submissionStatus": "created",
        "workflow": _reference(workflow),
        "uploadUrls": urls,
        "expiresAt": stamp(session["expires_at"]),
        "uploadUrlsExpireAt": stamp(session["expires_at"] // 1000 * 1000),
    }


def _find(tx: Transaction, ask: Ask, version: int | None = None) -> Row:
    row: Row | None = tx.execute(
        f"{_SELECT} WHERE w.company_id = ? AND w.slug = ? AND v.version = coalesce(?, w.published_version)",
        (ask.company_id, ask.part("slug"), version),
    ).fetchone()
    if row is None:
        raise Problem("not-found", "There is no such workflow or version.")
    return row


def _workflow(row: Row) -> dict[str, object]:
    return {
        "id": row["id"],
        "slug": row["slug"],
        "name": raw(row["name"]),
        "description": raw(row["description"]),
        "icon": row["icon"],
        "color": row["color"],
        "publishedVersion": row["published_version"],
        "contractUrl": raw(row["contract_url"]),
        "upload": raw(row["upload"]),
    }


def _reference(row: Row) -> dict[str, object]:
    return {"slug": row["slug"], "version": row["version"]}


ROUTES: list[Route] = [
    api("GET", "/workflows", "read", list_workflows),
    api("GET", "/workflows/{slug}", "read", show_workflow),
    api("GET", "/workflows/{slug}/versions/{version}", "read", show_version),
    api("POST", "/workflows/{slug}/sessions", "session", create_session),
    api("POST", "/workflows/{slug}/sessions/{session_id}/submit", "submit", submit_session),
]

"""A system uploads documents: workflows, sessions, pre-signed uploads, jobs, expiry, downloads."""

import hashlib
from typing import Any

import pytest

from review_tui.sandbox import sessions, transitions
from review_tui.sandbox.state import Sandbox
from tests.sandbox import rows
from tests.sandbox.asking import Answer, Caller

SESSIONS = "/api/v1/workflows/receipt-ocr/sessions"
GOOD: dict[str, object] = {
    "fileCount": 1,
    "contentTypes": ["image/jpeg"],
    "clientSubmissionId": "order-1",
}


def opened(caller: Caller, **changes: object) -> Any:
    answer = caller.post(SESSIONS, {**GOOD, **changes})
    assert answer.status == 201, answer.body
    return answer.json


def put(caller: Caller, url: str, body: bytes = b"a picture", content_type: str = "image/jpeg") -> Answer:
    return caller.ask("PUT", url.removeprefix("http://127.0.0.1"), body, {"Content-Type": content_type})


def submitted(caller: Caller, session: Any) -> Answer:
    return caller.post(f"{SESSIONS}/{session['sessionId']}/submit")


def test_workflows_say_what_may_be_uploaded(caller: Caller) -> None:
    answer = caller.get("/api/v1/workflows").json
    assert answer["pagination"] == {"hasMore": False, "nextCursor": None}
    listed = {one["slug"]: one for one in answer["data"]}
    one = caller.get("/api/v1/workflows/receipt-ocr").json
    assert one == listed["receipt-ocr"]
    assert set(one) == {
        *("id", "slug", "name", "description", "icon", "color", "publishedVersion", "contractUrl", "upload")
    }
    assert set(one["upload"]) == {"minFiles", "maxFiles", "acceptedFormats", "fileLabels", "maxFileSizeMb"}
    version = caller.get(f"/api/v1/workflows/receipt-ocr/versions/{one['publishedVersion']}").json
    assert version["workflow"] == {"slug": "receipt-ocr", "version": one["publishedVersion"]}
    assert set(version) == {"workflow", "version", "upload", "outputSchema", "outputJsonSchema"}
    names = ("name", "label", "required", "description", "type", "validation")
    assert all(set(field) == set(names) for field in version["outputSchema"])


@pytest.mark.parametrize(
    "path", ["nothing", "receipt-ocr/versions/99", "receipt-ocr/versions/x", "x/versions/1"]
)
def test_an_unknown_workflow_or_version_is_not_found(caller: Caller, path: str) -> None:
    assert caller.get(f"/api/v1/workflows/{path}").slug == "not-found"


def test_from_session_to_submission(caller: Caller, sandbox: Sandbox) -> None:
    session = opened(caller, metadata={"lane": "4"}, externalUser={"id": "u1", "name": "Ada"})
    assert (session["state"], session["submissionStatus"]) == ("pending", "created")
    assert session["expiresAt"] == session["uploadUrlsExpireAt"] == "2026-03-25T12:30:00.000Z"
    (place,) = session["uploadUrls"]
    assert (place["fileIndex"], place["contentType"], place["label"]) == (0, "image/jpeg", "receipt")
    assert place["r2Url"] == place["uploadUrl"]
    job = f"/api/v1/jobs/{session['sessionId']}"
    assert caller.get(job).json["state"] == "pending"

    early = submitted(caller, session)
    assert (early.status, early.slug) == (422, "files-missing")
    assert early.json["errors"][0]["field"] == "files[0]"
    assert put(caller, place["uploadUrl"], b"first").status == 200
    assert put(caller, place["uploadUrl"], b"second try").status == 200
    done = submitted(caller, session)
    assert done.json == {
        "sessionId": session["sessionId"],
        "submissionId": session["submissionId"],
        "state": "submitted",
        "submissionStatus": "processing",
        "workflow": {"slug": "receipt-ocr", "version": 3},
    }
    assert submitted(caller, session).slug == "bad-request"
    assert put(caller, place["uploadUrl"]).slug == "conflict"

    detail = caller.get(f"/api/v1/submissions/{session['submissionId']}").json["data"]
    assert detail["submissionStatus"] == "processing"
    assert detail["externalUser"] == {"id": "u1", "name": "Ada", "email": None}
    assert [event["type"] for event in detail["events"]] == ["files_uploaded", "created"]
    (file,) = detail["files"]
    assert (file["sizeBytes"], file["label"], file["contentType"]) == (10, "receipt", "image/jpeg")
    with sandbox.database.write() as tx:
        assert transitions.start_processing(tx, session["submissionId"], sandbox.clock.now_ms())
        assert not transitions.start_processing(tx, session["submissionId"], sandbox.clock.now_ms())
    assert caller.get(job).json["state"] == "submitted"


def finish(sandbox: Sandbox, submission_id: str, to_status: str = "review") -> bool:
    with sandbox.database.write() as tx:
        return transitions.finish_processing(
            tx,
            submission_id,
            sandbox.clock.now_ms(),
            extracted={"totalAmount": 18.4},
            confidence=0.91,
            fraud_status="flagged",
            fraud_score=61.0,
            matches=[
                {"matched_submission_id": "x", "type": "exact_duplicate", "score": 100.0, "details": None}
            ],
            to_status=to_status,
        )


def test_a_job_ends_with_what_was_read(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, "processing")
    detail = caller.get(f"/api/v1/submissions/{identifier}").json["data"]
    assert finish(sandbox, identifier)
    job = caller.get(f"/api/v1/jobs/{detail['sessionId']}").json
    assert job == {
        "sessionId": detail["sessionId"],
        "submissionId": identifier,
        "workflow": {"slug": "receipt-ocr", "version": 3},
        "companyId": sandbox.company_id,
        "state": "completed",
        "submissionStatus": "review",
        "result": {
            "extractedData": {"totalAmount": 18.4},
            "confidence": 0.91,
            "fraudStatus": "flagged",
        },
        "failedReason": None,
        "clientSubmissionId": detail["clientSubmissionId"],
        "metadata": {"lane": "4"},
        "processedAt": "2026-03-25T12:00:00.000Z",
        "webhookDeliveryStatus": None,
    }
    detail = caller.get(f"/api/v1/submissions/{identifier}").json["data"]
    assert [match["type"] for match in detail["fraudMatches"]] == ["exact_duplicate"]
    assert not finish(sandbox, identifier), "it left processing already"


def test_an_older_deployment_says_status_and_complete(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox)
    session = caller.get(f"/api/v1/submissions/{identifier}").json["data"]["sessionId"]
    job = caller.get(f"/api/v1/jobs/{session}", X_Sandbox_Deployment="older").json
    assert "state" not in job
    assert job["status"] == "complete"


def test_what_was_cancelled_meanwhile_is_not_finished(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, "processing")
    assert caller.post(f"/api/v1/submissions/{identifier}/cancel").status == 200
    assert not finish(sandbox, identifier)
    with sandbox.database.write() as tx:
        assert not transitions.fail(tx, identifier, 0, reason="late")
    assert caller.get(f"/api/v1/submissions/{identifier}").json["data"]["submissionStatus"] == "cancelled"


def test_an_approved_one_is_handed_on_later(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, "processing")
    finish(sandbox, identifier, "approved")
    with sandbox.database.write() as tx:
        assert not transitions.sync(tx, identifier, sandbox.clock.now_ms(), problem="No answer downstream")
        assert transitions.sync(tx, identifier, sandbox.clock.now_ms())
        assert not transitions.sync(tx, identifier, sandbox.clock.now_ms())
    detail = caller.get(f"/api/v1/submissions/{identifier}").json["data"]
    assert (detail["submissionStatus"], detail["syncedAt"]) == ("synced", "2026-03-25T12:00:00.000Z")
    assert [event["type"] for event in detail["events"]][:3] == ["synced", "sync_failed", "approved"]


def test_a_failure_shows_its_reason(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, "processing")
    with sandbox.database.write() as tx:
        assert transitions.fail(tx, identifier, sandbox.clock.now_ms(), reason="Not a picture")
    detail = caller.get(f"/api/v1/submissions/{identifier}").json["data"]
    assert (detail["submissionStatus"], detail["failedReason"]) == ("failed", "Not a picture")
    job = caller.get(f"/api/v1/jobs/{detail['sessionId']}").json
    assert (job["state"], job["failedReason"], job["result"]) == ("failed", "Not a picture", None)


def test_the_same_client_id_finds_its_pending_session(caller: Caller, sandbox: Sandbox) -> None:
    first = opened(caller)
    again = caller.post(SESSIONS, GOOD)
    assert (again.status, again.json["sessionId"]) == (200, first["sessionId"])
    assert caller.with_key("second").post(SESSIONS, GOOD).status == 201, "each key has its own ids"
    put(caller, first["uploadUrls"][0]["uploadUrl"])
    submitted(caller, first)
    assert caller.post(SESSIONS, GOOD).slug == "conflict"


def test_a_session_lives_thirty_minutes_and_is_swept(caller: Caller, sandbox: Sandbox) -> None:
    session = opened(caller)
    url = session["uploadUrls"][0]["uploadUrl"]
    sandbox.clock.advance(30 * 60 - 1)
    assert put(caller, url).status == 200
    sandbox.clock.advance(1)
    assert put(caller, url).status == 403
    job = f"/api/v1/jobs/{session['sessionId']}"
    assert caller.get(job).json["state"] == "pending", "stale until the sweep"
    assert submitted(caller, session).slug == "gone"
    assert opened(caller)["sessionId"] != session["sessionId"], "its client id is free again"
    with sandbox.database.write() as tx:
        assert sessions.sweep(tx, sandbox.clock.now_ms()) == 1
        assert sessions.sweep(tx, sandbox.clock.now_ms()) == 0
    ended = caller.get(job).json
    assert (ended["state"], ended["submissionStatus"]) == ("expired", "failed")
    assert submitted(caller, session).slug == "gone"


def test_a_session_belongs_to_one_key(caller: Caller) -> None:
    session = opened(caller)
    for part in ("second", "other_company"):
        stranger = caller.with_key(part)
        assert stranger.get(f"/api/v1/jobs/{session['sessionId']}").slug == "forbidden"
    assert submitted(caller.with_key("second"), session).slug == "forbidden"
    assert caller.get("/api/v1/jobs/nothing").slug == "not-found"
    wrong = caller.post(f"/api/v1/workflows/photo-proof/sessions/{session['sessionId']}/submit")
    assert wrong.slug == "not-found"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fileCount": 0, "contentTypes": []}, "fileCount"),
        ({"fileCount": 4, "contentTypes": ["image/jpeg"] * 4}, "fileCount"),
        ({"fileCount": "1"}, "fileCount"),
        ({"fileCount": True}, "fileCount"),
        ({"fileCount": 2}, "contentTypes"),
        ({"contentTypes": "image/jpeg"}, "contentTypes"),
        ({"contentTypes": ["text/html"]}, "contentTypes[0]"),
        ({"clientSubmissionId": None}, "clientSubmissionId"),
        ({"clientSubmissionId": ""}, "clientSubmissionId"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {"a": {"b": {"c": 1}}}}, "metadata"),
        ({"metadata": {"a": None}}, "metadata"),
        ({"metadata": {"a": [1]}}, "metadata"),
        ({"metadata": {"a": "x" * 4090}}, "metadata"),
        ({"externalUser": "Ada"}, "externalUser"),
        ({"externalUser": {"id": 5}}, "externalUser.id"),
        ({"webhookUrl": "http://example.com/hook"}, "webhookUrl"),
        ({"webhookUrl": "https://localhost/hook"}, "webhookUrl"),
        ({"webhookUrl": "https://10.0.0.8/hook"}, "webhookUrl"),
        ({"webhookUrl": "https://[::1]/hook"}, "webhookUrl"),
        ({"webhookUrl": "https://2130706433/"}, "webhookUrl"),
        ({"webhookUrl": "https://intranet/hook"}, "webhookUrl"),
        ({"webhookUrl": "https://user@shop.example.com/"}, "webhookUrl"),
        ({"webhookUrl": "https://[broken/"}, "webhookUrl"),
        ({"webhookUrl": 7}, "webhookUrl"),
    ],
)
def test_what_a_workflow_does_not_take_is_refused(
    caller: Caller, sandbox: Sandbox, changes: dict[str, object], field: str
) -> None:
    answer = caller.post(SESSIONS, {**GOOD, **changes})
    assert (answer.status, answer.slug) == (422, "validation-error")
    assert answer.json["errors"][0]["field"] == field
    with sandbox.database.read() as tx:
        assert tx.execute("SELECT count(*) FROM sessions").fetchone()[0] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"fileCount": 3, "contentTypes": ["image/jpeg", "image/png", "application/pdf"]},
        {"metadata": {"a": {"b": 1, "c": True}, "d": "x", "e": 1.5}},
        {"metadata": {"a": "x" * 4088}},
        {"webhookUrl": "https://shop.example.com/hook?x=1"},
        {"metadata": None, "externalUser": None, "webhookUrl": None},
    ],
)
def test_what_a_workflow_takes_is_taken(caller: Caller, changes: dict[str, object]) -> None:
    opened(caller, **changes)


def test_an_upload_must_be_what_was_announced(caller: Caller) -> None:
    session = opened(caller)
    url = session["uploadUrls"][0]["uploadUrl"]
    assert put(caller, url, content_type="image/png").slug == "forbidden"
    assert put(caller, url.replace("/0?", "/1?")).slug == "forbidden"
    assert put(caller, url, b"").slug == "bad-request"
    limit = caller.get("/api/v1/workflows/receipt-ocr").json["upload"]["maxFileSizeMb"]
    assert put(caller, url, b"x" * (int(limit * 1024 * 1024) + 1)).slug == "payload-too-large"
    assert submitted(caller, session).slug == "files-missing"


def test_a_download_carries_its_own_authority_for_an_hour(caller: Caller, sandbox: Sandbox) -> None:
    session = opened(caller)
    content = bytes(range(256)) * 40
    put(caller, session["uploadUrls"][0]["uploadUrl"], content)
    detail = f"/api/v1/submissions/{session['submissionId']}"
    (file,) = caller.get(detail).json["data"]["files"]
    assert file["downloadUrlExpiresAt"] == "2026-03-25T13:00:00.000Z"
    path = file["downloadUrl"].removeprefix("http://127.0.0.1")
    nobody = Caller(caller.app, "", caller.runner)
    answer = nobody.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["content-length"] == str(len(content)) == str(file["sizeBytes"])
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(content).digest()

    signature = path.rsplit("=", 1)[1]
    for wrong in (
        path.replace(signature, signature[::-1]),
        path.replace("expires=", "expires=9"),
        path.replace(file["id"], file["id"][::-1]),
        path.partition("?")[0],
        path.replace(signature, "ł"),
    ):
        assert nobody.get(wrong).slug == "forbidden"
    sandbox.clock.advance(3599)
    assert nobody.get(path).status == 200
    sandbox.clock.advance(1)
    assert nobody.get(path).slug == "forbidden"
    fresh = caller.get(detail).json["data"]["files"][0]["downloadUrl"]
    assert nobody.get(fresh.removeprefix("http://127.0.0.1")).status == 200


def test_a_key_sent_to_storage_is_remembered(caller: Caller, sandbox: Sandbox) -> None:
    """Pre-signed URLs need no key; a client that sends it there leaks it, and a test can see so."""
    caller.ask("GET", "/storage/files/x?expires=1&signature=2", headers={"Authorization": "Bearer x"})
    caller.ask("GET", "/storage/files/x?expires=1&signature=2")
    assert [seen.has_authorization for seen in sandbox.seen] == [True, False]

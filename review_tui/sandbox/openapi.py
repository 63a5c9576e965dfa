"""What lives here: the OpenAPI document of the API that the sandbox serves, its admin routes left out."""

from review_tui.sandbox import shapes
from review_tui.sandbox.problems import TITLE_OF
from review_tui.sandbox.queries import FRAUD_STATUSES, STATUSES
from review_tui.sandbox.shapes import Schema, array_of, data_of, ref, word_of

NOTICE = "A pretend server with made-up data. It is not Steve, Pulse or Unsiloed, and not for real data."

_RATE_HEADERS: Schema = {
    name: {"required": True, "schema": {"type": "integer", "minimum": 0}}
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
}
_REQUEST_ID: Schema = {"Request-Id": {"required": True, "schema": {"type": "string"}}}


def _operation(
    summary: str,
    answers: dict[int, Schema],
    refusals: tuple[int, ...],
    *,
    query: dict[str, Schema] | None = None,
    path: tuple[str, ...] = (),
    body: Schema | None = None,
    body_required: bool = True,
) -> Schema:
    """One operation behind an API key."""
    if body is not None:
        refusals = (*refusals, 400, 413, 415, 422)
    found: Schema = {
        "summary": summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": shapes.TEXT} for name in path),
            *({"name": name, "in": "query", "schema": schema} for name, schema in (query or {}).items()),
        ],
        "responses": {
            **{str(status): _answer(schema) for status, schema in answers.items()},
            **{str(status): _refusal(status) for status in sorted({*refusals, 401, 403, 429})},
        },
    }
    if body is not None:
        found["requestBody"] = {
            "required": body_required,
            "content": {"application/json": {"schema": body}},
        }
    return found


def _answer(schema: Schema) -> Schema:
    return {
        "description": "As asked.",
        "headers": {**_REQUEST_ID, **_RATE_HEADERS},
        "content": {"application/json": {"schema": schema}},
    }


def _refusal(status: int, headers: Schema | None = None) -> Schema:
    more: Schema = {"Retry-After": {"required": True, "schema": {"type": "integer"}}} if status == 429 else {}
    return {
        "description": f"Refused with {status}.",
        "headers": {**_REQUEST_ID, **(_RATE_HEADERS if headers is None else headers), **more},
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }


def _storage(summary: str, method: str, path: tuple[str, ...], answer: Schema, *refusals: int) -> Schema:
    """One pre-signed operation: it takes no API key and is not counted."""
    signed = ({"name": name, "in": "query", "required": True, "schema": shapes.TEXT} for name in _SIGNED)
    found: Schema = {
        "summary": summary,
        "security": [],
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": kind} for name, kind in _parts(path)),
            *signed,
        ],
        "responses": {"200": answer, **{str(status): _refusal(status, {}) for status in refusals}},
    }
    if method == "put":
        binary: Schema = {"schema": {"type": "string", "format": "binary"}}
        found["requestBody"] = {"required": True, "content": {"application/octet-stream": binary}}
    return found


def _parts(path: tuple[str, ...]) -> list[tuple[str, Schema]]:
    return [
        (name, {"type": "integer", "minimum": 0} if name == "file_index" else shapes.TEXT) for name in path
    ]


_SIGNED = ("expires", "signature")
_SUBMISSION = "/api/v1/submissions/{submission_id}"
_WORKFLOW = "/api/v1/workflows/{slug}"
_FILTERS: dict[str, Schema] = {
    "workflow": shapes.TEXT,
    "status": word_of(STATUSES),
    "fraudStatus": word_of(FRAUD_STATUSES),
    "cursor": {"type": "string", "description": "of the page before, with the same filters"},
    "limit": {"type": "string", "description": "1..100, default 20; clamped, never refused"},
}


def _action(summary: str, body: Schema, *, body_required: bool) -> dict[str, Schema]:
    acted = {200: data_of(ref("Acted"))}
    return {
        "post": _operation(
            summary, acted, (404, 409), path=("submission_id",), body=body, body_required=body_required
        )
    }


PATHS: dict[str, dict[str, Schema]] = {
    "/api/v1/submissions": {
        "get": _operation("List submissions", {200: ref("SubmissionPage")}, (400,), query=_FILTERS)
    },
    _SUBMISSION: {
        "get": _operation(
            "Show a submission", {200: data_of(ref("SubmissionDetail"))}, (404,), path=("submission_id",)
        )
    },
    f"{_SUBMISSION}/approve": _action("Approve", {"type": "object"}, body_required=False),
    f"{_SUBMISSION}/reject": _action("Reject for a reason", shapes.REJECTION, body_required=True),
    f"{_SUBMISSION}/cancel": _action("Cancel", shapes.CANCELLATION, body_required=False),
    f"{_SUBMISSION}/fraud-matches": {
        "get": _operation(
            "List fraud matches",
            {200: data_of(array_of(ref("FraudMatch")))},
            (404,),
            path=("submission_id",),
        )
    },
    f"{_SUBMISSION}/fraud-matches/{{match_id}}/resolve": {
        "post": _operation(
            "Resolve a fraud match",
            {200: data_of(ref("FraudMatch"))},
            (404, 409),
            path=("submission_id", "match_id"),
            body=shapes.RESOLUTION,
        )
    },
    "/api/v1/jobs/{session_id}": {
        "get": _operation("Show a job", {200: ref("Job")}, (404,), path=("session_id",))
    },
    "/api/v1/workflows": {"get": _operation("List workflows", {200: ref("WorkflowPage")}, ())},
    _WORKFLOW: {"get": _operation("Show a workflow", {200: ref("Workflow")}, (404,), path=("slug",))},
    f"{_WORKFLOW}/versions/{{version}}": {
        "get": _operation("Show a version", {200: ref("WorkflowVersion")}, (404,), path=("slug", "version"))
    },
    f"{_WORKFLOW}/sessions": {
        "post": _operation(
            "Open an upload session",
            {200: ref("Session"), 201: ref("Session")},
            (404, 409),
            path=("slug",),
            body=shapes.NEW_SESSION,
        )
    },
    f"{_WORKFLOW}/sessions/{{session_id}}/submit": {
        "post": _operation(
            "Submit the uploaded files",
            {200: ref("Submitted")},
            (404, 410),
            path=("slug", "session_id"),
            body={"type": "object"},
            body_required=False,
        )
    },
    "/api/v1/companies": {"get": _operation("List companies", {200: ref("CompanyPage")}, ())},
    "/api/v1/webhooks/test": {
        "post": _operation("Send a test message", {200: ref("WebhookTested")}, (), body=shapes.WEBHOOK_TEST)
    },
    "/storage/files/{file_id}": {
        "get": _storage(
            "Download a file",
            "get",
            ("file_id",),
            {"description": "The file.", "headers": _REQUEST_ID, "content": {"*/*": {}}},
            403,
            404,
        )
    },
    "/storage/uploads/{session_id}/{file_index}": {
        "put": _storage(
            "Upload a file",
            "put",
            ("session_id", "file_index"),
            {"description": "Kept.", "headers": _REQUEST_ID},
            *(400, 403, 404, 409, 410, 413),
        )
    },
}

"""What is asked by which path and method."""

DOCUMENT: Schema = {
    "openapi": "3.1.0",
    "info": {"title": "review-tui sandbox", "version": "1", "description": NOTICE},
    "security": [{"apiKey": []}],
    "paths": PATHS,
    "components": {
        "schemas": shapes.SCHEMAS,
        "securitySchemes": {
            "apiKey": {"type": "http", "scheme": "bearer", "description": "aok_ and 64 hexadecimal digits"}
        },
    },
    "x-problems": list(TITLE_OF),
}
"""The whole document."""

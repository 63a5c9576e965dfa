"""What lives here: the OpenAPI documents of Pulse and of Unsiloed's ``/jobs``, as the sandbox serves them."""

from review_tui.sandbox.accounts import PULSE, UNSILOED
from review_tui.sandbox.jobs import OPERATIONS
from review_tui.sandbox.openapi import NOTICE
from review_tui.sandbox.shapes import NUMBER, TEXT, TIME, WHOLE, Schema, array_of, object_of, word_of
from review_tui.sandbox.words import LIST_WORDS, MIXED, PULSE_WORDS

_ANY: Schema = {"type": "object"}
_MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$"}
_YES: Schema = {"type": "boolean"}

_CODED = object_of(error=object_of({"details": _ANY}, code=TEXT, message=TEXT))
_WRONG = object_of(loc=array_of(TEXT), msg=TEXT, type=TEXT)
_DETAILED = object_of(detail={"anyOf": [TEXT, array_of(_WRONG)]})
_TOO_MANY = object_of(error=TEXT, message=TEXT, retry_after=WHOLE)

_PULSE_JOB = object_of(
    {"updated_at": TIME, "result": _ANY, "error": TEXT},
    job_id=TEXT,
    status=word_of(tuple(dict.fromkeys(PULSE_WORDS.values()))),
    created_at=TIME,
)
_WORDS = word_of(LIST_WORDS)
_UNSILOED_JOB = object_of(
    {"error": TEXT},
    id=TEXT,
    status=word_of(tuple(dict.fromkeys(MIXED.values()))),
    type=word_of(OPERATIONS),
    created_at=_MOMENT,
    updated_at=_MOMENT,
    pdf_name=TEXT,
    pdf_hash={"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    user_id=TEXT,
)
_LISTED = object_of(
    {"completed_at": _MOMENT, "error_details": object_of(error_type=TEXT, message=TEXT)},
    job_id=TEXT,
    status=_WORDS,
    operation=word_of(OPERATIONS),
    created_at=_MOMENT,
    file_count=WHOLE,
    tags=array_of(TEXT),
)
_PAGE = object_of(
    jobs=array_of(_LISTED),
    pagination=object_of(total=WHOLE, limit=WHOLE, offset=WHOLE, has_more=_YES),
)
_SEVERAL = object_of(
    jobs=array_of(object_of({"progress": object_of(percentage=NUMBER)}, job_id=TEXT, status=_WORDS))
)
_BATCH = object_of(
    batch_id=TEXT,
    status=_WORDS,
    created_at=_MOMENT,
    total_jobs=WHOLE,
    completed_jobs=WHOLE,
    failed_jobs=WHOLE,
    cancelled_jobs=WHOLE,
    overall_progress=NUMBER,
    jobs=array_of(object_of({"progress": NUMBER}, job_id=TEXT, status=_WORDS, operation=word_of(OPERATIONS))),
)
_FILTERS: dict[str, Schema] = {
    "status": word_of(LIST_WORDS),
    "operation": word_of(OPERATIONS),
    "created_after": {"type": "string", "format": "date-time"},
    "created_before": {"type": "string", "format": "date-time"},
    "tags": {"type": "string", "description": "separated by commas; any of them"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100},
    "offset": {"type": "integer", "minimum": 0, "maximum": 10**9},
}


_NEEDED = ("job_ids",)


def _operation(
    system: str, answer: Schema, *refusals: int, path: str = "", query: dict[str, Schema] | None = None
) -> Schema:
    refusal = _CODED if system == PULSE else _DETAILED
    too_many = _CODED if system == PULSE else _TOO_MANY
    parameters = [{"name": path, "in": "path", "required": True, "schema": TEXT}] if path else []
    return {
        "parameters": [
            *parameters,
            *(
                {"name": name, "in": "query", "required": name in _NEEDED, "schema": schema}
                for name, schema in (query or {}).items()
            ),
        ],
        "responses": {
            "200": _json("As asked.", answer),
            **{str(status): _json(f"Refused with {status}.", refusal) for status in {401, 403, *refusals}},
            "429": _json("Refused with 429.", too_many),
        },
    }


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


_ASYNC: dict[str, Schema] = {"async": {"const": True}}
_SUBMIT: Schema = {
    **_operation(PULSE, object_of({"message": TEXT}, job_id=TEXT, status=word_of(("pending",))), 400, 413),
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": object_of({"pages": TEXT}, file_url={"type": "string", "minLength": 1}, **_ASYNC)
            }
        },
    },
}

_SEVERAL_QUERY: dict[str, Schema] = {
    "job_ids": {"type": "string", "pattern": "^[A-Za-z0-9_]+(,[A-Za-z0-9_]+){0,99}$"},
    "include_progress": _YES,
}

PATHS: dict[str, dict[str, dict[str, Schema]]] = {
    PULSE: {
        "/extract": {"post": _SUBMIT},
        "/job/{job_id}": {
            "get": _operation(PULSE, _PULSE_JOB, 404, path="job_id"),
            "delete": _operation(PULSE, object_of(job_id=TEXT, message=TEXT), 404, 500, path="job_id"),
        },
        "/large_results/{job_id}": {"get": _operation(PULSE, _ANY, 404, 410, path="job_id")},
    },
    UNSILOED: {
        "/jobs": {"get": _operation(UNSILOED, _PAGE, 422, query=_FILTERS)},
        "/jobs/status": {"get": _operation(UNSILOED, _SEVERAL, 422, query=_SEVERAL_QUERY)},
        "/jobs/batch/{batch_id}": {
            "get": _operation(UNSILOED, _BATCH, 404, 422, path="batch_id", query={"include_progress": _YES})
        },
        "/jobs/{job_id}": {
            "get": _operation(UNSILOED, _UNSILOED_JOB, 404, path="job_id"),
            "delete": _operation(UNSILOED, object_of(message=TEXT), 400, 404, path="job_id"),
        },
        "/jobs/{job_id}/result": {"get": _operation(UNSILOED, _ANY, 400, 404, 500, path="job_id")},
    },
}
"""What is asked by which path and method, by system; in the usual position of every switch."""


def document_of(system: str) -> Schema:
    """The whole document of one system."""
    header = "x-api-key" if system == PULSE else "X-API-Key"
    return {
        "openapi": "3.1.0",
        "info": {"title": f"review-tui sandbox, {system}", "version": "1", "description": NOTICE},
        "servers": [{"url": f"/{system}"}],
        "security": [{"apiKey": []}],
        "paths": PATHS[system],
        "components": {"securitySchemes": {"apiKey": {"type": "apiKey", "in": "header", "name": header}}},
    }

"""What lives here: the JSON schemas of everything that the API takes and answers."""

from review_tui.sandbox.queries import FRAUD_STATUSES, STATUSES
from review_tui.sandbox.sessions import CLIENT_ID_AT_MOST
from review_tui.sandbox.transitions import REASON_AT_MOST, RESOLUTIONS

Schema = dict[str, object]

JOB_STATES = ("pending", "submitted", "completed", "failed", "expired")
TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
OBJECT_OR_NULL: Schema = {"type": ["object", "null"]}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
TIME_OR_NULL: Schema = {"anyOf": [TIME, {"type": "null"}]}


def ref(name: str) -> Schema:
    """A reference to one of ``SCHEMAS``."""
    return {"$ref": f"#/components/schemas/{name}"}


def array_of(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def word_of(words: tuple[str, ...], *, or_null: bool = False) -> Schema:
    """One of a few words."""
    return {"enum": [*words, None] if or_null else list(words)}


def object_of(optional: Schema | None = None, /, **fields: Schema) -> Schema:
    """An object that has all of ``fields`` and may have those of ``optional``."""
    return {
        "type": "object",
        "properties": {**fields, **(optional or {})},
        "required": list(fields),
    }


def data_of(schema: Schema) -> Schema:
    """The ``data`` envelope around something."""
    return object_of(data=schema)


_PAGINATION = object_of(hasMore={"type": "boolean"}, nextCursor=TEXT_OR_NULL)
_REFERENCE = object_of(slug=TEXT, version=WHOLE)
_UPLOAD = object_of(
    minFiles=WHOLE,
    maxFiles=WHOLE,
    acceptedFormats=array_of(TEXT),
    fileLabels=array_of(TEXT),
    maxFileSizeMb=NUMBER,
)
_SUMMARY: Schema = {
    "id": TEXT,
    "submissionStatus": word_of(STATUSES),
    "fraudStatus": word_of(FRAUD_STATUSES, or_null=True),
    "fraudScore": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
    "workflow": object_of(slug=TEXT, name=TEXT_OR_NULL, version=WHOLE),
    "extractedData": OBJECT_OR_NULL,
    "confidence": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
    "createdAt": TIME,
    "clientSubmissionId": TEXT_OR_NULL,
}
_MATCH = object_of(
    id=TEXT,
    submissionId=TEXT,
    matchedSubmissionId=TEXT,
    type=TEXT,
    score={"type": "number", "minimum": 0, "maximum": 100},
    details=OBJECT_OR_NULL,
    resolution=word_of(RESOLUTIONS, or_null=True),
    note=TEXT_OR_NULL,
    createdAt=TIME,
    resolvedAt=TIME_OR_NULL,
    resolvedBy=TEXT_OR_NULL,
)
_FILE = object_of(
    id=TEXT,
    index=WHOLE,
    label=TEXT_OR_NULL,
    fileName=TEXT,
    contentType=TEXT,
    sizeBytes=WHOLE,
    downloadUrl=TEXT,
    downloadUrlExpiresAt=TIME,
)
_EVENT = object_of(
    id=TEXT,
    type=TEXT,
    createdAt=TIME,
    actor=object_of(type=TEXT, id=TEXT_OR_NULL, name=TEXT_OR_NULL),
    message=TEXT_OR_NULL,
    data=OBJECT_OR_NULL,
)
_JOB = object_of(
    sessionId=TEXT,
    submissionId=TEXT,
    workflow=_REFERENCE,
    companyId=TEXT,
    state=word_of(JOB_STATES),
    submissionStatus=word_of(STATUSES),
    result=OBJECT_OR_NULL,
    failedReason=TEXT_OR_NULL,
    clientSubmissionId=TEXT_OR_NULL,
    metadata=OBJECT_OR_NULL,
    processedAt=TIME_OR_NULL,
    webhookDeliveryStatus=word_of(("pending", "delivered", "failed"), or_null=True),
)
_SUBMISSION: Schema = {"type": "object", "properties": _SUMMARY, "required": list(_SUMMARY)}
_DETAIL_FIELDS: Schema = {
    **_SUMMARY,
    "sessionId": TEXT,
    "companyId": TEXT,
    "metadata": OBJECT_OR_NULL,
    "externalUser": OBJECT_OR_NULL,
    "processedAt": TIME_OR_NULL,
    "reviewedAt": TIME_OR_NULL,
    "syncedAt": TIME_OR_NULL,
    "updatedAt": TIME,
    "rejectReason": TEXT_OR_NULL,
    "cancelReason": TEXT_OR_NULL,
    "failedReason": TEXT_OR_NULL,
    "files": array_of(ref("File")),
    "fraudMatches": array_of(ref("FraudMatch")),
    "events": {**array_of(ref("Event")), "maxItems": 100},
}
_WORKFLOW = object_of(
    id=TEXT,
    slug=TEXT,
    name=TEXT,
    description=TEXT_OR_NULL,
    icon=TEXT_OR_NULL,
    color=TEXT_OR_NULL,
    publishedVersion=WHOLE,
    contractUrl=TEXT_OR_NULL,
    upload=_UPLOAD,
)
_VERSION = object_of(
    workflow=_REFERENCE,
    version=WHOLE,
    upload=_UPLOAD,
    outputSchema=array_of({"type": "object"}),
    outputJsonSchema={"type": "object"},
)
_SESSION = object_of(
    sessionId=TEXT,
    submissionId=TEXT,
    state=word_of(JOB_STATES),
    submissionStatus=word_of(STATUSES),
    workflow=_REFERENCE,
    uploadUrls=array_of(
        object_of(fileIndex=WHOLE, uploadUrl=TEXT, r2Url=TEXT, contentType=TEXT, label=TEXT_OR_NULL)
    ),
    expiresAt=TIME,
    uploadUrlsExpireAt=TIME,
)
_PROBLEM = object_of(
    {"errors": array_of(object_of(field=TEXT, message=TEXT, code=TEXT))},
    type=TEXT,
    title=TEXT,
    status=WHOLE,
    detail=TEXT,
    instance=TEXT,
    requestId=TEXT,
)

SCHEMAS: Schema = {
    "Submission": _SUBMISSION,
    "SubmissionPage": object_of(data=array_of(ref("Submission")), pagination=_PAGINATION),
    "SubmissionDetail": {
        "type": "object",
        "properties": _DETAIL_FIELDS,
        "required": list(_DETAIL_FIELDS),
    },
    "File": _FILE,
    "FraudMatch": _MATCH,
    "Event": _EVENT,
    "Acted": object_of(id=TEXT, submissionStatus=word_of(STATUSES), updatedAt=TIME),
    "Job": _JOB,
    "Workflow": _WORKFLOW,
    "WorkflowPage": object_of(data=array_of(ref("Workflow")), pagination=_PAGINATION),
    "WorkflowVersion": _VERSION,
    "Session": _SESSION,
    "Submitted": object_of(
        sessionId=TEXT,
        submissionId=TEXT,
        state=word_of(("submitted",)),
        submissionStatus=word_of(("processing",)),
        workflow=_REFERENCE,
    ),
    "CompanyPage": object_of(data=array_of(object_of(id=TEXT, name=TEXT)), pagination=_PAGINATION),
    "WebhookTested": object_of(
        delivered={"type": "boolean"}, statusCode={"type": ["integer", "null"]}, error=TEXT_OR_NULL
    ),
    "Problem": _PROBLEM,
}

NOT_BLANK = r"[^\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""What remains of a text that trimming takes nothing from."""

REASON: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": REASON_AT_MOST,
    "pattern": NOT_BLANK,
    "description": "not blank; counted after trimming",
}
REJECTION = object_of(reason=REASON)
CANCELLATION = object_of({"reason": {"anyOf": [REASON, {"type": "null"}]}})
RESOLUTION = object_of(
    {"note": {"type": ["string", "null"], "maxLength": REASON_AT_MOST}}, resolution=word_of(RESOLUTIONS)
)
NEW_SESSION = object_of(
    {
        "webhookUrl": {"type": ["string", "null"], "format": "uri", "description": "public https only"},
        "metadata": {
            "type": ["object", "null"],
            "description": "at most 4096 bytes and 2 levels; texts, numbers, booleans",
        },
        "externalUser": {
            "anyOf": [
                object_of({"id": TEXT_OR_NULL, "name": TEXT_OR_NULL, "email": TEXT_OR_NULL}),
                {"type": "null"},
            ]
        },
    },
    fileCount={"type": "integer", "minimum": 1},
    contentTypes=array_of(TEXT),
    clientSubmissionId={"type": "string", "minLength": 1, "maxLength": CLIENT_ID_AT_MOST},
)
WEBHOOK_TEST = object_of(webhookUrl={"type": "string", "format": "uri", "description": "public https only"})

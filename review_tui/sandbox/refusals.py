"""What lives here: the shapes in which Pulse, Unsiloed and a storage beside them refuse, told by the path."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus

from starlette.responses import Response

from review_tui.sandbox import problems
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.wire import dumps

PULSE_AT, UNSILOED_AT, ELSEWHERE_AT = "/pulse/", "/unsiloed/", "/elsewhere/"

_CODES = {
    400: "REQUEST_001",
    401: "AUTH_002",
    403: "AUTH_003",
    404: "JOB_001",
    410: "RESULT_001",
    413: "FILE_002",
    429: "RATE_001",
}
SOON = {"Retry-After": "2"}


@dataclass
class Refusal(Exception):  # noqa: N818 – as a Problem is none
    """A refusal in a shape of its own: ``body`` is JSON, or plain text when it is ``str``."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = ""

    def response(self) -> Response:
        """The HTTP answer to it."""
        plain = isinstance(self.body, str)
        return Response(
            str(self.body) if plain else dumps(self.body),
            status_code=self.status,
            headers=dict(self.headers),
            media_type=self.media_type or ("text/plain" if plain else "application/json"),
        )


def coded(status: int, code: str, message: str, **details: object) -> Refusal:
    """Pulse's own shape."""
    return Refusal(status, {"error": {"code": code, "message": message, "details": details}})


def detailed(status: int, detail: object) -> Refusal:
    """Unsiloed's usual shape; ``detail`` is a sentence or a list of what is wrong."""
    return Refusal(status, {"detail": detail})


def wrong(where: str, name: str, message: str, kind: str = "value_error") -> dict[str, object]:
    """One entry of a 422's list."""
    return {"loc": [where, name], "msg": message, "type": kind}


def answer(problem: Problem, *, instance: str, request_id: str, status: int | None = None) -> Response:
    """A problem in the words of whoever answers at this path; ``status`` when no slug has it."""
    status = status or problem.status
    foreign = instance.startswith((PULSE_AT, UNSILOED_AT))
    if foreign and status in (404, 405):  # the routes name what is missing; this is a route that is
        refusal = detailed(status, HTTPStatus(status).phrase)
    elif instance.startswith(PULSE_AT):
        code = _CODES.get(status, f"SERVER_{status}" if status >= 500 else "REQUEST_001")
        refusal = coded(status, code, problem.detail)
    elif instance.startswith(UNSILOED_AT):
        refusal = detailed(status, problem.detail)
    elif instance.startswith(ELSEWHERE_AT):
        refusal = _stored(status, problem.detail)
    else:
        found = problems.answer(problem, instance=instance, request_id=request_id)
        found.status_code = status
        return found
    refusal.headers = problem.headers
    return refusal.response()


def _stored(status: int, message: str) -> Refusal:
    code = {403: "AccessDenied", 404: "NoSuchKey"}.get(status, "InternalError")
    text = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return Refusal(status, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', media_type="application/xml")


_TOO_MANY = "Too many requests."

SHAPES: Mapping[str, Callable[[], Refusal]] = {
    "coded": lambda: coded(401, "AUTH_002", "Invalid API key.", hint="Check the x-api-key header."),
    "coded_bare": lambda: Refusal(410, {"error": {"code": "RESULT_001", "message": "Already downloaded."}}),
    "error_text": lambda: Refusal(500, {"error": "Internal error while reading the job."}),
    "detail_text": lambda: detailed(404, "Job not found"),
    "detail_list": lambda: detailed(422, [wrong("query", "limit", "must be at most 100", "less_than_equal")]),
    "queue_full": lambda: Refusal(
        503,
        {
            "error": {
                "code": "SERVICE_UNAVAILABLE",
                "message": "The queue is full.",
                "details": {"reason": "queue_full"},
            }
        },
        {"Retry-After": "5"},
    ),
    "retry_after": lambda: Refusal(
        429, {"error": "rate_limit_exceeded", "message": _TOO_MANY, "retry_after": 2}, SOON
    ),
    "plain_text": lambda: Refusal(502, "upstream connect error or disconnect before headers"),
    "usage_limit": lambda: Refusal(429, "Usage limit exceeded"),
    "json_string": lambda: Refusal(500, '"Something went wrong"', media_type="application/json"),
    "suggestions": lambda: Refusal(
        404,
        {
            "error": "Job not found",
            "details": {
                "error_type": "JobNotFound",
                "message": "It may have been cleaned up.",
                "job_id": "?",
            },
            "suggestions": ["Check the job id.", "Results are kept for 7 days."],
        },
    ),
    "problem": lambda: Refusal(
        503,
        {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "Try again."},
        SOON,
        "application/problem+json",
    ),
}
"""Every shape of error that the three systems' documents show, by a name for the fault that makes it."""


def shaped(name: str, job_id: str) -> Refusal:
    """The refusal of this shape, about this job where it names one; ``name/503`` has that status."""
    known, _, status = name.partition("/")
    refusal = SHAPES[known]()
    if status:
        refusal.status = int(status)
    if known == "suggestions" and isinstance(refusal.body, dict):
        refusal.body["details"]["job_id"] = job_id
    return refusal


def is_shape(name: str) -> bool:
    """Whether ``shaped`` knows it."""
    known, bar, status = name.partition("/")
    return known in SHAPES and (not bar or re.fullmatch("[2-5][0-9][0-9]", status) is not None)

"""What lives here: every error that the sandbox answers, as ``application/problem+json``."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from review_tui.sandbox.wire import dumps

STATUS_OF = {
    "bad-request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "key-not-company-scoped": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "conflict": 409,
    "gone": 410,
    "payload-too-large": 413,
    "unsupported-media-type": 415,
    "validation-error": 422,
    "files-missing": 422,
    "rate-limit-exceeded": 429,
    "internal-error": 500,
}

TITLE_OF = {
    "bad-request": "Bad request",
    "unauthorized": "Unauthorized",
    "forbidden": "Forbidden",
    "key-not-company-scoped": "Key is not scoped to a company",
    "not-found": "Not found",
    "method-not-allowed": "Method not allowed",
    "conflict": "Conflict",
    "gone": "Gone",
    "payload-too-large": "Payload too large",
    "unsupported-media-type": "Unsupported media type",
    "validation-error": "Validation error",
    "files-missing": "Files missing",
    "rate-limit-exceeded": "Rate limit exceeded",
    "internal-error": "Internal error",
}


class Problem(Exception):  # noqa: N818 – the RFC's own name
    """A refusal with its slug, its sentence, and for validation the fields that are wrong."""

    def __init__(
        self,
        slug: str,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status of the slug."""
        return STATUS_OF[self.slug]


def invalid(field: str, message: str, code: str = "invalid") -> Problem:
    """A 422 about one field."""
    return Problem(
        "validation-error",
        f"{field}: {message}",
        errors=[{"field": field, "message": message, "code": code}],
    )


def document(problem: Problem, *, instance: str, request_id: str) -> dict[str, object]:
    """The RFC 9457 object of a problem."""
    body: dict[str, object] = {
        "type": f"https://docs.steve.openloyalty.io/errors/{problem.slug}",
        "title": TITLE_OF[problem.slug],
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        "requestId": request_id,
    }
    if problem.errors is not None:
        body["errors"] = problem.errors
    return body


def answer(problem: Problem, *, instance: str, request_id: str) -> Response:
    """The HTTP answer to a problem."""
    return Response(
        dumps(document(problem, instance=instance, request_id=request_id)),
        status_code=problem.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem that a bare HTTP status (an unknown route, a wrong method) stands for."""
    slug = next((slug for slug, known in STATUS_OF.items() if known == status), "internal-error")
    return Problem(slug, f"{HTTPStatus(STATUS_OF[slug]).phrase}.", headers=headers)

"""What lives here: the routes that list, show and decide submissions."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import queries, transitions
from review_tui.sandbox.database import Transaction
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.routes.asking import Ask, api, base_url_of, json_answer

DOWNLOAD_LIFE_MS = 60 * 60 * 1000


async def list_submissions(ask: Ask) -> Response:
    """One page of the company's submissions."""
    given = ask.request.query_params
    status, fraud_status = given.get("status"), given.get("fraudStatus")
    _known("status", status, queries.STATUSES)
    _known("fraudStatus", fraud_status, queries.FRAUD_STATUSES)
    question = queries.Question(
        company_id=ask.company_id,
        workflow=given.get("workflow"),
        status=status,
        fraud_status=fraud_status,
        limit=queries.limit_of(given.get("limit")),
        cursor=given.get("cursor"),
    )
    with ask.sandbox.database.read() as tx:
        return json_answer(queries.page(tx, question, ask.sandbox.signer))


async def show_submission(ask: Ask) -> Response:
    """One submission with everything about it."""
    with ask.sandbox.database.read() as tx:
        row = queries.find(tx, ask.company_id, ask.part("submission_id"))
        return json_answer({"data": queries.detail(tx, row, _url_of(ask))})


async def approve(ask: Ask) -> Response:
    """Approve a submission in review."""
    await ask.json_object()
    return _act(
        ask,
        lambda tx, row: transitions.approve(
            tx, row, ask.now, actor=ask.caller.actor(), request_id=ask.request_id
        ),
    )


async def reject(ask: Ask) -> Response:
    """Reject a submission in review, for a reason."""
    reason = (await ask.json_object()).get("reason")
    return _act(
        ask,
        lambda tx, row: transitions.reject(
            tx, row, ask.now, reason=reason, actor=ask.caller.actor(), request_id=ask.request_id
        ),
    )


async def cancel(ask: Ask) -> Response:
    """Cancel an undecided submission."""
    reason = (await ask.json_object()).get("reason")
    return _act(
        ask,
        lambda tx, row: transitions.cancel(
            tx, row, ask.now, reason=reason, actor=ask.caller.actor(), request_id=ask.request_id
        ),
    )


def _act(ask: Ask, change: Callable[[Transaction, queries.Row], None]) -> Response:
    with ask.sandbox.database.write() as tx:
        row = queries.find(tx, ask.company_id, ask.part("submission_id"))
        change(tx, row)
        return json_answer({"data": queries.acted(tx, row["id"])})


def _url_of(ask: Ask) -> Callable[[str], tuple[str, int]]:
    base, expires = base_url_of(ask.request), ask.now + DOWNLOAD_LIFE_MS
    return lambda file_id: (
        base + ask.sandbox.signer.path(f"/storage/files/{file_id}", expires // 1000),
        expires // 1000 * 1000,
    )


def _known(name: str, value: str | None, words: tuple[str, ...]) -> None:
    if value is not None and value not in words:
        raise Problem("bad-request", f"{name} must be one of {', '.join(words)}.")


ROUTES: list[Route] = [
    api("GET", "/submissions", "read", list_submissions),
    api("GET", "/submissions/{submission_id}", "read", show_submission),
    api("POST", "/submissions/{submission_id}/approve", "write", approve),
    api("POST", "/submissions/{submission_id}/reject", "write", reject),
    api("POST", "/submissions/{submission_id}/cancel", "write", cancel),
]

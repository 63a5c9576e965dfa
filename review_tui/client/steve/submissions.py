"""Submissions: listed, read whole, approved, rejected, cancelled."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from review_tui.client.errors import WireError
from review_tui.client.paths import path
from review_tui.client.steve.fraud import Fraud
from review_tui.client.transport import Transport
from review_tui.model.queue import Filter
from review_tui.model.submissions import BECOMES, Acted, Detail, Page, Verb, read_detail, read_page
from review_tui.model.wire import Json, UnexpectedShape, read_one, unwrapped

PAGE_LIMIT: Final = 100
"""Rows that the server gives in one page, at most."""


class Submissions:
    """The submissions of the key's company."""

    def __init__(self, transport: Transport, fraud: Fraud) -> None:
        self._transport = transport
        self._fraud = fraud

    async def list(
        self, asked: Filter | None = None, *, cursor: str | None = None, limit: int = PAGE_LIMIT
    ) -> Page:
        """Read one page of what `asked` takes, newest first; `cursor` is an earlier page's `next_cursor`."""
        asked = asked or Filter()
        params = {
            "status": asked.status,
            "workflow": asked.workflow,
            "fraudStatus": asked.fraud_status,
            "cursor": cursor,
            "limit": str(limit),
        }
        given = {name: value for name, value in params.items() if value}
        return await self._transport.read("/submissions", read_page, params=given)

    async def get(self, submission_id: str) -> Detail:
        """Read one submission whole; its fraud matches by one more read where the answer lacked them.

        Where those cannot be read, `fraud_matches` is None and `unreadable` says why.
        """
        detail = await self._transport.read(
            path("submissions", submission_id), partial(_read_detail, submission_id)
        )
        if detail.fraud_matches is not None:
            return detail
        try:
            matches = await self._fraud.list(submission_id)
        except WireError as error:
            said = (*detail.unreadable, f"fraudMatches: {error}")
            return replace(detail, unreadable=said)
        return replace(detail, fraud_matches=matches)

    async def approve(self, submission_id: str, *, request_id: str | None = None) -> Acted:
        """Approve it; there is no way back."""
        return await self._decide(Verb.APPROVE, submission_id, {}, request_id)

    async def reject(self, submission_id: str, *, reason: str, request_id: str | None = None) -> Acted:
        """Reject it for a reason that the submitter may read."""
        return await self._decide(Verb.REJECT, submission_id, {"reason": reason}, request_id)

    async def cancel(
        self, submission_id: str, *, reason: str | None = None, request_id: str | None = None
    ) -> Acted:
        """Cancel it, with or without a reason."""
        body = {"reason": reason} if reason else {}
        return await self._decide(Verb.CANCEL, submission_id, body, request_id)

    async def _decide(self, verb: Verb, submission_id: str, body: Json, request_id: str | None) -> Acted:
        read: Callable[[Json], Acted] = partial(_read_acted, verb, submission_id)
        return await self._transport.decide(
            path("submissions", submission_id, verb), read, body=body, request_id=request_id
        )


def _read_detail(submission_id: str, value: Json) -> Detail:
    detail = read_detail(value)
    if detail.id != submission_id:
        raise UnexpectedShape("it is about another submission")
    return detail


def _read_acted(verb: Verb, submission_id: str, value: Json) -> Acted:
    acted = read_one(Acted, unwrapped(value, "the answer"), "the answer")
    if acted.id != submission_id:
        raise UnexpectedShape("it is about another submission")
    if acted.status not in BECOMES[verb]:
        raise UnexpectedShape(f"it says {acted.status} after {verb}")
    return acted

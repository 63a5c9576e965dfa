"""Fraud matches of one submission: listed and judged."""

from functools import partial

from review_tui.client.paths import path
from review_tui.client.transport import Transport
from review_tui.model.fraud import FraudMatch, Resolution
from review_tui.model.wire import Json, UnexpectedShape, as_object, read_one, read_rows, unwrapped


class Fraud:
    """What documents were found to resemble."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self, submission_id: str) -> tuple[FraudMatch, ...]:
        """Read all matches; one that cannot be read makes the whole unreadable, for a gate hangs on them."""
        return await self._transport.read(path("submissions", submission_id, "fraud-matches"), _read_matches)

    async def resolve(
        self,
        submission_id: str,
        match_id: str,
        resolution: Resolution,
        *,
        note: str | None = None,
        request_id: str | None = None,
    ) -> FraudMatch:
        """Judge one match."""
        body = {"resolution": resolution.value} | ({"note": note} if note else {})
        return await self._transport.decide(
            path("submissions", submission_id, "fraud-matches", match_id, "resolve"),
            partial(_read_resolved, submission_id, match_id, resolution),
            body=body,
            request_id=request_id,
        )


def _read_matches(value: Json) -> tuple[FraudMatch, ...]:
    rows = as_object(value, "the list of matches").get("data")
    if not isinstance(rows, list):
        raise UnexpectedShape("the list of matches has no data")
    matches, unreadable = read_rows(FraudMatch, rows, "fraudMatches")
    if unreadable:
        raise UnexpectedShape(unreadable[0])
    return matches


def _read_resolved(submission_id: str, match_id: str, resolution: Resolution, value: Json) -> FraudMatch:
    match = read_one(FraudMatch, unwrapped(value, "the match"), "the match")
    if match.id != match_id or match.submission_id not in {None, submission_id}:
        raise UnexpectedShape("it is about another match")
    if match.resolution is None or str(match.resolution) != resolution.value:
        raise UnexpectedShape(f"it says {match.resolution or 'unresolved'} after {resolution}")
    return match

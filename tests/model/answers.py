"""Intents, failures and readings for the stories of what became of a decision."""

from datetime import UTC, datetime
from typing import Any

from review_tui.model.decisions import Intent
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.fraud import Resolution
from review_tui.model.outcomes import clock_time
from review_tui.model.submissions import Detail, Verb, read_detail

AT = datetime(2026, 3, 25, 12, 3, tzinfo=UTC)
TIME = clock_time(AT)
DECIDED = {Verb.APPROVE: "approved", Verb.REJECT: "rejected", Verb.CANCEL: "cancelled"}
PAST = DECIDED | {Verb.RESOLVE: "fraud_match_resolved"}


def intent(verb: Verb, **more: Any) -> Intent:
    defaults: dict[str, Any] = {"reason": "blurred"} if verb is Verb.REJECT else {}
    if verb is Verb.RESOLVE:
        defaults = {"match_id": "m1", "resolution": Resolution.FALSE_POSITIVE}
    return Intent(verb, "s1", AT, **(defaults | more))


def failure(kind: FailureKind, **more: Any) -> Failure:
    return Failure(kind, "It failed", "Because", **more)


def seen(status: str, *, event: dict[str, Any] | None = None, **more: Any) -> Detail:
    event = event and {"createdAt": "2026-03-25T12:03:00Z"} | event
    return read_detail(
        {"id": "s1", "submissionStatus": status, "fraudMatches": [], "events": [event] if event else []}
        | more
    )


def matched(status: str = "review", **match: Any) -> Detail:
    return seen(status, fraudMatches=[{"id": "m1", "submissionId": "s1"} | match])

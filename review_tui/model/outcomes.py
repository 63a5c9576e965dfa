"""What became of a decision: a pure judgement of the answer and of the submission as read back."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Final

from review_tui.model.decisions import Intent, Stage
from review_tui.model.digest import decided_on, differences, has_changed
from review_tui.model.events import Event
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.fraud import FraudMatch, Resolution
from review_tui.model.frozen import frozen
from review_tui.model.submissions import ALLOWED_FROM, BECOMES, Detail, SubmissionStatus, Verb, why_not
from review_tui.model.text import Shown

NEVER_LEFT: Final = frozenset({FailureKind.NOT_SENT, FailureKind.UNTRUSTED, FailureKind.LOCAL})
"""Failures after which the server cannot have heard of the decision."""

NOT_APPLIED: Final = frozenset(
    {
        FailureKind.BAD_REQUEST,
        FailureKind.INVALID,
        FailureKind.KEY_NOT_ACCEPTED,
        FailureKind.FORBIDDEN,
        FailureKind.NOT_FOUND,
        FailureKind.GONE,
        FailureKind.LIMITED,
    }
)
"""Failures by which the server itself says that it did not apply the decision."""

LOST: Final = frozenset({FailureKind.NO_ANSWER, FailureKind.UNREADABLE, FailureKind.SERVER, FailureKind.BUG})
"""Failures that leave open whether the decision was applied."""

UNKNOWN_WORDS: Final = "Outcome unknown: do not decide again elsewhere"

_DOING: Final[Mapping[Verb, str]] = {
    Verb.APPROVE: "Approving…",
    Verb.REJECT: "Rejecting…",
    Verb.CANCEL: "Cancelling…",
    Verb.RESOLVE: "Judging the match…",
}
_DONE: Final[Mapping[Verb, str]] = {
    Verb.APPROVE: "Approved",
    Verb.REJECT: "Rejected",
    Verb.CANCEL: "Cancelled",
    Verb.RESOLVE: "Match judged",
}
_JUDGED: Final[Mapping[str, str]] = {
    Resolution.FALSE_POSITIVE: "a false positive",
    Resolution.CONFIRMED_FRAUD: "confirmed fraud",
}
_EVENT: Final[Mapping[Verb, str]] = {
    Verb.APPROVE: "approved",
    Verb.REJECT: "rejected",
    Verb.CANCEL: "cancelled",
    Verb.RESOLVE: "fraud_match_resolved",
}
_KNOWN: Final = frozenset[str](SubmissionStatus)
_DECIDED_BY: Final = {"approved": "approved", "synced": "approved"}
_REQUEST_ID: Final = ("requestId", "request_id")


class Seen(Enum):
    """What a submission that was read back shows of a decision."""

    APPLIED = "applied"
    OPEN = "still to be decided"
    OTHERWISE = "decided otherwise"
    UNCLEAR = "not to be told"


class Whose(Enum):
    """Who brought about what a submission shows."""

    OURS = "ours"
    THEIRS = "somebody else"
    UNTOLD = "not to be told"


@frozen
class Outcome:
    """A stage and the words for it."""

    stage: Stage
    words: str


def doing(intent: Intent) -> str:
    """Return the words while the decision is on its way."""
    return _DOING[intent.verb]


def checking(failure: Failure) -> str:
    """Return the words while it is looked up whether a decision counted."""
    if failure.kind is FailureKind.UNREADABLE:
        return "Answer unreadable, checking whether it counted…"
    if failure.kind is FailureKind.CONFLICT:
        return "Refused, checking why…"
    if failure.kind is FailureKind.NO_ANSWER:
        return "No answer, checking whether it counted…"
    return f"{failure.title}, checking whether it counted…"


def done(intent: Intent) -> str:
    """Return the words for a decision that was applied."""
    if intent.verb is Verb.RESOLVE and intent.resolution is not None:
        return f"{_DONE[intent.verb]}: {_JUDGED[intent.resolution]}"
    return _DONE[intent.verb]


def may_settle(intent: Intent, failure: Failure | None, seen: Detail | None) -> bool:
    """Whether the decision may still land after one has looked, so that another look is needed."""
    if failure is None or seen is None:
        return False
    return is_torn(intent, seen) or (failure.kind in LOST and what_shows(intent, seen) is Seen.OPEN)


def is_torn(intent: Intent, seen: Detail) -> bool:
    """Whether a match shows as judged by a reading whose events are older: who judged it is still to come.

    Matches may have been read apart from the rest. A server that never names requests is not waited for.
    """
    if intent.verb is not Verb.RESOLVE or what_shows(intent, seen) not in {Seen.APPLIED, Seen.OTHERWISE}:
        return False
    return _event(intent, seen, _EVENT[intent.verb]) is None and any(map(_request_id, seen.events))


def outcome(intent: Intent, failure: Failure | None, seen: Detail | None) -> Outcome:
    """Judge a decision by its answer (`failure` None: accepted) and the submission read back afterwards.

    `seen` is None where it could not be read. A lost answer over a submission that is still to be decided
    is judged NOT_DONE: ask `may_settle` first.
    """
    if failure is None:
        return _accepted(intent, seen)
    if failure.kind in NEVER_LEFT:
        return Outcome(Stage.UNSENT, _with_hint(failure))
    return _failed(intent, failure, seen)


def before_sending(
    intent: Intent, seen: Detail, *, shown: Detail | None = None, digest: str = ""
) -> Outcome | None:
    """Judge a fresh reading while nothing of the decision counts; None when it may be sent.

    `digest` is of what was shown when it was decided, `shown` the thing itself where it is still at hand.
    """
    shows = what_shows(intent, seen)
    if shows is Seen.APPLIED:
        if _is_by_us(intent, seen):
            return Outcome(Stage.DONE, f"{done(intent)} (read before it was sent again)")
        return Outcome(Stage.ELSEWHERE, f"Already {_lower(done(intent))}{_by_whom(intent, seen)}")
    if shows is Seen.OTHERWISE:
        return Outcome(Stage.ELSEWHERE, f"{_otherwise(intent, seen)}. Your {intent.verb} was not sent")
    rests_on = decided_on(intent, seen)
    if has_changed(digest, rests_on):
        what = "; ".join(differences(shown, rests_on, digest)) or "what was shown is not what it is now"
        return Outcome(Stage.CHANGED, f"Not sent, it changed: {what}")
    if shows is Seen.UNCLEAR:
        return Outcome(Stage.UNSENT, f"Not sent: {_unclear(intent, seen)}")
    open_matches = None if seen.open_matches is None else len(seen.open_matches)
    why = why_not(intent.verb, seen.status, open_matches)
    return None if why is None else Outcome(Stage.REFUSED, why)


def not_read(failure: Failure) -> Outcome:
    """Judge that the submission could not be read before sending."""
    if failure.kind is FailureKind.NOT_FOUND:
        return Outcome(Stage.UNSENT, "No longer visible to this key")
    return Outcome(Stage.UNSENT, f"Not sent, it could not be read anew: {_with_hint(failure)}")


def not_kept(failure: Failure) -> Outcome:
    """Judge that the decision could not be written down before it was held or sent.

    A conflict says that another console of the same person has it.
    """
    if failure.kind is FailureKind.CONFLICT:
        return Outcome(Stage.UNSENT, f"Not sent from here: {failure.title}")
    return Outcome(Stage.UNSENT, f"Not sent: {_with_hint(failure)}")


def what_shows(intent: Intent, seen: Detail) -> Seen:
    """Say what a submission, as read back, shows of `intent`."""
    if intent.verb is Verb.RESOLVE:
        return _what_match_shows(intent, seen)
    if seen.status in BECOMES[intent.verb]:
        return Seen.APPLIED
    if seen.status not in _KNOWN:
        return Seen.UNCLEAR
    return Seen.OPEN if seen.status in ALLOWED_FROM[intent.verb] else Seen.OTHERWISE


def whose(intent: Intent, seen: Detail) -> Whose:
    """Say whether what shows as applied is ours: by the request id of its event, else by our own words."""
    event = _event(intent, seen, _EVENT[intent.verb])
    if event is not None:
        if (told := _request_id(event)) is not None:
            return Whose.OURS if told == intent.request_id else Whose.THEIRS
        actor = event.actor if isinstance(event.actor, dict) else {}
        if actor.get("type") in {"reviewer", "system"}:
            return Whose.THEIRS
    given, shown = _words_of(intent, seen)
    if given is None or shown is None or is_torn(intent, seen):
        return Whose.UNTOLD
    return Whose.OURS if given == shown else Whose.THEIRS


def clock_time(moment: datetime | None) -> str:
    """Return a moment as the time of day on this machine, for a sentence; empty where it is not known."""
    return moment.astimezone().strftime("%H:%M") if moment else ""


def _accepted(intent: Intent, seen: Detail | None) -> Outcome:
    if seen is None:
        return Outcome(Stage.DONE, f"{done(intent)} (not read back yet)")
    shows = what_shows(intent, seen)
    if shows is Seen.OPEN:
        return Outcome(
            Stage.UNKNOWN, f"{UNKNOWN_WORDS}. The server accepted it, and it is still {seen.status}"
        )
    if shows in {Seen.OTHERWISE, Seen.UNCLEAR} and intent.verb is not Verb.RESOLVE:
        return Outcome(Stage.DONE, f"{done(intent)}; meanwhile it is {seen.status}")
    return Outcome(Stage.DONE, done(intent))


def _is_by_us(intent: Intent, seen: Detail) -> bool:
    event = _event(intent, seen, _EVENT[intent.verb])
    return event is not None and _request_id(event) == intent.request_id


def _unclear(intent: Intent, seen: Detail) -> str:
    if intent.verb is Verb.RESOLVE:
        return "it does not show that fraud match" if seen.fraud_matches is not None else "no matches to read"
    return f"it is {seen.status} now"


def _failed(intent: Intent, failure: Failure, seen: Detail | None) -> Outcome:
    shows = Seen.UNCLEAR if seen is None else what_shows(intent, seen)
    if seen is not None and shows in {Seen.APPLIED, Seen.OTHERWISE}:
        return _decided(intent, failure, seen, shows)
    if failure.kind in NOT_APPLIED:
        return Outcome(Stage.REFUSED, _refused(intent, failure))
    if seen is None or shows is Seen.UNCLEAR:
        return Outcome(Stage.UNKNOWN, UNKNOWN_WORDS)
    if failure.kind is FailureKind.CONFLICT:
        return Outcome(Stage.REFUSED, _conflict(intent, failure, seen))
    return Outcome(Stage.NOT_DONE, f"Not applied: still {seen.status}, nothing was changed")


def _decided(intent: Intent, failure: Failure, seen: Detail, shows: Seen) -> Outcome:
    if shows is Seen.APPLIED:
        owner = whose(intent, seen)
        if owner is Whose.OURS:
            return Outcome(Stage.DONE, f"{done(intent)} (the answer was lost, read back)")
        if owner is Whose.UNTOLD and failure.kind in LOST:
            return Outcome(Stage.DONE, f"{done(intent)} (read back; by whom cannot be told)")
        return Outcome(Stage.ELSEWHERE, f"Already {_lower(done(intent))}{_by_whom(intent, seen)}")
    event = _event(intent, seen, _DECIDED_BY.get(seen.status, str(seen.status)))
    mine = event is not None and _request_id(event) == intent.request_id
    if mine or (failure.kind in LOST and seen.status == "failed"):
        return Outcome(Stage.UNKNOWN, f"{UNKNOWN_WORDS}. It is {seen.status} now")
    return Outcome(Stage.ELSEWHERE, f"{_otherwise(intent, seen)}. Your {intent.verb} was not applied")


def _otherwise(intent: Intent, seen: Detail) -> str:
    if intent.verb is Verb.RESOLVE and (match := _match(intent, seen)) is not None and not match.is_open:
        judged = _JUDGED.get(str(match.resolution), str(match.resolution))
        return f"Match judged {judged}{_by_whom(intent, seen)}"
    reason = f": {seen.reason}" if seen.reason else ""
    return f"{seen.status.capitalize()}{_by_whom(intent, seen)}{reason}"


def _by_whom(intent: Intent, seen: Detail) -> str:
    if intent.verb is Verb.RESOLVE and (match := _match(intent, seen)) is not None and not match.is_open:
        who: Shown | None = match.resolver
        when = match.resolved_at
    else:
        event = _event(intent, seen, _DECIDED_BY.get(seen.status, str(seen.status)))
        who = event.actor_name if event else None
        when = (event.created_at if event else None) or seen.reviewed_at or seen.updated_at
    name = str(who) if who and who != "–" else "someone else"
    return f" by {name}{f' at {clock_time(when)}' if when else ''}"


def _refused(intent: Intent, failure: Failure) -> str:
    if failure.kind is FailureKind.LIMITED:
        wait = f"try again in {failure.retry_after:.0f} s" if failure.retry_after else "try again later"
        return f"Rate limit: your {intent.verb} was not taken, {wait}"
    if failure.kind is FailureKind.NOT_FOUND:
        return "No longer visible to this key"
    if failure.problems:
        return "; ".join(f"{problem.field}: {problem.message}" for problem in failure.problems)
    return _with_hint(failure)


def _conflict(intent: Intent, failure: Failure, seen: Detail) -> str:
    count = len(seen.open_matches or ())
    if intent.verb is Verb.APPROVE and count:
        return f"{count} fraud {'match' if count == 1 else 'matches'} to resolve first"
    return _with_hint(failure)


def _with_hint(failure: Failure) -> str:
    return f"{failure.title}. {failure.hint}" if failure.hint else failure.title


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _what_match_shows(intent: Intent, seen: Detail) -> Seen:
    match = _match(intent, seen)
    if match is None:
        return Seen.UNCLEAR
    if not match.is_open:
        return Seen.APPLIED if str(match.resolution) == str(intent.resolution) else Seen.OTHERWISE
    return Seen.OPEN if seen.status in ALLOWED_FROM[Verb.RESOLVE] else Seen.OTHERWISE


def _match(intent: Intent, seen: Detail) -> FraudMatch | None:
    return next((match for match in seen.fraud_matches or () if match.id == intent.match_id), None)


def _event(intent: Intent, seen: Detail, kind: str) -> Event | None:
    for event in seen.events:
        data = event.data if isinstance(event.data, dict) else {}
        if event.type == kind and (
            intent.verb is not Verb.RESOLVE or data.get("matchId") in {None, intent.match_id}
        ):
            return event
    return None


def _request_id(event: Event) -> str | None:
    data = event.data if isinstance(event.data, dict) else {}
    return next((value for name in _REQUEST_ID if isinstance(value := data.get(name), str)), None)


def _words_of(intent: Intent, seen: Detail) -> tuple[str | None, str | None]:
    """Return the person's own words as given and as shown, where the verb carries any."""
    shown = {Verb.REJECT: seen.reject_reason, Verb.CANCEL: seen.cancel_reason}.get(intent.verb)
    given = intent.reason
    if intent.verb is Verb.RESOLVE:
        match = _match(intent, seen)
        shown, given = (match.note if match else None), intent.note
    return (given.strip() if given and given.strip() else None), (shown.raw.strip() if shown else None)

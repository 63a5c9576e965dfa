"""Submissions: what was handed in, where it stands, and whether it may be decided."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final, TypeVar

from review_tui.model.events import Event
from review_tui.model.extraction import amount_of, currency_of, merchant_of
from review_tui.model.files import StoredFile
from review_tui.model.fraud import FraudMatch, open_ones
from review_tui.model.frozen import frozen
from review_tui.model.text import Shown, well_formed
from review_tui.model.wire import (
    Anything,
    Id,
    Json,
    Moment,
    Number,
    OptionalText,
    Reads,
    Share,
    Under,
    UnexpectedShape,
    Word,
    as_object,
    or_none,
    read_one,
    read_rows,
    unwrapped,
    weight_of,
)
from review_tui.model.workflows import WorkflowName

REASON_CHARACTERS: Final = 2_000
"""The longest reason that the server takes, after trimming."""


class SubmissionStatus(StrEnum):
    """The words that are known; others are shown as they are."""

    CREATED = "created"
    PROCESSING = "processing"
    REVIEW = "review"
    APPROVED = "approved"
    SYNCED = "synced"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Verb(StrEnum):
    """What a person may decide."""

    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    RESOLVE = "resolve"


ALLOWED_FROM: Final[Mapping[Verb, frozenset[str]]] = {
    Verb.APPROVE: frozenset({SubmissionStatus.REVIEW}),
    Verb.REJECT: frozenset({SubmissionStatus.REVIEW}),
    Verb.CANCEL: frozenset(
        {
            SubmissionStatus.CREATED,
            SubmissionStatus.PROCESSING,
            SubmissionStatus.REVIEW,
            SubmissionStatus.FAILED,
        }
    ),
    Verb.RESOLVE: frozenset({SubmissionStatus.REVIEW}),
}

BECOMES: Final[Mapping[Verb, frozenset[str]]] = {
    Verb.APPROVE: frozenset({SubmissionStatus.APPROVED, SubmissionStatus.SYNCED}),
    Verb.REJECT: frozenset({SubmissionStatus.REJECTED}),
    Verb.CANCEL: frozenset({SubmissionStatus.CANCELLED}),
}
"""The statuses that show a verb as applied."""


def _workflow(value: Json) -> WorkflowName | None:
    return or_none(value, lambda told: read_one(WorkflowName, told, "the workflow"))


@frozen
class Submission:
    """One submission as the list gives it; `fraud_score` is 0..100, `confidence` 0..1."""

    id: Id
    status: Annotated[Word, Under("submissionStatus")]
    fraud_status: OptionalText = None
    fraud_score: Number = None
    workflow: Annotated[WorkflowName | None, Reads(_workflow)] = None
    extracted_data: Anything = None
    confidence: Share = None
    created_at: Moment = None
    client_submission_id: OptionalText = None


@frozen
class Detail(Submission):
    """One submission as its own endpoint gives it; the source of truth after every decision.

    `fraud_matches` is None where the answer did not hold them. `unreadable` names what could not be read.
    `raw` is the JSON as received, `weight` about the bytes that it takes here.
    """

    session_id: OptionalText = None
    company_id: OptionalText = None
    metadata: Anything = None
    external_user: Anything = None
    processed_at: Moment = None
    reviewed_at: Moment = None
    synced_at: Moment = None
    updated_at: Moment = None
    reject_reason: OptionalText = None
    cancel_reason: OptionalText = None
    failed_reason: OptionalText = None
    files: tuple[StoredFile, ...] = ()
    fraud_matches: tuple[FraudMatch, ...] | None = None
    events: tuple[Event, ...] = ()
    unreadable: tuple[str, ...] = ()
    raw: Json = field(default=None, repr=False)
    weight: int = 0

    @property
    def open_matches(self) -> tuple[FraudMatch, ...] | None:
        """The fraud matches nobody has judged yet; None while they are not known."""
        return None if self.fraud_matches is None else open_ones(self.fraud_matches)

    @property
    def reason(self) -> Shown | None:
        """Why it was rejected, cancelled or failed."""
        return self.reject_reason or self.cancel_reason or self.failed_reason


@frozen
class Acted:
    """What a decision's own answer says; the submission itself is the source of truth."""

    id: Id
    status: Annotated[Word, Under("submissionStatus")]
    updated_at: Moment = None


_Said = TypeVar("_Said")

_SHARED: Final = 4_096
_words: Final[dict[Shown, Shown]] = {}
_amounts: Final[dict[str, str]] = {}
_numbers: Final[dict[float | None, float | None]] = {}


def _shared(value: _Said, known: dict[_Said, _Said]) -> _Said:
    """Return the one copy of what many rows say; a queue may hold a hundred thousand."""
    if len(known) >= _SHARED:
        known.clear()
    return known.setdefault(value, value)


def _word(text: Shown) -> Shown:
    return _shared(text, _words) if type(text) is Shown else text


def _word_if_any(text: Shown | None) -> Shown | None:
    return None if text is None else _word(text)


def _amount(text: Shown | None) -> str | None:
    return _shared(str(text), _amounts) if type(text) is Shown else text


def _lean(text: Shown | None) -> str | None:
    """Return a clean text that is as it was received in half the memory."""
    return str(text) if type(text) is Shown else text


@frozen
class Row:
    """What the queue keeps of a submission: only what a row shows and filters need.

    Its texts are clean, and `Shown` at least where they differ from what was received.

    `order` sorts newest first (seconds since the epoch, never rising along a page). `gone` says that the
    server no longer lists it where we saw it.
    """

    id: str
    status: Shown
    fraud_status: Shown | None
    fraud_score: float | None
    confidence: float | None
    merchant: Shown | None
    amount: str | None
    currency: Shown | None
    workflow: Shown | None
    client_submission_id: str | None
    created: float | None
    order: float
    gone: bool = False

    @classmethod
    def of(cls, submission: Submission, order: float | None = None) -> "Row":
        """Slim `submission` down; `order` is the row's place where its own time cannot give it."""
        created = submission.created_at.timestamp() if submission.created_at else None
        if order is None or order == created:
            order = created or 0.0  # the very same number, for it takes 24 bytes
        data = submission.extracted_data
        return cls(
            id=submission.id,
            status=_word(submission.status),
            fraud_status=_word_if_any(submission.fraud_status),
            fraud_score=_shared(submission.fraud_score, _numbers),
            confidence=_shared(submission.confidence, _numbers),
            merchant=_word_if_any(merchant_of(data)),
            amount=_amount(amount_of(data)),
            currency=_word_if_any(currency_of(data)),
            workflow=_word(submission.workflow.slug) if submission.workflow else None,
            client_submission_id=_lean(submission.client_submission_id),
            created=created,
            order=order,
        )

    @property
    def created_at(self) -> datetime | None:
        """When it was handed in, in UTC."""
        return None if self.created is None else datetime.fromtimestamp(self.created, UTC)

    @property
    def altered(self) -> bool:
        """Whether something suspicious in its texts had to be made visible."""
        texts = (self.merchant, self.amount, self.currency, self.client_submission_id, self.workflow)
        return any(isinstance(text, Shown) and text.altered for text in texts)


@frozen
class Page:
    """One page of the list in the server's order; `unreadable` names rows that could not be read."""

    rows: tuple[Row, ...] = ()
    has_more: bool = False
    next_cursor: str | None = None
    unreadable: tuple[str, ...] = ()


def read_page(value: Json) -> Page:
    """Read a list answer row by row; raises UnexpectedShape."""
    body = as_object(value, "the list")
    if not isinstance(body.get("data"), list):
        raise UnexpectedShape("the list has no data")
    submissions, bad = read_rows(Submission, body["data"], "data")
    rows: list[Row] = []
    before = float("inf")
    for submission in submissions:
        created = submission.created_at.timestamp() if submission.created_at else before
        before = min(before, created)
        rows.append(Row.of(submission, order=before if before != float("inf") else 0.0))
    pagination = body.get("pagination")
    pagination = pagination if isinstance(pagination, dict) else {}
    cursor = pagination.get("nextCursor")
    cursor = cursor if isinstance(cursor, str) and 0 < len(cursor) <= 4_096 and _can_travel(cursor) else None
    has_more = pagination.get("hasMore") is True or (cursor is not None and pagination.get("hasMore") is None)
    return Page(tuple(rows), has_more, cursor, bad)


def _can_travel(cursor: str) -> bool:
    """Whether a URL can carry it back: JSON can spell halves of characters that nothing can encode."""
    return cursor == well_formed(cursor)


def read_detail(value: Json) -> Detail:
    """Read a detail answer; id and status strictly, lists row by row; raises UnexpectedShape."""
    body = unwrapped(value, "the submission")
    files, bad_files = read_rows(StoredFile, body.get("files"), "files")
    events, bad_events = read_rows(Event, body.get("events"), "events")
    matches, bad_matches = read_rows(FraudMatch, body.get("fraudMatches"), "fraudMatches")
    known = isinstance(body.get("fraudMatches"), list)
    return replace(
        read_one(Detail, body, "the submission"),
        files=_told_apart(files),
        events=events,
        fraud_matches=matches if known and not bad_matches else None,
        unreadable=bad_files + bad_events + bad_matches,
        raw=body,
        weight=weight_of(body),
    )


def _told_apart(files: Iterable[StoredFile]) -> tuple[StoredFile, ...]:
    """Return the files so that each can be named: by an id of its own, or by its place."""
    ids: set[str] = set()
    found: list[StoredFile] = []
    for place, file in enumerate(files):
        own = file.id if file.id is not None and file.id.raw not in ids else None
        ids.add(own.raw if own is not None else "")
        index = place if file.index is None else file.index
        found.append(replace(file, id=own, index=index))
    return tuple(found)


def why_not(verb: Verb, status: str, open_matches: int | None) -> str | None:
    """Say why `verb` may not be applied to a submission in this state; None when it may.

    `open_matches` is the number of unresolved fraud matches, None while it is not known.
    """
    if status not in ALLOWED_FROM[verb]:
        known = ", ".join(sorted(ALLOWED_FROM[verb]))
        return f"only from {known}; this one is {status}"
    if verb is Verb.APPROVE and open_matches is None:
        return "its fraud matches are not loaded yet"
    if verb is Verb.APPROVE and open_matches:
        return f"{open_matches} fraud {'match' if open_matches == 1 else 'matches'} to resolve first"
    return None


def why_not_reason(verb: Verb, reason: str | None) -> str | None:
    """Say what is wrong with the words given for `verb`; None when they will do."""
    text = (reason or "").strip()
    if verb is Verb.REJECT and not text:
        return "a reason is needed"
    if len(text) > REASON_CHARACTERS:
        return f"{len(text) - REASON_CHARACTERS} characters too long"
    return None

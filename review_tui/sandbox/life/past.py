"""What happened before the sandbox opened: submissions in every state, with files, matches and events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from review_tui.sandbox import fraud
from review_tui.sandbox.database import Transaction, insert, insert_many, new_id, new_ids
from review_tui.sandbox.documents.drawing import SKETCH, picture
from review_tui.sandbox.documents.invention import altered, invent, rescanned, reused
from review_tui.sandbox.documents.paper import Document
from review_tui.sandbox.documents.reading import Reading, Unread, read_document
from review_tui.sandbox.documents.rendering import render
from review_tui.sandbox.fraud import Finding, Fingerprint
from review_tui.sandbox.keys import Key
from review_tui.sandbox.life import people
from review_tui.sandbox.life.story import DAY, HOUR, MINUTE, SECOND, Actor, Course
from review_tui.sandbox.life.workflows import WORKFLOWS, Workflow
from review_tui.sandbox.wire import Raw

SESSION_LASTS = 30 * MINUTE


@dataclass(frozen=True, slots=True)
class Standing:
    """How a state fills: its share of all submissions, ages (ms) from youngest to oldest, share of copies."""

    share: float
    youngest: int
    oldest: int
    copied: float = 0.0


STANDINGS: Mapping[str, Standing] = {
    "review": Standing(0.46, 40 * SECOND, 3 * DAY, copied=0.38),
    "synced": Standing(0.19, 2 * HOUR, 12 * DAY, copied=0.06),
    "approved": Standing(0.09, 2 * MINUTE, 5 * HOUR, copied=0.06),
    "rejected": Standing(0.11, 5 * MINUTE, 10 * DAY, copied=0.5),
    "cancelled": Standing(0.05, 5 * MINUTE, 6 * DAY),
    "failed": Standing(0.05, 5 * MINUTE, 6 * DAY),
    "created": Standing(0.025, 10 * SECOND, 20 * MINUTE),
    "processing": Standing(0.025, SECOND, 20 * SECOND),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A submission before its story is told: when it came (Unix ms) and where it stands now."""

    created_at: int
    status: str
    workflow: Workflow


def planned(count: int, now: int, rng: Random, *, finished: bool = False) -> list[Planned]:
    """So many submissions over all states, or all but the unfinished ones, oldest first."""
    plans = []
    shares = [workflow.share for workflow in WORKFLOWS]
    left = count
    for status, standing in reversed(list(STANDINGS.items())):
        if finished and status in ("created", "processing"):
            continue
        some = left if status == "review" else round(count * standing.share)
        left -= some
        for _ in range(some):
            # Squaring makes the young ones many and the old ones few, as in a queue that is worked on.
            age = standing.youngest + round((standing.oldest - standing.youngest) * rng.random() ** 2)
            plans.append(Planned(now - age, status, rng.choices(WORKFLOWS, shares)[0]))
    return sorted(plans, key=lambda plan: plan.created_at)


@dataclass(slots=True)
class _Original:
    document: Document
    workflow: Workflow
    submission_id: str
    copies: int = 0


@dataclass(frozen=True, slots=True)
class _Told:
    """Everything about one submission before it is written."""

    plan: Planned
    submission_id: str
    session_id: str
    documents: tuple[Document, ...]
    reading: Reading | None
    finding: Finding
    course: Course


@dataclass(slots=True)
class Past:
    """Writes a company's past, oldest first, so that each submission is checked against those before it."""

    tx: Transaction
    rng: Random
    key: Key
    now: int
    _originals: list[_Original] = field(default_factory=list)
    _digests: dict[Document, str] = field(default_factory=dict)

    def tell(self, plans: Sequence[Planned]) -> None:
        """Write all that was planned."""
        for plan in plans:
            self._tell(plan)

    @property
    def _company_id(self) -> str:
        return self.key.company_id or ""

    @property
    def _uploader(self) -> Actor:
        return {"type": "api_key", "id": self.key.id, "name": self.key.name}

    def _tell(self, plan: Planned) -> None:
        submission_id, session_id = new_id(self.tx, "submission"), new_id(self.tx, "session")
        original = self._to_copy(plan)
        documents = (self._copy(original.document, original),) if original else self._invented(plan)
        reading = read_document(documents[0])
        status, problem = plan.status, None
        if status not in ("created", "processing"):
            problem = why_failed(documents[0], reading)
            if status == "failed" and problem is None:
                problem = "The file could not be opened: it ended too early."
            status = "failed" if problem else status
        finding = Finding("clean", 0.0, ())
        done = reading if isinstance(reading, Reading) and status in _READ else None
        if done is not None:
            prints = [self._print(index, document) for index, document in enumerate(documents)]
            finding = fraud.check(self.tx, self._company_id, submission_id, prints, done.extracted)
            fraud.remember(self.tx, self._company_id, submission_id, prints, done.extracted)
            if original is None:
                self._originals.append(_Original(documents[0], plan.workflow, submission_id))
        course = Course(status, plan.created_at, self.now, self.rng)
        course.tell(self._uploader, finding, done.confidence if done else None, problem)
        told = _Told(plan, submission_id, session_id, documents, done, finding, course)
        fraud_status = self._write_matches(told)
        course.decide(finding)
        self._write(told, fraud_status)

    def _invented(self, plan: Planned) -> tuple[Document, ...]:
        today = datetime.fromtimestamp(plan.created_at / 1000, UTC).date()
        first = invent(self.rng, today=today, kind=plan.workflow.kind)
        if plan.workflow.kind != "photo" or self.rng.random() < 0.6:
            return (first,)
        return (first, invent(self.rng, today=today, kind="photo", merchant=first.merchant))

    def _to_copy(self, plan: Planned) -> _Original | None:
        if self.rng.random() >= STANDINGS[plan.status].copied:
            return None
        pool = [one for one in self._originals[-80:] if one.workflow is plan.workflow and one.copies < 2]
        return self.rng.choice(pool) if pool else None

    def _copy(self, document: Document, original: _Original) -> Document:
        original.copies += 1
        match self.rng.randrange(5):
            case 0:
                if document not in self._digests:
                    # Only the digest of its bytes makes two files the same: the earlier one is drawn now.
                    drawn = fraud.fingerprint(0, render(document))
                    self._digests[document] = drawn.sha256 or ""
                    only_digest = [Fingerprint(0, drawn.sha256, None)]
                    fraud.remember(self.tx, self._company_id, original.submission_id, only_digest, None)
                return reused(document)
            case 1 | 2:
                return rescanned(document, self.rng)
            case _:
                return altered(document, self.rng)

    def _print(self, index: int, document: Document) -> Fingerprint:
        """The fingerprint of a file that nobody has asked for yet: of its sketch, not of its bytes."""
        sketch = None if document.kind == "invoice" else fraud.picture_hash(picture(document, SKETCH))
        return Fingerprint(index, self._digests.get(document), sketch)

    def _write(self, told: _Told, fraud_status: str | None) -> None:
        course, plan, rng = told.course, told.plan, self.rng
        insert(
            self.tx,
            "sessions",
            id=told.session_id,
            submission_id=told.submission_id,
            company_id=self._company_id,
            key_id=self.key.id,
            state=_SESSION_STATES.get(course.status, "completed"),
            content_types=[document.content_type for document in told.documents],
            failed_reason=course.reasons["failed_reason"],
            created_at=plan.created_at,
            expires_at=plan.created_at + SESSION_LASTS,
        )
        insert(
            self.tx,
            "submissions",
            id=told.submission_id,
            company_id=self._company_id,
            session_id=told.session_id,
            workflow=plan.workflow.slug,
            workflow_version=plan.workflow.version,
            status=course.status,
            fraud_status=fraud_status,
            fraud_score=told.finding.score if told.reading else None,
            confidence=told.reading.confidence if told.reading else None,
            extracted=told.reading.extracted if told.reading else None,
            client_submission_id=f"order-{rng.randint(10_000, 999_999)}" if rng.random() < 0.8 else None,
            metadata=people.metadata(rng),
            external_user=people.member(rng) if rng.random() < 0.85 else None,
            created_at=plan.created_at,
            updated_at=course.updated_at,
            **course.reasons,
            **course.times,
        )
        self._write_files(told)
        ids = new_ids(self.tx, "event", len(course.events))
        insert_many(
            self.tx,
            "events",
            [
                {
                    "id": event_id,
                    "submission_id": told.submission_id,
                    "type": word,
                    "created_at": at,
                    "actor": actor,
                    "message": message,
                    "data": data,
                }
                for event_id, (at, word, actor, message, data) in zip(ids, course.events, strict=True)
            ],
        )

    def _write_files(self, told: _Told) -> None:
        if told.course.status == "created":
            return
        for index, document in enumerate(told.documents):
            insert(
                self.tx,
                "files",
                id=new_id(self.tx, "file"),
                submission_id=told.submission_id,
                file_index=index,
                label=told.plan.workflow.labels[index],
                file_name=people.file_name(document, self.rng),
                content_type=document.content_type,
                size_bytes=document.size_bytes,
                spec=Raw(document.to_json()),
            )

    def _write_matches(self, told: _Told) -> str | None:
        """Write the matches, resolved as the decision demands; returns the fraud status they leave."""
        matches, course, rng = told.finding.matches, told.course, self.rng
        found_at = course.times["processed_at"]
        if found_at is None or told.reading is None:
            return None
        status = told.finding.status
        ids = new_ids(self.tx, "fraud_match", len(matches)) if matches else []
        for place, (match_id, match) in enumerate(zip(ids, matches, strict=True)):
            resolution = None
            if course.status in ("approved", "synced"):
                resolution, status = "false_positive", "clean"
            elif course.status == "rejected" and rng.random() < 0.6:
                resolution, status = "confirmed_fraud", "blocked"
            elif course.status == "review" and place and rng.random() < 0.15:
                resolution = "false_positive"
            note, reviewer, resolved_at = None, None, None
            if resolution is not None:
                note, reviewer = rng.choice(people.MATCH_NOTES), rng.choice(people.REVIEWERS)
                resolved_at = course.resolve(match_id, resolution, note, reviewer)
            insert(
                self.tx,
                "fraud_matches",
                id=match_id,
                submission_id=told.submission_id,
                created_at=found_at,
                resolution=resolution,
                note=note,
                resolved_at=resolved_at,
                resolved_by=reviewer["name"] if reviewer else None,
                **match,
            )
        return status


_READ = ("review", "approved", "synced", "rejected", "cancelled")
_SESSION_STATES = {"created": "pending", "processing": "submitted", "failed": "failed"}


def why_failed(document: Document | None, reading: Reading | Unread) -> str | None:
    """Why processing ends without a result, or None when it goes on."""
    if document is not None and document.unfit:
        return f"Content moderation: {document.unfit}."
    if isinstance(reading, Unread):
        return f"{reading.reason[0].upper()}{reading.reason[1:]}."
    return None

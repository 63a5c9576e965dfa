"""The older part of a very large past: as true to shape as the rest, written in bulk.

A few hundred invented documents are varied into some thousand submissions, each with its own date, number,
amount and paper, and those are multiplied within SQLite, days apart. Only their data is remembered for later
comparison; pictures nobody has looked at for weeks are not drawn to be hashed. Copies are compared with their
originals by the same comparison that the fraud checks use.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from review_tui.sandbox import fraud
from review_tui.sandbox.database import Transaction, insert_many, new_ids
from review_tui.sandbox.documents.invention import invent
from review_tui.sandbox.documents.merchants import DECIMALS
from review_tui.sandbox.documents.paper import Document
from review_tui.sandbox.documents.reading import Reading, read_document
from review_tui.sandbox.keys import Key
from review_tui.sandbox.life import people
from review_tui.sandbox.life.copies import multiply
from review_tui.sandbox.life.past import SESSION_LASTS, STANDINGS, Planned, planned
from review_tui.sandbox.life.story import MINUTE, SECOND
from review_tui.sandbox.life.workflows import WORKFLOWS, Workflow
from review_tui.sandbox.transitions import SYSTEM
from review_tui.sandbox.wire import Raw, dumps

_MODELS = 400
_WRITTEN = 4000
_LINES = 3
_CACHE_KIB = 64 * 1024
_REACH = 400

Row = dict[str, object]


class _Model:
    """A document with blanks for what differs from one submission to the next."""

    def __init__(self, document: Document, reading: Reading) -> None:
        self.document = document
        self.confidence = reading.confidence
        self.doubt = fraud.doubt(reading.extracted)
        decimals = DECIMALS[document.currency]
        self.unit = 10**decimals
        extracted = dict(reading.extracted)
        for name, blank in (
            ("totalAmount", "total"),
            ("documentDate", "date"),
            ("documentNumber", "number"),
        ):
            if extracted.get(name) is not None:
                extracted[name] = f"<{blank}>"
        self.shape = extracted
        self._extracted = _with_blanks(dumps(extracted), ("total",))
        spec = asdict(replace(document, date="<date>", time="<time>", number="<number>"))
        spec["total"] = "<minor>"
        spec["look"]["paper"] = "<paper>"
        self._spec = _with_blanks(dumps(spec), ("minor", "paper"))

    def filled(self, blanks: dict[str, object]) -> tuple[Raw, Raw]:
        """The extracted data and the file's description with all blanks filled."""
        return Raw(self._extracted % blanks), Raw(self._spec % blanks)


@dataclass(frozen=True, slots=True)
class _Member:
    plan: Planned
    model: _Model
    blanks: dict[str, object]
    submission_id: str
    original: "_Member | None"


def tell_crowd(tx: Transaction, rng: Random, key: Key, count: int, now: int) -> None:
    """Write `count` finished submissions from before `now` (Unix ms)."""
    rounds = max(1, round(count / _WRITTEN))
    plans = planned(-(-count // rounds), now, rng, finished=True)
    # The usual cache of 2 MiB would spill so many rows to disk many times over.
    (cache,) = tx.execute("PRAGMA cache_size").fetchone()
    tx.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    models = {workflow.slug: _models(workflow, min(_MODELS, count), rng) for workflow in WORKFLOWS}
    members: list[_Member] = []
    recent: dict[str, list[_Member]] = {workflow.slug: [] for workflow in WORKFLOWS}
    for plan, submission_id in zip(plans, new_ids(tx, "submission", len(plans)), strict=True):
        earlier = recent[plan.workflow.slug]
        original = None
        if earlier and rng.random() < STANDINGS[plan.status].copied * 0.6:
            original = earlier[rng.randrange(max(0, len(earlier) - _REACH), len(earlier))]
        member = _member(plan, rng, submission_id, models[plan.workflow.slug], original)
        if original is None:
            earlier.append(member)
        members.append(member)
    _Writer(tx, rng, key, members).write()
    marks = [
        (member.submission_id, str(member.blanks["date"]), str(member.blanks["number"])) for member in members
    ]
    if count > len(members):
        multiply(tx, marks, count)
    tx.execute(f"PRAGMA cache_size = {cache}")
    tx.execute("PRAGMA shrink_memory")


def _models(workflow: Workflow, count: int, rng: Random) -> list[_Model]:
    found: list[_Model] = []
    today = datetime(2026, 1, 1, tzinfo=UTC).date()
    while len(found) < count * workflow.share:
        document = replace(invent(rng, today=today, kind=workflow.kind), unfit=None)
        reading = read_document(document)
        if isinstance(reading, Reading) and len(document.lines) <= _LINES:
            found.append(_Model(document, reading))
    return found


def _member(
    plan: Planned, rng: Random, submission_id: str, models: Sequence[_Model], original: _Member | None
) -> _Member:
    if original is not None:
        blanks = dict(original.blanks)
        if rng.random() < 0.6:
            model = original.model
            minor = int(str(blanks["minor"])) + model.unit * rng.randint(1, 9) * 10
            blanks |= _amounts(minor, model.unit)
        return _Member(plan, original.model, blanks, submission_id, original)
    model = rng.choice(models)
    came = datetime.fromtimestamp(plan.created_at / 1000, UTC)
    look = rng.getrandbits(32)
    blanks = {
        "date": (came - timedelta(days=look % 4)).date().isoformat(),
        "time": f"{7 + look % 15:02d}:{look % 60:02d}",
        "number": f"{look % 9973:04d}-{look % 999983:06d}",
        "paper": look,
        **_amounts(model.document.total + look % 97, model.unit),
    }
    return _Member(plan, model, blanks, submission_id, None)


class _Writer:
    """Writes the rows of all members, table by table."""

    def __init__(self, tx: Transaction, rng: Random, key: Key, members: Sequence[_Member]) -> None:
        self._tx, self._rng, self._key, self._members = tx, rng, key, members
        self._filled = [member.model.filled(member.blanks) for member in members]
        self._found = self._compare()

    def write(self) -> None:
        sessions = new_ids(self._tx, "session", len(self._members))
        insert_many(self._tx, "sessions", self._sessions(sessions))
        insert_many(self._tx, "submissions", self._submissions(sessions))
        insert_many(self._tx, "files", self._files())
        insert_many(self._tx, "fraud_matches", self._matches())
        insert_many(self._tx, "events", self._events())
        insert_many(self._tx, "fingerprints", self._fingerprints())

    def _compare(self) -> dict[str, tuple[float, list[dict[str, Any]]]]:
        """What the comparison of each copy with its original says, by the copy's id."""
        found = {}
        for member in self._members:
            if member.original is not None and member.plan.status != "failed":
                score, fields = fraud.compare(_values(member), _values(member.original))
                if score >= fraud.READS_ALIKE:
                    found[member.submission_id] = (score, fields)
        return found

    def _sessions(self, ids: Sequence[str]) -> Iterator[Row]:
        for member, session_id in zip(self._members, ids, strict=True):
            failed = member.plan.status == "failed"
            yield {
                "id": session_id,
                "submission_id": member.submission_id,
                "company_id": self._key.company_id,
                "key_id": self._key.id,
                "state": "failed" if failed else "completed",
                "content_types": Raw(f'["{member.model.document.content_type}"]'),
                "failed_reason": _BROKEN if failed else None,
                "created_at": member.plan.created_at,
                "expires_at": member.plan.created_at + SESSION_LASTS,
            }

    def _submissions(self, sessions: Sequence[str]) -> Iterator[Row]:
        rng = self._rng
        users = [Raw(dumps(people.member(rng))) for _ in range(200)]
        extras = [Raw(dumps(people.metadata(rng))) for _ in range(200)]
        for place, (member, session_id) in enumerate(zip(self._members, sessions, strict=True)):
            plan, found = member.plan, self._found.get(member.submission_id)
            read = plan.status != "failed"
            yield {
                "id": member.submission_id,
                "company_id": self._key.company_id,
                "session_id": session_id,
                "workflow": plan.workflow.slug,
                "workflow_version": plan.workflow.version,
                "status": plan.status,
                "fraud_status": _fraud_status(plan.status, flagged=found is not None) if read else None,
                "fraud_score": (found[0] if found else member.model.doubt) if read else None,
                "confidence": member.model.confidence if read else None,
                "extracted": self._filled[place][0] if read else None,
                "client_submission_id": Raw(f'"order-{place:06d}"'),
                "metadata": extras[place % 199],
                "external_user": users[place % 197],
                "reject_reason": _REASONS[place % len(_REASONS)] if plan.status == "rejected" else None,
                "failed_reason": None if read else _BROKEN,
                "created_at": plan.created_at,
                "updated_at": _decided_at(plan),
                "started_at": plan.created_at + _STARTED,
                "processed_at": plan.created_at + _PROCESSED,
                "reviewed_at": _decided_at(plan) if plan.status in _REVIEWED else None,
                "synced_at": _decided_at(plan) if plan.status == "synced" else None,
            }

    def _files(self) -> Iterator[Row]:
        ids = new_ids(self._tx, "file", len(self._members))
        for member, file_id, (_, spec) in zip(self._members, ids, self._filled, strict=True):
            document = member.model.document
            yield {
                "id": file_id,
                "submission_id": member.submission_id,
                "file_index": 0,
                "label": member.plan.workflow.labels[0],
                "file_name": f"{document.kind}-{member.blanks['date']}.{_ENDINGS[document.kind]}",
                "content_type": document.content_type,
                "size_bytes": document.size_bytes,
                "spec": spec,
            }

    def _matches(self) -> Iterator[Row]:
        copies = [member for member in self._members if member.submission_id in self._found]
        ids = new_ids(self._tx, "fraud_match", len(copies))
        for member, match_id in zip(copies, ids, strict=True):
            assert member.original is not None
            score, fields = self._found[member.submission_id]
            resolution = _RESOLVED.get(member.plan.status)
            yield {
                "id": match_id,
                "submission_id": member.submission_id,
                "matched_submission_id": member.original.submission_id,
                "type": "data_similarity",
                "score": score,
                "details": {"fields": fields},
                "created_at": member.plan.created_at + _PROCESSED,
                "resolution": resolution,
                "resolved_at": _decided_at(member.plan) if resolution else None,
                "resolved_by": people.REVIEWERS[0]["name"] if resolution else None,
            }

    def _events(self) -> Iterator[Row]:
        uploader = Raw(dumps({"type": "api_key", "id": self._key.id, "name": self._key.name}))
        system, reviewer = Raw(dumps(SYSTEM)), Raw(dumps(people.REVIEWERS[0]))
        courses = [_course(member.plan) for member in self._members]
        ids = iter(new_ids(self._tx, "event", sum(map(len, courses))))
        for member, course in zip(self._members, courses, strict=True):
            for at, word, message in course:
                by_reviewer = word in _REVIEWED and member.plan.status in _REVIEWED
                actor = uploader if word == _CREATED else reviewer if by_reviewer else system
                yield {
                    "id": next(ids),
                    "submission_id": member.submission_id,
                    "type": Raw(f'"{word}"'),
                    "created_at": at,
                    "actor": actor,
                    "message": message,
                }

    def _fingerprints(self) -> list[Row]:
        rows = [
            row
            for member in self._members
            if member.original is None and member.plan.status != "failed"
            for row in fraud.rows_to_remember(
                self._key.company_id or "", member.submission_id, (), _values(member)
            )
        ]
        return sorted(rows, key=lambda row: (str(row["kind"]), str(row["value"])))


_CREATED = "created"
_STARTED, _PROCESSED = 3 * SECOND, 12 * SECOND
_REVIEWED = ("approved", "rejected")
_BROKEN = Raw(dumps("The file could not be opened: it ended too early."))
_REASONS = [Raw(dumps(reason)) for reason in people.REJECT_REASONS]
_ENDINGS = {"receipt": "jpg", "photo": "jpg", "invoice": "pdf"}
_RESOLVED = {"approved": "false_positive", "synced": "false_positive", "rejected": "confirmed_fraud"}
_LAST = {
    "approved": Raw('"Approved"'),
    "synced": Raw('"Handed on downstream"'),
    "rejected": Raw('"Rejected"'),
    "cancelled": Raw('"Cancelled"'),
    "failed": _BROKEN,
}


def _course(plan: Planned) -> list[tuple[int, str, Raw]]:
    came = plan.created_at
    course = [(came, _CREATED, Raw('"Submission created"'))]
    if plan.status != "failed":
        course.append((came + _PROCESSED - SECOND, "extraction_completed", Raw('"Data extracted"')))
        course.append((came + _PROCESSED, "fraud_check_completed", Raw('"Fraud check completed"')))
    if plan.status == "synced":
        course.append((_decided_at(plan) - 5 * SECOND, "approved", _LAST["approved"]))
    if plan.status in _LAST:
        course.append((_decided_at(plan), plan.status, _LAST[plan.status]))
    return course


def _decided_at(plan: Planned) -> int:
    return plan.created_at + (_PROCESSED if plan.status in ("review", "failed") else MINUTE)


def _fraud_status(status: str, *, flagged: bool) -> str:
    if not flagged:
        return "clean"
    return {"false_positive": "clean", "confirmed_fraud": "blocked"}.get(_RESOLVED.get(status, ""), "flagged")


def _values(member: _Member) -> dict[str, Any]:
    """The extracted data of a submission as values rather than text."""
    shape, blanks = member.model.shape, member.blanks
    changed = {
        name: blanks[blank[1:-1]] if isinstance(blank := shape.get(name), str) and blank[0] == "<" else blank
        for name in ("documentDate", "documentNumber")
    }
    total = json.loads(str(blanks["total"])) if shape.get("totalAmount") is not None else None
    return {**shape, **changed, "totalAmount": total}


def _amounts(minor: int, unit: int) -> dict[str, object]:
    return {"minor": minor, "total": repr(round(minor / unit, 2) if unit > 1 else minor)}


def _with_blanks(text: str, numbers: Sequence[str]) -> str:
    text = text.replace("%", "%%")
    for name in numbers:
        text = text.replace(f'"<{name}>"', f"%({name})s")
    for name in ("date", "time", "number"):
        text = text.replace(f"<{name}>", f"%({name})s")
    return text

"""The audit log: who decided what and when, on which evidence, and what became of it; a chain of seals."""

import hashlib
import json
import os
import pwd
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Self

from review_tui.model.decisions import Stage
from review_tui.model.fraud import Resolution
from review_tui.model.frozen import frozen
from review_tui.model.notes import PastDecision
from review_tui.model.numbers import Stroke
from review_tui.model.records import Record
from review_tui.model.submissions import Verb
from review_tui.model.text import clean
from review_tui.store.records import time_text


@frozen
class Person:
    """Who decides: the system's user is the truth, `via` what the environment says of the way here."""

    uid: int
    user: str
    via: str | None = None

    @classmethod
    def here(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Return whose program this is."""
        uid = os.getuid()
        try:
            user = pwd.getpwuid(uid).pw_name
        except KeyError:
            user = str(uid)
        hints = [
            f"{word} {clean(environ[name].split()[0], cap=100)}"
            for word, name in (("sudo", "SUDO_USER"), ("ssh", "SSH_CONNECTION"))
            if environ.get(name, "").strip()
        ]
        return cls(uid, user, ", ".join(hints) or None)


@frozen
class Entry:
    """One line of the log, counted from 1; `text` is its JSON exactly as it was sealed by `hash`."""

    number: int
    text: str
    hash: str

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it says, empty where somebody made it unreadable; see docs/operations.md for the names."""
        try:
            facts = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return facts if isinstance(facts, dict) else {}


@frozen
class Head:
    """The log's end as it was last written: how many entries there are, and the hash of the last one."""

    count: int
    hash: str


def is_told(kept: Record | None, record: Record) -> bool:
    """Whether a move from what is kept to `record` belongs into the log: held, each sending, each end."""
    if not (record.stage in {Stage.HELD, Stage.SENDING} or record.stage.is_final):
        return False
    return kept is None or (kept.stage, kept.sends) != (record.stage, record.sends)


def tells_of_merchant(record: Record) -> bool:
    """Whether it is worth knowing when the merchant returns: what became of a submission, or a fraud."""
    intent = record.intent
    judged = intent.verb is not Verb.RESOLVE or intent.resolution is Resolution.CONFIRMED_FRAUD
    return bool(record.merchant) and record.stage is Stage.DONE and judged


def past_decision(entry: Entry) -> PastDecision | None:
    """Return what an entry says was decided; None where somebody made it unreadable."""
    facts = entry.facts
    try:
        at = datetime.fromisoformat(str(facts.get("at")))
    except ValueError:
        return None
    names = ("verb", "submissionId", "user", "reason", "subject")
    verb, submission_id, user, reason, subject = (clean(str(facts.get(name) or "")) for name in names)
    verb = "confirm fraud" if facts.get("resolution") == Resolution.CONFIRMED_FRAUD else verb
    return PastDecision(at, verb, submission_id, user, reason or clean(str(facts.get("note") or "")), subject)


def stroke_of(entry: Entry) -> Stroke | None:
    """Return what own numbers need of an entry; None where somebody made it unreadable."""
    facts = entry.facts
    try:
        at = datetime.fromisoformat(str(facts.get("at"))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Stroke(str(facts.get("requestId")), at, str(facts.get("verb")), str(facts.get("stage")))


def entry_after(head: Head, record: Record, person: Person) -> Entry:
    """Return the entry that tells of `record` and seals everything before it."""
    intent = record.intent
    facts = {
        "number": head.count + 1,
        "at": time_text(record.changed_at),
        "user": person.user,
        "uid": person.uid,
        "via": person.via,
        "verb": intent.verb,
        "submissionId": intent.submission_id,
        "matchId": intent.match_id,
        "resolution": intent.resolution,
        "note": intent.note,
        "reason": intent.reason,
        "subject": record.subject,
        "merchant": record.merchant,
        "shown": record.shown,
        "requestId": intent.request_id,
        "stage": record.stage,
        "words": record.words,
        "sends": record.sends,
        "status": record.status,
        "serverRequestId": record.server_request_id,
        "run": record.run,
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return Entry(head.count + 1, text, seal(head.hash, text))


def seal(previous: str, text: str) -> str:
    """Return the SHA-256 in hexadecimal of the hash before (none: empty), a line end and the entry."""
    return hashlib.sha256(f"{previous}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def first_broken(entries: Iterable[Entry], head: Head | None) -> int | None:
    """Return the number of the first entry that is not as it was written, or is missing; None when all are.

    `entries` come in the order of their numbers. Whoever can write the file can write a whole new chain; that
    shows only to those who noted an earlier `head` elsewhere.
    """
    previous, number = "", 0
    for number, entry in enumerate(entries, start=1):
        whole = entry.number == number and entry.facts.get("number") == number
        if not whole or entry.hash != seal(previous, entry.text):
            return number
        previous = entry.hash
    if head is None:
        return number + 1
    if head.count != number:
        return min(head.count, number) + 1
    return None if head.hash == previous else max(number, 1)

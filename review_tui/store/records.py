"""Records as the file keeps them, and which of them may follow which, whoever writes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from review_tui.model.decisions import Intent, Stage
from review_tui.model.fraud import Resolution
from review_tui.model.records import Record
from review_tui.model.submissions import Verb
from review_tui.store.errors import StoreUnusable, damaged


def body_of(record: Record) -> str:
    """Write a record as JSON in ASCII: every character survives, also one that is half a pair."""
    intent = record.intent
    return json.dumps(
        {
            "verb": intent.verb,
            "submission_id": intent.submission_id,
            "at": time_text(intent.at),
            "reason": intent.reason,
            "match_id": intent.match_id,
            "resolution": intent.resolution,
            "note": intent.note,
            "request_id": intent.request_id,
            "stage": record.stage,
            "changed_at": time_text(record.changed_at),
            "subject": record.subject,
            "shown": record.shown,
            "due": None if record.due is None else time_text(record.due),
            "sends": record.sends,
            "words": record.words,
            "status": record.status,
            "server_request_id": record.server_request_id,
            "run": record.run,
            "merchant": record.merchant,
        }
    )


def record_of(body: str, path: Path) -> Record:
    """Read what `body_of` wrote; raises StoreUnusable, naming `path`, where it cannot be read."""
    try:
        kept: dict[str, Any] = json.loads(body)
        return Record(
            intent=Intent(
                verb=Verb(kept["verb"]),
                submission_id=kept["submission_id"],
                at=datetime.fromisoformat(kept["at"]),
                reason=kept["reason"],
                match_id=kept["match_id"],
                resolution=None if kept["resolution"] is None else Resolution(kept["resolution"]),
                note=kept["note"],
                request_id=kept["request_id"],
            ),
            stage=Stage(kept["stage"]),
            changed_at=datetime.fromisoformat(kept["changed_at"]),
            subject=kept["subject"],
            shown=kept["shown"],
            due=None if kept["due"] is None else datetime.fromisoformat(kept["due"]),
            sends=kept["sends"],
            words=kept["words"],
            status=kept["status"],
            server_request_id=kept["server_request_id"],
            run=kept["run"],
            merchant=kept.get("merchant", ""),  # version 1 did not know it
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path) from error


def time_text(moment: datetime) -> str:
    """Return a moment as text in UTC that sorts like the moments themselves; naive ones are taken as UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def why_not_follow(kept: Record, next_one: Record) -> str | None:
    """Say why a decision that is `kept` cannot become `next_one`; None when it can.

    This is what keeps two programs on one store from sending a decision twice, or one that was taken back:
    the one that writes SENDING must be the one that wrote last, and must have written that it is unsent.
    """
    was, to = kept.stage, next_one.stage
    if was.is_final and not was.may_be_corrected:
        return None if to is was else f"the decision has ended: {was}"
    if was.may_be_corrected and (to.is_unsent or to in {Stage.SENDING, Stage.TAKEN_BACK}):
        return f"the decision was sent before: {was}"
    if was.is_unsent:
        late = to is Stage.SENDING and kept.run != next_one.run
        return "another console has taken the decision over" if late else None
    begun_here = was is Stage.SENDING and kept.run == next_one.run
    if to is Stage.TAKEN_BACK or ((to.is_unsent or to is Stage.SENDING) and not begun_here):
        return "the decision is being sent"
    return None


def _unreadable(path: Path) -> StoreUnusable:
    return damaged(path, "a decision in it cannot be read")

"""Decisions as the tests of the store keep them."""

from datetime import UTC, datetime, timedelta

from review_tui.model.decisions import Intent, Stage
from review_tui.model.records import Record
from review_tui.model.submissions import Verb

NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)


def decided(submission_id: str = "s1", *, verb: Verb = Verb.APPROVE, **fields: str) -> Intent:
    """A decision of noon."""
    return Intent(verb=verb, submission_id=submission_id, at=NOON, **fields)  # type: ignore[arg-type]


def kept(intent: Intent, stage: Stage = Stage.HELD, *, after: float = 0.0, run: str = "one") -> Record:
    """How it stands some seconds after noon."""
    sends = int(not (stage.is_unsent or stage is Stage.TAKEN_BACK))
    return Record(
        intent,
        stage,
        NOON + timedelta(seconds=after),
        subject="Café Łąka 18.4",
        run=run,
        sends=sends,
        merchant="Café Łąka",
    )

"""Made-up decisions that are not over, for the outbox and for what counts them down."""

from datetime import timedelta
from typing import Any

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Row, Verb
from review_tui.ui.render.outbox import OutboxView
from review_tui.ui.screens.outbox import Acts
from tests.ui.samples import HOSTILE, NOW, a_detail, a_hostile_detail

NO_ACTS = Acts(lambda _: None, lambda _: None, lambda _: None)
LIMITED = Failure(FailureKind.LIMITED, "Too many requests", status=429)


def outgoing(
    id_: str,
    stage: Stage = Stage.HELD,
    *,
    verb: Verb = Verb.APPROVE,
    seconds: float | None = None,
    words: str = "",
    failure: Failure | None = None,
    subject: str = "",
    earlier: bool = False,
    **given: Any,
) -> Standing:
    """Return a decision on a submission; `seconds` from NOW on it is due, its request id is `q-<id>`."""
    due = None if seconds is None else NOW + timedelta(seconds=seconds)
    intent = Intent(verb, id_, NOW - timedelta(seconds=3), **{"request_id": f"q-{id_}", **given})
    return Standing(intent, stage, words, failure, None, due, subject, earlier)


def judging(id_: str, match_id: str, seconds: float | None, stage: Stage = Stage.HELD) -> Standing:
    """Return a judgement of one match of a submission; its request id is `q-<match id>`."""
    return outgoing(
        id_,
        stage,
        verb=Verb.RESOLVE,
        seconds=seconds,
        match_id=match_id,
        resolution=Resolution.FALSE_POSITIVE,
        request_id=f"q-{match_id}",
    )


def an_outbox() -> OutboxView:
    """Return one with a decision in every state that it lists."""
    long = "The picture was taken from the side, so that the total cannot be told from the tip. " * 3
    return OutboxView(
        NOW,
        (
            outgoing("s2", verb=Verb.REJECT, seconds=4.2, reason=long, subject="Blue Mesa 853.89 USD"),
            outgoing("s1", seconds=5),
            judging("s3", "m1", 1.5),
            outgoing("s4", Stage.WAITING, seconds=41, words="Rate limit", failure=LIMITED),
            outgoing("s5", Stage.SENDING, words="Approving…"),
            outgoing("s6", Stage.SETTLING, words="No answer, checking whether it counted…"),
            outgoing("s7", Stage.UNKNOWN, words="Outcome unknown: do not decide again elsewhere"),
        ),
        {"s1": Row.of(a_detail())},
    )


def left_over() -> OutboxView:
    """Return one with what an earlier run has left."""
    words = "From last time: approve held"
    return OutboxView(
        NOW,
        (
            outgoing("s1", words=words, subject="Café Łąka 18.40 PLN", earlier=True),
            outgoing("s2", verb=Verb.CANCEL, words=words, earlier=True),
            outgoing(
                "s3", Stage.VERIFYING, words="From last time: checking whether it counted…", earlier=True
            ),
        ),
    )


def a_hostile_outbox() -> OutboxView:
    """Return one in which every text is hostile."""
    hostile = outgoing("s1", verb=Verb.REJECT, seconds=3, reason=HOSTILE + "\n" + HOSTILE, words=HOSTILE)
    other = outgoing("s2", subject=HOSTILE, words=HOSTILE, earlier=True, match_id=HOSTILE)
    return OutboxView(NOW, (hostile, other), {"s1": Row.of(a_hostile_detail())})

"""Decisions under way: what they are called, when they are sent, and what has to wait for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Verb
from review_tui.ui.key_names import key_of

_SECOND: Final = timedelta(seconds=1)
_JUDGING: Final = {
    Resolution.FALSE_POSITIVE: "false positive",
    Resolution.CONFIRMED_FRAUD: "confirmed fraud",
}


def deed(intent: Intent) -> str:
    """Name what is decided: the verb, or how a match is judged."""
    if intent.verb is Verb.RESOLVE and intent.resolution is not None:
        return _JUDGING[intent.resolution]
    return str(intent.verb)


def seconds_left(standing: Standing, now: datetime) -> int | None:
    """Return the begun seconds until a decision is sent; None where no time is set."""
    if standing.due is None or standing.stage not in {Stage.HELD, Stage.WAITING}:
        return None
    return max(0, -((now - standing.due) // _SECOND))


def in_the_way(verb: Verb, open_ones: Sequence[Standing]) -> tuple[Standing, ...]:
    """Return which of a submission's open decisions have to end first: matches are judged side by side."""
    return tuple(one for one in open_ones if not (verb is Verb.RESOLVE and one.intent.verb is Verb.RESOLVE))


def why_wait(verb: Verb, in_way: Sequence[Standing], now: datetime | None) -> str:
    """Say why `verb` has to wait for those in its way, and until when; `now` None leaves the time out."""
    if all(one.earlier and one.stage is Stage.HELD for one in in_way):
        return f"{deed(in_way[-1].intent)} is held from last time: {key_of('outbox')} sends it or drops it"
    if any(one.intent.verb is not Verb.RESOLVE for one in in_way):
        back = f": {key_of('undo')} or {key_of('outbox')} takes it back"
        way = back if all(one.stage.is_unsent for one in in_way) else ""
        return f"a decision on this submission is under way{way}"
    words = "1 judgement is on its way" if len(in_way) == 1 else f"{len(in_way)} judgements are on their way"
    times = [left for one in in_way if now is not None and (left := seconds_left(one, now)) is not None]
    when = f"in {max(times) + 1} s" if times else "in a moment"
    again = f"{key_of(verb.value)} again" if verb is not Verb.RESOLVE else "again"
    return f"{words}: {again} {when} or {key_of('outbox')}"

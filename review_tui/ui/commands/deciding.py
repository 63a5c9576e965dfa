"""The commands that decide on a submission, and those that take back."""

from typing import Final

from review_tui.model.foresight import why_not_to_follow
from review_tui.model.submissions import Verb, why_not
from review_tui.ui.commands.command import Command, Group, WhyDisabled
from review_tui.ui.key_names import key_of
from review_tui.ui.situation import Situation
from review_tui.ui.underway import in_the_way, why_wait


def decidable(verb: Verb) -> WhyDisabled:
    """Return what says why a verb cannot be applied to the submission as shown."""

    def why(situation: Situation) -> str | None:
        row, detail = situation.row, situation.detail
        if situation.off:
            return f"deciding is off: {situation.off}"
        if row is None:
            return "nothing is selected"
        if waits := in_the_way(verb, situation.under_way):
            return why_wait(verb, waits, situation.now)
        if detail is None:
            return "its detail is not loaded yet"
        open_matches = None if detail.open_matches is None else len(detail.open_matches)
        if reason := why_not(verb, detail.status, open_matches):
            return reason
        return "it left the queue while you looked" if row.gone else None

    return why


def or_marked(why: WhyDisabled) -> WhyDisabled:
    """Return what says why a verb cannot be applied to the marked or, where none is, to the shown one."""

    def either(situation: Situation) -> str | None:
        if not situation.marked:
            return why(situation)
        return f"deciding is off: {situation.off}" if situation.off else None

    return either


def _approvable(situation: Situation) -> str | None:
    """Say why it cannot be approved; judgements of this run alone do not keep an approval from following."""
    why, detail, under_way = decidable(Verb.APPROVE)(situation), situation.detail, situation.under_way
    if situation.follows:
        return f"it follows the judgements under way: {key_of('undo')} takes it back"
    others = any(one.earlier or one.intent.verb is not Verb.RESOLVE for one in under_way)
    gone = situation.row is None or situation.row.gone
    if why is None or detail is None or others or gone or situation.off or not under_way:
        return why
    return why_not_to_follow(detail, (one.intent for one in under_way))


def _undoable(situation: Situation) -> str | None:
    return None if situation.undoable else "nothing is held"


DECIDING: Final[tuple[Command, ...]] = (
    Command(
        "approve",
        ("a",),
        "approve",
        "Approve the submission as shown, once its judgements have counted; refused while a match is open",
        Group.DECIDE,
        dangerous=True,
        why_disabled=or_marked(_approvable),
    ),
    Command(
        "reject",
        ("r",),
        "reject",
        "Reject the submission as shown; asks for the reason",
        Group.DECIDE,
        dangerous=True,
        asks=True,
        why_disabled=or_marked(decidable(Verb.REJECT)),
    ),
    Command(
        "cancel",
        ("c",),
        "cancel",
        "Cancel the submission as shown; a reason may be given",
        Group.DECIDE,
        dangerous=True,
        asks=True,
        why_disabled=or_marked(decidable(Verb.CANCEL)),
    ),
    Command(
        "undo",
        ("u",),
        "take back",
        "Take back the newest decision that is not sent yet, wherever the cursor is",
        Group.DECIDE,
        why_disabled=_undoable,
        named_while=lambda situation: situation.undoable,
    ),
    Command(
        "outbox",
        ("U",),
        "outbox",
        "Show what is held, on its way or unknown; take any of it back or send it now",
        Group.DECIDE,
        named_while=lambda situation: situation.outbox > 0,
    ),
)

"""The commands that decide on a submission, and those that take back."""

from typing import Final

from review_tui.model.submissions import Verb, why_not
from review_tui.ui.commands.command import Command, Group, WhyDisabled
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


def _undoable(situation: Situation) -> str | None:
    return None if situation.undoable else "nothing is held"


DECIDING: Final[tuple[Command, ...]] = (
    Command(
        "approve",
        ("a",),
        "approve",
        "Approve the submission as shown; refused while a fraud match is open",
        Group.DECIDE,
        dangerous=True,
        why_disabled=decidable(Verb.APPROVE),
    ),
    Command(
        "reject",
        ("r",),
        "reject",
        "Reject the submission as shown; asks for the reason",
        Group.DECIDE,
        dangerous=True,
        asks=True,
        why_disabled=decidable(Verb.REJECT),
    ),
    Command(
        "cancel",
        ("c",),
        "cancel",
        "Cancel the submission as shown; a reason may be given",
        Group.DECIDE,
        dangerous=True,
        asks=True,
        why_disabled=decidable(Verb.CANCEL),
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

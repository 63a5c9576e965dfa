"""The commands that go on: decide the same again, skip, go back to what was skipped."""

from typing import Final

from review_tui.ui.commands.command import Command, Group, needs_a_row
from review_tui.ui.commands.deciding import decidable
from review_tui.ui.situation import Situation


def _repeatable(situation: Situation) -> str | None:
    if situation.again is None:
        return "nothing was decided yet"
    return decidable(situation.again)(situation)


def _skippable(situation: Situation) -> str | None:
    if situation.row is not None and situation.under_way:
        return "a decision on it is under way"
    return needs_a_row(situation)


ADVANCING: Final[tuple[Command, ...]] = (
    Command(
        "repeat",
        ("full_stop",),
        "again",
        "Decide on the submission as shown what was decided last, with the same reason",
        Group.DECIDE,
        on_key_line=False,
        dangerous=True,
        why_disabled=_repeatable,
    ),
    Command(
        "skip",
        ("s",),
        "skip",
        "Pass it without deciding, to the next that is to be decided; is:skipped lists them",
        Group.DECIDE,
        on_key_line=False,
        why_disabled=_skippable,
    ),
    Command(
        "skipped",
        ("S",),
        "back to skipped",
        "Go back to what was skipped, the newest first",
        Group.DECIDE,
        on_key_line=False,
    ),
)

"""The commands for what a reviewer keeps on this machine: put away, noted, flagged."""

from typing import Final

from review_tui.ui.commands.command import Command, Group, needs_a_row
from review_tui.ui.situation import Situation


def _why_not_put_away(situation: Situation) -> str | None:
    if situation.row is not None and situation.under_way:
        return "a decision on it is under way"
    return needs_a_row(situation)


HIDING: Final[tuple[Command, ...]] = (
    Command(
        "snooze",
        ("z",),
        "snooze",
        "Put the submission away until a time or until it changes; other reviewers still see it",
        Group.VIEW,
        why_disabled=_why_not_put_away,
    ),
    Command(
        "hidden",
        ("Z",),
        "hidden",
        "List everything that is hidden, say why, and bring any of it back",
        Group.VIEW,
        on_key_line=False,
    ),
    Command(
        "flag",
        ("exclamation_mark",),
        "flag",
        "Flag the submission to find it again with is:flagged, or take the flag off",
        Group.VIEW,
        on_key_line=False,
        why_disabled=needs_a_row,
    ),
    Command(
        "note",
        ("i",),
        "note",
        "Write a note on the open match, or on the submission and its merchant, shown when it returns",
        Group.VIEW,
        on_key_line=False,
        why_disabled=needs_a_row,
    ),
)

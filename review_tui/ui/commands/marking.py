"""The commands that mark submissions, to decide on all of them at once."""

from typing import Final

from review_tui.ui.commands.command import Command, Group, needs_a_row
from review_tui.ui.situation import Situation


def _nothing_many(situation: Situation) -> str | None:
    return None if situation.many else "nothing was decided on marked ones yet"


MARKING: Final[tuple[Command, ...]] = (
    Command(
        "mark",
        ("space",),
        "mark",
        "Mark the submission, or take its mark off, and go on; deciding then goes for all the marked",
        Group.DECIDE,
        on_key_line=False,
        why_disabled=needs_a_row,
    ),
    Command(
        "mark-range",
        ("V",),
        "mark range",
        "Mark from here to where this is given again",
        Group.DECIDE,
        on_key_line=False,
        why_disabled=needs_a_row,
    ),
    Command(
        "mark-shown",
        ("asterisk",),
        "mark all",
        "Mark all that the view shows; again takes every mark off",
        Group.DECIDE,
        on_key_line=False,
    ),
    Command(
        "bulk",
        ("B",),
        "the marked",
        "Show what was decided on the marked, how far it has come, and stop the rest",
        Group.DECIDE,
        why_disabled=_nothing_many,
        named_while=lambda situation: situation.many_to_go,
    ),
)

"""The commands that mark submissions, to decide on all of them at once."""

from typing import Final

from review_tui.ui.commands.command import Command, Group, needs_a_row

MARKING: Final[tuple[Command, ...]] = (
    Command(
        "mark",
        ("space",),
        "mark",
        "Mark the submission, or take its mark off, and go on; a r c f then decide on all that are marked",
        Group.DECIDE,
        on_key_line=False,
        why_disabled=needs_a_row,
    ),
    Command(
        "mark-range",
        ("V",),
        "mark range",
        "Mark from here to where V is pressed again",
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
)

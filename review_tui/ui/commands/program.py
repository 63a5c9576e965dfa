"""The commands of the program as such."""

from typing import Final

from review_tui.ui.commands.command import Command, Group, Place

PROGRAM: Final[tuple[Command, ...]] = (
    Command(
        "palette",
        ("ctrl+p",),
        "commands",
        "Find a command, view, workflow, theme or submission",
        Group.PROGRAM,
        on_key_line=False,
    ),
    Command(
        "help", ("question_mark",), "help", "Show what each key does here; type to search", Group.PROGRAM
    ),
    Command(
        "quit",
        ("q",),
        "quit",
        "Leave; asks only while a decision is under way",
        Group.PROGRAM,
        Place.APP,
        "app.leave",
    ),
)

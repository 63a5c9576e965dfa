"""The command that shows own numbers."""

from typing import Final

from review_tui.ui.commands.command import Command, Group

NUMBERS: Final[tuple[Command, ...]] = (
    Command(
        "numbers",
        ("number_sign",),
        "own numbers",
        "Show what you decided in this session and today, your pace and what is left; nobody else sees it",
        Group.LOOK,
        on_key_line=False,
    ),
)

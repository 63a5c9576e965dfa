"""The command that copies."""

from typing import Final

from review_tui.ui.commands.command import Command, Group, needs_a_row

COPYING: Final[tuple[Command, ...]] = (
    Command(
        "copy",
        ("y",),
        "copy",
        "Copy the id, the client's id, a field exactly as received, the row, or a curl of it",
        Group.LOOK,
        on_key_line=False,
        why_disabled=needs_a_row,
    ),
)

"""The commands that choose what of the queue is shown, and in which order."""

from typing import Final

from review_tui.ui.commands.command import Command, Group

VIEWS: Final = 9
"""Saved views that have a digit."""

VIEWING: Final[tuple[Command, ...]] = (
    Command(
        "filter",
        ("slash",),
        "filter",
        "Write what to show: words and keys such as fraud:flagged amount>500 age>2h",
        Group.VIEW,
    ),
    Command("sort", ("comma",), "sort", "Choose the column by which rows are sorted", Group.VIEW),
    Command(
        "layout",
        ("v",),
        "layout",
        "Share the window differently: side by side, one above the other, one pane at a time",
        Group.VIEW,
        on_key_line=False,
    ),
    Command(
        "view-all",
        ("0",),
        "whole queue",
        "Show the whole queue in the server's order",
        Group.VIEW,
        on_key_line=False,
    ),
    *(
        Command(
            f"view-{number}",
            (str(number),),
            f"view {number}",
            f"Show saved view {number}",
            Group.VIEW,
            on_key_line=False,
            family="Show the saved view of this digit",
        )
        for number in range(1, VIEWS + 1)
    ),
    Command(
        "save-view",
        (),
        "save view as",
        "Keep what is shown now under a name and a digit",
        Group.VIEW,
        on_key_line=False,
    ),
    Command(
        "forget-view",
        (),
        "forget view",
        "Forget the saved view that is shown, if it was saved here",
        Group.VIEW,
        on_key_line=False,
    ),
)

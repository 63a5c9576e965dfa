"""The commands that move."""

from typing import Final

from review_tui.ui.commands.command import Command, Group, Place, needs_a_row
from review_tui.ui.situation import Focus

MOVING: Final[tuple[Command, ...]] = (
    Command(
        "down",
        ("j", "down"),
        "down",
        "Move one line down",
        Group.MOVE,
        Place.LINES,
        "move(1)",
        on_key_line=False,
    ),
    Command(
        "up", ("k", "up"), "up", "Move one line up", Group.MOVE, Place.LINES, "move(-1)", on_key_line=False
    ),
    Command(
        "page-down",
        ("pagedown",),
        "page down",
        "Move one page down",
        Group.MOVE,
        Place.LINES,
        "page(1)",
        on_key_line=False,
    ),
    Command(
        "page-up",
        ("pageup",),
        "page up",
        "Move one page up",
        Group.MOVE,
        Place.LINES,
        "page(-1)",
        on_key_line=False,
    ),
    Command(
        "top",
        ("g", "home"),
        "first",
        "Move to the first line",
        Group.MOVE,
        Place.LINES,
        "to_end(-1)",
        on_key_line=False,
    ),
    Command(
        "bottom",
        ("G", "end"),
        "last",
        "Move to the last line",
        Group.MOVE,
        Place.LINES,
        "to_end(1)",
        on_key_line=False,
    ),
    Command(
        "open",
        ("enter", "l", "right"),
        "open",
        "Go into the detail of the selected submission",
        Group.MOVE,
        focus=Focus.QUEUE,
        why_disabled=needs_a_row,
    ),
    Command("back", ("h", "left"), "back", "Go back to the queue", Group.MOVE, focus=Focus.DETAIL),
    Command("next", ("tab",), "next", "Go to the detail, or to its next tab", Group.MOVE, focus=Focus.DETAIL),
    Command(
        "previous",
        ("shift+tab",),
        "previous tab",
        "Go to the previous tab of the detail, or back to the queue",
        Group.MOVE,
        on_key_line=False,
    ),
    Command(
        "next-submission",
        ("]",),
        "next one",
        "Go to the next submission; the detail follows and keeps its tab",
        Group.MOVE,
        focus=Focus.DETAIL,
        why_disabled=needs_a_row,
    ),
    Command(
        "previous-submission",
        ("[",),
        "previous one",
        "Go to the previous submission; the detail follows and keeps its tab",
        Group.MOVE,
        on_key_line=False,
        why_disabled=needs_a_row,
    ),
)

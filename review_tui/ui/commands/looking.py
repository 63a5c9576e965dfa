"""The commands that look and ask but change nothing."""

from typing import Final

from review_tui.ui.commands.command import Command, Group
from review_tui.ui.detail_view import Tab
from review_tui.ui.situation import Focus, Situation


def _on_file(situation: Situation) -> str | None:
    if situation.tab is not Tab.FILES:
        return "on the Files tab only"
    return None if situation.file else "no file is selected"


LOOKING: Final[tuple[Command, ...]] = (
    Command(
        "download",
        ("o",),
        "download",
        "Download the selected file into the downloads folder",
        Group.LOOK,
        focus=Focus.DETAIL,
        tabs=(Tab.FILES,),
        why_disabled=_on_file,
    ),
    Command("refresh", ("R",), "refresh", "Ask the server now, also after polling has stopped", Group.LOOK),
    Command(
        "pause",
        (),
        "pause",
        "Stop asking the server until this is given again",
        Group.LOOK,
        on_key_line=False,
    ),
    Command(
        "redraw",
        ("ctrl+l",),
        "redraw",
        "Draw the window anew where something else has written over it",
        Group.LOOK,
        on_key_line=False,
    ),
    Command("messages", (), "messages", "Show the last messages", Group.LOOK, on_key_line=False),
)

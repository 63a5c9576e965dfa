"""The commands that look and ask but change nothing."""

from typing import Final

from review_tui.ui.commands.command import Command, Group
from review_tui.ui.detail_view import Tab
from review_tui.ui.situation import Focus, Situation


def _on_file(situation: Situation) -> str | None:
    if situation.tab is not Tab.FILES:
        return "on the Files tab only"
    return None if situation.file else "no file is selected"


def _all_loaded(situation: Situation) -> str | None:
    return "all of them are loaded" if situation.all_loaded else None


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
        "load-older",
        ("L",),
        "older ones",
        "Stop loading older submissions, or go on with it where it was left",
        Group.LOOK,
        on_key_line=False,
        why_disabled=_all_loaded,
    ),
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

"""Commands: the one table of verbs; bindings, key line, palette, help and docs/keys.md come from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from textual.binding import Binding

from review_tui.model.submissions import Verb, why_not
from review_tui.ui.detail_view import Tab
from review_tui.ui.situation import Focus, Situation
from review_tui.ui.underway import in_the_way, why_wait


class Place(StrEnum):
    """Where a command's keys are bound: on what can act alone."""

    LINES = "lines"
    SCREEN = "screen"
    APP = "app"


class Group(StrEnum):
    """The headings under which help lists commands."""

    MOVE = "Move"
    DECIDE = "Decide"
    FRAUD = "Fraud matches"
    LOOK = "Look"
    PROGRAM = "Program"


WhyDisabled = Callable[[Situation], str | None]
"""Says why a command cannot be given now; None when it can."""


def _never(situation: Situation) -> str | None:
    del situation
    return None


@dataclass(frozen=True, slots=True)
class Command:
    """One verb: `words` name it on the key line, `help` says in a sentence what it does.

    `keys` are Textual's key names; a command without keys is in the palette only. `focus` and `tabs` say
    where the key line shows it (None: everywhere), `named_while` when; `dangerous` marks what the server
    cannot take back; `asks` that it opens its dialog even where it is disabled, so that words typed after
    its key are never taken for keys.
    """

    id: str
    keys: tuple[str, ...]
    words: str
    help: str
    group: Group
    place: Place = Place.SCREEN
    action: str = ""
    focus: Focus | None = None
    tabs: tuple[Tab, ...] | None = None
    on_key_line: bool = True
    dangerous: bool = False
    asks: bool = False
    why_disabled: WhyDisabled = _never
    named_while: Callable[[Situation], bool] | None = None

    def fits(self, situation: Situation) -> bool:
        """Whether the key line shows it here."""
        return (
            self.on_key_line
            and self.focus in {None, situation.focus}
            and (self.tabs is None or situation.tab in self.tabs)
            and (self.named_while is None or self.named_while(situation))
        )


def _selected(situation: Situation) -> str | None:
    return None if situation.row else "nothing is selected"


def _decidable(verb: Verb) -> WhyDisabled:
    def why(situation: Situation) -> str | None:
        row, detail = situation.row, situation.detail
        if situation.off:
            return f"deciding is off: {situation.off}"
        if row is None:
            return "nothing is selected"
        if waits := in_the_way(verb, situation.under_way):
            return why_wait(verb, waits, situation.now)
        if detail is None:
            return "its detail is not loaded yet"
        open_matches = None if detail.open_matches is None else len(detail.open_matches)
        if reason := why_not(verb, detail.status, open_matches):
            return reason
        return "it left the queue while you looked" if row.gone else None

    return why


def _on_match(situation: Situation) -> str | None:
    if reason := _decidable(Verb.RESOLVE)(situation):
        return reason
    if situation.tab is not Tab.FRAUD or situation.match is None:
        return "no fraud match is selected: m goes to the next open one"
    if not situation.match.is_open:
        return "this match is resolved already"
    return "this match is being judged" if situation.judging(situation.match) else None


def _has_open_match(situation: Situation) -> str | None:
    if situation.row is None:
        return "nothing is selected"
    if situation.detail is None:
        return "its detail is not loaded yet"
    return None if situation.detail.open_matches else "no open fraud match"


def _undoable(situation: Situation) -> str | None:
    return None if situation.undoable else "nothing is held"


def _on_file(situation: Situation) -> str | None:
    if situation.tab is not Tab.FILES:
        return "on the Files tab only"
    return None if situation.file else "no file is selected"


COMMANDS: Final[tuple[Command, ...]] = (
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
        why_disabled=_selected,
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
        why_disabled=_selected,
    ),
    Command(
        "previous-submission",
        ("[",),
        "previous one",
        "Go to the previous submission; the detail follows and keeps its tab",
        Group.MOVE,
        on_key_line=False,
        why_disabled=_selected,
    ),
    Command(
        "approve",
        ("a",),
        "approve",
        "Approve the submission as shown; refused while a fraud match is open",
        Group.DECIDE,
        dangerous=True,
        why_disabled=_decidable(Verb.APPROVE),
    ),
    Command(
        "reject",
        ("r",),
        "reject",
        "Reject the submission as shown; asks for the reason",
        Group.DECIDE,
        dangerous=True,
        asks=True,
        why_disabled=_decidable(Verb.REJECT),
    ),
    Command(
        "cancel",
        ("c",),
        "cancel",
        "Cancel the submission as shown; a reason may be given",
        Group.DECIDE,
        dangerous=True,
        asks=True,
        why_disabled=_decidable(Verb.CANCEL),
    ),
    Command(
        "undo",
        ("u",),
        "take back",
        "Take back the newest decision that is not sent yet, wherever the cursor is",
        Group.DECIDE,
        why_disabled=_undoable,
        named_while=lambda situation: situation.undoable,
    ),
    Command(
        "outbox",
        ("U",),
        "outbox",
        "Show what is held, on its way or unknown; take any of it back or send it now",
        Group.DECIDE,
        named_while=lambda situation: situation.outbox > 0,
    ),
    Command(
        "next-match",
        ("m",),
        "match",
        "Go to the next open fraud match",
        Group.FRAUD,
        why_disabled=_has_open_match,
    ),
    Command(
        "false-positive",
        ("f",),
        "false positive",
        "Resolve the selected fraud match as a false positive",
        Group.FRAUD,
        focus=Focus.DETAIL,
        tabs=(Tab.FRAUD,),
        dangerous=True,
        why_disabled=_on_match,
    ),
    Command(
        "confirmed-fraud",
        ("x",),
        "fraud",
        "Resolve the selected fraud match as confirmed fraud",
        Group.FRAUD,
        focus=Focus.DETAIL,
        tabs=(Tab.FRAUD,),
        dangerous=True,
        why_disabled=_on_match,
    ),
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
    Command("messages", (), "messages", "Show the last messages", Group.LOOK, on_key_line=False),
    Command(
        "palette", ("ctrl+p",), "commands", "Find a command by its name", Group.PROGRAM, on_key_line=False
    ),
    Command("help", ("question_mark",), "help", "Show every key", Group.PROGRAM),
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

BY_ID: Final = {command.id: command for command in COMMANDS}
_NAMED_KEYS: Final = {
    "question_mark": "?",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "shift+tab": "Shift+Tab",
    "tab": "Tab",
    "enter": "Enter",
    "home": "Home",
    "end": "End",
    "ctrl+p": "Ctrl+P",
}


def key_name(key: str) -> str:
    """Return a key as people know it."""
    return _NAMED_KEYS.get(key, key)


def bindings(place: Place) -> list[Binding]:
    """Return the bindings of a place; commands of the screen are given by their id."""
    return [
        Binding(
            ",".join(command.keys),
            command.action or f"command('{command.id}')",
            command.words,
            show=False,
            id=command.id,
        )
        for command in COMMANDS
        if command.place is place and command.keys
    ]


def grouped() -> Iterator[tuple[Group, tuple[Command, ...]]]:
    """Yield the groups in order, each with its commands."""
    for group in Group:
        yield group, tuple(command for command in COMMANDS if command.group is group)

"""What a command is: one verb with its keys, its words, and why it cannot be given now."""

from collections.abc import Callable
from enum import StrEnum

from review_tui.model.frozen import frozen
from review_tui.ui.detail_view import Tab
from review_tui.ui.situation import Focus, Situation


class Place(StrEnum):
    """Where a command's keys are bound: on what can act alone."""

    LINES = "lines"
    SCREEN = "screen"
    APP = "app"


class Group(StrEnum):
    """The headings under which help lists commands."""

    MOVE = "Move"
    VIEW = "View"
    DECIDE = "Decide"
    FRAUD = "Fraud matches"
    LOOK = "Look"
    PROGRAM = "Program"


WhyDisabled = Callable[[Situation], str | None]
"""Says why a command cannot be given now; None when it can."""


def _never(situation: Situation) -> str | None:
    del situation
    return None


@frozen
class Command:
    """One verb: `words` name it on the key line, `help` says in a sentence what it does.

    `keys` are Textual's key names; a command without keys is in the palette only. `focus` and `tabs` say
    where the key line shows it (None: everywhere), `named_while` when; `dangerous` marks what the server
    cannot take back; `asks` that it opens its dialog even where it is disabled, so that words typed after
    its key are never taken for keys. `family` is what help says once for all commands that have it.
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
    family: str = ""
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


def needs_a_row(situation: Situation) -> str | None:
    """Say that nothing is selected, if so."""
    return None if situation.row else "nothing is selected"

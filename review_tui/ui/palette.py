"""The palette: every command by its name, in Textual's own command palette."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input

from review_tui.ui.commands import COMMANDS, Command, Place, key_name

PLAIN: Final = "[ -~]*"
"""What the names of commands are written with; a line edit draws whatever else is pasted into it as it is."""


class ReviewCommands(Provider):
    """Offers the table of commands; a disabled one says why when it is given."""

    async def discover(self) -> Hits:
        """Yield every command, before anything is typed."""
        for command, name in _offered():
            yield DiscoveryHit(name, partial(self._give, command), help=command.help)

    async def search(self, query: str) -> Hits:
        """Yield the commands whose name matches; what decides must be spelled whole.

        Enter takes the first of what was found so far, which may be for less than what has been typed.
        """
        matcher = self.matcher(query)
        for command, name in _offered():
            score = matcher.match(command.words)
            if command.dangerous and command.words != query.casefold().strip():
                continue
            if score > 0:
                yield Hit(score, name, partial(self._give, command), help=command.help)

    async def _give(self, command: Command) -> None:
        await self.screen.run_action(command.action or f"command('{command.id}')")


class Palette(CommandPalette):
    """Textual's palette on our commands, which takes only characters of theirs; its caret stands still."""

    def __init__(self) -> None:
        super().__init__([ReviewCommands], placeholder="Find a command")

    def on_mount(self) -> None:
        """Keep the line quiet while nothing is typed, and free of what would act on the terminal."""
        line = self.query_one(Input)
        line.cursor_blink, line.restrict = False, PLAIN


def _offered() -> Iterator[tuple[Command, str]]:
    for command in COMMANDS:
        if command.place is not Place.LINES and command.id != "palette":
            keys = "/".join(key_name(key) for key in command.keys)
            yield command, f"{command.words} ({keys})" if keys else command.words

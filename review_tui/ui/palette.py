"""The palette: every command by its name, in Textual's own command palette."""

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from review_tui.ui.commands import COMMANDS, Command, Place, key_name


class ReviewCommands(Provider):
    """Offers the table of commands; what is disabled says why instead of its help."""

    async def discover(self) -> Hits:
        """Yield every command, before anything is typed."""
        for command, name in _offered():
            yield DiscoveryHit(name, partial(self._give, command.id), help=command.help)

    async def search(self, query: str) -> Hits:
        """Yield the commands that match what is typed."""
        matcher = self.matcher(query)
        for command, name in _offered():
            if (score := matcher.match(f"{name} {command.help}")) > 0:
                yield Hit(score, name, partial(self._give, command.id), help=command.help)

    async def _give(self, command_id: str) -> None:
        await self.screen.run_action(f"command('{command_id}')")


def _offered() -> Iterator[tuple[Command, str]]:
    for command in COMMANDS:
        if command.place is not Place.LINES and command.id != "palette":
            keys = "/".join(key_name(key) for key in command.keys)
            yield command, f"{command.words} ({keys})" if keys else command.words

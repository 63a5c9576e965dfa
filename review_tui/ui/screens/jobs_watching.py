"""What those who carry out commands at the jobs need of who keeps them."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol

from review_tui.ui.copies import Copies
from review_tui.ui.jobs_state import JobsState
from review_tui.ui.render.line import Role
from review_tui.ui.screens.jobs_opening import Opening
from review_tui.ui.screens.reviewing import Reviewing


class WatchingJobs(Protocol):
    """The jobs as they are known, and the review behind them."""

    screen: Reviewing
    downloads: Path
    state: JobsState
    opening: Opening

    copies: Copies

    def start(self, work: Coroutine[Any, Any, None]) -> object:
        """Run work that goes on behind."""
        ...

    def change(self, state: JobsState) -> None:
        """Make this the state and show it."""
        ...

    def say(self, text: str, role: Role = ...) -> None:
        """Answer a key."""
        ...

    def close(self) -> None:
        """Go back to the review."""
        ...

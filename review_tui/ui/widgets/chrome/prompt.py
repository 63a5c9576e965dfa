"""The status line, in whose place something may be written."""

from collections.abc import Callable

from textual import events

from review_tui.ui.widgets.chrome.bars import Bar


class StatusBar(Bar):
    """A line of the chrome that takes keys as text while somebody writes in it; none of them goes further.

    `press` and `paste` are called at once and not by messages: a key that follows must find the keyboard
    where this one has left it.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 – Textual's name
        super().__init__(id=id)
        self.can_focus = False
        self._press: Callable[[events.Key], None] | None = None
        self._paste: Callable[[str], None] | None = None

    @property
    def is_written_in(self) -> bool:
        """Whether it has the keyboard."""
        return self.can_focus and self.screen.focused is self

    def take_keys(self, press: Callable[[events.Key], None], paste: Callable[[str], None]) -> None:
        """Take the keyboard until `give_back`."""
        self._press, self._paste = press, paste
        self.can_focus = True
        self.screen.set_focus(self)

    def give_back(self) -> None:
        """Take no keys any more; who asked for them says where they go."""
        self._press = self._paste = None
        self.can_focus = False

    def on_key(self, event: events.Key) -> None:
        """Take a key."""
        if self._press is not None:
            event.stop()
            event.prevent_default()
            self._press(event)

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste as text."""
        if self._paste is not None:
            event.stop()
            self._paste(event.text)

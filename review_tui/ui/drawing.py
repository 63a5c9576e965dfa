"""How the program hears and is drawn: the shortest way there is for a key that moves and for what changed."""

from collections.abc import Collection
from typing import Self

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.screen import Screen

from review_tui.ui.terminal.driver import GuardedDriver
from review_tui.ui.widgets.covered import CoverableScreen
from review_tui.ui.widgets.frames import LineFrame
from review_tui.ui.widgets.lines import LineView


class DrawnApp(App[None], inherit_bindings=False):
    """A program of lines in a terminal of ours."""

    @property
    def moves(self) -> Collection[str]:
        """The keys that move in lists."""
        return ()

    async def on_event(self, event: events.Event) -> None:
        """Take a key that moves the short way, where there is one."""
        if not isinstance(event, events.Key) or not await self._has_moved(event):
            await super().on_event(event)

    async def _has_moved(self, event: events.Key) -> bool:
        """Move in the lines that have the keyboard, and draw at once; False where that is not all there is.

        Textual has each widget up to the program hear of a key, one after the other by messages, before it
        looks what the key is bound to, and draws once they have all come to rest.
        """
        view, screen = self.focused, self.screen
        if event.key not in self.moves or event.is_forwarded:
            return False
        if not isinstance(view, LineView) or not isinstance(screen, CoverableScreen):
            return False
        for node in view.ancestors_with_self:
            if node is not self and hasattr(node, "on_key"):
                node.on_key(event)
                if event._stop_propagation:  # noqa: SLF001 – nothing else tells
                    return True
        with screen.drawn_at_once():
            await self._check_bindings(event.key)
        return True

    def takes_at_once(self, key: str, times: int) -> bool:
        """Whether the key that comes next can count so often, as one; the view that hears it knows then."""
        del key
        view = self.focused
        if not isinstance(view, LineView):
            return times == 1
        view.times = times if view.MERGES_MOVES else 1
        return view.times == times

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Show a frame of lines as the cells that it is, where the driver takes them."""
        if isinstance(renderable, LineFrame) and isinstance(self._driver, GuardedDriver):
            self._driver.show(renderable.placed())
        else:
            super()._display(screen, renderable)

    def refresh(self, *, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Refresh the screen; one that has been taken away leaves nothing to paint on the one below.

        Textual asks for both each time when a dialog's widgets are gone, long after the dialog itself.
        """
        return super().refresh(repaint=repaint and not layout, layout=layout, recompose=recompose)

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 – as Textual calls it
        """Paint with the colours of another theme; before anything stands, only know them.

        Textual asks for it at each start, reads all sheets, and then reads them again for the first screen.
        """
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

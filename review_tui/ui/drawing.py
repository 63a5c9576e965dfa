"""How the program is drawn: what Textual would do twice is done once, and what changed is sent alone."""

from typing import Self

from rich.console import RenderableType
from textual.app import App
from textual.screen import Screen

from review_tui.ui.terminal.driver import GuardedDriver
from review_tui.ui.widgets.frames import LineFrame
from review_tui.ui.widgets.lines import LineView


class DrawnApp(App[None], inherit_bindings=False):
    """A program of lines in a terminal of ours."""

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

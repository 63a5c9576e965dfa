"""A screen over which others are laid."""

from typing import TypeVar

from textual.screen import Screen

Result = TypeVar("Result")


class CoverableScreen(Screen[Result], inherit_bindings=False):
    """Is drawn once for each change while a dialog stands over it.

    Textual's own asks to be drawn again sixty times a second from its first change under a dialog on.
    """

    def _compositor_refresh(self) -> None:
        super()._compositor_refresh()
        if self is not self.app.screen:
            self._repaint_required = False
            self._dirty_widgets.clear()

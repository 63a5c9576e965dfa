"""One-line bars, and the thin lines between panes."""

from typing import Final

from review_tui.ui.render.line import Line, Role
from review_tui.ui.widgets.lines import LineView

TOO_SMALL: Final[Line] = (("enlarge the window", Role.WARN),)
"""What stands in a window in which nothing can be judged, and so nothing decided."""


class Bar(LineView):
    """A single line of the chrome."""

    def say(self, line: Line) -> None:
        """Show this line; only the cells that differ are sent."""
        self.show_lines((line,))


class Divider(LineView):
    """A thin line between two panes, along its longer side."""

    def line_count(self) -> int:
        """As many lines as it is high."""
        return self.size.height

    def line_at(self, index: int) -> Line:
        """Return its piece of the line."""
        del index
        return (("│" if self.size.width == 1 else "─" * self.size.width, Role.DIM),)


class TooSmall(LineView):
    """What is shown instead of everything else in a window that holds nothing useful."""

    def line_count(self) -> int:
        """One."""
        return 1

    def line_at(self, index: int) -> Line:
        """Say what to do."""
        del index
        return TOO_SMALL

"""The queue's pane: column heads above the rows."""

from collections.abc import Callable
from datetime import datetime

from textual.app import ComposeResult
from textual.widget import Widget

from review_tui.ui.render.line import Line
from review_tui.ui.render.submissions import Columns, queue_head
from review_tui.ui.widgets.lines import LineView
from review_tui.ui.widgets.queue.rows import QueueRows, QueueView


class _Heads(LineView):
    """The line that names the columns; `late` as in `Columns`."""

    late = False

    def line_count(self) -> int:
        """One."""
        return 1

    def line_at(self, index: int) -> Line:
        """Name the columns for the width that is drawn."""
        del index
        return queue_head(Columns.of(self.drawn_width, late=self.late))


class QueuePane(Widget):
    """Names the columns and holds the rows; see `QueueRows` for `move`."""

    def __init__(self, now: datetime, move: Callable[[int], None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._head = _Heads(id="queue-head")
        self.rows = QueueRows(now, move, id="queue-rows")

    def compose(self) -> ComposeResult:
        """Put the heads above the rows."""
        yield self._head
        yield self.rows

    def show(self, view: QueueView) -> None:
        """Show this view."""
        self.rows.show(view)
        if self._head.late != (view.limits is not None):
            self._head.late = not self._head.late
            self._head.redraw()

    @property
    def head_line(self) -> Line:
        """The line that names the columns."""
        return self._head.line_at(0)

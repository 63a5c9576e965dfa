"""The queue's pane: column heads above the rows."""

from collections.abc import Callable
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from review_tui.ui.render.line import Line
from review_tui.ui.render.submissions import Columns, queue_head
from review_tui.ui.widgets.lines import LineView
from review_tui.ui.widgets.queue.rows import QueueRows, QueueView


class QueuePane(Widget):
    """Names the columns and holds the rows; see `QueueRows` for `move`."""

    def __init__(self, now: datetime, move: Callable[[int], None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._head = LineView(id="queue-head")
        self._late = False
        self.rows = QueueRows(now, move, id="queue-rows")

    def compose(self) -> ComposeResult:
        """Put the heads above the rows."""
        yield self._head
        yield self.rows

    def show(self, view: QueueView) -> None:
        """Show this view."""
        self.rows.show(view)
        if self._late != (view.limits is not None):
            self._late = not self._late
            self._name_columns(self.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the heads for another width."""
        self._name_columns(event.size.width)

    @property
    def head_line(self) -> Line:
        """The line that names the columns."""
        return queue_head(Columns.of(self.size.width, late=self._late))

    def _name_columns(self, width: int) -> None:
        self._head.show_lines((queue_head(Columns.of(width, late=self._late)),))

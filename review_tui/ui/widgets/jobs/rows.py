"""The list of jobs: column heads above the rows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from review_tui.model.frozen import frozen
from review_tui.ui.job_rows import JobRow, RowId
from review_tui.ui.render.jobs import JobColumns, job_line, jobs_head
from review_tui.ui.render.line import Line, Role
from review_tui.ui.widgets.lines import LineView

_LINES_KEPT: Final = 1_000


@frozen
class ListView:
    """What the list shows: the selected row stands at `near`; `instead` says why there are no rows."""

    now: datetime
    rows: Sequence[JobRow] = ()
    selected: RowId | None = None
    near: int = 0
    instead: Sequence[Line] = ()


class JobRows(LineView, can_focus=True):
    """The rows and their cursor; `move` is called at once with how many rows the person wants to go."""

    def __init__(self, now: datetime, move: Callable[[int], None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view = ListView(now)
        self._move = move
        self._made: dict[RowId, tuple[JobRow, object, Line]] = {}

    def show(self, view: ListView) -> None:
        """Show this view: a moved cursor is followed, rows that come and go leave it on its screen line."""
        before, self._view = self._view, view
        if view.rows is not before.rows and view.selected == before.selected and view.rows:
            self.top += view.near - before.near
            self.scroll_top(self.top)
        self.reveal(view.near if view.rows else 0)

    def line_count(self) -> int:
        """The number of rows, or of the lines shown instead."""
        return len(self._view.rows) or len(self._view.instead)

    def line_at(self, index: int) -> Line:
        """Return one row."""
        view = self._view
        if not view.rows:
            return view.instead[index]
        row = view.rows[index]
        chosen = Role.CURSOR if self.has_focus else Role.TITLE
        cursor = chosen if row.id == view.selected else None
        look = (self.drawn_width, cursor, view.now.replace(second=0, microsecond=0))
        kept = self._made.get(row.id)
        if kept is not None and kept[0] is row and kept[1] == look:
            return kept[2]
        line = job_line(row, JobColumns.of(self.drawn_width), view.now, cursor)
        if len(self._made) >= _LINES_KEPT:
            self._made.clear()
        self._made[row.id] = (row, look, line)
        return line

    def scroll_by(self, lines: int) -> None:
        """Scroll; the cursor goes along rather than out of sight."""
        view, height = self._view, self.size.height
        if not view.rows or not height:
            return
        top = max(0, min(self.top + lines, self.line_count() - height))
        if step := min(max(view.near, top), top + height - 1) - view.near:
            self._move(step)
        self.scroll_top(top)

    def action_move(self, step: int) -> None:
        """Ask for the cursor to move by rows."""
        self._move(step)

    def action_page(self, step: int) -> None:
        """Ask for the cursor to move by pages."""
        self._move(step * max(1, self.size.height))

    def action_to_end(self, step: int) -> None:
        """Ask for the first row (-1) or the last one (1)."""
        self._move(step * len(self._view.rows))

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 – Textual's signature
        """Make the cursor strong, or quiet while keys go elsewhere."""
        super().watch_has_focus(_has_focus)
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        super().on_resize(event)
        self.reveal(self._view.near if self._view.rows else 0)


class ListPane(Widget):
    """Names the columns and holds the rows; see `JobRows` for `move`."""

    def __init__(self, now: datetime, move: Callable[[int], None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._head = LineView(id="jobs-head")
        self.rows = JobRows(now, move, id="jobs-rows")

    def compose(self) -> ComposeResult:
        """Put the heads above the rows."""
        yield self._head
        yield self.rows

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the heads for another width."""
        self._head.show_lines((jobs_head(JobColumns.of(event.size.width)),))

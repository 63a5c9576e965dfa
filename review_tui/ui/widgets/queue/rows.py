"""The rows of the queue, drawn from the immutable queue: only those that are seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Final

from textual import events

from review_tui.model.ages import Lateness, Limits, lateness
from review_tui.model.decisions import Standing
from review_tui.model.frozen import frozen
from review_tui.model.preferences import DoubtLimits, Preferences
from review_tui.model.queue import Filter
from review_tui.model.submissions import Row
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.render.submissions import NO_BADGE, Columns, age_piece, queue_line, state_piece
from review_tui.ui.widgets.lines import LineView

_Look = tuple[int, Piece, Piece, Role | None, Piece]
"""All that decides how a row is drawn: width, age, state, cursor and badge."""

_LINES_KEPT: Final = 1_000


@frozen
class QueueView:
    """What the queue shows: the selected id stands at `near`; `instead` says why there are none.

    `held` counts down on the rows of submissions, by id, on which something is held; `badges` is one cell
    before a row's status, by id. `guest` is a row that is shown although it is not of this view.
    `limits` gives by workflow the ages from which rows wait too long, `doubts` of what confidence they are
    to be checked.
    """

    now: datetime
    rows: Sequence[Row] = ()
    filter: Filter = field(default_factory=Filter)
    selected: str | None = None
    near: int = 0
    guest: str | None = None
    badges: Mapping[str, Piece] = field(default_factory=dict)
    standings: Mapping[str, Standing] = field(default_factory=dict)
    held: Mapping[str, Piece] = field(default_factory=dict)
    instead: tuple[Line, ...] = ()
    limits: Limits | None = None
    doubts: Callable[[str | None], DoubtLimits] = Preferences().doubt_limits


class QueueRows(LineView, can_focus=True):
    """The list and its cursor.

    `move` is called with how many rows the reviewer wants to go. It is called at once and not by a message:
    a decision key that follows must find the cursor where this one has put it.
    """

    MERGES_MOVES = True

    def __init__(self, now: datetime, move: Callable[[int], None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view = QueueView(now)
        self._move = move
        self._made: dict[str, tuple[Row, _Look, Line, object]] = {}
        self._look = object()

    def show(self, view: QueueView) -> None:
        """Show this view: a moved cursor is followed, rows that come and go leave it on its screen line."""
        before, self._view = self._view, view
        if not _is_alike(before, view):
            self._look = object()
        if view.rows is not before.rows and view.selected == before.selected and view.rows:
            self.top += view.near - before.near
            self.scroll_top(self.top)
        self.reveal(view.near if view.rows else 0)

    def sized(self) -> None:
        """Have the rows drawn for another width."""
        self._look = object()

    @property
    def is_at_top(self) -> bool:
        """Whether the newest row is seen."""
        return self.top == 0

    def line_count(self) -> int:
        """The number of rows, or of the lines shown instead."""
        return len(self._view.rows) + len(self._view.instead)

    def line_at(self, index: int) -> Line:
        """Return one row."""
        return self._line(index, self._view.selected)

    def unselected(self, most: int) -> list[Line]:
        """Return the first rows as they look where none is selected."""
        return [self._line(index, None) for index in range(min(most, len(self._view.rows)))]

    def _line(self, index: int, selected: str | None) -> Line:
        view = self._view
        if index >= len(view.rows):
            return view.instead[index - len(view.rows)]
        row = view.rows[index]
        cursor = None
        if row.id == selected:
            cursor = Role.CURSOR if self.has_focus else Role.TITLE
        kept = self._made.get(row.id)
        if kept is not None and kept[0] is row and kept[1][3] is cursor and kept[3] is self._look:
            return kept[2]
        state = view.held.get(row.id) or state_piece(
            row,
            view.standings.get(row.id),
            listed=view.filter.takes(row),
            here=row.id != view.guest,
        )
        badge = view.badges.get(row.id, NO_BADGE)
        columns = Columns.of(self.drawn_width, late=view.limits is not None)
        late = Lateness.IN_TIME if view.limits is None else lateness(row, view.limits(row.workflow), view.now)
        age = age_piece(row, view.now, late, columns.age)
        key = (self.drawn_width, age, state, cursor, badge)
        if kept is not None and kept[0] is row and kept[1] == key:
            line = kept[2]
        else:
            line = queue_line(row, columns, *key[1:], doubts=view.doubts(row.workflow))
        if len(self._made) >= _LINES_KEPT:
            self._made.clear()
        self._made[row.id] = (row, key, line, self._look)
        return line

    def scroll_by(self, lines: int) -> None:
        """Scroll; the cursor goes along rather than out of sight, for the next key may decide on its row."""
        view, height = self._view, self.size.height
        if not view.rows or not height:
            return
        top = max(0, min(self.top + lines, self.line_count() - height))
        if step := min(max(view.near, top), top + height - 1) - view.near:
            self._move(step)
        self.scroll_top(top)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Select the row that is pressed; nothing that the mouse does decides."""
        index = self.top + event.y
        if event.button == 1 and index < len(self._view.rows):
            self._move(index - self._view.near)

    def action_move(self, step: int) -> None:
        """Ask for the cursor to move by rows."""
        self._move(step * self.times)

    def action_page(self, step: int) -> None:
        """Ask for the cursor to move by pages."""
        self._move(step * self.times * max(1, self.size.height))

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


def _is_alike(one: QueueView, other: QueueView) -> bool:
    """Whether a row looks the same in both but for the cursor; ages are told to the minute at most."""
    return (
        one.now.timestamp() // 60 == other.now.timestamp() // 60
        and one.standings is other.standings
        and one.filter == other.filter
        and one.guest == other.guest
        and one.badges == other.badges
        and one.held == other.held
        and one.limits == other.limits
        and one.doubts == other.doubts
    )

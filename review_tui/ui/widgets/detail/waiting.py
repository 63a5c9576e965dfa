"""Waiting: a detail stands for a moment longer while the one to come after it is being read."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from textual.timer import Timer
from textual.widget import Widget

from review_tui.ui.detail_view import DetailState, DetailView

STANDS: Final = 0.25
"""Seconds for which what was shown stands when another submission is selected, unless that is read before."""

AT_MOST: Final = 1.0
"""Seconds after which it goes although one is still moving on."""


class Waiting:
    """Spares a terminal a cleared pane for the moment in which a submission is mostly read.

    What stands meanwhile is the submission before, all of it, under its own name, or that there is none;
    `widget` has the timer, and `draw` is called when there is nothing more to wait for.
    """

    def __init__(self, widget: Widget, draw: Callable[[], None]) -> None:
        self._widget = widget
        self._draw = draw
        self._stands: DetailView | None = None
        self._awaited: str | None = None
        self._since = 0.0
        self._timer: Timer | None = None

    @property
    def is_on(self) -> bool:
        """Whether what stands is not what is to be shown."""
        return self._timer is not None

    def begins(self, view: DetailView) -> bool:
        """Whether a view is not to be drawn yet."""
        stands = self._stands
        waits = (
            stands is not None
            and (stands.detail is not None or stands.row is None)
            and view.row is not None
            and view.state is DetailState.LOADING
            and view.submission_id != stands.submission_id
        )
        if waits and self._awaited != view.submission_id:
            self._awaited, now = view.submission_id, monotonic()
            if self._timer is None:
                self._since = now
            else:
                self._timer.stop()
            left = self._since + AT_MOST - now
            self._timer = self._widget.set_timer(max(min(STANDS, left), 0.01), self._draw)
        return waits

    def ends(self, view: DetailView) -> bool:
        """Know that a view is drawn now; return whether it is the first of its submission's detail."""
        before, self._stands, self._awaited = self._stands, view, None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if view.detail is None:
            return False
        return before is None or before.detail is None or before.submission_id != view.submission_id

"""Beginning: the list as it stood last time is shown until the first page is in, and kept anew."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from review_tui.model.failures import FailureKind
from review_tui.model.frozen import frozen
from review_tui.ui.picture import ROWS, Picture, as_of
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.widgets.queue import QueuePane, QueueView

SOON: Final = 2.0
"""Seconds after the first page in which nothing is kept: they are for who waits for a submission."""

AGAIN: Final = 60.0
"""Seconds after which the list is kept anew, so that little is old after a sudden end."""

_NOT_LET_IN: Final = frozenset({FailureKind.KEY_NOT_ACCEPTED, FailureKind.FORBIDDEN})
_ROLES: Final = frozenset(Role)


@frozen
class Pictures:
    """The picture of the last time, if any, and what keeps another or forgets it; both may take a while."""

    last: Picture | None
    keep: Callable[[Mapping[str, object]], None]
    forget: Callable[[], None]


class Beginning:
    """Shows the rows of the last time as text: none of them can be selected, so none can be decided on."""

    def __init__(self, screen: Reviewing, queue: QueuePane, pictures: Pictures | None) -> None:
        self._screen = screen
        self._queue = queue
        self._pictures = pictures
        self._due: float | None = None
        last = pictures.last if pictures else None
        self._mark: Line = ()
        self._lines: tuple[Line, ...] = ()
        if last is not None:
            self._mark = ((" · ", Role.DIM), (as_of(last.at, screen.now().timestamp()), Role.WARN))
            self._lines = tuple(tuple(_piece(*piece) for piece in line) for line in last.lines[1:])

    def shown(self, view: QueueView) -> QueueView:
        """Return what the queue shows: the rows of the last time where nothing is known yet."""
        return replace(view, instead=self._lines) if self._is_early and not view.rows else view

    def counted(self, counts: Line) -> Line:
        """Say with the counts since when the rows stand."""
        return (*counts, *self._mark) if self._is_early else counts

    def follow(self) -> None:
        """Keep the list by and by; forget it when the server does not let us in any more."""
        failure = self._screen.state.freshness.failure
        if failure is not None and failure.kind in _NOT_LET_IN and self._pictures is not None:
            _behind(self._pictures.forget)
            self._pictures = None
        elif self._screen.state.started:
            now = self._screen.desk.clock.monotonic()
            self._due = now + SOON if self._due is None else self._due
            if now >= self._due:
                self.keep()

    def keep(self) -> None:
        """Keep the list as it stands now, or that there is none."""
        pictures, state = self._pictures, self._screen.state
        if pictures is None or not state.started:
            return
        picture = self._picture() if state.rows else None
        if picture is not None:
            self._due = self._screen.desk.clock.monotonic() + AGAIN
            _behind(lambda: pictures.keep(picture.as_json()))
        elif not state.rows:
            _behind(pictures.forget)

    @property
    def _is_early(self) -> bool:
        state = self._screen.state
        return bool(self._lines) and not state.started and state.freshness.failure is None

    def _picture(self) -> Picture | None:
        """Return the list; None while it is not in sight where lines begin, or not drawn yet."""
        queue, rows = self._queue, self._queue.rows
        divider = queue.screen.query_one("#divider").region
        lines = rows.unselected(ROWS)
        if queue.region.x or not rows.size.height or not lines:
            return None
        return Picture(
            self._screen.now().timestamp(),
            (queue.app.size.width, queue.app.size.height),
            [queue.head_line, *lines],
            {str(role): pen for role, pen in rows.pens.items()},
            top=queue.region.y,
            room=rows.size.height,
            edge=divider.x if divider.width == 1 and divider.height == rows.size.height + 1 else 0,
        )


def _piece(text: str, role: str) -> Piece:
    return text, Role(role) if role in _ROLES else Role.PLAIN


def _behind(act: Callable[[], None]) -> None:
    """Do something in a thread: the disk may be slow, and a key must not wait for it."""
    asyncio.get_running_loop().run_in_executor(None, act)

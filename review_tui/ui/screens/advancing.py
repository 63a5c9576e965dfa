"""Going on: to the next submission that is still to be decided, past those that are skipped, and back."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from review_tui.model.decisions import Standing
from review_tui.model.preferences import Advance
from review_tui.model.submissions import Row, SubmissionStatus
from review_tui.model.wire import Json
from review_tui.ui.key_names import key_of
from review_tui.ui.render.line import Role
from review_tui.ui.render.words import counted
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.state import ReviewState, moved_to, with_facts
from review_tui.ui.terminal.seen import NOT_SEEN

AHEAD: Final = 2
"""Submissions in the direction of work whose details are read before they are wanted."""

AFTER: Final = 0.01
"""Seconds after a key from which the desk is told where the cursor is, if what is there is known.

Until then the frame is drawn: the desk's thread would take turns with this one.
"""

LOOKED_AT: Final = 0.5
"""Seconds without a deciding key after which a submission that came up by itself may have been looked at.

A key that is held down repeats after half a second on most machines, and then many times a second.
"""

SKIPPED: Final = 500
"""Skipped submissions that are known again at the next start."""


class Advancing:
    """Gives the commands that skip, and puts the selection on what is next once something is decided."""

    def __init__(self, screen: Reviewing) -> None:
        self._screen = screen
        self._order = _ids_in(screen.memory.get("skipped"))
        self._known: frozenset[str] = frozenset()
        self._brought: tuple[str, float] | None = None
        self._telling: asyncio.TimerHandle | None = None
        self.commands: Mapping[str, Callable[[], None]] = {"skip": self._skip, "skipped": self._go_back}

    def begin(self) -> None:
        """Know again what was skipped before."""
        self._known = frozenset(self._order)
        self._screen.state = with_facts(self._screen.state, skipped=self._known)

    def follow(self) -> None:
        """Keep what is skipped, whoever changed it."""
        skipped = self._screen.state.facts.skipped
        if skipped is not self._known:
            self._known = skipped
            self._order = [id_ for id_ in self._order if id_ in skipped]
            self._screen.memory.put("skipped", list[Json](self._order[-SKIPPED:]))

    def selected(self) -> None:
        """Have what was selected read, at once where nothing of it is here, and then what is likely next."""
        if self._screen.state.detail is None:
            self._tell()
        elif self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(AFTER, self._tell)

    def _tell(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        desk, state = self._screen.desk, self._screen.state
        if state.selected is not None:
            desk.show(state.selected, state.detail)
            desk.prefetch(self._ahead())

    def _ahead(self) -> list[str]:
        """Return the ids of those that may be wanted next, the likeliest first."""
        state = self._screen.state
        found = [row.id for _, row in zip(range(AHEAD), self._to_do(state), strict=False)]
        before = state.view.neighbour(state.selected or "", -self._step, state.near)
        return list(dict.fromkeys([*found, before.id])) if before else found

    def go_on(self) -> None:
        """Leave what was decided: the eye, the tab and the keyboard stay where they are."""
        if self._screen.preferences.advance is Advance.OFF:
            self._screen.go_on()
            return
        self._show_skipped_no_more(self._screen.state.selected)
        self._to_next()

    def bring_back(self, standing: Standing) -> None:
        """Select what was taken back, if it is shown."""
        state = self._screen.state
        at = state.position(standing.intent.submission_id)
        if at is not None:
            self._screen.change(moved_to(state, at))

    def came_up(self, submission_id: str) -> None:
        """Know that it was selected by no key of its own, and may not have been looked at yet."""
        self._brought = (submission_id, self._screen.desk.clock.monotonic())

    def too_soon(self) -> str:
        """Say that nobody can have looked at the selection yet; empty else."""
        if not self._screen.seen.is_shown:
            return NOT_SEEN
        if self._brought is None or self._brought[0] != self._screen.state.selected:
            return ""
        now = self._screen.desk.clock.monotonic()
        before, self._brought = self._brought[1], (self._brought[0], now)
        return "this one came up just now, press again" if now - before < LOOKED_AT else ""

    @property
    def _step(self) -> int:
        return -1 if self._screen.preferences.advance is Advance.PREVIOUS else 1

    def _to_do(self, state: ReviewState) -> Iterator[Row]:
        held = {one.intent.submission_id for one in self._screen.desk.open_decisions}
        return to_do(state, held, self._step)

    def _to_next(self) -> None:
        state = self._screen.state
        row = next(self._to_do(state), None)
        at = None if row is None else state.position(row.id)
        if row is None or at is None:
            self._screen.hint(_nothing_left(state), Role.DIM)
            return
        around = (at - _place_in(state)) * self._step < 0
        self._screen.change(moved_to(state, at))
        self.came_up(row.id)
        if around:
            self._screen.hint("went around: on from the other end", Role.DIM)

    def _skip(self) -> None:
        """Pass the selected one without deciding."""
        screen = self._screen
        id_ = screen.state.selected
        if id_ is None:
            return
        self._order = [*(one for one in self._order if one != id_), id_]
        screen.state = with_facts(screen.state, skipped=screen.state.facts.skipped | {id_})
        self._to_next()

    def _go_back(self) -> None:
        """Go to the newest that was skipped and is shown; it is skipped no more."""
        state = self._screen.state
        for id_ in reversed(self._order):
            at = state.position(id_)
            if at is not None and id_ in state.facts.skipped:
                self._show_skipped_no_more(id_)
                self._screen.change(moved_to(self._screen.state, at))
                return
        away = len(state.facts.skipped)
        why = f"{counted(away, 'skipped submission')} not in this view" if away else "nothing is skipped"
        self._screen.hint(f"back to skipped: {why}")

    def _show_skipped_no_more(self, id_: str | None) -> None:
        state = self._screen.state
        if id_ in state.facts.skipped:
            self._screen.state = with_facts(state, skipped=state.facts.skipped - {id_})


def to_do(state: ReviewState, held: Collection[str], step: int) -> Iterator[Row]:
    """Yield what is shown and still to be decided, from the selection on, once around.

    `held` are ids with a decision under way, beside those of which the state knows; `step` is 1 downwards
    and -1 upwards.
    """
    rows, status = state.rows, state.queue.filter.status or SubmissionStatus.REVIEW
    start = _place_in(state)
    passed = {*held, *state.facts.skipped, *state.facts.held, *state.waiting}
    for distance in range(1, len(rows)):
        row = rows[(start + distance * step) % len(rows)]
        if row.status == status and not row.gone and row.id not in passed:
            yield row


def _place_in(state: ReviewState) -> int:
    at = state.position(state.selected)
    return state.near if at is None else at


def _nothing_left(state: ReviewState) -> str:
    where = "this view" if state.queue.complete else "what is loaded of this view"
    skipped = len(state.facts.skipped)
    return f"nothing left in {where}" + (
        f"; {key_of('skipped')} goes back to {skipped} skipped" if skipped else ""
    )


def _ids_in(kept: Json) -> list[str]:
    return [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []

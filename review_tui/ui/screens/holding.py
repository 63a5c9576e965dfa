"""What is not sent yet: taking it back, counting it down, the outbox, and leaving while there is some."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from review_tui.model.decisions import Leave, Stage, Standing
from review_tui.model.submissions import Row
from review_tui.ui.render.decisions import about, outcome_words
from review_tui.ui.render.line import Role
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.underway import deed, seconds_left

if TYPE_CHECKING:  # each dialog is loaded when it is first opened
    from review_tui.ui.render.outbox import OutboxView
    from review_tui.ui.screens.outbox import OutboxScreen
    from review_tui.ui.screens.quit import QuitScreen, Unfinished

_MEANT: Final = frozenset({Stage.DONE, Stage.TAKEN_BACK})
"""Ends that need no person: what was asked for."""


class Started(Protocol):
    """A piece of work that goes on behind."""

    def cancel(self) -> object:
        """End it."""
        ...


class Holding:
    """Gives the commands for what is held; `start` runs a piece of work until it is over or cancelled.

    `taken_back` hears which decision a key has taken back.
    """

    def __init__(
        self,
        screen: Reviewing,
        start: Callable[[Coroutine[Any, Any, None]], Started],
        taken_back: Callable[[Standing], None],
    ) -> None:
        self._screen = screen
        self._start = start
        self._taken_back = taken_back
        self._counting: Started | None = None
        self._dues: frozenset[datetime] = frozenset()
        self._offered = False
        self._outbox: OutboxScreen | None = None
        self._leaving: QuitScreen | None = None
        self._asked_about: frozenset[str] = frozenset()
        self._gone_wrong: dict[str, Standing] = {}
        self.commands: Mapping[str, Callable[[], None]] = {"undo": self._undo, "outbox": self._open}

    def follow(self) -> None:
        """Go along with the state: count down, tell the dialog, show first what an earlier run has left."""
        standings = self._screen.state.outbox.values()
        now = self._screen.now()
        dues = frozenset(one.due for one in standings if one.due and seconds_left(one, now))
        if dues - self._dues:
            if self._counting is not None:
                self._counting.cancel()
            self._counting = self._start(self._count_down(dues))
        self._dues = dues
        if self._outbox is not None:
            self._outbox.show(self._view())
        elif self._leaving is not None:
            self._leaving.show(self._unfinished())
        elif not self._offered and any(one.earlier and one.stage is Stage.HELD for one in standings):
            self._offered = True
            self._open()

    def leave(self, leave: Callable[[Leave], None]) -> None:
        """Leave; ask first what becomes of what this run has not brought to an end."""
        self._gone_wrong.clear()
        self._asked_about = frozenset(one.intent.request_id for one in self._screen.desk.open_decisions)
        unfinished = self._unfinished()
        if unfinished.is_nothing:
            leave(Leave.KEEP)
            return

        def answered(how: Leave | None) -> None:
            self._leaving = None
            if how is not None:
                self._screen.state = replace(self._screen.state, waiting={})
                leave(how)

        from review_tui.ui.screens.quit import QuitScreen

        self._leaving = QuitScreen(unfinished)
        self._screen.open_dialog(self._leaving, answered)

    def _undo(self) -> None:
        newest = [one for one in self._screen.desk.open_decisions if one.stage.is_unsent and not one.earlier]
        if why := self._screen.desk.undo():
            self._screen.hint(f"take back: {why}")
        elif newest and not ((bulk := self._screen.state.bulk) and bulk.tells(newest[-1])):
            self._taken_back(newest[-1])

    def _open(self) -> None:
        from review_tui.ui.screens.outbox import Acts, OutboxScreen

        def closed(_: None) -> None:
            self._outbox = None

        desk = self._screen.desk
        acts = Acts(self._take_back, self._send_now, desk.drop, desk.send_all)
        self._outbox = OutboxScreen(self._view(), acts)
        self._screen.open_dialog(self._outbox, closed)

    def _take_back(self, request_id: str) -> str | None:
        state = self._screen.state
        waiting = {id_: one for id_, one in state.waiting.items() if one.intent.request_id != request_id}
        if len(waiting) == len(state.waiting):
            return self._screen.desk.take_back(request_id)
        self._screen.change(replace(state, waiting=waiting))
        return None

    def _send_now(self, request_id: str) -> str | None:
        waiting = self._screen.state.waiting.values()
        if any(one.intent.request_id == request_id for one in waiting):
            return "it follows its judgements: send those"
        return self._screen.desk.send_now(request_id)

    def _view(self) -> "OutboxView":
        from review_tui.ui.render.outbox import OutboxView

        state = self._screen.state
        standings = (*state.outbox.values(), *state.waiting.values())
        found = ((one.intent.submission_id, state.queue.row(one.intent.submission_id)) for one in standings)
        return OutboxView(self._screen.now(), standings, {id_: row for id_, row in found if row})

    def _unfinished(self) -> "Unfinished":
        from review_tui.ui.screens.quit import Unfinished

        ours = self._screen.desk.open_decisions
        held = [one for one in ours if one.stage.is_unsent and not one.earlier]
        under_way = [one for one in ours if not one.stage.is_unsent]
        for one in self._screen.state.standings.values():
            if one.intent.request_id in self._asked_about and one.stage.is_final and one.stage not in _MEANT:
                self._gone_wrong[one.intent.request_id] = one
        ended = [outcome_words(one, self._row_of(one)) for one in self._gone_wrong.values()]
        for one in self._screen.state.waiting.values():
            named = about(one, self._row_of(one))
            ended.append((f"Leaving drops the approve that follows judgements · {named}", Role.WARN))
        bulk = self._screen.state.bulk
        if rest := sum(bulk.tells(one) for one in held) if bulk else 0:
            ended.append(
                (f"Sending {rest} takes longer than leaving waits: s keeps these as k does", Role.WARN)
            )
        return Unfinished([self._named(one) for one in held], [self._named(one) for one in under_way], ended)

    def _named(self, standing: Standing) -> str:
        id_ = standing.intent.submission_id
        named = about(standing, self._row_of(standing))
        left = seconds_left(standing, self._screen.now())
        when = "" if left is None else f"in {left} s · "
        return f"{when}{deed(standing.intent).capitalize()} {named}{'' if named == id_ else f', {id_}'}"

    def _row_of(self, standing: Standing) -> Row | None:
        return self._screen.state.queue.row(standing.intent.submission_id)

    async def _count_down(self, dues: frozenset[datetime]) -> None:
        clock = self._screen.desk.clock
        while left := [due - clock.now() for due in dues if due > clock.now()]:
            await clock.sleep(min(_to_next_second(one) for one in left))
            self._screen.show_state()


def _to_next_second(left: timedelta) -> float:
    """Return the seconds until one second less is left."""
    return (left % timedelta(seconds=1) or timedelta(seconds=1)).total_seconds()

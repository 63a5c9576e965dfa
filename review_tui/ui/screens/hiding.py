"""Putting away: until a time or until it changes, listed with why, brought back, never lost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from review_tui.model.decisions import Stage
from review_tui.model.digest import digest_of
from review_tui.model.digest import has_changed as is_other
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.notes import IT_CHANGED, Flag, Snooze, has_changed, is_forgotten, look_of, why_back
from review_tui.model.preferences import Advance
from review_tui.model.records import subject_of
from review_tui.model.submissions import BECOMES, Detail, Row, Verb
from review_tui.ui.keeping import with_book
from review_tui.ui.key_names import key_of
from review_tui.ui.render.hiding import Hidden, HiddenView, snooze_words
from review_tui.ui.render.line import Role
from review_tui.ui.render.submissions import age_words
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.screens.viewing import Start, Started
from review_tui.ui.state import has_left, moved_to, with_facts
from review_tui.workers.news import DecisionMoved, DetailFailed, DetailRead, News
from review_tui.workers.notebook import Notebook

if TYPE_CHECKING:  # each dialog is loaded when it is first opened
    from review_tui.ui.screens.hidden import HiddenScreen
    from review_tui.ui.screens.snooze import Wish

LOOK: Final = 30.0
"""Seconds, at most, between two looks at the clock while something is put away, for it may be set anew; and
at least between two at what the list does not show any more."""

LOOK_UP: Final = timedelta(minutes=5)
"""How often one of those that are put away is read, each in its turn, to see whether it changed."""

TIDY_UP: Final = timedelta(hours=1)
"""How often what came back long ago is looked for, to be forgotten."""

_DECIDED: Final = frozenset[str]().union(*BECOMES.values())
_BACK_NAMED: Final = 1


class Hiding:
    """Gives the commands that put away, list and flag.

    `start` runs a piece of work until it is over, `go_on` leaves what is dealt with as the person prefers.
    """

    def __init__(
        self, screen: Reviewing, notebook: Notebook, start: Start, go_on: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._notebook = notebook
        self._start = start
        self._go_on = go_on
        self._rows: Sequence[Row] = ()
        self._ticking: Started | None = None
        self._look_again = float("-inf")
        self._looked_at: datetime | None = None
        self._tidied_up: datetime | None = None
        self._turn = 0
        self._list: HiddenScreen | None = None
        self.commands: Mapping[str, Callable[[], None]] = {
            "snooze": self._ask,
            "hidden": self._open,
            "flag": self._flag,
        }

    def follow(self) -> None:
        """Go along with the clock and the queue: what is due or has changed comes back."""
        screen = self._screen
        self._forget_what_came_back_long_ago()
        if screen.state.book is not self._notebook.book:
            screen.state = with_book(screen.state, self._notebook.book)
        if screen.state.book.hidden:
            self._bring_back_what_is_due()
            if self._ticking is None:
                self._ticking = self._start(self._tick())
        if self._list is not None:
            self._list.show(self._view())

    def hear(self, unread: Sequence[News]) -> None:
        """Hear what became of those that are put away."""
        snoozes = self._notebook.book.snoozes
        if not snoozes:
            return
        for news in unread:
            match news:
                case DetailRead(detail) if detail.id in snoozes:
                    self._see(detail)
                case DetailFailed(id_, failure) if id_ in snoozes:
                    self._miss(id_, failure)
                case DecisionMoved(standing) if standing.intent.submission_id in snoozes:
                    if standing.stage is Stage.DONE and standing.intent.verb is not Verb.RESOLVE:
                        self._notebook.put("snoozes", standing.intent.submission_id, None)
                case _:
                    pass

    def _ask(self) -> None:
        """Ask until when the submission as shown is put away."""
        from review_tui.ui.screens.snooze import SnoozeScreen

        row, detail = self._screen.situation.row, self._screen.situation.detail
        if row is None:
            return
        before = self._notebook.book.snoozes.get(row.id)

        def answered(wish: "Wish | None") -> None:
            if wish is not None:
                self._put_away(row, detail, wish)

        words = before.words if before else ""
        self._screen.open_dialog(SnoozeScreen(row, self._screen.now, words), answered)

    def _put_away(self, row: Row, detail: Detail | None, wish: "Wish") -> None:
        if any(one.intent.submission_id == row.id for one in self._screen.desk.open_decisions):
            self._screen.hint("snooze: a decision on it is under way")
            return
        snooze = Snooze(
            self._screen.now().astimezone(UTC),
            wish.until,
            look_of(row),
            wish.words,
            subject_of(detail) if detail else str(row.merchant or ""),
            shown=digest_of(detail) if detail else "",
        )
        self._notebook.put("snoozes", row.id, snooze)
        self.follow()
        state = self._screen.state
        if state.selected == row.id and self._screen.preferences.advance is not Advance.OFF:
            self._go_on()
        elif state.selected == row.id:  # it is hidden: nobody wants to stay on it
            self._screen.change(moved_to(state, (state.position(row.id) or 0) + 1))
        named = plain(snooze.subject) or row.id
        self._screen.hint(
            f"{named}: {snooze_words(snooze, self._screen.now())}; {key_of('hidden')} lists it", Role.ACCENT
        )

    def _flag(self) -> None:
        row = self._screen.situation.row
        if row is None:
            return
        flag = None
        if row.id not in self._notebook.book.flags:
            subject = " ".join(filter(None, (row.merchant, row.amount, row.currency)))
            flag = Flag(self._screen.now().astimezone(UTC), subject)
        self._notebook.put("flags", row.id, flag)
        self._screen.hint("flag taken off" if flag is None else "flagged: is:flagged lists them", Role.ACCENT)

    def _forget_what_came_back_long_ago(self) -> None:
        now = self._screen.now()
        if self._tidied_up is not None and timedelta() <= now - self._tidied_up < TIDY_UP:
            return
        self._tidied_up = now
        for id_, snooze in self._notebook.book.snoozes.items():
            if is_forgotten(snooze, now):
                self._notebook.put("snoozes", id_, None)

    def _bring_back_what_is_due(self) -> None:
        """Bring back what is due, and what looks otherwise than it did."""
        state, now = self._screen.state, self._screen.now()
        hidden = state.book.hidden
        rows: dict[str, Row] = {}
        if state.queue.rows is not self._rows:
            self._rows = state.queue.rows
            rows = {row.id: row for row in self._rows if row.id in hidden and not row.gone}
            self._look_for_one()
        for id_ in hidden:
            snooze = state.book.snoozes[id_]
            if why := why_back(snooze, now, rows.get(id_)):
                self._come_back(id_, snooze, why)

    def _come_back(self, id_: str, snooze: Snooze, why: str) -> None:
        back = replace(snooze, back=why, back_at=self._screen.now().astimezone(UTC))
        self._notebook.put("snoozes", id_, back)
        words = snooze_words(back, self._screen.now())
        self._tell(f"{plain(snooze.subject) or id_}: {words}")

    def _tell(self, text: str) -> None:
        state = with_book(self._screen.state, self._notebook.book)
        notices = state.notices.told(text, self._screen.now(), Role.ACCENT)
        self._screen.state = replace(state, notices=notices)

    def _see(self, detail: Detail) -> None:
        """Take in what one that is put away is now."""
        snooze = self._notebook.book.snoozes[detail.id]
        if detail.status in _DECIDED:
            self._notebook.put("snoozes", detail.id, None)
            if not snooze.back:
                named = plain(snooze.subject) or detail.id
                self._tell(f"{named}: {plain(detail.status)} elsewhere, no longer snoozed")
        elif not snooze.back and (has_changed(snooze.seen, Row.of(detail)) or is_other(snooze.shown, detail)):
            self._come_back(detail.id, snooze, IT_CHANGED)

    def _miss(self, id_: str, failure: Failure) -> None:
        snooze = self._notebook.book.snoozes[id_]
        if failure.kind is FailureKind.NOT_FOUND:
            self._notebook.put("snoozes", id_, None)
            self._tell(f"{plain(snooze.subject) or id_}: no longer visible to this key, no longer snoozed")

    def _look_for_one(self) -> None:
        """Read one that is put away and that the list does not show any more: it may be decided."""
        state, now = self._screen.state, self._screen.desk.clock.monotonic()
        if not state.started or not state.queue.complete or now < self._look_again:
            return
        listed = {row.id for row in state.queue.rows if not row.gone}
        if missing := sorted(state.book.hidden - listed):
            self._look_again = now + LOOK
            self._turn += 1
            self._screen.desk.watch(missing[self._turn % len(missing)])

    async def _tick(self) -> None:
        """Look at the clock as long as something is put away."""
        clock = self._screen.desk.clock
        while hidden := self._notebook.book.hidden:
            now = self._screen.now()
            dues = (self._notebook.book.snoozes[id_].until for id_ in hidden)
            soonest = min((due for due in dues if due is not None), default=now + LOOK_UP)
            await clock.sleep(min(max((soonest - now).total_seconds(), 0.1), LOOK))
            self._look_for_one()
            self._look_at_the_next()
            self._screen.show_state()
        self._ticking = None

    def _look_at_the_next(self) -> None:
        """Read, now and then, the next of those that are put away."""
        now = self._screen.now()
        if self._looked_at is not None and timedelta() <= now - self._looked_at < LOOK_UP:
            return
        if self._looked_at is not None and (hidden := sorted(self._notebook.book.hidden)):
            self._turn += 1
            self._screen.desk.watch(hidden[self._turn % len(hidden)])
        self._looked_at = now

    def _open(self) -> None:
        from review_tui.ui.screens.hidden import HiddenScreen

        def closed(_: None) -> None:
            self._list = None

        self._list = HiddenScreen(self._view(), self._show_again)
        self._screen.open_dialog(self._list, closed)

    def _show_again(self, hidden: Hidden) -> None:
        if hidden.kind == "snoozed":
            self._notebook.put("snoozes", hidden.submission_id, None)
        else:
            skipped = self._screen.state.facts.skipped - {hidden.submission_id}
            self._screen.state = with_facts(self._screen.state, skipped=skipped)
        self._screen.show_state()

    def _view(self) -> HiddenView:
        return HiddenView(tuple(self._entries()), tuple(self._elsewhere()))

    def _entries(self) -> Iterator[Hidden]:
        state, now = self._screen.state, self._screen.now()
        snoozes = state.book.snoozes
        far = datetime.max.replace(tzinfo=UTC)
        for id_ in sorted(state.book.hidden, key=lambda id_: (snoozes[id_].until or far, id_)):
            why = snooze_words(snoozes[id_], now).removeprefix("snoozed ")
            yield Hidden("snoozed", id_, snoozes[id_].subject, why)
        for row in state.queue.rows if state.facts.skipped else ():
            if row.id in state.facts.skipped:
                subject = " ".join(filter(None, (row.merchant, row.amount, row.currency)))
                yield Hidden("skipped", row.id, subject, f"passed over; {age_words(row.created_at, now)} old")

    def _elsewhere(self) -> Iterator[str]:
        """Say what else is not shown, and by what."""
        state = self._screen.state
        loaded, listed = len(state.queue), state.view.fitting
        away = sum(row.id in state.book.hidden for row in state.queue.rows) if state.book.hidden else 0
        if state.view.query and (out := max(loaded - listed - away, 0)):
            least = "" if state.queue.complete else "at least "
            yield f"The filter leaves out {least}{out} of {counted(loaded, 'row')} loaded: {state.view.query}"
        yield f"The server is asked for {state.queue.filter} alone."
        if gone := sum(1 for row in state.queue.rows if has_left(state, row)):
            yield f"{counted(gone, 'row')} left the queue and will go when you move on."

"""Marking: one, a range or all that is shown; marks are ids, and follow a submission wherever it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from review_tui.model.decisions import Stage
from review_tui.model.listed import NONE
from review_tui.model.queue import Filter
from review_tui.model.submissions import Row, Verb
from review_tui.ui.key_names import key_of
from review_tui.ui.render.head import merchant_words
from review_tui.ui.render.line import Role
from review_tui.ui.render.words import counted
from review_tui.ui.screens.resuming import MARKS
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.state import ReviewState, moved_to, with_facts
from review_tui.workers.news import DecisionMoved, News

_DECIDED: Final = frozenset({Stage.DONE, Stage.ELSEWHERE})
_NAMED: Final = 2
_DECIDE: Final = ("approve", "reject", "cancel", "false-positive")


class Marking:
    """Gives the commands that mark; what is decided is marked no more, and what left the queue is told."""

    def __init__(self, screen: Reviewing) -> None:
        self._screen = screen
        self._anchor: str | None = None
        self._before: frozenset[str] = frozenset()
        self._rows = NONE
        self._filter: Filter | None = None
        self._here: Mapping[str, Row] = {}
        self._judged: frozenset[str] = frozenset()
        self.commands: Mapping[str, Callable[[], None]] = {
            "mark": self._mark,
            "mark-range": self._range,
            "mark-shown": self._mark_shown,
        }

    def hear(self, unread: Sequence[News]) -> None:
        """Take the mark off what is decided; one of which a match was judged may still be decided."""
        for news in unread:
            if not isinstance(news, DecisionMoved) or news.standing.stage not in _DECIDED:
                continue
            intent = news.standing.intent
            if intent.verb is Verb.RESOLVE:
                self._judged |= {intent.submission_id}
            else:
                self._set(self._marked - {intent.submission_id})

    def follow(self) -> None:
        """Draw the range to where the cursor is; tell of marked ones that others have decided."""
        state = self._screen.state
        if self._anchor is not None:
            self._set(self._before | self._from_anchor(state))
        if state.queue.rows is not self._rows or state.queue.filter != self._filter:
            self._look_who_left(state)

    @property
    def _marked(self) -> frozenset[str]:
        return self._screen.state.facts.marked

    def _mark(self) -> None:
        state = self._screen.state
        if state.selected is None:
            return
        self._anchor = None
        marked = self._marked ^ {state.selected}
        if len(marked) > MARKS:
            self._screen.hint(f"{MARKS} can be marked at most")
            return
        self._set(marked)
        self._screen.change(moved_to(self._screen.state, state.near + 1))
        self._say()

    def _range(self) -> None:
        if self._anchor is not None:
            self._anchor = None
            self._say()
            return
        self._anchor, self._before = self._screen.state.selected, self._marked
        self._screen.hint(f"marking from here: {key_of('mark-range')} again where it ends", Role.ACCENT)

    def _mark_shown(self) -> None:
        state, marked = self._screen.state, self._marked
        self._anchor = None
        here = sum(id_ != state.view.guest and state.position(id_) is not None for id_ in marked)
        missing = state.view.fitting - here
        if marked and not missing:
            self._set(frozenset())
            self._screen.hint(f"{counted(len(marked), 'mark')} taken off", Role.ACCENT)
            return
        passed = {*marked, state.view.guest}
        more = (row.id for row in state.rows if row.id not in passed)
        self._set(marked | frozenset(islice(more, max(MARKS - len(marked), 0))))
        self._say(len(marked) + missing)

    def _say(self, wanted: int = 0) -> None:
        marked = len(self._marked)
        if not marked:
            self._screen.hint(
                "nothing is marked" if self._screen.state.rows else "nothing is shown", Role.DIM
            )
            return
        elsewhere = sum(id_ not in self._here for id_ in self._marked)
        parts = [f"{marked} of {wanted} marked, more cannot be" if wanted > marked else f"{marked} marked"]
        parts += [f"{elsewhere} of them not in this list"] if elsewhere else []
        keys = " ".join(map(key_of, _DECIDE))
        self._screen.hint(" · ".join([*parts, f"{keys} decide on them"]), Role.ACCENT)

    def _from_anchor(self, state: ReviewState) -> frozenset[str]:
        """Return the ids between where the range began and the cursor; none once it is not shown."""
        start, end = state.position(self._anchor), state.position(state.selected)
        if start is None or end is None:
            self._anchor = None
            return self._marked
        rows = state.rows[min(start, end) : max(start, end) + 1]
        room = max(MARKS - len(self._before), 0)
        return frozenset(row.id for row in (rows[:room] if start <= end else rows[-room:] if room else []))

    def _set(self, marked: frozenset[str]) -> None:
        if marked == self._marked:
            return
        new = marked - self._marked
        self._screen.state = state = with_facts(self._screen.state, marked=marked)
        kept = {id_: row for id_, row in self._here.items() if id_ in marked}
        found = (state.queue.row(id_) for id_ in new)
        self._here = {**kept, **{row.id: row for row in found if row is not None}}

    def _look_who_left(self, state: ReviewState) -> None:
        """Take the mark off what was in this list and is not any more, unless our judgement has done that."""
        marked, same = state.facts.marked, state.queue.filter == self._filter
        parts, self._rows, self._filter = self._rows.parts, state.queue.rows, state.queue.filter
        before = self._here if same else {}
        if marked:
            changed = {*self._rows.parts} ^ {*parts}
            touched = {row.id for part in changed for row in part.rows if row.id in marked}
            found = (self._rows.row_of(id_) for id_ in touched)
            kept = {id_: row for id_, row in self._here.items() if id_ in marked and id_ not in touched}
            self._here = kept | {row.id: row for row in found if row is not None and not row.gone}
        else:
            self._here = {}
        out = marked - self._here.keys() - self._judged  # a judged one may have left for not being flagged
        left = [row for id_, row in before.items() if id_ in out]
        if not left:
            return
        names = ", ".join(merchant_words(row) for row in left[:_NAMED])
        more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
        words = f"{counted(len(left), 'marked submission')} left the queue: {names}{more}"
        state = with_facts(state, marked=marked - {row.id for row in left})
        self._screen.state = replace(state, notices=state.notices.told(words, self._screen.now(), Role.WARN))

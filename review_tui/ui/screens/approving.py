"""Approving: at once, or as soon as the judgements that stand in its way have counted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import uuid4

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.foresight import foreseen
from review_tui.model.frozen import frozen
from review_tui.model.records import subject_of
from review_tui.model.submissions import Detail, Verb
from review_tui.ui.key_names import key_of
from review_tui.ui.render.decisions import about
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.screens.advancing import Advancing
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.state import next_to_go
from review_tui.workers.news import DecisionMoved, News

WAITS: Final = "Approve follows its judgements"

_BROKEN: Final = {
    Stage.TAKEN_BACK: "a judgement on it was taken back",
    Stage.ELSEWHERE: "a match of it was judged elsewhere",
    Stage.UNKNOWN: "it is not known whether a judgement on it counted",
}


@frozen
class _Wait:
    """What an approval was decided on, and the request ids of the judgements that have still to count."""

    request_id: str
    shown: Detail
    judgements: frozenset[str]
    broken: str = ""


class Approving:
    """Gives the commands that approve and take back; `at_the_desk` are those that do so at once.

    An approval that waits is bound to the submission as it was shown, with its matches judged as the
    reviewer has judged them: whatever else changes meanwhile, it is not sent. It stands in the state, under
    the submission's id, and is dropped by taking it out there.
    """

    def __init__(
        self, screen: Reviewing, advancing: Advancing, at_the_desk: Mapping[str, Callable[[], None]]
    ) -> None:
        self._screen = screen
        self._advancing = advancing
        self._at_the_desk = at_the_desk
        self._waits: dict[str, _Wait] = {}
        self.commands: Mapping[str, Callable[[], None]] = {"approve": self._approve, "undo": self._undo}

    def hear(self, unread: Sequence[News]) -> None:
        """Learn which judgements have counted, and which have come to another end."""
        for news in unread:
            if not isinstance(news, DecisionMoved) or not news.standing.stage.is_final:
                continue
            standing = news.standing
            for id_, wait in self._waits.items():
                if standing.intent.request_id in wait.judgements:
                    left = wait.judgements - {standing.intent.request_id}
                    self._waits[id_] = replace(wait, judgements=left, broken=wait.broken or _broken(standing))

    def follow(self) -> None:
        """Approve what has nothing in its way any more; say what cannot be approved."""
        for id_, wait in tuple(self._waits.items()):
            standing = self._screen.state.waiting.get(id_)
            if standing is None or standing.intent.request_id != wait.request_id:
                del self._waits[id_]
            elif wait.broken:
                self._end(standing, f"Not approved: {wait.broken}", Role.BAD)
            elif not wait.judgements and not self._is_busy(id_):
                self._send(standing, wait.shown)

    def _approve(self) -> None:
        situation = self._screen.situation
        row, detail, in_way = situation.row, situation.detail, situation.under_way
        if row is None or detail is None or not in_way:
            self._at_the_desk["approve"]()
            return
        shown = foreseen(detail, (one.intent for one in in_way))
        intent = Intent(Verb.APPROVE, row.id, self._screen.now(), request_id=str(uuid4()))
        standing = Standing(intent, Stage.HELD, WAITS, subject=subject_of(detail))
        self._waits[row.id] = _Wait(intent.request_id, shown, _request_ids(in_way))
        self._wait_for({**self._screen.state.waiting, row.id: standing})
        self._advancing.go_on()
        words = f"approve follows {counted(len(in_way), 'judgement')} that {_are(len(in_way))} under way"
        self._screen.hint(f"{words}: {key_of('undo')} takes it back", Role.ACCENT)

    def _undo(self) -> None:
        """Take back an approval that waits, if nothing newer is held."""
        newest = next_to_go(self._screen.state)
        if newest is not None and self._screen.state.waiting.get(newest.intent.submission_id) is newest:
            self._end(newest, "Taken back: your approve was not sent", Role.PLAIN)
            self._advancing.bring_back(newest)
        else:
            self._at_the_desk["undo"]()

    def _send(self, standing: Standing, shown: Detail) -> None:
        now = self._screen.now()
        why = self._screen.desk.decide(replace(standing.intent, at=now), shown=shown)
        if why:
            self._end(standing, f"Not approved: {why}", Role.BAD)
        else:
            self._wait_for(_without(self._screen.state.waiting, standing))

    def _end(self, standing: Standing, words: str, role: Role) -> None:
        """Forget an approval, and say so."""
        self._wait_for(_without(self._screen.state.waiting, standing))
        state = self._screen.state
        row = state.queue.row(standing.intent.submission_id, state.near)
        text = f"{plain(words)} · {about(standing, row)}"
        self._screen.state = replace(state, notices=state.notices.told(text, self._screen.now(), role))

    def _wait_for(self, waiting: Mapping[str, Standing]) -> None:
        self._screen.state = replace(self._screen.state, waiting=waiting)

    def _is_busy(self, submission_id: str) -> bool:
        return any(one.intent.submission_id == submission_id for one in self._screen.desk.open_decisions)


def _broken(standing: Standing) -> str:
    """Say how a judgement has come to nothing; empty where it counted."""
    if standing.stage is Stage.DONE:
        return ""
    return _BROKEN.get(standing.stage, "a judgement on it did not count")


def _request_ids(standings: Iterable[Standing]) -> frozenset[str]:
    return frozenset(one.intent.request_id for one in standings)


def _without(waiting: Mapping[str, Standing], gone: Standing) -> Mapping[str, Standing]:
    return {id_: one for id_, one in waiting.items() if one is not gone}


def _are(count: int) -> str:
    return "is" if count == 1 else "are"

"""From a key to many decisions: what is marked is read, the sheet confirmed, and the desk told."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from review_tui.model.bulk import MOST, Bulk
from review_tui.model.decisions import Intent, Standing
from review_tui.model.failures import Failure
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import ALLOWED_FROM, Detail, Row, Verb
from review_tui.ui.key_names import key_of
from review_tui.ui.plan import Entry, Known, Plan, plan_for
from review_tui.ui.reasons import Reason, templates_for
from review_tui.ui.render.bulk import BulkView, over_role, over_words
from review_tui.ui.render.line import Role
from review_tui.ui.screens.advancing import Advancing
from review_tui.ui.screens.deciding import Deciding
from review_tui.ui.screens.holding import Started
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.state import with_facts
from review_tui.workers.news import BulkMoved, DetailFailed, DetailRead, News

if TYPE_CHECKING:  # each dialog is loaded when it is first opened
    from review_tui.ui.screens.bulk import BulkScreen, PlanScreen

_OF_MANY: Final = ""
"""Under what the words for many are kept, where those for one are under its id."""


class Bulking:
    """Gives the commands that decide on all that is marked; where nothing is, they are those of `alone`.

    `start` runs a piece of work until it is over or cancelled.
    """

    def __init__(
        self,
        screen: Reviewing,
        start: Callable[[Coroutine[Any, Any, None]], Started],
        advancing: Advancing,
        deciding: Deciding,
        alone: Mapping[str, Callable[[], None]],
    ) -> None:
        self._screen = screen
        self._start = start
        self._advancing = advancing
        self._deciding = deciding
        self._alone = alone
        self._sheet: PlanScreen | None = None
        self._wanted: tuple[Verb, tuple[str, ...], str] = (Verb.APPROVE, (), "")
        self._by_hand = False
        self._readings: dict[str, Detail | Failure] = {}
        self._unread: set[str] = set()
        self._watched: BulkScreen | None = None
        self.commands: Mapping[str, Callable[[], None]] = {
            "approve": lambda: self._on_all_or_one("approve", Verb.APPROVE),
            "reject": lambda: self._on_all_or_one("reject", Verb.REJECT),
            "cancel": lambda: self._on_all_or_one("cancel", Verb.CANCEL),
            "false-positive": lambda: self._on_all_or_one("false-positive", Verb.RESOLVE),
            "bulk": self._open_bulk,
        }

    def hear(self, unread: Sequence[News]) -> None:
        """Take in what was read for the sheet, and how far a bulk has come."""
        for news in unread:
            match news:
                case DetailRead(detail) if detail.id in self._unread:
                    self._readings[detail.id] = replace(detail, raw=None)
                case DetailFailed(id_, failure) if id_ in self._unread:
                    self._readings[id_] = failure
                case BulkMoved(bulk):
                    self._take_in(bulk)
                case _:
                    pass
        if self._sheet is not None and self._unread & self._readings.keys():
            self._unread -= self._readings.keys()
            self._sheet.show(self._plan())

    def follow(self) -> None:
        """Show how far it has come where somebody looks."""
        bulk = self._screen.state.bulk
        if self._watched is not None and bulk is not None:
            self._watched.show(BulkView(bulk, self._screen.now()))

    def _take_in(self, bulk: Bulk) -> None:
        state, before = self._screen.state, self._screen.state.bulk
        began = before is None or before.places.keys() != bulk.places.keys()
        state = replace(state, bulk=bulk)
        if bulk.is_over and (began or before is None or not before.is_over):
            why = f": {bulk.stopped}" if bulk.stopped else ""
            words = f"{over_words(bulk)}{why} · {key_of('bulk')} shows each"
            state = replace(state, notices=state.notices.told(words, self._screen.now(), over_role(bulk)))
        self._screen.state = state
        if bulk.due is not None and (before is None or before.due != bulk.due):
            self._start(self._count_down())

    def _on_all_or_one(self, command: str, verb: Verb) -> None:
        marked = self._screen.state.facts.marked
        if not marked:
            self._alone[command]()
        elif len(marked) > MOST:
            self._screen.hint(f"{len(marked)} are marked: {MOST} can be decided on in one go")
        elif (bulk := self._screen.state.bulk) is not None and not bulk.is_over:
            self._screen.hint(
                f"the marked: what was decided on them is still under way, {key_of('bulk')} shows it"
            )
        elif verb in {Verb.REJECT, Verb.CANCEL}:
            self._ask(verb)
        else:
            self._open_sheet(verb, "")

    def _ask(self, verb: Verb) -> None:
        """Ask for the words once for all of them."""
        from review_tui.ui.screens.reason import ReasonScreen

        ids = self._ids()
        known = self._rows(ids)
        flows = {row.workflow for row in known.values()}
        flow = next(iter(flows)) if len(flows) == 1 else None
        canned = templates_for(verb, self._screen.preferences.reasons, flow)
        reasons = (*canned, *self._deciding.recent.of(verb, canned))
        drafts = self._deciding.drafts

        def answered(text: str | None) -> None:
            if text is not None:
                drafts.put(verb, _OF_MANY, text)
                self._by_hand = all(text != one.text for one in canned)
                self._open_sheet(verb, text)

        def left(text: str) -> None:
            if all(text != one.text for one in reasons):
                drafts.put(verb, _OF_MANY, text)

        self._screen.open_dialog(
            ReasonScreen(
                verb,
                None,
                reasons=reasons,
                text=drafts.get(verb, _OF_MANY),
                left=left,
                marked=len(ids),
            ),
            answered,
        )

    def _open_sheet(self, verb: Verb, template: str) -> None:
        """Read what is not read yet and show what would be sent."""
        from review_tui.ui.screens.bulk import PlanScreen

        ids = self._ids()
        self._wanted = (verb, ids, template)
        found = ((id_, self._screen.desk.cached(id_)) for id_ in ids)
        self._readings = {id_: replace(detail, raw=None) for id_, detail in found if detail}
        self._unread = {id_ for id_ in ids if id_ not in self._readings}
        self._screen.desk.gather([id_ for id_ in ids if id_ in self._unread])
        hold = self._screen.desk.hold.get(verb, 0.0)
        self._sheet = PlanScreen(self._plan(), waits=hold, template=template)

        def confirmed(plan: Plan | None) -> None:
            self._sheet, self._unread = None, set()
            self._screen.desk.gather([])
            self._unmark_decided()
            if plan is not None:
                self._send(plan, template)

        self._screen.open_dialog(self._sheet, confirmed)

    def _unmark_decided(self) -> None:
        """Take the mark off those that turned out to be decided already: the sheet has said so."""
        state, readings = self._screen.state, self._readings.items()
        open_in = ALLOWED_FROM[Verb.CANCEL]
        over = {id_ for id_, one in readings if isinstance(one, Detail) and one.status not in open_in}
        self._screen.state = with_facts(state, marked=state.facts.marked - over)

    def _send(self, plan: Plan, template: str) -> None:
        now, notes = self._screen.now(), self._screen.state.match_notes
        decided = [
            (intent, entry.detail)
            for entry in plan.sent
            if entry.detail is not None
            for intent in _intents(plan.verb, entry, now, notes)
        ]
        if why := self._screen.desk.decide_all(decided):
            self._screen.hint(f"the marked: {why}", Role.BAD)
            return
        self._deciding.drafts.put(plan.verb, _OF_MANY, "")
        if template and self._by_hand:
            self._deciding.recent.put(plan.verb, template)
        if plan.verb is not Verb.RESOLVE:
            self._deciding.decided(plan.verb, Reason(template, template))
        if any(entry.submission_id == self._screen.state.selected for entry in plan.sent):
            self._advancing.go_on()
            state = self._screen.state  # what is about to be sent is told, not where the cursor went
            self._screen.change(replace(state, notices=state.notices.after_key()))

    def _open_bulk(self) -> None:
        from review_tui.ui.screens.bulk import BulkScreen

        bulk = self._screen.state.bulk
        if bulk is None:
            return

        def closed(_: None) -> None:
            self._watched = None

        self._watched = BulkScreen(BulkView(bulk, self._screen.now()), self._screen.desk.stop_the_rest)
        self._screen.open_dialog(self._watched, closed)

    def _ids(self) -> tuple[str, ...]:
        """Return what is marked: as it is shown, then what else is loaded, then the rest."""
        state = self._screen.state
        marked = state.facts.marked
        order = dict.fromkeys(row.id for row in state.rows if row.id in marked)
        order |= dict.fromkeys(row.id for row in state.queue.rows if row.id in marked)
        return tuple(order | dict.fromkeys(sorted(marked)))

    def _rows(self, ids: Sequence[str]) -> Mapping[str, Row]:
        wanted = set(ids)
        return {row.id: row for row in self._screen.state.queue.rows if row.id in wanted}

    def _plan(self) -> Plan:
        verb, ids, template = self._wanted
        under_way: dict[str, list[Standing]] = {}
        for one in self._screen.desk.open_decisions:
            under_way.setdefault(one.intent.submission_id, []).append(one)
        for id_, one in self._screen.state.waiting.items():
            under_way.setdefault(id_, []).append(one)
        return plan_for(verb, ids, Known(self._rows(ids), self._readings, under_way), template)

    async def _count_down(self) -> None:
        clock = self._screen.desk.clock
        while (bulk := self._screen.state.bulk) is not None and bulk.due is not None:
            left = bulk.due - clock.now()
            if left <= timedelta():
                return
            await clock.sleep((left % timedelta(seconds=1) or timedelta(seconds=1)).total_seconds())
            self._screen.show_state()


def _intents(verb: Verb, entry: Entry, now: datetime, notes: Mapping[tuple[str, str], str]) -> list[Intent]:
    """Return what is sent on one of the marked: one decision, or a judgement of each open match."""
    id_ = entry.submission_id
    if verb is not Verb.RESOLVE:
        return [Intent(verb, id_, now, reason=None if verb is Verb.APPROVE else entry.reason)]
    judged = Resolution.FALSE_POSITIVE
    return [
        Intent(verb, id_, now, match_id=match, resolution=judged, note=notes.get((id_, match)))
        for match in entry.match_ids
    ]

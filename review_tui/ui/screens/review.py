"""The review screen: the only owner of the state, changed by news and keys, shown to the panes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import ClassVar, Final, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen

from review_tui.model.ages import Oldest
from review_tui.model.preferences import Preferences
from review_tui.ui.commands import Place, bindings
from review_tui.ui.copies import Copies
from review_tui.ui.keymap import Keymap
from review_tui.ui.layout import Layout
from review_tui.ui.render.chrome import (
    banner_of,
    counts_line,
    header_line,
    key_line,
    making_line,
    no_further,
    oldest_line,
    pinned_line,
    status_line,
)
from review_tui.ui.render.filtering import prompt_line, prompt_note
from review_tui.ui.render.line import Role
from review_tui.ui.saying import can_be_stopped, countdown_at, notice_at
from review_tui.ui.screens.advancing import Advancing
from review_tui.ui.screens.approving import Approving
from review_tui.ui.screens.beginning import Beginning, Pictures
from review_tui.ui.screens.bulking import Bulking
from review_tui.ui.screens.copying import Copying
from review_tui.ui.screens.deciding import Deciding
from review_tui.ui.screens.doubting import Doubting
from review_tui.ui.screens.filtering import Filtering
from review_tui.ui.screens.finding import Finding
from review_tui.ui.screens.hiding import Hiding
from review_tui.ui.screens.holding import Holding
from review_tui.ui.screens.jobs import Jobs
from review_tui.ui.screens.judging import Judging
from review_tui.ui.screens.laying import Laying
from review_tui.ui.screens.loading import Loading
from review_tui.ui.screens.looking import Looking
from review_tui.ui.screens.marking import Marking
from review_tui.ui.screens.noting import Noting
from review_tui.ui.screens.numbers import Numbers
from review_tui.ui.screens.resuming import Resuming
from review_tui.ui.screens.viewing import Viewing
from review_tui.ui.shown import detail_parts, detail_view, needs_no_look, queue_parts, queue_view, same_minute
from review_tui.ui.situation import Focus, Situation
from review_tui.ui.state import BETWEEN, ReviewState, after_news, at_a_time, moved_to, with_facts
from review_tui.ui.terminal.seen import Seen
from review_tui.ui.widgets.chrome import Bar, Divider, StatusBar, TooSmall
from review_tui.ui.widgets.covered import CoverableScreen
from review_tui.ui.widgets.detail import DetailPane, MatchedWanted
from review_tui.ui.widgets.queue import QueuePane
from review_tui.workers.face import DeskFace
from review_tui.workers.memory import Memory
from review_tui.workers.news import News
from review_tui.workers.notebook import Notebook

_Answer = TypeVar("_Answer")

MINUTE: Final = 60.0
"""Seconds between two looks at how old everything is."""


class ReviewScreen(CoverableScreen[None], inherit_bindings=False):
    """Queue, detail and status line of one reviewer at one desk."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SCREEN)]
    AUTO_FOCUS = "#queue-rows"

    class NewsCame(Message):
        """The desk told something; what it told within a moment is taken in and drawn at once."""

    def __init__(  # noqa: PLR0913 – one name for each thing a screen is made of
        self,
        desk: DeskFace,
        *,
        downloads: Path,
        now: Callable[[], datetime],
        preferences: Preferences,
        memory: Memory,
        notebook: Notebook,
        copies: Copies,
        seen: Seen,
        last_time: Pictures | None = None,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.now = now
        self.server_now: Callable[[], datetime] = lambda: now() + desk.clock_offset()
        self.preferences = preferences
        self.keymap = Keymap(preferences.keys)
        self.memory = memory
        self.state = ReviewState()
        self.seen = seen
        self._unread: list[News] = []
        self._drawn: ReviewState | None = None
        self._drawn_at = now()
        self._header = Bar(id="header")
        self._views = Bar(id="views")
        self._status = StatusBar(id="status")
        self._keys = Bar(id="keys")
        self._oldest = Oldest()
        self._banner = banner_of(preferences)
        self._queue = QueuePane(now(), self.move_cursor, id="queue")
        self._detail = DetailPane(seen.selected_anew, id="detail")
        self.beginning = Beginning(self, self._queue, last_time)
        self._advancing = Advancing(self)
        self._deciding = Deciding(self, self._advancing)
        self._looking = Looking(self, downloads)
        self._loading = Loading(self)
        self._laying = Laying(self, lambda: self.app.size, self._lay_out)
        start = partial(self.run_worker, exit_on_error=False)
        self.holding = Holding(self, start, self._advancing.bring_back)
        self.viewing = Viewing(self, start)
        self._hiding = Hiding(self, notebook, start, self._advancing.go_on)
        self._noting = Noting(self, notebook, start)
        self._numbers = Numbers(self, notebook, start)
        self._jobs = Jobs(self, downloads, copies, start)
        self._judging = Judging(self, self._noting.commands["note"])
        at_the_desk = {**self._deciding.commands, **self.holding.commands}
        self._approving = Approving(self, self._advancing, at_the_desk)
        self._marking = Marking(self)
        alone = {**self._deciding.commands, **self._judging.commands, **self._approving.commands}
        self._bulking = Bulking(self, start, self._advancing, self._deciding, alone)
        self._copying = Copying(self, copies, start)
        self.filtering = Filtering(self, self._status, self.viewing)
        self._finding = Finding(self, self.filtering, start, self.action_command)
        self._resuming = Resuming(self, start, self.filtering.show, self._advancing.came_up)

    def compose(self) -> ComposeResult:
        """Put the panes between the lines of the chrome, laid out from the first frame on."""
        self._lay_out()
        yield TooSmall(id="too-small")
        yield self._header
        yield self._views
        with Container(id="body"):
            yield self._queue
            yield Divider(id="divider")
            yield self._detail
        yield self._status
        yield self._keys

    def on_mount(self) -> None:
        """Start to listen; the desk itself is run by the app."""
        self.state = replace(self.state, queue=replace(self.state.queue, filter=self.desk.filter))
        self.state = with_facts(self.state, doubts=self.preferences.doubts)
        self.desk.subscribe(self._hear)
        self._advancing.begin()
        self._resuming.begin()
        self._noting.begin(self.call_later)
        self.set_interval(MINUTE, self.show_state)
        self.show_state()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the panes for the new size; each draws itself anew for its own."""
        self._lay_out(event.size)
        if self.focused is None and not self.has_class(f"-{Layout.TINY}"):  # whoever is hidden loses it
            self.set_focus(self._detail.body if self.has_class("-reading") else self._queue.rows)
        self._show_chrome(self.now())

    def _lay_out(self, size: Size | None = None) -> None:
        chosen = self._laying.layout(size or self.app.size)
        for layout in Layout:
            self.set_class(layout is chosen, f"-{layout}")

    @property
    def detail_pane(self) -> DetailPane:
        """The pane that knows which match and which file are chosen."""
        return self._detail

    @property
    def situation(self) -> Situation:
        """What a command given now would act on."""
        row, under_way = self.state.row, self.desk.open_decisions
        return Situation(
            focus=Focus.QUEUE if self.focused in {None, self._queue.rows} else Focus.DETAIL,
            tab=self._detail.tab,
            row=row,
            detail=self.state.detail,
            match=self._detail.selected_match,
            file=self._detail.selected_file,
            under_way=tuple(one for one in under_way if row and one.intent.submission_id == row.id),
            undoable=bool(self.state.waiting)
            or can_be_stopped(self.state.bulk)
            or any(one.stage.is_unsent and not one.earlier for one in under_way),
            follows=self.state.selected in self.state.waiting,
            outbox=len(self.state.outbox) + len(self.state.waiting),
            off=self.desk.deciding_off,
            doubts=self.preferences.doubt_limits(row.workflow if row else None),
            contract=self.state.contract,
            again=self._deciding.last,
            marked=len(self.state.facts.marked),
            many=self.state.bulk is not None,
            many_to_go=can_be_stopped(self.state.bulk),
            all_loaded=self.state.queue.complete,
            now=self.now(),
        )

    def move_cursor(self, step: int) -> None:
        """Move the cursor by rows: the new row, its detail and the status line in one frame."""
        self._resuming.touch()
        near = self.state.position(self.state.selected) or 0
        self.change(moved_to(self.state, near + step))

    def change(self, state: ReviewState) -> None:
        """Make `state` the state and show it; a newly selected submission is asked for."""
        before, self.state = self.state, state
        chosen = state.selected if state.selected != before.selected else None
        if chosen and state.detail is None:
            self.state = replace(state, detail=self.desk.cached(chosen))
        self.show_state()
        if chosen:
            self.seen.selected_anew()
            self._advancing.selected()

    def hint(self, text: str, role: Role = Role.WARN) -> None:
        """Answer a key on the status line, until the next one."""
        self.change(replace(self.state, notices=self.state.notices.hinted(text, self.now(), role)))

    def show_state(self) -> None:
        """Hand the state to those who show it; each sends no more than the cells that differ."""
        keeping = (self._hiding, self._noting, self._numbers, self._advancing, self._marking, self.beginning)
        rest = (self._loading, self.viewing, self._resuming, self._approving, self._bulking)
        for feature in (*keeping, *rest):
            feature.follow()
        state, before, now, then = self.state, self._drawn, self.now(), self._drawn_at
        later = before is None or not same_minute(now, then)
        self._drawn, self._drawn_at = state, now
        if later or before is None or queue_parts(state, now) != queue_parts(before, then):
            queue = queue_view(state, now, self.server_now(), self.preferences)
            self._queue.show(self.beginning.shown(queue))
        if state.unseen and self._queue.rows.is_at_top:
            self.state = self._drawn = replace(state, unseen=0)
        if later or before is None or detail_parts(state) != detail_parts(before):
            self._detail.show(detail_view(self.state, self.server_now(), self.preferences))
        self._show_chrome(now)
        self.holding.follow()

    def _hear(self, news: News) -> None:
        self._unread.append(news)
        if len(self._unread) == 1:
            self.post_message(self.NewsCame())

    def _show_chrome(self, now: datetime) -> None:
        state, desk, width = self.state, self.desk, self.size.width
        pinned = pinned_line(tuple(state.outbox.values()), off=bool(desk.deciding_off))
        listed = counts_line(
            state.queue,
            state.view,
            state.loading,
            unseen=state.unseen,
            unreadable=state.unreadable,
            place=state.position(state.selected),
            started=state.started,
            expected=self._loading.expected,
        )
        waits, there, exact = self._oldest.of(state.queue.rows), self.server_now(), state.queue.complete
        oldest = oldest_line(waits, there, self.preferences, exact=exact)
        who = (desk.company, desk.server, desk.key_hint)
        right = (*pinned, *making_line(self.viewing.making), *self.beginning.counted(listed))
        self._header.say(header_line(who, oldest, right, width, self._banner))
        said, going = notice_at(state, now), countdown_at(state, now)
        self._views.say(self.filtering.views_line(width))
        if prompt := self.filtering.prompt:
            self._status.say(prompt_line(prompt, width))
            self._keys.say(prompt_note(prompt, width))
            return
        told = (going, self.seen.link, self._jobs.needing)
        self._status.say(status_line(said, state.freshness, now.tzinfo, width, *told))
        self._keys.say(key_line(self.situation, width, self.keymap))

    def on_review_screen_news_came(self) -> None:
        """Take in what the desk told, as much as a key can wait for."""
        unread, self._unread = at_a_time(self._unread)
        if self._unread:
            self.set_timer(BETWEEN, lambda: self.post_message(self.NewsCame()))
        self._resuming.hear()
        kept = (self._hiding, self._noting, self._numbers, self._jobs, self._judging, self._marking)
        for feature in (*kept, self._approving, self._bulking):
            feature.hear(unread)
        state, now = self.state, self.now()
        for news in unread:
            state = after_news(state, news, now)
        if needs_no_look(unread, state, self.state, more=bool(self._unread)):
            self.state = state
        else:
            self.change(state)

    def on_matched_wanted(self, message: MatchedWanted) -> None:
        """Ask for the submission that the shown fraud match points at."""
        wanted = message.submission_id
        if wanted not in self.state.watched:
            self.state = replace(self.state, watched=self.state.watched | {wanted})
            self.desk.watch(wanted)

    def on_key(self, event: events.InputEvent) -> None:
        """Take back what answered the key before; the key itself goes on to its command."""
        del event
        self._resuming.touch()
        if self.state.notices.hint:
            self.state = replace(self.state, notices=self.state.notices.after_key())
            self.app.call_later(self.app.call_later, self.show_state)  # after the command: one frame for both

    on_mouse_down = on_key

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Name the keys of the pane that has the keyboard now."""
        if event.widget in {self._queue.rows, self._detail.body}:
            self.set_class(event.widget is self._detail.body, "-reading")
        self._show_chrome(self.now())

    def action_command(self, command_id: str) -> None:
        """Give a command of the table, or say why not; none where the window shows nothing."""
        if self.has_class(f"-{Layout.TINY}"):
            return
        command = self.keymap.by_id[command_id]
        if (why := command.why_disabled(self.situation)) and not (command.asks and self.state.row):
            self.hint(f"{command.words}: {why}")
            if command_id == "approve":
                self._deciding.go_to_open_match()
            return
        self._commands[command_id]()
        self.show_state()

    @cached_property
    def _commands(self) -> Mapping[str, Callable[[], object]]:
        return {
            **self._deciding.commands,
            **self._advancing.commands,
            **self.holding.commands,
            **self._looking.commands,
            **self._loading.commands,
            **self._laying.commands,
            **self.filtering.commands,
            **self._marking.commands,
            **self._copying.commands,
            **self._finding.commands,
            **self._hiding.commands,
            **self._noting.commands,
            **self._numbers.commands,
            **self._jobs.commands,
            **self._judging.commands,
            **Doubting(self).commands,
            **self._approving.commands,
            **self._bulking.commands,
            "open": self.read,
            "back": self._go_back,
            "next": lambda: self._turn(1),
            "previous": lambda: self._turn(-1),
            "next-submission": lambda: self._step(1),
            "previous-submission": lambda: self._step(-1),
        }

    def _step(self, step: int) -> None:
        """Go to the next submission, or say that there is none: the queue may be hidden."""
        before, queue = self.state.selected, self.state.queue
        self.move_cursor(step)
        if self.state.selected == before:
            self.hint(no_further(queue, step), Role.DIM)

    def read(self) -> None:
        """Give the keyboard to the detail, which fills the window where only one pane fits."""
        self.add_class("-reading")
        self.set_focus(self._detail.body)

    def go_on(self) -> None:
        """Give the keyboard back to the queue where it is in sight, so that the next key can go on."""
        if not self.has_class(f"-{Layout.SINGLE}"):
            self._go_back()

    def open_dialog(
        self, dialog: Screen[_Answer], answered: Callable[[_Answer | None], None] | None = None
    ) -> None:
        """Put a dialog over the screen; `answered` takes what it gives, None when it was left."""
        self.app.push_screen(dialog, answered)

    def _go_back(self) -> None:
        self.remove_class("-reading")
        self.set_focus(self._queue.rows)

    def _turn(self, step: int) -> None:
        if self.situation.focus is Focus.QUEUE:
            if self.state.row is not None:
                self.read()
        elif not self._detail.next_tab(step):
            self._go_back()

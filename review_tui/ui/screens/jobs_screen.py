"""The jobs screen: the list of three systems' jobs, what is known of the selected one, its keys."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.geometry import Size
from textual.screen import Screen

from review_tui.ui.commands import key_name
from review_tui.ui.commands.jobs import AT_JOBS, JobCommand, JobKeys, JobsSituation
from review_tui.ui.job_asking import KNOWN
from review_tui.ui.layout import Layout, layout_of
from review_tui.ui.render.chrome import notice_line
from review_tui.ui.render.job_detail import JobTab
from review_tui.ui.render.jobs_chrome import (
    instead_of_jobs,
    jobs_header,
    jobs_keys,
    listing_words,
    systems_line,
)
from review_tui.ui.render.line import Role
from review_tui.ui.render.wrapping import spread
from review_tui.ui.screens.jobs_acting import Acting
from review_tui.ui.screens.jobs_finding import Finding
from review_tui.ui.screens.jobs_help import JobsHelp
from review_tui.ui.screens.jobs_watching import WatchingJobs
from review_tui.ui.screens.jobs_writing import Writing, Written
from review_tui.ui.widgets.chrome import Bar, Divider, StatusBar, TooSmall
from review_tui.ui.widgets.covered import CoverableScreen
from review_tui.ui.widgets.jobs import JobPane, JobView, ListPane, ListView

MINUTE = 60.0
"""Seconds between two looks at how old everything is."""


class JobsScreen(CoverableScreen[None], inherit_bindings=False):
    """Shows the state that `jobs` keeps, and gives the commands of its own table."""

    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS = "#jobs-rows"

    def __init__(self, jobs: WatchingJobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._keys = JobKeys({one.id: one.keys for one in jobs.screen.keymap.commands})
        self._header = Bar(id="jobs-header")
        self._systems = Bar(id="jobs-systems")
        self._status = StatusBar(id="jobs-status")
        self._key_line = Bar(id="jobs-keys")
        self._list = ListPane(jobs.screen.now(), self._move, id="jobs-list")
        self._pane = JobPane(id="job")
        self._writing = Writing(self._status, self.draw)
        self._acting = Acting(jobs, self._open_dialog, self._read, self._name_of("undo"))
        self._finding = Finding(jobs, self._keys, lambda: self.situation, self._open_dialog, self._give_by_id)
        self._commands: Mapping[str, Callable[[], None]] = {
            **self._acting.commands,
            **self._finding.commands,
            "fetch": self._fetch,
            "read": self._read,
            "next": partial(self._turn, 1),
            "previous": partial(self._turn, -1),
            "back": self._go_back,
            "filter": self._write_words,
            "next-hit": partial(self._choose_hit, 1),
            "previous-hit": partial(self._choose_hit, -1),
            "list": self._write_list,
            "help": self._help,
            "leave": self._leave,
        }

    def compose(self) -> ComposeResult:
        """Put the panes between the lines of the chrome, laid out from the first frame on."""
        self._lay_out(self.app.size)
        yield TooSmall(id="jobs-too-small")
        yield self._header
        yield self._systems
        with Container(id="jobs-body"):
            yield self._list
            yield Divider(id="jobs-divider")
            yield self._pane
        yield self._status
        yield self._key_line

    def on_mount(self) -> None:
        """Show what is known, and every minute how old it is."""
        self.set_interval(MINUTE, self.draw)
        self.draw()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the panes for the new size."""
        self._lay_out(event.size)
        self.draw()

    def _lay_out(self, size: Size) -> None:
        chosen = layout_of(*size)
        for layout in Layout:
            self.set_class(layout is chosen, f"-{layout}")

    @property
    def situation(self) -> JobsSituation:
        """What a command given now would act on."""
        state = self._jobs.state
        page = state.listing.page if state.listing else None
        return JobsSituation(
            jobs=state.known,
            row=state.row,
            lists=state.listing is not None,
            earlier=state.listing is not None and state.listing.asked.offset > 0,
            later=page is not None and page.next_offset is not None,
            reading=self.focused is self._pane.body,
            hits=len(hits.searched.found.places) if (hits := self._acting.hits) else 0,
            forgotten=len(state.forgotten),
            fetching=self._acting.is_fetching,
            cannot_cancel=self._jobs.screen.desk.deciding_off,
            cannot_list="" if self._acting.lister else "no system that is configured lists its jobs",
        )

    def draw(self) -> None:
        """Show the state as it is now; each pane sends no more than the cells that differ."""
        if not self.is_attached:
            return
        state, now, width = self._jobs.state, self._jobs.screen.now(), self.size.width
        where = listing_words(state.listing)
        names = {one.id: self._name_of(one.id) for one in AT_JOBS}
        room = self._list.size.width or width
        instead = tuple(
            () if state.rows else instead_of_jobs(state.known, state.listing, state.words, names, room)
        )
        self._list.rows.show(ListView(now, state.rows, state.selected, state.near, instead))
        row = state.row
        fetched = state.fetched.get(row.key) if row else None
        self._pane.show(JobView(now, row, fetched, state.searched, self._acting.hits, names))
        self._header.say(jobs_header(state.known, len(state.rows), where, state.words, width))
        self._systems.say(systems_line(state.known, width, now))
        if written := self._writing.lines(width):
            self._status.say(written[0])
            self._key_line.say(written[1])
            return
        shown = state.notices.shown
        notice = notice_line(shown, now.tzinfo) if shown else ()
        failure = state.known.not_kept
        lasting = ((f"! not remembered: {failure.title}", Role.WARN),) if failure else ()
        self._status.say(spread(notice, lasting, width))
        self._key_line.say(jobs_keys(self._keys, self.situation, width))

    def _name_of(self, command_id: str) -> str:
        """Name the first key of a command."""
        command = next(one for one in AT_JOBS if one.id == command_id)
        return key_name((*self._keys.keys_of(command), "?")[0])

    def on_key(self, event: events.Key) -> None:
        """Give the command that has this key; keys that move go on to the pane."""
        if self._writing.is_open:  # the keyboard is nowhere while the terminal is not looked at
            event.stop()
            event.prevent_default()
            self._writing.press(event)
            return
        command = self._keys.by_key.get(event.key)
        self._jobs.opening.forget()
        if self._jobs.state.notices.hint:
            self._jobs.change(replace(self._jobs.state, notices=self._jobs.state.notices.after_key()))
        if command is None:
            return
        event.stop()
        event.prevent_default()
        if self.has_class(f"-{Layout.TINY}") and command.id != "leave":
            return
        self._give(command)

    def _give_by_id(self, command_id: str) -> None:
        self._give(next(command for command in AT_JOBS if command.id == command_id))

    def _give(self, command: JobCommand) -> None:
        if why := command.why_disabled(self.situation):
            self._jobs.say(f"{command.words}: {why}")
        else:
            self._commands[command.id]()
            self.draw()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Name the keys of the pane that has the keyboard now."""
        if event.widget in {self._list.rows, self._pane.body}:
            self.set_class(event.widget is self._pane.body, "-reading")
        self.draw()

    def _move(self, step: int) -> None:
        self._jobs.change(self._jobs.state.moved(step))

    def _read(self) -> None:
        if self._jobs.state.row is not None:
            self.add_class("-reading")
            self.set_focus(self._pane.body)

    def _fetch(self) -> None:
        self._pane.open_tab(JobTab.RESULT)
        if self.has_class(f"-{Layout.SINGLE}"):
            self._read()
        self._acting.commands["fetch"]()

    def _go_back(self) -> None:
        self.remove_class("-reading")
        self.set_focus(self._list.rows)

    def _turn(self, step: int) -> None:
        if self.focused is not self._pane.body:
            self._read()
        elif not self._pane.next_tab(step):
            self._go_back()

    def _choose_hit(self, step: int) -> None:
        hits = self._jobs.state.hits
        if hits is not None:
            self._jobs.change(replace(self._jobs.state, hits=hits.moved(step)))

    def _leave(self) -> None:
        """Go back by one step: from what was looked for, from a system's list, else to the review."""
        state = self._jobs.state
        if self._pane.body.has_focus and (self._acting.hits or state.searched):
            self._acting.look_for("")
        elif state.words:
            self._jobs.change(replace(state, words=""))
        elif state.listing is not None:
            self._jobs.change(replace(state, listing=None))
        else:
            self._jobs.close()

    def _open_dialog(self, dialog: Screen[Any], answered: Callable[[Any], None] = lambda _: None) -> None:
        self.app.push_screen(dialog, answered)

    def _help(self) -> None:
        closing = next(self._keys.keys_of(one) for one in AT_JOBS if one.id == "help")
        self._open_dialog(JobsHelp(self._keys, self.situation, closing))

    def _write_words(self) -> None:
        """Write what the list is to show; in a result, what is looked for."""
        jobs = self._jobs
        if self.focused is self._pane.body and self._pane.tab is JobTab.RESULT:
            self._write_search()
            return
        before = jobs.state.words

        def show(text: str) -> None:
            jobs.change(replace(jobs.state, words=text.strip()))

        help_ = "words such as pulse failed -invoice"
        self._writing.begin(Written("/", help_, live=show, left=lambda: show(before)), _continued(before))

    def _write_search(self) -> None:
        """Write what is looked for in results."""
        jobs = self._jobs
        before = jobs.state.searched
        if (result := self._acting.result) is not None and result.is_large:
            words = self._acting.hits.searched.words if self._acting.hits else before
            help_ = "what to look for in the whole file"
            self._writing.begin(Written("/", help_, done=self._acting.look_for), _continued(words))
            return

        def show(text: str) -> None:
            jobs.change(replace(jobs.state, searched=text.strip()))

        help_ = "what to look for in the result"
        self._writing.begin(Written("/", help_, live=show, left=lambda: show(before)), _continued(before))

    def _write_list(self) -> None:
        """Write what a system is to list."""
        self._go_back()
        lister = self._acting.lister
        lead = f"{lister.label if lister else ''} lists: "
        self._writing.begin(Written(lead, KNOWN, done=self._acting.list_as_written), self._acting.listed)


def _continued(text: str) -> str:
    return f"{text} " if text else ""

"""Lines that are written at the jobs: a filter, a word to look for, what a system is to list."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from textual import events
from textual.widget import Widget

from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.filtering import Prompt, prompt_line
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.text import plain
from review_tui.ui.screens.dialog import BACK
from review_tui.ui.widgets.chrome import StatusBar


@dataclass(frozen=True)
class Written:
    """A line that is being written.

    `lead` says what for and `help` what may be written; `live` hears every change, `done` takes the whole and
    says what is wrong with it; `left` hears that nothing was wanted after all.
    """

    lead: str
    help: str
    done: Callable[[str], str | None] = lambda _: None
    live: Callable[[str], None] = lambda _: None
    left: Callable[[], None] = lambda: None
    draft: Draft = field(default_factory=Draft)
    problem: str = ""


class Writing:
    """Takes keys as text in the status bar until enter or a key that goes back; `draw` shows what stands."""

    def __init__(self, bar: StatusBar, draw: Callable[[], None]) -> None:
        self._bar = bar
        self._draw = draw
        self._written: Written | None = None
        self._came_from: Widget | None = None

    def begin(self, written: Written, text: str = "") -> None:
        """Write a line, starting with `text`."""
        self._written = replace(written, draft=Draft.of(text))
        self._came_from = self._bar.screen.focused
        self._bar.take_keys(self.press, self._paste)
        self._draw()

    @property
    def is_open(self) -> bool:
        """Whether a line is being written."""
        return self._written is not None

    def lines(self, width: int) -> tuple[Line, Line] | None:
        """Return the line and what is said under it; None where nothing is being written."""
        written = self._written
        if written is None:
            return None
        note: Line = ((plain(written.help), Role.DIM), ("  enter", Role.KEY), (" keeps  ", Role.DIM))
        note = (*note, ("esc", Role.KEY), (" back", Role.DIM))
        if written.problem:
            note = ((f"✗ {plain(written.problem)}", Role.BAD),)
        return prompt_line(Prompt(written.lead, written.draft), width), clipped(note, width)

    def press(self, event: events.Key) -> None:
        """Take a key as text."""
        written = self._written
        if written is None:
            return
        draft = written.draft
        if event.key in BACK or (event.key == "backspace" and not draft.text):
            self._end()
            written.left()
        elif event.key == "enter":
            self._confirm(written)
        elif (edit := EDITS.get(event.key)) is not None:
            self._take(edit(draft))
        elif event.is_printable and event.character is not None:
            self._take(draft.put(event.character)[0])

    def _paste(self, text: str) -> None:
        if self._written is not None:
            self._take(self._written.draft.put(" ".join(text.split()))[0])

    def _take(self, draft: Draft) -> None:
        if self._written is not None:
            self._written = replace(self._written, draft=draft, problem="")
            self._written.live(draft.text)
            self._draw()

    def _confirm(self, written: Written) -> None:
        problem = written.done(written.draft.text.strip())
        if problem is None:
            self._end()
        else:
            self._written = replace(written, problem=problem)
            self._draw()

    def _end(self) -> None:
        self._written = None
        self._bar.screen.set_focus(self._came_from)
        self._bar.give_back()
        self._draw()

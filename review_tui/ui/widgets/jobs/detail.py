"""What is known of one job: its head with the tabs, and what the chosen tab shows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import UTC, datetime

from textual.app import ComposeResult
from textual.widget import Widget

from review_tui.model.frozen import frozen
from review_tui.model.wire import Json
from review_tui.ui.job_rows import Fetched, Hits, JobRow
from review_tui.ui.render.growing import GrowingLines
from review_tui.ui.render.job_detail import JobTab, job_lines, job_title, tabs_line
from review_tui.ui.render.job_hits import hit_lines
from review_tui.ui.render.job_results import result_lines, saved_lines
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.raw import RawText
from review_tui.ui.widgets.lines import LineView

_TABS = tuple(JobTab)


@frozen
class JobView:
    """What the pane shows: `row` is None where nothing is selected; `words` are looked for in the result.

    `hits` are where they stand in its file. `keys` are the names of keys by what they do.
    """

    now: datetime
    row: JobRow | None = None
    fetched: Fetched | None = None
    words: str = ""
    hits: Hits | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


class JobBody(LineView, can_focus=True):
    """The lines of one tab, made as far as one scrolls; `draw` is called when size or focus changed."""

    def __init__(self, draw: Callable[[], None], *, id: str | None = None) -> None:  # noqa: A002 – Textual's name
        super().__init__(id=id)
        self._draw = draw
        self._growing: GrowingLines | None = None

    def show_growing(self, growing: GrowingLines, *, top: int) -> None:
        """Show lines that grow, scrolled to `top`."""
        self._growing = growing
        self.scroll_top(top)

    def line_count(self) -> int:
        """The number of lines there are to scroll through, as far as is known."""
        return self._growing.count if self._growing else 0

    def line_at(self, index: int) -> Line:
        """Return one line."""
        return self._growing.line(index) if self._growing else EMPTY

    def scroll_top(self, top: int) -> None:
        """Bring the line `top` to the upper edge, as far as there are lines."""
        if self._growing:
            self._growing.reach(max(top, 0) + self.outer_size.height)
        super().scroll_top(top)

    def sized(self) -> None:
        """Have the lines drawn for another size."""
        self._draw()

    def action_to_end(self, step: int) -> None:
        """Scroll to the first line (-1) or the last one (1)."""
        if self._growing and step > 0:
            self._growing.reach(10**6)
        super().action_to_end(step)

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 – Textual's signature
        """Show by the tabs where the keyboard is."""
        super().watch_has_focus(_has_focus)
        self._draw()


class JobPane(Widget):
    """Shows the selected job; keeps its tab from one to the next."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 – Textual's name
        super().__init__(id=id)
        self._view = JobView(datetime.fromtimestamp(0, UTC))
        self._tab = JobTab.JOB
        self._tops: dict[JobTab, int] = {}
        self._head = LineView(id="job-head")
        self._made: tuple[object, GrowingLines] | None = None
        self._chosen_at: int | None = None
        self._revealed: object = None
        self.body = JobBody(self._draw, id="job-body")

    def compose(self) -> ComposeResult:
        """Put the head above the body."""
        yield self._head
        yield self.body

    @property
    def tab(self) -> JobTab:
        """The tab that is shown."""
        return self._tab

    def show(self, view: JobView) -> None:
        """Show this view; the scroll position stays while the job is the same."""
        before, self._view = self._view, view
        if (before.row and before.row.id) != (view.row and view.row.id):
            self._tops.clear()
            self.body.top = 0
        elif before.words != view.words:
            self.body.top = 0
        self._draw()

    def open_tab(self, tab: JobTab) -> None:
        """Go to a tab, where it was left."""
        if tab is not self._tab:
            self._tops[self._tab] = self.body.top
            self._tab = tab
            self.body.top = self._tops.get(tab, 0)
            self._draw()

    def next_tab(self, step: int) -> bool:
        """Go to the next (1) or previous (-1) tab; False past an end, where nothing happens."""
        index = _TABS.index(self._tab) + step
        if not 0 <= index < len(_TABS):
            return False
        self.open_tab(_TABS[index])
        return True

    def _draw(self) -> None:
        width = self.body.outer_size.width  # hidden, it keeps what it will be shown with
        if not width:
            return
        view, row = self._view, self._view.row
        cursor = Role.CURSOR if self.body.has_focus else Role.TITLE
        head = (job_title(row, width), tabs_line(self._tab, width, cursor)) if row else (EMPTY, EMPTY)
        self._head.show_lines(head)
        parts = self._parts(width)
        if self._made is None or self._made[0] != parts:
            self._made = (parts, self._lines(view, width))
        self.body.show_growing(self._made[1], top=self.body.top)
        self._reveal_the_chosen()

    def _reveal_the_chosen(self) -> None:
        """Bring the place that was chosen into sight, once."""
        hits = self._view.hits if self._tab is JobTab.RESULT else None
        told = hits.searched if hits else None
        chosen = None if hits is None or told is None else (told.key, told.words, hits.chosen)
        if chosen != self._revealed:
            self._revealed = chosen
            if self._chosen_at is not None:
                self.body.reveal(self._chosen_at)

    def _parts(self, width: int) -> object:
        """Return all that decides on the lines of the tab that is shown."""
        view = self._view
        if self._tab is JobTab.JOB:
            return self._tab, width, view.row, view.now.replace(second=0, microsecond=0)
        if self._tab is JobTab.RESULT:
            job = view.row and (view.row.id, view.row.job)
            return self._tab, width, job, view.words, view.hits, view.fetched
        return self._tab, width, view.row and (view.row.id, _answer(view.row))

    def _lines(self, view: JobView, width: int) -> GrowingLines:
        row = view.row
        if row is None:
            return GrowingLines(iter(()))
        if self._tab is JobTab.JOB:
            return GrowingLines(iter(job_lines(row, view.keys, view.now, width)))
        result = view.fetched.moved.result if view.fetched else None
        if self._tab is JobTab.RESULT and view.hits is not None and result is not None:
            head = [*saved_lines(result, width), EMPTY]
            lines, at = hit_lines(view.hits, view.keys, width)
            self._chosen_at = None if at is None else len(head) + at
            return GrowingLines(iter((*head, *lines)))
        if self._tab is JobTab.RESULT:
            return GrowingLines(result_lines(row, view.fetched, view.words, view.keys, width))
        body = _answer(row)
        return GrowingLines(_no_answer()) if body is None else RawText(body, width)


def _answer(row: JobRow) -> Json:
    if row.batch is not None:
        return row.batch.body
    return row.job.body if row.job else None


def _no_answer() -> Iterator[Line]:
    yield (("No answer of this run is kept; the next one is shown here.", Role.DIM),)

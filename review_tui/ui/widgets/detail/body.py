"""The scrolling part of the detail."""

from collections.abc import Callable

from textual import events

from review_tui.ui.detail_view import Tab
from review_tui.ui.render.head import tab_at
from review_tui.ui.render.line import Line
from review_tui.ui.render.raw import RawText
from review_tui.ui.render.sheet import Sheet
from review_tui.ui.widgets.lines import LineView


class DetailHead(LineView):
    """The fixed lines above the tabs' contents, and the tabs; `open_tab` hears which of them is pressed.

    `draw` is called for its lines when its size has changed.
    """

    def __init__(
        self,
        open_tab: Callable[[Tab], None],
        draw: Callable[[], None],
        *,
        id: str | None = None,  # noqa: A002 – Textual's name
    ) -> None:
        super().__init__(id=id)
        self._open_tab = open_tab
        self._draw = draw

    def sized(self) -> None:
        """Have the head drawn for its size."""
        self._draw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Open the tab that is pressed."""
        last = self.line_count() - 1
        if event.button == 1 and event.y == last and (tab := tab_at(self.line_at(last), event.x)):
            self._open_tab(tab)


class DetailBody(LineView, can_focus=True):
    """One tab's lines.

    `step` is asked before a line is scrolled: it may move a choice instead, and says whether it did. Raw
    text grows as far as one scrolls into it. `focused` is called when the keyboard comes or goes: at once and
    not by a message, so that it is drawn in the same frame; so is `draw`, for its lines, when its size has
    changed.
    """

    def __init__(
        self,
        step: Callable[[int], bool],
        focused: Callable[[], None],
        draw: Callable[[], None],
        *,
        id: str | None = None,  # noqa: A002 – Textual's name
    ) -> None:
        super().__init__(id=id)
        self._step = step
        self._focused = focused
        self._draw = draw
        self._raw: RawText | None = None

    def sized(self) -> None:
        """Have the tab drawn for its size."""
        self._draw()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 – Textual's signature
        """Tell whether the keyboard is here."""
        super().watch_has_focus(_has_focus)
        self._focused()

    def show_sheet(self, sheet: Sheet, *, top: int, reveal: bool = False) -> None:
        """Show a tab scrolled to `top`; with `reveal`, no further than the chosen item allows."""
        self._raw = None
        if reveal:
            height = max(self.size.height, 1)
            top = min(max(top, sheet.bottom - height + 1), sheet.top)
        self.show_lines(sheet.lines, top=top)

    def show_raw(self, raw: RawText, *, top: int) -> None:
        """Show raw text scrolled to `top`."""
        self._raw = raw
        self.scroll_top(top)

    def sees(self, index: int) -> bool:
        """Whether a line is on the screen."""
        return self.top <= index < self.top + self.size.height

    def line_count(self) -> int:
        """The number of lines there are to scroll through, as far as is known."""
        return self._raw.count if self._raw else super().line_count()

    def line_at(self, index: int) -> Line:
        """Return one line."""
        return self._raw.line(index) if self._raw else super().line_at(index)

    def scroll_top(self, top: int) -> None:
        """Bring the line `top` to the upper edge, as far as there are lines."""
        if self._raw:
            self._raw.reach(max(top, 0) + self.size.height)
        super().scroll_top(top)

    def action_move(self, step: int) -> None:
        """Go to the next or previous item, or scroll by a line."""
        if not self._step(step):
            super().action_move(step)

    def action_to_end(self, step: int) -> None:
        """Scroll to the first line (-1) or the last one (1)."""
        if self._raw and step > 0:
            self._raw.reach_end()
        super().action_to_end(step)

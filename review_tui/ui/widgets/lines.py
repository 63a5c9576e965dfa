"""Lines on the screen: the one way in which every region is drawn."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from review_tui.ui.commands import Place, bindings
from review_tui.ui.render.cells import changed_cells, clipped
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.terminal.grid import Cells
from review_tui.ui.widgets.frames import DrawsLines
from review_tui.ui.widgets.strips import Strips

_WHEEL: Final = 3
"""Lines for one step of the mouse's wheel."""


class LineView(Widget, inherit_bindings=False):
    """Shows lines, and sends to the terminal only the cells in which a line differs from before.

    It scrolls by itself (`top` is the line at its upper edge) without any layout, and draws on the
    terminal's own background. A subclass may compute its lines instead of being handed them, by overriding
    `line_count` and `line_at`; `drawn_width` is the width that they are drawn for. Borders and padding are
    not drawn.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.LINES)]
    ALLOW_SELECT = False
    MERGES_MOVES: ClassVar[bool] = False
    """Whether `times` moves by one line come to the same as one by so many."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 – Textual's name
        super().__init__(id=id, classes=classes)
        self.top = 0
        self._lines: Sequence[Line] = ()
        self._drawn: list[Line] = []
        self.drawn_width = -1
        self.times = 1  # that the key counts which is being heard
        self._is_taking = False
        self._clipped: dict[int, tuple[Line, Line]] = {}  # by identity: seen lines, and what of them fits
        self._changed: dict[int, Line] = {}  # as they were drawn last
        self.strips = Strips(self)

    def show_lines(self, lines: Sequence[Line], *, top: int | None = None) -> None:
        """Show these lines, scrolled to `top` (default: where it was, as far as there are lines)."""
        self._lines = lines
        self.scroll_top(self.top if top is None else top)

    def line_count(self) -> int:
        """The number of lines there are to scroll through."""
        return len(self._lines)

    def line_at(self, index: int) -> Line:
        """Return one line; `index` is within `line_count`."""
        return self._lines[index]

    def scroll_top(self, top: int) -> None:
        """Bring the line `top` to the upper edge, as far as there are lines, and draw what differs."""
        self.top = self._within(top, self.outer_size.height)
        self.redraw()

    def reveal(self, index: int) -> None:
        """Scroll no more than needed for line `index` to be seen; a page at once when it is past an edge."""
        height = self.outer_size.height
        if not height:
            return
        if index < self.top:
            self.scroll_top(index - height + 1 if index > self.top - height else index)
        elif index >= self.top + height:
            self.scroll_top(index if index < self.top + 2 * height else index - height + 1)
        else:
            self.redraw()

    def redraw(self) -> None:
        """Compare what should be seen with what is, and refresh the cells that differ.

        The screen is told at once: widgets that tell it when they come to rest, one by one, may be drawn in
        two frames.
        """
        width, height = self.outer_size
        if self._is_taking:
            return
        if width != self.drawn_width or height != len(self._drawn):
            self._take(width, height)
            self.refresh()
            self._check_refresh()
            return
        before, self._drawn = self._drawn, self._visible(width, height)
        changed = self._changed
        for y, (old, new) in enumerate(zip(before, self._drawn, strict=True)):
            if old is not new and old != new:
                changed.setdefault(y, old)
        if not changed:
            return
        screen = self.screen
        if not isinstance(screen, DrawsLines) or not screen.lines_changed(self):
            self.refresh_changed()
            self._check_refresh()
            self.was_drawn()

    def refresh_changed(self) -> None:
        """Have Textual draw the cells that differ."""
        regions = [Region(x, y, strip.cell_length, 1) for x, y, strip in self.changed_parts()]
        if regions:
            self.refresh(*regions)

    def was_drawn(self) -> None:
        """Know that what differed is drawn, or will be by somebody else."""
        self._changed.clear()

    def changed_rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the rows that differ from what was drawn last."""
        width = self.drawn_width
        for y in self._changed:
            yield y, self.strips.cells(self._drawn[y], width)

    def changed_parts(self) -> Iterator[tuple[int, int, Strip]]:
        """Yield column and row, and what differs there from what was drawn last."""
        for y, old in self._changed.items():
            if span := changed_cells(old, self._drawn[y], self.drawn_width):
                yield span[0], y, self.strips.strip(self._drawn[y], self.drawn_width).crop(*span)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the strips of a part of the widget; the only place where roles become styles."""
        width, height = self.outer_size
        if width != self.drawn_width or height != len(self._drawn):
            self._take(width, height)
        strips = [self.strips.strip(self._drawn[y], width) for y in crop.line_range if y < height]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def on_resize(self, event: events.Resize) -> None:
        """Keep the scroll position within the lines when the size changes."""
        del event
        self.scroll_top(self.top)

    def notify_style_update(self) -> None:
        """Forget the styles that were looked up: the theme or a pseudo-class changed."""
        super().notify_style_update()
        self.strips.forget_styles()

    def scroll_by(self, lines: int) -> None:
        """Scroll by so many lines, as the wheel does."""
        self.scroll_top(self.top + lines)

    def on_mouse_scroll_down(self) -> None:
        """Scroll down."""
        self.scroll_by(_WHEEL)

    def on_mouse_scroll_up(self) -> None:
        """Scroll up."""
        self.scroll_by(-_WHEEL)

    def action_move(self, step: int) -> None:
        """Scroll by `step` lines."""
        self.scroll_top(self.top + step)

    def action_page(self, step: int) -> None:
        """Scroll by `step` pages."""
        self.scroll_top(self.top + step * max(1, self.size.height - 1))

    def action_to_end(self, step: int) -> None:
        """Scroll to the first line (-1) or the last one (1)."""
        self.scroll_top(self.line_count() if step > 0 else 0)

    @property
    def pens(self) -> Mapping[Role, str]:
        """The SGR parameters with which each role is written in this terminal."""
        return self.strips.pens

    def _within(self, top: int, height: int) -> int:
        """Keep `top` within the lines; while nothing is seen of them it stays as it is."""
        return max(0, min(top, self.line_count() - height)) if height else max(0, top)

    def sized(self) -> None:
        """Have the lines made anew for another size; called before anything is drawn in it."""

    def _take(self, width: int, height: int) -> None:
        self.strips.forget()
        self._changed.clear()
        self._clipped.clear()
        self.drawn_width = width
        self._is_taking = True
        self.sized()
        self._is_taking = False
        self.top = self._within(self.top, height)
        self._drawn = self._visible(width, height)

    def _visible(self, width: int, height: int) -> list[Line]:
        stop = min(self.line_count(), self.top + height)
        known, self._clipped = self._clipped, {}
        lines: list[Line] = []
        for index in range(self.top, stop):
            line = self.line_at(index)
            fitting = self._clipped[id(line)] = known.get(id(line)) or (line, clipped(line, width))
            lines.append(fitting[1])
        return lines + [EMPTY] * (height - len(lines))

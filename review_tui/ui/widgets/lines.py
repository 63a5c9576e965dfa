"""Lines on the screen: the one way in which every region is drawn."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final
from weakref import WeakKeyDictionary

from rich.cells import cell_len
from rich.color import ColorSystem, ColorType
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.css.model import RuleSet
from textual.dom import DOMNode
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from review_tui.ui.commands import Place, bindings
from review_tui.ui.render.cells import changed_cells, clipped
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.terminal.grid import Cells
from review_tui.ui.terminal.pens import PLAIN, after
from review_tui.ui.widgets.frames import DrawsLines

_STRIPS_KEPT: Final = 2_000
_PEN: Final = re.compile(r"^\x1b\[([0-9;]+)m")
_COLORS: Final = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}
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

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 – Textual's name
        super().__init__(id=id, classes=classes)
        self.top = 0
        self._lines: Sequence[Line] = ()
        self._drawn: list[Line] = []
        self.drawn_width = -1
        self._is_taking = False
        self._changed: dict[int, Line] = {}  # as they were drawn last
        self._strips: dict[Line, Strip] = {}
        self._cells: dict[Line, Cells] = {}
        self._pens: dict[Style | None, str] = {}
        self._styles_by_role: Mapping[Role, Style] | None = None

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
        regions = [Region(first, y, end - first, 1) for y, first, end in self._spans()]
        if regions:
            self.refresh(*regions)

    def was_drawn(self) -> None:
        """Know that what differed is drawn, or will be by somebody else."""
        self._changed.clear()

    def changed_rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the rows that differ from what was drawn last."""
        width = self.drawn_width
        for y in self._changed:
            line = self._drawn[y]
            cells = self._cells.get(line)
            if cells is None:
                strip = self._strip(line, width)
                cells = self._cells[line] = Cells.of((text, self._pen(style)) for text, style, _ in strip)
            yield y, cells

    def changed_parts(self) -> Iterator[tuple[int, int, Strip]]:
        """Yield column and row, and what differs there from what was drawn last."""
        for y, first, end in self._spans():
            yield first, y, self._strip(self._drawn[y], self.drawn_width).crop(first, end)

    def _spans(self) -> Iterator[tuple[int, int, int]]:
        for y, old in self._changed.items():
            if span := changed_cells(old, self._drawn[y], self.drawn_width):
                yield y, *span

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the strips of a part of the widget; the only place where roles become styles."""
        width, height = self.outer_size
        if width != self.drawn_width or height != len(self._drawn):
            self._take(width, height)
        strips = [self._strip(self._drawn[y], width) for y in crop.line_range if y < height]
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
        self._styles_by_role = None
        self._forget_strips()

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
        colors = _COLORS.get(self.app.console.color_system or "")
        return {
            role: "".join(_PEN.findall(style.render("x", color_system=colors))[:1])
            for role, style in self._role_styles().items()
        }

    def _within(self, top: int, height: int) -> int:
        """Keep `top` within the lines; while nothing is seen of them it stays as it is."""
        return max(0, min(top, self.line_count() - height)) if height else max(0, top)

    def sized(self) -> None:
        """Have the lines made anew for another size; called before anything is drawn in it."""

    def _forget_strips(self) -> None:
        self._strips.clear()
        self._cells.clear()
        self._pens.clear()

    def _take(self, width: int, height: int) -> None:
        self._forget_strips()
        self._changed.clear()
        self.drawn_width = width
        self._is_taking = True
        self.sized()
        self._is_taking = False
        self.top = self._within(self.top, height)
        self._drawn = self._visible(width, height)

    def _visible(self, width: int, height: int) -> list[Line]:
        stop = min(self.line_count(), self.top + height)
        lines = [clipped(self.line_at(index), width) for index in range(self.top, stop)]
        return lines + [EMPTY] * (height - len(lines))

    def _strip(self, line: Line, width: int) -> Strip:
        strip = self._strips.get(line)
        if strip is None:
            if len(self._strips) >= _STRIPS_KEPT:
                self._forget_strips()
            strip = strip_of(line, width, self._role_styles())
            if not self.app.no_color and (filters := self.get_line_filters()):
                background = self.background_colors[1]
                for line_filter in filters:
                    strip = strip.apply_filter(line_filter, background)
            self._strips[line] = strip
        return strip

    def _pen(self, style: Style | None) -> str:
        pen = self._pens.get(style)
        if pen is None:
            color_system = _COLORS.get(self.app.console.color_system or "", ColorSystem.TRUECOLOR)
            drawn = style.render("x", color_system=color_system) if style else ""
            pen = self._pens[style] = after(PLAIN, found[1]) if (found := _PEN.match(drawn)) else PLAIN
        return pen

    def _role_styles(self) -> Mapping[Role, Style]:
        if self._styles_by_role is None:
            colors, own = not self.app.no_color, self.rich_style
            self._styles_by_role = {
                role: _lean(own + style, colors=colors) for role, style in _styles_in(self).items()
            }
        return self._styles_by_role


_found: WeakKeyDictionary[App[object], tuple[list[RuleSet], Mapping[Role, Style]]] = WeakKeyDictionary()


def _styles_in(view: LineView) -> Mapping[Role, Style]:
    """Return what the style sheets say of each role: the same for all views, so it is looked up once.

    As component classes of each view they would be looked up anew for each of them, whenever it is mounted,
    focused or given a class: a fifth of the start.
    """
    rules = view.app.stylesheet.rules
    found = _found.get(view.app)
    if found is None or found[0] is not rules:
        found = _found[view.app] = (rules, {role: _style_in(view, role) for role in Role})
    return found[1]


def _style_in(view: LineView, role: Role) -> Style:
    node = DOMNode(classes=f"line--{role}")
    node._attach(view)  # noqa: SLF001 – as Textual does for component classes
    view.app.stylesheet.apply(node)
    return node.styles.partial_rich_style


def strip_of(line: Line, width: int, styles: Mapping[Role, Style]) -> Strip:
    """Return a line that fits as a strip of exactly `width` cells.

    Blanks go with what stands before them where that looks the same: each change of style has to be sent.
    """
    room = width - sum(cell_len(text) for text, _ in line)
    pieces: list[tuple[str, Style]] = []
    for text, role in (*line, (" " * room, Role.PLAIN)):
        style = styles[role]
        if text and pieces and text.isspace() and _are_blanks_alike(pieces[-1][1], style):
            before, style = pieces.pop()
            text = before + text  # noqa: PLW2901 – it is one piece with what stands before it
        if text:
            pieces.append((text, style))
    return Strip([Segment(*piece) for piece in pieces], width)


def _are_blanks_alike(one: Style, other: Style) -> bool:
    """Whether nobody sees in which of two styles a blank is drawn."""
    drawn = one.reverse or other.reverse or one.underline or other.underline
    return one.bgcolor == other.bgcolor and not drawn


def _lean(style: Style, *, colors: bool) -> Style:
    """Keep of a style what has to be sent: no colours that are the terminal's own, or none at all."""
    color, background = style.color, style.bgcolor
    return Style(
        color=color if colors and color and color.type is not ColorType.DEFAULT else None,
        bgcolor=background if colors and background and background.type is not ColorType.DEFAULT else None,
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        reverse=style.reverse,
        strike=style.strike,
    )

"""Strips: lines as Textual draws them and as our own driver does, made once for each."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final
from weakref import WeakKeyDictionary

from rich.cells import cell_len
from rich.color import ColorSystem, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.css.model import RuleSet
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.strip import Strip
from textual.widget import Widget

from review_tui.ui.render.line import Line, Role
from review_tui.ui.terminal.grid import Cells
from review_tui.ui.terminal.pens import PLAIN, after

_STRIPS_KEPT: Final = 2_000
_PEN: Final = re.compile(r"^\x1b\[([0-9;]+)m")
_COLORS: Final = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}


class Strips:
    """Makes strips and cells of a widget's lines, in the styles that the widget has for their roles."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._strips: dict[Line, Strip] = {}
        self._cells: dict[Line, Cells] = {}
        self._pens: dict[Style | None, str] = {}
        self._styles_by_role: Mapping[Role, Style] | None = None

    def forget(self) -> None:
        """Know none that was made: they were for another width."""
        self._strips.clear()
        self._cells.clear()

    def forget_styles(self) -> None:
        """Know no style that was looked up: the theme or a pseudo-class changed."""
        self.forget()
        self._pens.clear()
        self._styles_by_role = None

    def strip(self, line: Line, width: int) -> Strip:
        """Return a line that fits as a strip of exactly `width` cells."""
        strip = self._strips.get(line)
        if strip is None:
            if len(self._strips) >= _STRIPS_KEPT:
                self.forget()
            strip = strip_of(line, width, self.styles)
            for line_filter in self._filters:
                strip = strip.apply_filter(line_filter, self._widget.background_colors[1])
            self._strips[line] = strip
        return strip

    def cells(self, line: Line, width: int) -> Cells:
        """Return the same as cells with their pens."""
        cells = self._cells.get(line)
        if cells is None:
            if len(self._cells) >= _STRIPS_KEPT:
                self.forget()
            pieces: Iterable[tuple[str, Style | None]] = pieces_of(line, width, self.styles)
            if self._filters:
                pieces = ((text, style) for text, style, _ in self.strip(line, width))
            cells = self._cells[line] = Cells.of((text, self._pen(style)) for text, style in pieces)
        return cells

    @property
    def pens(self) -> Mapping[Role, str]:
        """The SGR parameters with which each role is written in this terminal."""
        return {role: self._parameters(style) for role, style in self.styles.items()}

    @property
    def _filters(self) -> Sequence[LineFilter]:
        widget = self._widget
        return () if widget.app.no_color else widget.get_line_filters()

    def _pen(self, style: Style | None) -> str:
        pen = self._pens.get(style)
        if pen is None:
            parameters = self._parameters(style) if style else ""
            pen = self._pens[style] = after(PLAIN, parameters) if parameters else PLAIN
        return pen

    def _parameters(self, style: Style) -> str:
        colors = _COLORS.get(self._widget.app.console.color_system or "")
        return "".join(_PEN.findall(style.render("x", color_system=colors))[:1])

    @property
    def styles(self) -> Mapping[Role, Style]:
        """The style of each role."""
        if self._styles_by_role is None:
            widget = self._widget
            colors, own = not widget.app.no_color, widget.rich_style
            self._styles_by_role = {
                role: _lean(own + style, colors=colors) for role, style in _styles_in(widget).items()
            }
        return self._styles_by_role


_found: WeakKeyDictionary[App[object], tuple[list[RuleSet], Mapping[Role, Style]]] = WeakKeyDictionary()


def _styles_in(view: Widget) -> Mapping[Role, Style]:
    """Return what the style sheets say of each role: the same for all views, so it is looked up once.

    As component classes of each view they would be looked up anew for each of them, whenever it is mounted,
    focused or given a class: a fifth of the start.
    """
    rules = view.app.stylesheet.rules
    found = _found.get(view.app)
    if found is None or found[0] is not rules:
        found = _found[view.app] = (rules, {role: _style_in(view, role) for role in Role})
    return found[1]


def _style_in(view: Widget, role: Role) -> Style:
    node = DOMNode(classes=f"line--{role}")
    node._attach(view)  # noqa: SLF001 – as Textual does for component classes
    view.app.stylesheet.apply(node)
    return node.styles.partial_rich_style


def strip_of(line: Line, width: int, styles: Mapping[Role, Style]) -> Strip:
    """Return a line that fits as a strip of exactly `width` cells."""
    return Strip([Segment(*piece) for piece in pieces_of(line, width, styles)], width)


def pieces_of(line: Line, width: int, styles: Mapping[Role, Style]) -> list[tuple[str, Style]]:
    """Return a line that fits as texts of exactly `width` cells, with their styles.

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
    return pieces


@lru_cache(1_024)
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

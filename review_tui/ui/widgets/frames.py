"""A frame of lines: what of them differs, as cells for our own driver and as text for any other."""

from collections.abc import Iterator
from typing import Protocol

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import CompositorUpdate
from textual.geometry import Offset
from textual.strip import Strip
from textual.widget import Widget

from review_tui.ui.terminal.grid import Cells


class Changed(Protocol):
    """Lines of which some differ from what was drawn last."""

    def changed_rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the rows that differ, by their place within the widget."""
        ...

    def changed_parts(self) -> Iterator[tuple[int, int, Strip]]:
        """Yield column and row within the widget, and what differs there."""
        ...


class DrawsLines:
    """A screen that draws lines the short way."""

    def lines_changed(self, view: Widget) -> bool:
        """Have the changed lines of a view drawn with the next frame; False where it is drawn otherwise."""
        raise NotImplementedError


class LineFrame(CompositorUpdate):
    """What changed in lines that nothing stands before, each with the place of its widget."""

    def __init__(self, changed: list[tuple[Offset, Changed]]) -> None:
        self._changed = changed

    def placed(self) -> Iterator[tuple[int, int, Cells]]:
        """Yield column and row on the screen, and the cells there."""
        for (x, top), lines in self._changed:
            for y, cells in lines.changed_rows():
                yield x, top + y, cells

    def strips(self) -> Iterator[tuple[Offset, Strip]]:
        """Yield what differs, and where on the screen."""
        for place, lines in self._changed:
            for x, y, strip in lines.changed_parts():
                yield place + Offset(x, y), strip

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield it as Rich wants it."""
        for (x, y), strip in self.strips():
            yield Control.move_to(x, y)
            yield from strip

    def render_segments(self, console: Console) -> str:
        """Return it as text, as Textual's own frames are."""
        return "".join(
            f"{Control.move_to(*place).segment.text}{strip.render(console)}" for place, strip in self.strips()
        )

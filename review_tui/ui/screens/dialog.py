"""A dialog: lines in one box over the screen, and the keys that leave it."""

from abc import abstractmethod
from typing import ClassVar, Final, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.css.styles import RulesMap
from textual.geometry import Size
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from review_tui.ui.layout import Layout, layout_of
from review_tui.ui.render.line import Line
from review_tui.ui.widgets.chrome import TOO_SMALL
from review_tui.ui.widgets.covered import WholeScreen
from review_tui.ui.widgets.lines import LineView

BACK: Final = frozenset({"escape", "ctrl+g"})
"""Leave without doing anything; the second is for terminals in which Escape comes late."""

_Result = TypeVar("_Result")
_FRAME: Final = 2
_WIDEST: Final = 76
_MARGIN: Final = 12
"""Cells beside the box that make it worth leaving any: slivers of the screen under it only disturb."""


class DialogLines(LineView, can_focus=True):
    """What a dialog says; it scrolls when there is more than fits."""


class _Below(Visual):
    """A screen that is covered, as it stands."""

    def __init__(self, screen: Screen[object]) -> None:
        self._screen = screen

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Return its lines; while the window changes its size they may be of the size before."""
        del style, options
        strips = self._screen._compositor.render_strips()  # noqa: SLF001 – nothing else has them
        return [strip.crop(0, width) for strip in strips[:height]]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take the width that there is."""
        del rules
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return its lines."""
        del rules, width
        return self._screen.size.height


class Dialog(ModalScreen[_Result | None], WholeScreen[_Result | None]):
    """Base of the dialogs: a subclass says its `lines` and takes its keys in `press`."""

    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self) -> None:
        super().__init__()
        self._fitted = (0, 0)
        self._view = DialogLines()
        self._box = Container(self._view, classes="dialog")

    @property
    def size(self) -> Size:
        """The screen's size, which is known before the dialog is first laid out."""
        return super().size or self.app.size

    def render(self) -> Visual:  # type: ignore[override]  # any widget may return one, says Widget.render
        """Show the screen under it; Textual would take each of its lines apart to tint it with nothing."""
        stack = self.app.screen_stack
        return _Below(stack[stack.index(self) - 1 if self in stack else -1])

    @abstractmethod
    def lines(self, width: int) -> list[Line]:
        """Return what the box says, for `width` cells."""

    @abstractmethod
    def press(self, event: events.Key) -> bool:
        """Take a key; False leaves it to others."""

    def compose(self) -> ComposeResult:
        """Put the lines into the box, which has its size before it is first laid out."""
        self.draw()
        yield self._box

    def draw(self) -> None:
        """Show the lines as they are now; the box is as high as they need."""
        width = _WIDEST if self.size.width >= _WIDEST + _MARGIN else max(self.size.width, 1)
        lines = [TOO_SMALL] if self._is_too_small else self.lines(width - 2 * _FRAME)
        height = min(len(lines) + _FRAME, max(self.size.height, 1))
        if self._fitted != (width, height):
            self._fitted = (width, height)
            self._box.styles.width = width
            self._box.styles.height = height
        self._view.show_lines(lines)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the box to the screen."""
        del event
        self.draw()

    @property
    def _is_too_small(self) -> bool:
        return layout_of(*self.size) is Layout.TINY

    def on_key(self, event: events.Key) -> None:
        """Leave on the keys that go back; else hand the key to `press`, unless nothing of it can be seen."""
        if event.key in BACK:
            event.stop()
            self.dismiss(None)
        elif self._is_too_small or self.press(event):
            event.stop()
            event.prevent_default()

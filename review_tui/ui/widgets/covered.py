"""A screen over which others are laid, on which lines are drawn the short way; and what all screens are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.widget import Widget

from review_tui.ui.widgets.frames import DrawsLines, LineFrame
from review_tui.ui.widgets.lines import LineView

Result = TypeVar("Result")


class WholeScreen(Screen[Result], inherit_bindings=False):
    """Loses nothing of what its widgets have drawn.

    Textual forgets it where the screen itself is to be drawn as well, though but for some cells: what has
    changed under a dialog.
    """

    def _on_timer_update(self) -> None:
        if self._repaint_required:
            self._compositor.update_widgets(self._dirty_widgets)
        super()._on_timer_update()


class CoverableScreen(WholeScreen[Result], DrawsLines, inherit_bindings=False):
    """Is drawn once for each change while a dialog stands over it.

    Textual's own asks to be drawn again sixty times a second from its first change under a dialog on.

    A frame in which nothing but lines in plain sight has changed is made of these lines alone. Textual would
    draw every widget within a box around the changes, cut it up and join it again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._changed: dict[LineView, None] = {}
        self._visible: object = None
        self._plain: Mapping[LineView, Offset] = {}
        self._is_drawn_at_once = False

    def lines_changed(self, view: Widget) -> bool:
        """Have the changed lines of a view drawn with the next frame, where it is in plain sight.

        One that is hidden is drawn whole once it is shown.
        """
        if not isinstance(view, LineView):
            return False
        if view not in self._in_plain_sight():
            visible = self._compositor._visible_widgets  # noqa: SLF001 – as below
            if is_hidden := visible is not None and view not in visible:
                view.was_drawn()
            return is_hidden
        self._changed[view] = None
        self._dirty_widgets.add(view)
        if not self._is_drawn_at_once:
            self.check_idle()
        return True

    @contextmanager
    def drawn_at_once(self) -> Iterator[None]:
        """Draw the lines that change within, without waiting until the screen has come to rest.

        Where the layout changes as well, all is drawn then.
        """
        self._is_drawn_at_once = True
        try:
            yield
        finally:
            self._is_drawn_at_once = False
        if self._layout_required or self._repaint_required:
            self.check_idle()
        elif self._changed:
            self._on_timer_update()

    def _compositor_refresh(self) -> None:
        changed, self._changed = self._changed, {}
        plain = self._in_plain_sight() if changed else {}
        compositor, app = self._compositor, self.app
        alone = self is app.screen and not compositor._dirty_regions  # noqa: SLF001 – as Textual's own does
        if changed and alone and plain.keys() >= changed.keys():
            self._dirty_widgets.clear()
            frame = LineFrame([(plain[view], view) for view in changed])
            app._display(self, frame)  # noqa: SLF001 – as Textual's own does
            app._update_mouse_over(self)  # noqa: SLF001 – as Textual's own does
        else:
            for view in changed:
                view.refresh_changed()
            compositor.update_widgets(set[Widget](changed) & compositor.visible_widgets.keys())
            super()._compositor_refresh()
        for view in changed:
            view.was_drawn()
        if self is not app.screen:
            self._repaint_required = False
            self._dirty_widgets.clear()

    def _in_plain_sight(self) -> Mapping[LineView, Offset]:
        """Return the views that are seen whole and that nothing stands before, with their places."""
        visible = self._compositor._visible_widgets  # noqa: SLF001 – by identity, and without making it
        if visible is None:
            return {}
        if visible is not self._visible:
            self._visible, self._plain = visible, dict(_in_plain_sight(visible))
        return self._plain


def _in_plain_sight(visible: Mapping[Widget, tuple[Region, Region]]) -> dict[LineView, Offset]:
    before: list[Region] = []
    plain: dict[LineView, Offset] = {}
    for widget, (region, clip) in visible.items():
        whole = clip.contains_region(region) and not any(region.overlaps(other) for other in before)
        if isinstance(widget, LineView) and whole:
            plain[widget] = region.offset
        before.append(region.intersection(clip))
    return plain

"""A drawn tab: its lines, and where the chosen item stands among them."""

from dataclasses import field

from review_tui.model.frozen import frozen
from review_tui.ui.render.line import Line


@frozen
class Sheet:
    """The lines of one tab; `top` and `bottom` are the first and last line of the chosen item."""

    lines: list[Line] = field(default_factory=list)
    top: int = 0
    bottom: int = 0

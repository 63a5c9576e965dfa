"""A drawn tab: its lines, and where the chosen item stands among them."""

from dataclasses import dataclass, field

from review_tui.ui.render.line import Line


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one tab; `top` and `bottom` are the first and last line of the chosen item."""

    lines: list[Line] = field(default_factory=list)
    top: int = 0
    bottom: int = 0

"""The lines around the panes: header, dividers, status and keys."""

from review_tui.ui.widgets.chrome.bars import TOO_SMALL, Bar, Divider, TooSmall
from review_tui.ui.widgets.chrome.prompt import StatusBar

__all__ = ["TOO_SMALL", "Bar", "Divider", "StatusBar", "TooSmall"]

"""The lines around the panes: header, dividers, status and keys."""

from review_tui.ui.widgets.chrome.bars import Bar, Divider, TooSmall

__all__ = ["Bar", "Divider", "TooSmall"]

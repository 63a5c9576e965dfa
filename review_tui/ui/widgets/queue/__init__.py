"""The queue's pane: its head line and its rows."""

from review_tui.ui.widgets.queue.pane import QueuePane
from review_tui.ui.widgets.queue.rows import QueueRows, QueueView

__all__ = ["QueuePane", "QueueRows", "QueueView"]

"""The queue's pane: its head line and its rows."""

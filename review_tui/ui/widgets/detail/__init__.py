"""The detail of the selected submission: a fixed head and six tabs, drawn from one value."""

from review_tui.ui.widgets.detail.messages import FileChosen, MatchChosen, MatchedWanted
from review_tui.ui.widgets.detail.pane import DetailPane

__all__ = ["DetailPane", "FileChosen", "MatchChosen", "MatchedWanted"]

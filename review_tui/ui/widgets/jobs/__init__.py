"""The panes of the jobs screen: the list, and what is known of one job."""

from review_tui.ui.widgets.jobs.detail import JobPane, JobView
from review_tui.ui.widgets.jobs.rows import JobRows, ListPane, ListView

__all__ = ["JobPane", "JobRows", "JobView", "ListPane", "ListView"]

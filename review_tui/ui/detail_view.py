"""What the detail pane shows: one frozen value, made by the screen, drawn by the pane."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from review_tui.model.ages import Lateness
from review_tui.model.contracts import Contract
from review_tui.model.decisions import Standing
from review_tui.model.failures import Failure
from review_tui.model.frozen import frozen
from review_tui.model.notes import Kept
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail, Row
from review_tui.workers.news import DownloadMoved


class DetailState(StrEnum):
    """How much of the selected submission is known.

    `stale` keeps showing what was read before while reading it again fails; `gone` is one that left the
    queue and is shown until the reviewer moves.
    """

    LOADING = "loading"
    FULL = "full"
    FAILED = "failed"
    STALE = "stale"
    GONE = "gone"


class Tab(StrEnum):
    """The pages of the detail pane, in their order on the screen."""

    OVERVIEW = "overview"
    FIELDS = "fields"
    FRAUD = "fraud"
    EVENTS = "events"
    FILES = "files"
    RAW = "raw"


@frozen
class DetailView:
    """The selected submission as far as it is known.

    `row` is None when nothing is selected. `failure` says why in the states failed and stale. `standing`
    is the last decision on it, `judging` the judgements of its fraud matches that are under way and
    `match_notes` what is to go with those to come, by match id; `follows` says that an approval waits for
    them. `matched` holds what is known of the submissions its fraud matches point at, by submission id.
    `downloads` is by `file_key`. `doubts` says of what confidence fields are to be checked, `checked` which
    ones were, by their paths; `contract` what they are held against where they have no confidence of their
    own, a failure where it could not be read. `kept` is what the reviewer wrote down, `lateness` whether it
    waits too long. Times are shown in the zone of `now`.
    """

    now: datetime
    row: Row | None = None
    detail: Detail | None = None
    state: DetailState = DetailState.LOADING
    failure: Failure | None = None
    standing: Standing | None = None
    judging: Mapping[str, Standing] = field(default_factory=dict)
    match_notes: Mapping[str, str] = field(default_factory=dict)
    follows: bool = False
    matched: Mapping[str, Detail | Failure] = field(default_factory=dict)
    downloads: Mapping[str, DownloadMoved] = field(default_factory=dict)
    doubts: DoubtLimits = field(default_factory=DoubtLimits)
    checked: frozenset[str] = frozenset()
    contract: Contract | Failure | None = None
    kept: Kept = field(default_factory=Kept)
    lateness: Lateness = Lateness.IN_TIME

    @property
    def submission_id(self) -> str | None:
        """The id that every key pressed on this view acts on."""
        return self.row.id if self.row else self.detail.id if self.detail else None

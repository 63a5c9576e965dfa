"""The situation: what a command given now would act on."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from review_tui.model.contracts import Contract
from review_tui.model.decisions import Standing
from review_tui.model.failures import Failure
from review_tui.model.files import StoredFile
from review_tui.model.fraud import FraudMatch
from review_tui.model.frozen import frozen
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail, Row, Verb
from review_tui.ui.detail_view import Tab


class Focus(StrEnum):
    """The pane that has the keyboard."""

    QUEUE = "queue"
    DETAIL = "detail"


@frozen
class Situation:
    """What a command would act on: the selected submission as it is shown.

    `detail` is None while it is not loaded. `under_way` are the open decisions on it, `outbox` counts all
    there are and those whose outcome is not known, `undoable` says that one of them can still be taken back.
    `follows` says that its approval waits for the judgements under way. `off` says why nothing can be
    decided at all; `doubts` of what confidence fields are to be checked, `contract` what they are held
    against where they have none; `again` is what was decided last. `marked` counts the marks, `many` says
    that something was decided on marked ones, and `many_to_go` that some of it is still to be sent.
    `all_loaded` says that no older submission is left on the server.
    """

    focus: Focus = Focus.QUEUE
    tab: Tab = Tab.OVERVIEW
    row: Row | None = None
    detail: Detail | None = None
    match: FraudMatch | None = None
    file: StoredFile | None = None
    under_way: tuple[Standing, ...] = ()
    undoable: bool = False
    follows: bool = False
    outbox: int = 0
    off: str = ""
    doubts: DoubtLimits = field(default_factory=DoubtLimits)
    contract: Contract | Failure | None = None
    again: Verb | None = None
    marked: int = 0
    many: bool = False
    many_to_go: bool = False
    all_loaded: bool = False
    now: datetime | None = None

    def judging(self, match: FraudMatch) -> bool:
        """Whether a judgement of this match is under way."""
        return any(one.intent.match_id == match.id for one in self.under_way)

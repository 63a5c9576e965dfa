"""Where decisions are taken: held as long as each verb wants it, and asked about by the person."""

from collections.abc import Mapping

from review_tui.model.decisions import Intent, Standing
from review_tui.model.failures import Failure
from review_tui.model.submissions import Detail, Verb
from review_tui.workers.decisions import Decisions


class Deciding:
    """The part of the desk at which a reviewer decides and changes their mind.

    `hold` gives the seconds by verb for which a decision is held, none where it is not in it;
    `deciding_off` says why nothing may be decided, if so.
    """

    def __init__(self, decisions: Decisions, hold: Mapping[Verb, float], deciding_off: str) -> None:
        self.hold = hold
        self.deciding_off = deciding_off
        self._decisions = decisions

    def decide_no_more(self, failure: Failure) -> None:
        """Refuse every decision from now on, and say why."""
        self.deciding_off = failure.title

    def decide(self, intent: Intent, *, shown: Detail | None = None) -> str | None:
        """Hold and then send a decision on what was `shown`; return why it was not taken, else None.

        Progress comes as `DecisionMoved`.
        """
        if self.deciding_off:
            return f"deciding is off: {self.deciding_off}"
        return self._decisions.decide(intent, shown=shown, hold=self.hold.get(intent.verb, 0.0))

    def undo(self) -> str | None:
        """Take back the newest decision of this run that is not sent; return why there is none."""
        return self._decisions.undo()

    def take_back(self, request_id: str) -> str | None:
        """Take back one decision that is not sent; return why it cannot be."""
        return self._decisions.take_back(request_id)

    def send_now(self, request_id: str) -> str | None:
        """Send a held decision without waiting; return why it cannot be."""
        return self._decisions.send_now(request_id)

    def drop(self, request_id: str) -> str | None:
        """Give up a decision that an earlier run left unsent; return why it cannot be."""
        return self._decisions.take_back(request_id)

    def held(self) -> tuple[Standing, ...]:
        """Return the decisions that are not sent yet, this run's own and those of an earlier one."""
        return self._decisions.held

    def is_open(self, submission_id: str) -> bool:
        """Whether a decision on this submission is under way."""
        return self._decisions.is_open(submission_id)

    @property
    def open_decisions(self) -> tuple[Standing, ...]:
        """The decisions that are under way."""
        return self._decisions.open_ones

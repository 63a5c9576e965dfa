"""Where decisions are taken: held as long as each verb wants it, and asked about by the person."""

from collections.abc import Mapping, Sequence

from review_tui.model.decisions import Intent, Standing
from review_tui.model.failures import Failure
from review_tui.model.submissions import Detail, Verb
from review_tui.workers.bulk import Bulks, Gathering
from review_tui.workers.decisions import Decisions


class Deciding:
    """The part of the desk at which a reviewer decides and changes their mind.

    `hold` gives the seconds by verb for which a decision is held, none where it is not in it;
    `deciding_off` says why nothing may be decided, if so.
    """

    def __init__(
        self,
        decisions: Decisions,
        bulks: Bulks,
        gathering: Gathering,
        hold: Mapping[Verb, float],
        deciding_off: str,
    ) -> None:
        self.hold = hold
        self.deciding_off = deciding_off
        self._decisions = decisions
        self._bulks = bulks
        self._gathering = gathering

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
        """Take back the newest decision of this run that is not sent; return why there is none.

        Of a bulk, all that is unsent is taken back as one.
        """
        newest = self._decisions.newest
        if newest is None or self._bulks.has(newest):
            return self._bulks.stop() and self._decisions.undo()
        return self._decisions.undo()

    def gather(self, submission_ids: Sequence[str]) -> None:
        """Read these before a decision on all of them, and no others that were gathered before."""
        self._gathering.start(submission_ids)

    def decide_all(self, decided: Sequence[tuple[Intent, Detail]]) -> str | None:
        """Hold and then send decisions of one verb, each on what was shown; return why not, if so.

        Progress comes as `BulkMoved`, beside each decision's own.
        """
        if self.deciding_off:
            return f"deciding is off: {self.deciding_off}"
        return self._bulks.begin(
            decided, max((self.hold.get(one.verb, 0.0) for one, _ in decided), default=0.0)
        )

    def send_all(self, request_ids: Sequence[str]) -> str | None:
        """Send, one after the other, decisions that an earlier run left held; return why not, if so."""
        if self.deciding_off:
            return f"deciding is off: {self.deciding_off}"
        return self._bulks.release(request_ids)

    def stop_the_rest(self) -> str | None:
        """Send nothing more of the bulk that is under way; return why there is nothing to stop."""
        return self._bulks.stop()

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

"""Another reviewer, who decides what lies on top of the same queue."""

from dataclasses import dataclass, field
from random import Random

from review_tui.sandbox import transitions
from review_tui.sandbox.life import people
from review_tui.sandbox.state import Sandbox

_LOOKS_AT = 12


@dataclass(slots=True)
class Rival:
    """Decides one of the newest submissions in review every `pause[0]` to `pause[1]` seconds.

    It leaves the last `floor` to the reviewer at the console.
    """

    sandbox: Sandbox
    rng: Random
    pause: tuple[float, float]
    floor: int = 0
    _due: int | None = field(default=None, init=False)

    def step(self, now: int) -> str | None:
        """Decide one submission if it is time (`now` in Unix ms); its id, None when nothing was done."""
        if self._due is None:
            self._due = now + round(self.pause[0] * 1000)
        if now < self._due:
            return None
        self._due = now + round(self.rng.uniform(*self.pause) * 1000)
        with self.sandbox.database.write() as tx:
            rows = tx.execute(
                "SELECT * FROM submissions WHERE company_id = ? AND status = 'review'"
                " ORDER BY created_at DESC, id LIMIT ?",
                (self.sandbox.company_id, max(_LOOKS_AT, self.floor + 1)),
            ).fetchall()
            if len(rows) <= self.floor:
                return None
            submission, actor = self.rng.choice(rows[:_LOOKS_AT]), self.rng.choice(people.REVIEWERS)
            verb = self.rng.choice(("approve", "approve", "approve", "reject", "reject", "cancel"))
            if verb == "reject":
                reason = self.rng.choice(people.REJECT_REASONS)
                transitions.reject(tx, submission, now, reason=reason, actor=actor)
            elif verb == "cancel":
                reason = self.rng.choice(people.CANCEL_REASONS)
                transitions.cancel(tx, submission, now, reason=reason, actor=actor)
            else:
                matches = tx.execute(
                    "SELECT id FROM fraud_matches WHERE submission_id = ? AND resolution IS NULL",
                    (submission["id"],),
                ).fetchall()
                for match in matches:
                    transitions.resolve(
                        tx,
                        submission,
                        match["id"],
                        now,
                        resolution="false_positive",
                        note=self.rng.choice(people.MATCH_NOTES),
                        actor=actor,
                    )
                transitions.approve(tx, submission, now, actor=actor)
            return str(submission["id"])

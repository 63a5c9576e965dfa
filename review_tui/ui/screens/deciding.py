"""From a key to a decision: the submission as shown, the gate, the reason, and on to the desk."""

from collections.abc import Callable, Mapping

from review_tui.model.decisions import Intent, Stage
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Verb
from review_tui.ui.commands import BY_ID
from review_tui.ui.detail_view import Tab
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.ui.screens.reviewing import Reviewing


class Deciding:
    """Gives the commands that decide; each acts on the id that was shown when its key was pressed."""

    def __init__(self, screen: Reviewing) -> None:
        self._screen = screen
        self._drafts: dict[tuple[Verb, str], str] = {}
        self.commands: Mapping[str, Callable[[], None]] = {
            "approve": lambda: self._send(Verb.APPROVE, self._shown_id()),
            "reject": lambda: self._ask(Verb.REJECT),
            "cancel": lambda: self._ask(Verb.CANCEL),
            "next-match": self._go_to_next_match,
            "false-positive": lambda: self._resolve(Resolution.FALSE_POSITIVE),
            "confirmed-fraud": lambda: self._resolve(Resolution.CONFIRMED_FRAUD),
        }

    def go_to_open_match(self) -> None:
        """Go to the first fraud match that keeps the shown submission from being approved, if one does."""
        detail = self._screen.situation.detail
        if detail is not None and detail.status == "review" and detail.open_matches:
            self._screen.detail_pane.open_fraud(detail.open_matches[0].id)
            self._screen.read()

    def _shown_id(self) -> str:
        row = self._screen.situation.row
        return row.id if row else ""

    def _go_to_next_match(self) -> None:
        situation = self._screen.situation
        matches = (situation.detail.open_matches if situation.detail else None) or ()
        ids = [match.id for match in matches]
        chosen = situation.match.id if situation.match else None
        at = ids.index(chosen) + 1 if chosen in ids and situation.tab is Tab.FRAUD else 0
        if ids:
            self._screen.detail_pane.open_fraud(ids[at % len(ids)])
            self._screen.read()

    def _resolve(self, resolution: Resolution) -> None:
        match = self._screen.situation.match
        if match is not None:
            self._send(Verb.RESOLVE, self._shown_id(), match_id=match.id, resolution=resolution)

    def _ask(self, verb: Verb) -> None:
        row = self._screen.situation.row
        if row is None:
            return

        def answered(reason: str | None) -> None:
            if reason is None:
                return
            self._drafts[verb, row.id] = reason
            situation = self._screen.situation
            why = "another submission is selected now"
            if situation.row and situation.row.id == row.id:
                why = BY_ID[verb.value].why_disabled(situation) or ""
            if why:
                self._screen.hint(f"{verb}: nothing was sent, {why}", Role.BAD)
                return
            self._send(verb, row.id, reason=reason)

        text = self._drafts.get((verb, row.id), "")
        self._screen.open_dialog(
            ReasonScreen(verb, row, text=text, problem=self._problem(verb, row.id)), answered
        )

    def _problem(self, verb: Verb, submission_id: str) -> str:
        """Say why words are asked for again: what became of the decision that they went with."""
        standing = self._screen.state.standings.get(submission_id)
        if standing is None or standing.intent.verb is not verb or standing.stage is Stage.DONE:
            return ""
        return plain(standing.words)

    def _send(
        self,
        verb: Verb,
        submission_id: str,
        *,
        reason: str | None = None,
        match_id: str | None = None,
        resolution: Resolution | None = None,
    ) -> None:
        intent = Intent(
            verb=verb,
            submission_id=submission_id,
            at=self._screen.now(),
            reason=reason,
            match_id=match_id,
            resolution=resolution,
        )
        if why := self._screen.desk.decide(intent):
            self._screen.hint(f"{verb}: {why}", Role.BAD)
        elif verb is not Verb.RESOLVE:
            self._screen.go_on()

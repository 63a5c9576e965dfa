"""From a key to a decision: the submission as shown, the gate, the reason, and on to the desk."""

from collections.abc import Callable, Mapping

from review_tui.model.decisions import Intent, Stage
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Detail, Row, Verb
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
            "approve": self._approve,
            "reject": lambda: self._ask(Verb.REJECT),
            "cancel": lambda: self._ask(Verb.CANCEL),
            "next-match": self._go_to_next_match,
            "false-positive": lambda: self._resolve(Resolution.FALSE_POSITIVE),
            "confirmed-fraud": lambda: self._resolve(Resolution.CONFIRMED_FRAUD),
        }

    def go_to_open_match(self) -> None:
        """Go to the first fraud match that keeps the shown submission from being approved, if one does."""
        situation = self._screen.situation
        detail = situation.detail
        if detail is None or detail.status != "review" or situation.under_way:
            return
        if detail.open_matches:
            self._screen.detail_pane.open_fraud(detail.open_matches[0].id)
            self._screen.read()

    def _approve(self) -> None:
        self._send(Verb.APPROVE, self._shown_id(), shown=self._screen.situation.detail)

    def _shown_id(self) -> str:
        row = self._screen.situation.row
        return row.id if row else ""

    def _go_to_next_match(self) -> None:
        situation = self._screen.situation
        matches = (situation.detail.open_matches if situation.detail else None) or ()
        ids = [match.id for match in matches if not situation.judging(match)] or [m.id for m in matches]
        chosen = situation.match.id if situation.match else None
        at = ids.index(chosen) + 1 if chosen in ids and situation.tab is Tab.FRAUD else 0
        if ids:
            self._screen.detail_pane.open_fraud(ids[at % len(ids)])
            self._screen.read()

    def _resolve(self, resolution: Resolution) -> None:
        match = self._screen.situation.match
        if match is not None:
            self._send(
                Verb.RESOLVE,
                self._shown_id(),
                shown=self._screen.situation.detail,
                match_id=match.id,
                resolution=resolution,
            )

    def _ask(self, verb: Verb) -> None:
        asked = self._screen.situation
        if asked.row is not None:
            problem = self._why_not(verb, asked.row) or self._problem(verb, asked.row.id)
            self._open_dialog(verb, asked.row, asked.detail, problem)

    def _open_dialog(self, verb: Verb, row: Row, shown: Detail | None, problem: str) -> None:
        """Ask for the words; they are asked for again as long as they cannot be taken."""

        def answered(reason: str | None) -> None:
            if reason is None:
                return
            self._drafts[verb, row.id] = reason
            if why := self._why_not(verb, row):
                self._open_dialog(verb, row, shown, f"Not sent: {why}")
            else:
                self._send(verb, row.id, shown=shown or self._screen.situation.detail, reason=reason)

        text = self._drafts.get((verb, row.id), "")
        self._screen.open_dialog(ReasonScreen(verb, row, text=text, problem=problem), answered)

    def _why_not(self, verb: Verb, row: Row) -> str:
        """Say why a submission cannot be decided now; empty where it can."""
        situation = self._screen.situation
        if situation.row is None or situation.row.id != row.id:
            return "another submission is selected now"
        return BY_ID[verb.value].why_disabled(situation) or ""

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
        shown: Detail | None,
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
        if why := self._screen.desk.decide(intent, shown=shown):
            self._screen.hint(f"{verb}: {why}", Role.BAD)
        elif verb is Verb.RESOLVE:
            judging = {one.intent.match_id for one in self._screen.situation.under_way}
            self._screen.detail_pane.go_on({id_ for id_ in judging if id_})
        else:
            self._screen.go_on()

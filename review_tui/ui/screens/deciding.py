"""From a key to a decision: the submission as shown, the gate, the reason, and on to the desk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from review_tui.model.decisions import Intent, Stage
from review_tui.model.submissions import Detail, Row, Verb, why_not_reason
from review_tui.ui.commands import BY_ID
from review_tui.ui.draft import Draft
from review_tui.ui.reasons import WITHOUT, Reason, Recent, filled, reasons_for
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.screens.advancing import Advancing
from review_tui.ui.screens.judging import reason_of_fraud
from review_tui.ui.screens.resuming import Drafts
from review_tui.ui.screens.reviewing import Reviewing


class Deciding:
    """Gives the commands that decide; each acts on the id that was shown when its key was pressed."""

    def __init__(self, screen: Reviewing, advancing: Advancing) -> None:
        self._screen = screen
        self._advancing = advancing
        self.drafts = Drafts(screen)
        self.recent = Recent(screen.memory)
        self._last: tuple[Verb, Reason] | None = None
        self.commands: Mapping[str, Callable[[], None]] = {
            "approve": self._approve,
            "reject": lambda: self._ask(Verb.REJECT),
            "cancel": lambda: self._ask(Verb.CANCEL),
            "repeat": self._repeat,
        }

    @property
    def last(self) -> Verb | None:
        """What was decided last on a submission of this session."""
        return self._last[0] if self._last else None

    def decided(self, verb: Verb, reason: Reason) -> None:
        """Know what was decided elsewhere on this screen, so that it can be repeated."""
        self._last = (verb, reason)

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
        if not self._is_too_soon(Verb.APPROVE):
            self._send(Verb.APPROVE, self._shown_id(), shown=self._screen.situation.detail)

    def _repeat(self) -> None:
        """Decide the same on what is shown, its reason filled from what is shown."""
        if self._last is None or self._is_too_soon("again"):
            return
        (verb, given), shown = self._last, self._screen.situation.detail
        reason = filled(given.template, shown) if given.template else given
        text = Draft.of(reason.text).text.strip()
        why = why_not_reason(verb, text)
        if reason.missing:
            why = f"its reason needs {plain(', '.join(reason.missing))}, which was not read here"
        if why:
            self._screen.hint(f"again: {verb}: {why}")
        elif self._send(verb, self._shown_id(), shown=shown, reason=replace(reason, text=text)):
            self._screen.hint(f"again: {verb}{f', {plain(text)}' if text else ''}", Role.DIM)

    def _is_too_soon(self, words: str) -> bool:
        why = self._advancing.too_soon()
        if why:
            self._screen.hint(f"{words}: {why}")
        return bool(why)

    def _shown_id(self) -> str:
        row = self._screen.situation.row
        return row.id if row else ""

    def _ask(self, verb: Verb) -> None:
        asked = self._screen.situation
        if asked.row is not None:
            problem = self._why_not(verb, asked.row) or self._problem(verb, asked.row.id)
            self._open_dialog(verb, asked.row, asked.detail, problem)

    def _open_dialog(self, verb: Verb, row: Row, shown: Detail | None, problem: str) -> None:
        """Ask for the words; they are asked for again as long as they cannot be taken."""
        from review_tui.ui.screens.reason import ReasonScreen

        canned = reasons_for(verb, self._screen.preferences.reasons, row.workflow, shown)
        reasons = (*canned, *self.recent.of(verb, canned))

        def answered(reason: str | None) -> None:
            if reason is None:
                return
            self.drafts.put(verb, row.id, reason)
            if why := self._why_not(verb, row):
                self._open_dialog(verb, row, shown, f"Not sent: {why}")
            else:
                detail = shown or self._screen.situation.detail
                given = _given(reason, canned)
                if self._send(verb, row.id, shown=detail, reason=given) and reason and not given.template:
                    self.recent.put(verb, reason)

        def left(text: str) -> None:
            if all(text != one.text for one in reasons):
                self.drafts.put(verb, row.id, text)

        text = self.drafts.get(verb, row.id) or reason_of_fraud(verb, shown, reasons)
        self._screen.open_dialog(
            ReasonScreen(verb, row, reasons=reasons, text=text, problem=problem, left=left), answered
        )

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
        reason: Reason | None = None,
    ) -> bool:
        """Hand a decision to the desk and go on; False where it was not taken, which is said."""
        intent = Intent(
            verb=verb,
            submission_id=submission_id,
            at=self._screen.now(),
            reason=reason.text if reason and verb is not Verb.APPROVE else None,
        )
        if why := self._screen.desk.decide(intent, shown=shown):
            self._screen.hint(f"{verb}: {why}", Role.BAD)
            return False
        self._last = (verb, reason or WITHOUT)
        self._advancing.go_on()
        return True


def _given(text: str, reasons: Sequence[Reason]) -> Reason:
    """Return the reason that was picked, or the one that was written."""
    return next((reason for reason in reasons if reason.text == text), Reason("", text))

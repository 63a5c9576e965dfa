"""Judging fraud matches: from one open match to the next, each with one key and a note, if there is one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from review_tui.model.decisions import Intent, Stage
from review_tui.model.foresight import foreseen, is_confirmed_fraud
from review_tui.model.fraud import FraudMatch, Resolution
from review_tui.model.submissions import Detail, Verb
from review_tui.ui.detail_view import Tab
from review_tui.ui.key_names import key_of
from review_tui.ui.reasons import Reason
from review_tui.ui.render.fraud import type_words
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.terminal.seen import NOT_SEEN
from review_tui.workers.news import DecisionMoved, News

_CONFIRMED: Final = Resolution.CONFIRMED_FRAUD.value
_HANDED_IN_BEFORE: Final = "This document was handed in before"
_MADE_UP: Final = "The document seems to be altered or made up"

GOES_ALONG: Final = "It goes to the server with {}, for whoever looks at the judgement."


class Judging:
    """Gives the commands on fraud matches; `note` asks for the words on the submission itself.

    The note on a match is kept until the match is judged: a judgement that fails leaves it where it was.
    """

    def __init__(self, screen: Reviewing, note: Callable[[], None]) -> None:
        self._screen = screen
        self._note_submission = note
        self.commands: Mapping[str, Callable[[], None]] = {
            "next-match": self._go_to_next_match,
            "false-positive": lambda: self._resolve(Resolution.FALSE_POSITIVE),
            "confirmed-fraud": lambda: self._resolve(Resolution.CONFIRMED_FRAUD),
            "note": self._note,
        }

    def hear(self, unread: Sequence[News]) -> None:
        """Let go of the notes that have gone out with their judgement."""
        for news in unread:
            if isinstance(news, DecisionMoved) and news.standing.stage is Stage.DONE:
                intent = news.standing.intent
                self._keep(intent.submission_id, intent.match_id or "", "")

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
        situation = self._screen.situation
        match, row, shown = situation.match, situation.row, situation.detail
        if match is None or row is None or shown is None:
            return
        if not self._screen.seen.is_shown:
            self._screen.hint(f"{Verb.RESOLVE}: {NOT_SEEN}")
            return
        intent = Intent(
            Verb.RESOLVE,
            row.id,
            self._screen.now(),
            match_id=match.id,
            resolution=resolution,
            note=self._screen.state.match_notes.get((row.id, match.id)),
        )
        if why := self._screen.desk.decide(intent, shown=shown):
            self._screen.hint(f"{Verb.RESOLVE}: {why}", Role.BAD)
            return
        under_way = [one.intent for one in self._screen.situation.under_way]
        self._screen.detail_pane.go_on({one.match_id for one in under_way if one.match_id})
        if words := what_follows(foreseen(shown, under_way)):
            self._screen.hint(words, Role.ACCENT)

    def _note(self) -> None:
        """Ask for the words on the chosen match while it can be judged, else on the submission."""
        from review_tui.ui.screens.note import NotePage, NoteScreen

        situation = self._screen.situation
        match, row = situation.match, situation.row
        open_one = match is not None and match.is_open and not situation.judging(match)
        if row is None or match is None or situation.tab is not Tab.FRAUD or not open_one:
            self._note_submission()
            return
        text = self._screen.state.match_notes.get((row.id, match.id), "")
        dialog = NoteScreen([NotePage("the match", _named(match), text, GOES_ALONG.format(_judging_keys()))])

        def answered(texts: tuple[str, ...] | None) -> None:
            written = (texts or dialog.texts)[0].strip()
            self._keep(row.id, match.id, written)
            if texts is not None:
                kept = f"note kept: {_judging_keys()} sends it along" if written else "no note on this match"
                self._screen.hint(kept, Role.ACCENT)

        self._screen.open_dialog(dialog, answered)

    def _keep(self, submission_id: str, match_id: str, text: str) -> None:
        state, key = self._screen.state, (submission_id, match_id)
        if state.match_notes.get(key, "") == text:
            return
        rest = {known: note for known, note in state.match_notes.items() if known != key}
        self._screen.state = replace(state, match_notes={**rest, key: text} if text else rest)


def what_follows(detail: Detail) -> str:
    """Say what the last judgement clears the way for; empty while matches are left to judge."""
    if detail.open_matches is None or detail.open_matches or not detail.fraud_matches:
        return ""
    if is_confirmed_fraud(detail):
        return (
            f"all {len(detail.fraud_matches)} judged: {key_of('reject')} rejects as soon as they have counted"
        )
    return (
        f"all {len(detail.fraud_matches)} judged: {key_of('approve')} approves as soon as they have counted"
    )


def reason_of_fraud(verb: Verb, detail: Detail | None, reasons: Sequence[Reason]) -> str:
    """Return which of these reasons confirmed fraud gives, to be picked beforehand; empty for none."""
    if verb is not Verb.REJECT or detail is None or not is_confirmed_fraud(detail):
        return ""
    kinds = {match.type for match in detail.fraud_matches or () if match.resolution == _CONFIRMED}
    template = _HANDED_IN_BEFORE if "exact_duplicate" in kinds else _MADE_UP
    return next((reason.text for reason in reasons if reason.template == template), "")


def _named(match: FraudMatch) -> str:
    other = f" with {plain(match.matched_submission_id)}" if match.matched_submission_id else ""
    return f"{type_words(match)}{other}"


def _judging_keys() -> str:
    return f"{key_of('false-positive')} or {key_of('confirmed-fraud')}"

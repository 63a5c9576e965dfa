"""Noting: words on a submission and on its merchant, and what was decided on the merchant before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Final

from review_tui.model.decisions import Stage
from review_tui.model.failures import Failure
from review_tui.model.notes import Note, merchant_key
from review_tui.model.submissions import Row
from review_tui.ui.keeping import with_book
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.screens.viewing import Start
from review_tui.workers.news import DecisionMoved, News
from review_tui.workers.notebook import Notebook

if TYPE_CHECKING:  # each dialog is loaded when it is first opened
    from review_tui.ui.screens.note import NotePage

MERCHANTS_KNOWN: Final = 500
"""Merchants whose past is kept at hand."""


class Noting:
    """Gives the command that notes, and looks up the past of the merchant that is shown."""

    def __init__(self, screen: Reviewing, notebook: Notebook, start: Start) -> None:
        self._screen = screen
        self._notebook = notebook
        self._start = start
        self._asked: set[str] = set()
        self._ended = 0
        self._drafts: dict[str, tuple[str, ...]] = {}
        self.commands: Mapping[str, Callable[[], None]] = {"note": self._ask}

    def begin(self, later: Callable[[Callable[[Failure], None], Failure], object]) -> None:
        """Say from now on what cannot be kept; `later` calls something on the console's own thread."""
        self._notebook.hear(lambda failure: later(self._cannot_keep, failure))
        if self._notebook.failure is not None:
            later(self._cannot_keep, self._notebook.failure)

    def follow(self) -> None:
        """Look up what was decided on the merchant that is shown, once."""
        row = self._screen.state.row
        if row is None or row.merchant is None or not self._notebook.has_past:
            return
        key = merchant_key(row.merchant)
        if key not in self._asked and key not in self._screen.state.past:
            self._asked.add(key)
            self._start(self._look_up(key))

    def hear(self, unread: Sequence[News]) -> None:
        """Forget the past of a merchant that a decision has made longer."""
        for news in unread:
            if not isinstance(news, DecisionMoved) or news.standing.stage is not Stage.DONE:
                continue
            self._ended += 1
            state = self._screen.state
            row = state.queue.row(news.standing.intent.submission_id, state.near)
            key = merchant_key(row.merchant) if row is not None and row.merchant else ""
            self._asked.discard(key)
            past = {name: found for name, found in state.past.items() if name != key}
            self._screen.state = replace(state, past=past)

    def _cannot_keep(self, failure: Failure) -> None:
        """Say that something was not written down; it stays at hand until the console ends."""
        notices = self._screen.state.notices.told(
            f"Not kept: {plain(failure.title)}; it lasts until the console ends", self._screen.now(), Role.BAD
        )
        self._screen.change(replace(self._screen.state, notices=notices))

    def _ask(self) -> None:
        """Ask for the words on the submission as shown and on its merchant."""
        from review_tui.ui.screens.note import NoteScreen

        row = self._screen.situation.row
        if row is None:
            return
        dialog = NoteScreen(self._pages(row))

        def answered(texts: tuple[str, ...] | None) -> None:
            if texts is None:
                self._drafts[row.id] = dialog.texts
                return
            self._drafts.pop(row.id, None)
            self._keep(row, texts)

        self._screen.open_dialog(dialog, answered)

    def _pages(self, row: Row) -> "tuple[NotePage, ...]":
        from review_tui.ui.screens.note import NotePage

        book = self._notebook.book
        note, merchant_note = book.notes.get(row.id), book.merchant_note(row.merchant)
        texts = [note.text if note else "", merchant_note.text if merchant_note else ""]
        texts[: len(self._drafts.get(row.id, ()))] = self._drafts.get(row.id, ())
        pages = [NotePage("the submission", row.id, texts[0])]
        if row.merchant and merchant_key(row.merchant):
            pages.append(NotePage("the merchant", plain(row.merchant), texts[1]))
        return tuple(pages)

    def _keep(self, row: Row, texts: tuple[str, ...]) -> None:
        subject = " ".join(filter(None, (row.merchant, row.amount, row.currency)))
        said = [self._put("notes", row.id, texts[0], subject)]
        if len(texts) > 1 and row.merchant:
            said.append(self._put("merchants", merchant_key(row.merchant), texts[1], str(row.merchant)))
        self._screen.state = with_book(self._screen.state, self._notebook.book)
        self._screen.hint(" · ".join(filter(None, said)) or "nothing was changed", Role.ACCENT)

    def _put(self, kind: str, about: str, text: str, subject: str) -> str:
        """Keep, change or take away a note; return what was done, empty for nothing."""
        book = self._notebook.book
        before = (book.notes if kind == "notes" else book.merchants).get(about)
        if text == (before.text if before else ""):
            return ""
        note = Note(text, self._screen.now().astimezone(UTC), subject) if text else None
        self._notebook.put(kind, about, note)
        what = "note" if kind == "notes" else "note on the merchant"
        return f"{what} {'kept' if note else 'taken away'}"

    async def _look_up(self, key: str) -> None:
        before = self._ended
        found = await self._notebook.past_decisions(key)
        while before != self._ended:  # what has ended meanwhile may or may not be among what was found
            before = self._ended
            found = await self._notebook.past_decisions(key)
        state = self._screen.state
        past = dict(list(state.past.items())[-MERCHANTS_KNOWN:])
        self._asked.discard(key)
        if found:
            self._screen.change(replace(state, past={**past, key: found}))
        else:
            self._screen.state = replace(state, past={**past, key: found})

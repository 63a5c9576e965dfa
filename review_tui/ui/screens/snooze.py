"""The dialog that asks until when a submission is put away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from textual import events

from review_tui.model.frozen import frozen
from review_tui.model.moments import NoMoment, moment_of, morning_after, next_monday, zone_of
from review_tui.model.submissions import Row
from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.render.hiding import SnoozeView, snooze_lines, wall
from review_tui.ui.render.line import Line
from review_tui.ui.screens.dialog import Dialog

_ROOMY: Final = 21
"""Height of a screen, in lines, from which nothing has to be spared."""


@frozen
class Wish:
    """Until when, in UTC, None for until it changes; and words for then."""

    until: datetime | None
    words: str = ""


class SnoozeScreen(Dialog[Wish]):
    """Asks until when; a digit alone is a choice, anything else a time. Enter confirms."""

    def __init__(self, row: Row, now: Callable[[], datetime], words: str = "") -> None:
        super().__init__()
        self._row = row
        self._now = now
        self._when = Draft()
        self._words = Draft.of(words)
        self._on_words = False
        self._problem = ""

    def lines(self, width: int) -> list[Line]:
        """Return the dialog as it stands."""
        now, until = self._now(), ""
        if self._when.text.strip():
            try:
                found = self._found()
                until = "until it changes" if found is None else f"until {wall(found, now)}"
            except NoMoment as error:
                until = f"{error}"
        view = SnoozeView(
            self._row,
            now,
            self._choices(),
            self._when,
            self._words,
            on_words=self._on_words,
            until=until,
            problem=self._problem,
            compact=self.size.height < _ROOMY,
        )
        return snooze_lines(view, width)

    def press(self, event: events.Key) -> bool:
        """Pick, write or confirm."""
        if event.key == "enter":
            self._confirm()
            return True
        if event.key in {"tab", "shift+tab"}:
            self._on_words = not self._on_words
            self.draw()
            return True
        draft = self._words if self._on_words else self._when
        if edit := EDITS.get(event.key):
            self._take(edit(draft))
        elif event.is_printable and event.character is not None:
            self._take(draft.put(event.character)[0])
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste as text, cleaned and on one line."""
        event.stop()
        draft = self._words if self._on_words else self._when
        self._take(draft.put(" ".join(event.text.split()))[0])

    def _take(self, draft: Draft) -> None:
        if self._on_words:
            self._words = draft
        else:
            self._when = draft
        self._problem = ""
        self.draw()

    def _confirm(self) -> None:
        try:
            found = self._found()
        except NoMoment as error:
            self._problem, self._on_words = str(error), False
            self.draw()
        else:
            self.dismiss(Wish(found, self._words.text.strip()))

    def _found(self) -> datetime | None:
        text = self._when.text.strip()
        choices = self._choices()
        if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= len(choices):
            return choices[int(text) - 1][1]
        now = self._now()
        return moment_of(text, now, zone_of(now))

    def _choices(self) -> tuple[tuple[str, datetime | None], ...]:
        now = self._now()
        zone = zone_of(now)
        return (
            ("tomorrow morning", morning_after(now, zone)),
            ("in 1 h", now.astimezone(UTC) + timedelta(hours=1)),
            ("in 4 h", now.astimezone(UTC) + timedelta(hours=4)),
            ("Monday", next_monday(now, zone)),
            ("until it changes", None),
        )

"""What is put away as lines: the dialog that asks until when, and the list of all that is hidden."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.model.moments import EXAMPLES, zone_of
from review_tui.model.notes import Snooze
from review_tui.model.submissions import Row
from review_tui.ui.draft import Draft
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.head import amount_words, merchant_words
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.render.wrapping import paragraph, spread
from review_tui.ui.render.writing import text_lines

ONLY_HERE: Final = "Hidden here until then; other reviewers still see it."
_CHOICE: Final = 18
_KIND: Final = 10
_SUBJECT: Final = 30


@frozen
class SnoozeView:
    """What the dialog shows.

    `choices` are words and the moments they stand for, None for none; `until` is what is read from what is
    written, `problem` what is wrong with it. `now` gives the zone.
    """

    row: Row
    now: datetime
    choices: Sequence[tuple[str, datetime | None]]
    when: Draft
    words: Draft
    on_words: bool = False
    until: str = ""
    problem: str = ""
    compact: bool = False


def snooze_lines(view: SnoozeView, width: int) -> list[Line]:
    """Draw the dialog; its height never changes."""
    gap: list[Line] = [] if view.compact else [EMPTY]
    amount = (cut(amount_words(view.row), width // 2), Role.TITLE)
    lines: list[Line] = [
        spread((("Snooze  ", Role.ACCENT), (merchant_words(view.row), Role.TITLE)), (amount,), width),
        clipped(((ONLY_HERE, Role.DIM),), width),
        *gap,
    ]
    for digit, (words, until) in enumerate(view.choices, 1):
        role = Role.CURSOR if view.when.text.strip() == str(digit) else Role.PLAIN
        when = "" if until is None else wall(until, view.now)
        piece = (fit(words, _CHOICE) if when else words, role)
        lines.append(((f"{digit}  ", Role.KEY), piece, (f" {when}" if when else "", Role.DIM)))
    lines += [*gap, spread((("Until", Role.DIM),), ((EXAMPLES.rpartition(",")[0], Role.DIM),), width)]
    lines += _one_line(view.when, width, here=not view.on_words)
    lines.append(spread((("Words", Role.DIM),), (("shown when it comes back", Role.DIM),), width))
    lines += _one_line(view.words, width, here=view.on_words)
    said: Line = ((f"! {plain(view.problem)}", Role.BAD),) if view.problem else ((view.until, Role.ACCENT),)
    keys = (("enter", "snoozes"), ("tab", "time" if view.on_words else "words"), ("esc", "back"))
    return [*lines, clipped(said, width), clipped(key_pieces(keys), width)]


def _one_line(draft: Draft, width: int, *, here: bool) -> list[Line]:
    if here:
        return text_lines(draft, width, 1)
    return [clipped((("│ ", Role.DIM), (plain(draft.text), Role.PLAIN)), width)]


def key_pieces(pairs: Sequence[tuple[str, str]]) -> Line:
    """Name keys and what they do."""
    return tuple(piece for key, does in pairs for piece in ((key, Role.KEY), (f" {does}  ", Role.DIM)))


def wall(at: datetime, now: datetime) -> str:
    """Say a moment to come as a wall clock and a calendar show it, in the zone of `now`."""
    return f"{at.astimezone(zone_of(now)):%a %d %b %H:%M}"


def snooze_words(snooze: Snooze, now: datetime) -> str:
    """Say in a few words how long something is put away, or why it is back."""
    words = f": {plain(snooze.words)}" if snooze.words else ""
    if snooze.back:
        return f"back from snooze, {snooze.back}{words}"
    until = "until it changes" if snooze.until is None else f"until {wall(snooze.until, now)}"
    return f"snoozed {until}{words}"


@frozen
class Hidden:
    """One submission that is hidden or was passed over, and why; `kind` is `snoozed` or `skipped`."""

    kind: str
    submission_id: str
    subject: str
    why: str

    @property
    def piece(self) -> Piece:
        """Its kind with its glyph."""
        glyph, role = ("z", Role.ACCENT) if self.kind == "snoozed" else ("»", Role.DIM)
        return (fit(f"{glyph} {self.kind}", _KIND), role)


@frozen
class HiddenView:
    """All that is hidden; `elsewhere` says what else is not shown, a sentence each."""

    entries: tuple[Hidden, ...] = ()
    elsewhere: tuple[str, ...] = ()


def hidden_lines(view: HiddenView, chosen: Hidden | None, width: int, height: int) -> list[Line]:
    """Draw the list in at most `height` lines, around the chosen one."""
    count = len(view.entries)
    heading = f"{count} here; other reviewers still see what is snoozed" if count else "nothing is put away"
    tail = [line for words in view.elsewhere for line in paragraph(words, width, Role.DIM)]
    keys = [("b", "brings it back"), ("j/k", "chooses")] if chosen else []
    last: list[Line] = [EMPTY, *tail, clipped(key_pieces([*keys, ("esc", "closes")]), width)]
    unfolded = paragraph(plain(chosen.why), width - 2, indent=2)[:2] if chosen else []
    room = max(1, height - 2 - len(last) - len(unfolded))
    at = view.entries.index(chosen) if chosen else 0
    first = max(0, min(at - room // 2, count - room))
    shown = view.entries[first : first + room]
    place: Line = ((f"{at + 1} of {count}", Role.DIM),) if count > len(shown) else ()
    return [
        spread((("Hidden  ", Role.TITLE), (heading, Role.DIM)), place, width),
        *(_entry(one, width, chosen=one is chosen) for one in shown),
        *unfolded,
        *last,
    ]


def _entry(hidden: Hidden, width: int, *, chosen: bool) -> Line:
    subject = fit(plain(hidden.subject) or hidden.submission_id, min(_SUBJECT, width // 2))
    line: Line = (
        ("▸ ", Role.ACCENT) if chosen else ("  ", Role.PLAIN),
        hidden.piece,
        (" ", Role.PLAIN),
        (subject, Role.CURSOR if chosen else Role.PLAIN),
        (f" {plain(hidden.why)}", Role.DIM),
    )
    return clipped(line, width)

"""The lines around the panes: who and where, what happened, which keys."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from rich.cells import cell_len

from review_tui.model.ages import lateness
from review_tui.model.decisions import Stage, Standing
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.preferences import Preferences
from review_tui.model.queue import Queue
from review_tui.model.sorting import Column, Sort
from review_tui.model.submissions import Row
from review_tui.model.views import View
from review_tui.ui.commands import Command, key_name
from review_tui.ui.key_names import key_of
from review_tui.ui.keymap import DEFAULT, Keymap
from review_tui.ui.render.freshness import BRIEFEST, clock, freshness_line
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.render.notices import Notice
from review_tui.ui.render.submissions import LATENESS, waiting_words
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.render.wrapping import cells, spread
from review_tui.ui.situation import Situation
from review_tui.workers.news import LoadingMoved

_GAP: Final[Piece] = ("  ", Role.PLAIN)
_BAR: Final = 8
_LOOKED_UP: Final = frozenset({Stage.VERIFYING, Stage.SETTLING})
"""Stages in which the server is asked what has become of a decision."""


def header_line(who: tuple[str, str, str], oldest: Line, counts: Line, width: int, banner: Line = ()) -> Line:
    """Name profile, company, server and key; on the right what is listed, and which waits longest.

    Whose queue it is stays longest: where there is no room, key and server go first, then our own name.
    """
    company, server, key_hint = (plain(text) for text in who)
    if cells((*oldest, *counts)) + len("review-tui") + 2 <= width:
        counts = (*oldest, *counts)
    named: list[Piece] = [*banner]
    named += [*([_GAP] if banner else []), (company, Role.PLAIN)] if company else []
    left: list[Piece] = [("review-tui", Role.TITLE), *([_GAP] if named else []), *named]
    if named and cells((*left, *counts)) + 2 > width:
        left = named
    room = width - cells((*left, *counts)) - 2
    for text in (server, key_hint):
        room -= cell_len(text) + 2
        if room >= 0:
            left += [_GAP, (text, Role.DIM)]
    return spread(tuple(left), counts, width)


def banner_of(preferences: Preferences) -> Line:
    """Return the word by which two profiles are told apart, if one was given."""
    word = plain(preferences.banner)
    return ((f" {word} ", Role(preferences.banner_color)),) if word else ()


def counts_line(
    queue: Queue,
    view: View,
    loading: LoadingMoved | None = None,
    *,
    unseen: int = 0,
    unreadable: int = 0,
    place: int | None = None,
    started: bool = True,
    expected: int = 0,
) -> Line:
    """Say what is listed, in which order, and how much of it is here; `≥` while older pages are missing.

    `place` is the index of the selected row among those shown; `started` says that the first page is in:
    before that there may be rows that were known from another list. `expected` is about how many there
    will be, 0 where nobody knows.
    """
    pieces: list[Piece] = []
    if unseen:
        pieces += [(f"↑ {unseen} new", Role.ACCENT), (" · ", Role.DIM)]
    if marked := len(view.facts.marked):
        pieces += [(f"+ {marked} marked", Role.ACCENT), (" · ", Role.DIM)]
    if unreadable:
        pieces += [(f"! {counted(unreadable, 'row')} unreadable", Role.BAD), (" · ", Role.DIM)]
    least = "" if queue.complete else "≥ "
    loaded = len(queue) - len(view.facts.outside)
    shown = f"{least}{view.fitting} shown, " if view.fitting != loaded else ""
    count = f"{shown}{least}{loaded} in " if queue.rows or (queue.complete and started) else ""
    if queue.rows and not started:
        pieces += [("○ loading, known so far", Role.WARN), (" · ", Role.DIM)]
    at = f"{place + 1} of " if place is not None else ""
    if view.guest is not None and place is not None and view.rows[place].id == view.guest:
        at = "not in view · "
    paused = "" if loading is None or queue.complete else loading_words(loading, expected)
    pieces += [(f"{at}{count}", Role.PLAIN), (plain(str(queue.filter)), Role.TITLE)]
    pieces.append((f"{paused} · {sort_words(view.sort)}", Role.DIM))
    if view.sort is not None and not queue.complete:
        pieces.append((f" within {loaded} loaded", Role.DIM))
    return tuple(pieces)


def making_line(making: str) -> Line:
    """Say by what another view is being made, while the one before is still shown; empty for nothing."""
    return ((f"… {making}", Role.ACCENT), (" · ", Role.DIM)) if making else ()


def loading_words(loading: LoadingMoved, expected: int) -> str:
    """Say how far loading is, or why it rests; `expected` is about how many rows there will be, 0 unknown."""
    if loading.stopped:
        return f" (older ones left: {key_of('load-older')} goes on)"
    if loading.paused:
        return f" ({plain(loading.paused)})"
    if loading.complete or not expected:
        return ""
    share = min(loading.rows / expected, 0.99)
    full = int(share * _BAR)
    return f" {'▰' * full}{'▱' * (_BAR - full)} ~{share:.0%}"


def oldest_line(row: Row | None, there: datetime, preferences: Preferences, *, exact: bool) -> Line:
    """Say how long the oldest submission waits; `there` is the server's time, `exact` that all are loaded."""
    if row is None or row.created_at is None:
        return ()
    late = lateness(row, preferences.age_limits(row.workflow), there)
    glyph, role = LATENESS.get(late, ("", Role.DIM))
    least = "" if exact else "≥ "
    words = f"{glyph} oldest {least}{waiting_words(row.created_at, there)}".lstrip()
    return ((words, role), (" · ", Role.DIM))


def sort_words(sort: Sort | None) -> str:
    """Say in which order rows are shown."""
    if sort is None:
        return "newest first"
    if sort.column is Column.AGE:
        return "oldest first" if sort.descending else "newest first, sorted"
    return f"by {sort.column} {'↓' if sort.descending else '↑'}"


def pinned_line(outbox: Sequence[Standing], *, off: bool) -> Line:
    """Say what must not be forgotten: that nothing can be decided, what is unknown, what waits to be sent."""
    pieces: list[Piece] = []
    if off:
        pieces += [("! deciding is off", Role.BAD), (" · ", Role.DIM)]
    if unknown := sum(one.stage is Stage.UNKNOWN for one in outbox):
        pieces += [(f"? {unknown} unknown: {key_of('outbox')}", Role.BAD), (" · ", Role.DIM)]
    if looking := sum(one.earlier and one.stage in _LOOKED_UP for one in outbox):
        pieces += [(f"… {looking} from last time looked up", Role.WARN), (" · ", Role.DIM)]
    if waiting := sum(one.earlier and one.stage is Stage.HELD for one in outbox):
        pieces += [(f"◷ {waiting} from last time: {key_of('outbox')}", Role.WARN), (" · ", Role.DIM)]
    return tuple(pieces)


def no_further(queue: Queue, step: int) -> str:
    """Say why there is no submission after (1) or before (-1) the selected one."""
    if step < 0:
        return "this is the first one"
    return "this is the last one" if queue.complete else "this is the last one that is loaded so far"


def status_line(
    notice: Notice | None,
    freshness: Freshness,
    zone: tzinfo | None,
    width: int,
    going: Piece | None = None,
    link: float = 0.0,
    jobs: int = 0,
) -> Line:
    """Say the last thing that happened, and on the right how true the screen is.

    `going` says first what is about to be sent, where the notice does not. `link` is what a slow link to the
    terminal takes there and back, in seconds. `jobs` counts those that need somebody.
    """
    left = notice_line(notice, zone) if notice else ()
    if going is not None:
        left = (going, (" · ", Role.DIM), *left)
    for brief in range(BRIEFEST + 1):
        right = freshness_line(freshness, zone, brief=brief)
        if link and not brief:
            right = ((f"link {link * 1000:.0f} ms", Role.WARN), (" · ", Role.DIM), *right)
        if jobs:
            right = ((jobs_words(jobs, brief=brief > 0), Role.ACCENT), (" · ", Role.DIM), *right)
        if not left or cells((*left, _GAP, *right)) <= width:
            break
    return spread(left, right, width)


def jobs_words(needing: int, *, brief: bool) -> str:
    """Say how many jobs need somebody, and where they are."""
    verb = "needs" if needing == 1 else "need"
    return f"▲ {counted(needing, 'job')}{'' if brief else f' {verb} somebody'}: {key_of('jobs')}"


def notice_line(notice: Notice, zone: tzinfo | None) -> Line:
    """Say when and what."""
    return ((f"{clock(notice.at, zone)} ", Role.DIM), (plain(notice.text), notice.role))


def key_line(situation: Situation, width: int, keymap: Keymap = DEFAULT) -> Line:
    """Name the keys that make sense here, in the table's order, as many as there is room for.

    Help and quit are always named; then comes what there is for the moment only, then what belongs to the
    tab that is shown, then what decides, then what is always there.
    """
    fitting = [command for command in keymap.commands if command.keys and command.fits(situation)]
    room = width
    named: set[str] = set()
    for command in sorted(fitting, key=_importance):
        if (taken := _named_cells(command)) <= room:
            room -= taken
            named.add(command.id)
    pieces: list[Piece] = []
    for command in fitting:
        if command.id in named:
            pieces += [(key_name(command.keys[0]), Role.KEY), (f" {command.words}  ", Role.DIM)]
    return tuple(pieces)


def _importance(command: Command) -> tuple[bool, ...]:
    always = command.id in {"help", "quit"}
    return not always, command.named_while is None, command.tabs is None, not command.dangerous


def _named_cells(command: Command) -> int:
    return len(key_name(command.keys[0])) + len(command.words) + 3


def instead_of_rows(freshness: Freshness, queue: Queue, *, started: bool) -> tuple[Line, ...]:
    """Say why there are no rows: not asked yet, not reachable, or nothing to do."""
    failure = freshness.failure
    if failure is not None and freshness.state in {FreshnessState.STALE, FreshnessState.STOPPED}:
        hint = plain(failure.hint)
        return (
            (),
            ((f"  ✗ {plain(failure.title)}", Role.BAD),),
            *((((f"  {hint}", Role.PLAIN),),) if hint else ()),
            ((f"  {key_of('refresh')}", Role.KEY), (" tries again", Role.DIM)),
        )
    if not started:
        return ((), (("  ○ Loading the queue …", Role.DIM),))
    if queue.filter.status == "review":
        return (
            (),
            (("  ✓ Nothing to review.", Role.GOOD),),
            (("  New submissions appear here by themselves.", Role.DIM),),
        )
    return ((), ((f"  Nothing in {plain(str(queue.filter))}.", Role.DIM),))

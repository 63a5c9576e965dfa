"""The lines around the panes: who and where, what happened, which keys."""

from datetime import tzinfo

from rich.cells import cell_len

from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.queue import Queue
from review_tui.ui.commands import COMMANDS, Situation, key_name
from review_tui.ui.notices import Notice
from review_tui.ui.render.freshness import clock, freshness_line
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.render.wrapping import cells, spread
from review_tui.workers.news import LoadingMoved

_GAP: Piece = ("  ", Role.PLAIN)


def header_line(who: tuple[str, str, str], counts: Line, width: int) -> Line:
    """Name the company, the server and the key; on the right what is listed."""
    company, server, key_hint = (plain(text) for text in who)
    left: list[Piece] = [("review-tui", Role.TITLE), _GAP, (company, Role.PLAIN)]
    room = width - cells((*left, *counts)) - 2
    for text in (server, key_hint):
        room -= cell_len(text) + 2
        if room >= 0:
            left += [_GAP, (text, Role.DIM)]
    return spread(tuple(left), counts, width)


def counts_line(queue: Queue, loading: LoadingMoved | None, unseen: int, unreadable: int) -> Line:
    """Say what is listed, in which order, and how much of it is here; `≥` while older pages are missing."""
    pieces: list[Piece] = []
    if unseen:
        pieces += [(f"↑ {unseen} new", Role.ACCENT), (" · ", Role.DIM)]
    if unreadable:
        pieces += [(f"! {counted(unreadable, 'row')} unreadable", Role.BAD), (" · ", Role.DIM)]
    count = f"{len(queue)}" if queue.complete else f"≥ {len(queue)}"
    paused = f" ({plain(loading.paused)})" if loading and loading.paused and not queue.complete else ""
    pieces += [(f"{count} in ", Role.PLAIN), (plain(str(queue.filter)), Role.TITLE)]
    pieces.append((f"{paused} · newest first", Role.DIM))
    return tuple(pieces)


def status_line(notice: Notice | None, freshness: Freshness, zone: tzinfo | None, width: int) -> Line:
    """Say the last thing that happened, and on the right how true the screen is."""
    left = notice_line(notice, zone) if notice else ()
    return spread(left, freshness_line(freshness, zone), width)


def notice_line(notice: Notice, zone: tzinfo | None) -> Line:
    """Say when and what."""
    return ((f"{clock(notice.at, zone)} ", Role.DIM), (plain(notice.text), notice.role))


def key_line(situation: Situation, width: int) -> Line:
    """Name the keys that make sense here, as many as there is room for; help and quit always."""
    fitting = [command for command in COMMANDS if command.keys and command.fits(situation)]
    last = [command for command in fitting if command.id in {"help", "quit"}]
    room = width - sum(len(key_name(c.keys[0])) + len(c.words) + 3 for c in last)
    pieces: list[Piece] = []
    for command in [c for c in fitting if c not in last] + last:
        taken = len(key_name(command.keys[0])) + len(command.words) + 3
        if command not in last:
            if taken > room:
                continue
            room -= taken
        pieces += [(key_name(command.keys[0]), Role.KEY), (f" {command.words}  ", Role.DIM)]
    return tuple(pieces)


def instead_of_rows(freshness: Freshness, queue: Queue, *, started: bool) -> tuple[Line, ...]:
    """Say why there are no rows: not asked yet, not reachable, or nothing to do."""
    failure = freshness.failure
    if failure is not None and freshness.state in {FreshnessState.STALE, FreshnessState.STOPPED}:
        hint = plain(failure.hint)
        return (
            (),
            ((f"  ✗ {plain(failure.title)}", Role.BAD),),
            *((((f"  {hint}", Role.PLAIN),),) if hint else ()),
            (("  R", Role.KEY), (" tries again", Role.DIM)),
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

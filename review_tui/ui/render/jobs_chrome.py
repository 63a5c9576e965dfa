"""The lines around the jobs: how the three systems stand, what is listed, what stands in place of no rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from review_tui.model.freshness import FreshnessState
from review_tui.model.job_words import System
from review_tui.model.watching import Course, Jobs, SystemWatch
from review_tui.ui.commands import key_name
from review_tui.ui.commands.jobs import AT_JOBS, JobCommand, JobKeys, JobsSituation
from review_tui.ui.job_asking import written
from review_tui.ui.job_rows import Listing
from review_tui.ui.render.freshness import clock
from review_tui.ui.render.job_detail import failure_lines
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.render.wrapping import cells, paragraph, spread


def jobs_header(jobs: Jobs, shown: int, where: str, words: str, width: int) -> Line:
    """Say whose list it is, how much there is, and what is shown; `where` names a system's own list."""
    under_way = sum(one.course is Course.WATCHED for one in jobs.watched)
    pieces: list[Piece] = []
    if needing := len(jobs.needing):
        verb = "needs" if needing == 1 else "need"
        pieces += [(f"▲ {counted(needing, 'job')} {verb} somebody", Role.WARN), (" · ", Role.DIM)]
    if words:
        pieces += [(f"{shown} shown: {plain(words)}", Role.ACCENT), (" · ", Role.DIM)]
    pieces.append((f"{len(jobs.watched)} watched, {under_way} under way", Role.PLAIN))
    left: Line = (("Jobs", Role.TITLE), (f"  {where}" if where else "", Role.ACCENT))
    return spread(left, tuple(pieces), width)


_SIGNS: Final[Mapping[FreshnessState, Piece]] = {
    FreshnessState.LOADING: ("○ asking", Role.DIM),
    FreshnessState.LIVE: ("● live", Role.GOOD),
    FreshnessState.STALE: ("▲ stale", Role.WARN),
    FreshnessState.PAUSED: ("‖ paused", Role.WARN),
    FreshnessState.STOPPED: ("✗ stopped", Role.BAD),
}


def systems_line(jobs: Jobs, width: int, now: datetime) -> Line:
    """Say how each system stands, with as much of why as there is room for; one without a key says so."""
    for brief in range(3):
        pieces: list[Piece] = []
        for system in System:
            asked = any(one.key.system is system and one.course is Course.WATCHED for one in jobs.watched)
            stands = _stands(jobs.systems[system], now, brief, asked=asked)
            pieces += [(f"{system.label} ", Role.TITLE), *stands]
            pieces.append(("   " if brief < 2 else "  ", Role.PLAIN))
        line = tuple(pieces[:-1])
        if cells(line) <= width:
            break
    return line


def _stands(watch: SystemWatch, now: datetime, brief: int, *, asked: bool) -> Line:
    if watch.why_not:
        why_not = plain(watch.why_not).removeprefix(f"{watch.system.label} is ")
        return ((f"– {why_not.partition(':')[0] if brief else why_not}", Role.DIM),)
    freshness = watch.freshness
    if freshness.state is FreshnessState.LOADING and not asked:
        return (("○ nothing under way", Role.DIM),)
    sign, role = _SIGNS[freshness.state]
    why = ""
    if freshness.state in {FreshnessState.STALE, FreshnessState.STOPPED} and brief < 2:
        since = f" since {clock(freshness.since, now.tzinfo)}" if freshness.since else ""
        why = since + (f" – {plain(freshness.failure.title)}" if freshness.failure and not brief else "")
    return ((f"{sign}{why}", role),)


def instead_of_jobs(
    jobs: Jobs, listing: Listing | None, words: str, keys: Mapping[str, str], width: int
) -> list[Line]:
    """Say why there is no row: not known yet, not answered, nothing that fits, nothing at all."""
    if listing is not None and listing.failure is not None:
        return [EMPTY, *failure_lines(listing.failure, width, Role.BAD)]
    if listing is not None and listing.page is None:
        return [EMPTY, ((f"  ○ Asking {listing.system.label} …", Role.DIM),)]
    if jobs.loading and listing is None:
        return [EMPTY, (("  ○ Reading what was watched …", Role.DIM),)]
    if words and (jobs.watched or listing):
        said = f"Nothing fits “{plain(words)}”. {keys['leave']} shows all."
        return [EMPTY, *paragraph(said, width, Role.WARN, indent=2)]
    if listing is not None:
        return [EMPTY, (("  The list is empty.", Role.DIM),)]
    return [EMPTY, *_nothing_watched(jobs, keys, width)]


def _nothing_watched(jobs: Jobs, keys: Mapping[str, str], width: int) -> list[Line]:
    lines: list[Line] = [(("  Nothing is watched yet.", Role.PLAIN),), EMPTY]
    if any(not watch.why_not for watch in jobs.systems.values()):
        lines += paragraph(f"{keys['add']} watches jobs by their ids.", width, indent=2)
    for system, watch in jobs.systems.items():
        if watch.lists:
            lines += paragraph(f"{keys['list']} shows what {system.label} lists.", width, indent=2)
        if watch.why_not:
            lines += paragraph(plain(watch.why_not), width, Role.DIM, indent=2)
    return lines


def listing_words(listing: Listing | None) -> str:
    """Say which part of a system's own list is shown; empty where it is none."""
    if listing is None:
        return ""
    asked, page = listing.asked, listing.page
    head, words = f"{listing.system.label} lists", plain(written(asked)) or "all"
    if page is None:
        return f"{head} {words}"
    of = f" of {page.total:,}" if page.total is not None else ""
    unreadable = f", {len(page.unreadable)} unreadable" if page.unreadable else ""
    shown = f" {asked.offset + 1}–{asked.offset + len(page.jobs)}{of}" if page.jobs else " none"
    return f"{head}{shown}{unreadable} · {words}"


def jobs_keys(keys: JobKeys, situation: JobsSituation, width: int) -> Line:
    """Name the keys that make sense here, what is of the moment rather than what always is."""
    named = [command for command in AT_JOBS if command.is_named(situation) and keys.keys_of(command)]
    room, kept = width, set[str]()
    for command in sorted(named, key=_importance):
        taken = len(key_name(keys.keys_of(command)[0])) + len(command.words) + 3
        if taken <= room:
            room -= taken
            kept.add(command.id)
    pieces: list[Piece] = []
    for command in named:
        if command.id in kept:
            pieces += [(key_name(keys.keys_of(command)[0]), Role.KEY), (f" {command.words}  ", Role.DIM)]
    return tuple(pieces)


def _importance(command: JobCommand) -> tuple[bool, bool]:
    return command.id not in {"help", "leave", "open"}, not command.is_of_the_moment

"""How the status line says how true the screen is, in words that stay while nothing changes."""

from datetime import datetime, tzinfo

from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.text import plain


def freshness_line(freshness: Freshness, zone: tzinfo | None, *, brief: bool = False) -> Line:
    """Say the state, times in `zone`; with `brief`, when it is tried again but neither why nor how often."""
    state, failure = freshness.state, None if brief else freshness.failure
    if state is FreshnessState.LIVE:
        every = f" · every {freshness.every:.0f} s" if freshness.every and not brief else ""
        return (("● ", Role.GOOD), (f"live{every}", Role.DIM))
    if state is FreshnessState.LOADING:
        return (("○ loading", Role.DIM),)
    if state is FreshnessState.PAUSED:
        return (("‖ paused", Role.WARN),)
    why = plain(failure.title) if failure else ""
    if state is FreshnessState.STOPPED:
        return ((f"✗ stopped{f': {why}' if why else ''} – R tries again", Role.BAD),)
    since = f" since {clock(freshness.since, zone)}" if freshness.since else ""
    retry = f" · retry {clock(freshness.retry_at, zone, seconds=True)}" if freshness.retry_at else ""
    return ((f"▲ stale{since}{retry}{f' – {why}' if why else ''}", Role.WARN),)


def clock(at: datetime, zone: tzinfo | None, *, seconds: bool = False) -> str:
    """Say a time of day."""
    return f"{at.astimezone(zone):{'%H:%M:%S' if seconds else '%H:%M'}}"

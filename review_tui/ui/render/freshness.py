"""How the status line says how true the screen is, in words that stay while nothing changes."""

from datetime import datetime, tzinfo
from typing import Final

from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.ui.key_names import key_of
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.text import plain

BRIEFEST: Final = 2
"""The most that may be left out where there is no room."""


def freshness_line(freshness: Freshness, zone: tzinfo | None, *, brief: int = 0) -> Line:
    """Say the state, times in `zone`; at `brief` 1 neither why nor how often, at 2 not when next either."""
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
        return ((f"✗ stopped{f': {why}' if why else ''} – {key_of('refresh')} tries again", Role.BAD),)
    since = f" since {clock(freshness.since, zone)}" if freshness.since else ""
    at = freshness.retry_at if brief < BRIEFEST else None
    retry = f" · retry {clock(at, zone, seconds=True)}" if at else ""
    return ((f"▲ stale{since}{retry}{f' – {why}' if why else ''}", Role.WARN),)


def clock(at: datetime, zone: tzinfo | None, *, seconds: bool = False) -> str:
    """Say a time of day."""
    return f"{at.astimezone(zone):{'%H:%M:%S' if seconds else '%H:%M'}}"

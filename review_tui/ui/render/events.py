"""The events of a submission: what happened, when and by whom, newest first."""

from datetime import datetime
from typing import Final

from review_tui.model.events import Event
from review_tui.model.submissions import Detail
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import fit, plain
from review_tui.ui.render.words import spoken, zone
from review_tui.ui.render.wrapping import spread, wrapped

EVENTS_AT_MOST: Final = 100
_TIME: Final = 10
_MESSAGE_LINES: Final = 6


def events_lines(detail: Detail, width: int, now: datetime) -> list[Line]:
    """Draw the events under their days, in the zone of `now`."""
    if not detail.events:
        return [(("Nothing is recorded yet.", Role.DIM),)]
    heading = "newest first"
    if len(detail.events) >= EVENTS_AT_MOST:
        heading = f"newest first; the server lists at most {EVENTS_AT_MOST}"
    lines: list[Line] = [spread(((heading, Role.DIM),), ((zone(now), Role.DIM),), width)]
    day = ""
    for event in detail.events[:EVENTS_AT_MOST]:
        at = event.created_at.astimezone(now.tzinfo) if event.created_at else None
        today = f"{at:%Y-%m-%d}" if at else "without a time"
        if today != day:
            lines += [EMPTY, ((today, Role.TITLE),)]
            day = today
        lines += _event(event, f"{at:%H:%M:%S}" if at else "", width)
    if (more := len(detail.events) - EVENTS_AT_MOST) > 0:
        lines += [EMPTY, ((f"+ {more:,} more, not listed: see Raw", Role.DIM),)]
    return lines


def _event(event: Event, time: str, width: int) -> list[Line]:
    what = (spoken(plain(event.type)), Role.PLAIN)
    who = (plain(event.actor_name), Role.DIM)
    lines: list[Line] = [spread(((fit(time, _TIME), Role.DIM), what), (who,), width)]
    if event.message and not _says_no_more(event.message, event.type):
        parts = wrapped(plain(event.message), width - _TIME, _MESSAGE_LINES)
        lines += [((" " * _TIME + part, Role.DIM),) for part in parts]
    return lines


def _says_no_more(message: str, kind: str) -> bool:
    """Whether a message only repeats what kind of event it is."""
    return message.strip().rstrip(".").casefold() == spoken(kind).casefold()

"""Own numbers as lines: this session beside today, what is left, and the last hours as a row of bars."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from review_tui.model.extraction import ABSENT
from review_tui.model.frozen import frozen
from review_tui.model.moments import zone_of
from review_tui.model.numbers import FEW, Hour, Tally
from review_tui.model.submissions import Verb
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.text import fit
from review_tui.ui.render.words import percent
from review_tui.ui.render.wrapping import paragraph, spread

PRIVATE: Final = "Counted on this machine, from your own log of decisions. It is sent to nobody."
BARS: Final = "▁▂▃▄▅▆▇█"
NO_BAR: Final = "·"
_NAME: Final = 22
_COLUMN: Final = 18
_LONG: Final = 10


@frozen
class NumbersView:
    """What the dialog shows.

    `began` is when this session did and `now` gives the zone. `today` is None as long as the log is not
    read, and `lacking` says why. `middle` is the median time on one submission in seconds, None for too few.
    `remaining` counts what is left to decide in the view, at least so many unless it is `exact`, and `left`
    is how long that takes at this pace, None where no pace is known.
    """

    began: datetime
    now: datetime
    session: Tally
    today: Tally | None = None
    lacking: str = ""
    middle: float | None = None
    remaining: int = 0
    exact: bool = True
    left: timedelta | None = None
    hours: Sequence[Hour] = ()


def numbers_lines(view: NumbersView, width: int) -> list[Line]:
    """Draw the dialog."""
    zone = zone_of(view.now)
    since = f"since {view.began.astimezone(zone):%H:%M} · today, {view.now.astimezone(zone):%a %d %b}"
    lines: list[Line] = [spread((("Own numbers", Role.TITLE),), ((since, Role.DIM),), width), EMPTY]
    lines += _counts(view, width) if _has_any(view) else _nothing_yet(view, width)
    lines += [EMPTY, *_remaining(view, width)]
    if any(hour.decided for hour in view.hours):
        lines += [EMPTY, *_hours(view, width)]
    keys: Line = (("esc", Role.KEY), (" closes", Role.DIM))
    return [*lines, EMPTY, *paragraph(PRIVATE, width, Role.DIM), keys]


def _has_any(view: NumbersView) -> bool:
    return bool(view.session.made or (view.today and view.today.made))


def _nothing_yet(view: NumbersView, width: int) -> list[Line]:
    when = f"in this session; {view.lacking}" if view.today is None else "today"
    return paragraph(f"Nothing is decided yet {when}. The first decision starts the count.", width)


def _counts(view: NumbersView, width: int) -> list[Line]:
    lines = [_row("", ("this session", Role.DIM), ("today", Role.DIM), width)]
    for index, (name, told) in enumerate(_ROWS):
        role = Role.PLAIN if index else Role.TITLE
        day = told(view.today) if view.today else "" if index else view.lacking
        lines.append(_row(name, (told(view.session), role), (day, role if view.today else Role.DIM), width))
    return [*lines, _row("time on one, median", (_middle(view.middle), Role.PLAIN), ("", Role.DIM), width)]


def _row(name: str, ours: Piece, day: Piece, width: int) -> Line:
    text, role = ours
    return clipped(((fit(name, _NAME), Role.DIM), (fit(text, _COLUMN), role), day), width)


def _pace(tally: Tally) -> str:
    return f"fewer than {FEW}" if tally.pace is None else f"{tally.pace:.0f}"


def _undone(tally: Tally) -> str:
    share = tally.undone
    return ABSENT if share is None else f"{tally.taken_back} of {tally.made}, {percent(share)}"


def _middle(seconds: float | None) -> str:
    if seconds is None:
        return f"fewer than {FEW}"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


_ROWS: Final[Sequence[tuple[str, Callable[[Tally], str]]]] = (
    ("decided", lambda tally: str(tally.decided)),
    ("  approved", lambda tally: str(tally.done[Verb.APPROVE])),
    ("  rejected", lambda tally: str(tally.done[Verb.REJECT])),
    ("  cancelled", lambda tally: str(tally.done[Verb.CANCEL])),
    ("matches judged", lambda tally: str(tally.done[Verb.RESOLVE])),
    ("an hour of work", _pace),
    ("taken back", _undone),
)


def _remaining(view: NumbersView, width: int) -> list[Line]:
    if not view.remaining:
        words = (
            "Nothing is left to decide in this view." if view.exact else "Nothing is left in what is loaded."
        )
        return paragraph(words, width)
    least = "" if view.exact else "≥ "
    words = f"{least}{view.remaining} left to decide in this view"
    if view.left is not None:
        words += f"; at this pace {'about' if view.exact else 'at least'} {span(view.left)}"
    return paragraph(f"{words}.", width)


def span(time: timedelta) -> str:
    """Say how long something takes, no finer than it can be foreseen."""
    minutes = max(1, math.ceil(time / timedelta(minutes=1)))
    if minutes > 20:
        minutes = math.ceil(minutes / 5) * 5
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    if hours >= _LONG or not rest:
        return f"{hours + (rest >= 30 and hours >= _LONG)} h"
    return f"{hours} h {rest:02} min"


def _hours(view: NumbersView, width: int) -> list[Line]:
    zone = zone_of(view.now)
    most = max(view.hours, key=lambda hour: hour.decided)
    first, last = (f"{hour.began.astimezone(zone):%H}" for hour in (view.hours[0], view.hours[-1]))
    bars = "".join(_bar(hour.decided, most.decided) for hour in view.hours)
    line: Line = ((f"{first} ", Role.DIM), (bars, Role.ACCENT), (f" {last}", Role.DIM))
    peak = f"{most.began.astimezone(zone):%H:%M}"
    words = f"   decided by the hour; most from {peak} on: {most.decided}"
    return [clipped((*line, (words, Role.DIM)), width)]


def _bar(count: int, most: int) -> str:
    return BARS[math.ceil(count * len(BARS) / most) - 1] if count else NO_BAR

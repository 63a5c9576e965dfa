"""The outbox as lines: every decision that is not over, the chosen one unfolded, and what can be done."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Final

from review_tui.model.bulk import TYPED_ABOVE
from review_tui.model.decisions import Stage, Standing
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Row
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.decisions import about
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.submissions import UNDER_WAY
from review_tui.ui.render.text import fit, plain
from review_tui.ui.render.words import STAGE_ROLES, counted, moment, standing_words
from review_tui.ui.render.wrapping import spread, wrapped
from review_tui.ui.underway import deed, seconds_left

SEND_ALL: Final = "send all"
DROP_ALL: Final = "drop all"

_STATE: Final = 13
_DEED: Final = 16
_TEXT_LINES: Final = 2
_COMPACT: Final = 16
"""Height of the outbox, in lines, up to which lines are spared."""


@frozen
class OutboxView:
    """What the outbox shows; `rows` are the submissions that the queue knows, by id."""

    now: datetime
    standings: tuple[Standing, ...] = ()
    rows: Mapping[str, Row] = field(default_factory=dict)

    @property
    def left_over(self) -> int:
        """How many an earlier run has left to the person."""
        return sum(one.earlier and one.stage is Stage.HELD for one in self.standings)

    def named(self, standing: Standing) -> str:
        """Say which submission a decision is about."""
        return about(standing, self.rows.get(standing.intent.submission_id))


def outbox_lines(
    view: OutboxView,
    chosen: Standing | None,
    width: int,
    height: int,
    *,
    asking: str = "",
    typed: str = "",
    problem: str = "",
) -> list[Line]:
    """Draw the outbox in at most `height` lines, its list around the chosen decision.

    `asking` is what has to be confirmed first, `typed` what of a number is, `problem` why something was not
    done.
    """
    if chosen is None:
        words = "Nothing is held, nothing is on its way, and nothing is unknown."
        return [(("Outbox", Role.TITLE),), EMPTY, ((words, Role.PLAIN),), EMPTY, _keys(None, 0)]
    gap: list[Line] = [EMPTY] if height > _COMPACT else []
    unfolded = _unfolded(view, chosen, width, _TEXT_LINES if gap else 1)
    room = max(1, height - 3 - 2 * len(gap) - len(unfolded))
    count, at = len(view.standings), view.standings.index(chosen)
    first = max(0, min(at - room // 2, count - room))
    shown = view.standings[first : first + room]
    place: Line = ((f"{at + 1} of {count}", Role.DIM),) if count > len(shown) else ()
    last: list[Line] = [
        clipped(((f"! {plain(problem)}", Role.BAD),), width) if problem else EMPTY,
        _keys(chosen, view.left_over),
    ]
    if asking in {SEND_ALL, DROP_ALL}:
        last = _asking_all(asking, view.left_over, typed, width)
    elif asking:
        named = f"{asking.capitalize()} {deed(chosen.intent)} · {view.named(chosen)}?"
        last = [clipped(((named, Role.WARN),), width), _asking_keys(asking)]
    return [
        spread((("Outbox  ", Role.TITLE), (_heading(view), Role.DIM)), place, width),
        *gap,
        *(_entry(view, one, width, chosen=one is chosen) for one in shown),
        *gap,
        *unfolded,
        *last,
    ]


def _heading(view: OutboxView) -> str:
    if waiting := view.left_over:
        is_are = "waits" if waiting == 1 else "wait"
        return f"{counted(waiting, 'decision')} from last time {is_are} for you; none is sent by itself"
    return "decisions that are not over"


def _entry(view: OutboxView, standing: Standing, width: int, *, chosen: bool) -> Line:
    last_time = "from last time" if standing.earlier else ""
    line: Line = (
        ("▸ ", Role.ACCENT) if chosen else ("  ", Role.PLAIN),
        (fit(_state(standing, view.now), _STATE), STAGE_ROLES[standing.stage]),
        (" ", Role.PLAIN),
        (fit(deed(standing.intent), _DEED), Role.CURSOR if chosen else Role.TITLE),
        (f" {view.named(standing)}", Role.PLAIN),
    )
    return spread(line, ((last_time, Role.DIM),) if last_time else (), width)


def _state(standing: Standing, now: datetime) -> str:
    left = seconds_left(standing, now)
    if standing.stage is Stage.WAITING:
        return "◷ waiting" if left is None else f"◷ again {left} s"
    if standing.stage is Stage.HELD:
        return "◷ held" if left is None else f"◷ in {left} s"
    return UNDER_WAY[standing.stage][0]


def _unfolded(view: OutboxView, standing: Standing, width: int, room: int) -> list[Line]:
    """Say all there is to say of one decision, on a number of lines that depends on `room` alone."""
    intent = standing.intent
    facts = [f"pressed {moment(intent.at, view.now)}", intent.submission_id]
    if intent.match_id:
        facts.append(f"match {plain(intent.match_id)}")
    lines: list[Line] = [clipped(((f"  {' · '.join(facts)}", Role.DIM),), width)]
    if intent.reason:
        lines += [
            ((f"  {part}", Role.PLAIN),)
            for part in wrapped(f"Reason: {plain(intent.reason)}", width - 2, room)
        ]
    words = standing_words(standing)
    lines += [((f"  {part}", STAGE_ROLES[standing.stage]),) for part in wrapped(words, width - 2, room)]
    return (lines + [EMPTY] * (1 + 2 * room))[: 1 + 2 * room]


def _keys(chosen: Standing | None, left_over: int) -> Line:
    pairs = [("esc", "closes")]
    if chosen is not None and chosen.stage.is_unsent:
        own = [("u", "takes back"), ("s", "sends now")]
        pairs = [*([("s", "sends"), ("d", "drops")] if chosen.earlier else own), *pairs]
    if left_over > 1:
        pairs += [("S", "sends all"), ("D", "drops all")]
    if chosen is not None:
        pairs.append(("j/k", "chooses"))
    return tuple(piece for key, does in pairs for piece in ((key, Role.KEY), (f" {does}  ", Role.DIM)))


def _asking_all(asking: str, count: int, typed: str, width: int) -> list[Line]:
    """Ask before all that an earlier run has left; many are to be confirmed by their number."""
    what, does = ("Send", "sends") if asking == SEND_ALL else ("Drop", "drops")
    number = f" Type {count} before y: {typed}▏" if count > TYPED_ABOVE else ""
    words = f"{what} all {count} that are from last time?{number}"
    keys = (
        ("y", Role.KEY),
        (f" {does} all  ", Role.DIM),
        ("any other key", Role.KEY),
        (" does not", Role.DIM),
    )
    return [clipped(((words, Role.WARN),), width), keys]


def _asking_keys(asking: str) -> Line:
    does = "sends it" if asking == "send" else "drops it"
    return (("y", Role.KEY), (f" {does}  ", Role.DIM), ("any other key", Role.KEY), (" does not", Role.DIM))

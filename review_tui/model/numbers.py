"""Own numbers: what one person decided, how fast and with how many second thoughts; told to nobody else."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from review_tui.model.decisions import Stage
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Verb

BREAK: Final = timedelta(minutes=10)
"""From here on a gap between two decisions is a break, and no part of the work."""

FEW: Final = 3
"""Submissions below which nothing is said of a pace or a middle."""

_LOOKED: Final = 1_000
HOURS: Final = 8
"""Hours that are looked back on."""


@frozen
class Stroke:
    """One line of the log, as far as numbers need it; `at` is in UTC."""

    request_id: str
    at: datetime
    verb: str
    stage: str


@frozen
class Made:
    """One decision that was made: when its key was pressed, in UTC, and what had come of it last."""

    at: datetime
    verb: str
    stage: str

    @property
    def is_done(self) -> bool:
        """Whether the server has taken it."""
        return self.stage == Stage.DONE

    @property
    def decides(self) -> bool:
        """Whether it ended the review of a submission, as a judgement on a match does not."""
        return self.is_done and self.verb != Verb.RESOLVE


def made_of(strokes: Iterable[Stroke]) -> Mapping[str, Made]:
    """Return the decisions by request id; `strokes` come in the order in which they were written."""
    made: dict[str, Made] = {}
    for stroke in strokes:
        first = made.get(stroke.request_id)
        made[stroke.request_id] = Made(first.at if first else stroke.at, stroke.verb, stroke.stage)
    return made


@frozen
class Tally:
    """What some decisions come to: those done by verb, those taken back, and submissions an hour of work.

    `pace` is None where there are too few to say. Breaks are no work.
    """

    done: Mapping[str, int]
    taken_back: int = 0
    pace: float | None = None

    @property
    def decided(self) -> int:
        """The submissions whose review was ended."""
        return sum(count for verb, count in self.done.items() if verb != Verb.RESOLVE)

    @property
    def made(self) -> int:
        """All decisions, also those taken back and judgements on matches."""
        return sum(self.done.values()) + self.taken_back

    @property
    def undone(self) -> float | None:
        """The share of what was decided that was taken back, 0..1."""
        return self.taken_back / self.made if self.made else None


def tally(made: Iterable[Made], began: datetime | None = None) -> Tally:
    """Count decisions; `began` is when work was taken up, beside the decisions themselves."""
    found = sorted(made, key=lambda one: one.at)
    done: dict[str, int] = {verb: sum(one.is_done and one.verb == verb for one in found) for verb in Verb}
    back = sum(one.stage == Stage.TAKEN_BACK for one in found)
    return Tally(done, back, _pace(found, began))


def _pace(made: list[Made], began: datetime | None) -> float | None:
    """Return submissions an hour: those that followed within a break's length, by the time that they took."""
    moments = [(one.at, one.decides) for one in made]
    if began is not None:
        moments = sorted([*moments, (began.astimezone(UTC), False)])
    worked, decided = timedelta(), 0
    for (before, _), (at, decides) in pairwise(moments):
        if at - before < BREAK:
            worked += at - before
            decided += decides
    return decided / (worked / timedelta(hours=1)) if decided >= FEW and worked > timedelta() else None


def time_left(remaining: int, pace: float | None) -> timedelta | None:
    """Return how long so many submissions take at so many an hour; None where that is not known."""
    return timedelta(hours=remaining / pace) if pace else None


@frozen
class Hour:
    """One hour of a clock, and the submissions decided in it; `began` is in UTC."""

    began: datetime
    decided: int


def by_hour(made: Iterable[Made], now: datetime, zone: tzinfo | None, count: int = HOURS) -> tuple[Hour, ...]:
    """Count what was decided in each of the last hours on the clock of `zone`, that of `now` last.

    They are hours that passed: where the clock is set for summer it leaves one out, in winter it shows one
    twice.
    """
    wall = now.astimezone(zone)
    last = now - timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
    first = last - timedelta(hours=count - 1)
    decided = [0] * count
    for one in made:
        if one.decides and first <= one.at <= now:
            decided[int((one.at - first) / timedelta(hours=1))] += 1
    return tuple(Hour(first + timedelta(hours=index), found) for index, found in enumerate(decided))


class Looks:
    """How long each submission was looked at before it was decided; times are steady seconds.

    A look as long as a break is none.
    """

    def __init__(self) -> None:
        self._selected: str | None = None
        self._since = 0.0
        self._looked: dict[str, float] = {}

    def see(self, selected: str | None, now: float) -> None:
        """Know what is looked at from now on."""
        if selected == self._selected:
            return
        self._put_down(now)
        self._selected = selected

    def take(self, submission_id: str, now: float) -> float | None:
        """Return how long it was looked at, from which it counts anew; None where it was not."""
        if submission_id == self._selected:
            self._put_down(now)
        return self._looked.pop(submission_id, None)

    def _put_down(self, now: float) -> None:
        look, self._since = now - self._since, now
        if self._selected is not None and look < BREAK.total_seconds():
            known = self._looked.pop(self._selected, 0.0)
            self._looked[self._selected] = known + look
            if len(self._looked) > _LOOKED:
                del self._looked[next(iter(self._looked))]

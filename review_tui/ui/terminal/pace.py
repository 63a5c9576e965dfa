"""Pace: no more frames in flight to the terminal than its link carries, so that what is seen is never old."""

from typing import Final

MODES: Final = (2026, 2004, 1004, 25)
"""Modes that every terminal knows; a frame ends with the question for one, and its answer names it.

So an answer is never taken for another one, where one was lost or comes late.
"""

NEAR: Final = 0.02
"""Seconds; a terminal that answers within this is not worth waiting for."""

LOST_AFTER: Final = 1.0
"""Seconds after which an answer is not waited for any more, or longer where answers have taken longer."""

_PATIENCE: Final = 1.5
_LONGEST: Final = 4.0

_ASKED_NEAR: Final = 5.0
"""Seconds between two questions to a terminal that is near."""

_MISSES: Final = 4
"""Answers in a row that stay away from a terminal that does not answer any more; a full link loses fewer."""

_STEPS: Final = (0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0)
"""Seconds by which a slow link is told; below the first there is nothing to tell."""

_STAYS: Final = 0.15
"""How far beyond its step a link's time has to be, in parts of it, until another step is told."""

_MOST: Final = 8
_QUEUED: Final = 1.25
_JITTER: Final = 0.015
_FORGOTTEN: Final = 1.1
"""How much the quickest answer ages with each to a frame that was alone on the link."""


class Pace:
    """Says when the next frame may go out and whether to ask with it; knows no clock, times are seconds.

    A terminal that has never answered is never waited for. One frame is in flight where the link queues
    what comes (answers come later than the quickest did); where it does not, the window opens, so that a
    long fat link is used. An answer that stays away costs `LOST_AFTER` once; after four in a row nothing is
    waited for until the terminal answers again.
    """

    def __init__(self) -> None:
        self.round_trip: float | None = None
        self._sent: list[tuple[int, float]] = []
        self._late: dict[int, float] = {}
        self._window = 1
        self._quickest = float("inf")
        self._missed = 0
        self._asked = float("-inf")
        self._count = 0

    @property
    def link(self) -> float | None:
        """Seconds that the link itself takes there and back: the quickest answer of late; None if near."""
        return self._quickest if self.is_on else None

    @property
    def is_on(self) -> bool:
        """Whether frames wait for answers."""
        return self.round_trip is not None and self.round_trip > NEAR and self._missed < _MISSES

    def may_send(self, now: float) -> bool:
        """Whether a frame may go out."""
        self._give_up(now)
        return not self.is_on or len(self._sent) < self._window

    def deadline(self) -> float | None:
        """Return until when a frame waits at most; None where none has to wait."""
        return self._sent[0][1] + self._lost_after if self.is_on and self._sent else None

    def asks(self, now: float) -> int | None:
        """Note that a frame goes out; return the mode to ask for with it, or None."""
        self._give_up(now)
        if not self.is_on and self.round_trip is not None and now - self._asked < _ASKED_NEAR:
            return None
        if self.round_trip is None and self._sent:
            return None  # the first answer is still to come
        mode = MODES[self._count % len(MODES)]
        self._count += 1
        self._asked = now
        self._sent.append((mode, now))
        return mode

    def answered(self, mode: int, now: float) -> None:
        """Note the answer for a mode; those to what was asked before it are not waited for any more."""
        at = next((at for at, (asked, _) in enumerate(self._sent) if asked == mode), None)
        if at is not None:
            sent = self._sent[at][1]
            del self._sent[: at + 1]
        elif mode in self._late:
            sent = self._late.pop(mode)
        else:
            return
        self._missed = 0
        took = now - sent
        alone = self._window == 1  # nothing queued before it, so that the link itself may have become slower
        self._quickest = min(took, self._quickest * (_FORGOTTEN if alone else 1.0))
        queued = took > self._quickest * _QUEUED + _JITTER
        self._window = max(1, self._window // 2) if queued else min(self._window + 1, _MOST)
        self.round_trip = took if self.round_trip is None else 0.7 * self.round_trip + 0.3 * took

    @property
    def _lost_after(self) -> float:
        return min(max(LOST_AFTER, _PATIENCE * (self.round_trip or 0.0)), _LONGEST)

    def _give_up(self, now: float) -> None:
        while self.round_trip is not None and self._sent and now >= self._sent[0][1] + self._lost_after:
            mode, sent = self._sent.pop(0)
            self._late[mode] = sent
            self._missed += 1
            self._window = 1


def told(seconds: float | None, before: float) -> float:
    """Return the step by which to tell how slow a link is, in seconds; 0 where it is not slow.

    `before` is the step that was told last: it stays while the time is about that, so that nothing flickers.
    """
    if seconds is None:
        return 0.0
    following = next((step for step in _STEPS if step > before), float("inf"))
    if before * (1 - _STAYS) <= seconds < following * (1 + _STAYS) and before:
        return before
    return max((step for step in _STEPS if step <= seconds), default=0.0)

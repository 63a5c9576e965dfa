"""Cadence: how soon to ask a system about a job again, and when to stop asking."""

from typing import Final

from review_tui.model.frozen import frozen
from review_tui.model.job_words import System


@frozen
class Cadence:
    """A system's advice, in seconds.

    `first` is the wait before the first repetition; each that follows is `factor` times as long, up to `cap`,
    and is drawn apart by `jitter`, a share either way. None is shorter than `least` or longer than `most`.
    A job is asked about for `deadline`: as long as the largest document takes, for its size is not told.
    """

    first: float
    factor: float
    cap: float
    jitter: float
    least: float
    most: float
    deadline: float

    def delay(self, polls: int, *, spread: float = 0.5, retry_after: float | None = None) -> float:
        """Return the seconds to wait after `polls` answers in which nothing changed, 0 after a change.

        `spread` in 0..1 draws the delay apart. What the server asks for, `retry_after`, wins; but `least`
        stays.
        """
        if retry_after is not None:
            return max(retry_after, self.least)
        # A power of more than this would overflow, and the cap was reached long before.
        wait = min(self.first * self.factor ** min(polls, 64), self.cap)
        return min(max(wait * (1 + self.jitter * (2 * spread - 1)), self.least), self.most)


CADENCES: Final = {
    # A session lives for 30 minutes, and may read "pending" until a sweep comes by.
    System.STEVE: Cadence(5.5, 1.25, 9.0, 0.1, 5.0, 10.0, 2_400.0),
    System.PULSE: Cadence(2.0, 1.5, 30.0, 0.1, 1.8, 33.0, 3_600.0),
    System.UNSILOED: Cadence(5.5, 1.25, 9.0, 0.1, 5.0, 10.0, 900.0),
}
"""Each system's advice."""

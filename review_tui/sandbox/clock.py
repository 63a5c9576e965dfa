"""What lives here: the one clock that every time, lifetime, window and signature of the sandbox reads."""

import time
from datetime import UTC, datetime, timedelta

from review_tui.sandbox.wire import in_milliseconds


class Clock:
    """The time of the sandbox: real by default, moved by hand, standing still when frozen."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self._frozen_at: datetime | None = None
        self._offset = timedelta()
        if frozen:  # first, so that it stands at the very start and not some microseconds later
            self.freeze()
        if start is not None:
            self.set(start)

    @property
    def frozen(self) -> bool:
        """Whether time stands still until somebody moves it."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        if self._frozen_at is not None:
            return self._frozen_at
        return _real() + self._offset

    def now_ms(self) -> int:
        """The present moment in Unix milliseconds, the unit of the database."""
        return in_milliseconds(self.now())

    def advance(self, seconds: float) -> None:
        """Move on (or, with a negative number, back) by so many seconds."""
        if self._frozen_at is not None:
            self._frozen_at += timedelta(seconds=seconds)
        else:
            self._offset += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        """Make ``moment`` (aware) the present; a running clock runs on from there."""
        if moment.tzinfo is None:
            raise ValueError("a clock is set to an aware moment")
        moment = moment.astimezone(UTC)
        if self._frozen_at is not None:
            self._frozen_at = moment
        else:
            self._offset = moment - _real()

    def freeze(self) -> None:
        """Stand still at the present moment."""
        self._frozen_at = self.now()

    def run(self) -> None:
        """Run again from the present moment."""
        moment, self._frozen_at = self.now(), None
        self._offset = moment - _real()


def _real() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)

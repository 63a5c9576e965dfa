"""What a budget goes by: a clock that is turned by hand, and rate headers as a server sends them."""

from dataclasses import dataclass
from datetime import UTC, datetime

NOW = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)


@dataclass
class Hand:
    """A clock that is turned by hand."""

    time: float = 1_000.0

    def __call__(self) -> float:
        return self.time


def headers(limit: object, remaining: object, reset: object = 60) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(reset),
    }

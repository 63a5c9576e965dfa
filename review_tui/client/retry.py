"""When to ask again: pure functions from a failure to the seconds to wait, or to never."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from review_tui.client.errors import BadCertificate, NoAnswer, NotSent, RateLimited, ServerFault, WireError

RETRY_AFTER_CAP: Final = 120.0
"""Seconds: the longest wait that a server may ask for where a person waits."""

READ_ATTEMPTS: Final = 3
"""Times that one read is sent, at most."""

_FIRST_DELAY: Final = 0.25
_PATIENCE: Final = 3.0
_DIGITS: Final = re.compile(r"[0-9]{1,12}\Z")


def delay_before_retry(
    error: WireError, attempt: int, *, method: str = "GET", spread: float = 0.0
) -> float | None:
    """Return the seconds to wait before asking again, or None for never.

    Only reads are asked again, and only where the same question may get another answer: not sent, no
    answer, a server's fault, a short rate limit. `attempt` counts from 1; `spread` in 0..1 draws the delay
    apart, so that many consoles do not come back together.
    """
    if method != "GET" or attempt >= READ_ATTEMPTS or isinstance(error, BadCertificate):
        return None
    delay = _FIRST_DELAY * 3.0 ** (attempt - 1) * (1.0 + spread)
    asked = error.failure.retry_after
    if isinstance(error, RateLimited):
        return None if asked is None or asked > _PATIENCE else max(delay, asked)
    if isinstance(error, ServerFault):
        return None if asked is not None and asked > _PATIENCE else max(delay, asked or 0.0)
    return delay if isinstance(error, NotSent | NoAnswer) else None


def retry_after(value: str | None, now: datetime, *, most: float = RETRY_AFTER_CAP) -> float | None:
    """Read a `Retry-After` header: digits or an HTTP date; None for anything else.

    The result is in seconds from `now`, 0 to `most`.
    """
    text = (value or "").strip(" \t")
    if _DIGITS.match(text):
        return min(float(text), most)
    moment = http_date(text)
    return None if moment is None else min(max((moment - now).total_seconds(), 0.0), most)


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date in UTC, or None where it is none."""
    if not text or len(text) > 40 or not text[0].isalpha():
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

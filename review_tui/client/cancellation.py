"""Cancellation: a job is asked to stop once, and looked at again whatever the answer was."""

from collections.abc import Awaitable, Callable

from review_tui.client.errors import (
    Forbidden,
    KeyNotAccepted,
    NotSent,
    RateLimited,
    Unusable,
    UsageExceeded,
    WireError,
)
from review_tui.client.job_errors import RouteMissing
from review_tui.client.jobs import Canceled
from review_tui.client.transport import Transport
from review_tui.model.jobs import Job

_NOT_ASKED = (Unusable, NotSent, KeyNotAccepted, Forbidden, RateLimited, UsageExceeded, RouteMissing)
"""After these the job is as it was: nobody was asked, or nobody listened."""


async def canceled(transport: Transport, path: str, look: Callable[[], Awaitable[Job]]) -> Canceled:
    """Send one DELETE, and then `look`; raises WireError only where the job was not asked to stop."""
    failure = None
    try:
        await transport.delete(path)
    except _NOT_ASKED:
        raise
    except WireError as error:
        failure = error.failure
    try:
        return Canceled(await look(), failure)
    except WireError as error:
        return Canceled(None, failure or error.failure)

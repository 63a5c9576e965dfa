"""How an exception becomes a failure: expected ones carry theirs, unexpected ones are logged."""

import errno
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.text import clean

log = logging.getLogger(__name__)


def failure_of(error: Exception, what: str) -> Failure:
    """Return the failure that `error` carries; a bug goes to the log with its traceback.

    `what` says what was being done, for the log. The words for the screen never hold the exception's own
    text: it may hold anything.
    """
    carried = getattr(error, "failure", None)
    if isinstance(carried, Failure):
        return carried
    log.error("%s: unexpected %s", what, type(error).__name__, exc_info=error)
    return Failure(
        FailureKind.BUG,
        f"unexpected {type(error).__name__} in this program",
        "Set REVIEW_TUI_LOG to a file to learn more.",
    )


def not_saved(error: OSError, folder: Path) -> Failure:
    """Return why nothing could be written into a folder."""
    why = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}.get(
        error.errno or 0, (error.strerror or type(error).__name__).lower()
    )
    return Failure(FailureKind.LOCAL, f"Not saved: {why}", f"Folder {clean(str(folder), cap=200)}.")


async def kept_alive(
    work: Callable[[], Awaitable[None]], broken: Callable[[Failure], None] | None = None
) -> None:
    """Run one of several that work side by side; a bug in it is logged and told, and ends no other."""
    try:
        await work()
    except Exception as error:  # noqa: BLE001 – failure_of logs it
        failure = failure_of(error, getattr(work, "__qualname__", "a worker"))
        if broken is not None:
            broken(failure)

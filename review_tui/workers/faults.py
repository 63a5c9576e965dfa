"""How an exception becomes a failure: expected ones carry theirs, unexpected ones are logged."""

import logging

from review_tui.model.failures import Failure, FailureKind

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

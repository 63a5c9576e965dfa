"""What the console logs as a bug of its own, which it survives without a word to the person."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Kept(logging.Handler):
    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        self._found.append(f"logged: {logging.Formatter().format(record)}")


@contextmanager
def bugs_in(found: list[str]) -> Iterator[None]:
    """Put into `found` what is logged as a bug meanwhile."""
    log, kept = logging.getLogger("review_tui"), _Kept(found)
    log.addHandler(kept)
    try:
        yield
    finally:
        log.removeHandler(kept)

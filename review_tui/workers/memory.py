"""Memory: what the console knows again at its next start, small values by name, written behind."""

import json
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

from review_tui.model.wire import Json

log = logging.getLogger(__name__)

VALUE_CAP: Final = 200_000
"""Characters of one value; a larger one is not kept."""


class Keeps(Protocol):
    """What keeps values on this machine; both raise an exception with a `failure` where it cannot."""

    def recall(self) -> Mapping[str, str]:
        """Return all that is kept, as JSON by name."""
        ...

    def remember(self, name: str, value: str | None) -> None:
        """Keep a value, or forget it."""
        ...


class Memory:
    """Values by name: read at the start, at hand at once, written one after the other in a thread.

    Losing what is kept here costs a person a habit, never a decision: where it cannot be read or written
    the console goes on, with a line in the log. Without `keeps` it lasts as long as the program.
    """

    def __init__(self, keeps: Keeps | None = None) -> None:
        self._keeps = keeps
        self._values: dict[str, Json] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="memory") if keeps else None
        if keeps is not None:
            self._recall(keeps)

    def get(self, name: str) -> Json:
        """Return what was kept under a name, or None; whoever asks checks its shape."""
        return self._values.get(name)

    def put(self, name: str, value: Json) -> None:
        """Keep a value, or forget it if it is None."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        text = None if value is None else json.dumps(value)
        if text is not None and len(text) > VALUE_CAP:
            log.warning("too large to be remembered: %s", name)
        elif self._keeps is not None and self._thread is not None:
            self._thread.submit(self._remember, self._keeps, name, text)

    def close(self) -> None:
        """Wait until all that was put is written."""
        if self._thread is not None:
            self._thread.shutdown(wait=True)

    def _recall(self, keeps: Keeps) -> None:
        try:
            kept = keeps.recall()
        except Exception:
            log.exception("nothing could be remembered")
            return
        for name, text in kept.items():
            try:
                self._values[name] = json.loads(text)
            except ValueError:
                log.warning("forgotten, for it cannot be read: %s", name)

    @staticmethod
    def _remember(keeps: Keeps, name: str, text: str | None) -> None:
        try:
            keeps.remember(name, text)
        except Exception:
            log.exception("could not be remembered: %s", name)

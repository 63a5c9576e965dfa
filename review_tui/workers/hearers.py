"""Who hears the desk's news: what is told before anybody listens is kept for the first who does."""

import logging
from collections.abc import Callable

from review_tui.workers.news import News

log = logging.getLogger(__name__)


class Hearers:
    """Tells news to all who listen; a bug in one of them is logged and keeps nothing from the others."""

    def __init__(self) -> None:
        self._hearers: list[Callable[[News], None]] = []
        self._unheard: list[News] = []

    def add(self, hear: Callable[[News], None]) -> None:
        """Have another one hear all news from now on; the first hears what nobody heard before."""
        self._hearers.append(hear)
        unheard, self._unheard = self._unheard, []
        for news in unheard:
            self.tell(news)

    def tell(self, news: News) -> None:
        """Tell a piece of news to each of them, in the order in which they came."""
        if not self._hearers:
            self._unheard.append(news)
        for hear in self._hearers:
            try:
                hear(news)
            except Exception:
                log.exception("news could not be taken in: %s", type(news).__name__)

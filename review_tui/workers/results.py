"""Results at the desk: fetched into files, and looked through there however large they are."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from review_tui.client.job_errors import JobGone, ResultTooLarge
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import JobKey
from review_tui.workers.clock import Clock
from review_tui.workers.faults import failure_of, not_saved
from review_tui.workers.news import DownloadStage, News, ResultMoved, ResultSearched

if TYPE_CHECKING:  # the console paints before what speaks to the network is loaded
    from review_tui.client.jobs import JobSource

MOVES_APART: Final = 0.25
"""Seconds between two pieces of news on one result."""


class Results:
    """Tells what becomes of results; `vanished` hears of a job that is gone, and when it was asked about."""

    def __init__(
        self,
        publish: Callable[[News], None],
        vanished: Callable[[JobKey, Failure, float], None],
        clock: Clock,
    ) -> None:
        self._publish = publish
        self._vanished = vanished
        self._clock = clock

    async def fetched(self, source: "JobSource", key: JobKey, folder: Path, most: int | None) -> None:
        """Fetch a job's result into a folder."""
        asked = told_at = self._clock.monotonic()

        def moved(done: int, total: int | None) -> None:
            nonlocal told_at
            if self._clock.monotonic() - told_at >= MOVES_APART:
                told_at = self._clock.monotonic()
                self._publish(ResultMoved(key, DownloadStage.RUNNING, done, total))

        self._publish(ResultMoved(key, DownloadStage.RUNNING))
        given = {} if most is None else {"most": most}
        is_too_large = False
        try:
            result = await source.result(key.id, folder, moved=moved, **given)
        except asyncio.CancelledError:
            stopped = Failure(FailureKind.LOCAL, "Stopped", "Nothing of it is kept.")
            self._publish(ResultMoved(key, DownloadStage.FAILED, failure=stopped))
            raise
        except OSError as error:
            failure = not_saved(error, folder)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs what is not expected
            failure = failure_of(error, "fetch a result")
            is_too_large = isinstance(error, ResultTooLarge)
            if isinstance(error, JobGone):
                self._vanished(key, failure, asked)
        else:
            self._publish(ResultMoved(key, DownloadStage.DONE, result.size, result.size, result))
            return
        self._publish(ResultMoved(key, DownloadStage.FAILED, failure=failure, is_too_large=is_too_large))

    async def searched(self, key: JobKey, path: Path, words: str) -> None:
        """Look for words in a kept file, piece by piece, each in a thread."""
        from review_tui.client.searching import Search

        search, told_at, failure = Search(path, words), float("-inf"), None
        try:
            while await asyncio.to_thread(search.step):
                if self._clock.monotonic() - told_at >= MOVES_APART:
                    told_at = self._clock.monotonic()
                    self._publish(ResultSearched(key, words, search.so_far))
        except OSError as error:
            why = error.strerror or type(error).__name__
            failure = Failure(FailureKind.LOCAL, "The file cannot be read", f"{why}.")
        self._publish(ResultSearched(key, words, search.so_far, is_over=True, failure=failure))

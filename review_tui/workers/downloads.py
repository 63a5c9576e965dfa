"""Downloads: documents fetched into a folder, under safe names, never over another file, never opened."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Protocol

from review_tui.client.errors import LinkExpired
from review_tui.client.landing import Landing
from review_tui.model.files import StoredFile, file_key, kept_name
from review_tui.model.submissions import Detail
from review_tui.workers.clock import Clock
from review_tui.workers.faults import failure_of, not_saved
from review_tui.workers.news import DownloadMoved, DownloadStage

MOVES_APART: Final = 0.25
"""Seconds between two pieces of news on one download."""

_KINDS: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"%PDF-", "PDF"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"GIF8", "GIF"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (8, b"WEBP", "WEBP"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
    (0, b"#!", "a script"),
    (0, b"<", "markup"),
)
_ENDINGS: Final = {
    "pdf": "PDF",
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "tif": "TIFF",
    "tiff": "TIFF",
    "webp": "WEBP",
    "heic": "HEIC",
}


class Fetch(Protocol):
    """How a file's bytes are fetched: piece by piece into `into`, with `moved` hearing bytes done and all."""

    def __call__(
        self,
        file: StoredFile,
        into: Callable[[bytes], None],
        *,
        moved: Callable[[int, int | None], None] | None = None,
    ) -> Awaitable[object]:
        """Fetch one file; raises LinkExpired where a fresh link is needed."""
        ...


class Downloads:
    """Fetches files; one download of a file at a time, and a link that has expired is renewed once."""

    def __init__(
        self,
        fetch: Fetch,
        read: Callable[[str], Awaitable[Detail]],
        publish: Callable[[DownloadMoved], None],
        clock: Clock,
    ) -> None:
        """Take how to fetch a file and how to read its submission again for a fresh link."""
        self._fetch = fetch
        self._read = read
        self._publish = publish
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, detail: Detail, file: StoredFile, folder: Path) -> None:
        """Fetch `file` into `folder`; progress is published. Nothing happens while it is under way."""
        key = file_key(detail.id, file)
        if key in self._tasks:
            return
        task = asyncio.create_task(self._downloaded(detail.id, file, folder))
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def close(self) -> None:
        """Give up what is under way; nothing unfinished is left in the folder."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _downloaded(self, submission_id: str, file: StoredFile, folder: Path) -> None:
        key, name = file_key(submission_id, file), kept_name(submission_id, file)
        size = int(file.size_bytes) if file.size_bytes is not None and file.size_bytes >= 0 else None
        news = DownloadMoved(key, name, DownloadStage.RUNNING, total=size)
        self._publish(news)
        sink = Landing(folder, name)
        told_at = self._clock.monotonic()

        def moved(done: int, total: int | None) -> None:
            nonlocal told_at
            if self._clock.monotonic() - told_at >= MOVES_APART:
                told_at = self._clock.monotonic()
                running = DownloadStage.RUNNING
                self._publish(DownloadMoved(key, name, running, done, total or size))

        try:
            sink.open()
            await self._fetched(submission_id, file, sink, moved)
            path = sink.keep()
        except OSError as error:
            failure = not_saved(error, folder)
        except Exception as error:  # noqa: BLE001 – failure_of logs what is not expected
            failure = failure_of(error, "download")
        else:
            odd = oddity(sink.head, name, file.content_type)
            if size is not None and sink.size != size:
                odd = "; ".join(
                    filter(None, (odd, f"it has {sink.size:,} bytes, not the {size:,} announced"))
                )
            self._publish(
                DownloadMoved(key, path.name, DownloadStage.DONE, sink.size, sink.size, path, note=odd)
            )
            return
        finally:
            sink.drop()
        self._publish(DownloadMoved(key, name, DownloadStage.FAILED, sink.size, size, failure=failure))

    async def _fetched(
        self, submission_id: str, file: StoredFile, sink: Landing, moved: Callable[[int, int | None], None]
    ) -> None:
        try:
            await self._fetch(file, sink.take, moved=moved)
        except LinkExpired:
            detail = await self._read(submission_id)
            fresh = next(
                (
                    other
                    for other in detail.files
                    if file_key(submission_id, other) == file_key(submission_id, file)
                ),
                None,
            )
            if fresh is None:
                raise
            sink.restart()
            await self._fetch(fresh, sink.take, moved=moved)


def oddity(head: bytes, name: str, content_type: str | None) -> str:
    """Say in what way the first bytes do not fit the name or the content type; empty where they do."""
    found = next((kind for at, magic, kind in _KINDS if head[at : at + len(magic)] == magic), None)
    ending = name.rpartition(".")[2].lower()
    promised = _ENDINGS.get(ending)
    if promised is None:
        promised = _ENDINGS.get((content_type or "").partition(";")[0].rpartition("/")[2].strip().lower())
    if not head:
        return "it is empty"
    if promised is None:
        return f"it is {found}" if found in {"a program", "a script", "markup"} else ""
    if found == promised:
        return ""
    return f"it is called {promised} but is {found or 'something else'}"

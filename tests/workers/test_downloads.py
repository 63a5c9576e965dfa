"""Downloads into a folder of the test's own, from functions and from a sandbox."""

import asyncio
import errno
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from review_tui.client.errors import NoAnswer, link_expired
from review_tui.client.steve import Steve
from review_tui.model.files import StoredFile
from review_tui.model.queue import Filter
from review_tui.model.submissions import Detail, read_detail
from review_tui.sandbox.state import Sandbox
from review_tui.workers.clock import RealClock
from review_tui.workers.downloads import MOVES_APART, Downloads, oddity
from review_tui.workers.news import DownloadMoved, DownloadStage
from tests.workers.handclock import HandClock, settled

PDF = b"%PDF-1.7 and so on"


def one_file(name: str = "receipt.pdf", **more: object) -> Detail:
    file = {"id": "f1", "fileName": name, "contentType": "application/pdf", "downloadUrl": "https://files/1"}
    return read_detail({"id": "s1", "submissionStatus": "review", "files": [file | more]})


class Fetching:
    """Downloads at work; what is fetched is `pieces`, or what `fails` raises after them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.pieces = [PDF]
        self.fails: Exception | None = None
        self.expired_links = {"https://old"}
        self.fresh = one_file()
        self.reads = 0
        self.told: list[DownloadMoved] = []
        self.downloads = Downloads(self.fetch, self.read, self.told.append, self.clock)

    async def fetch(
        self,
        file: StoredFile,
        into: Callable[[bytes], None],
        *,
        moved: Callable[[int, int | None], None] | None = None,
    ) -> None:
        done = 0
        for piece in self.pieces:
            await asyncio.sleep(0)
            into(piece)
            done += len(piece)
            if moved is not None:
                moved(done, None)
        if file.download_url in self.expired_links:
            raise link_expired(403)
        if self.fails is not None:
            raise self.fails

    async def read(self, submission_id: str) -> Detail:
        assert submission_id == "s1"
        self.reads += 1
        return self.fresh

    async def get(self, detail: Detail) -> DownloadMoved:
        self.downloads.start(detail, detail.files[0], self.folder)
        await settled()
        return self.told[-1]

    @property
    def kept(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def fetching(tmp_path: Path) -> Fetching:
    folder = tmp_path / "documents"
    folder.mkdir()
    return Fetching(folder)


async def test_a_file_is_kept_whole_for_its_owner_alone(fetching: Fetching) -> None:
    news = await fetching.get(one_file())
    assert news.stage is DownloadStage.DONE
    assert news.path == fetching.folder / "s1-receipt.pdf"
    assert news.path.read_bytes() == PDF
    assert news.path.stat().st_mode & 0o777 == 0o600
    assert fetching.kept == ["s1-receipt.pdf"]
    assert news.note == ""


async def test_nothing_is_ever_overwritten(fetching: Fetching) -> None:
    (fetching.folder / "s1-receipt.pdf").write_bytes(b"mine")
    first = await fetching.get(one_file())
    second = await fetching.get(one_file())
    assert (first.name, second.name) == ("s1-receipt-2.pdf", "s1-receipt-3.pdf")
    assert (fetching.folder / "s1-receipt.pdf").read_bytes() == b"mine"


async def test_a_link_laid_in_the_folder_is_not_followed(fetching: Fetching, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (fetching.folder / "s1-receipt.pdf").symlink_to(outside)
    (fetching.folder / "s1-receipt.pdf.part").symlink_to(outside)
    assert (await fetching.get(one_file())).name == "s1-receipt-2.pdf"
    assert not outside.exists()


@pytest.mark.parametrize(
    "hostile", ["../../etc/passwd", "/etc/passwd", "..", "-rf", "a\x1b]0;x\x07\u202efdp.pdf", ""]
)
async def test_a_hostile_name_stays_in_the_folder(fetching: Fetching, hostile: str) -> None:
    news = await fetching.get(one_file(hostile))
    assert news.path is not None
    assert news.path.parent == fetching.folder
    assert news.name.isprintable()
    assert fetching.kept == [news.name]
    assert not news.name.startswith((".", "-"))


async def test_a_nameless_files_id_stays_in_the_folder_too(fetching: Fetching) -> None:
    news = await fetching.get(one_file("", id="../../evil\x1b]0;x\x07"))
    assert news.stage is DownloadStage.DONE
    assert fetching.kept == [news.name] == ["s1-evil]0;x"]


async def test_a_file_of_another_size_than_announced_is_told_of(fetching: Fetching) -> None:
    assert (await fetching.get(one_file(sizeBytes=len(PDF)))).note == ""
    news = await fetching.get(one_file(sizeBytes=183_442))
    assert news.note == f"it has {len(PDF)} bytes, not the 183,442 announced"


async def test_a_folder_is_made_where_there_is_none(fetching: Fetching) -> None:
    fetching.folder = fetching.folder / "new" / "deep"
    assert (await fetching.get(one_file())).stage is DownloadStage.DONE


async def test_an_expired_link_is_renewed_once_and_unnoticed(fetching: Fetching) -> None:
    news = await fetching.get(one_file(downloadUrl="https://old"))
    assert news.stage is DownloadStage.DONE
    assert news.path is not None
    assert news.path.read_bytes() == PDF
    assert fetching.reads == 1


async def test_a_link_that_stays_expired_fails_and_leaves_nothing(fetching: Fetching) -> None:
    fetching.fresh = one_file(downloadUrl="https://old")
    news = await fetching.get(one_file(downloadUrl="https://old"))
    assert news.stage is DownloadStage.FAILED
    assert news.failure is not None
    assert "link" in news.failure.title
    assert fetching.reads == 1
    assert fetching.kept == []


async def test_a_lost_connection_leaves_nothing_half_done(fetching: Fetching) -> None:
    fetching.fails = NoAnswer("reset", decides=False)
    news = await fetching.get(one_file())
    assert (news.stage, news.failure) == (DownloadStage.FAILED, fetching.fails.failure)
    assert fetching.kept == []


async def test_a_full_disk_is_said_in_words(fetching: Fetching) -> None:
    fetching.fails = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    news = await fetching.get(one_file())
    assert news.failure is not None
    assert news.failure.title == "Not saved: the disk is full"
    assert fetching.kept == []


async def test_a_folder_that_is_a_file_is_said_in_words(fetching: Fetching) -> None:
    fetching.folder = fetching.folder / "taken"
    fetching.folder.write_bytes(b"")
    news = await fetching.get(one_file())
    assert news.failure is not None
    assert news.failure.title.startswith("Not saved: ")


async def test_a_disk_that_takes_no_more_is_said_and_the_next_download_goes_well(fetching: Fetching) -> None:
    fetching.pieces = [PDF * 1_000] * 100
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, most[1]))
    try:
        news = await fetching.get(one_file())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert news.failure is not None
    assert news.failure.title == "Not saved: file too large"
    assert fetching.kept == []
    fetching.pieces = [PDF]
    assert (await fetching.get(one_file())).stage is DownloadStage.DONE


async def test_a_folder_that_nothing_can_be_written_into_is_said_in_words(fetching: Fetching) -> None:
    fetching.folder = Path("/proc/self")  # where not even root may make a file
    news = await fetching.get(one_file())
    assert news.failure is not None
    assert news.failure.title.startswith("Not saved: ")
    assert news.failure.hint == "Folder /proc/self."


async def test_progress_is_told_at_most_four_times_a_second(fetching: Fetching) -> None:
    step = MOVES_APART / 10

    async def slowly(
        file: StoredFile,
        into: Callable[[bytes], None],
        *,
        moved: Callable[[int, int | None], None] | None = None,
    ) -> None:
        assert moved is not None
        for number in range(100):
            await fetching.clock.sleep(step)
            into(PDF)
            moved((number + 1) * len(PDF), 100 * len(PDF))

    downloads = Downloads(slowly, fetching.read, fetching.told.append, fetching.clock)
    detail = one_file()
    downloads.start(detail, detail.files[0], fetching.folder)
    await fetching.clock.turn(200 * step)
    running = [news for news in fetching.told if news.stage is DownloadStage.RUNNING]
    assert 5 <= len(running) <= 11
    assert running[-1].total == 100 * len(PDF)
    assert fetching.told[-1].stage is DownloadStage.DONE


async def test_the_same_file_is_fetched_once_at_a_time(fetching: Fetching) -> None:
    detail = one_file()
    for _ in range(3):
        fetching.downloads.start(detail, detail.files[0], fetching.folder)
    await settled()
    assert fetching.kept == ["s1-receipt.pdf"]


async def test_files_without_ids_of_two_submissions_are_two_downloads(fetching: Fetching) -> None:
    def nameless(submission_id: str) -> Detail:
        file = {"fileName": "scan.pdf", "downloadUrl": "https://files/1"}
        return read_detail({"id": submission_id, "submissionStatus": "review", "files": [file, file]})

    for detail in (nameless("s1"), nameless("s2")):
        for file in detail.files:
            fetching.downloads.start(detail, file, fetching.folder)
    await settled()
    done = [news for news in fetching.told if news.stage is DownloadStage.DONE]
    assert sorted(news.key for news in done) == ["s1#0", "s1#1", "s2#0", "s2#1"]
    assert fetching.kept == ["s1-scan-2.pdf", "s1-scan.pdf", "s2-scan-2.pdf", "s2-scan.pdf"]


async def test_closing_in_the_middle_leaves_nothing(fetching: Fetching) -> None:
    fetching.pieces = [PDF] * 10_000
    detail = one_file()
    fetching.downloads.start(detail, detail.files[0], fetching.folder)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert fetching.kept == ["s1-receipt.pdf.part"]
    await fetching.downloads.close()
    assert fetching.kept == []


async def test_bytes_that_do_not_fit_the_name_are_told_of(fetching: Fetching) -> None:
    fetching.pieces = [b"\x7f", b"ELF..."]
    assert (await fetching.get(one_file())).note == "it is called PDF but is a program"


@pytest.mark.parametrize(
    ("head", "name", "content_type", "expected"),
    [
        (b"%PDF-1.4", "a.pdf", None, ""),
        (b"%PDF-1.4", "a.PDF", "image/png", ""),
        (b"\xff\xd8\xff\xe0", "a.jpeg", None, ""),
        (b"RIFF\x00\x00\x00\x00WEBP", "a.webp", None, ""),
        (b"\x00\x00\x00\x18ftypheic", "scan", "image/heic", ""),
        (b"<html>", "a.jpg", "image/jpeg", "it is called JPEG but is markup"),
        (b"hello", "a.png", None, "it is called PNG but is something else"),
        (b"#!/bin/sh", "notes.txt", "text/plain", "it is a script"),
        (b"hello", "notes.txt", "text/plain", ""),
        (b"\x89PNG\r\n\x1a\n", "scan", "application/pdf; x=y", "it is called PDF but is PNG"),
        (b"", "a.pdf", None, "it is empty"),
    ],
)
def test_first_bytes_are_held_against_name_and_type(
    head: bytes, name: str, content_type: str | None, expected: str
) -> None:
    assert oddity(head, name, content_type) == expected


async def test_a_document_of_the_sandbox_is_what_it_says(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    row = (await steve.submissions.list(Filter())).rows[0]
    detail = await steve.submissions.get(row.id)
    sandbox.clock.advance(2 * 3_600)
    ended = asyncio.Event()
    told: list[DownloadMoved] = []

    def hear(news: DownloadMoved) -> None:
        told.append(news)
        if news.stage is not DownloadStage.RUNNING:
            ended.set()

    downloads = Downloads(steve.files.download, steve.submissions.get, hear, RealClock())
    downloads.start(detail, detail.files[0], tmp_path)
    await asyncio.wait_for(ended.wait(), 20)
    news = told[-1]
    assert news.failure is None
    assert news.path is not None
    assert news.path.stat().st_size == news.done == detail.files[0].size_bytes
    assert news.note == ""

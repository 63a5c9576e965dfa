"""What comes piece by piece is kept whole under a name of its own, or leaves nothing."""

import errno
import os
import stat
from pathlib import Path

import pytest

from review_tui.client.errors import TooLarge
from review_tui.client.job_errors import ResultTooLarge
from review_tui.client.landing import landing
from review_tui.client.results import fetched
from review_tui.model.jobs import JobKey, System
from tests.client.systems import left_in

KEY = JobKey(System.UNSILOED, "j1")


def test_a_file_is_its_owners_from_the_first_byte(folder: Path) -> None:
    with landing(folder, "a.json") as file:
        file.take(b"{")
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
        assert left_in(folder) == ["a.json.part"]
        file.take(b"}" * 99)
        path = file.keep()
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"{" + b"}" * 99, 0o600)
    assert (file.size, file.head) == (100, b"{" + b"}" * 15)
    assert left_in(folder) == ["a.json"]


def test_what_is_not_kept_is_gone(folder: Path) -> None:
    with landing(folder, "a.json") as file:
        file.take(b"whole, and forgotten")
    assert left_in(folder) == []


def test_what_is_begun_again_holds_nothing_of_before(folder: Path) -> None:
    with landing(folder, "a.json") as file:
        file.take(b"a first try")
        file.restart()
        file.take(b"second")
        assert file.keep("b").read_bytes() == b"second"
    assert (left_in(folder), file.size, file.head) == (["b"], 6, b"second")


def test_what_is_taken_away_meanwhile_leaves_no_name_without_a_file(folder: Path) -> None:
    with landing(folder, "a.json") as file:
        file.path.unlink()
        with pytest.raises(FileNotFoundError):
            file.keep()
    assert left_in(folder) == []


def test_two_at_a_time_do_not_meet(folder: Path) -> None:
    with landing(folder, "a.json") as one, landing(folder, "a.json") as other:
        one.take(b"1")
        other.take(b"2")
        assert [other.keep().read_bytes(), one.keep().read_bytes()] == [b"2", b"1"]
    assert left_in(folder) == ["a-2.json", "a.json"]


async def test_a_full_disk_is_the_callers_own_error_and_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int, piece: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def bring(into: object) -> None:
        monkeypatch.setattr(os, "write", full)
        assert callable(into)
        into(b"x")

    with pytest.raises(OSError, match="No space left"):
        await fetched(KEY, folder, bring, most=9)
    assert left_in(folder) == []


async def test_what_is_too_large_says_how_large_it_is(folder: Path) -> None:
    async def bring(into: object) -> None:
        raise TooLarge(9, 5 * 1024**3, status=200, request_id=None)

    with pytest.raises(ResultTooLarge, match="It has 5,120 MiB") as caught:
        await fetched(KEY, folder, bring, most=9)
    assert caught.value.size == 5 * 1024**3
    assert left_in(folder) == []


async def test_a_folder_that_cannot_be_is_the_callers_own_error() -> None:
    async def bring(into: object) -> None:
        raise AssertionError("nothing is fetched")

    with pytest.raises(OSError, match="Not a directory"):
        await fetched(KEY, Path(os.devnull) / "results", bring, most=9)

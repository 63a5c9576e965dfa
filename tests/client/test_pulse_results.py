"""Results of Pulse: with the job or from a link that works once, kept whole or not at all."""

import asyncio
from pathlib import Path

import pytest

from review_tui.client.errors import (
    NoAnswer,
    Unreadable,
    UnsafeAddress,
    WireError,
)
from review_tui.client.job_errors import (
    JobFailed,
    PointerExpired,
    ResultGone,
    ResultTooLarge,
    StillRunning,
)
from review_tui.client.pulse import Pulse
from review_tui.model.failures import FailureKind
from review_tui.model.jobs import JobState
from review_tui.model.results import ParsedResult, TreeResult
from tests.client.rawserver import KEY, Asked, answer, misbehaving
from tests.client.systems import LARGE, Routes, Systems, left_in, pointing, pulse_at, told


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("queued", StillRunning),
        ("running", StillRunning),
        ("failed", JobFailed),
        ("cancelled", JobFailed),
        ("expired", ResultGone),
    ],
)
async def test_a_result_that_is_not_there_says_why(
    systems: Systems, folder: Path, state: str, error: type[WireError]
) -> None:
    job_id = await systems.job("pulse", state=state, error="It is blank")
    async with systems.pulse() as pulse:
        with pytest.raises(error) as caught:
            await pulse.jobs.result(job_id, folder)
    assert left_in(folder) == []
    if state == "failed":
        assert caught.value.failure.hint == "It is blank"
        assert caught.value.failure.kind is FailureKind.CONFLICT


@pytest.mark.parametrize(
    "stub",
    [{}, {"markdown": "left over"}, {"is_url": True, "url": "http://127.0.0.1:9/gone"}, "expired", [1]],
)
async def test_what_is_left_of_an_expired_result_is_never_taken_for_one(stub: object, folder: Path) -> None:
    async with misbehaving(Routes(job=told("expired", result=stub))) as server, pulse_at(server) as pulse:
        assert (await pulse.jobs.get("j1")).state is JobState.EXPIRED
        with pytest.raises(ResultGone, match="no longer kept"):
            await pulse.jobs.result("j1", folder)
    assert left_in(folder) == []


async def test_what_is_no_pointer_is_the_result(folder: Path) -> None:
    for number, result in enumerate([{"is_url": False, "url": "x"}, {"is_url": "true"}, [1], "text", 0]):
        async with (
            misbehaving(Routes(job=told("completed", result=result))) as server,
            pulse_at(server) as pulse,
        ):
            kept = await pulse.jobs.result("j1", folder / str(number))
        assert kept.view == TreeResult(result)
        assert kept.value == result


@pytest.mark.parametrize("words", ["current", "older"])
async def test_a_large_result_is_fetched_from_the_api_itself_once(
    systems: Systems, folder: Path, words: str
) -> None:
    await systems.switch(pulse_words=words, pulse_url_from_bytes=1, pulse_points_again=False)
    job_id = await systems.job("pulse", state="completed")
    async with systems.pulse() as pulse:
        result = await pulse.jobs.result(job_id, folder)
        assert isinstance(result.view, ParsedResult)
        with pytest.raises(PointerExpired, match="result is gone") as gone:
            await pulse.jobs.result(job_id, folder)
    assert gone.value.failure.status == 410
    assert left_in(folder) == [f"pulse-{job_id}.json"]
    asked = [request.path for request in systems.sandbox.seen if "large_results" in request.path]
    assert len(asked) == 3, "once, and then once for each of two pointers that were no longer good"


async def test_a_pointer_that_is_used_up_is_asked_for_once_more(systems: Systems, folder: Path) -> None:
    await systems.switch(pulse_url_from_bytes=1)
    job_id = await systems.job("pulse", state="completed")
    async with systems.pulse() as pulse:
        for _ in range(2):
            assert (await pulse.jobs.result(job_id, folder)).view is not None
        systems.sandbox.clock.advance(86_400)
        with pytest.raises(ResultGone):
            await pulse.jobs.result(job_id, folder)


async def test_the_key_never_goes_to_another_origin(folder: Path) -> None:
    async with misbehaving(answer(LARGE)) as storage:
        routes = Routes(job=pointing(f"{storage.base_url}/large?sig=s3cret"))
        async with misbehaving(routes) as server, pulse_at(server) as pulse:
            result = await pulse.jobs.result("j1", folder)
    assert result.path.read_bytes() == LARGE
    assert [asked.headers["x-api-key"] for asked in server.asked] == [KEY.revealed()]
    (asked,) = storage.asked
    assert asked.target == "/large?sig=s3cret"
    assert KEY.revealed() not in repr(asked)
    assert not {"x-api-key", "api-key", "authorization", "cookie", "x-request-id"} & set(asked.headers)


async def test_a_result_at_another_origin_is_there_for_a_day_and_no_key_goes_there(
    systems: Systems, folder: Path
) -> None:
    await systems.switch(pulse_url_from_bytes=1, pulse_pointer="elsewhere")
    job_id = await systems.job("pulse", state="completed")
    async with systems.pulse() as pulse:
        for _ in range(2):
            assert isinstance((await pulse.jobs.result(job_id, folder)).view, ParsedResult)
    seen = [request for request in systems.sandbox.seen if request.path.startswith("/elsewhere/")]
    assert len(seen) == 2
    secret = systems.sandbox.job_keys["pulse"]["company"].secret
    assert not any(secret in f"{one.headers} {one.query}" for one in seen)
    assert not any(
        {"x-api-key", "authorization", "cookie", "x-request-id"} & set(one.headers) for one in seen
    )


async def test_another_port_another_scheme_and_another_name_are_another_origin(folder: Path) -> None:
    async with misbehaving(answer(LARGE)) as other, misbehaving(b"") as server:
        port = server.base_url.rpartition(":")[2]
        own = Pulse(KEY, server.base_url)
        transport = own._transport
        assert transport.is_own(f"{server.base_url}/large_results/j1")
        assert transport.is_own("/large_results/j1")
        for link in (
            other.base_url,
            f"https://127.0.0.1:{port}/x",
            f"http://localhost:{port}/x",
            f"http://127.0.0.1:{port}@evil.example/x",
            "//evil.example/x",
            "http://127.0.0.1/x",
            f"{server.base_url}.evil.example/x",
            f"{server.base_url}0/x",
        ):
            assert not transport.is_own(link), link
        with pytest.raises(UnsafeAddress):
            await transport.stream(other.base_url + "/x", bytearray().extend, most=9)
        await own.close()
    assert other.asked == server.asked == []


async def test_a_redirect_is_not_followed_from_the_api_nor_from_a_storage(folder: Path) -> None:
    async with misbehaving(answer(LARGE)) as elsewhere:
        moved = answer(b"", status=307, headers=f"Location: {elsewhere.base_url}/x\r\n")
        async with misbehaving(moved) as storage:
            for routes in (
                Routes(job=pointing("/large_results/j1"), large_results=moved),
                Routes(job=pointing(f"{storage.base_url}/x")),
                Routes(job=moved),
            ):
                async with misbehaving(routes) as server, pulse_at(server) as pulse:
                    with pytest.raises(Unreadable, match="307"):
                        await pulse.jobs.result("j1", folder)
    assert elsewhere.asked == []
    assert left_in(folder) == []


async def test_an_own_link_that_is_a_path_keeps_the_addresss_own_path(folder: Path) -> None:
    routes = Routes(pulse=[pointing("/large_results/j1"), answer(LARGE)])
    async with misbehaving(routes) as server, pulse_at(server, "/pulse") as pulse:
        await pulse.jobs.result("j1", folder)
    assert [asked.target for asked in server.asked] == ["/pulse/job/j1", "/pulse/large_results/j1"]
    assert all(asked.headers["x-api-key"] == KEY.revealed() for asked in server.asked)


async def test_an_own_link_that_leads_nowhere_any_more_is_used_up(folder: Path) -> None:
    routes = Routes(job=pointing("/large_results/j1"))
    async with misbehaving(routes) as server, pulse_at(server) as pulse:
        with pytest.raises(PointerExpired):
            await pulse.jobs.result("j1", folder)
    assert len(server.asked) == 4, "the job, its link, and each once more"


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_storage_that_refuses_is_asked_by_one_fresh_link(status: int, folder: Path) -> None:
    refused = answer(b"<Error/>", status=status, kind="application/xml")
    async with misbehaving(Routes(old=refused, new=answer(LARGE))) as storage:
        links = [pointing(f"{storage.base_url}/{name}") for name in ("old", "new")]
        async with misbehaving(Routes(job=links)) as server, pulse_at(server) as pulse:
            assert (await pulse.jobs.result("j1", folder)).size == len(LARGE)
        links = [pointing(f"{storage.base_url}/old")]
        async with misbehaving(Routes(job=links)) as server, pulse_at(server) as pulse:
            with pytest.raises(PointerExpired):
                await pulse.jobs.result("j1", folder)
        assert len(server.asked) == 2
    assert [asked.target for asked in storage.asked] == ["/old", "/new", "/old", "/old"]
    assert left_in(folder) == ["pulse-j1.json"]


@pytest.mark.parametrize("cut", [b"", LARGE[:9]])
async def test_a_link_whose_answer_is_lost_is_not_followed_again_blindly(cut: bytes, folder: Path) -> None:
    broken = answer(LARGE)[: -len(LARGE)] + cut if cut else b""
    routes = Routes(job=pointing("/large_results/j1"), large_results=broken)
    async with misbehaving(routes) as server, pulse_at(server) as pulse:
        with pytest.raises((NoAnswer, Unreadable)):
            await pulse.jobs.result("j1", folder)
    assert [asked.target for asked in server.asked] == ["/job/j1", "/large_results/j1"]
    assert left_in(folder) == []


async def test_five_gigabytes_are_refused_unread_and_taken_only_when_allowed(folder: Path) -> None:
    huge = answer(LARGE).replace(b"Content-Length: 40", b"Content-Length: 5000000000")
    routes = Routes(job=pointing("/large_results/j1"), large_results=[huge, huge])
    async with misbehaving(routes) as server, pulse_at(server) as pulse:
        with pytest.raises(ResultTooLarge, match="4,768 MiB; at most 512 MiB") as caught:
            await pulse.jobs.result("j1", folder)
        assert caught.value.size == 5_000_000_000
        with pytest.raises(Unreadable, match="ends in the middle"):
            await pulse.jobs.result("j1", folder, most=6_000_000_000)
    assert left_in(folder) == []


async def test_more_than_was_allowed_is_cut_off_where_nothing_was_announced(folder: Path) -> None:
    async def flood(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.target.startswith("/job/"):
            writer.write(pointing("/large_results/j1"))
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    moved: list[int] = []
    async with misbehaving(flood) as server, pulse_at(server) as pulse:
        with pytest.raises(ResultTooLarge, match="at most 1 MiB") as caught:
            await pulse.jobs.result("j1", folder, most=1024 * 1024, moved=lambda done, _: moved.append(done))
    assert caught.value.size is None
    assert 0 < moved[-1] <= 1024 * 1024
    assert left_in(folder) == []


@pytest.mark.parametrize(
    ("body", "why", "ending"),
    [
        (b"<html>", "not JSON", "txt"),
        (b'{"a": ' + b"[1]," * 400_000, "too many values", "json"),
        (b"x" * (17 * 1024 * 1024), "larger than 16 MiB", "txt"),
        (b"[" + b" " * (17 * 1024 * 1024), "larger than 16 MiB", "json"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_cannot_be_read_is_kept_all_the_same(
    body: bytes, why: str, ending: str, folder: Path
) -> None:
    routes = Routes(job=pointing("/large_results/j1"), large_results=answer(body))
    async with misbehaving(routes) as server, pulse_at(server) as pulse:
        result = await pulse.jobs.result("j1", folder)
    assert (result.view, result.value) == (None, None)
    assert why in result.why_no_view
    assert result.path.name == f"pulse-j1.{ending}"
    assert result.size == len(body)


@pytest.mark.parametrize("url", [None, "", 7])
async def test_a_pointer_to_nowhere_is_unreadable(url: object, folder: Path) -> None:
    routes = Routes(job=told("completed", result={"is_url": True, "url": url}))
    async with misbehaving(routes) as server, pulse_at(server) as pulse:
        with pytest.raises(Unreadable, match="link to the result is missing"):
            await pulse.jobs.result("j1", folder)


@pytest.mark.parametrize(
    "url", ["http://files.example/x", "file:///etc/passwd", "https://me@files.example/x"]
)
async def test_an_unsafe_pointer_is_not_followed(url: str, folder: Path) -> None:
    async with misbehaving(Routes(job=pointing(url))) as server, pulse_at(server) as pulse:
        with pytest.raises(UnsafeAddress):
            await pulse.jobs.result("j1", folder)
    assert left_in(folder) == []


@pytest.fixture
def taken(folder: Path) -> Path:
    """A folder in which the name of the result is taken, and the next one leads elsewhere."""
    folder.mkdir()
    (folder / "pulse-j1.json").write_text("mine")
    (folder / "pulse-j1-2.json").symlink_to(folder / "elsewhere")
    return folder


async def test_a_name_that_is_taken_stays_with_who_has_it(taken: Path) -> None:
    async with (
        misbehaving(Routes(job=told("completed", result={"a": 1}))) as server,
        pulse_at(server) as pulse,
    ):
        result = await pulse.jobs.result("j1", taken)
    assert result.path.name == "pulse-j1-3.json"
    assert (taken / "pulse-j1.json").read_text() == "mine"


async def test_a_result_is_kept_to_the_last_digit(folder: Path) -> None:
    said = b'{"job_id":"j1","status":"completed","result":'
    said += b'{"t":18.40,"n":1e400,"s":"\\ud83d \\u00e9","e":{},"l":[]}}'
    async with misbehaving(Routes(job=answer(said))) as server, pulse_at(server) as pulse:
        kept = (await pulse.jobs.result("j1", folder)).path.read_text("utf-8")
    assert " ".join(kept.split()) == '{ "t": 18.40, "n": 1E+400, "s": "\\ud83d é", "e": {}, "l": [] }'

"""Unsiloed: jobs of the current deployments, one by one, by the hundred, listed, in batches."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from review_tui.client.errors import (
    Forbidden,
    Invalid,
    NotFound,
    ServerFault,
    Unreadable,
    Unusable,
    UnusableId,
    WireError,
)
from review_tui.client.job_errors import JobFailed, JobGone, NotOffered, ResultTooLarge, StillRunning
from review_tui.client.unsiloed import Unsiloed
from review_tui.model.failures import FailureKind
from review_tui.model.jobs import JobFilter, JobState
from review_tui.model.results import ClassifiedResult, ExtractedResult, ParsedResult, TreeResult
from tests.client.rawserver import KEY, Asked, RawServer, answer, misbehaving
from tests.client.systems import Systems, left_in
from tests.wire import NOON

WEEK = 7 * 86_400
EMPTY = pytest.mark.parametrize("sandbox_app", ["empty"], indirect=True)
"""A world in which nobody has worked yet."""


def unsiloed_at(server: RawServer) -> Unsiloed:
    return Unsiloed(KEY, server.base_url)


@pytest.mark.parametrize("name", ["id", "job_id"])
async def test_a_job_is_followed_from_its_beginning_to_its_end(systems: Systems, name: str) -> None:
    await systems.switch(unsiloed_id=name)
    job_id = await systems.job("unsiloed", operation="parse", fileName="a.pdf", startsIn=2, endsIn=20)
    seen = []
    async with systems.unsiloed() as unsiloed:
        for _ in range(12):
            job = await unsiloed.jobs.get(job_id)
            seen.append((job.state, job.word))
            systems.sandbox.clock.advance(2)
    assert list(dict.fromkeys(seen)) == [
        (JobState.QUEUED, "queued"),
        (JobState.RUNNING, "PROCESSING"),
        (JobState.SUCCEEDED, "COMPLETED"),
    ]
    assert (job.operation, job.name) == ("parse", "a.pdf")
    assert job.created is not None
    assert job.updated is not None
    assert abs(job.created - NOON) < timedelta(seconds=1)
    assert job.updated > job.created


@EMPTY
async def test_times_with_any_number_of_decimals_are_read(systems: Systems) -> None:
    for _ in range(30):
        await systems.job("unsiloed")
    async with systems.unsiloed() as unsiloed:
        page = await unsiloed.jobs.list()
    assert len(page.jobs) == 30
    assert all(
        job.created is not None and abs(job.created - NOON) < timedelta(seconds=1) for job in page.jobs
    )


@pytest.mark.parametrize(
    ("operation", "view"),
    [
        ("extract", ExtractedResult),
        ("parse", ParsedResult),
        ("classify", ClassifiedResult),
        ("split", TreeResult),
    ],
)
async def test_a_result_is_kept_and_read_as_what_it_is(
    systems: Systems, folder: Path, operation: str, view: type
) -> None:
    job_id = await systems.job("unsiloed", operation=operation, state="completed")
    async with systems.unsiloed() as unsiloed:
        result = await unsiloed.jobs.result(job_id, folder)
    assert isinstance(result.view, view)
    assert left_in(folder) == [f"unsiloed-{job_id}.json"]
    if isinstance(result.view, ExtractedResult):
        names = [field.name for field in result.view.fields]
        assert names == ["supplier", "invoice_number", "invoice_date", "currency", "total"]
        assert all(field.page == 1 for field in result.view.fields)
        assert result.view.least_score == min(field.score or 0 for field in result.view.fields)
    if isinstance(result.view, ParsedResult):
        assert (result.view.chunks, result.view.text.count("# Invoice")) == (2, 2)


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        ("queued", StillRunning, "no result yet"),
        ("running", StillRunning, "no result yet"),
        ("failed", JobFailed, "The job failed. Too dark"),
        ("cancelled", JobFailed, "was canceled"),
    ],
)
async def test_a_result_that_is_not_there_says_why_and_is_asked_for_once(
    systems: Systems, folder: Path, state: str, error: type[WireError], words: str
) -> None:
    job_id = await systems.job("unsiloed", state=state, error="too dark")
    async with systems.unsiloed() as unsiloed:
        with pytest.raises(error, match=words) as caught:
            await unsiloed.jobs.result(job_id, folder)
    assert caught.value.failure.kind is FailureKind.CONFLICT
    assert len([request for request in systems.sandbox.seen if request.path.endswith("/result")]) == 1
    assert left_in(folder) == []


async def test_after_seven_days_a_job_is_gone_and_says_so(systems: Systems, folder: Path) -> None:
    job_id = await systems.job("unsiloed", state="completed")
    async with systems.unsiloed() as unsiloed:
        job = await unsiloed.jobs.get(job_id)
        systems.sandbox.clock.advance(WEEK)
        with pytest.raises(JobGone, match="kept for 7 days"):
            await unsiloed.jobs.get(job_id)
        with pytest.raises(JobGone):
            await unsiloed.jobs.result(job_id, folder)
    assert job.gone().state is JobState.EXPIRED


async def test_a_job_is_canceled_and_one_that_is_over_stays(systems: Systems) -> None:
    async with systems.unsiloed() as unsiloed:
        running, over = (
            await systems.job("unsiloed", state="running"),
            await systems.job("unsiloed", state="completed"),
        )
        canceled = await unsiloed.jobs.cancel(running)
        assert canceled.job is not None
        assert (canceled.job.state, canceled.failure) == (JobState.CANCELED, None)
        stays = await unsiloed.jobs.cancel(over)
        assert stays.job is not None
        assert stays.job.state is JobState.SUCCEEDED
        assert stays.failure is not None
        assert "cannot be cancelled" in stays.failure.hint
        gone = await unsiloed.jobs.cancel("job_unknown")
        assert (gone.job, gone.failure and gone.failure.kind) == (None, FailureKind.NOT_FOUND)


async def test_several_jobs_are_read_by_one_request(systems: Systems) -> None:
    ids = [await systems.job("unsiloed", state=state) for state in ("queued", "running", "completed")]
    async with systems.unsiloed() as unsiloed:
        before = systems.sandbox.seen_count
        found = await unsiloed.jobs.several([*ids, "unknown"])
        assert systems.sandbox.seen_count == before + 1
        assert [found[one].state for one in ids] == [JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED]
        assert found[ids[2]].progress == 1.0
        assert "unknown" not in found
        whole = await unsiloed.jobs.get(ids[0])
        assert found[ids[0]].with_what_was_known(whole).name == whole.name
        assert await unsiloed.jobs.several([]) == {}
        with pytest.raises(Unusable, match="At most 100"):
            await unsiloed.jobs.several(["j"] * 101)
        with pytest.raises(UnusableId):
            await unsiloed.jobs.several(["a,b"])
        assert systems.sandbox.seen_count == before + 2


@EMPTY
async def test_a_list_is_asked_for_by_all_that_can_be_asked(systems: Systems) -> None:
    old = await systems.job("unsiloed", age=7200, tags=["march"], state="completed", operation="parse")
    middle = await systems.job("unsiloed", age=3600, tags=["march", "b"], state="failed", error="Blank")
    new = await systems.job("unsiloed", tags=["april"])
    hour = timedelta(hours=1)
    async with systems.unsiloed() as unsiloed:
        for asked, ids in (
            (JobFilter(), [new, middle, old]),
            (JobFilter(state=JobState.FAILED), [middle]),
            (JobFilter(operation="parse"), [old]),
            (JobFilter(created_after=NOON - 1.5 * hour), [new, middle]),
            (JobFilter(created_before=NOON - 1.5 * hour), [old]),
            (JobFilter(tags=("april", "b")), [new, middle]),
            (JobFilter(limit=1, offset=1), [middle]),
        ):
            assert [job.id for job in (await unsiloed.jobs.list(asked)).jobs] == ids
        first = await unsiloed.jobs.list(JobFilter(limit=2))
        assert (first.total, first.next_offset, first.unreadable) == (3, 2, ())
        assert first.jobs[1].error == "ProcessingError: Blank"
        last = await unsiloed.jobs.list(JobFilter(limit=2, offset=2))
        assert (last.next_offset, [job.id for job in last.jobs]) == (None, [old])


async def test_a_list_that_is_asked_for_wrongly_names_what_is_wrong(systems: Systems) -> None:
    async with systems.unsiloed() as unsiloed:
        with pytest.raises(Invalid, match="operation: must be one of") as wrong:
            await unsiloed.jobs.list(JobFilter(operation="paint", limit=999))
        assert [problem.field for problem in wrong.value.failure.problems] == ["limit", "operation"]
        for state in (JobState.UNKNOWN, JobState.EXPIRED):
            with pytest.raises(NotOffered, match=f"list jobs that are {state}"):
                await unsiloed.jobs.list(JobFilter(state=state))


async def test_one_row_that_cannot_be_read_leaves_the_others() -> None:
    rows = [{"job_id": "a", "status": "queued"}, {"status": "queued"}, 7, {"job_id": "b", "status": "dozing"}]
    async with misbehaving(answer({"jobs": rows})) as server, unsiloed_at(server) as unsiloed:
        page = await unsiloed.jobs.list()
        assert [(job.id, job.state) for job in page.jobs] == [("a", JobState.QUEUED), ("b", JobState.UNKNOWN)]
        assert [line.partition(":")[0] for line in page.unreadable] == ["jobs[1]", "jobs[2] is not an object"]
        assert (page.total, page.next_offset) == (None, None)
    for nothing in (b"{}", b'{"jobs": null}', b'{"jobs": {}}', b"[]"):
        async with misbehaving(answer(nothing)) as server, unsiloed_at(server) as unsiloed:
            with pytest.raises(Unreadable):
                await unsiloed.jobs.list()


async def test_a_batch_is_one_with_its_parts(systems: Systems) -> None:
    ids = [
        await systems.job("unsiloed", state=state, batch="b1", progress=progress)
        for state, progress in (("running", 45), ("completed", None), ("failed", None))
    ]
    async with systems.unsiloed() as unsiloed:
        batch = await unsiloed.jobs.batch("b1")
        assert [job.id for job in batch.jobs] == ids
        assert {job.batch_id for job in batch.jobs} == {"b1"}
        assert batch.jobs[0].progress == 0.45
        assert batch.counts == {"total": 3, "completed": 1, "failed": 1, "canceled": 0}
        assert batch.state is JobState.RUNNING
        assert batch.progress is not None
        with pytest.raises(NotFound, match="no such batch"):
            await unsiloed.jobs.batch("b2")
    async with systems.unsiloed("other_company") as other:
        with pytest.raises(Forbidden):
            await other.jobs.batch("b1")


@pytest.mark.parametrize(
    ("progress", "share", "note"),
    [
        ({"percentage": 45.5}, 0.455, None),
        ({"percentage": 1}, 0.01, None),
        (45, 0.45, None),
        (100, 1.0, None),
        (0, 0.0, None),
        (0.45, None, None),
        (1, None, None),
        (101, None, None),
        (-1, None, None),
        (True, None, None),
        ("Page 3 of 9", None, "Page 3 of 9"),
        ("100%", None, "100%"),
        ({"percentage": "45"}, None, None),
        ({}, None, None),
        ([45], None, None),
        (None, None, None),
    ],
)
async def test_progress_is_told_only_where_it_is_one(
    progress: object, share: float | None, note: str | None
) -> None:
    said = {"job_id": "j1", "status": "processing", "progress": progress}
    async with misbehaving(answer({"jobs": [said]})) as server, unsiloed_at(server) as unsiloed:
        job = (await unsiloed.jobs.several(["j1"]))["j1"]
    assert (job.state, job.note) == (JobState.RUNNING, note)
    assert job.progress == pytest.approx(share) if share is not None else job.progress is None


async def test_what_was_not_asked_for_is_not_taken() -> None:
    rows = [{"job_id": "j1", "status": "queued"}, {"job_id": "j2", "status": "queued"}]
    async with misbehaving(answer({"jobs": rows})) as server, unsiloed_at(server) as unsiloed:
        assert list(await unsiloed.jobs.several(["j2", "j3"])) == ["j2"]
    for said in ({"id": "j2", "status": "queued"}, {"batch_id": "b2", "status": "queued", "jobs": []}):
        async with misbehaving(answer(said)) as server, unsiloed_at(server) as unsiloed:
            with pytest.raises(Unreadable):
                await unsiloed.jobs.get("j1")
            with pytest.raises(Unreadable):
                await unsiloed.jobs.batch("b1")


async def test_the_key_stands_in_the_header_of_these_routes() -> None:
    async with misbehaving(answer({"jobs": []})) as server, unsiloed_at(server) as unsiloed:
        await unsiloed.jobs.list(JobFilter(created_after=NOON, tags=("a", "b")))
        await unsiloed.jobs.several(["j1", "j2"])
    for asked in server.asked:
        assert asked.headers["x-api-key"] == KEY.revealed()
        assert not {"api-key", "authorization"} & set(asked.headers)
    listing, several = (query_of(asked) for asked in server.asked)
    assert listing == {"created_after": "2026-03-25T12:00:00Z", "tags": "a,b", "limit": "50", "offset": "0"}
    assert several == {"job_ids": "j1,j2", "include_progress": "true"}


def query_of(asked: Asked) -> Mapping[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.target).query).items()}


@pytest.mark.parametrize(("part", "error"), [("revoked", Forbidden), ("other_company", Forbidden)])
async def test_a_job_is_its_owners(systems: Systems, part: str, error: type[WireError]) -> None:
    job_id = await systems.job("unsiloed")
    async with systems.unsiloed(part) as unsiloed:
        with pytest.raises(error):
            await unsiloed.jobs.get(job_id)


async def test_a_full_queue_says_when_to_come_back() -> None:
    said = {"error": {"code": "SERVICE_UNAVAILABLE", "message": "Full", "details": {"reason": "queue_full"}}}
    full = answer(said, status=503, headers="Retry-After: 600\r\n")
    async with misbehaving(full) as server, unsiloed_at(server) as unsiloed:
        with pytest.raises(ServerFault, match="Full") as caught:
            await unsiloed.jobs.get("j1")
        assert caught.value.failure.retry_after == 600, "nobody waits for it who could be kept from work"
        assert len(server.asked) == 1


async def test_a_huge_result_is_refused_unread(folder: Path) -> None:
    huge = answer({"data": {}}).replace(b"Content-Length: 12", b"Content-Length: 5000000000")
    async with misbehaving(huge) as server, unsiloed_at(server) as unsiloed:
        with pytest.raises(ResultTooLarge):
            await unsiloed.jobs.result("j1", folder)
    assert left_in(folder) == []


async def test_a_result_that_is_given_up_leaves_nothing(folder: Path) -> None:
    begun = asyncio.Event()

    async def slowly(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
        await asyncio.sleep(30)

    async with misbehaving(slowly) as server, unsiloed_at(server) as unsiloed:
        task = asyncio.create_task(unsiloed.jobs.result("j1", folder, moved=lambda *_: begun.set()))
        await begun.wait()
        assert left_in(folder) == ["unsiloed-j1.json.part"]
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert left_in(folder) == []


async def test_every_shape_of_refusal_is_read(systems: Systems) -> None:
    job_id = await systems.job("unsiloed")
    found = {}
    async with systems.unsiloed() as unsiloed:
        for shape in (
            "coded/401",
            "error_text/400",
            "detail_text",
            "detail_list",
            "retry_after/409",
            "plain_text/400",
            "usage_limit",
            "json_string/400",
            "suggestions",
            "problem/400",
            "queue_full/400",
            "coded_bare/409",
        ):
            systems.sandbox.faults.clear()
            systems.fault("shape", shape)
            with pytest.raises(WireError) as caught:
                await unsiloed.jobs.get(job_id)
            found[shape] = (type(caught.value).__name__, caught.value.failure.hint)
            assert caught.value.failure.said
    assert found == {
        "coded/401": ("KeyNotAccepted", "Invalid API key. Check UNSILOED_API_KEY."),
        "error_text/400": ("BadRequest", "Internal error while reading the job."),
        "detail_text": ("JobGone", "Job not found. Jobs and results are kept for 7 days."),
        "detail_list": ("Invalid", "limit: must be at most 100."),
        "retry_after/409": ("Conflict", "Too many requests."),
        "plain_text/400": ("BadRequest", "Upstream connect error or disconnect before headers."),
        "usage_limit": ("UsageExceeded", "Usage limit exceeded."),
        "json_string/400": ("BadRequest", "Something went wrong."),
        "suggestions": (
            "JobGone",
            "It may have been cleaned up. Check the job id. Results are kept for 7 days.",
        ),
        "problem/400": ("BadRequest", "Try again."),
        "queue_full/400": ("BadRequest", "The queue is full."),
        "coded_bare/409": ("Conflict", "Already downloaded."),
    }

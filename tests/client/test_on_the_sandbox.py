"""The client and a sandbox that speaks the contract: what a reviewer does, and what goes wrong on the way."""

import textwrap
import unicodedata
from datetime import datetime
from itertools import pairwise

import pytest
from starlette.applications import Starlette

import review_tui.client.steve
from review_tui.client.budget import Bucket
from review_tui.client.errors import (
    Conflict,
    Forbidden,
    Invalid,
    KeyNotAccepted,
    LinkExpired,
    NoAnswer,
    NotFound,
    RateLimited,
    ServerFault,
    Unreadable,
    WireError,
)
from review_tui.client.steve import Steve
from review_tui.model.contracts import ContractName, breaks_of
from review_tui.model.fraud import Resolution
from review_tui.model.jobs import JobState
from review_tui.model.queue import HEAD, Filter, Queue
from review_tui.model.secret import Secret
from review_tui.model.submissions import Detail, Row
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from tests.wire import Served, serving, steve_on


async def first(steve: Steve, *, flagged: bool) -> Detail:
    """The newest submission in review, with or without open fraud matches."""
    page = await steve.submissions.list(Filter())
    for row in page.rows:
        detail = await steve.submissions.get(row.id)
        if bool(detail.open_matches) is flagged:
            return detail
    raise AssertionError("the sandbox has none")


async def whole_list(steve: Steve, asked: Filter, limit: int) -> list[Row]:
    page = await steve.submissions.list(asked, limit=limit)
    rows = [*page.rows]
    while page.next_cursor:
        page = await steve.submissions.list(asked, cursor=page.next_cursor, limit=limit)
        rows += page.rows
    return rows


async def test_a_clean_one_is_approved_and_reads_so_afterwards(steve: Steve, sandbox: Sandbox) -> None:
    found = await first(steve, flagged=False)
    acted = await steve.submissions.approve(found.id, request_id="intent-7")
    assert (acted.id, acted.status) == (found.id, "approved")
    assert sandbox.seen[-1].request_id == "intent-7"
    after = await steve.submissions.get(found.id)
    assert after.status == "approved"
    assert after.events[0].type == "approved"
    assert isinstance(after.reviewed_at, datetime)


async def test_a_flagged_one_is_approved_only_once_its_matches_are_judged(steve: Steve) -> None:
    found = await first(steve, flagged=True)
    with pytest.raises(Conflict) as refused:
        await steve.submissions.approve(found.id)
    assert "fraud match" in refused.value.failure.hint
    for match in found.open_matches or ():
        judged = await steve.fraud.resolve(found.id, match.id, Resolution.FALSE_POSITIVE, note="seen")
        assert (judged.id, judged.resolution, judged.note) == (match.id, "false_positive", "seen")
    assert all(not match.is_open for match in await steve.fraud.list(found.id))
    assert (await steve.submissions.approve(found.id)).status == "approved"


async def test_a_match_is_judged_once(steve: Steve) -> None:
    found = await first(steve, flagged=True)
    assert found.open_matches
    match = found.open_matches[0]
    await steve.fraud.resolve(found.id, match.id, Resolution.CONFIRMED_FRAUD)
    with pytest.raises(Conflict):
        await steve.fraud.resolve(found.id, match.id, Resolution.FALSE_POSITIVE)


async def test_a_rejection_carries_its_reason_and_a_blank_one_is_not_accepted(steve: Steve) -> None:
    found = await first(steve, flagged=False)
    with pytest.raises(Invalid) as refused:
        await steve.submissions.reject(found.id, reason=" ")
    assert [problem.field for problem in refused.value.failure.problems] == ["reason"]
    acted = await steve.submissions.reject(found.id, reason="Zdjęcie nieczytelne 🙈")
    assert acted.status == "rejected"
    assert (await steve.submissions.get(found.id)).reason == "Zdjęcie nieczytelne 🙈"


@pytest.mark.parametrize("reason", [None, "asked for by the member"])
async def test_a_cancellation_may_have_a_reason(steve: Steve, reason: str | None) -> None:
    found = await first(steve, flagged=False)
    assert (await steve.submissions.cancel(found.id, reason=reason)).status == "cancelled"
    assert (await steve.submissions.get(found.id)).cancel_reason == reason


async def test_what_is_decided_stays_decided(steve: Steve) -> None:
    found = await first(steve, flagged=False)
    await steve.submissions.reject(found.id, reason="blurred")
    for again in (steve.submissions.approve, steve.submissions.cancel):
        with pytest.raises(Conflict):
            await again(found.id)


async def test_page_by_page_is_the_same_list_as_at_once(steve: Steve) -> None:
    asked = Filter(status=None)
    at_once = await whole_list(steve, asked, 100)
    by_three = await whole_list(steve, asked, 7)
    assert by_three == at_once
    assert len({row.id for row in at_once}) == len(at_once) > 7
    assert all(newer.order >= older.order for newer, older in pairwise(at_once))


async def test_a_queue_that_is_read_again_is_the_same_queue(steve: Steve) -> None:
    queue, window, cursor = Queue(filter=Filter(status=None)), HEAD, None
    while not queue.complete:
        page = await steve.submissions.list(queue.filter, cursor=cursor, limit=10)
        queue, _ = queue.merged_with(page, window)
        window, cursor = window.beyond(page), page.next_cursor
    again, changes = queue.merged_with(await steve.submissions.list(queue.filter, limit=10))
    assert again is queue
    assert not changes


async def test_filters_are_the_servers(steve: Steve) -> None:
    for asked in (Filter(fraud_status="flagged"), Filter("failed"), Filter(None, workflow="receipt-ocr")):
        rows = (await steve.submissions.list(asked)).rows
        assert rows
        assert all(asked.takes(row) for row in rows)
    with pytest.raises(WireError) as refused:
        await steve.submissions.list(Filter("invented"))
    assert refused.value.failure.status == 400


async def test_a_session_tells_that_somebody_is_needed(steve: Steve) -> None:
    found = await first(steve, flagged=False)
    assert found.session_id
    job = await steve.jobs.get(found.session_id)
    assert (job.state, job.submission_id) == (JobState.SUCCEEDED, found.id)
    assert job.needs_person


async def test_workflows_and_the_company_are_known_by_name(steve: Steve) -> None:
    workflows = await steve.workflows.list()
    assert "receipt-ocr" in {workflow.slug for workflow in workflows}
    assert (await steve.workflows.get("receipt-ocr")).name == "Receipt OCR"
    assert [company.name for company in await steve.companies.list()] == ["Nordwind Retail Group"]
    with pytest.raises(NotFound):
        await steve.workflows.get("no-such-thing")


async def test_what_a_workflow_promises_is_read_by_its_version(steve: Steve) -> None:
    found = await first(steve, flagged=False)
    name = ContractName.of(found.workflow)
    assert name is not None
    contract = await steve.workflows.contract(name.slug, name.version)
    assert breaks_of(contract, found.extracted_data) == ()
    broken = breaks_of(contract, {"totalAmount": "18,40", "currency": "euro", "documentDate": "soon"})
    assert {one.path: one.words for one in broken} == {
        "merchantName": "required, missing",
        "totalAmount": "not a number",
        "currency": "does not match the pattern",
        "documentDate": "not a date",
    }
    with pytest.raises(NotFound):
        await steve.workflows.contract(name.slug, "999")


async def test_a_document_is_fetched_without_the_key_until_its_link_is_old(
    steve: Steve, sandbox: Sandbox
) -> None:
    found = await first(steve, flagged=False)
    pieces: list[bytes] = []
    received = await steve.files.download(found.files[0], pieces.append)
    assert received.size == len(b"".join(pieces)) == found.files[0].size_bytes
    assert sandbox.seen[-1].has_authorization is False
    sandbox.clock.advance(3_700)
    with pytest.raises(LinkExpired):
        await steve.files.download(found.files[0], pieces.append)
    fresh = await steve.submissions.get(found.id)
    await steve.files.download(fresh.files[0], pieces.append)


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("revoked", Forbidden),
        ("unscoped", Forbidden),
        ("unknown", KeyNotAccepted),
        ("other_company", NotFound),
    ],
)
async def test_each_key_sees_what_it_may(
    sandbox_app: Starlette, steve: Steve, part: str, kind: type[WireError]
) -> None:
    found = await first(steve, flagged=False)
    keys = sandbox_app.state.sandbox.keys
    async with steve_on(sandbox_app, keys[part].secret if part in keys else "aok_" + "0" * 64) as stranger:
        with pytest.raises(kind) as refused:
            await stranger.submissions.get(found.id)
        with pytest.raises(kind):
            await stranger.submissions.approve(found.id)
    assert refused.value.failure.stops_polling is (kind is not NotFound)


async def test_the_budget_knows_both_buckets(steve: Steve) -> None:
    found = await first(steve, flagged=False)
    await steve.submissions.cancel(found.id)
    left, reset = steve.budget.remaining(Bucket.WRITE), steve.budget.reset_in()
    assert (steve.budget.limit(), steve.budget.limit(Bucket.WRITE), left) == (300, 60, 59)
    assert reset is not None
    assert 0 <= reset <= 60


async def test_an_empty_budget_says_how_long_and_rests_the_background(steve: Steve, sandbox: Sandbox) -> None:
    for _ in range(300):
        await steve.submissions.list(Filter(), limit=1)
    with pytest.raises(RateLimited) as refused:
        await steve.submissions.list(Filter(), limit=1)
    assert refused.value.failure.retry_after is not None
    assert 0 < refused.value.failure.retry_after <= 60
    assert 0 < steve.budget.may_spend_background() <= 60


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("drop", "POST", after=True), NoAnswer),
        (Fault("drop", "POST"), NoAnswer),
        (Fault("status", "POST", value="500", after=True), ServerFault),
        (Fault("html", "POST", value="200", after=True), Unreadable),
        (Fault("html", "POST", value="502"), ServerFault),
        (Fault("truncated", "POST", after=True), Unreadable),
        (Fault("wrong_id", "POST", after=True), Unreadable),
        (Fault("redirect", "POST"), Unreadable),
        (Fault("body", "POST", value='{"data": null}'), Unreadable),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
async def test_a_decision_whose_answer_is_spoilt_is_sent_once_and_the_truth_can_be_read(
    steve: Steve, sandbox: Sandbox, fault: Fault, kind: type[WireError]
) -> None:
    found = await first(steve, flagged=False)
    sandbox.faults.add(fault)
    with pytest.raises(kind) as caught:
        await steve.submissions.approve(found.id)
    assert type(caught.value) is kind
    assert sum(seen.method == "POST" for seen in sandbox.seen) == 1
    assert (await steve.submissions.get(found.id)).status == ("approved" if fault.after else "review")


@pytest.mark.parametrize("kind", ["drop", "status"])
async def test_a_read_gets_over_two_faults_by_itself(steve: Steve, sandbox: Sandbox, kind: str) -> None:
    sandbox.faults.add(Fault(kind, "GET", times=2))
    assert (await steve.submissions.list(Filter())).rows
    assert len(sandbox.seen) == 3


@pytest.mark.parametrize("sandbox_app", ["hostile"], indirect=True)
async def test_nothing_hostile_comes_through_as_more_than_text(steve: Steve) -> None:
    rows = await whole_list(steve, Filter(status=None), 100)
    assert rows
    assert any(row.altered for row in rows)
    for row in rows[::3]:
        detail = await steve.submissions.get(row.id)
        texts = [detail.status, detail.reason, detail.client_submission_id, row.merchant, row.amount]
        texts += [part for event in detail.events for part in (event.type, event.message, event.actor_name)]
        texts += [part for file in detail.files for part in (file.file_name, file.label, file.title)]
        texts += [part for match in detail.fraud_matches or () for part in (match.type, match.note)]
        for text in texts:
            drawn = (char for char in text or "" if unicodedata.category(char) != "Zs")
            assert all(char.isprintable() for char in drawn), ascii(text)


async def test_over_a_socket_it_is_the_same(served: Served) -> None:
    async with Steve(served.base_url, Secret(served.api_key)) as steve:
        found = await first(steve, flagged=False)
        assert (await steve.submissions.approve(found.id)).status == "approved"
        pieces: list[bytes] = []
        await steve.files.download(found.files[0], pieces.append)
        assert b"".join(pieces)[:2] in {b"\xff\xd8", b"%P", b"\x89P"}


def test_the_example_in_the_docstring_runs_as_it_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    doc = review_tui.client.steve.__doc__ or ""
    begin, end = doc.index("    import asyncio"), doc.index("\nReads are asked again")
    example = textwrap.dedent(doc[begin:end])
    with serving("--seed", "7", "--scenario", "busy") as served:
        monkeypatch.setenv("STEVE_BASE_URL", served.base_url)
        monkeypatch.setenv("STEVE_API_KEY", served.api_key)
        exec(compile(example, "example", "exec"), {})  # our own docstring, read from our own module
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 20
    assert any(line.endswith(": approved") for line in told)
    assert any("to judge first" in line for line in told)

"""What an answer says is believed only where it says the right thing about the right submission."""

import asyncio
import json
from decimal import Decimal
from typing import Final

import pytest

from review_tui.client.bodies import VALUES
from review_tui.client.errors import (
    Unreadable,
    Unusable,
    UnusableId,
)
from review_tui.model.contracts import NO_CONTRACT
from review_tui.model.fraud import Resolution
from review_tui.model.queue import Filter
from tests.client.rawserver import APPROVED, SUBMISSION, Asked, answer, asking

JSON: Final = json.dumps(SUBMISSION).encode()


@pytest.mark.parametrize(
    "said",
    [
        answer(APPROVED, status=201),
        answer(APPROVED, status=202),
        answer(b"", status=204),
        answer({"data": {"id": "k2", "submissionStatus": "approved"}}),
        answer({"data": {"id": "k1", "submissionStatus": "review"}}),
        answer({"data": {"id": "k1", "submissionStatus": "rejected"}}),
        answer({"data": {"id": "k1"}}),
        answer({}),
        answer(b"<h1>ok</h1>", kind="text/html"),
        answer(JSON[:20]),
    ],
)
async def test_a_decision_counts_only_with_the_right_id_and_status(said: bytes) -> None:
    async with asking(said) as (steve, server):
        with pytest.raises(Unreadable) as caught:
            await steve.submissions.approve("k1")
        assert "look before you decide again" in caught.value.failure.hint
        assert len(server.asked) == 1


@pytest.mark.parametrize("said", [APPROVED, APPROVED["data"], {"id": "k1", "submissionStatus": "synced"}])
async def test_an_approval_is_known_with_and_without_its_envelope(said: object) -> None:
    async with asking(answer(said)) as (steve, server):
        assert (await steve.submissions.approve("k1")).id == "k1"
        assert (server.asked[0].method, server.asked[0].target) == ("POST", "/api/v1/submissions/k1/approve")
        assert json.loads(server.asked[0].body) == {}


@pytest.mark.parametrize(
    "said",
    [
        {"id": "m2", "resolution": "false_positive"},
        {"id": "m1", "resolution": "confirmed_fraud"},
        {"id": "m1", "resolution": None},
        {"id": "m1", "submissionId": "k2", "resolution": "false_positive"},
    ],
)
async def test_a_resolution_counts_only_for_its_own_match(said: object) -> None:
    async with asking(answer({"data": said})) as (steve, _):
        with pytest.raises(Unreadable):
            await steve.fraud.resolve("k1", "m1", Resolution.FALSE_POSITIVE)


@pytest.mark.parametrize("id_", ["", "..", "../x", "a/b", "a?b", "a%2fb", "a b", "é", "-x", "a" * 201, "a\n"])
async def test_an_id_that_leads_elsewhere_is_never_sent(id_: str) -> None:
    async with asking(answer(SUBMISSION)) as (steve, server):
        for ask in (steve.submissions.get, steve.submissions.approve, steve.fraud.list, steve.jobs.get):
            with pytest.raises(UnusableId):
                await ask(id_)
        assert server.asked == []


async def test_a_job_that_was_not_asked_for_is_not_taken() -> None:
    async with asking(answer({"sessionId": "s2", "state": "completed"})) as (steve, _):
        assert (await steve.jobs.get("s2")).id == "s2"
        with pytest.raises(Unreadable, match="another job"):
            await steve.jobs.get("s1")


@pytest.mark.parametrize(
    "said",
    [{"workflow": {"slug": "other"}}, {"version": 4}, {"outputSchema": {}}, {"outputJsonSchema": []}, []],
)
async def test_a_promise_counts_only_for_its_own_workflow_and_version(said: object) -> None:
    async with asking(answer(said)) as (steve, _):
        with pytest.raises(Unreadable):
            await steve.workflows.contract("receipt-ocr", "3")


async def test_a_promise_without_its_name_is_taken_for_what_was_asked_for() -> None:
    async with asking(answer({"data": {"outputSchema": []}})) as (steve, _):
        assert await steve.workflows.contract("receipt-ocr", "3") == NO_CONTRACT


@pytest.mark.parametrize("asked", [Filter(workflow="\udcff"), Filter(status="\ud800")])
async def test_a_filter_that_no_url_can_carry_is_never_sent(asked: Filter) -> None:
    async with asking(answer({"data": []})) as (steve, server):
        with pytest.raises(Unusable):
            await steve.submissions.list(asked)
        assert server.asked == []


async def test_a_reason_that_cannot_be_encoded_is_never_sent() -> None:
    async with asking(answer({"data": {}})) as (steve, server):
        with pytest.raises(Unusable):
            await steve.submissions.reject("k1", reason="half a character: \ud800")
        with pytest.raises(Unusable):
            await steve.fraud.resolve("k1", "m1", Resolution.FALSE_POSITIVE, note="\udcff")
        assert server.asked == []


async def test_matches_that_the_detail_lacks_are_fetched() -> None:
    async def by_path(asked: Asked, writer: asyncio.StreamWriter) -> None:
        alone = {"id": "k1", "submissionStatus": "review"}
        matches = {"data": [{"id": "m1", "resolution": None}]}
        writer.write(answer(matches if asked.target.endswith("/fraud-matches") else alone))

    async with asking(by_path) as (steve, server):
        detail = await steve.submissions.get("k1")
        assert [match.id for match in detail.open_matches or ()] == ["m1"]
        assert len(server.asked) == 2


async def test_one_bad_match_is_not_passed_over_because_a_gate_hangs_on_it() -> None:
    async with asking(answer({"data": [{"id": "m1"}, {"id": "m 2"}]})) as (steve, _):
        with pytest.raises(Unreadable, match="fraudMatches"):
            await steve.fraud.list("k1")


async def test_one_bad_row_leaves_the_others() -> None:
    rows = [{"id": "a", "submissionStatus": "review"}, {"id": "b"}, {"id": "c", "submissionStatus": "novel"}]
    async with asking(answer({"data": rows, "pagination": {"hasMore": False}})) as (steve, server):
        page = await steve.submissions.list(Filter(workflow="receipt-ocr"), cursor="c+/=&x", limit=3)
    assert [row.id for row in page.rows] == ["a", "c"]
    assert len(page.unreadable) == 1
    assert server.asked[0].target == (
        "/api/v1/submissions?status=review&workflow=receipt-ocr&cursor=c%2B%2F%3D%26x&limit=3"
    )


async def test_numbers_arrive_as_written_and_what_is_no_number_is_absent() -> None:
    body = b'{"id":"k1","submissionStatus":"review","fraudMatches":[],"fraudScore":NaN,"confidence":1e999,'
    body += b'"extractedData":{"totalAmount":0.10,"tax":-Infinity,"huge":1e99999999999999999999}}'
    async with asking(answer(body)) as (steve, _):
        detail = await steve.submissions.get("k1")
    assert (detail.fraud_score, detail.confidence) == (None, None)
    assert str(detail.extracted_data["totalAmount"]) == "0.10"
    assert detail.extracted_data["totalAmount"] == Decimal("0.10")
    assert detail.extracted_data["tax"] is None
    assert detail.extracted_data["huge"] is None


async def test_a_number_of_ten_thousand_digits_spoils_nothing_beside_it() -> None:
    body = b'{"id":"k1","submissionStatus":"review","fraudMatches":[],"extractedData":{"n":%b,"m":1}}'
    async with asking(answer(body % (b"7" * 10_000))) as (steve, _):
        detail = await steve.submissions.get("k1")
    assert detail.extracted_data["m"] == 1
    assert str(detail.extracted_data["n"]) == "7" * 10_000


@pytest.mark.parametrize("value", [b"{}", b"[]", b"1", b'""'])
async def test_more_values_than_memory_is_for_are_refused_unparsed(value: bytes) -> None:
    async with asking(answer(b"[" + (value + b",") * VALUES + value + b"]")) as (steve, _):
        with pytest.raises(Unreadable, match="too many values"):
            await steve.submissions.get("k1")

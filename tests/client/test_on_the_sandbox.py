"""The client on a sandbox that behaves."""

from review_tui.client.steve import Steve
from review_tui.model.queue import Filter


async def test_a_reviewer_reads_the_queue_and_opens_what_is_in_it(steve: Steve) -> None:
    page = await steve.submissions.list(Filter(), limit=5)
    assert page.rows
    assert {row.status for row in page.rows} == {"review"}
    detail = await steve.submissions.get(page.rows[0].id)
    assert detail.id == page.rows[0].id
    assert detail.fraud_matches is not None

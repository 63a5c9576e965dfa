"""A reviewer walks the fields of which the machine was not sure."""

import json
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.doubt import to_check
from review_tui.model.extraction import fields_of
from review_tui.model.preferences import DoubtLimits
from review_tui.model.queue import Filter
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.ui.detail_view import Tab
from review_tui.ui.situation import Focus
from tests.ui.console import Console, console_on


def doubts(console: Console) -> list[str]:
    """Return the paths of the fields to check on the submission that is shown."""
    detail = console.review.state.detail
    assert detail
    found = [field.path.raw for field in to_check(fields_of(detail.extracted_data).fields, DoubtLimits())]
    assert len(found) > 2
    return found


async def test_one_key_goes_from_doubt_to_doubt_and_counts_what_was_checked(console: Console) -> None:
    assert console.review.situation.focus is Focus.QUEUE
    paths, seen = doubts(console), []
    for count in range(1, len(paths) + 1):
        await console.give("next-doubt")
        seen.append(console.review.detail_pane.selected_field)
        assert f"{count} of {len(paths)} checked" in console.text()
    assert seen == paths
    assert console.review.situation.tab is Tab.FIELDS
    await console.give("next-doubt")
    assert console.review.detail_pane.selected_field == paths[0]
    await console.give("previous-doubt")
    assert console.review.detail_pane.selected_field == paths[-1]


async def test_what_was_checked_is_known_on_coming_back_and_the_tab_is_not_kept(console: Console) -> None:
    paths = doubts(console)
    await console.give("next-doubt")
    await console.press("h", "j")
    assert console.review.situation.tab is Tab.OVERVIEW
    await console.press("k")
    await console.give("next-doubt")
    assert f"1 of {len(paths)} checked" in console.text()
    assert console.review.detail_pane.selected_field == paths[0]


async def test_the_way_over_a_doubt_to_a_match_leads_back_to_the_tab(console: Console) -> None:
    await console.go_to(lambda row: row.fraud_status == "flagged")
    await console.give("next-doubt")
    await console.give("next-match")
    assert "▸Fraud" in console.text()
    await console.press("h", "j")
    assert console.review.situation.tab is Tab.OVERVIEW


def read_as(sandbox: Sandbox, submission_id: str, **data: object) -> None:
    """Let the machine have read this, without a word on how sure it is of each."""
    with sandbox.database.write() as tx:
        tx.execute("UPDATE submissions SET extracted = ? WHERE id = ?", (json.dumps(data), submission_id))


async def newest_receipts(steve: Steve, count: int) -> list[str]:
    rows = (await steve.submissions.list(Filter("review", workflow="receipt-ocr"))).rows
    return [row.id for row in rows[:count]]


async def test_where_only_the_whole_has_a_confidence_the_walk_goes_by_the_contract(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    first, second = await newest_receipts(steve, 2)
    read_as(sandbox, first, totalAmount="18,40", currency="EUR", documentDate="soon")
    read_as(sandbox, second, merchantName="Café Łąka", totalAmount=18.4, documentDate="2026-03-25")
    asked = Filter("review", workflow="receipt-ocr")
    async with console_on(steve, tmp_path, size=(120, 40), asked=asked) as console:
        await console.until(lambda: console.review.state.contract)
        assert "3 of 4 fields to check" in console.text()
        seen = []
        for count in (1, 2, 3):
            await console.give("next-doubt")
            assert f"{count} of 3 checked" in console.text()
            seen.append(console.review.detail_pane.selected_field)
        assert seen == ["totalAmount", "documentDate", "merchantName"]
        shown = console.text()
        assert "for the whole; none for single fields" in shown
        for why in ("not a number", "not a date", "required, missing"):
            assert why in shown
        await console.press("h", "j")
        await console.until(lambda: console.review.state.detail)
        await console.give("next-doubt")
        assert console.says == "doubtful: no confidence by field; all keep to the contract"
    paths = [seen.path for seen in sandbox.seen]
    assert paths.count("/api/v1/workflows/receipt-ocr/versions/3") == 1


async def test_without_a_contract_the_key_says_so(steve: Steve, sandbox: Sandbox, tmp_path: Path) -> None:
    (newest,) = await newest_receipts(steve, 1)
    read_as(sandbox, newest, merchantName="Café Łąka")
    with sandbox.database.write() as tx:
        tx.execute("DELETE FROM workflow_versions")
    asked = Filter("review", workflow="receipt-ocr")
    async with console_on(steve, tmp_path, asked=asked) as console:
        await console.until(lambda: console.review.state.contract)
        await console.give("next-doubt")
        assert console.says == "doubtful: no confidence by field; its workflow has no contract"
        assert console.review.situation.tab is Tab.OVERVIEW
        console.review.detail_pane.open_tab(Tab.FIELDS)
        await console.give("open")
        assert "its workflow has no contract to hold them to" in console.text()


async def test_a_contract_that_could_not_be_read_is_said_and_asked_for_again(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    (newest,) = await newest_receipts(steve, 1)
    read_as(sandbox, newest, merchantName="Café Łąka")
    sandbox.faults.add(Fault("status", "GET", "*/versions/*", value="400"))
    asked = Filter("review", workflow="receipt-ocr")
    async with console_on(steve, tmp_path, size=(120, 40), asked=asked) as console:
        console.review.detail_pane.open_tab(Tab.FIELDS)
        await console.until(lambda: console.review.state.contract)
        assert "its workflow's contract could not be read: " in console.text()
        sandbox.faults.clear()
        await console.give("refresh")
        await console.until(lambda: "0 of 2 checked" in console.text())


@pytest.mark.parametrize("console", [(80, 24), (160, 50)], indirect=True)
async def test_the_walk_fits_any_window(console: Console) -> None:
    paths = doubts(console)
    await console.give("next-doubt")
    assert f"1 of {len(paths)} checked" in console.text()
    assert any("▸ ✗" in line or "▸ ~" in line for line in console.lines())

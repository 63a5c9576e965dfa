"""A reviewer walks the fields of which the machine was not sure."""

import json
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.doubt import to_check
from review_tui.model.extraction import fields_of
from review_tui.model.preferences import DoubtLimits
from review_tui.model.queue import Filter
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


async def test_where_only_the_whole_has_a_confidence_the_key_says_so(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    newest = (await steve.submissions.list(Filter())).rows[0].id
    with sandbox.database.write() as tx:
        data = json.dumps({"merchantName": "Café Łąka"})
        tx.execute("UPDATE submissions SET extracted = ? WHERE id = ?", (data, newest))
    async with console_on(steve, tmp_path) as console:
        assert console.selected == newest
        await console.give("next-doubt")
        assert console.says == "doubtful: no field has a confidence of its own"
        assert console.review.situation.tab is Tab.OVERVIEW


@pytest.mark.parametrize("console", [(80, 24), (160, 50)], indirect=True)
async def test_the_walk_fits_any_window(console: Console) -> None:
    paths = doubts(console)
    await console.give("next-doubt")
    assert f"1 of {len(paths)} checked" in console.text()
    assert any("▸ ✗" in line or "▸ ~" in line for line in console.lines())

"""The fields to check and a fraud match beside the submission it resembles, as they look."""

import pytest

from tests.ui.console import Console
from tests.ui.golden import assert_screen

SIZES = [(80, 24), (100, 30), (160, 50)]


@pytest.mark.parametrize("console", SIZES, indirect=True)
async def test_what_is_to_be_checked_looks_as_it_did(console: Console) -> None:
    size = f"{console.app.size.width}x{console.app.size.height}"
    await console.go_to(lambda row: row.fraud_status == "flagged" and (row.fraud_score or 0) < 97)
    await console.give("approve")
    await console.until(lambda: "= equal" in console.text())
    assert_screen(f"checking-fraud-{size}", console.text())
    await console.give("next-doubt")
    await console.give("next-doubt")
    assert "2 of" in console.text()
    assert_screen(f"checking-fields-{size}", console.text())

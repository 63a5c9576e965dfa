"""A reviewer copies: one letter each, exactly as received, and is told where it went."""

import base64
import re
import shlex
from decimal import Decimal
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.submissions import Row, read_detail
from review_tui.ui.copies import Copies, curl_of, row_as_tsv, warning_of
from review_tui.ui.detail_view import Tab
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.screens.copying import CopyScreen
from review_tui.ui.terminal.clipboard import FILE, Clipboard
from tests.ui.console import Console, console_on
from tests.ui.samples import HOSTILE, a_submission

ADDRESS = "https://x.convex.site"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    """Copies that go into a file."""
    return Copies(Clipboard(tmp_path), ADDRESS)


async def copied(console: Console, folder: Path, *keys: str) -> str:
    """Copy by these letters and return what arrived."""
    (folder / FILE).unlink(missing_ok=True)
    await console.give("copy")
    assert console.dialog is CopyScreen
    await console.press(*keys)
    await console.until(lambda: "copied" in console.says)
    assert console.dialog is None
    return (folder / FILE).read_bytes().decode()


async def test_each_letter_copies_its_thing_and_says_so(steve: Steve, tmp_path: Path, copies: Copies) -> None:
    async with console_on(steve, tmp_path, size=(140, 40), copies=copies) as console:
        row = console.review.state.row
        assert row
        assert await copied(console, tmp_path, "i") == row.id
        assert console.says == f"copied id, {len(row.id)} characters, to {tmp_path / FILE}"
        assert row.client_submission_id
        assert await copied(console, tmp_path, "c") == row.client_submission_id
        line = await copied(console, tmp_path, "r")
        assert line.split("\t")[0] == row.id
        curl = await copied(console, tmp_path, "u")
        assert curl.endswith(f" {ADDRESS}/api/v1/submissions/{row.id}")
        assert not console.desk.open_decisions


async def test_a_field_is_chosen_or_is_the_one_under_the_cursor(
    steve: Steve, tmp_path: Path, copies: Copies
) -> None:
    async with console_on(steve, tmp_path, size=(140, 40), copies=copies) as console:
        detail = console.review.state.detail
        assert detail
        fields = extraction_of(detail).fields
        assert await copied(console, tmp_path, "f", "j", "enter") == fields[1].value.raw
        assert fields[1].path in console.says
        await console.give("next-doubt")
        chosen = console.review.detail_pane.selected_field
        assert console.review.situation.tab is Tab.FIELDS
        value = next(field.value.raw for field in fields if field.path.raw == chosen)
        assert await copied(console, tmp_path, "f") == value


async def test_the_key_that_asks_copies_nothing_and_escape_leaves(console: Console) -> None:
    await console.press("y", "y", "y", "enter")
    assert console.dialog is CopyScreen
    await console.press("f", "y", "escape")
    assert console.dialog is None
    assert console.says == ""


async def test_where_nothing_can_take_it_that_is_said(console: Console) -> None:
    await console.press("y", "i")
    await console.until(lambda: console.says)
    assert console.says == "id: not copied: there is no clipboard here, and no folder for a file"


@pytest.mark.parametrize("sandbox_app", ["hostile"], indirect=True)
async def test_a_hostile_value_arrives_exactly_and_reaches_the_terminal_encoded(
    steve: Steve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = Copies(Clipboard(tmp_path, {"TERM": "xterm"}))
    async with console_on(steve, tmp_path, size=(140, 40), copies=copies) as console:
        await console.go_to(lambda row: row.merchant is not None and row.merchant.altered)
        detail, driver = console.review.state.detail, console.app._driver
        assert detail
        assert driver
        wrote: list[str] = []
        monkeypatch.setattr(driver, "write", wrote.append)
        fields = extraction_of(detail).fields
        at = next(index for index, field in enumerate(fields) if field.value.altered)
        raw = fields[at].value.raw
        await console.press("y", "f", *["j"] * at)
        assert not CONTROL.search(console.text())
        await console.press("enter")
        await console.until(lambda: "copied" in console.says)
        assert "beware: it holds characters that do not show" in console.says
        assert not CONTROL.search(console.text())
    encoded = base64.b64encode(raw.encode()).decode()
    assert [one for one in wrote if "]52" in one] == [f"\x1b]52;c;{encoded}\x07"]


def test_a_row_is_one_line_and_nothing_in_it_is_a_formula() -> None:
    detail = read_detail(
        a_submission(
            clientSubmissionId="=HYPERLINK(1)",
            extractedData={
                "merchantName": "a\tb\nc\x1b[31m",
                "totalAmount": Decimal("-18.40"),
                "currency": "PLN",
            },
        )
    )
    cells = row_as_tsv(Row.of(detail)).split("\t")
    assert len(cells) == 11
    assert cells[:6] == ["s1", "'=HYPERLINK(1)", "a␉b⏎c␛[31m", "-18.40", "PLN", "review"]
    assert cells[-1] == "2026-03-25T10:00:00.000Z"


def test_a_curl_names_the_variable_and_never_the_key() -> None:
    words = shlex.split(curl_of(ADDRESS, "k57a"))
    assert words[0] == "curl"
    assert words[-1] == f"{ADDRESS}/api/v1/submissions/k57a"
    assert "Authorization: Bearer $STEVE_API_KEY" in words
    assert '"$STEVE_BASE_URL/api/v1/submissions/k57a"' in curl_of("", "k57a")


def test_what_does_not_show_is_warned_of() -> None:
    assert warning_of("Café 18.40") == ""
    assert all(map(warning_of, ("a\nb", HOSTILE)))

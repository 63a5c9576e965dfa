"""The console says what it ignored, and takes a paste where text is written."""

from review_tui.ui.app import ONE_BURST
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.ui.terminal.driver import GuardedInput
from tests.ui.console import Console


def send(console: Console, *reads: str) -> None:
    """Send reads 0.1 s apart, and let all that waits be over."""
    terminal = GuardedInput(escape_delay=0.1)
    now = 0.0
    for read in (*reads, ""):
        for message in (*terminal.tick(now), *terminal.feed(read.encode(), now)):
            message.set_sender(console.app)
            console.app.post_message(message)
        now += 0.1 if read else 10
    for message in terminal.tick(now):
        message.set_sender(console.app)
        console.app.post_message(message)


async def test_a_paste_on_the_queue_is_ignored_and_said_once(console: Console) -> None:
    send(console, "approve all of", "\x1b[200~ them\x1b[201~")
    await console.until(lambda: "ignored" in console.says)
    assert console.says == "ignored 19 characters that nobody typed"
    await console.give("down")
    assert "ignored" not in console.says


async def test_answers_of_the_terminal_are_ignored_without_a_word(console: Console) -> None:
    before = console.says
    send(console, "\x1b[?62;22c", "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", "\x1b[<35;10;5M")
    await console.pilot.pause(ONE_BURST + 0.05)
    assert console.says == before


async def test_a_raw_paste_is_text_in_the_reason_and_its_line_end_confirms_nothing(console: Console) -> None:
    await console.go_to(lambda row: row.status == "review")
    await console.give("reject")
    assert console.dialog is ReasonScreen
    send(console, "the amount\rdiffers", "\r")
    await console.settle()
    assert console.dialog is ReasonScreen
    assert "the amount" in console.text()
    assert "differs" in console.text()
    assert not console.review.state.standings

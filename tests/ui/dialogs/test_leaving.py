"""Leaving, and looking at messages."""

import pytest

from review_tui.model.decisions import Leave
from review_tui.ui.render.line import Line, Role
from review_tui.ui.screens.messages import MessagesScreen
from review_tui.ui.screens.quit import QuitScreen, Unfinished
from tests.ui.panes import asking
from tests.ui.samples import HOSTILE


def words_of(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


async def test_leaving_names_what_is_under_way_and_the_key_that_asked_does_not_answer() -> None:
    under_way = Unfinished(under_way=[f"Approve {number}" for number in range(7)])
    async with asking(QuitScreen(under_way)) as asked:
        for words in ("7 decisions under way", "Approve 0", "+ 2 more", "up to 5 s"):
            assert words in asked.text()
        await asked.press("q", "enter", "space", "s", "d", "k")
        assert asked.answers == []
        await asked.press("y")
        assert asked.answers == [Leave.KEEP]


async def test_staying_is_one_key_as_well() -> None:
    async with asking(QuitScreen(Unfinished(held=["Approve s1"]))) as asked:
        await asked.press("n")
        assert asked.answers == [None]


@pytest.mark.parametrize(("key", "way"), [("s", Leave.SEND), ("k", Leave.KEEP), ("d", Leave.DROP)])
async def test_what_is_held_is_sent_kept_or_dropped_each_by_its_own_key(key: str, way: Leave) -> None:
    async with asking(QuitScreen(Unfinished(held=["Approve s1"], under_way=["Reject s2"]))) as asked:
        assert "1 decision held, not sent" in asked.text()
        assert "1 decision under way" in asked.text()
        await asked.press("q", "y", "enter")
        assert asked.answers == []
        await asked.press(key)
        assert asked.answers == [way]


async def test_once_everything_has_ended_well_one_leaves_as_asked_for() -> None:
    dialog = QuitScreen(Unfinished(held=["Approve s1"]))
    async with asking(dialog) as asked:
        dialog.show(Unfinished(under_way=["Approve s1"]))
        assert asked.answers == []
        dialog.show(Unfinished())
        await asked.press()
        assert asked.answers == [Leave.KEEP]


@pytest.mark.parametrize("key", ["d", "s", "k"])
async def test_a_key_that_comes_after_the_hold_says_so_and_the_next_one_leaves(key: str) -> None:
    dialog = QuitScreen(Unfinished(held=["Approve s1"]))
    async with asking(dialog) as asked:
        dialog.show(Unfinished(under_way=["Approve s1"]))
        await asked.press(key)
        assert asked.answers == []
        assert "nothing is held any more" in asked.text()
        await asked.press("y")
        assert asked.answers == [Leave.KEEP]


async def test_what_went_wrong_meanwhile_is_read_before_one_leaves() -> None:
    dialog = QuitScreen(Unfinished(held=["Approve s1"]))
    async with asking(dialog) as asked:
        dialog.show(Unfinished(ended=[("Rejected by Ewa. Your approve was not sent", Role.WARN)]))
        assert asked.answers == []
        assert "Your approve was not sent" in asked.text()
        await asked.press("y")
        assert asked.answers == [Leave.KEEP]


async def test_hostile_names_are_inert_when_leaving() -> None:
    async with asking(QuitScreen(Unfinished(under_way=[f"Approve {HOSTILE}"]))) as asked:
        assert "\x1b" not in asked.text()
        assert "[red]x[/red]" in asked.text()


async def test_messages_scroll_and_close() -> None:
    lines: list[Line] = [((f"message {number}", Role.PLAIN),) for number in range(50)]
    async with asking(MessagesScreen(lines)) as asked:
        assert "message 0" in asked.text()
        await asked.press("G")
        assert "message 49" in asked.text()
        await asked.press("q")
        assert asked.answers == [None]


async def test_no_message_yet_is_said() -> None:
    async with asking(MessagesScreen([])) as asked:
        assert "No message yet." in asked.text()

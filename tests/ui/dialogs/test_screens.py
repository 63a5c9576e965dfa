"""Every dialog, as it looks at two sizes and on the lowest screen."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import ModalScreen

from review_tui.model.submissions import Row, Verb
from review_tui.ui.detail_view import Tab
from review_tui.ui.keymap import DEFAULT
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.outbox import OutboxView
from review_tui.ui.screens.help import HelpScreen
from review_tui.ui.screens.messages import MessagesScreen
from review_tui.ui.screens.outbox import OutboxScreen
from review_tui.ui.screens.quit import QuitScreen, Unfinished
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.ui.situation import Focus, Situation
from tests.ui.golden import assert_screen
from tests.ui.outgoing import NO_ACTS, a_hostile_outbox, an_outbox, left_over
from tests.ui.panes import looking
from tests.ui.samples import HOSTILE, NOW, a_detail, a_hostile_detail, a_view

ROW = Row.of(a_detail())
SITUATION = Situation(Focus.DETAIL, Tab.FRAUD, ROW, a_detail())
MESSAGES: list[Line] = [
    (("12:29 Rejected · Blue Mesa 853.89 USD", Role.GOOD),),
    (("12:03 Rejected by someone else. Your approve was not applied", Role.WARN),),
]
LONG = "The picture was taken from the side, so that the total cannot be told from the tip. " * 6

DIALOGS: dict[str, Callable[[], ModalScreen[Any]]] = {
    "reject-empty": lambda: ReasonScreen(Verb.REJECT, ROW),
    "reject-failed": lambda: ReasonScreen(
        Verb.REJECT, ROW, text=LONG, problem="No answer from the server; nothing was changed"
    ),
    "reject-hostile": lambda: ReasonScreen(
        Verb.REJECT, Row.of(a_hostile_detail()), text=HOSTILE, problem=HOSTILE
    ),
    "cancel-empty": lambda: ReasonScreen(Verb.CANCEL, ROW),
    "quit": lambda: QuitScreen(Unfinished(under_way=["Approve Café Łąka 18.40 PLN, s1", HOSTILE])),
    "quit-held": lambda: QuitScreen(Unfinished(["Approve Café Łąka 18.40 PLN, s1", HOSTILE], ["Reject s2"])),
    "outbox-empty": lambda: OutboxScreen(OutboxView(NOW), NO_ACTS),
    "outbox-full": lambda: OutboxScreen(an_outbox(), NO_ACTS),
    "outbox-earlier": lambda: OutboxScreen(left_over(), NO_ACTS),
    "outbox-hostile": lambda: OutboxScreen(a_hostile_outbox(), NO_ACTS),
    "help": lambda: HelpScreen(SITUATION, DEFAULT),
    "messages-empty": lambda: MessagesScreen([]),
    "messages-full": lambda: MessagesScreen(MESSAGES),
}


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (140, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_dialogs_look_as_they_did(size: tuple[int, int]) -> None:
    async with looking(size) as seen:
        await seen.show(a_view())
        for name, dialog in DIALOGS.items():
            seen.app.push_screen(dialog())
            await seen.pilot.pause()
            assert_screen(f"dialog-{name}-{size[0]}x{size[1]}", seen.text())
            await seen.pilot.press("escape")
            await seen.pilot.pause()

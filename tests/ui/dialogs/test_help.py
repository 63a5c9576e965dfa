"""Help: what works here first, what does not and why, and the search that narrows it."""

import pytest
from textual.events import Paste

from review_tui.model.submissions import Row
from review_tui.ui.commands import COMMANDS
from review_tui.ui.detail_view import Tab
from review_tui.ui.draft import Draft
from review_tui.ui.keymap import DEFAULT, Keymap
from review_tui.ui.render.help import help_lines
from review_tui.ui.screens.help import HelpScreen
from review_tui.ui.situation import Focus, Situation
from tests.ui.panes import asking
from tests.ui.samples import HOSTILE, a_detail

DETAIL = a_detail()
ON_A_MATCH = Situation(
    focus=Focus.DETAIL,
    tab=Tab.FRAUD,
    row=Row.of(DETAIL),
    detail=DETAIL,
    match=(DETAIL.open_matches or ())[0],
)


def helped(situation: Situation, searched: str = "", keymap: Keymap = DEFAULT) -> dict[str, list[str]]:
    """The lines of help by their section."""
    sections: dict[str, list[str]] = {"": []}
    name = ""
    lines = [
        "".join(text for text, _ in line) for line in help_lines(keymap, situation, Draft.of(searched), 400)
    ]
    for before, line in zip(["", *lines], lines, strict=False):
        if not before and line:
            name = line
            sections[name] = []
        elif line:
            sections[name].append(line)
    return sections


def test_every_command_is_listed_once_with_its_keys_and_why_it_cannot_be_given() -> None:
    for situation in (Situation(), ON_A_MATCH):
        lines = [line for section in helped(situation).values() for line in section]
        for command in COMMANDS:
            listed = [line for line in lines if (command.family or command.help) in line]
            assert len(listed) == 1, command.id
    assert "now: nothing is selected" in helped(Situation())["Not now"][1]


def test_what_can_be_done_here_comes_first() -> None:
    first = list(helped(ON_A_MATCH))[2]
    assert first == "Here and now"
    here = "\n".join(helped(ON_A_MATCH)[first])
    assert "false positive" in here
    assert "Reject the submission" in here
    assert "Approve" not in here, "a match is open"
    assert "1 fraud match" not in here
    assert "resolve first" in "\n".join(helped(ON_A_MATCH)["Not now"])
    assert "false positive" in "\n".join(helped(Situation())["Not now"])


def test_views_are_one_line() -> None:
    (views,) = [line for line in helped(Situation())["View"] if "saved view of this digit" in line]
    assert views.split()[0] == "1–9"


def test_a_search_finds_words_ids_and_groups() -> None:
    assert [name for name in helped(Situation(), "take newest") if name][1:] == ["Not now"]
    assert "Take back" in helped(Situation(), "TAKE newest")["Not now"][0]
    assert "Take back" in helped(Situation(), "undo")["Not now"][0]
    assert "No command fits these words." in helped(Situation(), "nothing like it")


def test_a_key_that_is_written_tells_what_it_does() -> None:
    assert (
        "Skip" in helped(Situation(), "s")["This key"][0] or "Pass" in helped(Situation(), "s")["This key"][0]
    )
    assert len(helped(Situation(), "S")["This key"]) == 1
    assert "saved view" in helped(Situation(), "5")["This key"][0]


def test_help_tells_the_keys_in_use() -> None:
    chosen = Keymap({"skip": ("J",), "flag": (), "view-3": ("F3",)})
    listed = "\n".join(line for section in helped(ON_A_MATCH, keymap=chosen).values() for line in section)
    assert "J             Pass it" in listed
    assert "–             flag: Flag" in listed
    assert "1 2 F3 4 5 6…" in listed
    assert "This key" not in helped(ON_A_MATCH, "s", chosen)


async def test_what_is_typed_searches_and_the_box_keeps_its_height() -> None:
    async with asking(HelpScreen(Situation(), DEFAULT)) as asked:
        high = len(asked.text().strip().splitlines())
        await asked.press("end")
        assert "type to search" not in asked.text(), "it has scrolled"
        await asked.press(*"quit")
        assert "Leave; asks only" in asked.text()
        assert "Approve" not in asked.text()
        assert len(asked.text().strip().splitlines()) == high
        await asked.press("question_mark")
        assert asked.answers == [], "it is a character like any other now"
        await asked.press("ctrl+u", "question_mark")
        assert asked.answers == [None]


@pytest.mark.parametrize("text", [HOSTILE, "zz\nqq\tww"])
async def test_a_paste_is_searched_for_as_text(text: str) -> None:
    async with asking(HelpScreen(Situation(), DEFAULT)) as asked:
        asked.app.screen.post_message(Paste(text))
        await asked.pilot.pause()
        assert "No command fits" in asked.text()
        assert "\x1b" not in asked.text()
        await asked.press("escape")
        assert asked.answers == [None]


def test_a_key_that_does_nothing_any_more_says_so() -> None:
    chosen = Keymap({"approve": ("A",)})
    assert "No command has the key a." in helped(ON_A_MATCH, "a", chosen)
    assert "This key" in helped(ON_A_MATCH, "A", chosen)

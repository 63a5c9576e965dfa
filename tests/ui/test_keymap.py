"""Keys as a reviewer has chosen them: they act, their old ones rest, and what cannot be chosen says why."""

from pathlib import Path

import pytest
from textual import events

from review_tui.client.steve import Steve
from review_tui.model.preferences import Advance, Preferences
from review_tui.model.submissions import Verb
from review_tui.ui.commands import BY_ID, COMMANDS, Group, key_name
from review_tui.ui.key_names import OWN
from review_tui.ui.keymap import DEFAULT, HARMLESS, Keymap, named, problems
from review_tui.ui.render.chrome import key_line
from review_tui.ui.situation import Situation
from review_tui.ui.terminal.driver import GuardedInput
from tests.ui.console import console_on


def said(**keys: tuple[str, ...]) -> list[str]:
    return [
        f"{id_}: {words}" for id_, words in problems({id_.replace("_", "-"): k for id_, k in keys.items()})
    ]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("A", "A"),
        ("?", "question_mark"),
        (",", "comma"),
        ("/", "slash"),
        ("slash", "slash"),
        ("]", "right_square_bracket"),
        ("é", "é"),
        (" ", "space"),
        ("F5", "f5"),
        ("Ctrl+R", "ctrl+r"),
        ("ctrl+m", "enter"),
        ("shift+up", "shift+up"),
        ("alt+x", None),
        ("ctrl+shift+q", None),
        ("return", None),
        ("\x1b", None),
        ("", None),
    ],
)
def test_keys_are_written_as_people_know_them(written: str, key: str | None) -> None:
    assert named(written) == key


def test_every_key_of_the_table_has_one_name_by_which_it_can_be_chosen_again() -> None:
    for command in DEFAULT.commands:
        for key in command.keys:
            assert named(key) == key
            assert len(key_name(key)) > 1 or named(key_name(key)) == key


def test_the_table_of_commands_has_no_problems() -> None:
    assert not list(problems({command.id: command.keys for command in COMMANDS}))


def test_what_is_no_command_is_named_with_the_nearest() -> None:
    assert said(aprove=("A",)) == ["aprove: there is no such command; did you mean approve?"]
    assert said(xyzzy=("A",)) == ["xyzzy: there is no such command; review-tui keys lists them"]


def test_what_is_no_key_is_named() -> None:
    (words,) = said(refresh=("alt+r",))
    assert words.startswith("refresh: “alt+r” is no key: a character, or a name such as f5")
    assert said(refresh=("\x1b[31m",))[0].startswith("refresh: “␛[31m” is no key")


def test_a_key_serves_one_command() -> None:
    assert said(approve=("r",)) == [
        "approve: “r” is the key of reject as well; give reject another key too, or none with []"
    ]
    assert said(approve=("A",), skip=("A",)) == ["skip: “A” is the key of approve as well"]
    assert not said(approve=("r",), reject=("a",)), "they may change places"
    assert not said(approve=("A", "A"))


def test_what_decides_has_to_be_typed() -> None:
    for key in ("j", "G", "]"):
        assert "what moves must not decide" in said(approve=(key,), down=("down",))[0]
    for key in ("f5", "up", "shift+tab", "tab", "backspace"):
        assert "what decides has to be typed" in said(false_positive=(key,))[0]
    for key in ("enter", "space"):
        assert "a key of its own" in said(repeat=(key,))[0]
    assert not said(approve=("ctrl+a",))


def test_the_key_that_asks_is_not_one_that_answers() -> None:
    assert "may not be one that answers" in said(reject=("1",))[0]
    assert "may not be one that answers" in said(quit=("d",))[0]
    assert "leaves dialogs" in said(quit=("escape",))[0]


def test_there_is_always_a_way_out() -> None:
    assert not said(quit=())
    assert said(quit=(), palette=()) == [
        "quit: neither it nor the palette has a key, so that nobody could leave"
    ]


def test_a_letter_that_moves_by_choice_has_to_be_typed_like_any_other() -> None:
    assert DEFAULT.harmless == HARMLESS
    chosen = Keymap({"down": ("s",), "skip": ("j",)})
    assert "s" not in chosen.harmless
    assert "j" not in chosen.harmless, "it skips now"
    assert "k" in chosen.harmless
    burst = GuardedInput(escape_delay=0.1, harmless=chosen.harmless)
    taken = [*burst.feed(b"jj", 1.0), *burst.tick(1.1)]
    assert [type(message) for message in taken] == [events.Paste]


def test_the_key_line_names_the_keys_in_use() -> None:
    line = "".join(text for text, _ in key_line(Situation(), 200, Keymap({"approve": ("A",), "help": ()})))
    assert "A approve" in line
    assert "a approve" not in line
    assert "help" not in line


async def test_a_reviewer_approves_with_another_key_and_the_old_one_rests(
    steve: Steve, tmp_path: Path
) -> None:
    keys = {"approve": ("A",), "down": ("s", "down"), "skip": ("J",), "pause": ("p",), "reject": ()}
    chosen = Preferences(advance=Advance.OFF, keys=keys)
    async with console_on(steve, tmp_path, size=(140, 40), preferences=chosen) as console:
        first = console.selected
        await console.press("j", "a")
        assert console.selected == first
        assert not console.desk.open_decisions
        await console.press("r")
        assert console.dialog is None
        await console.press("s")
        assert console.selected != first
        await console.press("p")
        assert "paused" in console.text()
        await console.press("p")
        row = await console.go_to(lambda row: row.fraud_status == "clean" and row.status == "review")
        await console.press("A")
        await console.until(lambda: console.review.state.standings.get(row.id))
        assert "A approve" in console.lines()[-1]


def test_the_keys_of_which_texts_speak_are_those_of_the_table() -> None:
    assert {id_: DEFAULT.names[id_] for id_ in OWN} == OWN
    assert Keymap({"undo": ()}).names["undo"] == "“take back” in the palette"


async def test_texts_speak_of_the_keys_in_use(steve: Steve, tmp_path: Path) -> None:
    chosen = Preferences(advance=Advance.OFF, keys={"undo": ("t",), "next-match": ("M",), "view-2": ("F",)})
    async with console_on(
        steve, tmp_path, size=(140, 40), preferences=chosen, hold={Verb.APPROVE: 30.0}
    ) as console:
        assert "F flagged" in console.lines()[1]
        await console.go_to(lambda row: row.fraud_status == "flagged")
        assert "M goes there" in console.text()
        await console.go_to(lambda row: row.fraud_status == "clean" and row.status == "review")
        await console.press("a")
        assert "t takes it back" in console.text()
        await console.press("u")
        assert console.desk.open_decisions
        await console.press("t")
        assert not console.desk.open_decisions


def test_every_group_of_the_table_is_listed() -> None:
    assert [group for group, _ in DEFAULT.grouped()] == [
        group for group in Group if any(command.group is group for command in BY_ID.values())
    ]

"""What a monkey does: keys with and without a meaning, pastes, clicks, other sizes, waiting."""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from textual import events
from textual.geometry import Size
from textual.keys import _character_to_key

from review_tui.ui.commands import COMMANDS, Group, Place
from tests.monkey.console import WatchedApp

KEYS: Final = tuple(key for command in COMMANDS for key in command.keys)
OFTEN: Final = (*"jjjkkarcfxmmluRU123", "tab", "tab", "enter", "enter", "enter", "escape", "]", "[")
OWN_OF_DIALOGS: Final = (*"jkusdyn0123", "enter", "enter", "escape", "backspace", "down", "up")
ODD: Final = (
    "ctrl+u",
    "ctrl+w",
    "ctrl+a",
    "ctrl+e",
    "delete",
    "insert",
    "f1",
    "f12",
    "shift+f5",
    "ctrl+z",
    "ctrl+p",
)
PLANS: Final = tuple(
    tuple(plan.split())
    for plan in (
        *("a", "a", "j a", "j j a j a", "] a", "a u", "m f", "m f", "m x", "m f f a", "m x m f", "m f u"),
        *("r 1", "r 1", "r w h y enter", "r 2 u", "r enter escape", "c 0", "s s S", "r down enter"),
        *("c 2", "r 1 j full_stop", "r x escape", "a j a U s", "a U u", "U s y", "U d y", "U j s"),
        *("j r 2 j a", "m f j a", "m x ] m f", "a j r 1", "j c 1 u", "k a", "[ a"),
        *("a q n", "a q d", "a q s", "ctrl+p a p p r o v e enter", "ctrl+p p a u s e enter"),
        *("l tab tab o", "l tab tab tab o", "tab tab j j", "question_mark escape"),
        *("space space a enter", "space j space r 1 enter", "V j j j V a enter u", "asterisk f enter B x q"),
        *("space space c 0 enter B q u", "asterisk a enter", "asterisk asterisk", "U s y", "U S y", "U D y"),
    )
)
"""Keys that a person presses one after the other."""

MOVING: Final = frozenset(
    key
    for command in COMMANDS
    if command.place is Place.LINES or (command.group is Group.MOVE and command.id.endswith("-submission"))
    for key in command.keys
)
ENDING: Final = frozenset({"q", "ctrl+c"})

SIZES: Final = ((80, 24), (80, 24), (100, 30), (60, 15), (72, 20), (140, 40))
ABSURD: Final = ((1, 1), (59, 14), (60, 14), (59, 15), (2, 200), (300, 1), (240, 70), (500, 200))
"""Sizes in which there is little to see; the monkey soon wants another."""

PASTES: Final = (
    "a",
    "rcax\rfq\n",
    "\x1b[31mred\x1b]52;c;cm0=\x07 \x9b2J",
    "\u202eevil\u202c \u200b\ufeff",
    "ą" * 3000,
    "[@click=app.leave]x[/] [/foo]",
    "1\t2\n3",
)


@dataclass(frozen=True)
class Step:
    """One thing that is done, told so that it may be read; `key`, `size` and `place` where it has one."""

    told: str
    do: Callable[[WatchedApp], None]
    key: str = ""
    seconds: float = 0.0
    size: tuple[int, int] | None = None
    place: tuple[int, int] | None = None


def press(key: str) -> Step:
    """Press a key."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    character = key if len(key) == 1 else {"enter": "\r", "tab": "\t", "escape": "\x1b"}.get(key)
    return Step(f"key {key}", lambda app: _send(app, events.Key(name, character)), key=key)


def paste(text: str) -> Step:
    """Paste a text."""
    return Step(f"paste {text[:30]!r}", lambda app: _send(app, events.Paste(text)))


def resize(width: int, height: int) -> Step:
    """Make the terminal another size."""
    size = Size(width, height)

    def do(app: WatchedApp) -> None:
        if app._driver is not None:
            app._driver._size = (width, height)
        _send(app, events.Resize(size, size))

    return Step(f"resize {width}x{height}", do, size=(width, height))


def click(kind: type[events.MouseEvent], x: int, y: int) -> Step:
    """Press a mouse button and let it go, or turn its wheel."""
    kinds = (events.MouseDown, events.MouseUp) if kind is events.MouseDown else (kind,)

    def do(app: WatchedApp) -> None:
        for one in kinds:
            _send(app, one(None, x, y, 0, 0, 1, False, False, False))

    return Step(f"{kind.__name__} {x},{y}", do, place=(x, y))


def wait(seconds: float) -> Step:
    """Do nothing for a while."""
    return Step(f"wait {seconds:.1f}", lambda _: None, seconds=seconds)


def a_plan(chance: Random) -> list[Step]:
    """Draw what is done next, one after the other, to a console that shows no dialog; mostly nothing."""
    return [press(key) for key in chance.choice(PLANS)] if chance.random() < 0.2 else []


def a_step(chance: Random, *, dialog: bool, size: tuple[int, int]) -> Step:
    """Draw what is done next to a console that shows a dialog or none."""
    if size not in SIZES and chance.random() < 0.25:
        return resize(*chance.choice(SIZES))
    if dialog and chance.random() < 0.5:
        return press("escape" if chance.random() < 0.35 else chance.choice(OWN_OF_DIALOGS))
    draw = chance.choices(list(_DRAWN), list(_DRAWN.values()))[0]
    return draw(chance, size)


def _any_resize(chance: Random, _: tuple[int, int]) -> Step:
    return resize(*chance.choice(ABSURD if chance.random() < 0.4 else SIZES))


def _any_click(chance: Random, size: tuple[int, int]) -> Step:
    kinds = (events.MouseDown, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
    return click(chance.choice(kinds), chance.randrange(size[0]), chance.randrange(size[1]))


_DRAWN: Final[Mapping[Callable[[Random, tuple[int, int]], Step], float]] = {
    lambda chance, _: press(chance.choice(OFTEN)): 60.0,
    lambda chance, _: press(chance.choice(KEYS)): 9.0,
    lambda chance, _: press(chance.choice(string.printable[:95])): 8.0,
    lambda chance, _: press(chance.choice(ODD)): 2.0,
    lambda _, __: press("ctrl+c"): 0.1,
    lambda chance, _: paste(chance.choice(PASTES)): 3.0,
    _any_resize: 2.5,
    _any_click: 4.5,
    lambda chance, _: wait(chance.choice([0.5, 0.5, 1.0, 1.0, 5.0, 20.0]) * chance.random()): 16.0,
}
"""How often what is drawn."""


def _send(app: WatchedApp, event: events.Event) -> None:
    event.set_sender(app)
    app.post_message(event)

"""Random widgets of Textual's own, drawn through the output: emulators see what Textual meant."""

import asyncio
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.driver import Driver
from textual.geometry import Size
from textual.widgets import DataTable, Static

from review_tui.ui.terminal.difference import Abilities
from tests.emulator import Look
from tests.ui.rest import rest
from tests.ui.terminal.frames import TEXTS, Emulated

WIDTH: Final = 48
HEIGHT: Final = 14
STEPS: Final = 14
COLOURS: Final = ["red", "bright_green", "color(208)", "#336699", "default"]
BORDERS: Final = ["round", "heavy", "none", "double"]


class Capturing(Driver):
    """Keeps what is written, frame by frame."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.frames: list[str] = []
        self._pieces: list[str] = []

    def start_application_mode(self) -> None:
        size = Size(WIDTH, HEIGHT)
        asyncio.run_coroutine_threadsafe(self._app._post_message(events.Resize(size, size)), self._loop)

    def write(self, data: str) -> None:
        self._pieces.append(data)

    def flush(self) -> None:
        if frame := "".join(self._pieces):
            self.frames.append(frame)
        self._pieces = []

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...


class Wild(App[None]):
    """Widgets that change in every way from step to step, by a seed."""

    CSS = "Screen { layout: grid; grid-size: 2 2; } #over { layer: above; width: 20; height: 5; }"

    def __init__(self, seed: int) -> None:
        super().__init__(driver_class=Capturing, ansi_color=bool(seed % 2))
        self.dice = random.Random(seed)
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        for number in range(3):
            yield Static(self.words(), id=f"s{number}")
        yield Container(DataTable(id="table"))

    def on_mount(self) -> None:
        table: DataTable[Any] = self.query_one(DataTable)
        table.add_columns("one", "two")
        for _ in range(12):
            table.add_row(self.words(), self.words())

    def words(self) -> Text:
        text = Text()
        for _ in range(self.dice.randrange(1, 9)):
            style = Style(
                color=self.dice.choice(COLOURS),
                bgcolor=self.dice.choice([None, *COLOURS]),
                bold=self.dice.random() < 0.3,
                underline=self.dice.random() < 0.2,
                reverse=self.dice.random() < 0.2,
                strike=self.dice.random() < 0.1,
            )
            text.append(self.dice.choice([*TEXTS, "\n"]), style)
        return text

    def step(self) -> None:
        widget = self.query_one(f"#s{self.dice.randrange(3)}", Static)
        match self.dice.randrange(6):
            case 0 | 1:
                widget.update(self.words())
            case 2:
                widget.styles.border = (self.dice.choice(BORDERS), self.dice.choice(["red", "green"]))  # type: ignore[assignment]  # names from lists
            case 3:
                widget.styles.background = self.dice.choice(["black", "darkblue", "transparent"])
            case 4:
                widget.display = not widget.display
            case _:
                self.query_one(DataTable).move_cursor(row=self.dice.randrange(12))


async def drawn(seed: int) -> list[str]:
    """Every frame that a wild app writes."""
    app = Wild(seed)
    running = asyncio.create_task(app.run_async(headless=False, mouse=False, size=(WIDTH, HEIGHT)))
    ends = asyncio.get_running_loop().time() + 20
    while not (isinstance(app._driver, Capturing) and app._driver.frames):
        assert asyncio.get_running_loop().time() < ends, "nothing is drawn"
        await asyncio.sleep(0.02)
    await rest()
    for _ in range(STEPS):
        app.step()
        await rest()
    frames = list(app._driver.frames)
    app.exit()
    await running
    return frames


@pytest.mark.parametrize("seed", range(4))
async def test_an_emulator_sees_what_textual_meant(seed: int) -> None:
    frames = await drawn(seed)
    can = Abilities(repeats=bool(seed & 1), fills=bool(seed & 2), falls=seed in {1, 2})
    plain, light = Emulated(width=WIDTH, height=HEIGHT), Emulated(can, width=WIDTH, height=HEIGHT)
    assert len(frames) > STEPS // 2
    for frame in frames:
        plain.feed(frame)
        light.draw(frame)
        assert light.repaints == 0, "Textual writes what the output does not understand"
        assert light.look == plain.look
    assert sum(map(len, light.sent)) < 0.6 * sum(map(len, frames))


class Tmux:
    """A tmux server of our own with one pane that shows a file's bytes."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "tmux"
        self._folder = folder

    def run(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), "-f", "/dev/null", *words],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        return done.stdout

    def shows(self, data: str, name: str) -> list[list[Look]]:
        """Return what is seen of a pane after these bytes."""
        (self._folder / name).write_text(data, encoding="utf-8")
        script = f"stty raw -echo; cat {self._folder / name}; touch {self._folder / name}.done; sleep 60"
        self.run("new-session", "-d", "-s", name, "-x", str(WIDTH), "-y", str(HEIGHT + 1), script)
        ends = time.monotonic() + 15
        while not (self._folder / f"{name}.done").exists():
            assert time.monotonic() < ends, "tmux shows nothing"
            time.sleep(0.02)
        before = ""
        while before != (now := self.run("capture-pane", "-p", "-e", "-N", "-t", name)):
            before = now
            time.sleep(0.1)
        picture = Emulated(width=WIDTH, height=HEIGHT + 1)
        picture.feed("".join(f"\x1b[{y + 1};1H{line}" for y, line in enumerate(now.splitlines())))
        return picture.look


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed; it is a second opinion")
    server = Tmux(tmp_path)
    yield server
    subprocess.run(
        ["tmux", "-S", str(tmp_path / "tmux"), "kill-server"], capture_output=True, timeout=20, check=False
    )


@pytest.mark.parametrize("seed", [11, 12])
async def test_tmux_sees_it_too(tmux: Tmux, seed: int) -> None:
    frames = await drawn(seed)
    light = Emulated(width=WIDTH, height=HEIGHT)
    for frame in frames:
        light.draw(frame)
    plain = tmux.shows("\x1b[?7l\x1b[?25l" + "".join(frames), "plain")
    ours = tmux.shows("\x1b[?7l\x1b[?25l" + "".join(light.sent), "ours")
    assert any(text.strip() for row in ours for text, *_ in row), "tmux shows nothing"
    assert ours == plain

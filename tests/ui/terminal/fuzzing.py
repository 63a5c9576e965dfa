"""Stray input against the running console: guard, Textual's parser, bindings; nothing may decide anything."""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from textual._xterm_parser import XTermParser
from textual.message import Message

from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import SandboxSettings
from review_tui.ui.terminal.driver import GuardedInput
from review_tui.ui.terminal.guard import ESCAPE_DELAY, ESCAPE_DELAY_AFAR
from review_tui.workers.news import DecisionMoved
from tests.ui.console import Console, console_on
from tests.ui.terminal.stray import stray
from tests.wire import steve_on

BATCH = 50

Sender = Callable[[int], Iterator[Message]]


def guarded(seed: int) -> Iterator[Message]:
    """What one stray sequence becomes behind the guard, on a clock that jumps.

    Local and afar in turn, and with and without the mouse.
    """
    delay = (ESCAPE_DELAY, ESCAPE_DELAY_AFAR)[seed % 2]
    terminal = GuardedInput(escape_delay=delay, mouse=bool(seed // 2 % 2))
    now = 0.0

    def until(end: float) -> Iterator[Message]:
        while (deadline := terminal.deadline) is not None and deadline <= end:
            yield from terminal.tick(deadline)

    for pause, data in stray(Random(seed)):
        yield from until(now + pause)
        now += pause
        yield from terminal.feed(data, now)
    yield from until(now + 10)


def unguarded(seed: int) -> Iterator[Message]:
    """What Textual's parser alone makes of it."""
    parser = XTermParser()
    for _, data in stray(Random(seed)):
        yield from parser.feed(data.decode("utf-8", "replace"))


async def decided(console: Console, seeds: range, send: Sender = guarded) -> str | None:
    """Send stray sequences; return what they decided or opened, None for nothing."""
    moved: list[DecisionMoved] = []
    console.desk.subscribe(lambda news: moved.append(news) if isinstance(news, DecisionMoved) else None)
    for start in range(seeds.start, seeds.stop, BATCH):
        batch = range(start, min(start + BATCH, seeds.stop))
        console.clock.turn(0.5)
        for seed in batch:
            for message in send(seed):
                message.set_sender(console.app)
                console.app.post_message(message)
        await console.pilot.pause()
        if console.dialog is not None:
            return f"{console.dialog.__name__} was opened by one of {batch}"
        if moved:
            return f"{moved[0].standing} was decided by one of {batch}"
        if not console.app.is_running:
            return f"the console was ended by one of {batch}"
    return None


async def _run(count: int) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        noon = datetime(2026, 3, 25, 12, tzinfo=UTC)
        settings = SandboxSettings(
            db=Path(folder) / "sandbox.db", seed=7, scenario="busy", clock=Clock(noon, frozen=True)
        )
        sandbox = create_app(settings)
        async with steve_on(sandbox) as steve, console_on(steve, Path(folder), size=(140, 40)) as console:
            return await decided(console, range(count))


if __name__ == "__main__":
    wanted = int(sys.argv[1])
    if failure := asyncio.run(_run(wanted)):
        sys.exit(failure)
    print(f"{wanted} stray sequences: 0 decisions, 0 opened dialogs")

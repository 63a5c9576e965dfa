"""A splash gives the terminal back as it was, whatever the terminal does."""

import os
import select
import termios
from collections.abc import Iterator
from contextlib import suppress

import pytest

from review_tui.ui.terminal.modes import RESTORING
from review_tui.ui.terminal.splash import Splash


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal, that of its window first."""
    window, program = os.openpty()
    termios.tcsetwinsize(program, (24, 80))
    yield window, program
    os.close(window)
    os.close(program)


def test_what_was_typed_goes_nowhere_and_the_terminal_is_as_before(ends: tuple[int, int]) -> None:
    window, program = ends
    before = termios.tcgetattr(program)
    splash = Splash(lambda columns, lines: f"{columns}x{lines}", reader=program, writer=program)
    splash.show()
    assert not termios.tcgetattr(program)[3] & termios.ECHO
    assert os.read(window, 4_096).endswith(b"80x24")
    splash.end()
    assert termios.tcgetattr(program) == before
    assert os.read(window, 4_096) == RESTORING.encode()


def test_a_terminal_that_takes_nothing_is_set_as_before_even_so(ends: tuple[int, int]) -> None:
    _, program = ends
    before = termios.tcgetattr(program)
    splash = Splash(lambda *_: "rows", reader=program, writer=program)
    splash.show()
    os.set_blocking(program, False)
    while select.select([], [program], [], 0)[1]:
        with suppress(BlockingIOError):
            os.write(program, b"x" * 4_096)
    splash.end()
    assert termios.tcgetattr(program) == before

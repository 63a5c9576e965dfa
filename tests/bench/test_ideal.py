"""What is held against the console's bytes: the fewest that would have done."""

import pytest

from tests.bench.ideal import ideal_bytes
from tests.emulator import Picture, PictureStream

WIDTH, HEIGHT = 40, 4


def drawn(*pieces: str) -> list[list[object]]:
    """The cells of a screen on which this was written."""
    screen = Picture(WIDTH, HEIGHT)
    PictureStream(screen).feed("".join(pieces))
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def test_nothing_costs_nothing() -> None:
    assert ideal_bytes(drawn("as it was"), drawn("as it was")) == 0


@pytest.mark.parametrize(
    ("before", "after", "by"),
    [
        pytest.param("merchant", "Merchant", "\x1b[1;1H\x1b[mM", id="one letter"),
        pytest.param("\x1b[3;12Ha", "\x1b[3;12Hb", "\x1b[3;12H\x1b[mb", id="where it stands"),
        pytest.param("1a2", "3a4", "\x1b[1;1H\x1b[m3a4", id="over what is near"),
        pytest.param(
            "1" + "a" * 9 + "2", "3" + "a" * 9 + "4", "\x1b[1;1H\x1b[m3\x1b[9C4", id="past the rest"
        ),
        pytest.param("a long word", "a", "\x1b[1;2H\x1b[m\x1b[K", id="the rest is blank"),
        pytest.param("", "-" * 20, "\x1b[1;1H\x1b[m-\x1b[19b", id="again and again"),
        pytest.param("ab", "a\x1b[7mb", "\x1b[1;2H\x1b[;7mb", id="another look"),
        pytest.param(
            "", "\x1b[31ma\x1b[1mb", "\x1b[1;1H\x1b[;31ma\x1b[1mb", id="only what differs of a look"
        ),
        pytest.param("ab", "\x1b[2ma\x1b[mb", "\x1b[1;1H\x1b[;2ma", id="what is faint"),
        pytest.param("", "\x1b[38;5;208ma", "\x1b[1;1H\x1b[;38;5;208ma", id="a colour by its number"),
    ],
)
def test_a_change_costs_the_shortest_way_of_drawing_it(before: str, after: str, by: str) -> None:
    assert ideal_bytes(drawn(before), drawn(after)) == len(by.encode())
    assert drawn(before, by) == drawn(after)

"""The picture of the last time: drawn as text and nothing else, in whatever window there is now."""

import time
from typing import Any

import pytest

from review_tui.ui.picture import Picture, as_of
from tests.emulator import Picture as Screen
from tests.emulator import PictureStream

AT = time.mktime((2026, 3, 25, 7, 40, 0, 0, 0, -1))
LINES: list[list[tuple[str, str]]] = [
    [("  status    merchant", "dim")],
    [("  ● review ", "plain"), (" Café Łąka ", "plain"), ("3h", "warn")],
    [("  ● review ", "plain"), (" 山田食堂 ", "plain"), ("1d", "bad")],
]
PENS = {"plain": "", "dim": "2", "title": "1", "warn": "33", "bad": "1;31"}


def kept(**changed: Any) -> dict[str, Any]:
    return Picture(AT, (100, 30), LINES, PENS, top=2, room=20).as_json() | changed


def seen(picture: Picture | None, columns: int = 100, rows: int = 30, later: float = 60.0) -> list[str]:
    """What a terminal shows of it."""
    assert picture is not None
    screen = Screen(columns, rows)
    PictureStream(screen).feed(picture.drawn(columns, rows, AT + later))
    return [line.rstrip() for line in screen.display]


def test_the_rows_stand_where_they_stood_under_the_time_of_it() -> None:
    lines = seen(Picture.of(kept()))
    assert lines[0].startswith("review-tui")
    assert lines[0].endswith("○ as of last time, 07:40, reading anew …")
    assert lines[2:4] == ["  status    merchant", "  ● review  Café Łąka 3h"]
    assert "山" in lines[4]
    assert not any(lines[5:])


def test_what_is_from_another_day_says_which() -> None:
    assert as_of(AT, AT + 86_400) == "○ as of last time, 2026-03-25 07:40, reading anew …"


def test_the_line_between_the_panes_stands_beside_them_in_a_window_of_the_same_size() -> None:
    lines = seen(Picture.of(kept(edge=40)))
    assert [line.index("│") for line in lines[2:4]] == [40, 40]
    assert lines[4].endswith("│"), "wide characters before it are not in its way"
    assert [line.strip() for line in lines[5:23]] == ["│"] * 18
    assert not any(lines[23:])
    picture = Picture.of(kept(edge=40))
    assert picture is not None
    assert "│" not in picture.drawn(99, 30, AT)


def test_a_smaller_window_shows_what_fits_and_a_tiny_one_nothing() -> None:
    many = [LINES[0], *[[(f"row {number} " + "x" * 90, "plain")] for number in range(50)]]
    lines = seen(Picture.of(kept(lines=many)), 70, 20)
    assert [len(line) for line in lines[3:18]] == [70] * 15
    assert lines[18:] == ["", ""]
    picture = Picture.of(kept())
    assert picture is not None
    assert picture.drawn(59, 30, AT) == picture.drawn(100, 14, AT) == ""


def test_what_somebody_wrote_into_the_file_is_shown_as_text() -> None:
    hostile = [[("\x1b]0;title\x07\x1b[2J\u202egnp.exe", "plain"), ("ok", "warn\x1b[2J")]] * 3
    picture = Picture.of(kept(lines=hostile, pens=PENS | {"plain": "2J\x1b[31", "warn": 7, "bad": "1m"}))
    assert picture is None
    picture = Picture.of(kept(lines=hostile, pens=PENS | {"plain": "2J\x1b[31", "bad": "1m"}))
    assert picture is not None
    drawn = picture.drawn(100, 30, AT)
    assert not {"\x07", "\u202e"} & set(drawn)
    assert "\x1b]" not in drawn
    assert "2J\x1b" not in drawn
    assert seen(picture)[2].startswith("␛]0;title␇␛[2J<U+202E>gnp.exe")


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 0},
        {"at": "noon"},
        {"at": float("inf")},
        {"size": [1]},
        {"top": -1},
        {"room": None},
        {"edge": "far"},
        {"lines": 7},
        {"lines": [["no pair"]]},
        {"pens": []},
    ],
)
def test_what_is_no_picture_is_none(changed: dict[str, Any]) -> None:
    assert Picture.of(kept(**changed)) is None
    assert Picture.of(None) is None


def test_nothing_is_drawn_without_rows() -> None:
    picture = Picture.of(kept(lines=[]))
    assert picture is not None
    assert picture.drawn(100, 30, AT) == ""

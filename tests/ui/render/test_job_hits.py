"""Words found in a result's file: how far it was looked through, where they stand, what is left out."""

from dataclasses import replace

import pytest

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import JobKey
from review_tui.model.results import Found, FoundWords
from review_tui.model.text import Shown
from review_tui.ui.job_rows import Hits
from review_tui.ui.render.job_hits import hit_lines
from review_tui.ui.render.line import Line
from review_tui.ui.render.wrapping import cells
from review_tui.workers.news import ResultSearched
from tests.ui.madejobs import PULSE
from tests.ui.samples import HOSTILE

KEYS = {"leave": "Esc"}
PLACES = tuple(
    Found(number * 1_000, number + 1, Shown.of(HOSTILE * 9), Shown.of("Total"), Shown.of(HOSTILE))
    for number in range(5)
)
SO_FAR = ResultSearched(JobKey(PULSE, "j"), HOSTILE, FoundWords(10_000, 4_200, 9, 7, PLACES))


def text(lines: list[Line]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


@pytest.mark.parametrize("width", [40, 60, 100, 160])
def test_every_place_has_a_line_and_the_chosen_one_is_shown_with_what_is_around(width: int) -> None:
    lines, at = hit_lines(Hits(SO_FAR, chosen=2), KEYS, width)
    assert all(cells(line) <= width for line in lines)
    assert text(lines).replace("\n", "").isprintable()
    assert at is not None
    assert text([lines[at]]).startswith("▌ line 3 ")
    assert text(lines).count("line ") == 5
    assert "7 places, the first 5 listed" in text(lines).replace("\n", " ")
    assert "looked through 42 % · Esc leaves it" in text(lines)


def test_what_is_not_found_is_said_only_when_all_was_looked_through() -> None:
    none = replace(SO_FAR, words="total", found=FoundWords(10_000, 4_200))
    assert "“total”: not found so far" in text(hit_lines(Hits(none), KEYS, 80)[0])
    over = replace(none, found=FoundWords(10_000, 10_000), is_over=True)
    assert text(hit_lines(Hits(over), KEYS, 80)[0]) == "“total” stands nowhere in the file."
    failure = Failure(FailureKind.LOCAL, "The file cannot be read", "Gone.")
    failed = replace(none, is_over=True, failure=failure)
    said = text(hit_lines(Hits(failed), KEYS, 80)[0])
    assert "not found so far" in said
    assert "The file cannot be read" in said
    assert "stands nowhere" not in said


def test_in_a_file_of_one_line_a_place_is_a_byte_and_choosing_goes_around() -> None:
    one_line = replace(SO_FAR, found=replace(SO_FAR.found, lines=1), is_over=True)
    hits = Hits(one_line).moved(-1)
    lines, at = hit_lines(hits, KEYS, 100)
    assert at is not None
    assert text([lines[at]]).startswith("▌ byte 4,000 ")
    assert hits.moved(1).chosen == 0
    assert Hits(replace(one_line, found=FoundWords(9))).moved(1).chosen == 0

"""A monkey at the console: nothing crashes, nothing unmeant is decided, nothing false is said."""

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from review_tui.model.queue import Window
from review_tui.model.submissions import Page
from review_tui.ui.screens.deciding import Deciding
from review_tui.ui.state import ReviewState, with_page
from tests.monkey.life import Found, Monkey, monkey_of
from tests.simulation.sandboxed import Sandboxed

FIRST = int(os.environ.get("MONKEY_FIRST_SEED", "0"))
STEPS = int(os.environ.get("MONKEY_STEPS", "10000"))
ONE_LIFE = 400
"""Steps of one seed; even ones live among hostile documents, odd ones where new ones come in."""

LIVES = [
    (FIRST + number, min(ONE_LIFE, STEPS - begun)) for number, begun in enumerate(range(0, STEPS, ONE_LIFE))
]
PARTS = [LIVES[part::5] for part in range(min(5, len(LIVES)))]
"""Seeds with their steps, shared out among tests that run side by side."""


def lived(seed: int, steps: int, folder: Path) -> Monkey:
    """Let the monkey of a seed live in a world of its own; the worlds as they begin are kept in `folder`."""
    (folder / str(seed)).mkdir()
    scenario = "busy" if seed % 2 else "hostile"

    def world_of(chance: Random) -> Sandboxed:
        return Sandboxed(chance, folder, scenario=scenario, submissions=14, every=60.0)

    return monkey_of(seed, steps, folder / str(seed), world_of)


@pytest.mark.volume
@pytest.mark.parametrize("lives", PARTS, ids=lambda lives: f"from {lives[0][0]}")
def test_whatever_is_pressed_nothing_false_or_unmeant_comes_of_it(
    tmp_path: Path, lives: list[tuple[int, int]]
) -> None:
    done: Counter[str] = Counter()
    decisions = frames = taken = 0
    for number, (seed, steps) in enumerate(lives, 1):
        try:
            monkey = lived(seed, steps, tmp_path)
        except Found as found:
            raise AssertionError(
                f"MONKEY_FIRST_SEED={seed} MONKEY_STEPS={steps} replays it: {found}"
            ) from found
        done += monkey.done
        decisions += len(monkey.intents)
        frames += monkey.frames
        taken += steps
        if number % 25 == 0:
            print(f"{taken} steps, {frames} frames, {decisions} decisions, nothing found", flush=True)
    told = ", ".join(f"{what} {count}" for what, count in done.most_common())
    print(f"{taken} steps ({told}), {frames} frames, {decisions} decisions, nothing found")
    if taken >= 2_000:
        assert decisions > taken / 100, "the monkey hardly decided anything"
        assert {
            "key",
            "paste",
            "resize",
            "MouseDown",
            "wait",
            "meddle:",
            "weather",
            "kill",
            "start",
        } <= done.keys()


def test_a_seed_does_the_same_again(tmp_path: Path) -> None:
    one = lived(5, 120, tmp_path)
    (tmp_path / "5").rename(tmp_path / "five")
    other = lived(5, 120, tmp_path)
    assert one.done == other.done
    assert [told.standing.words for told in one.told] == [told.standing.words for told in other.told]


def test_a_console_that_decides_another_submission_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def id_of_the_next(deciding: Deciding) -> str:
        state = deciding._screen.state
        row = state.view.neighbour(state.selected or "", 1, state.near)
        return row.id if row else ""

    monkeypatch.setattr(Deciding, "_shown_id", id_of_the_next)
    with pytest.raises(Found, match=r"(?s)was selected.*the last steps: "):
        lived(3, 800, tmp_path)


def test_a_console_whose_cursor_follows_the_list_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_of(state: ReviewState, page: Page, window: Window) -> ReviewState:
        state = with_page(state, page, window)
        return replace(state, selected=state.queue.rows[0].id) if state.queue.rows else state

    monkeypatch.setattr("review_tui.ui.state.with_page", first_of)
    with pytest.raises(Found, match="the selection went from"):
        lived(3, 800, tmp_path)

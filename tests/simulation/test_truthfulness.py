"""Everything the console says is held against what really happened, in bad weather and killed at any time."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from review_tui.model.decisions import Stage
from review_tui.model.submissions import Verb
from tests.simulation.judging import what_is_false
from tests.simulation.life import Story, story_of
from tests.simulation.sandboxed import Sandboxed
from tests.simulation.server import Server
from tests.simulation.truth import World
from tests.simulation.weather import FATES

FIRST = int(os.environ.get("SIMULATION_FIRST_SEED", "0"))
SEEDS = int(os.environ.get("SIMULATION_SEEDS", "1000"))
SANDBOX_SEEDS = int(os.environ.get("SIMULATION_SANDBOX_SEEDS", "40"))


class Tally:
    """What came of many stories."""

    def __init__(self) -> None:
        self.verbs: Counter[Verb] = Counter()
        self.ends: Counter[Stage | None] = Counter()
        self.weather: Counter[str] = Counter()
        self.applied = self.meddled = 0

    def add(self, story: Story) -> None:
        self.verbs += Counter(intent.verb for intent in story.intents.values())
        self.ends += story.last_words()
        self.weather += story.weather.seen
        self.applied += sum(truth.took[id_] for truth in story.truths.values() for id_ in story.intents)
        self.meddled += story.meddled

    @property
    def actions(self) -> int:
        return sum(self.ends.values())

    @property
    def spoilt(self) -> float:
        """The share of requests that went wrong."""
        return 1 - self.weather["well"] / sum(self.weather.values())

    def __str__(self) -> str:
        requests = sum(self.weather.values())
        shares = ", ".join(f"{fate} {self.weather[fate] / requests:.1%}" for fate in FATES if fate != "well")
        ends = ", ".join(f"{stage or 'untold'} {count}" for stage, count in self.ends.most_common())
        verbs = ", ".join(f"{verb} {count}" for verb, count in self.verbs.most_common())
        return (
            f"{self.actions} actions ({verbs}), {self.applied} applied, 0 false. Ends: {ends}. "
            f"{self.spoilt:.1%} of {requests} requests went wrong: {shares}. "
            f"Others meddled {self.meddled} times"
        )


def tell(world_of: Callable[[Random], World], seeds: range, name: str) -> Tally:
    """Tell the stories of some seeds; fails at the first false statement, with what replays it."""
    tally = Tally()
    for number, seed in enumerate(seeds, 1):
        story = story_of(seed, world_of)
        false = what_is_false(story)
        replay = f"SIMULATION_FIRST_SEED={seed} {name}=1"
        assert not false, f"{replay} replays it: {'; '.join(false)}"
        tally.add(story)
        if number % 1000 == 0:
            print(f"{number} seeds: {tally}", flush=True)
    print(f"{len(seeds)} seeds: {tally}")
    return tally


@pytest.mark.volume
def test_nothing_false_is_said_and_nothing_is_sent_twice() -> None:
    tally = tell(Server, range(FIRST, FIRST + SEEDS), "SIMULATION_SEEDS")
    if SEEDS >= 100:
        told = {Stage.DONE, Stage.ELSEWHERE, Stage.TAKEN_BACK, Stage.UNSENT, Stage.NOT_DONE, Stage.CHANGED}
        assert told | {Stage.REFUSED} <= tally.ends.keys(), "the weather was too good to show anything"
        assert tally.ends[Stage.UNKNOWN] < 0.02 * tally.actions, "in the end nearly everything is known"
        assert 0.27 < tally.spoilt < 0.33
        assert all(tally.weather[fate] for fate in FATES)
        assert all(tally.verbs[verb] > 0.05 * tally.actions for verb in Verb)


@pytest.mark.volume
def test_nothing_false_is_said_of_the_sandbox_either(tmp_path: Path) -> None:
    tally = tell(
        lambda chance: Sandboxed(chance, tmp_path),
        range(FIRST, FIRST + SANDBOX_SEEDS),
        "SIMULATION_SANDBOX_SEEDS",
    )
    if SANDBOX_SEEDS >= 40:
        assert {Stage.DONE, Stage.ELSEWHERE, Stage.REFUSED, Stage.CHANGED} <= tally.ends.keys()


def test_a_console_that_looks_only_once_is_found_out() -> None:
    """What settling is for, and that what is false is found."""
    assert any(
        "called not done" in false
        for seed in range(80)
        for false in what_is_false(story_of(seed, Server, ()))
    )


def test_a_seed_tells_the_same_story_again() -> None:
    def told() -> list[str]:
        return [f"{told.at} {told.standing.words}" for told in story_of(3, Server).told]

    assert told() == told()

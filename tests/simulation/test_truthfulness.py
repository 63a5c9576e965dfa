"""Everything the console says is held against what really happened, in bad weather and killed at any time."""

import os
from collections import Counter

from review_tui.model.decisions import Stage
from tests.simulation.life import Story, told_under, what_is_false

SEEDS = int(os.environ.get("SIMULATION_SEEDS", "250"))
FIRST = int(os.environ.get("SIMULATION_FIRST_SEED", "0"))


def last_words(story: Story) -> Counter[Stage | None]:
    """How the decisions of a story ended, as the person was last told."""
    last: dict[str, Stage] = {told.standing.intent.request_id: told.standing.stage for told in story.told}
    return Counter(last.get(request_id) for request_id in story.intents)


def test_nothing_false_is_said_and_nothing_is_sent_twice() -> None:
    ends: Counter[Stage | None] = Counter()
    applied = 0
    for seed in range(FIRST, FIRST + SEEDS):
        story = told_under(seed)
        false = what_is_false(story)
        assert not false, f"SIMULATION_FIRST_SEED={seed} SIMULATION_SEEDS=1 replays it: {'; '.join(false)}"
        ends += last_words(story)
        applied += sum(story.server.applied.values())
    actions = sum(ends.values())
    print(f"{actions} actions, {applied} decisions applied, 0 false: {dict(ends)}")
    if SEEDS >= 100:
        told = {Stage.DONE, Stage.ELSEWHERE, Stage.TAKEN_BACK, Stage.UNSENT, Stage.NOT_DONE, Stage.CHANGED}
        assert told <= ends.keys(), "the weather was too good to show anything"
        assert ends[Stage.UNKNOWN] < 0.02 * actions, "in the end nearly everything is known"


def test_a_console_that_looks_only_once_is_found_out() -> None:
    """What settling is for, and that what is false is found."""
    assert any(
        "called not done" in false for seed in range(80) for false in what_is_false(told_under(seed, ()))
    )

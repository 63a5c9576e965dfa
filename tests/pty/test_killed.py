"""Kill -9 while a decision is held, looked at anew, or being sent: each restart tells the truth of it.

KILLS=50 kills so many consoles in each stage and waits until the last of them is known; `make kills` does.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.pty.killing import IN_THE_HOLD, WHILE_CHECKING, WHILE_SENDING, Kills, Way
from tests.wire import Served, serving

pytestmark = pytest.mark.pty

SHORT: Final = 2
KILLS: Final = int(os.environ.get("KILLS", SHORT))
SEED: Final = int(os.environ.get("KILLS_SEED", "1"))

SETTLED_WITHIN: Final = 90.0
"""Seconds; a lost request is looked for up to 45 s after it was sent."""


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A sandbox in which nobody but the console decides, with enough that can be approved."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "600") as found:
        yield found


@pytest.mark.parametrize("way", [IN_THE_HOLD, WHILE_CHECKING, WHILE_SENDING], ids=lambda way: way.stage.name)
def test_every_restart_after_a_kill_tells_the_truth(server: Served, tmp_path: Path, way: Way) -> None:
    kills = Kills(server, tmp_path / "state", SEED)
    kills.run(way, KILLS)
    if KILLS > SHORT:
        kills.settle(SETTLED_WITHIN)
    kills.judge()
    print(f"\n{len(kills.killed)} killed: {dict(kills.stages)}; said of it: {dict(kills.told)}")

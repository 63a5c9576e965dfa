"""The jobs of Pulse and Unsiloed in a world: some in every state at its start, and a life that moves them."""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from review_tui.sandbox.accounts import SYSTEMS
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.jobs import KEPT, STATES
from review_tui.sandbox.life.jobs import JobsLife
from review_tui.sandbox.scenarios import life_of
from review_tui.sandbox.state import SandboxSettings
from tests.sandbox.life.test_scenarios import World, world


def jobs_of(made: World, sql: str = "") -> list[dict[str, Any]]:
    with made.sandbox.database.read() as tx:
        return [dict(row) for row in tx.execute(f"SELECT * FROM jobs {sql}")]


@pytest.mark.parametrize("scenario", ["quiet", "busy", "conflict", "hostile"])
def test_each_world_has_jobs_in_every_state_of_each_system(scenario: str) -> None:
    with world(scenario, submissions=3) as made:
        states = {
            system: {job["state"] for job in jobs_of(made) if job["system"] == system} for system in SYSTEMS
        }
        assert states["pulse"] == set(STATES) - {"review"}
        assert states["unsiloed"] == set(STATES) - {"expired"}
        now = made.sandbox.clock.now_ms()
        assert all(job["created_at"] <= job["updated_at"] <= now for job in jobs_of(made))
        assert len({job["batch_id"] for job in jobs_of(made, "WHERE batch_id IS NOT NULL")}) == 1


def test_the_same_seed_makes_the_same_jobs_and_an_empty_world_none() -> None:
    with world("quiet", submissions=3) as one, world("quiet", submissions=3) as same:
        made = jobs_of(one)
        assert jobs_of(same) == made
    with world("quiet", submissions=3, seed=4) as other:
        assert {job["id"] for job in jobs_of(other)}.isdisjoint(job["id"] for job in made)
    with world("empty") as empty:
        assert jobs_of(empty) == []


async def test_the_clock_ends_all_that_is_under_way_but_one_that_nobody_hears_of() -> None:
    with world("flood", submissions=3) as made:
        life = life_of(made.sandbox, made.app)
        made.sandbox.clock.advance(120)
        await life.move()
        left = jobs_of(made, "WHERE state IN ('queued', 'running') AND file_name <> '\"private.pdf\"'")
        assert Counter(job["system"] for job in left) == {"pulse": 1, "unsiloed": 1}
        assert {job["ends_at"] for job in left} == {None}
        made.sandbox.clock.advance(KEPT / 1000)
        await life.move()
        assert {job["system"] for job in jobs_of(made)} == {"pulse"}, "the other keeps nothing so long"


def test_a_living_world_sends_a_job_to_each_system_every_now_and_then() -> None:
    with world("quiet", submissions=3) as made:
        start = f"WHERE created_at > {made.sandbox.clock.now_ms()}"
        life, sent = JobsLife(made.sandbox, Random(7), sends=True), 0
        for _ in range(600):
            made.sandbox.clock.advance(1)
            sent += len(life.step(made.sandbox.clock.now_ms()))
        came = Counter(job["system"] for job in jobs_of(made, start))
        assert all(10 <= came[system] <= 30 for system in SYSTEMS)
        assert sum(came.values()) == sent
        assert {job["state"] for job in jobs_of(made, start)} >= {
            "running",
            "completed",
            "failed",
        }


def test_what_is_under_way_in_a_kept_file_goes_on_where_it_was(tmp_path: Path) -> None:
    clock = Clock(frozen=True)
    settings = SandboxSettings(db=tmp_path / "kept.db", scenario="quiet", submissions=2, clock=clock)
    first = create_app(settings)
    with first.state.sandbox.database.read() as tx:
        before = {row["id"]: row["state"] for row in tx.execute("SELECT id, state FROM jobs")}
    first.state.sandbox.close()
    again = create_app(settings)
    with again.state.sandbox.database.read() as tx:
        assert {row["id"]: row["state"] for row in tx.execute("SELECT id, state FROM jobs")} == before
    again.state.sandbox.close()

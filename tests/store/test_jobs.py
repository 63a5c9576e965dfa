"""Watched jobs are found again as they were left, and long ended ones are not."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import Job, JobKey, JobState, System
from review_tui.model.text import Shown
from review_tui.model.watching import KEPT_FOR, Course, Watched
from review_tui.store.errors import StoreUnusable
from review_tui.store.jobs import CHARACTERS, row_of, watched_of
from review_tui.store.journal import Store
from tests.store.records import NOON

KEY = JobKey(System.UNSILOED, "job-1")
JOB = Job(
    KEY.system,
    KEY.id,
    JobState.RUNNING,
    Shown.of("PROCESSING"),
    operation=Shown.of("extract"),
    name=Shown.of("invoice\x1b[31m.pdf"),
    created=NOON,
    updated=NOON + timedelta(microseconds=123_456),
    progress=0.25,
    note=Shown.of("page 1 of 4"),
    batch_id="batch-1",
)
WATCHED = Watched(KEY, NOON).told(JOB, NOON + timedelta(seconds=3))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of this test is."""
    return tmp_path / "state" / "acme.db"


def test_a_watched_job_is_found_as_it_was_left(path: Path) -> None:
    done = WATCHED.told(
        replace(JOB, state=JobState.SUCCEEDED, word=Shown.of("review"), needs_person=True), NOON
    )
    refused = Watched(JobKey(System.PULSE, "p1"), NOON + timedelta(hours=1)).refused(
        Failure(FailureKind.NOT_FOUND, "There is no such job", "Look at its id.")
    )
    store = Store.open(path, now=lambda: NOON)
    store.keep_jobs([refused, WATCHED])
    store.keep_jobs([done.looked_after()])
    store.close()
    store = Store.open(path, now=lambda: NOON)
    found = store.watched_jobs()
    store.close()
    assert found == [done.looked_after(), refused]
    name = found[0].job.name if found[0].job else None
    assert name is not None
    assert (name.raw, name.altered) == ("invoice\x1b[31m.pdf", True), "a sign of an attack stays one"


def test_a_forgotten_job_is_gone(path: Path) -> None:
    store = Store.open(path)
    store.keep_jobs([WATCHED])
    store.drop_jobs([KEY, JobKey(System.PULSE, "nobody-s")])
    assert store.watched_jobs() == []
    store.close()


def test_what_ended_more_than_a_week_ago_is_dropped_and_what_has_not_ended_never_is(path: Path) -> None:
    store = Store.open(path, now=lambda: NOON + KEPT_FOR + timedelta(hours=1))
    ended = replace(WATCHED, key=JobKey(System.PULSE, "ended"), course=Course.OVER)
    lately = replace(ended, key=JobKey(System.PULSE, "lately"), read_at=NOON + timedelta(hours=2))
    store.keep_jobs([WATCHED, ended, lately])
    assert {one.key.id for one in store.watched_jobs()} == {"job-1", "lately"}
    assert store._connection.execute("SELECT count(*) FROM jobs").fetchone() == (2,)
    store.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE jobs SET body = '{'",
        "UPDATE jobs SET body = '[]'",
        "UPDATE jobs SET body = json_set(body, '$.course', 'dreaming')",
        "UPDATE jobs SET body = json_set(body, '$.seen', json('[[1]]'))",
        "UPDATE jobs SET body = json_remove(body, '$.job.word')",
        "UPDATE jobs SET body = json_set(body, '$.failure', json('[\"local\", 5, 6]'))",
        "UPDATE jobs SET system = 'somebody'",
    ],
)
def test_a_row_that_cannot_be_read_is_left_where_it_is_and_the_rest_is_found(
    path: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store.open(path, now=lambda: NOON)
    store.keep_jobs([WATCHED])
    store._connection.execute(change)
    other = replace(WATCHED, key=JobKey(System.PULSE, "other"))
    store.keep_jobs([replace(other, job=None, seen=())])
    with caplog.at_level(logging.WARNING):
        assert [one.key.id for one in store.watched_jobs()] == ["other"]
    assert "left out" in caplog.text
    assert store._connection.execute("SELECT count(*) FROM jobs").fetchone() == (2,)
    store.close()


def test_nothing_is_kept_of_some_where_it_cannot_be_of_all(path: Path) -> None:
    store = Store.open(path)
    store._connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON jobs WHEN NEW.id = 'b' BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    both = [replace(WATCHED, key=JobKey(System.PULSE, name)) for name in ("a", "b")]
    with pytest.raises(StoreUnusable):
        store.keep_jobs(both)
    assert store.watched_jobs() == []
    store.close()


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_survives(word: str, error: str) -> None:
    job = replace(JOB, word=Shown.of(word), error=Shown.of(error))
    watched = Watched(KEY, NOON).told(job, NOON)
    assert watched_of([row_of(watched)]) == [watched]


def test_a_text_of_megabytes_is_cut() -> None:
    watched = Watched(KEY, NOON).told(replace(JOB, error=Shown.of("x" * 10_000_000)), NOON)
    row = row_of(watched)
    assert len(row[2]) < 2 * CHARACTERS
    (found,) = watched_of([row])
    assert found.key == KEY

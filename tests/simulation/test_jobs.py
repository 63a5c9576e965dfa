"""However bad the weather, jobs are asked about as advised, never once they have ended, and none is lost."""

import os
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest

from review_tui.model.job_words import JobState, state_of
from review_tui.model.jobs import JobKey
from review_tui.model.watching import Course
from tests.simulation.errands import FATES, FORBIDDEN, GONE, Asked, Far, Story, story_of

FIRST = int(os.environ.get("SIMULATION_FIRST_SEED", "0"))
SEEDS = int(os.environ.get("SIMULATION_JOB_SEEDS", "200"))
_SLACK = 1e-6


def what_is_false(story: Story) -> list[str]:
    """Say what the watching did that it must not."""
    false = [*story.said, *story.bugs]
    for far in story.far.values():
        if far.most_in_flight > 3:
            false.append(f"{far.most_in_flight} questions to {far.system} at one time")
        false += _impatience(far)
        for job_id, asked in far.asked.items():
            key = JobKey(far.system, job_id)
            false += _pace(story, far, job_id, asked)
            false += _after_the_end(story, key, asked)
            false += _wrongly_told(story, key, asked)
    return [*false, *_lost(story)]


def _impatience(far: Far) -> Iterator[str]:
    """Questions before a wait was over that the system had asked for."""
    every = sorted((one for asked in far.asked.values() for one in asked), key=lambda one: one.at)
    for limited in every:
        if limited.retry_after is None:
            continue
        for one in every:
            if (
                one.run == limited.run
                and limited.ended < one.at < limited.ended + limited.retry_after - _SLACK
            ):
                yield f"{far.system} was asked at {one.at:.1f}, too soon after {limited.ended:.1f}"


def _pace(story: Story, far: Far, job_id: str, asked: list[Asked]) -> Iterator[str]:
    key = JobKey(far.system, job_id)
    for before, after in pairwise(asked):
        if before.run != after.run:
            continue
        smooth = key not in story.meddled | story.forgotten and _is_smooth(story, far, before, after)
        apart = after.at - before.at
        if apart < far.cadence.least - _SLACK:
            yield f"{job_id} was asked about again after {apart:.2f} s"
        if after.at < before.ended:
            yield f"{job_id} was asked about twice at one time"
        if smooth and apart > far.cadence.most + before.ended - before.at + 1.5:
            yield f"{job_id} was not asked about for {apart:.2f} s, at {after.at:.1f}"
    for began, ended in story.pauses:
        if any(began + _SLACK < one.at < ended - _SLACK for one in asked):
            yield f"{job_id} was asked about during a pause"


def _is_smooth(story: Story, far: Far, before: Asked, after: Asked) -> bool:
    """Whether nothing was in the way between two questions: no end, no failure, no pause."""
    if (
        before.told is None
        or before.told in {GONE, FORBIDDEN}
        or state_of(far.system, before.told).is_terminal
    ):
        return False
    since = before.at - 45.0
    rough = any(
        since < one.at < after.at and one.fate != "well" for asked in far.asked.values() for one in asked
    )
    return not rough and not any(began < after.at and ended > since for began, ended in story.pauses)


def _after_the_end(story: Story, key: JobKey, asked: list[Asked]) -> Iterator[str]:
    met = False
    for before, after in pairwise(asked):
        told = before.told
        if told is None:
            continue
        state = state_of(key.system, told)
        met = (met or (before.alone and told not in {GONE, FORBIDDEN})) and key not in story.forgotten
        # A common answer leaves out what is not there, why a job failed, and what it is.
        unsaid = told in {GONE, FORBIDDEN} or state is JobState.FAILED or not met
        over = told in {GONE, FORBIDDEN} or state.is_terminal
        ended = over and (before.alone or not unsaid)
        wanted = any(before.at - _SLACK <= at <= after.at for at in story.again[key])
        if ended and not wanted:
            yield f"{key.id} was asked about at {after.at:.1f} though it had ended with {told}"


def _wrongly_told(story: Story, key: JobKey, asked: list[Asked]) -> Iterator[str]:
    """Changes that are not those that the system told of, in their order."""
    watched = next((one for one in story.known if one.key == key), None)
    if watched is None or key in story.meddled | story.forgotten:
        return
    words: list[str] = []
    for one in asked:
        if one.told is None or one.told == FORBIDDEN or (one.told == GONE and not (one.alone and words)):
            continue
        word = "gone" if one.told == GONE else one.told
        if not words or words[-1] != word:
            words.append(word)
    seen = [str(one.word) for one in watched.seen]
    if seen != words:
        yield f"of {key.id} was seen {seen}, and told {words}"


def _lost(story: Story) -> Iterator[str]:
    """Jobs that are not known in the end as what they are."""
    known = {one.key: one for one in story.known}
    for key in story.watched:
        watched = known.get(key)
        if watched is None:
            yield f"{key.id} was lost"
            continue
        course = story.far[key.system].jobs.get(key.id)
        truth = course.at(float("inf")) if course else GONE
        told = {one.told for one in story.far[key.system].asked[key.id]}
        if truth in {GONE, FORBIDDEN}:
            fits = watched.course is Course.REFUSED or (watched.course is Course.OVER and truth == GONE)
        elif state_of(key.system, truth).is_terminal:
            fits = watched.course is Course.OVER and watched.job is not None and watched.job.word == truth
        else:
            fits = watched.course is Course.WATCHED and watched.job is not None
        if not fits:
            word = watched.job.word if watched.job else None
            yield f"{key.id} is {watched.course} with {word}, was {truth}, told {told}"


@pytest.mark.volume
def test_jobs_are_asked_about_as_advised_and_never_after_their_end_and_none_is_lost() -> None:
    weather: Counter[str] = Counter()
    asked = jobs = 0
    for number, seed in enumerate(range(FIRST, FIRST + SEEDS), 1):
        story = story_of(seed)
        false = what_is_false(story)
        replay = f"SIMULATION_FIRST_SEED={seed} SIMULATION_JOB_SEEDS=1"
        assert not false, f"{replay} replays it: {'; '.join(false[:5])}"
        jobs += len(story.watched)
        for far in story.far.values():
            weather += far.fates
            asked += sum(map(len, far.asked.values()))
        if number % 1000 == 0:
            print(f"{number} seeds, {jobs} jobs, {asked} questions: 0 false", flush=True)
    spoilt = 1 - weather["well"] / sum(weather.values())
    print(f"{SEEDS} seeds, {jobs} jobs, {asked} questions, {spoilt:.1%} went wrong: 0 false")
    if SEEDS >= 100:
        assert all(weather[fate] for fate in FATES)
        assert 0.27 < spoilt < 0.5, "outages come on top of what goes wrong by itself"


def test_a_seed_tells_the_same_story_again() -> None:
    def told() -> list[str]:
        return [
            f"{one.key.id} {[f'{seen.word} {seen.at}' for seen in one.seen]}" for one in story_of(3).known
        ]

    assert told() == told()

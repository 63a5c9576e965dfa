"""The words of three systems for the state of a job, and what each of them means."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class System(StrEnum):
    """Who does the work; the value stands on the command line."""

    STEVE = "steve"
    PULSE = "pulse"
    UNSILOED = "unsiloed"

    @property
    def label(self) -> str:
        """Its name, to show."""
        return self.value.capitalize()


class JobState(StrEnum):
    """The canonical states."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"

    @property
    def is_terminal(self) -> bool:
        """Whether it will never change again; an unknown word is not."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED, JobState.EXPIRED}


REVIEW: Final = "review"
"""The word of a job that has its result and wants a human look; also that of a submission."""

_WORDS: Final[Mapping[System, Mapping[str, JobState]]] = {
    System.STEVE: {
        "pending": JobState.QUEUED,
        "submitted": JobState.RUNNING,
        "completed": JobState.SUCCEEDED,
        "complete": JobState.SUCCEEDED,
        "failed": JobState.FAILED,
        "expired": JobState.EXPIRED,
    },
    System.PULSE: {
        "pending": JobState.QUEUED,
        "processing": JobState.RUNNING,
        "completed": JobState.SUCCEEDED,
        "failed": JobState.FAILED,
        "canceled": JobState.CANCELED,
        "cancelled": JobState.CANCELED,
        "expired": JobState.EXPIRED,
    },
    System.UNSILOED: {
        "queued": JobState.QUEUED,
        "starting": JobState.QUEUED,
        "awaitingupload": JobState.QUEUED,
        "processing": JobState.RUNNING,
        "completed": JobState.SUCCEEDED,
        "succeeded": JobState.SUCCEEDED,
        REVIEW: JobState.SUCCEEDED,
        "failed": JobState.FAILED,
        "cancelled": JobState.CANCELED,
        "canceled": JobState.CANCELED,
    },
}


def state_of(system: System, word: str) -> JobState:
    """Return what a word means, whatever its case; `unknown` for one that no document names."""
    return _WORDS[system].get(word.strip().casefold(), JobState.UNKNOWN)


GONE: Final = "gone"
"""Our own word for a job that its system knows no longer."""

_HINTS: Final[Mapping[tuple[System | None, JobState], str]] = {
    (None, JobState.FAILED): "It will not be tried again by itself.",
    (None, JobState.UNKNOWN): "This word is in no document; it is asked about until the deadline.",
    (System.STEVE, JobState.EXPIRED): "A session that is not submitted within 30 minutes expires.",
    (System.PULSE, JobState.EXPIRED): "Its result is no longer kept.",
    (System.UNSILOED, JobState.EXPIRED): "Jobs and results are kept for 7 days.",
}


def hint_of(system: System, state: JobState, word: str = "") -> str:
    """Return what there is to know about a state, empty where the word says it all."""
    if word == GONE and system is not System.UNSILOED:
        return f"{system.label} knows it no longer."
    return _HINTS.get((system, state)) or _HINTS.get((None, state), "")

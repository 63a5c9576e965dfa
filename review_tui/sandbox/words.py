"""What lives here: the words that Pulse and Unsiloed have for the states of jobs, surface by surface."""

from collections.abc import Mapping

PULSE_WORDS: Mapping[str, str] = {
    "queued": "pending",
    "running": "processing",
    "completed": "completed",
    "review": "completed",
    "failed": "failed",
    "cancelled": "canceled",
    "expired": "expired",
}

MIXED: Mapping[str, str] = {
    "queued": "queued",
    "running": "PROCESSING",
    "completed": "COMPLETED",
    "review": "COMPLETED",
    "failed": "FAILED",
    "cancelled": "cancelled",
}
"""Unsiloed's route for one job, in its exact case."""

LISTED: Mapping[str, str] = {
    "queued": "queued",
    "running": "processing",
    "completed": "completed",
    "review": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
"""Unsiloed's lists, several at once, batches, notices, and most routes by operation."""

EXTRACTING: Mapping[str, str] = {**LISTED, "review": "review"}
"""Unsiloed's route for extractions, which says when a person should look."""

PARSING: Mapping[str, str] = {
    "queued": "Queued",
    "running": "Processing",
    "completed": "Succeeded",
    "review": "Succeeded",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
"""Unsiloed's route for parses."""

BEFORE_QUEUED = ("Starting", "AwaitingUpload")
"""What a parse is first, for a second each."""


def states_of(word: str) -> list[str]:
    """The states that a word of Unsiloed's lists stands for; none for an unknown word."""
    return [state for state, known in LISTED.items() if known == word]


LIST_WORDS = tuple(dict.fromkeys(LISTED.values()))
"""What a list may be filtered by."""

"""Ids of jobs as people paste them: in addresses, in lists, and of which system they are."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from review_tui.model.frozen import frozen
from review_tui.model.job_words import System

PASTED_AT_MOST: Final = 100
"""Ids that are taken from one paste."""

_SHAPES: Final = (
    (re.compile(r"job_[a-z0-9]{8,}\Z"), System.UNSILOED),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE), System.PULSE),
    (re.compile(r"[0-9a-v]{32}\Z"), System.STEVE),
)
_BATCH: Final = re.compile(r"batch[_-][A-Za-z0-9_-]{4,}\Z")
_ROUTES: Final = (
    ("/api/v1/jobs/", System.STEVE),
    ("/jobs/batch/", System.UNSILOED),
    ("/jobs/", System.UNSILOED),
    ("/extract/", System.UNSILOED),
    ("/parse/", System.UNSILOED),
    ("/classify/", System.UNSILOED),
    ("/splitter/", System.UNSILOED),
    ("/job/", System.PULSE),
    ("/large_results/", System.PULSE),
)
_BETWEEN: Final = re.compile(r"[\s,;\"'<>()\[\]{}]+")


@frozen
class Named:
    """One id that was written: `system` where its shape or its address tells, else None."""

    id: str
    system: System | None = None
    is_batch: bool = False


def named_in(text: str) -> tuple[Named, ...]:
    """Return the ids in what was written or pasted, each once, in their order."""
    found = list(dict.fromkeys(_named(part) for part in _BETWEEN.split(text) if part))
    return tuple(found[:PASTED_AT_MOST])


def _named(part: str) -> Named:
    if "://" in part:
        return _in_address(part)
    if _BATCH.match(part):
        return Named(part, System.UNSILOED, is_batch=True)
    return Named(part, next(_fitting(part), None))


def _fitting(part: str) -> Iterator[System]:
    return (system for shape, system in _SHAPES if shape.match(part))


def _in_address(part: str) -> Named:
    """Take the id from the address of a job; any other address is an id that nobody will take."""
    try:
        path = urlsplit(part).path
    except ValueError:
        return Named(part)
    for route, system in _ROUTES:
        before, there, rest = path.partition(route)
        if there:
            del before
            return Named(rest.split("/")[0], system, is_batch=route == "/jobs/batch/")
    return Named(part)

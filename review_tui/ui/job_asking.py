"""What a system is to list, as it is written: status, kind of work, tags and times, each behind its name."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from review_tui.model.job_words import JobState
from review_tui.model.jobs import EVERY_JOB, JobFilter

KNOWN: Final = "status:failed operation:parse tag:urgent after:2d before:2026-03-20"
"""Every word that is understood, as an example."""

_NAMES: Final = "there are status: operation: tag: after: before:"

_STATES: Final = {
    "queued": JobState.QUEUED,
    "running": JobState.RUNNING,
    "processing": JobState.RUNNING,
    "succeeded": JobState.SUCCEEDED,
    "done": JobState.SUCCEEDED,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "canceled": JobState.CANCELED,
    "cancelled": JobState.CANCELED,
}
_AGO: Final = re.compile(r"(\d{1,4})([mhd])\Z")
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_WORD: Final = re.compile(r"[\w.-]{1,60}\Z")


class NotUnderstood(ValueError):  # noqa: N818 – the name says what happened
    """A word that cannot be read; says which, and what would be."""


def asked_of(text: str, now: datetime) -> JobFilter:
    """Read what is to be listed; `now` is what ages count from. Raises NotUnderstood."""
    asked = EVERY_JOB
    for word in text.split():
        name, colon, value = word.partition(":")
        if not colon or not value:
            raise NotUnderstood(f"“{word}” is not understood: {_NAMES}")
        asked = _with(asked, name.lower(), value, now)
    return asked


def _with(asked: JobFilter, name: str, value: str, now: datetime) -> JobFilter:
    if name in {"status", "state"}:
        if value.lower() not in _STATES:
            raise NotUnderstood(f"status:{value} is none of {', '.join(_STATES)}")
        return replace(asked, state=_STATES[value.lower()])
    if name in {"tag", "tags", "operation", "kind"}:
        words = value.split(",")
        if not all(_WORD.match(one) for one in words):
            raise NotUnderstood(f"{name}:{value} may hold letters, digits, . _ and - only")
        if name.startswith("tag"):
            return replace(asked, tags=(*asked.tags, *words))
        return replace(asked, operation=value.lower())
    if name == "after":
        return replace(asked, created_after=_moment(name, value, now))
    if name == "before":
        return replace(asked, created_before=_moment(name, value, now))
    raise NotUnderstood(f"{name}: is not understood: {_NAMES}")


def _moment(name: str, value: str, now: datetime) -> datetime:
    """Read an age (`90m`, `6h`, `2d`) or a day or time in ISO 8601, in the zone of `now`."""
    if ago := _AGO.match(value):
        return (now - int(ago[1]) * _UNITS[ago[2]]).astimezone(UTC)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise NotUnderstood(f"{name}:{value} is no time: 90m, 6h, 2d or 2026-03-20") from None
    return (found if found.tzinfo else found.replace(tzinfo=now.tzinfo)).astimezone(UTC)


def written(asked: JobFilter) -> str:
    """Say what is listed, in the words in which it is asked for."""
    words = [
        f"status:{asked.state}" if asked.state else "",
        f"operation:{asked.operation}" if asked.operation else "",
    ]
    words += [f"tag:{tag}" for tag in asked.tags]
    words += [f"after:{asked.created_after:%Y-%m-%dT%H:%M}Z" if asked.created_after else ""]
    words += [f"before:{asked.created_before:%Y-%m-%dT%H:%M}Z" if asked.created_before else ""]
    return " ".join(filter(None, words))

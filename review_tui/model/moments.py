"""Moments: the times to come as people write them, read on the wall clock of a zone."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

MORNING: Final = time(9)
"""When a day begins for whoever names no time."""

FARTHEST: Final = timedelta(days=90)
"""How far ahead anything may be put off."""

EXAMPLES: Final = "45m, 2h, 14:30, Mon 9:00, tomorrow, 2026-04-02 9:00"

_UNITS: Final[Mapping[str, timedelta]] = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_SPAN: Final = re.compile(r"(?:[0-9]{1,4} ?(?:m|h|d|w)(?:in|ours?|ays?|eeks?)? ?){1,4}")
_PART: Final = re.compile(r"([0-9]{1,4}) ?([mhdw])")
_TIME: Final = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_LETTERS: Final = 2


class NoMoment(ValueError):  # noqa: N818 – it is a moment that is missing
    """The words name no time that can be meant; the text says why."""


def moment_of(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """Read a time to come, in UTC; raises NoMoment.

    A span such as `45m` counts from `now`. A time of day is the next such time on the clock of `zone`, None
    for this machine's own; a day alone begins at nine. A time that the clock leaves out when summer begins
    is an hour later, one that it shows twice is the first.
    """
    words = " ".join(text.lower().split())
    if not words:
        raise NoMoment(f"write a time, such as {EXAMPLES}")
    if _SPAN.fullmatch(words):
        try:
            found = now.astimezone(UTC) + sum(
                (int(number) * _UNITS[unit] for number, unit in _PART.findall(words)), timedelta()
            )
        except OverflowError:
            raise NoMoment(_too_far()) from None
    else:
        found = _on_the_clock(words, now, zone)
    if found <= now:
        raise NoMoment("that is over already")
    if found - now > FARTHEST:
        raise NoMoment(_too_far())
    return found


def zone_of(now: datetime) -> tzinfo | None:
    """Return the zone of the clock that shows `now`; None for this machine's, whose offset may change."""
    return now.tzinfo if now.tzinfo is UTC or isinstance(now.tzinfo, ZoneInfo) else None


def day_began(now: datetime, zone: tzinfo | None) -> datetime:
    """Return the midnight before `now` on the clock of `zone`, in UTC; that day may have 23 or 25 hours."""
    return _at(_wall(now, zone).date(), time(), zone)


def morning_after(now: datetime, zone: tzinfo | None, days: int = 1) -> datetime:
    """Return nine o'clock so many days on, in UTC."""
    return _at(_wall(now, zone).date() + timedelta(days=days), MORNING, zone)


def next_monday(now: datetime, zone: tzinfo | None) -> datetime:
    """Return nine o'clock of the Monday after today, in UTC."""
    return morning_after(now, zone, 7 - _wall(now, zone).weekday())


def _too_far() -> str:
    return f"at most {FARTHEST.days} days ahead"


def _on_the_clock(words: str, now: datetime, zone: tzinfo | None) -> datetime:
    today = _wall(now, zone).date()
    day, rest = _day_of(words, today)
    at = MORNING
    if rest:
        found = _TIME.fullmatch(rest)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise NoMoment(f"no time: try {EXAMPLES}")
        at = time(int(found[1]), int(found[2]))
    if day is not None:
        moment = _at(day, at, zone)
        weekday = day == today and not words.startswith("today") and not _DATE.match(words)
        return _at(day + timedelta(weeks=1), at, zone) if weekday and moment <= now else moment
    moment = _at(today, at, zone)
    return moment if moment > now else _at(today + timedelta(days=1), at, zone)


def _day_of(words: str, today: date) -> tuple[date | None, str]:
    """Split a day off the front; None where a time stands there alone."""
    first, _, rest = words.partition(" ")
    if _DATE.fullmatch(first):
        try:
            return date.fromisoformat(first), rest
        except ValueError:
            raise NoMoment("there is no such day") from None
    if first == "today":
        return today, rest
    if first == "tomorrow":
        return today + timedelta(days=1), rest
    if len(first) >= _DAY_LETTERS and first.isalpha():
        for number, name in enumerate(_DAYS):
            if name.startswith(first):
                return today + timedelta(days=(number - today.weekday()) % 7), rest
    return None, words


def _wall(now: datetime, zone: tzinfo | None) -> datetime:
    return now.astimezone(zone)


def _at(day: date, at: time, zone: tzinfo | None) -> datetime:
    wall = datetime.combine(day, at)
    try:
        return (wall.astimezone() if zone is None else wall.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, OSError):
        raise NoMoment(_too_far()) from None

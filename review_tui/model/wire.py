"""How wire objects are read: strict where a decision depends on it, lenient everywhere else.

A field of a value says in its annotation how it is read (`Reads`); one that says nothing is not read at all.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, TypeVar, cast, get_type_hints

from review_tui.model.text import Shown

Json = Any
"""A value as `json.loads` gives it; numbers with a point are `Decimal`, so that no digit is lost."""

MOST_ROWS: Final = 1_000
"""Rows of one list that are read; the contract's lists have a hundred at most."""

_BOUND: Final = 1e15
_NODE: Final = 64
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}")
_T = TypeVar("_T")


class UnexpectedShape(ValueError):  # noqa: N818 – it is a shape, met where another was promised
    """An answer parsed as JSON but is not what the contract promises."""


class Reads:
    """How a field is read: `read` returns its value or raises ValueError, which says what is wrong."""

    def __init__(self, read: Callable[[Json], Any]) -> None:
        self.read = read


class Under:
    """What a field is called outside, where that is not its own name; the first that is there counts."""

    def __init__(self, *names: str) -> None:
        self.names = names


_Told = tuple[str, tuple[str, ...], Callable[[Json], Any], bool]
"""A field that is told: its name, what it is called outside, how it is read, whether it has to be there."""


def or_none(value: Json, read: Callable[[Json], _T]) -> _T | None:
    """Return what `read` makes of `value`, or None where it will not do."""
    try:
        return read(value)
    except (ValueError, OverflowError, OSError):
        return None


def _id(value: Json) -> str:
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise ValueError("is no id")


def id_or_none(value: Json) -> str | None:
    """Return an identifier that is safe in a path, or None where it is none."""
    return or_none(value, _id)


def _word(value: Json) -> Shown:
    if isinstance(value, str):
        return value if isinstance(value, Shown) else Shown.of(value)
    raise ValueError("is no text")


def text_or_none(value: Json) -> Shown | None:
    """Return clean text, or None where it is absent or not text."""
    return _word(value) if isinstance(value, str) else None


def _as_it_is(value: Json) -> Json:
    return value


def _moment(value: Json) -> datetime | None:
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, str) and len(value) <= 40:
        moment = datetime.fromisoformat(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        seconds = float(value)
        moment = datetime.fromtimestamp(seconds / 1000 if abs(seconds) > 1e11 else seconds, UTC)
    else:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    # At the calendar's ends, showing a time in a local zone raises.
    return moment if MINYEAR < moment.year < MAXYEAR else None


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = float(value)
    return number if abs(number) < _BOUND else None


def _share(value: Json) -> float | None:
    number = _number(value)
    return number if number is not None and 0 <= number <= 1 else None


Id = Annotated[str, Reads(_id)]
"""An identifier that is safe in a path; anything else is refused, for decisions hang on it."""

Word = Annotated[Shown, Reads(_word)]
"""Clean text; anything else is refused."""

Anything = Annotated[Json, Reads(_as_it_is)]
"""Whatever was told."""

Moment = Annotated[datetime | None, Reads(lambda value: or_none(value, _moment))]
"""A time in UTC that can be shown in any zone, or None where it is absent or unreadable."""

Number = Annotated[float | None, Reads(lambda value: or_none(value, _number))]
"""A number that could be a measure, below 1e15 either way, or None."""

Share = Annotated[float | None, Reads(lambda value: or_none(value, _share))]
"""A number from 0 to 1, or None: a confidence of 700 must not pass for certainty."""

OptionalText = Annotated[Shown | None, Reads(text_or_none)]
"""Clean text, or None where it is absent or not text."""


def weight_of(value: Json) -> int:
    """Return about how many bytes of memory a JSON value takes."""
    weight = 0
    level = [value]
    while level:
        node = level.pop()
        weight += _NODE
        if isinstance(node, str):
            weight += len(node)
        elif isinstance(node, dict):
            weight += sum(_NODE + len(key) for key in node)
            level.extend(node.values())
        elif isinstance(node, list):
            level.extend(node)
    return weight


def as_object(value: Json, what: str) -> Mapping[str, Json]:
    """Return `value` if it is a JSON object; raises UnexpectedShape."""
    if not isinstance(value, dict):
        raise UnexpectedShape(f"{what} is not an object")
    return value


def unwrapped(value: Json, what: str) -> Mapping[str, Json]:
    """Return the object inside a `data` envelope, or the object itself where there is none."""
    outer = as_object(value, what)
    inner = outer.get("data")
    return inner if isinstance(inner, dict) and "id" not in outer else outer


def camel(name: str) -> str:
    """Return a name as most of the wire spells it."""
    first, *more = name.split("_")
    return first + "".join(map(str.capitalize, more))


def read_one(kind: type[_T], value: Json, what: str, *, spelled: Callable[[str], str] = camel) -> _T:
    """Read one object; raises UnexpectedShape that names the first field that is wrong.

    What nobody asks for is ignored. `spelled` makes the name outside of a field's own.
    """
    body = as_object(value, what)
    found: dict[str, Any] = {}
    name = ""
    try:
        for field, names, read, must in _told(cast("Hashable", kind), spelled):
            for name in names:
                if name in body:
                    found[field] = read(body[name])
                    break
            else:
                if must:
                    raise UnexpectedShape("is missing")
    except ValueError as error:
        raise UnexpectedShape(f"{what}: {name} {error}") from None
    return kind(**found)


@cache
def _told(kind: Any, spelled: Callable[[str], str]) -> tuple[_Told, ...]:
    hints = get_type_hints(kind, include_extras=True)
    found: list[_Told] = []
    for one in fields(kind):
        said = getattr(hints[one.name], "__metadata__", ())
        for read in (each.read for each in said if isinstance(each, Reads)):
            names = next((each.names for each in said if isinstance(each, Under)), (spelled(one.name),))
            must = one.default is MISSING and one.default_factory is MISSING
            found.append((one.name, names, read, must))
    return tuple(found)


def read_rows(kind: type[_T], values: Json, what: str) -> tuple[tuple[_T, ...], tuple[str, ...]]:
    """Read a list row by row; returns the good ones and a line on each bad one.

    Rows beyond `MOST_ROWS` are left out, and that is one line more.
    """
    good: list[_T] = []
    bad: list[str] = []
    if values is not None and not isinstance(values, list):
        return (), (f"{what} is not a list",)
    rows: Sequence[Json] = values or ()
    for index, value in enumerate(rows[:MOST_ROWS]):
        try:
            good.append(read_one(kind, value, f"{what}[{index}]"))
        except UnexpectedShape as error:
            bad.append(str(error))
    if len(rows) > MOST_ROWS:
        bad.append(f"{what}: {len(rows) - MOST_ROWS:,} more than can be read")
    return tuple(good), tuple(bad)

"""How wire objects are read: strict where a decision depends on it, lenient everywhere else."""

from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError, WrapValidator
from pydantic.alias_generators import to_camel

from review_tui.model.text import Shown, clean

Json = Any
"""A value as `json.loads` gives it; numbers with a point are `Decimal`, so that no digit is lost."""

MOST_ROWS: Final = 1_000
"""Rows of one list that are read; the contract's lists have a hundred at most."""

_BOUND: Final = 1e15
_NODE: Final = 64
_Model = TypeVar("_Model", bound="Wire")
_T = TypeVar("_T")


class UnexpectedShape(ValueError):  # noqa: N818 – it is a shape, met where another was promised
    """An answer parsed as JSON but is not what the contract promises."""


class Wire(BaseModel):
    """A frozen value that doubles as a wire type: camelCase outside, unknown fields ignored."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        arbitrary_types_allowed=True,
        defer_build=True,
    )


def or_none(value: Json, validate: Callable[[Json], _T]) -> _T | None:
    """Return what `validate` makes of `value`, or None where it will not do."""
    try:
        return validate(value)
    except (ValidationError, ValueError, OverflowError, OSError):
        return None


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


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}$", strict=True)]
"""An identifier that is safe in a path; anything else is refused, for decisions hang on it."""

Moment = Annotated[datetime | None, BeforeValidator(lambda v: or_none(v, _moment))]
"""A time in UTC that can be shown in any zone, or None where it is absent or unreadable."""

Number = Annotated[float | None, BeforeValidator(lambda v: or_none(v, _number))]
"""A number that could be a measure, below 1e15 either way, or None."""

Share = Annotated[float | None, BeforeValidator(lambda v: or_none(v, _share))]
"""A number from 0 to 1, or None: a confidence of 700 must not pass for certainty."""

OptionalText = Annotated[Shown | None, WrapValidator(or_none)]
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


def read_one(model: type[_Model], value: Json, what: str) -> _Model:
    """Validate one object; raises UnexpectedShape that names the first field that is wrong."""
    try:
        return model.model_validate(as_object(value, what), by_alias=True, by_name=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = clean(".".join(str(part) for part in first["loc"]), cap=80)
        raise UnexpectedShape(f"{what}: {where} {clean(first['msg'], cap=120)}") from None


def read_rows(model: type[_Model], values: Json, what: str) -> tuple[tuple[_Model, ...], tuple[str, ...]]:
    """Validate a list row by row; returns the good ones and a line on each bad one.

    Rows beyond `MOST_ROWS` are left out, and that is one line more.
    """
    good: list[_Model] = []
    bad: list[str] = []
    if values is not None and not isinstance(values, list):
        return (), (f"{what} is not a list",)
    rows: Sequence[Json] = values or ()
    for index, value in enumerate(rows[:MOST_ROWS]):
        try:
            good.append(read_one(model, value, f"{what}[{index}]"))
        except UnexpectedShape as error:
            bad.append(str(error))
    if len(rows) > MOST_ROWS:
        bad.append(f"{what}: {len(rows) - MOST_ROWS:,} more than can be read")
    return tuple(good), tuple(bad)

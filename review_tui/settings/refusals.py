"""What is wrong with a configuration file, each thing on a line of its own: where, what, what was meant."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from review_tui.client.redaction import hidden
from review_tui.model.text import clean
from review_tui.settings.files import ConfigText, Place
from review_tui.settings.tables import ConfigTable, PlaceTable, listed, meant

_WORDS: Final[Mapping[str, str]] = {
    "bool_type": "must be true or false",
    "string_type": "must be text between quotes",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "model_type": "must be a table",
    "mapping_type": "must be a table",
    "dict_type": "must be a table",
    "list_type": "must be a list of tables, [[…]]",
    "missing": "is missing",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "string_too_long": "must have {max_length} characters at most",
}
"""Our words for the kinds of refusal that are not ours."""

_SECRETS: Final = frozenset(
    {"key", "api_key", "apikey", "steve_api_key", "pulse_api_key", "unsiloed_api_key", "token", "secret"}
)


def refusals(error: ValidationError, text: ConfigText) -> Iterator[str]:
    """Yield a line for everything that was refused, in the order of the file."""
    lines = [(_place(one), _words(one)) for one in error.errors(include_url=False, include_input=False)]
    for place, words in sorted(lines, key=lambda line: text.line(line[0]) or 0):
        yield f"{text.where(place)}: {place_text(place)}: {words}"


def place_text(place: Place) -> str:
    """Return where a value stands as it is written in TOML; the number of a repeated table in brackets."""
    parts = ""
    for part in place:
        if isinstance(part, int):
            parts += f"[{part + 1}]"
        else:
            name = clean(hidden(part), cap=60)
            bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
            parts += ("." if parts else "") + (name if bare else f'"{name}"')
    return parts


def _place(error: ErrorDetails) -> Place:
    return tuple(part for part in error["loc"] if part != "[key]")


def _words(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(_place(error))
    if kind == "value_error":
        return hidden(str(context["error"]))
    return _WORDS.get(kind, clean(error["msg"], cap=200)).format(**context)


def _unknown(place: Place) -> str:
    """Say what may have been meant by a key that nothing knows."""
    name = str(place[-1])
    if name.lower().replace("-", "_") in _SECRETS:
        return "no key stands in this file; key_file names the file that holds it"
    names = names_at(place[:-1])
    near = meant(name, names)
    if not near and name in ConfigTable.model_fields:
        return "unknown here; it belongs above the first [table]"
    if not near and len(place) == 1 and (table := _table_with(name)) is not None:
        return f"unknown here; it belongs into {table}"
    return f"unknown{near or f'; there are {listed(names)}'}"


def _table_with(name: str) -> str | None:
    """Name the first table that knows a key."""
    for table, field in ConfigTable.model_fields.items():
        inner = table_within(field.annotation)
        if inner not in {None, PlaceTable} and name in inner.model_fields:
            return f"[{table}]"
    return None


def names_at(place: Place) -> tuple[str, ...]:
    """Return the keys that are known in the table at a place."""
    table: type[BaseModel] = ConfigTable
    for part in place:
        field = table.model_fields.get(part) if isinstance(part, str) else None
        table = (table_within(field.annotation) if field else None) or table
    return tuple(table.model_fields)


def table_within(annotation: Any) -> type[BaseModel] | None:
    """Return the table within an annotation such as `Mapping[str, AgeTable]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(table_within, get_args(annotation))), None)

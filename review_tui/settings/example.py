"""The configuration file with nothing chosen: every setting with its words; and the same as a page."""

import sys
import textwrap
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic.fields import FieldInfo

from review_tui.model.preferences import ANY, VIEWS
from review_tui.model.wire import Json
from review_tui.settings.config import NO_COLOR, PROFILE
from review_tui.settings.environment import BASE_URL, DOWNLOADS, HOLD, LOG, STATE
from review_tui.settings.keys import KEY_FILE
from review_tui.settings.refusals import table_within
from review_tui.settings.systems import OTHERS, base_url_name, key_file_name
from review_tui.settings.tables import ConfigTable

VARIABLES: Final[Mapping[str, str]] = {
    "profile": PROFILE,
    "base_url": BASE_URL,
    "key_file": KEY_FILE,
    "downloads": DOWNLOADS,
    "state": STATE,
    "log": LOG,
    "hold": HOLD,
    "color": NO_COLOR,
}
"""The variables that come before a setting of the file."""

_HEAD: Final = (
    "The configuration of review-tui. Take the # away from the lines that are to say something else. What "
    "the environment says comes before the chosen profile, and that before the lines at the top. A relative "
    "path is beside this file, ~ is your home. review-tui config check names what is wrong, review-tui "
    "config show --origin says what holds and why."
)
_SYSTEM_VARIABLES: Final[Mapping[str, Mapping[str, str]]] = {
    system.value: {"base_url": base_url_name(system), "key_file": key_file_name(system)} for system in OTHERS
}
"""The same for the systems that have only jobs."""

_HEADERS: Final[Mapping[str, tuple[str, bool]]] = {
    "hold": ("[hold]", True),
    "age": (f'[age."{ANY}"]', True),
    "confidence": (f'[confidence."{ANY}"]', True),
    "keys": ("[keys]", True),
    "pulse": ("[pulse]", True),
    "unsiloed": ("[unsiloed]", True),
    "profiles": ("[profiles.live]", False),
    "views": ("[[views]]", False),
    "reasons": ("[[reasons]]", False),
}
"""The tables in their order, and whether a header with nothing behind it says nothing."""

_BY_WORKFLOW: Final = f'In place of "{ANY}", which stands for all others, may stand a workflow\'s slug.'
_REASON: Final[Mapping[str, Json]] = {
    "verb": "reject",
    "text": "The total of {merchant} cannot be read; please send a sharper picture",
    "workflow": "receipts",
}


def literal(value: Json) -> str:
    """Write a value as TOML."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def example() -> str:
    """Return the file that `config init` writes: as it is it chooses nothing."""
    lines = _comment(_HEAD)
    for name, field in ConfigTable.model_fields.items():
        if name not in _HEADERS:
            lines += ["", *_setting(name, field)]
    for name, (header, harmless) in _HEADERS.items():
        field = ConfigTable.model_fields[name]
        lines += ["", "", *_comment(field.description or "")]
        if name in {"age", "confidence"}:
            lines += _comment(_BY_WORKFLOW)
        lines += _examples(name, header if harmless else f"#{header}")
    return "\n".join(lines) + "\n"


def _examples(name: str, header: str) -> Iterator[str]:
    if name == "views":
        for number, view in enumerate(VIEWS):
            told: Mapping[str, Json] = {"name": view.name, "filter": view.query, "sort": view.sort}
            yield from ([""] if number else [])
            yield from (header, *_values(told))
    elif name == "reasons":
        yield from (header, *_values(_REASON))
    elif name == "keys":
        yield from (header, *_values({"approve": "a"}))
    elif name == "profiles":
        fields = _fields(ConfigTable.model_fields[name])
        yield from (header, *_values({n: _shown(f) for n, f in fields.items() if n not in _SYSTEM_VARIABLES}))
        for system in _SYSTEM_VARIABLES:
            yield from (
                "",
                header.replace("]", f".{system}]"),
                *_values((fields[system].examples or [{}])[0]),
            )
    else:
        yield header
        shown = (ConfigTable.model_fields[name].examples or [None])[0]
        for inner, field in _fields(ConfigTable.model_fields[name]).items():
            yield from _setting(inner, field, shown.get(inner) if isinstance(shown, dict) else None)


def _values(values: Mapping[str, Json]) -> Iterator[str]:
    return (f"#{name} = {literal(value)}" for name, value in values.items())


def _setting(name: str, field: FieldInfo, shown: Json = None) -> Iterator[str]:
    if field.description:
        yield from _comment(field.description)
    yield f"#{name} = {literal(_shown(field) if shown is None else shown)}"


def _shown(field: FieldInfo) -> Json:
    value: Json = field.default if field.default is not None else (field.examples or [None])[0]
    return value


def _fields(field: FieldInfo) -> Mapping[str, FieldInfo]:
    table = table_within(field.annotation)
    assert table is not None
    return table.model_fields


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, 98)]


_PAGE: Final = """\
# Configuration

Generated from the tables of the file (`review_tui/settings/tables.py`) by `make configuration`; a test holds
it current.

`review-tui config init` writes a file in which everything below stands, explained and switched off:
`~/.config/review-tui/config.toml` (or in `$XDG_CONFIG_HOME`); `REVIEW_TUI_CONFIG` names another. It is TOML.
It must be yours or root's and not writable by everybody, because it says where the key is sent. No key stands
in it.

What the command line says comes first, then the environment, then the chosen profile, then the settings at
the top, then what is built in. A relative path is beside the file, `~` is your home.

`review-tui config check` names everything that is wrong, with file, line and what was probably meant; every
other command does the same and exits with 2. `review-tui config show --origin` prints what holds and who said
so. Neither shows a secret.
"""
_TITLES: Final[Mapping[str, str]] = {
    "profiles": "[profiles.NAME]",
    "age": '[age."WORKFLOW"]',
    "confidence": '[confidence."WORKFLOW"]',
}


def page() -> str:
    """Return docs/configuration.md."""
    top = {name: field for name, field in ConfigTable.model_fields.items() if name not in _HEADERS}
    parts = [_PAGE, "\n## At the top\n", *_rows(top)]
    for name, (header, _) in _HEADERS.items():
        field = ConfigTable.model_fields[name]
        parts += [f"\n## `{_TITLES.get(name, header)}`\n\n{field.description}"]
        if name in {"age", "confidence"}:
            parts += [f" {_BY_WORKFLOW}"]
        if name in VARIABLES:
            parts += [f" `{VARIABLES[name]}` comes before it."]
        if name in _SYSTEM_VARIABLES:
            parts += [f" `{name.upper()}_API_KEY` holds the key itself, and comes before any file."]
        variables = _SYSTEM_VARIABLES.get(name, VARIABLES)
        parts += ["\n", *(() if name == "keys" else _rows(_fields(field), variables))]
    parts += [f"\n## The file that `config init` writes\n\n```toml\n{example()}```\n"]
    return "".join(parts)


def _rows(fields: Mapping[str, FieldInfo], variables: Mapping[str, str] = VARIABLES) -> Iterator[str]:
    yield "\n| setting | what | default | variable that comes before it |\n|---|---|---|---|\n"
    for name, field in fields.items():
        if name in _SYSTEM_VARIABLES:
            yield f"| `{name}` | A table as `[{name}]` above. |  |  |\n"
            continue
        default = "" if field.is_required() or field.default is None else f"`{literal(field.default)}`"
        variable = f"`{variables[name]}`" if name in variables else ""
        words = (field.description or "").replace("|", "\\|")
        yield f"| `{name}` | {words} | {default} | {variable} |\n"


if __name__ == "__main__":
    sys.stdout.write(page())

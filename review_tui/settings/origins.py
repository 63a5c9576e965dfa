"""Origins: every setting as it holds, and whether the environment, the file or nobody said so."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

from review_tui.client.addresses import api_address
from review_tui.client.errors import UnsafeAddress
from review_tui.client.redaction import hidden
from review_tui.model.frozen import frozen
from review_tui.model.job_words import System
from review_tui.model.preferences import Preferences
from review_tui.model.text import clean
from review_tui.model.wire import Json
from review_tui.settings.config import NO_COLOR, PROFILE, Config
from review_tui.settings.environment import (
    BASE_URL,
    DOWNLOADS,
    HOLD,
    LOG,
    STATE,
    downloads_of,
    hold_of,
    state_of,
)
from review_tui.settings.files import Place
from review_tui.settings.keys import API_KEY, KEY_FILE, usual_key_file
from review_tui.settings.refusals import place_text
from review_tui.settings.systems import OTHERS, SERVICES, base_url_name, key_file_name, key_name

DEFAULT: Final = "default"
ENVIRONMENT: Final = "environment"
FILE: Final = "file"
COMMAND_LINE: Final = "command line"

_OF_PLACE: Final = {"base_url": BASE_URL, "key_file": KEY_FILE, "downloads": DOWNLOADS, "state": STATE}
_TABLES: Final = ("profiles", "age", "confidence", "views", "reasons", "keys")


@frozen
class Setting:
    """One setting: `origin` says who gave it, `where` the variable, or the file and the line, if any."""

    name: str
    value: Json
    origin: str
    where: str = ""


def settings_of(config: Config, environ: Mapping[str, str], named: str | None = None) -> Iterator[Setting]:
    """Yield every setting; `named` is the profile that the command line names. Raises BadSettings.

    No key is among them, whoever wrote one where it does not belong.
    """
    for setting in _all(config, environ, named):
        yield Setting(setting.name, _safe(setting.value), setting.origin, setting.where)


def _all(config: Config, environ: Mapping[str, str], named: str | None) -> Iterator[Setting]:
    yield _profile(config, environ, named)
    if environ.get(API_KEY):
        yield Setting("api_key", "(set, not shown)", ENVIRONMENT, API_KEY)
    usual = usual_key_file(environ)
    fallback: Mapping[str, Json] = {
        "key_file": str(usual) if os.path.lexists(usual) else None,
        "downloads": str(downloads_of({**environ, DOWNLOADS: ""})),
        "state": str(state_of({**environ, STATE: ""})),
        "banner_color": Preferences().banner_color,
        "read_only": False,
    }
    for name in ("base_url", "key_file", "downloads", "state", "banner", "banner_color", "read_only"):
        yield _of_place(config, environ, name, fallback.get(name))
    for system in OTHERS:
        yield from _of_system(config, environ, system)
    yield _log(config, environ)
    for name in ("theme", "color", "mouse", "splash", "advance"):
        yield _color(config, environ) if name == "color" else _at_the_top(config, name)
    yield from _holds(config, environ)
    for name in _TABLES:
        yield from _table(config, name)


def _profile(config: Config, environ: Mapping[str, str], named: str | None) -> Setting:
    if named is not None:
        return Setting("profile", config.profile, COMMAND_LINE, "--profile")
    if environ.get(PROFILE, "").strip():
        return Setting("profile", config.profile, ENVIRONMENT, PROFILE)
    return _at_the_top(config, "profile")


def _of_place(config: Config, environ: Mapping[str, str], name: str, fallback: Json) -> Setting:
    variable = _OF_PLACE.get(name, "")
    if variable and (value := environ.get(variable, "").strip()):
        return Setting(name, _address(value) if variable == BASE_URL else value, ENVIRONMENT, variable)
    place = config.at(name)
    if place is None:
        return Setting(name, fallback, DEFAULT)
    path = config.path(name) if name in {"key_file", "downloads", "state"} else None
    origin = FILE if place == (name,) else f"profile {config.profile}"
    return Setting(name, config.get(name) if path is None else str(path), origin, config.file.where(place))


def _of_system(config: Config, environ: Mapping[str, str], system: System) -> Iterator[Setting]:
    if environ.get(key_name(system)):
        yield Setting(f"{system}.api_key", "(set, not shown)", ENVIRONMENT, key_name(system))
    for name, variable in (("base_url", base_url_name(system)), ("key_file", key_file_name(system))):
        if value := environ.get(variable, "").strip():
            shown = _address(value) if name == "base_url" else value
            yield Setting(f"{system}.{name}", shown, ENVIRONMENT, variable)
            continue
        value, place = config.within(system, name)
        if place is None:
            default = SERVICES[system] if name == "base_url" else None
            yield Setting(f"{system}.{name}", default, DEFAULT)
            continue
        told = value if name == "base_url" else str(config.beside(value))
        origin = FILE if len(place) == 2 else f"profile {config.profile}"
        yield Setting(f"{system}.{name}", told, origin, config.file.where(place))


def _address(url: str) -> str:
    """Return an address from the environment, which may hold a password."""
    try:
        api_address(url)
    except UnsafeAddress:
        return "(cannot be used)"
    return url


def _log(config: Config, environ: Mapping[str, str]) -> Setting:
    if value := environ.get(LOG, "").strip():
        return Setting("log", value, ENVIRONMENT, LOG)
    path = config.path("log")
    return _at_the_top(config, "log") if path is None else _given(config, ("log",), str(path))


def _color(config: Config, environ: Mapping[str, str]) -> Setting:
    if environ.get(NO_COLOR):
        return Setting("color", value=False, origin=ENVIRONMENT, where=NO_COLOR)
    return _at_the_top(config, "color")


def _at_the_top(config: Config, name: str) -> Setting:
    value = getattr(config.table, name)
    return _given(config, (name,), value) if name in config.file.data else Setting(name, value, DEFAULT)


def _given(config: Config, place: Place, value: Json) -> Setting:
    return Setting(place_text(place), value, FILE, config.file.where(place))


def _holds(config: Config, environ: Mapping[str, str]) -> Iterator[Setting]:
    words = environ.get(HOLD, "").replace(",", " ").split()
    for verb, seconds in hold_of(environ, config).items():
        if any("=" not in word or word.startswith(f"{verb}=") for word in words):
            yield Setting(f"hold.{verb}", seconds, ENVIRONMENT, HOLD)
        elif verb in config.file.data.get("hold", {}):
            yield _given(config, ("hold", verb.value), seconds)
        else:
            yield Setting(f"hold.{verb}", seconds, DEFAULT)


def _table(config: Config, name: str) -> Iterator[Setting]:
    """Yield what the file says within a table, as it says it."""
    found = tuple(_leaves(config.file.data.get(name), (name,)))
    if found:
        for place, value in found:
            yield _given(config, place, value)
    elif name == "views":
        for number, view in enumerate(Preferences().views, 1):
            told: Json = {"name": view.name, "filter": view.query, "sort": view.sort}
            yield Setting(f"views[{number}]", told, DEFAULT)
    else:
        yield Setting(name, [] if name == "reasons" else {}, DEFAULT)


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, Json]]:
    """Yield what is no table, each with its place; a list of keys is one value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*place, name))
    elif isinstance(value, list) and value and all(isinstance(inner, dict) for inner in value):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*place, number))
    elif value is not None:
        yield place, value


def _safe(value: Json) -> Json:
    """Return a value without control characters and without a key."""
    if isinstance(value, str):
        return clean(hidden(value))
    if isinstance(value, list):
        return [_safe(one) for one in value]
    return {name: _safe(one) for name, one in value.items()} if isinstance(value, dict) else value

"""The configuration from the command line: shown with its origins, checked, begun."""

import argparse
import json
import os
import sys
from collections.abc import Mapping

from review_tui.cli.exits import Exit
from review_tui.cli.printing import ABSENT, json_text, say
from review_tui.client.addresses import api_address
from review_tui.client.errors import UnsafeAddress
from review_tui.model.wire import Json
from review_tui.settings.config import Config, read_config
from review_tui.settings.environment import BASE_URL, base_url_of, hold_of
from review_tui.settings.errors import BadSettings
from review_tui.settings.example import example
from review_tui.settings.files import config_path, shown
from review_tui.settings.keys import API_KEY, KEY_FILE
from review_tui.settings.origins import Setting, settings_of


def run_config(given: argparse.Namespace, environ: Mapping[str, str]) -> Exit:
    """Run `config show`, `config check` or `config init`; raises BadSettings."""
    if given.verb == "init":
        return _init(environ)
    if given.verb == "check":
        return _check(given, environ)
    config = read_config(environ, given.profile)
    settings = tuple(settings_of(config, environ, given.profile))
    if given.json:
        for setting in settings:
            print(json_text(_told(setting)))
    else:
        say(_lines(settings, origin=given.origin))
    return Exit.OK


def problems_of(environ: Mapping[str, str], profile: str | None) -> tuple[Config | None, list[str]]:
    """Return the configuration, None where it cannot be used, and everything that is wrong with settings."""
    found: list[str] = []
    config = None
    try:
        config = read_config(environ, profile)
    except BadSettings as error:
        found += error.lines
    try:
        hold_of(environ)
    except BadSettings as error:
        found += error.lines
    url, named = base_url_of(environ, config or Config())
    if url and named == BASE_URL:
        try:
            api_address(url)
        except UnsafeAddress as error:
            found.append(f"{BASE_URL}: {error}")
    if config is not None:
        found += key_problems(config)
    return config, found


def key_problems(config: Config) -> list[str]:
    """Return what is wrong with the configured keys; loads the table of commands only if there are any."""
    if config.said is None or not config.said.keys:
        return []
    from review_tui.ui.keymap import problems

    return [
        f"{config.file.where(('keys', name))}: keys.{name}: {words}"
        for name, words in problems(config.said.keys)
    ]


def notes_of(config: Config, environ: Mapping[str, str]) -> list[str]:
    """Return what may surprise whoever chose a profile: that the environment has another opinion."""
    return [
        f"{variable} is set and comes before the {name} of profile {config.profile}"
        for name, variable in (("base_url", BASE_URL), ("key_file", API_KEY), ("key_file", KEY_FILE))
        if environ.get(variable, "").strip() and getattr(config.chosen, name, None) is not None
    ]


def _told(setting: Setting) -> dict[str, Json]:
    return {
        "name": setting.name,
        "value": setting.value,
        "origin": setting.origin,
        "where": setting.where or None,
    }


def _lines(settings: tuple[Setting, ...], *, origin: bool) -> list[str]:
    told = [f"{setting.name} = {_literal(setting.value)}" for setting in settings]
    if not origin:
        return told
    width = min(max(map(len, told)), 60)
    return [
        f"{line:<{width}}  # {' '.join(filter(None, (setting.origin, setting.where)))}"
        for line, setting in zip(told, settings, strict=True)
    ]


def _literal(value: Json) -> str:
    """Write a value as the file would have it."""
    if value is None:
        return ABSENT
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{name} = {_literal(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return json.dumps(value, ensure_ascii=False)


def _check(given: argparse.Namespace, environ: Mapping[str, str]) -> Exit:
    config, found = problems_of(environ, given.profile)
    notes = notes_of(config, environ) if config else []
    if given.json:
        for line in found:
            print(json_text({"problem": line}))
        for line in notes:
            print(json_text({"note": line}))
        return Exit.USAGE if found else Exit.OK
    say((f"review-tui: {line}" for line in found), to=sys.stderr)
    say(f"note: {line}" for line in notes)
    if not found:
        path = config.file.path if config else None
        say(f"{shown(path)}: nothing is wrong" if path else "there is no file, and nothing is wrong")
    return Exit.USAGE if found else Exit.OK


def _init(environ: Mapping[str, str]) -> Exit:
    path = config_path(environ)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(example())
    except FileExistsError:
        raise BadSettings(f"{shown(path)}: it is there already, and is left as it is") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "there can be no such file"
        raise BadSettings(f"{shown(path)}: {why}") from None
    say(f"{shown(path)}: written; everything in it is explained, and nothing chosen yet")
    return Exit.OK

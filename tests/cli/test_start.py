"""The very start: what is loaded before the first picture and before the console, and when there is one."""

import gc
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from review_tui.cli.arguments import build_parser, parsed
from review_tui.cli.main import main
from review_tui.cli.start import begun, last_time_of
from review_tui.settings.config import read_config
from review_tui.settings.environment import Settings
from tests.cli.program import BARE
from tests.wire import ROOT

KEY = "aok_" + "0123456789abcdef" * 4
OTHER = "aok_" + "fedcba9876543210" * 4

LARGE = {
    *("textual", "rich", "pydantic", "pydantic_core", "httpx", "httpcore", "anyio", "h11", "sqlite3", "ssl"),
    *("asyncio", "argparse", "dataclasses", "inspect", "logging", "pathlib", "tomllib", "socket", "email"),
    *("subprocess", "threading", "importlib.metadata", "concurrent"),
}
"""What takes longer to load than the first picture may take to be seen."""

NOT_NEEDED = {
    *("httpx", "httpcore", "h11", "anyio", "certifi", "idna", "starlette", "uvicorn", "PIL", "pygments"),
    *("markdown_it", "rich.markdown", "rich.syntax", "rich.traceback", "review_tui.client.network"),
    *("review_tui.sandbox", "review_tui.settings.refusals", "review_tui.cli.doctor", "tree_sitter"),
    *(
        "importlib.metadata",
        "urllib.request",
        "http.client",
        "email.message",
        "zipfile",
        "pydantic",
        "pydantic_core",
    ),
}
"""What the console can be seen without."""

OPENED = {
    *("bulk", "help", "hidden", "jobs_screen", "messages", "note", "numbers_screen", "outbox", "palette"),
    *("quit", "reason", "snooze", "sorting"),
}
"""Dialogs, each loaded when it is first opened."""

OURS_AT_MOST = 250
"""Modules of our own that are loaded with the console."""


def loaded_with(module: str) -> set[str]:
    """Return every module that is loaded with one."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_first_picture_waits_for_no_library() -> None:
    loaded = loaded_with("review_tui.cli.main")
    assert "review_tui.ui.terminal.splash" in loaded
    assert loaded & LARGE == set()
    ours = {name for name in loaded if name.startswith("review_tui.")}
    assert len(ours) <= 15, ours


def test_the_console_is_seen_before_the_network_is_loaded() -> None:
    loaded = loaded_with("review_tui.cli.console")
    assert {"textual.app", "sqlite3"} <= loaded
    assert loaded & NOT_NEEDED == set()
    assert loaded & {f"review_tui.ui.screens.{name}" for name in OPENED} == set()
    assert len([name for name in loaded if name.startswith("review_tui")]) <= OURS_AT_MOST


def test_where_nothing_is_typed_no_parser_is_needed() -> None:
    assert parsed([]) == build_parser().parse_args([])


def test_garbage_is_collected_again_whatever_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("review-tui ")
    assert gc.isenabled()


def setting_up(folder: Path, **files: str) -> dict[str, str]:
    """Return an environment in which a server, a key and files of the settings' folder are set up."""
    home = folder / "home"
    ours = home / ".config" / "review-tui"
    ours.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = ours / name.replace("_toml", ".toml")
        path.write_text(text)
        path.chmod(0o600)
    return {"HOME": str(home), "STEVE_BASE_URL": "http://127.0.0.1:9", "STEVE_API_KEY": KEY, "TERM": "xterm"}


def like(environ: Mapping[str, str], *arguments: str) -> object:
    """Return what tells this way to start from others; None where there is nothing to be shown."""
    found = last_time_of(arguments, environ)
    return None if found is None else vars(found)


@pytest.mark.parametrize(
    "changed",
    [
        {"STEVE_API_KEY": OTHER},
        {"STEVE_BASE_URL": "http://127.0.0.1:10"},
        {"NO_COLOR": "1"},
        {"TERM": "vt100"},
        {"REVIEW_TUI_PROFILE": "live"},
        {"REVIEW_TUI_STATE": "/elsewhere"},
    ],
)
def test_another_server_key_or_terminal_is_another_start(tmp_path: Path, changed: dict[str, str]) -> None:
    environ = setting_up(tmp_path)
    assert like(environ) == like(environ | {"LINES": "50", "OLDPWD": "/"})
    assert like(environ | changed) not in (None, like(environ))


def test_another_configuration_or_key_in_the_same_file_is_another_start(tmp_path: Path) -> None:
    by_file = setting_up(tmp_path, key=KEY) | {"STEVE_API_KEY": ""}
    first = like(by_file)
    setting_up(tmp_path, key=OTHER)
    second = like(by_file)
    setting_up(tmp_path, config_toml="theme = 'dark'\n")
    third = like(by_file)
    setting_up(tmp_path, config_toml=f"key_file = '{tmp_path}/mine'\n")
    (tmp_path / "mine").write_text(KEY)
    fourth = like(by_file)
    (tmp_path / "mine").write_text(OTHER)
    fifth = like(by_file)
    found = [first, second, third, fourth, fifth]
    assert None not in found
    assert all(one not in found[:at] for at, one in enumerate(found))
    assert like(by_file, "--profile", "live") == like(by_file, "--profile=live") != fifth


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo"],
        ["submissions", "list"],
        ["--version"],
        ["--help"],
        ["--driver", "stock"],
        ["--key-file", "-"],
    ],
)
def test_what_opens_no_console_of_that_server_begins_without_a_picture(
    tmp_path: Path, arguments: list[str]
) -> None:
    assert like(setting_up(tmp_path), *arguments) is None


def test_without_a_key_or_with_settings_that_cannot_be_read_there_is_none(tmp_path: Path) -> None:
    assert like(setting_up(tmp_path) | {"STEVE_API_KEY": ""}) is None
    assert like(setting_up(tmp_path, config_toml="state = [")) is None
    assert like(setting_up(tmp_path, config_toml="state = 7\nprofiles = 8")) is None


def test_without_a_terminal_nothing_is_drawn(tmp_path: Path) -> None:
    start = begun([], setting_up(tmp_path))
    assert (start.last_time, start.picture, start.splash) == (None, None, None)
    start.end()


@pytest.mark.parametrize(
    ("config", "arguments", "changed"),
    [
        ("", (), {}),
        ("", (), {"REVIEW_TUI_STATE": "~/mine"}),
        ("", (), {"REVIEW_TUI_STATE": "relative"}),
        ("", (), {"XDG_STATE_HOME": "/var/xdg"}),
        ("", (), {"XDG_STATE_HOME": "not/absolute"}),
        ("state = 'beside'", (), {}),
        ("state = '~/mine'", (), {"XDG_STATE_HOME": "/var/xdg"}),
        ("state = '/top'\n[profiles.live]\nstate = '/own'", ("--profile", "live"), {}),
        ("state = '/top'\n[profiles.live]\nstate = '/own'", (), {"REVIEW_TUI_PROFILE": "live"}),
        ("state = '/top'\nprofile = 'live'\n[profiles.live]\nstate = '/own'", (), {}),
        ("state = '/top'\n[profiles.live]\nread_only = true", ("--profile", "live"), {}),
    ],
)
def test_it_is_kept_in_the_folder_of_the_store(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    config: str,
    arguments: tuple[str, ...],
    changed: dict[str, str],
) -> None:
    environ = setting_up(tmp_path, config_toml=config) | changed
    monkeypatch.setenv("HOME", environ["HOME"])
    found = last_time_of(arguments, environ)
    settings = Settings.of(environ, config=read_config(environ, arguments[1] if arguments else None))
    assert found is not None
    assert found.folder == str(settings.state)


def test_the_environment_of_the_tests_themselves_has_no_key() -> None:
    assert last_time_of([], {**BARE, "HOME": "/nowhere"}) is None

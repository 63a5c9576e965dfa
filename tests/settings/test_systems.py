"""Pulse and Unsiloed: where they are, with which key, and that one without a key is not configured."""

import os
from pathlib import Path

import pytest

from review_tui.cli.keys import take_environment
from review_tui.model.job_words import System
from review_tui.settings.config import Config, read_config
from review_tui.settings.environment import Settings
from review_tui.settings.errors import BadSettings
from review_tui.settings.origins import settings_of
from review_tui.settings.systems import Access, access_to, accesses, not_configured

STEVE = {"STEVE_BASE_URL": "https://some.convex.site", "STEVE_API_KEY": "aok_" + "0" * 64, "HOME": "/h"}
KEY = "pk_0123456789abcdef"
FILE = """
[pulse]
base_url = "https://pulse.example"
key_file = "pulse-key"
[profiles.test.pulse]
base_url = "https://test.example"
[profiles.test.unsiloed]
key_file = "unsiloed-key"
"""


def config_of(folder: Path, text: str, profile: str | None = None) -> Config:
    (folder / "config.toml").write_text(text)
    return read_config({"REVIEW_TUI_CONFIG": str(folder / "config.toml")}, profile)


def kept(path: Path, text: str = KEY, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def reached(system: System, environ: dict[str, str], config: Config | None = None) -> tuple[str, str, str]:
    access = access_to(system, environ, config)
    assert access is not None
    return access.base_url, access.api_key.revealed(), access.key_check


def test_a_system_without_a_key_is_not_configured_wherever_it_is() -> None:
    environ = {"PULSE_BASE_URL": "https://pulse.example", "UNSILOED_API_KEY": ""}
    assert accesses(environ) == {}
    assert Settings.of(STEVE | environ).systems == {}
    assert not_configured(System.PULSE) == "set PULSE_API_KEY, or key_file in [pulse] of the configuration"


def test_a_key_is_enough_to_reach_the_service() -> None:
    environ = {"PULSE_API_KEY": KEY, "UNSILOED_API_KEY": "uk_1"}
    assert reached(System.PULSE, environ) == ("https://api.runpulse.com", KEY, "PULSE_API_KEY")
    found = ("https://prod.visionapi.unsiloed.ai", "uk_1", "UNSILOED_API_KEY")
    assert reached(System.UNSILOED, environ) == found
    assert set(Settings.of(STEVE | environ).systems) == {System.PULSE, System.UNSILOED}


def test_what_is_wrong_with_one_keeps_nobody_from_the_others(tmp_path: Path) -> None:
    open_to_all = kept(tmp_path / "key", mode=0o644)
    environ = {"PULSE_API_KEY_FILE": str(open_to_all), "UNSILOED_API_KEY": "uk_1"}
    found = Settings.of(STEVE | environ).systems
    assert isinstance(found[System.UNSILOED], Access)
    wrong = found[System.PULSE]
    assert isinstance(wrong, str)
    assert "PULSE_API_KEY_FILE" in wrong
    assert KEY not in wrong


def test_the_environment_comes_before_the_profile_and_that_before_the_top(tmp_path: Path) -> None:
    top, own = kept(tmp_path / "pulse-key"), kept(tmp_path / "unsiloed-key", "uk_2\n")
    plain = config_of(tmp_path, FILE)
    assert reached(System.PULSE, {}, plain) == ("https://pulse.example", KEY, str(top))
    assert access_to(System.UNSILOED, {}, plain) is None
    config = config_of(tmp_path, FILE, "test")
    assert reached(System.PULSE, {}, config) == ("https://test.example", KEY, str(top))
    assert reached(System.UNSILOED, {}, config)[1:] == ("uk_2", str(own))
    file = {"PULSE_API_KEY_FILE": str(kept(tmp_path / "named", "pk_named"))}
    assert reached(System.PULSE, file, config)[1] == "pk_named"
    environ = file | {"PULSE_API_KEY": "pk_env", "PULSE_BASE_URL": "http://127.0.0.1:9/pulse"}
    assert reached(System.PULSE, environ, config) == ("http://127.0.0.1:9/pulse", "pk_env", "PULSE_API_KEY")


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"PULSE_API_KEY": KEY, "PULSE_BASE_URL": "http://pulse.example"}, "PULSE_BASE_URL: The server's"),
        ({"PULSE_API_KEY": KEY, "PULSE_BASE_URL": "https://me:pw@x.example"}, "PULSE_BASE_URL: The server's"),
        ({"PULSE_API_KEY": f"{KEY}\n"}, "PULSE_API_KEY cannot be a key"),
        ({"UNSILOED_API_KEY_FILE": "/nowhere/key"}, "UNSILOED_API_KEY_FILE: /nowhere/key: No such file"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line_without_its_secret(
    environ: dict[str, str], names: str
) -> None:
    [wrong] = Settings.of(STEVE | environ).systems.values()
    assert isinstance(wrong, str)
    assert wrong.startswith(names)
    assert KEY not in wrong
    assert "pw" not in wrong


def test_a_key_that_others_can_read_is_refused_with_its_place(tmp_path: Path) -> None:
    kept(tmp_path / "pulse-key", mode=0o644)
    with pytest.raises(BadSettings, match=r"toml:4: pulse.key_file: .*pulse-key: it is open to others"):
        access_to(System.PULSE, {}, config_of(tmp_path, FILE))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[pulse]\napi_key = "x"', "pulse.api_key: no key stands in this file"),
        ('[pulse]\nbase_uri = "x"', "pulse.base_uri: unknown; did you mean base_url?"),
        ('[pulse]\nbase_url = "http://x.example"', "pulse.base_url: The server's address is not safe"),
        ("pulse = 7", "pulse: must be a table"),
        ('[profiles.a.unsiloed]\nkey = "x"', "profiles.a.unsiloed.key: no key stands in this file"),
        ('[plse]\nkey_file = "x"', "plse: unknown; did you mean pulse?"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(BadSettings) as refused:
        config_of(tmp_path, text)
    assert line in str(refused.value)


def test_what_holds_is_shown_with_who_said_so_and_no_key(tmp_path: Path) -> None:
    config = config_of(tmp_path, FILE, "test")
    environ = {"PULSE_API_KEY": KEY, "UNSILOED_BASE_URL": "https://me:pw@x.example"}
    shown = {one.name: (one.value, one.origin) for one in settings_of(config, environ)}
    assert shown["pulse.api_key"] == ("(set, not shown)", "environment")
    assert shown["pulse.base_url"] == ("https://test.example", "profile test")
    assert shown["pulse.key_file"] == (str(tmp_path / "pulse-key"), "file")
    assert shown["unsiloed.base_url"] == ("(cannot be used)", "environment")
    assert shown["unsiloed.key_file"] == (str(tmp_path / "unsiloed-key"), "profile test")
    assert "unsiloed.api_key" not in shown
    assert KEY not in repr(shown)
    plain = {one.name: (one.value, one.origin) for one in settings_of(Config(), {})}
    assert plain["pulse.base_url"] == ("https://api.runpulse.com", "default")
    assert plain["unsiloed.key_file"] == (None, "default")


def test_our_children_get_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STEVE_API_KEY", "PULSE_API_KEY", "UNSILOED_API_KEY"):
        monkeypatch.setenv(name, KEY)
    assert take_environment()["UNSILOED_API_KEY"] == KEY
    assert not {"STEVE_API_KEY", "PULSE_API_KEY", "UNSILOED_API_KEY"} & set(os.environ)


def test_the_key_is_never_written_out() -> None:
    settings = Settings.of(STEVE | {"PULSE_API_KEY": KEY})
    for text in (repr(settings), str(settings)):
        assert KEY not in text

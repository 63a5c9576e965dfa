"""The doctor: what it finds on a healthy machine, and what it says of each thing that is not."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from review_tui.settings.environment import store_path
from tests.cli.program import ask, ask_sandbox, call, command, environment_of, one
from tests.pty.terminal import Terminal
from tests.wire import Served, serving


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "quiet") as found:
        yield found


@pytest.fixture
def env(world: Served, tmp_path: Path) -> dict[str, str]:
    ask_sandbox(world, "clear", {})
    found = environment_of(world) | {"REVIEW_TUI_STATE": str(tmp_path / "state"), "LANG": "C.UTF-8"}
    for name in ("TMUX", "SSH_CONNECTION", "NO_COLOR", "LC_ALL", "LC_CTYPE", "COLORTERM"):
        found.pop(name, None)
    return found | {"TERM": "xterm-256color"}


def examined(env: dict[str, str], *arguments: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Return the exit code, and the findings by what they are about."""
    ended = call("doctor", "--json", *arguments, env=env)
    found: dict[str, list[dict[str, Any]]] = {}
    for line in ended.lines:
        assert line.keys() == {"subject", "state", "words", "advice"}
        found.setdefault(line["subject"], []).append(line)
    return ended.code, found


def test_where_all_is_well_it_says_so_and_ends_with_0(env: dict[str, str], world: Served) -> None:
    code, found = examined(env)
    assert code == 0
    assert {one["state"] for each in found.values() for one in each} == {"ok"}
    assert "Nordwind" in found["key"][0]["words"]
    assert found["key"][0]["words"].startswith(f"aok_…{world.api_key[-4:]} from env")
    assert "answers after" in found["server"][0]["words"]
    assert "of 300 reads left" in found["budget"][0]["words"]
    assert "nothing is kept yet" in found["store"][0]["words"]
    assert found["clock"][0]["words"] == "as the server's"
    assert "textual" in found["versions"][0]["words"]
    assert not (Path(env["REVIEW_TUI_STATE"])).exists(), "looking makes nothing"


def test_people_get_a_line_each_with_what_to_do(env: dict[str, str]) -> None:
    lines = call("doctor", env=env | {"LANG": "C"}).out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("warn  characters"))
    assert "not UTF-8" in lines[at]
    assert lines[at + 1].strip().startswith("→ export LANG=C.UTF-8")


def test_without_a_server_it_looks_at_the_rest_and_says_so(env: dict[str, str]) -> None:
    del env["STEVE_BASE_URL"]
    code, found = examined(env)
    assert code == 2
    assert (found["server"][0]["state"], found["server"][0]["words"]) == (
        "bad",
        "none is named, so none was asked",
    )
    assert "terminal" in found
    assert "versions" in found


def test_a_server_that_does_not_answer_is_bad_and_the_store_is_still_looked_at(env: dict[str, str]) -> None:
    code, found = examined(env | {"STEVE_BASE_URL": "http://127.0.0.1:9"})
    assert code == 7
    assert found["server"][0]["state"] == "bad"
    assert "store" in found


def test_a_key_that_is_refused_or_missing_is_named_by_its_place(env: dict[str, str], tmp_path: Path) -> None:
    wrong = "aok_" + "0123456789abcdef" * 4
    code, found = examined(env | {"STEVE_API_KEY": wrong})
    assert code == 5
    assert found["key"][0]["advice"].endswith("Check STEVE_API_KEY.")
    assert wrong not in str(found)
    del env["STEVE_API_KEY"]
    code, found = examined(env | {"XDG_CONFIG_HOME": str(tmp_path)})
    assert code == 2
    assert "STEVE_API_KEY is not set" in found["key"][0]["words"]


def test_bad_settings_are_each_a_finding(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('theme = "drak"\nadvance = "x"\n')
    code, found = examined(env | {"REVIEW_TUI_CONFIG": str(tmp_path / "config.toml")})
    assert code == 2
    assert [one["state"] for one in found["settings"]] == ["bad", "bad"]
    assert found["server"][0]["state"] == "ok", "what can be looked at is"


def test_the_other_systems_are_each_not_configured_reached_or_refused(
    env: dict[str, str], world: Served, tmp_path: Path
) -> None:
    code, found = examined(env)
    assert (code, found["pulse"][0]["state"]) == (0, "ok")
    assert found["pulse"][0]["words"].startswith("not configured; to see its jobs, set PULSE_API_KEY")

    both = {name: value for name, value in world.environment.items() if name.startswith(("PULSE", "UNSIL"))}
    code, found = examined(env | both)
    assert code == 0
    key = both["UNSILOED_API_KEY"]
    assert f"accepts …{key[-4:]} from env" in found["unsiloed"][0]["words"]
    assert key not in str(found)
    assert "answers after" in found["pulse"][0]["words"]

    code, found = examined(env | both | {"PULSE_API_KEY": "pulse_wrong"})
    assert code == 5
    assert found["pulse"][0]["advice"].endswith("Check PULSE_API_KEY.")
    code, found = examined(env | both | {"UNSILOED_BASE_URL": f"{both['UNSILOED_BASE_URL']}/v9"})
    assert code == 7
    assert "Check UNSILOED_BASE_URL" in found["unsiloed"][0]["advice"]
    code, found = examined(env | both | {"PULSE_API_KEY": "", "PULSE_API_KEY_FILE": str(tmp_path / "none")})
    assert (code, found["pulse"][0]["state"], found["server"][0]["state"]) == (2, "bad", "ok")


def test_a_log_that_was_tampered_with_is_bad(env: dict[str, str], world: Served) -> None:
    state = env["REVIEW_TUI_STATE"]
    assert ask(world, "submissions", "cancel", one(world), REVIEW_TUI_STATE=state).code == 0
    code, found = examined(env)
    assert code == 0
    assert "each as it was written" in found["store"][0]["words"]
    path = store_path(Path(state), env["STEVE_BASE_URL"])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER audit_stays_as_written")
        connection.execute("UPDATE audit SET entry = '{}' WHERE number = 1")
    connection.close()
    code, found = examined(env)
    assert code == 4
    assert "entry 1 of the audit log is not as it was written" in found["store"][0]["words"]


def test_a_store_that_others_may_read_is_bad(env: dict[str, str], world: Served) -> None:
    state = env["REVIEW_TUI_STATE"]
    assert ask(world, "submissions", "cancel", one(world), REVIEW_TUI_STATE=state).code == 0
    Path(state).chmod(0o755)
    code, found = examined(env)
    assert (code, found["store"][0]["state"]) == (2, "bad")


def test_a_budget_that_others_use_up_is_a_warning(env: dict[str, str], world: Served) -> None:
    for _ in range(3):
        code, found = examined(env)
    assert int(found["budget"][0]["words"].split()[0]) < 300
    assert code == 0


@pytest.mark.pty
def test_at_a_terminal_it_measures_its_answer_and_leaves_it_as_it_was(env: dict[str, str]) -> None:
    with Terminal(command("doctor"), env, columns=60, lines=20) as terminal:
        assert terminal.wait_for_exit() == 0
        text = terminal.raw.decode()
        assert terminal.is_cooked()
    assert "xterm-256color, 60 × 20, too small" in text
    assert "make it 80 × 24 at least" in text
    assert b"\x1b[5n" in terminal.raw
    assert "answers" in text


@pytest.mark.pty
def test_a_dumb_terminal_is_bad(env: dict[str, str]) -> None:
    with Terminal(command("doctor"), env | {"TERM": "dumb"}) as terminal:
        terminal.wait_for_exit()
        assert "TERM is dumb" in terminal.raw.decode()


@pytest.mark.skipif(
    not any(Path(folder, "tmux").exists() for folder in os.environ["PATH"].split(":")), reason="no tmux here"
)
def test_inside_tmux_its_options_are_read(env: dict[str, str], tmp_path: Path) -> None:
    socket = str(tmp_path / "t")
    plain = {name: value for name, value in env.items() if name != "TMUX"}
    tmux = ["tmux", "-S", socket, "-f", os.devnull]
    subprocess.run([*tmux, "new-session", "-d", "sleep 60"], env=plain, check=True)
    try:
        for option, value in (
            ("escape-time", "500"),
            ("set-clipboard", "off"),
            ("default-terminal", "screen"),
        ):
            subprocess.run([*tmux, "set", "-s", option, value], env=plain, check=True)
        _, found = examined(env | {"TMUX": f"{socket},1,0"})
        assert [one["state"] for one in found["tmux"]] == ["warn"] * 3
        assert "escape-time is 500 ms" in found["tmux"][0]["words"]
        for option, value in (
            ("escape-time", "20"),
            ("set-clipboard", "external"),
            ("default-terminal", "tmux-256color"),
        ):
            subprocess.run([*tmux, "set", "-s", option, value], env=plain, check=True)
        _, found = examined(env | {"TMUX": f"{socket},1,0"})
        assert [one["state"] for one in found["tmux"]] == ["ok"] * 3
        assert found["clipboard"][0]["words"].startswith("through tmux")
    finally:
        subprocess.run([*tmux, "kill-server"], env=plain, check=True)


def test_tmux_that_cannot_be_asked_is_a_warning(env: dict[str, str], tmp_path: Path) -> None:
    _, found = examined(env | {"TMUX": str(tmp_path / "none") + ",1,0"})
    assert found["tmux"][0]["state"] == "warn"


def test_what_comes_from_the_environment_is_inert(env: dict[str, str]) -> None:
    ended = call(
        "doctor", "--json", env=env | {"SSH_CONNECTION": "\x1b[31m1.2.3.4 1 2 3", "LANG": "\x1b]0;x\x07"}
    )
    assert "\x1b" not in ended.out
    told = [json.loads(line)["words"] for line in ended.out.splitlines()]
    assert not any("\x1b" in words for words in told)

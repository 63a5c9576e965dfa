"""The configuration from the command line, and what a profile does to the verbs."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Ended, ask_sandbox, call, command, environment_of, one, run
from tests.pty.terminal import Terminal
from tests.wire import Served, serving

BAD = 'theme = "drak"\nadvance = "nxt"\n'


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "quiet") as found:
        yield found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "set up" / "config.toml"


@pytest.fixture
def env(world: Served, path: Path) -> dict[str, str]:
    """An environment whose server is named in the file, or nowhere."""
    bare = environment_of(world) | {"REVIEW_TUI_CONFIG": str(path), "TERM": "xterm-256color"}
    del bare["STEVE_BASE_URL"]
    return bare


def kept(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def profiles(world: Served) -> str:
    return (
        f'[profiles.live]\nbase_url = "{world.base_url}"\nbanner = "LIVE"\n'
        f'[profiles.look]\nbase_url = "{world.base_url}"\nread_only = true\n'
    )


def test_init_begins_a_file_for_its_owner_and_never_writes_over_another(
    env: dict[str, str], path: Path
) -> None:
    assert call("config", "init", env=env).code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert call("config", "check", env=env).code == 0
    path.write_text("# mine")
    again = call("config", "init", env=env)
    assert again.code == 2
    assert "it is there already" in again.err
    assert path.read_text() == "# mine"


def test_check_names_everything_the_environment_too(env: dict[str, str], path: Path) -> None:
    kept(path, BAD)
    ended = call("config", "check", env=env | {"REVIEW_TUI_HOLD": "99", "STEVE_BASE_URL": "ftp://x"})
    assert ended.code == 2
    assert [line.split(": ")[1] for line in ended.err.splitlines()] == [
        f"{path}:1",
        f"{path}:2",
        "REVIEW_TUI_HOLD",
        "STEVE_BASE_URL",
    ]
    assert len(call("config", "check", "--json", env=env).lines) == 2


def test_check_names_commands_that_do_not_exist(env: dict[str, str], path: Path) -> None:
    kept(path, '[keys]\naprove = "A"\nreject = "X"\n')
    ended = call("config", "check", env=env)
    assert ended.code == 2
    assert "aprove" in ended.err
    assert "approve" in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [["submissions", "list"], ["outbox", "list"], ["keys"], ["config", "show"]]
)
def test_every_command_refuses_a_bad_file_with_all_its_lines(
    env: dict[str, str], path: Path, arguments: list[str]
) -> None:
    kept(path, BAD)
    ended = call(*arguments, env=env)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 2)


def test_show_says_what_holds_and_who_said_so(env: dict[str, str], path: Path, world: Served) -> None:
    kept(path, profiles(world))
    shown = call("--profile", "live", "config", "show", "--origin", env=env)
    assert f'base_url = "{world.base_url}"' in shown.out
    assert f"# profile live {path}:2" in shown.out
    assert "# command line --profile" in shown.out
    assert world.api_key not in shown.out
    lines = call("config", "show", "--json", env=env | {"REVIEW_TUI_PROFILE": "look"}).lines
    told = {line["name"]: (line["value"], line["origin"], line["where"]) for line in lines}
    assert told["read_only"] == (True, "profile look", f"{path}:6")
    assert told["profile"] == ("look", "environment", "REVIEW_TUI_PROFILE")
    assert told["theme"] == ("terminal", "default", None)
    assert world.api_key not in str(lines)


def test_who_takes_a_profile_is_told_where_the_environment_has_another_opinion(
    env: dict[str, str], path: Path, world: Served
) -> None:
    kept(path, profiles(world))
    told = call("config", "check", "--profile", "live", env=env | {"STEVE_BASE_URL": "https://other.example"})
    assert told.code == 0
    assert "note: STEVE_BASE_URL is set and comes before the base_url of profile live" in told.out


def test_the_verbs_ask_the_server_of_the_profile(env: dict[str, str], path: Path, world: Served) -> None:
    kept(path, profiles(world))
    assert call("submissions", "list", env=env).code == 2
    listed = call("submissions", "list", "--profile", "live", "--limit", "2", "--json", env=env)
    assert (listed.code, len(listed.lines)) == (0, 2)


def test_in_a_profile_for_reading_no_verb_decides(env: dict[str, str], path: Path, world: Served) -> None:
    kept(path, profiles(world))
    chosen = one(world)
    ask_sandbox(world, "clear", {})

    def asked(*arguments: str) -> Ended:
        return call(*arguments, "--profile", "look", "--json", env=env)

    assert asked("submissions", "show", chosen).code == 0
    for arguments in (("approve", chosen), ("reject", chosen, "--reason", "x"), ("cancel", chosen)):
        refused = asked("submissions", *arguments)
        assert refused.code == 4
        assert refused.lines[0]["words"] == "this profile is for reading only"
    assert asked("fraud", "resolve", chosen, "m", "false_positive").code == 4
    sent = asked("outbox", "send", chosen)
    assert (sent.code, sent.error["error"]["title"]) == (4, "this profile is for reading only")
    assert asked("outbox", "list").code == 0
    assert all(
        request["method"] == "GET"
        for request in ask_sandbox(world, "requests")["data"]
        if chosen in str(request)
    )


def test_the_keys_are_listed_as_configured(env: dict[str, str], path: Path) -> None:
    kept(path, '[keys]\nrefresh = ["f5", "ctrl+r"]\n')
    lines = {line["id"]: line for line in call("keys", "--json", env=env).lines}
    assert lines["refresh"]["keys"] == ["f5", "ctrl+r"]
    assert lines["approve"]["keys"] == ["a"]
    assert "F5 Ctrl+R" in call("keys", env=env).out
    assert "approve" in call("keys", env=env).out


@pytest.mark.pty
def test_in_a_profile_for_reading_the_console_says_so_and_decides_nothing(
    env: dict[str, str], path: Path, world: Served
) -> None:
    kept(path, profiles(world))
    with Terminal(command("--profile", "look"), env) as terminal:
        terminal.wait_for(r"● live")
        terminal.wait_for(r"deciding is off")
        terminal.press("a")
        terminal.wait_for(r"this profile is for reading only")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


@pytest.mark.pty
def test_the_console_does_not_open_on_keys_that_cannot_be_and_names_each(
    env: dict[str, str], path: Path, world: Served
) -> None:
    kept(path, profiles(world) + '[keys]\naprove = "A"\nrefresh = "alt+r"\nskip = "r"\n')
    with Terminal(command("--profile", "live"), env, columns=200) as terminal:
        assert terminal.wait_for_exit() == 2
        for words in (
            "keys.aprove: there is no such command; did you mean approve?",
            "keys.refresh: “alt+r” is no key",
            "keys.skip: “r” is the key of reject as well",
        ):
            assert words in terminal.text


def test_configuring_loads_nothing_that_draws_or_asks(env: dict[str, str]) -> None:
    """What is set up is looked at before anything heavy is needed."""
    code = (
        "import sys\n"
        "from review_tui.cli.main import main\n"
        "main(['config', 'show'])\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    import subprocess
    import sys

    env = env | {"REVIEW_TUI_CONFIG": "/dev/null"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert not set(done.stderr.split()) & {"textual", "rich", "httpx", "starlette"}


def test_help_names_the_commands() -> None:
    words = run("--help").out
    for name in ("config", "doctor", "keys", "--profile"):
        assert name in words

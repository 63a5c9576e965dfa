"""The key at the door: named, piped in, typed; never repeated, never left to children."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from review_tui.client.redaction import hidden
from tests.cli.program import Ended, ask, call, command, environment_of, run
from tests.pty.terminal import Terminal
from tests.wire import ROOT, Served, serving

WRONG = "aok_" + "0123456789abcdef" * 4
LIST = ("submissions", "list", "--limit", "1", "--json")


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "5") as found:
        yield found


@pytest.fixture
def bare(world: Served, tmp_path: Path) -> dict[str, str]:
    """An environment that names the server and no key."""
    env = environment_of(world) | {"XDG_CONFIG_HOME": str(tmp_path / "config"), "TERM": "xterm-256color"}
    del env["STEVE_API_KEY"]
    return env


@pytest.fixture
def file(tmp_path: Path, world: Served) -> Path:
    """A file with the right key."""
    return kept(tmp_path / "key", world.api_key)


def kept(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n")
    path.chmod(mode)
    return path


def piped(env: dict[str, str], given: bytes, *arguments: str) -> Ended:
    """Run the program with the key in its standard input."""
    done = subprocess.run(
        command("--key-file", "-", *arguments),
        cwd=ROOT,
        env=env,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_key_file_is_named_before_the_verb_or_behind_it(
    bare: dict[str, str], file: Path, tmp_path: Path
) -> None:
    assert call("--key-file", str(file), *LIST, env=bare).code == 0
    assert call(*LIST, "--key-file", str(file), env=bare).code == 0
    assert call(*LIST, env=bare | {"STEVE_API_KEY_FILE": str(file)}).code == 0
    assert call(*LIST, env=bare).code == 2
    kept(tmp_path / "config" / "review-tui" / "key", file.read_text().strip())
    assert call(*LIST, env=bare).code == 0


def test_what_the_command_line_names_counts_before_the_environment(
    bare: dict[str, str], tmp_path: Path, file: Path
) -> None:
    wrong = kept(tmp_path / "wrong", WRONG)
    assert call("--key-file", str(file), *LIST, env=bare | {"STEVE_API_KEY": WRONG}).code == 0
    refused = call("--key-file", str(wrong), *LIST, env=bare | {"STEVE_API_KEY_FILE": str(file)})
    assert (refused.code, refused.error["error"]["kind"]) == (5, "key not accepted")
    assert refused.error["error"]["hint"] == f"This API key is not known. Check {wrong}."


def test_a_refused_key_of_the_environment_is_named_so(bare: dict[str, str]) -> None:
    refused = call("submissions", "list", env=bare | {"STEVE_API_KEY": WRONG})
    assert refused.err.endswith("Check STEVE_API_KEY.\n")


def test_a_key_is_piped_in(bare: dict[str, str], file: Path) -> None:
    listed = piped(bare, file.read_bytes(), *LIST)
    assert (listed.code, len(listed.lines)) == (0, 1)
    refused = piped(bare, WRONG.encode(), *LIST)
    assert refused.code == 5
    assert "Check what standard input gave." in refused.err


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", "--key-file -: it is empty"),
        (b"\n\n", "--key-file -: it is empty"),
        (b"aok_" + b"0" * 5000, "--key-file -: it is too long for a key"),
        (b"aok_0000000000\naok_0000000000", "--key-file - cannot be a key"),
        (b"aok_\xff0000000000", "--key-file - cannot be a key"),
    ],
)
def test_what_is_piped_in_and_is_no_key_is_refused_unrepeated(
    bare: dict[str, str], given: bytes, why: str
) -> None:
    refused = piped(bare, given, *LIST)
    assert refused.code == 2
    assert why in refused.err
    assert len(refused.err.splitlines()) == 1
    assert "0000" not in refused.err


def test_where_what_is_entered_could_be_logged_no_key_is_taken(bare: dict[str, str], file: Path) -> None:
    refused = piped(bare | {"TEXTUAL_LOG": "textual.log"}, file.read_bytes(), *LIST)
    assert refused.code == 2
    assert refused.err.startswith("review-tui: TEXTUAL_LOG is set")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--key", WRONG),
        (f"--key={WRONG}",),
        ("--api-key", WRONG, *LIST),
        (*LIST, "--key", WRONG),
        (WRONG,),
        ("submissions", "approve", "x", WRONG),
    ],
)
def test_a_key_on_the_command_line_is_refused_and_not_repeated(
    world: Served, arguments: tuple[str, ...]
) -> None:
    refused = ask(world, *arguments)
    assert refused.code == 2
    assert "replace it" in refused.err
    assert WRONG[:8] not in refused.err


def test_a_key_in_place_of_a_files_name_is_refused_and_not_repeated(world: Served) -> None:
    refused = ask(world, "--key-file", WRONG, *LIST)
    assert refused.code == 2
    assert WRONG[:8] not in refused.err


def test_help_says_where_the_key_comes_from() -> None:
    words = " ".join(run("--help").out.split())
    for place in ("--key-file", "STEVE_API_KEY", "STEVE_API_KEY_FILE", "~/.config/review-tui/key"):
        assert place in words


def test_the_key_is_taken_out_of_what_children_inherit(bare: dict[str, str], world: Served) -> None:
    code = (
        "import subprocess, sys\n"
        "from review_tui.cli.main import main\n"
        "code = main(sys.argv[1:])\n"
        "sys.stdout.flush()\n"
        "subprocess.run([sys.executable, '-c', 'import json, os; print(json.dumps(dict(os.environ)))'])\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *LIST],
        cwd=ROOT,
        env=bare | {"STEVE_API_KEY": world.api_key},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    inherited = json.loads(done.stdout.splitlines()[-1])
    assert "STEVE_BASE_URL" in inherited
    assert "STEVE_API_KEY" not in inherited
    assert world.api_key not in done.stdout


@pytest.mark.pty
def test_the_console_asks_for_a_key_and_shows_nothing_of_what_is_typed(
    bare: dict[str, str], world: Served
) -> None:
    with Terminal(command(), bare, columns=160) as terminal:
        terminal.wait_for(r"Key for 127\.0\.0\.1 \(not shown\):")
        terminal.press(world.api_key, "enter")
        terminal.wait_for(r"● live")
        terminal.wait_for(rf"aok_…{world.api_key[-4:]} from prompt")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.is_cooked()
    assert world.api_key[:12].encode() not in terminal.raw


@pytest.mark.pty
def test_asking_for_a_key_can_be_ended_and_leaves_the_terminal_as_it_was(bare: dict[str, str]) -> None:
    with Terminal(command(), bare) as terminal:
        terminal.wait_for("not shown")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_exit() == 128 + signal.SIGTERM
        assert terminal.is_cooked()
    with Terminal(command(), bare) as terminal:
        terminal.wait_for("not shown")
        terminal.press("ctrl+c")
        assert terminal.wait_for_exit() == 128 + signal.SIGINT
        assert terminal.is_cooked()
    with Terminal(command(), bare) as terminal:
        terminal.wait_for("not shown")
        terminal.press("enter")
        assert terminal.wait_for_exit() == 2
        assert "nothing was typed" in terminal.text
    with Terminal(command(), bare | {"TEXTUAL_LOG": os.devnull}) as terminal:
        assert terminal.wait_for_exit() == 2
        assert "TEXTUAL_LOG is set" in terminal.text


@pytest.mark.pty
def test_with_a_piped_key_the_console_still_has_its_keyboard(bare: dict[str, str], file: Path) -> None:
    script = f"cat '{file}' | {sys.executable} -m review_tui --key-file -"
    with Terminal(["/bin/sh", "-c", script], bare, columns=160) as terminal:
        terminal.wait_for(r"● live")
        terminal.wait_for(r"from standard input")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes_left_on() == {}
        assert terminal.is_cooked()


@pytest.mark.pty
def test_a_terminal_is_no_pipe(bare: dict[str, str]) -> None:
    with Terminal(command("--key-file", "-"), bare) as terminal:
        assert terminal.wait_for_exit() == 2
        assert "pipe the key in" in terminal.text


def test_a_piped_key_without_any_terminal_opens_no_console(bare: dict[str, str], file: Path) -> None:
    ended = piped(bare, file.read_bytes())
    assert ended.code == 2
    assert "needs a terminal" in ended.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"Authorization: Bearer {WRONG}", "Authorization: Bearer …"),
        (f"{{'authorization': 'bearer {WRONG}'}}", "{'authorization': 'bearer …'}"),
        (f"bad value {WRONG!r} here", "bad value 'aok_…' here"),
        ("GET https://files.example/a.png?X-Sig=1&e=2 failed", "GET https://files.example/a.png?… failed"),
        ("nothing to hide: aok_ and 1 > 0?", "nothing to hide: aok_ and 1 > 0?"),
    ],
)
def test_what_is_written_down_hides_keys_and_signatures(text: str, told: str) -> None:
    assert hidden(text) == told

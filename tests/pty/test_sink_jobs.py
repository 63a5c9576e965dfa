"""Text from outside at the jobs, proven at the sink: rows, details, results, batches, dialogs, messages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import call
from tests.pty.planted import ALL, Planted, hostile_in, mark, planted_server
from tests.pty.planted_jobs import RESULTS, UNKNOWN, PlantedJobs, failed_id
from tests.pty.terminal import Terminal
from tests.pty.test_sink import BACK, DECIDED, WARY, Sink, environment
from tests.pty.test_story import PROGRAM

pytestmark = pytest.mark.pty

SEEN = (200, 90)
"""Columns and lines of a terminal in which a job's result is seen at once."""

SHOWN = {"tree": ("<Jk>", "<Jv>"), "fields": ("<Rf>", "<Rv>"), "text": ("<Rm>",), "class": ("<Rp>",)}
"""What each kind of result shows of every payload."""


@pytest.fixture
def server() -> Iterator[Planted]:
    """All three systems, every text of which attacks."""
    with planted_server(PlantedJobs()) as found:
        yield found


def at_all_three(server: Planted, folder: Path) -> dict[str, str]:
    return environment(server, folder) | {
        "PULSE_BASE_URL": f"{server.base_url}/pulse",
        "PULSE_API_KEY": "pulse-key",
        "UNSILOED_BASE_URL": f"{server.base_url}/unsiloed",
        "UNSILOED_API_KEY": "unsiloed-key",
    }


def add(sink: Sink, ids: str) -> None:
    """Watch jobs by a paste."""
    sink.terminal.read(WARY + 0.1)  # keys that come together on a busy machine are a paste
    sink.press("+")
    sink.terminal.wait_for("Watch jobs")
    sink.terminal.press(f"\x1b[200~{ids}\x1b[201~", pause=WARY + 0.1)
    sink.press("enter")
    sink.terminal.wait_until_gone("Watch jobs")


def test_nothing_that_is_shown_at_the_jobs_is_more_than_text(server: Planted, tmp_path: Path) -> None:
    server.held.set()
    columns, lines = SEEN
    env = at_all_three(server, tmp_path)
    with Terminal(PROGRAM, env, columns=columns, lines=lines) as terminal:
        sink = Sink(terminal)
        terminal.wait_for("● live")
        sink.press("J")
        terminal.wait_for("Nothing is watched yet")
        look_at_a_list(sink)
        look_at_a_batch(sink)
        look_at_results(sink)
        look_at_what_is_refused(sink)
        look_around(sink)
        sink.press("J")
        terminal.wait_for("review-tui  ")
        terminal.read(WARY + 0.1)
        sink.press("q")
        assert terminal.wait_for_exit() == 0
    assert hostile_in(bytes(terminal.raw)) == []
    print(f"{len(sink.seen)} pairs of surface and payload at the jobs")


def look_at_a_list(sink: Sink) -> None:
    """Rows tell the kind of work; the job tells its name, and why it failed."""
    sink.press("L")
    sink.terminal.wait_for("Unsiloed lists:")
    sink.press("enter")
    sink.sees_all("✗ failed +Unsiloed +<Uo>")
    add(sink, " ".join(map(failed_id, ALL)))
    sink.sees_all("✗ failed +Unsiloed +<Uo>")
    sink.press("g")
    for index in reversed(ALL):
        if index in DECIDED:
            sink.sees((f"id +{failed_id(index)}", index), ("✗ <Uy>", index), ("<Ue>", index))
            sink.sees(("<Un>", index))
        sink.press("j")


def look_at_a_batch(sink: Sink) -> None:
    add(sink, "batch_march04")
    sink.sees(("“<Bw>", 4))
    sink.press("enter")
    sink.sees_all(r"\? <Us>")
    for index in reversed(ALL):
        sink.press("j")
        if index in DECIDED:
            sink.sees(("says “<Us>", index), ("it says +<Ut>", index))


def look_at_results(sink: Sink) -> None:
    add(sink, " ".join(f"job_done{kind}" for kind in RESULTS))
    sink.terminal.wait_for(f"▌ ✓ done +Unsiloed {RESULTS[0]}")
    sink.press("g")
    for kind in reversed(RESULTS):
        sink.terminal.wait_for(f"▌ ✓ done +Unsiloed {kind}")
        sink.terminal.read(WARY + 0.1)
        sink.press("o")
        sink.sees_all(*SHOWN[kind])
        sink.press("tab")
        sink.terminal.wait_for("▸Result")
        if kind == "tree":
            sink.press("/")
            for index in DECIDED:
                sink.paste("Sr", index)
                sink.sees(("/.*<Sr>", index))
            sink.terminal.read(WARY + 0.1)
            sink.press(BACK)
        if kind == "class":
            sink.sees(("<Rc>", 4))
        sink.press("h", "j")


def look_at_what_is_refused(sink: Sink) -> None:
    """A job that nobody has is refused in words of the system's own."""
    add(sink, " ".join(f"{UNKNOWN}{index:02}" for index in DECIDED))
    sink.sees(*((f"✗ no such job +Pulse +{UNKNOWN}{index:02}", index) for index in DECIDED))
    sink.press("l", "\x1b[Z", "\x1b[Z", "h", "g")
    for index in reversed(DECIDED):
        sink.sees(("There is no such job", index), ("<Pm>", index))
        sink.press("j")


def look_around(sink: Sink) -> None:
    """The palette, what can be copied, a paste of what is to be added, the messages."""
    sink.press("\x10")
    sink.terminal.wait_for("a job by its id")
    sink.press(*"failed")
    sink.sees(*(("job +<Un>", index) for index in ALL[-10:]))
    sink.terminal.read(WARY + 0.1)
    sink.press(BACK)
    sink.terminal.wait_until_gone("› ")
    sink.press("G")
    sink.terminal.wait_for(f"id +{failed_id(0)}")
    sink.press("y")
    sink.sees(("│ .*name +<Un>", 0), ("│ .*error +<Uy>", 0))
    sink.press(BACK)
    sink.terminal.read(WARY + 0.1)
    sink.press("+")
    sink.terminal.wait_for("Watch jobs")
    for index in DECIDED:
        sink.paste("Pa", index)
        sink.sees(("│ .*<Pa>", index))
    sink.terminal.read(WARY + 0.1)
    sink.press(BACK)
    sink.terminal.read(WARY + 0.1)
    sink.press("M")
    sink.terminal.wait_for("newest first")
    sink.press("q")
    sink.terminal.wait_until_gone("newest first")
    sink.terminal.read(WARY + 0.1)


def test_nothing_that_is_printed_of_jobs_is_more_than_text(server: Planted, tmp_path: Path) -> None:
    env = at_all_three(server, tmp_path)
    for more in ([], ["--json"]):
        told = {
            ("list", "--system", "unsiloed"): [("Uo", i) for i in ALL] + [("Un", i) for i in ALL],
            ("list", "--batch", "batch_march04"): [("Us", i) for i in ALL] + [("Bw", 4)],
            ("show", failed_id(4), failed_id(9), "--system", "unsiloed"): [("Ue", 4), ("Un", 9), ("Uy", 9)],
            ("wait", failed_id(4), "--system", "unsiloed"): [("Ue", 4)],
            ("show", f"{UNKNOWN}04", "--system", "pulse"): [("Pm", 4)],
        }
        for words, surfaces in told.items():
            ended = call("jobs", *words, *more, env=env)
            assert hostile_in((ended.out + ended.err).encode()) == [], words
            missing = [mark(*one) for one in surfaces if mark(*one) not in ended.out + ended.err]
            assert missing == [], (words, ended.out)

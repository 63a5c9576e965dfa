"""Text from outside proven at the sink: every surface × every payload, grepped in what the program wrote."""

import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from review_tui.model.text import well_formed
from tests.cli.program import call
from tests.pty.planted import (
    ALL,
    HARMLESS,
    KEY,
    LARGE,
    PAYLOADS,
    Planted,
    hostile_in,
    mark,
    planted,
    planted_server,
)
from tests.pty.terminal import Terminal
from tests.pty.test_story import PROGRAM

pytestmark = pytest.mark.pty

WARY = 0.45
"""Seconds after a paste in which the console believes no key."""

SMALL = (180, 56)
"""Columns and lines of a terminal in which a submission and a dialog are seen."""

DECIDED = ALL if os.environ.get("SINK") == "whole" else ALL[::6]
"""The payloads that go through the dialogs of a decision; SINK=whole takes all, which lasts a minute more."""

BACK = "\x07"  # ctrl+g leaves a dialog at once


@pytest.fixture
def server() -> Iterator[Planted]:
    """A server every text of which attacks."""
    with planted_server() as found:
        yield found


def environment(server: Planted, folder: Path) -> dict[str, str]:
    (folder / "config.toml").write_text('advance = "off"\nmouse = false\n')
    return os.environ | {
        "REVIEW_TUI_CONFIG": str(folder / "config.toml"),
        "STEVE_BASE_URL": server.base_url,
        "STEVE_API_KEY": KEY,
        "REVIEW_TUI_STATE": str(folder / "state"),
        "REVIEW_TUI_DOWNLOADS": str(folder / "documents"),
        "REVIEW_TUI_HOLD": "reject=30",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }


@dataclass
class Sink:
    """The console in a terminal, and which payloads were seen on which surfaces."""

    terminal: Terminal
    seen: set[tuple[str, int]] = field(default_factory=set)

    def sees(self, *wanted: tuple[str, int], within: float = 20.0) -> None:
        """Wait until each surface shows a payload: in a pattern `<Xy>` stands for its mark."""
        end = time.monotonic() + within
        left = set(wanted)
        while left:
            text = self.terminal.text
            left -= {one for one in left if re.search(_with_mark(*one), text)}
            assert time.monotonic() < end, f"never saw {sorted(left)} on this screen:\n{text}"
            if left:
                self.terminal.read(0.02)
        self.seen.update(wanted)

    def sees_all(self, *surfaces: str) -> None:
        """Wait until each of these surfaces shows every payload."""
        self.sees(*((surface, index) for surface in surfaces for index in ALL))

    def press(self, *keys: str) -> None:
        """Press keys, never two of them in the same instant."""
        self.terminal.press(*keys, pause=0.03)

    def paste(self, surface: str, index: int) -> None:
        """Paste a payload behind its mark, marked as a paste; halves of characters travel as bytes."""
        text = f"\n{planted(surface, index)} {mark(surface, index)}".encode(errors="surrogatepass")
        os.write(self.terminal._fd, b"\x1b[200~" + text + b"\x1b[201~")


def _with_mark(pattern: str, index: int) -> str:
    return re.sub(r"<(\w\w)>", lambda found: mark(found[1], index), pattern)


@pytest.mark.parametrize("index", ALL)
def test_the_grep_would_find_each_of_them(index: int) -> None:
    sent = PAYLOADS[index].encode(errors="surrogatepass")
    assert bool(hostile_in(b"before " + sent + b" after")) is (index < len(ALL) - HARMLESS)


def test_nothing_that_the_console_shows_is_more_than_text(server: Planted, tmp_path: Path) -> None:
    columns, lines = LARGE
    with Terminal(PROGRAM, environment(server, tmp_path), columns=columns, lines=lines) as terminal:
        sink = Sink(terminal)
        sink.sees_all("<Lm>", "<La>", "<Lf>", "<Lg>")
        server.surface = "D"
        server.held.set()
        terminal.resize(*SMALL)
        for index in ALL:
            look_at_a_plain_one(sink, index)
            if index in DECIDED:
                decide(sink, index)
            sink.press("j")
        paste_reasons(sink)
        for index in ALL:
            look_at_an_odd_one(sink, index)
            sink.press("j")
        for index in ALL:
            sink.sees(
                (f"bad{index:02} · ", index), ("│ <Bf>", index), ("<Bm>", index), ("│ request <Br>", index)
            )
            sink.press("j")
        terminal.resize(*LARGE)
        look_back_at_messages(sink, "<Sf>", DECIDED[-5:])  # older ones are not kept
        look_at_the_crowd(sink)
        look_back_at_messages(sink, "Downloaded .*<Gf>", ALL)
        search_in_the_palette(sink)
        sink.press("q")
        assert terminal.wait_for_exit() == 0
    assert hostile_in(bytes(terminal.raw)) == []
    names = [path.name for path in (tmp_path / "documents").iterdir()]
    assert len(names) == len(ALL)
    assert hostile_in("".join(names).encode()) == []
    print(f"{len(sink.seen)} pairs of surface and payload")


HEAD = ("<Dm>.*<Da>", "<Df>.*confidence", "plain.. · <Dc>")
OVERVIEW = ("<Or>", "<Ou>", "<Oe>", "<Oi>", "<Ok>", "<Ox>", "<Dw>", "<Dv>", "<Dk>", "<Dx>")


def look_at_a_plain_one(sink: Sink, index: int) -> None:
    sink.sees((f"plain{index:02} · ", index))
    sink.sees(*((pattern, index) for pattern in (*HEAD, *OVERVIEW)))


def decide(sink: Sink, index: int) -> None:
    """Reject it, look at it while it is held, send it: the server refuses in words of its own."""
    sink.press("r")
    sink.sees(("Reject  <Dm>.*<Da>", index), ("│.*plain.. · <Dc>.*│", index))
    sink.press("1")
    sink.sees(("◷.*<Dm>", index))
    sink.press("q")
    sink.sees((r"│ [^│]*Reject <Dm>", index))
    sink.press("n")
    sink.terminal.wait_until_gone("drops")
    sink.press("U")
    sink.sees(("▸ ◷.*reject .*<Dm>", index))
    sink.press("s")
    sink.sees((r"\d\d:\d\d .*<Sf>.*<Sm>.*<Dm>", index), ("│ <Sf>.*", index))
    sink.press("q")
    sink.terminal.wait_until_gone("Outbox")
    sink.press("r")
    sink.sees(("! <Sf>", index))
    sink.press(BACK)
    sink.terminal.wait_until_gone("Reject  ")


def paste_reasons(sink: Sink) -> None:
    sink.terminal.wait_for("odd00 · ")
    sink.press("r")
    sink.terminal.wait_for(" 0 of 2000")
    for index in ALL:
        sink.paste("Pr", index)
        sink.sees(("│ .*<Pr>", index))
    sink.terminal.read(WARY + 0.1)
    sink.press("\x15")
    sink.terminal.wait_for(" 0 of 2000")
    sink.press(BACK)
    sink.terminal.wait_until_gone("Reject  ")


def look_back_at_messages(sink: Sink, words: str, chosen: Iterable[int]) -> None:
    sink.press("\x10")
    sink.terminal.wait_for("› .*a command, view")
    sink.press(*"messages")
    sink.terminal.wait_for("Show the last messages")
    sink.terminal.read(WARY + 0.1)  # on a busy machine letters that come together are a paste
    sink.press("enter")
    sink.sees(*((rf"│ \d\d:\d\d {words}", index) for index in chosen))
    sink.press("q")
    sink.terminal.wait_until_gone("Messages")


def look_at_an_odd_one(sink: Sink, index: int) -> None:
    """Its status is no word of ours: nothing may be decided, which is told with that very word."""
    sink.sees((f"odd{index:02} · ", index), ("│ .*<Hs>", index))
    sink.press("a")
    sink.sees((r"approve: only from review; this one is <Hs>", index))
    sink.press("?")
    sink.terminal.wait_for("esc closes")
    sink.press("\x1b[F")  # what cannot be given stands at the end
    sink.sees((r"│[^│\n]*<Hs>[^│\n]*│", index))
    sink.press("?")
    sink.terminal.wait_until_gone("now: ")


def look_at_the_crowd(sink: Sink) -> None:
    """It has as many fields, matches, events and files as there are payloads."""
    sink.terminal.wait_for("crowd · ")
    sink.press("l", "tab")
    sink.sees_all("<Fk>", "<Fv>", "✗ .*<Kn>.*required, missing")
    sink.press("tab")
    sink.sees_all("<Mt>", "<Mr>", "<Mi>")
    for index in ALL:
        sink.sees(*((surface, index) for surface in ("▸.*<Mt>", "<Mb>", "<Mn>", "<Mk>", "<Mv>", "<Mw>")))
        sink.press("j")
    sink.press("tab")
    sink.sees_all("<Et>", "<Em>", "<Ea>")
    sink.press("tab")
    sink.sees_all("<Gf>", "<Gl>", "<Gc>")
    for index in ALL:
        while f"▸ {mark('Gf', index)}" not in sink.terminal.text:  # at the edge the list scrolls first
            before, ends = sink.terminal.text, time.monotonic() + 5
            sink.press("j")
            while sink.terminal.text == before and time.monotonic() < ends:
                sink.terminal.read(0.02)
            sink.terminal.read(0.2)  # a frame comes in pieces
        sink.press("o")
        sink.sees((r"\d\d:\d\d Downloaded .*<Gf>", index))
    middle = len(ALL) // 2
    for key, shown in (("g", ALL[:middle]), ("G", ALL[middle:])):
        sink.press(key)
        sink.sees(*(("<Gf>(?s:.*?)saved as(?s:.*?)<Gf>", index) for index in shown))
    sink.press("tab")
    sink.sees_all("<Rk>", "<Rv>")
    sink.press("h")


def search_in_the_palette(sink: Sink) -> None:
    """It lists submissions as text, and takes a paste as text."""
    sink.press("\x10")
    sink.terminal.wait_for("› .*a command, view")
    sink.press(*"plain")
    sink.terminal.wait_for("submission +[LD]m")
    for index in ALL:
        either = f"submission +(?:{mark('Lm', index)}|{mark('Dm', index)})"
        for _ in range(2 * len(ALL)):
            if re.search(either, sink.terminal.text):
                break
            sink.press("\x1b[B")
            sink.terminal.read(0.05)
        sink.sees(("submission +(?:<Lm>|<Dm>)", index))
    for index in ALL:
        sink.paste("Ps", index)
        sink.sees(("› .*<Ps>", index))
    sink.terminal.read(WARY + 0.1)
    sink.press(BACK)
    sink.terminal.wait_until_gone("› ")


@pytest.mark.parametrize("first", range(0, len(ALL), 6))
def test_a_list_that_fails_and_a_company_are_named_in_text(
    server: Planted, tmp_path: Path, first: int
) -> None:
    chosen = ALL[first : first + 6]
    server.company, server.list_fails = chosen, first
    columns, lines = LARGE[0], SMALL[1]
    with Terminal(PROGRAM, environment(server, tmp_path), columns=columns, lines=lines) as terminal:
        sink = Sink(terminal)
        sink.sees(*((r"review-tui  .*<Co>", index) for index in chosen))
        for index in chosen:
            server.list_fails = index
            sink.press("R")
            sink.sees(("<Xf>.*<Xm>", index))
        sink.press("q")
        assert terminal.wait_for_exit() == 0
    assert hostile_in(bytes(terminal.raw)) == []
    assert len(sink.seen) == 2 * len(chosen)


TABLE = ("<Lm>", "<La>", "<Lf>")
FACTS = ("<Dm>", "<Da>", "<Df>", "<Or>", "<Dw>", "<Dk>", "<Dx>")
CROWD = ("<Fk>", "<Fv>", "<Mt>", "<Mi>", "<Mr>", "<Gf>", "<Gc>", "<Et>", "<Ea>", "<Em>")
JUDGED = ("<Mt>", "<Mi>", "<Mr>")
REFUSED = ("<Sf>.*<Sm>",)
TOLD: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (("submissions", "list"), TABLE, TABLE),
    (("submissions", "show", "plain{}"), FACTS, (*FACTS, "<Dc>", "<Ou>", "<Os>", "<Ok>")),
    (("submissions", "show", "bad{}"), ("<Bf>.*<Bm>",), ("<Bf>.*<Bm>", "<Br>")),
    (("submissions", "approve", "odd{}"), ("<Hs>",), ()),
    (("submissions", "reject", "plain{}", "--reason", "Pc"), REFUSED, ()),
    (("submissions", "show", "crowd"), CROWD, (*CROWD, "<Rk>", "<Rv>", "<Gl>", "<Mn>")),
    (("fraud", "list", "crowd"), JUDGED, (*JUDGED, "<Mb>", "<Mn>", "<Mk>")),
    (("audit", "export", "--format", "jsonl"), ("<Pc>", *REFUSED), ()),
    (("audit", "export", "--format", "csv"), ("<Pc>", *REFUSED), ()),
)
"""What the command line tells of which surfaces, for people and as JSON."""


def test_nothing_that_the_command_line_prints_is_more_than_text(server: Planted, tmp_path: Path) -> None:
    server.held.set()
    env = environment(server, tmp_path)
    seen = 0
    for words, told, told_json in TOLD:
        for surfaces, more in ((told, []), (told_json, ["--json"])):
            each = any("{}" in word for word in words)
            for run in [[index] for index in ALL] if each else [list(ALL)]:
                if surfaces:
                    said = _said(words, more, run[0], env)
                    missing = {
                        (surface, index)
                        for surface in surfaces
                        for index in run
                        if not re.search(_with_mark(surface, index), said)
                    }
                    assert missing == set(), (words, more, said)
                    seen += len(surfaces) * len(run)
    print(f"{seen} pairs of surface and payload on the command line")


def _said(words: Iterable[str], more: list[str], index: int, env: dict[str, str]) -> str:
    """Give a command, with the payload where `Pc` stands; return what it printed."""
    typed = well_formed(planted("Pc", index)).replace("\x00", "")  # what a shell can hand over
    ended = call(*(typed if word == "Pc" else word.format(f"{index:02}") for word in words), *more, env=env)
    assert hostile_in((ended.out + ended.err).encode()) == [], words
    return ended.out + ended.err

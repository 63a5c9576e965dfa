"""Consoles that are killed while a decision is on its way, and what must be true of it after each restart."""

import json
import random
import re
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from review_tui.model.decisions import Stage
from review_tui.settings.environment import Settings
from review_tui.store.errors import NothingKept
from review_tui.store.journal import Store
from tests.cli.program import ask_sandbox
from tests.pty.terminal import Terminal
from tests.pty.test_story import PROGRAM, ask, selected, submission
from tests.wire import Served

HELD_SIGN: Final = r"◷ *\d+s approve|Approve in \d+ s"
LOOKING_SIGN: Final = r"Looking once more"
SENDING_SIGN: Final = r"… sending|Approving…"

_DECIDED: Final = frozenset({"approved", "rejected", "cancelled"})
APPLIED: Final = ("approved", "synced")
_TAKEN_BACK: Final = re.compile(r"\d\d:\d\d Taken back[^·]*·[^●▲○✗‖]*\S")
PATIENCE: Final = 75.0
"""Seconds for what is read: consoles that live for seconds use up the rate limit of their key."""

_TOO_SOON: Final = "this one came up just now, press again"
_SAYS_DONE: Final = re.compile(r"Approved|Your \d\d:\d\d approve arrived late: Approved")
_SAYS_NOT: Final = re.compile(r"Not applied|Not sent|Taken back")


@dataclass(frozen=True, slots=True)
class Way:
    """How a console comes to be killed: in which stage, and what keeps that stage open for a while.

    `sign` is what the screen shows of it; `within` the seconds after that in which the kill falls.
    """

    stage: Stage
    hold: str
    sign: str
    within: float
    faults: tuple[Mapping[str, object], ...] = ()


def _fault(kind: str, method: str, **more: object) -> Mapping[str, object]:
    path = "/api/v1/submissions/{id}" + ("/approve" if method == "POST" else "")
    return MappingProxyType({"kind": kind, "method": method, "path": path} | more)


IN_THE_HOLD: Final = Way(Stage.HELD, "20", HELD_SIGN, 1.5)
WHILE_CHECKING: Final = Way(
    Stage.CHECKING, "0", LOOKING_SIGN, 1.3, (_fault("delay", "GET", delay=1.2, times=9),)
)
WHILE_SENDING: Final = Way(
    Stage.SENDING,
    "0",
    SENDING_SIGN,
    1.3,
    (
        _fault("delay", "POST", delay=1.2),  # it arrives late, after the console is gone
        _fault("slow_body", "POST", value="0.12"),  # it counts at once, and the answer takes its time
        _fault("drop", "POST", delay=1.2),  # it never counts
        _fault("cut_off", "POST", delay=0.6),  # it counts, and the answer is cut
    ),
)


@dataclass(slots=True)
class Killed:
    """One decision, what was seen of it, and how it was kept when its console was killed."""

    submission_id: str
    request_id: str = ""
    kept: Stage | None = None
    looking: bool = False
    was_shown_held: bool = False
    was_told_taken_back: bool = False
    sent_by_the_person: bool = False
    dropped_by_the_person: bool = False


@dataclass(slots=True)
class Kills:
    """One server and one state folder; console after console on them, each killed by a seeded plan."""

    server: Served
    state: Path
    seed: int
    killed: list[Killed] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    posts: dict[tuple[str, str], str] = field(default_factory=dict)
    _to_decide: list[str] = field(default_factory=list)
    _dice: random.Random = field(init=False)

    _onlooker: Served = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        # A key of its own: what the harness asks is not to use up the console's rate limit.
        second = ask_sandbox(self.server, "keys")["second"]["apiKey"]
        self._onlooker = replace(self.server, api_key=second)

    def run(self, way: Way, times: int) -> None:
        """Kill until so many died in the stage that is meant, then start a last console.

        Each console looks after the decision of the one before.
        """
        self._to_decide = [row["id"] for row in self._in_review() if row["fraudStatus"] == "clean"]
        while self.stages[way.stage] < times:
            assert len(self.killed) < 2 * times + 5, f"hardly any died in {way.stage}: {self.stages}"
            with self._console(way.hold) as terminal:
                self._look_after_the_last(terminal)
                self._decide_and_die(terminal, way)
        with self._console(way.hold) as terminal:
            self._look_after_the_last(terminal)
            terminal.signal(signal.SIGKILL)
            terminal.wait_for_exit()

    def settle(self, seconds: float) -> None:
        """Let a console look up what was sent until nothing is left but what waits for the person."""
        with self._console("0") as terminal:
            terminal.wait_for(r"● live", PATIENCE)
            ends = time.monotonic() + seconds
            while any(not (record.stage.is_unsent or record.stage.is_final) for record in self._open()):
                assert time.monotonic() < ends, f"still open: {self._open()}"
                terminal.read(1)
            terminal.signal(signal.SIGKILL)
            terminal.wait_for_exit()

    @property
    def stages(self) -> Counter[str]:
        """How many were killed in which stage."""
        return Counter(_stage_of(one) for one in self.killed)

    def _console(self, hold: str) -> Terminal:
        return Terminal(PROGRAM, self._env | {"REVIEW_TUI_HOLD": hold}, columns=200, lines=40)

    @property
    def _env(self) -> dict[str, str]:
        env = self.server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        return env | {"REVIEW_TUI_STATE": str(self.state)}

    def _decide_and_die(self, terminal: Terminal, way: Way) -> None:
        terminal.wait_for(r"● live", PATIENCE)
        one = Killed(self._go_to_a_clean_one(terminal))
        self.killed.append(one)
        if way.faults:
            fault = self._dice.choice(way.faults)
            path = str(fault["path"]).format(id=one.submission_id)
            ask_sandbox(self.server, "faults", {**fault, "path": path})
        said_before = set(_TAKEN_BACK.findall(terminal.text))
        terminal.press("a", pause=0.02)
        if self._dice.random() < 0.85:
            _wait_until_decided(terminal, way.sign, lambda: self._is_at(one, way.stage))
            terminal.read(self._dice.uniform(0, way.within))
        else:  # before anything was seen of it
            terminal.read(self._dice.uniform(0, 0.1))
        if self._dice.random() < 0.3:
            terminal.press("u", pause=0.02)
            terminal.read(self._dice.uniform(0, 0.3))
        terminal.signal(signal.SIGKILL)
        assert terminal.wait_for_exit() == 128 + signal.SIGKILL
        one.was_shown_held = re.search(HELD_SIGN, terminal.text) is not None
        one.was_told_taken_back = bool(set(_TAKEN_BACK.findall(terminal.text)) - said_before)
        one.looking = re.search(LOOKING_SIGN, terminal.text) is not None
        self._read_what_was_kept(one)
        self._clear_faults()

    def _go_to_a_clean_one(self, terminal: Terminal) -> str:
        """Move to the next submission that could be approved from the start on, unless somebody else did."""
        ids = [row["id"] for row in self._in_review()]
        chosen = self._to_decide.pop(0)
        while chosen not in ids:
            chosen = self._to_decide.pop(0)
        for attempt in range(20):
            shown = _resting_on(terminal, hoped=chosen if attempt else "")
            if shown == chosen:
                _wait_for_the_detail(terminal)
                return chosen
            # What was decided stays under the cursor; others may have come above it since it was loaded.
            down = ids.index(chosen) - ids.index(shown) if shown in ids else 1
            for _ in range(abs(down)):
                terminal.press("j" if down > 0 else "k", pause=0.02)
            ids = [row["id"] for row in self._in_review()]
            assert chosen in ids, f"somebody else has just decided on {chosen}"
        raise AssertionError(f"never came to {chosen}:\n{terminal.text}")

    def _in_review(self) -> list[Any]:
        rows: list[Any] = []
        cursor = ""
        while True:
            page = ask(self._onlooker, f"/api/v1/submissions?status=review&limit=100{cursor}")
            rows += page["data"]
            if not page["pagination"]["hasMore"]:
                return rows
            cursor = f"&cursor={page['pagination']['nextCursor']}"

    def _look_after_the_last(self, terminal: Terminal) -> None:
        """Hold what the new console says of the decision before against the store, and end what it holds."""
        terminal.wait_for(r"● live|from last time", PATIENCE)
        if not self.killed:
            return
        one = self.killed[-1]
        if one.kept is not None and one.kept.is_unsent:
            terminal.wait_for(r"1 decision from last time waits for you; none is sent by itself")
            for _ in range(20):  # it may stand below others that are looked up
                if one.submission_id in terminal.text:
                    break
                terminal.press("j", pause=0.4)
            terminal.wait_for(one.submission_id)
            assert self._posts_of(one) == 0, "it was sent, and is shown as held"
            self._end_by_the_person(terminal, one)
        else:
            assert "from last time waits" not in terminal.text, "nothing was held"
        if one.kept is Stage.SENDING:
            self._wait_until_it_is_looked_up(terminal, one)
        self._note_what_is_said(terminal, one)

    def _wait_until_it_is_looked_up(self, terminal: Terminal, one: Killed) -> None:
        """Read until the screen says that it is, in the outbox if not elsewhere, or until it is over."""
        ends = time.monotonic() + 20
        looked = False
        while not re.search(rf"… checking|Approved.*{one.submission_id}", terminal.text):
            if self._stage_now(one).is_final:
                break
            assert time.monotonic() < ends, f"nothing is said of {one}:\n{terminal.text}"
            terminal.press("j" if looked else "U", pause=0.4)
            looked = True
        if looked:
            terminal.wait_for("esc closes")
            _close_the_outbox(terminal)

    def _stage_now(self, one: Killed) -> Stage:
        return next(Stage(j["stage"]) for j in reversed(self.log()) if j["requestId"] == one.request_id)

    def _end_by_the_person(self, terminal: Terminal, one: Killed) -> None:
        one.sent_by_the_person = self._dice.random() < 0.5
        one.dropped_by_the_person = not one.sent_by_the_person
        key, asked = (
            ("s", r"Send approve · .*\?") if one.sent_by_the_person else ("d", r"Drop approve · .*\?")
        )
        ends = time.monotonic() + 30
        while any(record.intent.request_id == one.request_id for record in self._open()):
            assert time.monotonic() < ends, terminal.text
            if re.search(r"s sends  d drops", terminal.text):
                terminal.press(key, pause=0.5)  # on a busy machine it may be taken for one of a burst
            elif re.search(asked, terminal.text):
                terminal.press("y", pause=0.5)
            elif re.search(r"j/k chooses", terminal.text):
                terminal.press("j", pause=0.5)  # one that is looked up is chosen
            terminal.read(0.1)
        _close_the_outbox(terminal)

    def _note_what_is_said(self, terminal: Terminal, one: Killed) -> None:
        said = re.search(rf"\d\d:\d\d (\S[^│]*) · [^│]*{one.submission_id}", terminal.text)
        if said is None:
            return
        applied = submission(self._onlooker, one.submission_id)["submissionStatus"] in APPLIED
        assert not (_SAYS_DONE.match(said[1]) and not applied), said[0]
        assert not (_SAYS_NOT.match(said[1]) and applied), said[0]
        self.told[said[1]] += 1

    def _is_at(self, one: Killed, stage: Stage) -> bool:
        """Whether its decision is in this stage, or over: on a busy machine that is not always seen."""
        ours = [record for record in self._open() if record.intent.submission_id == one.submission_id]
        if ours or not self.state.exists():
            return any(record.stage is stage for record in ours)
        return any(entry["submissionId"] == one.submission_id for entry in self.log())

    def _open(self) -> tuple[Any, ...]:
        try:
            store = Store.open(Settings.of(self._env).store_path, create=False)
        except NothingKept:
            return ()
        try:
            return store.open_records()
        finally:
            store.close()

    def log(self) -> list[Any]:
        """The audit log's entries, oldest first."""
        store = Store.open(Settings.of(self._env).store_path, create=False)
        try:
            assert store.verify() is None
            return [json.loads(entry.text) for entry in store.audit()]
        finally:
            store.close()

    def _read_what_was_kept(self, one: Killed) -> None:
        for record in self._open():
            if record.intent.submission_id == one.submission_id:
                one.request_id, one.kept = record.intent.request_id, record.stage
                return
        for entry in self.log() if self.killed[1:] or self.state.exists() else ():
            if entry["submissionId"] == one.submission_id:
                one.request_id, one.kept = entry["requestId"], Stage(entry["stage"])

    def _posts_of(self, one: Killed) -> int:
        for seen in ask_sandbox(self.server, "requests")["data"]:
            if seen["method"] == "POST":
                self.posts[seen["requestId"], seen["at"]] = seen["path"]
        return sum(one.submission_id in path for path in self.posts.values())

    def _clear_faults(self) -> None:
        request = urllib.request.Request(f"{self.server.base_url}/sandbox/faults", method="DELETE")
        urllib.request.urlopen(request, timeout=10).close()

    def judge(self) -> None:
        """Hold every decision against the server and the log."""
        log = self.log()
        for one in self.killed:
            truth = submission(self._onlooker, one.submission_id)
            decided = [event for event in truth["events"] if event["type"] in _DECIDED]
            posts = self._posts_of(one)
            last = [entry for entry in log if entry["submissionId"] == one.submission_id][-1:]
            _judge_one(one, decided, posts, last[0] if last else None)


def _wait_for_the_detail(terminal: Terminal) -> None:
    """Wait until the submission can be decided; ask again where the rate limit was in the way."""
    ends = time.monotonic() + PATIENCE
    while not re.search(r"Overview.*Events \d+", terminal.text):
        assert time.monotonic() < ends, terminal.text
        terminal.read(2)
        if "R asks again" in terminal.text:
            terminal.press("R")


def _wait_until_decided(terminal: Terminal, sign: str, is_there: Callable[[], bool]) -> None:
    """Wait for the sign; press again where the submission had only just come up by itself.

    The row that would show it may have left the window with the one before the next.
    """
    ends = time.monotonic() + 20
    while not re.search(sign, terminal.text) and not is_there():
        assert time.monotonic() < ends, f"never saw {sign!r}:\n{terminal.text}"
        if _TOO_SOON in terminal.text:
            terminal.read(0.6)
            terminal.press("a", pause=0.02)
        terminal.read(0.02)


def _close_the_outbox(terminal: Terminal) -> None:
    """Press escape; again where a busy machine took it for a part of something else."""
    ends = time.monotonic() + 15
    while "esc closes" in terminal.text:
        assert time.monotonic() < ends, terminal.text
        terminal.press("escape", pause=0.7)


def _resting_on(terminal: Terminal, *, hoped: str) -> str:
    """The submission that is shown, once nothing moves any more; a busy machine hears keys late."""
    ends = time.monotonic() + 3
    while hoped and selected(terminal) != hoped and time.monotonic() < ends:
        terminal.read(0.1)
    while True:
        shown = selected(terminal)
        terminal.read(0.4)
        if selected(terminal) == shown:
            return shown


def _judge_one(one: Killed, decided: list[Any], posts: int, last: Any) -> None:
    """Judge by the server's events of decisions, the POSTs it saw, and the log's last entry."""
    approvals = [event for event in decided if event["data"].get("requestId") == one.request_id]
    assert posts <= 1, f"sent {posts} times: {one}"
    assert len(approvals) <= 1, one
    if one.was_shown_held:
        assert one.kept is not None, f"shown as held, and lost: {one}"
    if one.was_told_taken_back or one.dropped_by_the_person or one.kept is Stage.TAKEN_BACK:
        assert posts == 0, f"taken back, and sent: {one}"
        assert last["stage"] == "taken back", (one, last)
    if one.kept is None:
        assert posts == 0, f"sent, and not known: {one}"
    elif one.kept.is_unsent:
        assert posts == one.sent_by_the_person, f"held, and sent by itself: {one}"
    if last and last["stage"] == "done":
        assert approvals, f"told as done: {one} {last}"
    if last and last["stage"] in {"not done", "unsent", "refused", "changed", "taken back"}:
        assert not approvals, f"told as not done: {one} {last}"
    if last and last["stage"] == "elsewhere":
        assert decided, f"told as decided elsewhere: {one} {last}"
        assert not approvals, f"it was ours: {one} {last}"


def _stage_of(one: Killed) -> str:
    if one.kept is None:
        return "before it was written down"
    return str(Stage.CHECKING if one.looking and one.kept is Stage.HELD else one.kept)

"""The backlog: keys that wait stay in their order, none is lost, and equal moves become one."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from review_tui.ui.terminal.backlog import Backlog

MOVES = frozenset("jk")


@dataclass
class Program:
    """A program that takes a key in some turns of its loop; `took` holds what it did, and how often."""

    turns: int = 3
    merges: bool = True
    took: list[tuple[str, int]] = field(default_factory=list)
    soon: deque[Callable[[], None]] = field(default_factory=deque)
    later: int = 0
    _busy: int = 0
    _times: int = 1

    def backlog(self) -> Backlog:
        return Backlog(self, self.post, lambda: self._busy > 0, moves=MOVES, at_once=self.at_once)

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def call_soon_threadsafe(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        self.later += delay > 0
        self.soon.append(callback)

    def at_once(self, key: str, times: int) -> bool:
        assert self._busy == 0, "nothing is told while the key before is being heard"
        self._times = times if self.merges else 1
        return self._times == times

    def post(self, message: Message) -> None:
        assert self._busy == 0, "one at a time"
        assert isinstance(message, events.Key)
        self.took.append((message.key, self._times))
        self._busy = self.turns

    def turn(self) -> None:
        due, self.soon = self.soon, deque()
        for callback in due:
            callback()
        self._busy = max(self._busy - 1, 0)

    def run(self) -> None:
        while self.soon:
            self.turn()

    @property
    def pressed(self) -> str:
        return "".join(key * times for key, times in self.took)


def key(character: str) -> events.Key:
    return events.Key(character, character)


def test_a_key_goes_on_at_once() -> None:
    program = Program()
    program.backlog().put(key("a"))
    program.turn()
    assert program.took == [("a", 1)]


def test_a_move_pressed_a_thousand_times_is_few() -> None:
    program = Program()
    backlog = program.backlog()
    for _ in range(1_000):
        backlog.put(key("j"))
    program.run()
    assert program.took == [("j", 1_000)]


def test_what_decides_is_never_merged_and_parts_the_moves_around_it() -> None:
    program = Program()
    backlog = program.backlog()
    for character in "jjjaajjk":
        backlog.put(key(character))
    program.run()
    assert program.took == [("j", 3), ("a", 1), ("a", 1), ("j", 2), ("k", 1)]


def test_where_moves_are_not_merged_each_is_pressed() -> None:
    program = Program(merges=False)
    backlog = program.backlog()
    for character in "jjja":
        backlog.put(key(character))
    program.run()
    assert program.took == [("j", 1), ("j", 1), ("j", 1), ("a", 1)]


def test_a_program_that_never_comes_to_rest_gets_its_keys_even_so() -> None:
    program = Program(turns=1_000_000)
    backlog = program.backlog()
    backlog.put(key("a"))
    for _ in range(500):
        program.turn()
    assert len(backlog) == 0
    program._busy = 0
    backlog.put(key("b"))
    backlog.put(key("c"))
    for _ in range(50):
        program.turn()
    assert program.took == [("a", 1), ("b", 1)]
    assert program.later, "it is looked less often by then"


@given(
    typed=st.text("jka", max_size=60),
    turns=st.lists(st.integers(0, 5), max_size=60),
    merges=st.booleans(),
    takes=st.integers(0, 4),
)
def test_whatever_comes_when_it_is_pressed_as_it_was_typed(
    *, typed: str, turns: list[int], merges: bool, takes: int
) -> None:
    program = Program(turns=takes, merges=merges)
    backlog = program.backlog()
    for character, between in zip(typed, [*turns, *[0] * len(typed)], strict=False):
        backlog.put(key(character))
        for _ in range(between):
            program.turn()
    program.run()
    assert program.pressed == typed
    assert all(times == 1 for pressed, times in program.took if pressed not in MOVES)

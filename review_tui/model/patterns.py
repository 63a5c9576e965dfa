"""Patterns: regular expressions that come from outside, matched in steps that can be counted and limited."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from review_tui.model.frozen import frozen

LONGEST: Final = 500
"""Characters of a pattern that is tried."""

MOST_PARTS: Final = 2_000
"""Parts that a pattern may unfold to: `(a{50}){50}` is short to write and long to follow."""

_DEEPEST: Final = 30
_BREAKS: Final = frozenset("\n\r\u2028\u2029")
_QUANTIFIERS: Final[Mapping[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}

Test = Callable[[str], bool]
"""Whether one character will do."""


class NotFollowed(ValueError):  # noqa: N818 – the pattern may be right; it is we who cannot follow it
    """The pattern is broken, or of a kind that cannot be matched in one pass, such as one that looks back."""


class OutOfSteps(Exception):  # noqa: N818 – a limit, not a fault
    """There were not enough steps to say whether a text matches."""


@dataclass(slots=True)
class Steps:
    """The steps that are left for everything that is to be matched."""

    left: int

    def take(self) -> None:
        """Go one step; raises OutOfSteps."""
        if self.left <= 0:
            raise OutOfSteps
        self.left -= 1


@dataclass(slots=True)
class _Part:
    """One part of a pattern that was unfolded; `then` are the parts that follow, the end of all is none.

    `takes` reads a character, `holds` looks at the place between two; a part without either only leads on.
    """

    takes: Test | None = None
    holds: Callable[[str, int], bool] | None = None
    then: list[int] = field(default_factory=list)


@frozen
class Pattern:
    """A pattern in JSON Schema's dialect, ready to be matched; made by `read_pattern`."""

    parts: tuple[_Part, ...]
    end: int

    def is_in(self, text: str, steps: Steps) -> bool:
        """Whether any stretch of `text` matches; the time is in the steps taken, raises OutOfSteps."""
        places: set[int] = set()
        for at in range(len(text) + 1):
            places.add(0)
            places = self._reached(places, text, at, steps)
            if self.end in places:
                return True
            if at < len(text):
                places = {then for place in places for then in self._over(place, text[at], steps)}
        return False

    def _over(self, place: int, char: str, steps: Steps) -> list[int]:
        part = self.parts[place]
        steps.take()
        return part.then if part.takes is not None and part.takes(char) else []

    def _reached(self, places: set[int], text: str, at: int, steps: Steps) -> set[int]:
        """Return all places that are reached from these without reading a character."""
        found: set[int] = set()
        left = list(places)
        while left:
            place = left.pop()
            if place in found:
                continue
            steps.take()
            found.add(place)
            part = self.parts[place]
            if part.takes is None and (part.holds is None or part.holds(text, at)):
                left += part.then
        return found


def read_pattern(text: str) -> Pattern:
    """Read a pattern; raises NotFollowed. A match is looked for anywhere, as JSON Schema has it."""
    if len(text) > LONGEST:
        raise NotFollowed("too long")
    reader = _Reader(text)
    tree = reader.alternatives(0)
    if reader.at < len(text):
        raise NotFollowed("a bracket too many")
    unfolding = _Unfolding()
    start = unfolding.add(_Part())
    end = unfolding.add(_Part())
    first = unfolding.unfold(tree, end)
    unfolding.parts[start].then.append(first)
    return Pattern(tuple(unfolding.parts), end)


@frozen
class _Node:
    """A piece of a pattern as written: one of `either`, each a sequence, or what a `part` says, repeated."""

    part: _Part | None = None
    either: tuple[tuple["_Node", ...], ...] = ()
    least: int = 1
    most: int | None = 1


class _Unfolding:
    """Lays the pieces out as parts that lead to each other, the last first."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []

    def add(self, part: _Part) -> int:
        if len(self.parts) >= MOST_PARTS:
            raise NotFollowed("it unfolds to too much")
        self.parts.append(part)
        return len(self.parts) - 1

    def unfold(self, node: _Node, then: int) -> int:
        """Lay out `node` in front of the part `then`; return where it begins."""
        first = then
        if node.most is None:
            first = self.add(_Part(then=[then]))
            self.parts[first].then.insert(0, self._once(node, first))
        else:
            for _ in range(node.most - node.least):
                first = self.add(_Part(then=[self._once(node, first), then]))
        for _ in range(node.least):
            first = self._once(node, first)
        return first

    def _once(self, node: _Node, then: int) -> int:
        if node.part is not None:
            return self.add(_Part(node.part.takes, node.part.holds, [then]))
        firsts = []
        for sequence in node.either:
            first = then
            for piece in reversed(sequence):
                first = self.unfold(piece, first)
            firsts.append(first)
        return self.add(_Part(then=firsts))


class _Reader:
    """Reads what is written, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def alternatives(self, depth: int) -> _Node:
        """Read up to the end or to the bracket that closes."""
        if depth > _DEEPEST:
            raise NotFollowed("too deep")
        either: list[tuple[_Node, ...]] = []
        sequence: list[_Node] = []
        while self.at < len(self.text) and self.text[self.at] != ")":
            char = self._next()
            if char == "|":
                either.append(tuple(sequence))
                sequence = []
            else:
                sequence.append(self._repeated(self._atom(char, depth)))
        return _Node(either=(*either, tuple(sequence)))

    def _next(self) -> str:
        if self.at >= len(self.text):
            raise NotFollowed("it ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def _took(self, expected: str) -> bool:
        if self.text.startswith(expected, self.at):
            self.at += len(expected)
            return True
        return False

    def _atom(self, char: str, depth: int) -> _Node:
        if char == "(":
            return self._group(depth)
        if char in "*+?{":
            raise NotFollowed("nothing to repeat")
        if char == "^":
            return _Node(_Part(holds=lambda _, at: at == 0))
        if char == "$":
            return _Node(_Part(holds=lambda text, at: at == len(text)))
        if char == "\\" and self.at < len(self.text) and self.text[self.at] in "bB":
            wanted = self._next() == "b"
            return _Node(_Part(holds=lambda text, at: _is_edge(text, at) is wanted))
        return _Node(_Part(takes=self._test(char)))

    def _group(self, depth: int) -> _Node:
        if self._took("?") and not self._took(":"):
            raise NotFollowed("it looks ahead or back")
        inner = self.alternatives(depth + 1)
        if not self._took(")"):
            raise NotFollowed("a bracket is not closed")
        return inner

    def _repeated(self, node: _Node) -> _Node:
        if self.at >= len(self.text) or self.text[self.at] not in "*+?{":
            return node
        char = self._next()
        least, most = self._span() if char == "{" else _QUANTIFIERS[char]
        self._took("?")  # whether it is greedy changes what is found, not whether
        if self.at < len(self.text) and self.text[self.at] in "*+?{":
            raise NotFollowed("it repeats a repetition")
        if node.part is not None and node.part.holds is not None:
            raise NotFollowed("it repeats a place")
        inner = node if node.part is not None else _Node(either=((node,),))
        return _Node(inner.part, inner.either, least, most)

    def _span(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at : max(end, self.at)].partition(",")
        if end < 0 or not _is_count(least) or (most and not _is_count(most)):
            raise NotFollowed("no number of times")
        self.at = end + 1
        upper = int(most) if most else None if comma else int(least)
        if upper is not None and upper < int(least):
            raise NotFollowed("fewer times than at least")
        return int(least), upper

    def _test(self, char: str) -> Test:
        if char == ".":
            return lambda one: one not in _BREAKS
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape(inside=False)
        return lambda one: one == char

    def _class(self) -> Test:
        is_negated = self._took("^")
        tests: list[Test] = []
        while not self._took("]"):
            low, test = self._member()
            if self.text.startswith("-", self.at) and not self.text.startswith("-]", self.at) and low:
                self.at += 1
                high, _ = self._member()
                if not high or high < low:
                    raise NotFollowed("no range")
                test = _between(low, high)
            tests.append(test)
        return lambda one: any(test(one) for test in tests) is not is_negated

    def _member(self) -> tuple[str, Test]:
        """Read one member of a class: its character, empty for a whole kind, and its test."""
        char = self._next()
        if char != "\\":
            return char, _between(char, char)
        start = self.at
        test = self._escape(inside=True)
        written = self.text[start : self.at]
        if written[0] in "dDwWsSpP":
            return "", test
        return _character(written), test

    def _escape(self, *, inside: bool) -> Test:
        char = self._next()
        if char in _KINDS:
            return _KINDS[char]
        if char in "pP":
            return self._property(wanted=char == "p")
        if char in "xu":
            digits = self.text[self.at : self.at + (2 if char == "x" else 4)]
            if len(digits) != (2 if char == "x" else 4) or not all(one in _HEX for one in digits):
                raise NotFollowed("no character")
            self.at += len(digits)
            char = chr(int(digits, 16))
        elif char in _CONTROLS or (inside and char == "b"):
            char = _CONTROLS.get(char, "\b")
        elif char.isalnum() or char == "_":
            raise NotFollowed("an escape that is not known")
        return _between(char, char)

    def _property(self, *, wanted: bool) -> Test:
        end = self.text.find("}", self.at)
        name = self.text[self.at + 1 : end]
        if not self.text.startswith("{", self.at) or not 1 <= len(name) <= 2 or name[0] not in "LMNPSZC":
            raise NotFollowed("a property that is not known")
        self.at = end + 1
        return lambda one: unicodedata.category(one).startswith(name) is wanted


def _between(low: str, high: str) -> Test:
    return lambda one: low <= one <= high


def _character(written: str) -> str:
    """Return the character that an escape stands for."""
    if len(written) > 1:
        return chr(int(written[1:], 16))
    return "\b" if written == "b" else _CONTROLS.get(written, written)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def _is_word(one: str) -> bool:
    return one.isascii() and (one.isalnum() or one == "_")


def _is_edge(text: str, at: int) -> bool:
    before = at > 0 and _is_word(text[at - 1])
    return before is not (at < len(text) and _is_word(text[at]))


def _kinds() -> Iterator[tuple[str, Test]]:
    for letter, test in (("d", _is_digit), ("w", _is_word), ("s", str.isspace)):
        yield letter, test
        yield letter.upper(), _not(test)


def _not(test: Test) -> Test:
    return lambda one: not test(one)


def _is_digit(one: str) -> bool:
    return "0" <= one <= "9"


_KINDS: Final = dict(_kinds())
_CONTROLS: Final[Mapping[str, str]] = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_HEX: Final = frozenset("0123456789abcdefABCDEF")

"""Searching: where words stand in a kept result, however large it is: it is looked through in pieces."""

import errno
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from review_tui.model.results import Found, FoundWords
from review_tui.model.text import Shown

LISTED: Final = 100
"""Places that are listed of those at which words stand; the rest is counted."""

_PIECE: Final = 4 * 1024 * 1024
_AROUND: Final = 300
_REPLACED: Final = "�"


class Search:
    """Looks for words whatever the case of ASCII letters, also where JSON spells them in another way.

    The file is opened for each piece, so that it can be left at any time.
    """

    def __init__(self, path: Path, words: str, *, listed: int = LISTED) -> None:
        self._path = path
        self._spellings = _spellings(words)
        # What cannot overlap with itself is counted faster than it is found.
        self._can_count = not any(map(_overlaps_itself, self._spellings))
        self._longest = max(map(len, self._spellings))
        self._listed = listed
        self._was: tuple[int, int, int] | None = None
        self._tail = b""
        self._size = self._looked = self._count = self._next_at = 0
        self._lines = 1
        self._places: list[Found] = []

    @property
    def so_far(self) -> FoundWords:
        """What was found until now."""
        return FoundWords(self._size, self._looked, self._lines, self._count, tuple(self._places))

    def step(self) -> bool:
        """Look through the next piece, 300 MB a second; false once all is looked through.

        Raises OSError, also where it is another file by now.
        """
        with self._path.open("rb") as file:
            told = os.fstat(file.fileno())
            self._be_the_same((told.st_ino, told.st_size, told.st_mtime_ns))
            file.seek(self._looked)
            piece = file.read(_PIECE)
        self._size = told.st_size
        self._look(piece, is_last=self._looked + len(piece) >= self._size)
        self._looked += len(piece)
        return self._looked < self._size

    def _be_the_same(self, is_now: tuple[int, int, int]) -> None:
        if self._was not in {None, is_now}:
            raise OSError(errno.ESTALE, "It was changed meanwhile")
        self._was = is_now

    def _look(self, piece: bytes, *, is_last: bool) -> None:
        """Look through what was left of the last piece and this one, but for an end that may go on."""
        text = self._tail + piece
        start = self._looked - len(self._tail)
        ends = len(text) if is_last else max(len(text) - self._longest - _AROUND, 0)
        lower = text.lower()
        goes_on = counted_to = max(self._next_at - start, 0)
        for at, length in _found(lower, self._spellings, goes_on, ends):
            if self._can_count and len(self._places) == self._listed:
                break
            self._count += 1
            goes_on = at + length
            if len(self._places) < self._listed:
                self._lines += text.count(b"\n", counted_to, at)
                counted_to = at
                self._places.append(_place(text, at, length, start, self._lines))
        if self._can_count and len(self._places) == self._listed:
            self._count += sum(lower.count(one, goes_on, ends + len(one) - 1) for one in self._spellings)
        self._lines += text.count(b"\n", counted_to, ends)
        self._next_at = start + max(goes_on, ends)
        self._tail = text[max(ends - _AROUND, 0) :]


def _spellings(words: str) -> tuple[bytes, ...]:
    """Return the ways in which words stand in a file: as they are, and as JSON may write them."""
    exact = words.encode(errors="replace")
    in_json = (json.dumps(words, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True))
    found = dict.fromkeys([exact, *(one.encode(errors="replace") for one in in_json)])
    lower = [one.lower() for one in found]
    return tuple(one for one in lower if not any(other in one and other != one for other in lower))


def _overlaps_itself(words: bytes) -> bool:
    return any(words.endswith(words[:length]) for length in range(1, len(words)))


def _found(text: bytes, spellings: Sequence[bytes], begins: int, ends: int) -> Iterator[tuple[int, int]]:
    """Yield where a spelling begins between two places, and its length; none within another."""
    at, places = begins, dict.fromkeys(spellings, begins - 1)
    while True:
        for one, place in places.items():
            if place < at:
                found = text.find(one, at, ends + len(one) - 1)
                places[one] = found if found >= 0 else ends
        first = min(places, key=places.__getitem__)
        if places[first] >= ends:
            return
        yield places[first], len(first)
        at = places[first] + len(first)


def _place(text: bytes, at: int, length: int, start: int, line: int) -> Found:
    ends = at + length
    before = text[max(at - _AROUND, 0) : at].decode(errors="replace").lstrip(_REPLACED)
    after = text[ends : ends + _AROUND].decode(errors="replace").rstrip(_REPLACED)
    words = text[at:ends].decode(errors="replace")
    return Found(start + at, line, Shown.of(before), Shown.of(words), Shown.of(after))

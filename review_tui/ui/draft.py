"""A text that is being written: immutable, cleaned as it comes in, never longer than it may be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from rich.cells import cell_len

from review_tui.model.frozen import frozen
from review_tui.model.submissions import REASON_CHARACTERS
from review_tui.model.text import clean


@frozen
class Draft:
    """The text and the place in it (0..len) where the next character goes."""

    text: str = ""
    caret: int = 0

    @classmethod
    def of(cls, text: str) -> "Draft":
        """Start with `text`, cleaned and cut to what may be sent; the caret behind it."""
        return cls().put(text)[0]

    def put(self, raw: str) -> tuple["Draft", int]:
        """Insert what was typed or pasted; returns the characters that found no room."""
        before, after = self.text[: self.caret], self.text[self.caret :]
        cap = len(before) + len(raw) + 1
        joined = clean(before + raw, lines=True, cap=cap)  # a combining mark needs what stands before it
        new = joined[len(before) :] if joined.startswith(before) else clean(raw, lines=True, cap=cap)
        room = max(REASON_CHARACTERS - len(self.text), 0)
        kept = new[:room]
        return Draft(before + kept + after, self.caret + len(kept)), len(new) - len(kept)

    def moved(self, step: int) -> "Draft":
        """Move the caret by whole characters, over what is drawn in one cell with them."""
        caret = self.caret
        for _ in range(abs(step)):
            caret = self._next(caret, 1 if step > 0 else -1)
        return replace(self, caret=caret)

    def at_end(self, step: int) -> "Draft":
        """Move the caret to the start (-1) or the end (1)."""
        return replace(self, caret=len(self.text) if step > 0 else 0)

    def without_previous(self) -> "Draft":
        """Take away the character before the caret."""
        return self._without(self._next(self.caret, -1), self.caret)

    def without_next(self) -> "Draft":
        """Take away the character at the caret."""
        return self._without(self.caret, self._next(self.caret, 1))

    def without_word(self) -> "Draft":
        """Take away the word before the caret."""
        before = self.text[: self.caret].rstrip()
        return self._without(max(before.rfind(" "), before.rfind("\n")) + 1, self.caret)

    def lines(self, width: int) -> list[tuple[int, str]]:
        """Break the text for `width` cells; each line with its place in the text, none of it left out."""
        found: list[tuple[int, str]] = []
        start = 0
        for paragraph in self.text.split("\n"):
            at = start
            for part in _parts(paragraph, width):
                found.append((at, part))
                at += len(part)
            start += len(paragraph) + 1
        return found

    def _next(self, caret: int, step: int) -> int:
        caret += step
        while 0 < caret < len(self.text) and self.text[caret] != "\n" and not cell_len(self.text[caret]):
            caret += step
        return max(0, min(caret, len(self.text)))

    def _without(self, start: int, stop: int) -> "Draft":
        return Draft(self.text[:start] + self.text[stop:], start)


EDITS: Final[Mapping[str, Callable[[Draft], Draft]]] = {
    "backspace": Draft.without_previous,
    "ctrl+h": Draft.without_previous,
    "delete": Draft.without_next,
    "ctrl+w": Draft.without_word,
    "ctrl+u": lambda draft: Draft(draft.text[draft.caret :]),
    "left": lambda draft: draft.moved(-1),
    "right": lambda draft: draft.moved(1),
    "home": lambda draft: draft.at_end(-1),
    "ctrl+a": lambda draft: draft.at_end(-1),
    "end": lambda draft: draft.at_end(1),
    "ctrl+e": lambda draft: draft.at_end(1),
}
"""What each key does to a text, wherever one is written."""


def _parts(text: str, width: int) -> list[str]:
    """Break one paragraph behind its spaces, or anywhere in a word that is wider than a line."""
    parts: list[str] = []
    start = space = used = 0
    for index, char in enumerate(text):
        used += cell_len(char)
        if used > width and char != " ":
            stop = space if space > start else index
            parts.append(text[start:stop])
            start = stop
            used = cell_len(text[start : index + 1])
        if char == " ":
            space = index + 1
    return [*parts, text[start:]]

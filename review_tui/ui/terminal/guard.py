"""The input guard: what of a terminal's input was typed; only that may decide anything.

The rule, by what a terminal can send:

- A *whole escape sequence* is the key it names, or a report that Textual asked for, or it is dropped:
  replies of the terminal, mouse reports while the mouse is off, what nobody knows. Nothing is ever
  issued again as letters.
- A *free* key (arrows, function keys) and a *harmless* one (moving by letter, backspace, tab) pass at once:
  held down over a slow link, several arrive in one read.
- Any other key, enter and ctrl+letter included, was *typed* if it is alone: no other key and no sequence
  within 15 ms before it (mode reports and bare modifiers aside), no key within 15 ms after it (it is held
  that long), and the guard is not wary. A hand at 12 keys a second leaves 80 ms, key repeat 25.
- Characters that come closer than that are a *paste*, whole, whether the terminal marked it or not. It
  goes where text is taken, as text, line ends included, and nowhere else; what no input takes is
  swallowed, and said.
- The guard is *wary* for 0.45 s after a paste (a marked one may hold its own end), two different harmless
  characters in one read, a lone escape byte, and a sequence that came in pieces, broke off or means nothing:
  the rest of what was cut may still come. Then a key that is alone counts as a paste too; so nothing
  decides within 0.45 s after an Escape that is sent as one byte.

A sequence may be cut anywhere with pauses up to 0.4 s. If an unmarked paste begins with one character, or
equal harmless ones, and a pause of over 15 ms, these are keys like any other: nothing tells them apart.
"""

from collections.abc import Iterable
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.ui.terminal.sequences import Kind, reading
from review_tui.ui.terminal.tokens import (
    TOGETHER,
    Bracketed,
    Broken,
    Char,
    LoneEscape,
    Sequence,
    Splitter,
    Token,
)

WARY: Final = 0.45
"""Seconds after something odd during which a lone key is not believed."""

ESCAPE_DELAY: Final = 0.1
"""Seconds that a lone escape byte waits for the rest of a key at a local terminal."""

ESCAPE_DELAY_AFAR: Final = 0.45
"""The same over a link that may cut a key in two."""

ESCAPE_DELAY_MOST: Final = 0.9
"""The same over the slowest of links; whoever presses Escape waits for it."""

_FLUSHED_AT: Final = 4096
"""Characters of an unmarked paste that are handed on before it ends."""

_ERASING: Final = frozenset({"\x7f", "\x08"})
_ALWAYS_HARMLESS: Final = _ERASING | {"\t"}


@frozen
class Press:
    """A key or a wanted report: a character or one whole sequence."""

    sequence: str


@frozen
class PressEscape:
    """The escape key of a terminal that sends it as one byte."""


@frozen
class Paste:
    """Text for whoever takes text; `count` is how many characters came."""

    text: str
    count: int


@frozen
class Ignored:
    """So many characters that were neither a key nor text."""

    count: int


Input = Press | PressEscape | Paste | Ignored


@frozen
class _Key:
    """A key that has to prove itself by its time: the text it writes and what it was sent as."""

    text: str
    sequence: str


class Guard:
    """Tells what was typed; `harmless` are the characters that only move, `mouse` lets the mouse through.

    `feed` and `tick` take seconds of any clock that does not go back and return what may go on, in order.
    """

    def __init__(
        self, harmless: Iterable[str], *, escape_delay: float = ESCAPE_DELAY, mouse: bool = False
    ) -> None:
        self._harmless = _ALWAYS_HARMLESS | frozenset(harmless)
        self._mouse = mouse
        self._splitter = Splitter(escape_delay)
        self._pending: list[_Key | Press | PressEscape] = []
        self._count = 0
        self._is_paste = False
        self._last_key = float("-inf")
        self._last_any = float("-inf")
        self._wary_until = float("-inf")
        self._out: list[Input] = []

    def escape_waits(self, seconds: float) -> None:
        """Have a lone escape byte wait so long for the rest of a key, from the next one on."""
        self._splitter.escape_delay = seconds

    @property
    def deadline(self) -> float | None:
        """When `tick` has to be called if nothing comes before; None for never."""
        held = self._last_key + TOGETHER if self._pending else None
        waits = [at for at in (held, self._splitter.deadline) if at is not None]
        return min(waits, default=None)

    def feed(self, data: bytes, now: float) -> list[Input]:
        """Take the bytes of one read."""
        self._release(now)
        self._take(self._splitter.feed(data, now), now)
        if self._splitter.deadline is not None:
            self._is_paste = bool(self._pending)  # a sequence has begun behind what is being held
        return self._taken()

    def tick(self, now: float) -> list[Input]:
        """Let go what was held long enough, give up on what waited too long."""
        self._release(now)
        self._take(self._splitter.tick(now), now)
        return self._taken()

    def _taken(self) -> list[Input]:
        out, self._out = self._out, []
        return out

    def _take(self, tokens: list[Token], now: float) -> None:
        keys: list[_Key] = []
        for token in tokens:
            if (key := _key_of(token)) is not None:
                keys.append(key)
                continue
            self._take_keys(keys, now)
            keys = []
            self._take_other(token, now)
        self._take_keys(keys, now)

    def _take_keys(self, keys: list[_Key], now: float) -> None:
        """Take keys that came together, without anything between them."""
        if not keys:
            return
        alone = len(keys) == 1 and not self._pending and now >= self._last_any + TOGETHER
        believed = now >= self._wary_until
        self._last_any = now
        texts = {key.text for key in keys}
        if not self._pending and texts <= self._harmless:
            self._out += [Press(key.sequence) for key in keys]
            if not believed or len(texts) > 1:
                self._be_wary(now)
            return
        self._last_key = now
        self._pending += keys
        self._count += len(keys)
        self._is_paste = not (alone and believed)
        if self._count >= _FLUSHED_AT:
            self._let_go(now)

    def _take_other(self, token: Token, now: float) -> None:
        match token:
            case LoneEscape(at):
                self._in_order(PressEscape())
                self._be_wary(at)
            case Broken(length, late):
                self._be_wary(now)
                if late and length > 2:
                    self._out.append(Ignored(length))
            case Bracketed(text):
                self._let_go(now)
                self._be_wary(now)
                self._last_any = now
                self._out.append(Paste(text, len(text)))
            case Sequence(text, cut):
                self._take_sequence(text, reading(text).kind, now)
                if cut and reading(text).kind is not Kind.ASIDE:
                    self._be_wary(now)
            case Char():
                raise AssertionError("a character is a key")

    def _take_sequence(self, sequence: str, kind: Kind, now: float) -> None:
        if kind is Kind.ASIDE:
            self._out.append(Press(sequence))
            return
        self._last_any = now
        if kind is Kind.RESIZE:
            self._out.append(Press(sequence))
        elif kind is Kind.FREE_KEY or (kind is Kind.MOUSE and self._mouse):
            self._in_order(Press(sequence))
        elif kind is Kind.UNKNOWN:
            self._be_wary(now)

    def _in_order(self, press: Press | PressEscape) -> None:
        """Hand on a key that needs no proof, behind those that are being held."""
        if self._pending:
            self._pending.append(press)
            self._is_paste = True
        else:
            self._out.append(press)

    def _be_wary(self, since: float) -> None:
        """Believe no lone key for a while, also not the one that is being held."""
        self._wary_until = max(self._wary_until, since + WARY)
        self._is_paste = bool(self._pending)

    def _release(self, now: float) -> None:
        if self._pending and now >= self._last_key + TOGETHER:
            self._let_go(self._last_key)

    def _let_go(self, since: float) -> None:
        """End the wait of what is held: a paste as text, a key as itself."""
        if self._pending and self._is_paste:
            self._be_wary(since)
            self._out += _as_paste(self._pending)
        else:
            self._out += [Press(held.sequence) if isinstance(held, _Key) else held for held in self._pending]
        self._pending, self._count, self._is_paste = [], 0, False


def _as_paste(held: Iterable[_Key | Press | PressEscape]) -> list[Input]:
    """Return keys that came together as one text, and behind it the keys that needed no proof."""
    before: list[Input] = []
    after: list[Input] = []
    written: list[str] = []
    count = 0
    for key in held:
        if not isinstance(key, _Key):
            after.append(key)
            continue
        count += 1
        if key.text not in _ERASING:
            written += _pasted(key.text)
        elif written:
            written.pop()
        else:
            before.append(Press(key.sequence))
    text = "".join(written)
    return [*before, Paste(text, count) if text.strip("\n") else Ignored(count), *after]


def _key_of(token: Token) -> _Key | None:
    if isinstance(token, Char):
        return _Key(token.text, token.text)
    if isinstance(token, Sequence):
        meaning = reading(token.text)
        if meaning.kind is Kind.TYPED_KEY:
            return _Key(meaning.text, token.text)
    return None


def _pasted(text: str) -> str:
    """Return what a key adds to a paste: line ends and what can be seen, no controls."""
    if text in "\r\n":
        return "\n"
    return "".join(character for character in text if character == "\t" or character.isprintable())

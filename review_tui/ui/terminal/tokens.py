"""The grammar of a terminal's input: bytes and times in, whole characters, sequences and pastes out."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.ui.terminal.sequences import MODE_REPORT

TOGETHER: Final = 0.015
"""Seconds within which two bytes were not typed one after the other."""

PATIENCE: Final = 0.5
"""Seconds that an unfinished sequence waits for its next byte."""

STRING_PATIENCE: Final = 1.0
"""Seconds that an unfinished string or paste waits for its next byte."""

KEPT: Final = 1 << 20
"""Bytes of one paste that are kept."""

_ESC: Final = 0x1B
_BEL: Final = 0x07
_PASTE_START: Final = "\x1b[200~"
_PASTE_END: Final = b"\x1b[201~"
_LONGEST: Final = 64
"""Characters of a sequence that are kept; nothing longer means anything to us."""


@frozen
class Char:
    """One character that stood for itself."""

    text: str


@frozen
class Sequence:
    """A whole escape sequence; of a string (OSC, DCS, …) the first two characters; `cut`: over two reads."""

    text: str
    cut: bool = False


@frozen
class LoneEscape:
    """An escape byte, come at `at` seconds, that nothing followed."""

    at: float


@frozen
class Broken:
    """A sequence of `length` bytes that broke off; `late` when the rest may still come."""

    length: int
    late: bool


@frozen
class Bracketed:
    """A paste that the terminal marked as one."""

    text: str


Token = Char | Sequence | LoneEscape | Broken | Bracketed


class _State(Enum):
    GROUND = auto()
    ESCAPE = auto()
    CSI = auto()
    ONE_MORE = auto()
    """After `ESC O` and digits, or `ESC [ [`, until a letter."""
    MOUSE = auto()
    """After `ESC [ M`: three bytes of anything but controls."""
    STRING = auto()
    STRING_ESCAPE = auto()
    PASTE = auto()


_INTRODUCED: Final[Mapping[int, _State]] = {
    ord("["): _State.CSI,
    ord("O"): _State.ONE_MORE,
    **dict.fromkeys(b"]P_^X", _State.STRING),
}


class Splitter:
    """Cuts input into tokens; `escape_delay` is how long a lone escape byte waits for company, in seconds.

    Times are seconds on any clock that does not go back.
    """

    def __init__(self, escape_delay: float) -> None:
        self.escape_delay = escape_delay
        self._state = _State.GROUND
        self._sequence = bytearray()
        self._length = 0
        self._begun = 0.0
        self._escaped: float | None = None
        self._last = 0.0
        self._now = 0.0
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._out: list[Token] = []
        self._steps: Mapping[_State, Callable[[int], None]] = {
            _State.ESCAPE: self._escape,
            _State.CSI: self._csi,
            _State.ONE_MORE: self._one_more,
            _State.MOUSE: self._mouse,
            _State.STRING: self._string,
            _State.STRING_ESCAPE: self._string_escape,
        }

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to say if nothing comes before; None for never."""
        if self._state is _State.GROUND:
            return None
        if self._state is _State.ESCAPE:
            return self._last + self.escape_delay
        in_string = self._state in {_State.STRING, _State.STRING_ESCAPE, _State.PASTE}
        return self._last + (STRING_PATIENCE if in_string else PATIENCE)

    def feed(self, data: bytes, now: float) -> list[Token]:
        """Take bytes that were read at `now`."""
        self._expire(now)
        self._now = now
        at = 0
        while at < len(data):
            if self._state is _State.GROUND:
                at = self._text(data, at)
            elif self._state is _State.PASTE:
                at = self._paste(data, at)
            else:
                self._steps[self._state](data[at])
                at += 1
            self._last = now
        return self._taken()

    def _text(self, data: bytes, at: int) -> int:
        """Take what stands for itself, up to an escape byte; return where to go on."""
        end = data.find(_ESC, at)
        self._out += map(Char, self._decode(data[at : end if end >= 0 else None]))
        if end < 0:
            return len(data)
        self._ground(_ESC)
        return end + 1

    def tick(self, now: float) -> list[Token]:
        """Give up on what has waited too long."""
        self._expire(now)
        return self._taken()

    def _taken(self) -> list[Token]:
        out, self._out = self._out, []
        return out

    def _expire(self, now: float) -> None:
        deadline = self.deadline
        if deadline is None or now < deadline:
            return
        if self._state is _State.ESCAPE:
            self._out.append(LoneEscape(self._last))
            self._state = _State.GROUND
        elif self._state is _State.PASTE:
            self._end_paste(len(self._sequence))
        else:
            self._break(late=True)

    def _break(self, *, late: bool = False) -> None:
        self._out.append(Broken(self._length, late))
        self._state = _State.GROUND

    def _begin(self, *, escaped: float | None = None) -> None:
        """Begin a sequence; `escaped` is when an escape byte of its own came right before it."""
        self._escaped = escaped
        self._state = _State.ESCAPE
        self._sequence = bytearray((_ESC,))
        self._length = 1
        self._begun = self._now

    def _keep(self, byte: int) -> None:
        self._length += 1
        if self._length <= _LONGEST:
            self._sequence.append(byte)

    def _finish(self) -> None:
        self._state = _State.GROUND
        text = self._sequence.decode("latin-1")
        if text == _PASTE_START:
            self._state = _State.PASTE
            self._sequence.clear()
        elif self._length <= _LONGEST:
            if self._escaped is not None and MODE_REPORT.fullmatch(text):
                self._out.append(LoneEscape(self._escaped))  # typed just when an answer to a frame came
            self._out.append(Sequence(text, self._begun != self._now))
        else:
            self._out.append(Broken(self._length, late=False))

    def _ground(self, byte: int) -> None:
        if byte != _ESC:
            self._out += map(Char, self._decode(bytes((byte,))))
            return
        self._out += map(Char, self._decode(b"", True))
        self._begin()

    def _escape(self, byte: int) -> None:
        if state := _INTRODUCED.get(byte):
            self._keep(byte)
            self._state = state
        elif self._now - self._last > TOGETHER:
            self._out.append(LoneEscape(self._last))
            self._state = _State.GROUND
            self._ground(byte)
        elif byte == _ESC:
            self._begin(escaped=self._last)
        elif byte >= 0x80:
            self._break()
            self._ground(byte)
        else:
            self._keep(byte)
            self._finish()

    def _csi(self, byte: int) -> None:
        if 0x20 <= byte <= 0x3F:
            self._keep(byte)
        elif not 0x40 <= byte <= 0x7E:
            self._break()
            self._ground(byte)
        elif self._length == 2 and byte in b"[M":
            self._keep(byte)
            self._state = _State.MOUSE if byte == ord("M") else _State.ONE_MORE
        else:
            self._keep(byte)
            self._finish()

    def _one_more(self, byte: int) -> None:
        if 0x30 <= byte <= 0x3F:
            self._keep(byte)
        elif 0x40 <= byte <= 0x7E:
            self._keep(byte)
            self._finish()
        else:
            self._break()
            self._ground(byte)

    def _mouse(self, byte: int) -> None:
        if byte < 0x20:
            self._break()
            self._ground(byte)
            return
        self._keep(byte)
        if self._length == 6:
            self._finish()

    def _string(self, byte: int) -> None:
        self._length += 1
        if byte == _BEL:
            self._end_string()
        elif byte == _ESC:
            self._state = _State.STRING_ESCAPE

    def _string_escape(self, byte: int) -> None:
        if byte == ord("\\"):
            self._end_string()
            return
        self._break()
        self._begin()
        self._escape(byte)

    def _end_string(self) -> None:
        self._out.append(Sequence(self._sequence[:2].decode("latin-1"), self._begun != self._now))
        self._state = _State.GROUND

    def _paste(self, data: bytes, at: int) -> int:
        """Take pasted bytes up to the end mark; return where to go on."""
        before = len(self._sequence)
        self._sequence += data[at:]
        end = self._sequence.find(_PASTE_END, max(before - len(_PASTE_END), 0))
        if end < 0:
            del self._sequence[KEPT : -len(_PASTE_END)]
            return len(data)
        self._end_paste(end)
        return at + end + len(_PASTE_END) - before

    def _end_paste(self, length: int) -> None:
        self._out.append(Bracketed(self._sequence[: min(length, KEPT)].decode("utf-8", "replace")))
        self._state = _State.GROUND

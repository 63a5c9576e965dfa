"""Text from outside, cleaned once where bytes become values."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

CAP = 2_000
"""Characters of one text that are ever drawn; more is counted, not shown."""

MARKS_PER_BASE = 3
"""Combining marks that may sit on one base character."""

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_BREAKS = {"\n": "⏎", "\u2028": "⏎", "\u2029": "⏎", "\x85": "⏎"}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Shown(str):
    """Outside text that is safe to draw as characters: no control, no direction change, bounded.

    It is the cleaned text itself. `raw` is what was received, for comparing and sending back, never for
    drawing. `altered` says that something suspicious had to be made visible: in a fraud queue a signal.
    """

    __slots__ = ()

    @classmethod
    def of(cls, raw: str, *, lines: bool = False, cap: int = CAP) -> "Shown":
        """Clean `raw`; with `lines`, line breaks stay line breaks instead of `⏎`."""
        text, altered = _cleaned(raw, lines=lines, cap=cap)
        return cls(text) if text == raw else _Rewritten(text).remembering(raw, altered=altered)

    @property
    def raw(self) -> str:
        """The text as received; it may hold anything."""
        return str(self)

    @property
    def altered(self) -> bool:
        """Whether something suspicious had to be made visible."""
        return False


class _Rewritten(Shown):
    """Text that differs from what was received; apart, so that a hundred thousand plain ones stay small."""

    __slots__ = ("_altered", "_raw")

    _raw: str
    _altered: bool

    def remembering(self, raw: str, *, altered: bool) -> "_Rewritten":
        """Keep what was received."""
        self._raw = raw
        self._altered = altered
        return self

    @property
    def raw(self) -> str:
        return self._raw

    @property
    def altered(self) -> bool:
        return self._altered


def clean(raw: str, *, lines: bool = False, cap: int = CAP) -> str:
    """Return `raw` as characters that are safe to draw; see `Shown`."""
    return _cleaned(raw, lines=lines, cap=cap)[0]


def escaped(raw: str) -> str:
    r"""Return `raw` with each character that cleaning would change written as `\uXXXX`: exact, and inert."""
    if raw.isascii() and raw.isprintable():
        return raw
    return raw.translate({ord(char): _escape(char) for char in set(raw) if not _plain(char)})


def well_formed(raw: str) -> str:
    """Return `raw` with lone surrogates replaced, so that it can be encoded."""
    return _LONE_SURROGATE.sub("\ufffd", raw)


def _is_harmless(text: str) -> bool:
    """Whether no character needs a closer look; looks at each different one once."""
    return all(_plain(char) and char not in _JOINERS for char in set(text))


def _plain(char: str) -> bool:
    return char.isprintable() and unicodedata.category(char) not in {"Mn", "Me"} and char not in _FILLERS


def _escape(char: str) -> str:
    code = ord(char)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def _cleaned(raw: str, *, lines: bool, cap: int) -> tuple[str, bool]:
    rest = len(raw) - cap
    text = raw if rest <= 0 else raw[:cap]
    altered = False
    if not ((text.isascii() and text.isprintable()) or _is_harmless(text)):
        text, altered = _walk(text, lines=lines)
    if rest > 0:
        text = f"{text}… (+{rest})"
    return text, altered


def _walk(text: str, *, lines: bool) -> tuple[str, bool]:
    out: list[str] = []
    altered = False
    marks: int | None = None  # a mark with nothing under it would sit on what is drawn before this text
    for char in text.replace("\r\n", "\n"):
        category = unicodedata.category(char)
        if category in {"Mn", "Me"} and char not in _JOINERS and not _invisible(char):
            if marks is None:
                out.append("\N{DOTTED CIRCLE}")
                altered, marks = True, 0
            if marks < MARKS_PER_BASE:
                out.append(char)
                marks += 1
            else:
                altered = True
            continue
        drawn, suspicious = _drawn(char, category, lines=lines)
        altered = altered or suspicious
        if drawn:
            out.append(drawn)
            marks = None if drawn == "\n" else 0
    return "".join(out), altered


@lru_cache(4_096)
def _drawn(char: str, category: str, *, lines: bool) -> tuple[str, bool]:
    """Return what stands for `char`, and whether a reviewer should be told."""
    for applies, replace in _RULES:
        if applies(char, category):
            return replace(char, lines)
    return char, False


def _invisible(char: str) -> bool:
    code = ord(char)
    return (
        0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF or char in _FILLERS or 0x180B <= code <= 0x180F
    )


def _picture(char: str, lines: bool) -> tuple[str, bool]:  # noqa: FBT001 – one shape for every rule
    del lines
    code = ord(char)
    return ("␡" if code == 0x7F else chr(0x2400 + code)), char not in "\t\r"


_Rule = tuple[Callable[[str, str], bool], Callable[[str, bool], tuple[str, bool]]]
_RULES: tuple[_Rule, ...] = (
    (lambda c, _: c in _BREAKS, lambda c, lines: ("\n" if lines else _BREAKS[c], False)),
    (lambda c, _: c < " " or c == "\x7f", _picture),
    (lambda _, k: k == "Cc", lambda c, _: (f"<{ord(c):02X}>", True)),
    (lambda c, _: c in BIDI, lambda c, _: (f"<U+{ord(c):04X}>", True)),
    (lambda c, _: c in _JOINERS, lambda _, __: ("", False)),
    (lambda c, k: k == "Cf" or _invisible(c), lambda _, __: ("", True)),
    (lambda _, k: k in {"Cs", "Co", "Cn"}, lambda _, __: ("\ufffd", True)),
)

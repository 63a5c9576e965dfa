"""What an escape sequence means: a key, a report that Textual asked for, an answer nobody waits for."""

import re
from enum import Enum, auto
from typing import Final

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS, IGNORE_SEQUENCE
from textual._keyboard_protocol import FUNCTIONAL_KEYS

from review_tui.model.frozen import frozen


class Kind(Enum):
    """What is done with a sequence."""

    FREE_KEY = auto()
    """A key that writes nothing: arrows, function keys; it can only be typed as a whole."""
    TYPED_KEY = auto()
    """A key that writes or controls, sent as a sequence: the kitty protocol, the keypad."""
    ASIDE = auto()
    """What comes beside keys: reports of modes that were asked for, with any frame, and bare modifiers."""
    RESIZE = auto()
    """The window's new size, as Textual asked to be told."""
    MOUSE = auto()
    ANSWER = auto()
    """A well-formed reply that nobody waits for."""
    UNKNOWN = auto()


@frozen
class Reading:
    """A sequence's kind; `text` is what a typed key writes, a control character for one that controls."""

    kind: Kind
    text: str = ""


_UNKNOWN: Final = Reading(Kind.UNKNOWN)
_STRINGS: Final = frozenset("]P_^X")
MODE_REPORT: Final = re.compile(r"\x1b\[\?(2026|2048|2004|1004|25);[0-4]\$y")
"""What the terminal answers to the questions that Textual asks, and to those that end a frame."""
_RESIZE: Final = re.compile(r"\x1b\[48(?:;[1-9][0-9]{0,3}){2}(?:;[0-9]{1,5}){2}t")
_MOUSE: Final = re.compile(r"\x1b\[<[0-9]{1,3}(?:;-?[0-9]{1,5}){2}[Mm]")
_KEY: Final = re.compile(r"\x1b\[([0-9]{1,7})(?:;([0-9]{0,3}))?(?:;([0-9:]{0,40}))?([u~A-FHPQS])")
_ANSWER: Final = re.compile(
    r"""\x1b\[(?:
        [?>=][0-9;]*c               # what the terminal is
      | \??[0-9;]*n                 # its state
      | \??[0-9;]+R                 # where its cursor is
      | \??[0-9;]+\$y               # a mode
      | \?[0-9;]*u                  # its keyboard's flags
      | \?[0-9;]*S                  # its graphics
      | [0-9;]+t                    # its window
      | [0-9;]+x                    # its parameters
      | <[0-9;-]+[Mm]               # the mouse, one way
      | [0-9;]+M                    # and another
      | M[\x20-\xff]{3}             # and the oldest
      | [IO]                        # the window's focus: nothing here looks different without it
      | 201~                        # the end of a paste that never began
    )""",
    re.VERBOSE,
)
_PRIVATE: Final = range(57344, 63744)
_MODIFIERS: Final = frozenset(range(57441, 57455))
_KEYPAD: Final = range(57399, 57417)
_CONTROLS: Final = {"enter": "\r", "tab": "\t", "backspace": "\x7f", "space": " "}
_MODIFIED: Final = "\x00"
"""What stands for a key that controls and writes nothing, such as ctrl+p sent as a sequence."""


def reading(sequence: str) -> Reading:
    """Return what a whole sequence means."""
    if MODE_REPORT.fullmatch(sequence):
        return Reading(Kind.ASIDE)
    if _RESIZE.fullmatch(sequence):
        return Reading(Kind.RESIZE)
    if sequence[1:] in _STRINGS or _is_answer(sequence):
        return Reading(Kind.MOUSE if _MOUSE.fullmatch(sequence) else Kind.ANSWER)
    if match := _KEY.fullmatch(sequence):
        return _of_protocol(*match.groups(default=""))
    return _of_table(sequence)


def _is_answer(sequence: str) -> bool:
    return bool(_ANSWER.fullmatch(sequence)) or ANSI_SEQUENCES_KEYS.get(sequence) is IGNORE_SEQUENCE


def _of_protocol(code: str, modifiers: str, text: str, final: str) -> Reading:
    """Read a key of the kitty protocol as Textual will, but refuse what it stumbles over or misreads."""
    number = int(code)
    if final != "u":
        return Reading(Kind.FREE_KEY) if f"{number}{final}" in FUNCTIONAL_KEYS and not text else _UNKNOWN
    if number == 27 or (number in _PRIVATE and number not in _KEYPAD):
        kind = Kind.ASIDE if number in _MODIFIERS else Kind.FREE_KEY
        return _UNKNOWN if text else Reading(kind)
    try:
        written = "".join(chr(int(part)) for part in text.split(":")) if text else ""
        plain = FUNCTIONAL_KEYS.get(f"{number}u") or chr(number)
    except (ValueError, OverflowError):
        return _UNKNOWN
    if any("\ud800" <= character <= "\udfff" for character in written + plain):
        return _UNKNOWN
    controls = modifiers not in {"", "0", "1", "2"}
    return Reading(Kind.TYPED_KEY, written or (_MODIFIED if controls else _CONTROLS.get(plain, plain)))


def _of_table(sequence: str) -> Reading:
    keys = ANSI_SEQUENCES_KEYS.get(sequence)
    if isinstance(keys, str) and len(sequence) > 2:
        return Reading(Kind.TYPED_KEY, keys)
    if not isinstance(keys, tuple) or (len(sequence) == 2 and sequence[1].isprintable()):
        return _UNKNOWN  # Alt and a letter: an escape byte before something else looks the same
    text = _CONTROLS.get(keys[0].value)
    return Reading(Kind.TYPED_KEY, text) if text else Reading(Kind.FREE_KEY)

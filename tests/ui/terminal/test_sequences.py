"""What a sequence means agrees with Textual's own parser, wherever that can be trusted."""

import itertools

import pytest
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.message import Message

from review_tui.ui.terminal.sequences import Kind, reading

PASSED = {Kind.FREE_KEY, Kind.TYPED_KEY, Kind.ASIDE, Kind.RESIZE, Kind.MOUSE}


def parsed(sequence: str) -> list[Message]:
    return list(XTermParser().feed(sequence))


def keys(sequence: str) -> list[events.Key]:
    return [message for message in parsed(sequence) if isinstance(message, events.Key)]


def test_every_key_that_textual_knows_is_free_only_if_it_writes_nothing() -> None:
    free = [known for known in ANSI_SEQUENCES_KEYS if len(known) > 1 and reading(known).kind is Kind.FREE_KEY]
    assert len(free) > 100
    for sequence in free:
        assert keys(sequence), sequence
        assert not any(key.is_printable or key.key in {"enter", "space"} for key in keys(sequence)), sequence


def test_a_key_of_the_protocol_that_passes_is_one_key() -> None:
    known = itertools.product(FUNCTIONAL_KEYS, ["", ";1", ";2", ";5", ";129"])
    sequences = [f"\x1b[{key[:-1]}{modifier}{key[-1]}" for key, modifier in known]
    passed = [sequence for sequence in sequences if reading(sequence).kind in PASSED]
    assert len(passed) > 50
    assert {sequence: len(keys(sequence)) for sequence in passed if len(keys(sequence)) != 1} == {}


def test_nothing_that_passes_upsets_the_parser_or_comes_out_as_letters() -> None:
    numbers = ("", "0", "1", "2", "27", "48", "97", "200", "65537", "1114112", "9999999", "97:65", "1:2")
    finals = "".join(map(chr, range(0x40, 0x7F)))
    passed = 0
    for prefix, one, two, three, final in itertools.product(
        ("", "?", "<", ">"), numbers, numbers, numbers, finals
    ):
        sequence = f"\x1b[{prefix}{one};{two};{three}{final}".replace(";;" + final, final)
        if reading(sequence).kind not in PASSED:
            continue
        passed += 1
        written = [key for key in keys(sequence) if key.is_printable]
        assert not written or reading(sequence).kind is Kind.TYPED_KEY, sequence
    assert passed > 200


@pytest.mark.parametrize(
    ("sequence", "kind"),
    [
        ("\x1b[A", Kind.FREE_KEY),
        ("\x1b[97;1A", Kind.UNKNOWN),
        ("\x1bOM", Kind.TYPED_KEY),
        ("\x1b[97;;97u", Kind.TYPED_KEY),
        ("\x1b[97;5u", Kind.TYPED_KEY),
        ("\x1b[27u", Kind.FREE_KEY),
        ("\x1b[55296u", Kind.UNKNOWN),
        ("\x1bf", Kind.UNKNOWN),
        ("\x1b[?2026;2$y", Kind.ASIDE),
        ("\x1b[?1016;2$y", Kind.ANSWER),
        ("\x1b[48;24;80;480;640t", Kind.RESIZE),
        ("\x1b[48;0;80;480;640t", Kind.ANSWER),
        ("\x1b[I", Kind.ANSWER),
        ("\x1b[1;1R", Kind.ANSWER),
        ("\x1b[<0;NaN", Kind.UNKNOWN),
        ("\x1b[<0;1;1M", Kind.MOUSE),
        ("\x1b]", Kind.ANSWER),
    ],
)
def test_a_sequence_is_what_it_is(sequence: str, kind: Kind) -> None:
    assert reading(sequence).kind is kind

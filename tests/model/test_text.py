"""Whatever a submitter writes, what is drawn is characters and nothing else."""

import json
import pickle
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from review_tui.model.text import (
    BIDI,
    CAP,
    MARKS_PER_BASE,
    Shown,
    _drawn,
    clean,
    escaped,
    well_formed,
)

INVISIBLE = "\u00ad\u200b\u2060\ufeff\u180e\U000e0041\U000e0100\ufe00\u3164\u115f\uffa0\u034f\u2800"
HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Mn", "Me", "Zl", "Zp"]),
        st.sampled_from("\x1b\x9b\x9d\x07\n\r\t[]m;0e\u0301\u0308" + INVISIBLE + "".join(sorted(BIDI))),
    )
)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each story cleans its characters anew, whatever another has cleaned before."""
    _drawn.cache_clear()


def code_points(text: str) -> str:
    return " ".join(f"{ord(char):04X}" for char in text)


def is_inert(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} and char not in BIDI


@given(HOSTILE)
@example("\x1b]52;c;aGk=\x07")
@example("\x9b31m")
@example("a\u202eb")
@example("\ud800")
def test_nothing_that_acts_survives(raw: str) -> None:
    text = clean(raw)
    assert all(is_inert(char) for char in text), ascii(text)
    text.encode()


@given(HOSTILE)
def test_lines_are_the_one_thing_that_may_be_kept(raw: str) -> None:
    text = clean(raw, lines=True)
    assert all(char == "\n" or is_inert(char) for char in text), ascii(text)
    assert text.replace("\n", "⏎") == clean(raw) or any(unicodedata.combining(c) for c in text)


@given(HOSTILE)
def test_cleaning_what_is_clean_changes_nothing(raw: str) -> None:
    once = Shown.of(raw)
    again = Shown.of(str(once))
    assert (str(again), again.altered, again.raw) == (str(once), False, str(once))


@given(HOSTILE)
def test_the_exact_text_is_kept_and_can_be_seen(raw: str) -> None:
    shown = Shown.of(raw)
    assert shown.raw == raw
    seen = escaped(raw)
    assert all(is_inert(char) for char in seen)
    assert not any(unicodedata.category(char) in {"Mn", "Me"} for char in seen)
    if "\\" not in raw and '"' not in raw:
        quoted = f'"{seen}"'
        assert json.loads(quoted) == raw


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_printable_ascii_goes_through_as_it_is(raw: str) -> None:
    shown = Shown.of(raw)
    assert (str(shown), shown.altered, type(shown)) == (raw, False, Shown)


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E)), HOSTILE)
def test_the_quick_way_and_the_thorough_way_agree(plain: str, hostile: str) -> None:
    """A plain beginning is cleaned the same alone (quick) and before something that needs care."""
    assert clean(plain + "é" + hostile).startswith(plain + "é")
    assert clean(plain) + "⏎" == clean(plain + "\n")


@given(HOSTILE)
def test_no_mark_piles_up_or_sits_on_its_neighbour(raw: str) -> None:
    pile = 0
    for index, char in enumerate(clean(raw)):
        pile = pile + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        assert pile <= MARKS_PER_BASE
        assert index > 0 or pile == 0


@given(st.integers(0, 50), st.integers(0, 60))
def test_more_than_the_cap_is_counted(cap: int, length: int) -> None:
    text = clean("x" * length, cap=cap)
    rest = length - cap
    assert text == ("x" * length if rest <= 0 else "x" * cap + f"… (+{rest})")


@pytest.mark.parametrize(
    ("raw", "text", "altered"),
    [
        ("Café Łąka", "Café Łąka", False),
        ("東京 🧾", "東京 🧾", False),
        ("e\u0301", "e\u0301", False),
        ("two\nlines\r\nmore", "two⏎lines⏎more", False),
        ("a\tb", "a␉b", False),
        ("\x1b[2J", "␛[2J", True),
        ("\x00\x7f", "␀␡", True),
        ("\x9b2J", "<9B>2J", True),
        ("\x85", "⏎", False),
        ("gpj.\u202eexe", "gpj.<U+202E>exe", True),
        ("pay\u200bpal", "paypal", True),
        ("pay\u00adpal", "paypal", True),
        ("👩\u200d🔬", "👩🔬", False),
        ("❤\ufe0f", "❤", False),
        ("👍\U0001f3fd", "👍", False),
        ("x\U000e0041", "x", True),
        ("\ue000", "\ufffd", True),
        ("\ud83d", "\ufffd", True),
        ("\u0301x", "\N{DOTTED CIRCLE}\u0301x", True),
        ("z" + "\u0335" * 40, "z" + "\u0335" * MARKS_PER_BASE, True),
        ("", "", False),
    ],
)
def test_what_stands_for_what(raw: str, text: str, *, altered: bool) -> None:
    shown = Shown.of(raw)
    assert (str(shown), shown.altered) == (text, altered)


@pytest.mark.parametrize(
    "char", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ids=code_points
)
def test_each_change_of_direction_is_named(char: str) -> None:
    shown = Shown.of(f"a{char}b")
    assert (str(shown), shown.altered) == (f"a<U+{ord(char):04X}>b", True)


@pytest.mark.parametrize(
    "char", "\u200c\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff", ids=code_points
)
def test_what_only_joins_or_tints_is_left_out_without_a_word(char: str) -> None:
    shown = Shown.of(f"a{char}b")
    assert (str(shown), shown.altered, shown.raw) == ("ab", False, f"a{char}b")


@pytest.mark.parametrize(
    "char",
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180e\u180f\u200b\u2060\u3164\ufe00\ufeff\uffa0"
    "\U000e0000\U000e0041\U000e0fff",
    ids=code_points,
)
def test_what_cannot_be_seen_is_left_out_and_said(char: str) -> None:
    shown = Shown.of(f"a{char}b")
    assert (str(shown), shown.altered) == ("ab", True)


@pytest.mark.parametrize("char", "\u180a\u1810\ufdff\ufe10\u2800\u00a0\uff9f", ids=code_points)
def test_what_stands_beside_the_invisible_is_left_alone(char: str) -> None:
    shown = Shown.of(f"a{char}b\t")
    assert (str(shown), shown.altered) == (f"a{char}b␉", False)


def test_what_is_not_assigned_is_replaced_also_beside_the_invisible() -> None:
    shown = Shown.of("a\U000e1000b\u0378")
    assert (str(shown), shown.altered) == ("a\ufffdb\ufffd", True)


def test_a_key_of_a_control_is_seen_and_a_tab_or_return_is_no_suspicion() -> None:
    for code in range(0x20):
        shown = Shown.of(f"a{chr(code)}b")
        expected = "⏎" if chr(code) == "\n" else chr(0x2400 + code)
        assert (str(shown), shown.altered) == (f"a{expected}b", chr(code) not in "\n\t\r")
    for code in range(0x80, 0xA0):
        shown = Shown.of(f"a{chr(code)}b")
        expected = "⏎" if code == 0x85 else f"<{code:02X}>"
        assert (str(shown), shown.altered) == (f"a{expected}b", code != 0x85)


@pytest.mark.parametrize("char", ["\n", "\u2028", "\u2029", "\x85", "\r\n"], ids=code_points)
def test_each_break_is_a_line_where_lines_are_kept(char: str) -> None:
    assert clean(f"a{char}b") == "a⏎b"
    assert clean(f"a{char}b", lines=True) == "a\nb"
    kept = Shown.of(f"a{char}\u0301b", lines=True)
    assert (str(kept), kept.altered) == ("a\n\N{DOTTED CIRCLE}\u0301b", True)
    joined = Shown.of(f"a{char}\u0301b")
    assert (str(joined), joined.altered) == ("a⏎\u0301b", False)


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("plain", "plain"),
        ("Łąka\n", "Łąka\\u000a"),
        ("\uffff", "\\uffff"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("\U0010ffff", "\\udbff\\udfff"),
        ("\ue000e\u0301\u20dd\u3164", "\\ue000e\\u0301\\u20dd\\u3164"),
        ("👩\u200d🔬", "👩\\u200d🔬"),
    ],
    ids=code_points,
)
def test_the_exact_text_is_written_in_characters_that_do_nothing(raw: str, seen: str) -> None:
    assert escaped(raw) == seen


def test_marks_are_counted_for_each_base_anew() -> None:
    four = "\u0301" * 4
    shown = Shown.of(f"a{four}b{four}")
    assert (str(shown), shown.altered) == ("a\u0301\u0301\u0301b\u0301\u0301\u0301", True)
    assert not Shown.of("a\u0301\u0301\u0301").altered
    assert str(Shown.of("a" + "\u20dd" * 4)) == "a\u20dd\u20dd\u20dd", "a mark around is one as well"
    led = Shown.of(four)
    assert (str(led), led.altered) == ("\N{DOTTED CIRCLE}\u0301\u0301\u0301", True)
    assert str(Shown.of("a\u200b\u0301")) == "a\u0301", "what is left out is no base"
    assert str(Shown.of("\u200b\u0301")) == "\N{DOTTED CIRCLE}\u0301"


def test_a_long_text_is_cut_at_the_cap_and_not_before_it() -> None:
    assert clean("x" * CAP) == "x" * CAP
    assert clean("x" * (CAP + 1)) == "x" * CAP + "… (+1)"
    cut = Shown.of("\x1b" + "x" * CAP, cap=3)
    assert (str(cut), cut.altered, len(cut.raw)) == (f"␛xx… (+{CAP - 2})", True, CAP + 1)
    assert not Shown.of("xxx\x1b", cap=3).altered, "what is not drawn is not judged"


def test_a_long_text_is_cut_before_it_costs_anything() -> None:
    text = clean("\u0335" * 10_000_000)
    assert len(text) < CAP + 20


def test_it_is_text_among_texts() -> None:
    shown = Shown.of("review")
    assert shown == "review"
    assert {"review": 1}[shown] == 1
    assert pickle.loads(pickle.dumps(Shown.of("a\x1b"))).raw == "a\x1b"


@given(HOSTILE)
def test_what_is_sent_back_can_always_be_encoded(raw: str) -> None:
    assert well_formed(raw).encode().decode() == well_formed(raw)
    assert well_formed("é\ud800") == "é\ufffd"

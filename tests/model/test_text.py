"""Whatever a submitter writes, what is drawn is characters and nothing else."""

import json
import pickle
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from review_tui.model.text import (
    BIDI,
    CAP,
    MARKS_PER_BASE,
    Shown,
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


def test_a_long_text_is_cut_before_it_costs_anything() -> None:
    text = clean("\u0335" * 10_000_000)
    assert len(text) < CAP + 20


def test_a_model_cleans_where_bytes_become_values_and_gives_back_what_it_received() -> None:
    class Named(BaseModel):
        name: Shown

    named = Named.model_validate({"name": "a\x1bb"})
    assert (named.name, named.name.altered) == ("a␛b", True)
    assert named.model_dump() == {"name": "a\x1bb"}
    assert Named(name=named.name).name is named.name
    with pytest.raises(ValidationError):
        Named.model_validate({"name": 7})


def test_it_is_text_among_texts() -> None:
    shown = Shown.of("review")
    assert shown == "review"
    assert {"review": 1}[shown] == 1
    assert pickle.loads(pickle.dumps(Shown.of("a\x1b"))).raw == "a\x1b"


@given(HOSTILE)
def test_what_is_sent_back_can_always_be_encoded(raw: str) -> None:
    assert well_formed(raw).encode().decode() == well_formed(raw)
    assert well_formed("é\ud800") == "é\ufffd"

"""A match says what it compared and who judged it, as far as the server tells."""

from typing import Any

import pytest

from review_tui.model.events import Event
from review_tui.model.fraud import FraudMatch, open_ones
from review_tui.model.wire import read_one


def match(**said: Any) -> FraudMatch:
    return read_one(FraudMatch, {"id": "m1"} | said, "it")


def test_a_match_is_open_until_it_has_a_resolution_of_any_word() -> None:
    matches = [match(), match(id="m2", resolution="false_positive"), match(id="m3", resolution="shrugged")]
    assert [found.id for found in open_ones(matches)] == ["m1"]


@pytest.mark.parametrize("blank", ["", " ", "\t", 7, {}, False])
def test_what_is_no_word_is_no_judgement(blank: object) -> None:
    assert match(resolution=blank).is_open


def test_fields_stand_side_by_side() -> None:
    fields = [
        {"name": "total", "value": 18.4, "matchedValue": "18,40", "similarity": 0.9},
        {"name": "gpj.\u202e", "value": None},
        {"value": "nameless"},
        "nonsense",
    ]
    first, second = match(details={"fields": fields}).compared
    assert (first.name, first.shown, first.matched_shown, first.similarity) == ("total", "18.4", "18,40", 0.9)
    assert (second.name, second.shown, second.matched_shown) == ("gpj.<U+202E>", "–", "–")


@pytest.mark.parametrize(
    "details", [None, 7, "x", [], {"distance": 3}, {"fields": None}, {"fields": {"a": 1}}]
)
def test_a_match_of_images_compares_no_fields(details: object) -> None:
    assert match(details=details).compared == ()


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ({"type": "reviewer", "id": "u1", "name": "Ola\x1b"}, "Ola␛"),
        ({"type": "reviewer", "id": "u1", "name": None}, "u1"),
        ("Ola", "Ola"),
        (None, "–"),
        ({}, "–"),
    ],
)
def test_who_judged_it(who: object, name: str) -> None:
    assert match(resolvedBy=who).resolver == name
    assert read_one(Event, {"type": "fraud_match_resolved", "actor": who}, "it").actor_name == name


def test_a_system_is_named_by_its_kind() -> None:
    assert read_one(Event, {"type": "created", "actor": {"type": "system"}}, "it").actor_name == "system"

"""What was shown against what is read: the digest that a decision rests on, and what has changed since."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from review_tui.model.decisions import Intent
from review_tui.model.digest import NAMED, decided_on, differences, digest_of, has_changed
from review_tui.model.fraud import Resolution
from review_tui.model.records import subject_of
from review_tui.model.submissions import Detail, Verb, read_detail

MATCH = {"id": "m1", "type": "exact_duplicate", "score": 97, "matchedSubmissionId": "k9"}
DATA = {
    "merchantName": "Café Łąka",
    "totalAmount": Decimal("18.40"),
    "currency": "PLN",
    "lines": [{"net": 1}],
}

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def detail(**more: Any) -> Detail:
    body = {"id": "k1", "submissionStatus": "review", "extractedData": DATA, "fraudMatches": [MATCH]}
    return read_detail(body | more)


def test_the_same_answer_in_another_order_has_the_same_digest() -> None:
    other = {"id": "m2", "type": "image_similarity", "score": 80}
    shown = detail(fraudMatches=[MATCH, other])
    turned = detail(fraudMatches=[other, MATCH], extractedData=dict(reversed(DATA.items())), events=[{}])
    assert digest_of(shown) == digest_of(turned)
    assert not has_changed(digest_of(shown), turned)
    assert differences(shown, turned) == ()


@given(JSON, JSON)
def test_another_value_has_another_digest(one: Any, other: Any) -> None:
    same = repr(one) == repr(other) or one == other
    digests = (digest_of(detail(extractedData={"x": one})), digest_of(detail(extractedData={"x": other})))
    assert same or digests[0] != digests[1]


def test_nothing_shown_compares_to_nothing() -> None:
    assert not has_changed("", detail())


def test_a_changed_amount_is_named_with_both_values() -> None:
    fresh = detail(extractedData=DATA | {"totalAmount": Decimal("99.00")})
    assert has_changed(digest_of(detail()), fresh)
    assert differences(detail(), fresh) == ("totalAmount was 18.40, is 99.00",)


def test_fields_that_come_and_go_are_named() -> None:
    fresh = detail(extractedData={name: DATA[name] for name in DATA if name != "currency"} | {"tax": 3})
    assert differences(detail(), fresh) == ("currency is gone", "tax is new: 3")


def test_matches_that_come_go_or_are_judged_are_named() -> None:
    judged = detail(fraudMatches=[MATCH | {"resolution": "false_positive"}])
    assert differences(detail(), judged) == ("exact duplicate 97: judged false_positive",)
    assert differences(detail(), detail(fraudMatches=[])) == ("fraud match is gone: exact duplicate 97",)
    assert differences(detail(fraudMatches=[]), detail()) == ("new fraud match: exact duplicate 97",)
    assert differences(detail(), detail(fraudMatches=[MATCH | {"score": 40}])) == (
        "exact duplicate 40: changed",
    )
    assert differences(detail(), detail(fraudMatches=None)) == ("its fraud matches could be read only once",)


def test_many_differences_are_counted() -> None:
    told = differences(detail(), detail(submissionStatus="approved", extractedData={}, fraudMatches=[]))
    assert len(told) == NAMED + 1
    assert told[0] == "status was review, is approved"
    assert told[-1] == "and 3 more"


def test_one_difference_too_many_is_counted_and_three_are_not() -> None:
    before, fresh = detail(extractedData={}), dict[str, int]()
    for number in range(5):
        fresh[f"f{number}"] = number
        told = differences(before, detail(extractedData=fresh))
        named = tuple(f"f{name} is new: {name}" for name in range(min(number + 1, NAMED)))
        assert told == named + ((f"and {number + 1 - NAMED} more",) if number >= NAMED else ())


def test_matches_that_could_be_read_neither_time_are_no_difference() -> None:
    unread = detail(fraudMatches=None)
    assert differences(unread, unread) == ()
    assert differences(unread, detail()) == ("its fraud matches could be read only once",)
    tax = detail(extractedData=DATA | {"tax": 3}, fraudMatches=None)
    assert differences(unread, tax) == ("tax is new: 3",)


def test_a_match_is_named_by_its_kind_and_score_as_far_as_they_are_known() -> None:
    for said, named in (
        ({"type": "image_similarity", "score": 80.4}, "image similarity 80"),
        ({"type": "image_similarity"}, "image similarity"),
        ({"score": 0}, "match 0"),
        ({}, "match"),
    ):
        fresh = detail(fraudMatches=[MATCH, {"id": "m2"} | said])
        assert differences(detail(), fresh) == (f"new fraud match: {named}",)


def test_a_judgement_taken_back_is_a_change_like_any_other() -> None:
    judged = detail(fraudMatches=[MATCH | {"resolution": "false_positive"}])
    assert differences(judged, detail()) == ("exact duplicate 97: changed",)
    scored = detail(fraudMatches=[MATCH | {"resolution": "false_positive", "score": 40}])
    assert differences(judged, scored) == ("exact duplicate 40: changed",)


@pytest.mark.parametrize("part", ["type", "score", "matchedSubmissionId", "resolution", "details"])
def test_each_part_of_a_match_that_a_person_sees_is_in_its_digest(part: str) -> None:
    value: Any = {"distance": 3} if part == "details" else 1 if part == "score" else "other"
    assert has_changed(digest_of(detail()), detail(fraudMatches=[MATCH | {part: value}]))
    assert not has_changed(digest_of(detail()), detail(fraudMatches=[MATCH | {"note": "seen"}]))


def test_a_digest_is_two_times_32_hex() -> None:
    for one in (detail(), detail(extractedData=None, fraudMatches=None)):
        assert re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{32}", digest_of(one))


def test_the_digest_is_the_same_on_every_machine_and_next_year() -> None:
    """It is kept on disk and compared by another run: another way of hashing would cry change at each."""
    data = {"b": [1, "é", None, True], "a": {"x": Decimal("18.40")}}
    assert digest_of(detail(extractedData=data)) == (
        "b4ed2d233bbe25ca64f28c07215a424a.22b6223f72b916534ed89192e4c849c0"
    )


def test_a_value_that_moves_from_one_place_to_another_is_a_change() -> None:
    for one, other in (
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [[1], 2]}, {"a": [[1, 2]]}),
        ({"a": {"b": 1}, "c": 2}, {"a": {"b": 1, "c": 2}}),
        ({"a": "1"}, {"a": 1}),
        ({"a": "x", "b": "y"}, {"a": "y", "b": "x"}),
        ({"a": ["b", "c"]}, {"a": ["b,c"]}),
        ({"a": []}, {"a": {}}),
        ({"a": ""}, {"a": None}),
    ):
        assert has_changed(digest_of(detail(extractedData=one)), detail(extractedData=other)), one


def test_of_a_long_value_so_much_is_told_as_a_line_holds() -> None:
    fresh = detail(extractedData=DATA | {"merchantName": "x" * 900})
    assert differences(detail(), fresh) == (f"merchantName was Café Łąka, is {'x' * 60}… (+840)",)


def test_the_digest_of_an_unread_part_still_tells_the_other() -> None:
    digest = digest_of(detail())
    assert differences(None, detail(extractedData={}, fraudMatches=[]), digest) == (
        "its data changed",
        "its fraud matches changed",
    )
    assert differences(None, detail(extractedData={})) == ()


def test_what_is_beyond_the_list_still_counts() -> None:
    many: dict[str, int] = {f"f{number}": number for number in range(500)}
    told = differences(detail(extractedData=many), detail(extractedData=many | {"f499": 0}))
    assert told == ("something that is not listed changed",)


def test_the_digest_alone_still_tells_which_part_changed() -> None:
    digest = digest_of(detail())
    assert differences(None, detail(), digest) == ()
    assert differences(None, detail(extractedData={}), digest) == ("its data changed",)
    assert differences(None, detail(fraudMatches=[]), digest) == ("its fraud matches changed",)


def test_hostile_data_is_taken_as_it_is() -> None:
    deep: Any = {}
    for _ in range(50_000):
        deep = {"a": [deep]}
    hostile = replace(detail(), extracted_data=deep)
    assert has_changed(digest_of(detail()), hostile)
    (told,) = differences(detail(extractedData={}), detail(extractedData={"a": "\x1b[2J" + "x" * 900}))
    assert told.isprintable()
    assert len(told) < 120


def test_a_record_is_named_by_merchant_and_amount() -> None:
    assert subject_of(detail()) == "Café Łąka 18.40 PLN"
    assert subject_of(detail(extractedData=None)) == ""


def test_a_judgement_rests_on_its_own_match_whatever_becomes_of_the_others() -> None:
    at = datetime(2026, 3, 25, 12, tzinfo=UTC)
    intent = Intent(Verb.RESOLVE, "k1", at, match_id="m1", resolution=Resolution.FALSE_POSITIVE)
    approval = Intent(Verb.APPROVE, "k1", at)
    before, other_judged, own_judged = (
        detail(fraudMatches=[{**MATCH, "resolution": own}, {"id": "m2", "resolution": other}])
        for own, other in ((None, None), (None, "false_positive"), ("false_positive", None))
    )
    digest = digest_of(decided_on(intent, before))
    assert not has_changed(digest, decided_on(intent, other_judged))
    assert has_changed(digest, decided_on(intent, own_judged))
    assert has_changed(digest_of(decided_on(approval, before)), decided_on(approval, other_judged))

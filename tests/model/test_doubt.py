"""Which fields a person should check."""

import pytest

from review_tui.model.doubt import Band, band_of, has_confidences, reading_of, to_check
from review_tui.model.extraction import fields_of
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail, read_detail
from review_tui.model.wire import Json

LIMITS = DoubtLimits(doubtful=0.6, sure=0.8)


def a_submission(data: Json, id_: str = "s1") -> Detail:
    return read_detail({"id": id_, "submissionStatus": "review", "extractedData": data})


@pytest.mark.parametrize(
    ("confidence", "band"),
    [
        (0.0, Band.DOUBTFUL),
        (0.59, Band.DOUBTFUL),
        (0.6, Band.UNSURE),
        (0.79, Band.UNSURE),
        (0.8, Band.SURE),
        (1.0, Band.SURE),
        (None, Band.UNSAID),
    ],
)
def test_a_confidence_is_sorted_by_the_limits(confidence: float | None, band: Band) -> None:
    assert band_of(confidence, LIMITS) is band


def test_without_limits_the_built_in_ones_count() -> None:
    assert (band_of(0.69), band_of(0.7), band_of(0.89), band_of(0.9)) == (
        Band.DOUBTFUL,
        Band.UNSURE,
        Band.UNSURE,
        Band.SURE,
    )


def test_the_doubtful_come_before_the_unsure_each_as_received() -> None:
    scores = {"a": 0.7, "b": 0.5, "c": 0.9, "d": 0.65, "e": 0.1, "f": None}
    data: Json = {name: {"value": "x", "confidence": score} for name, score in scores.items()}
    fields = fields_of(a_submission(data).extracted_data).fields
    assert [field.path for field in to_check(fields, LIMITS)] == ["b", "e", "a", "d"]
    assert has_confidences(fields)


def test_fields_without_a_confidence_of_their_own_are_not_called_doubtful() -> None:
    fields = fields_of(a_submission({"a": "x", "b": "y"}).extracted_data).fields
    assert not has_confidences(fields)
    assert to_check(fields, LIMITS) == ()


def test_another_reading_is_another_thing_to_check() -> None:
    first = reading_of(a_submission({"a": "x"}))
    assert reading_of(a_submission({"a": "x"})) == first
    assert reading_of(a_submission({"a": "y"})) != first
    assert reading_of(a_submission({"a": "x"}, "s2")) != first

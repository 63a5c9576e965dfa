"""Frozen classes against those of the standard library that they stand for."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from inspect import get_annotations
from math import nan
from typing import Any, ClassVar

import pytest

from review_tui.model.frozen import frozen


def made_by(decorator: Callable[[type], type]) -> tuple[type, ...]:
    """Return the same classes, as made by a decorator."""

    class Empty:
        """Nothing in it."""

    class One:
        """One value."""

        value: float

    class Several:
        """Values with and without defaults."""

        kind: ClassVar[str] = "several"
        name: str
        many: Mapping[str, int] = field(default_factory=dict)
        said: str = field(default="", repr=False, compare=False)
        length: int = 0

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", len(self.name))

        @property
        def twice(self) -> str:
            """The name twice."""
            return self.name * 2

    return tuple(decorator(one) for one in (Empty, One, Several))


EMPTY, ONE, SEVERAL = made_by(frozen)
STANDARD = dataclass(frozen=True, slots=True)


@frozen
class Kept:
    """A value that can be found by its name, as pickle wants it."""

    name: str
    others: tuple[int, ...] = ()


def told_of(cls: type, *given: object, **named: object) -> object:
    """Return all that can be told of an object, or why there is none."""
    try:
        one = cls(*given, **named)
    except TypeError as error:
        return str(error)
    told = [repr(one), one == cls(*given, **named), one == cls, one != EMPTY, is_dataclass(one)]
    told += [{each.name: getattr(one, each.name) for each in fields(one)}]
    return [*told, cls.__match_args__, cls.__slots__, hasattr(one, "__dict__"), cls.__doc__]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("number", "given", "named"),
    [
        (0, (), {}),
        (0, (1,), {}),
        (1, (1.5,), {}),
        (1, (nan,), {}),
        (1, (), {}),
        (1, (), {"other": 1}),
        (1, (1, 2), {}),
        (2, ("a",), {}),
        (2, ("a", {"b": 1}), {"said": "c"}),
        (2, (), {"many": {}, "name": "abc"}),
        (2, ("a",), {"name": "b"}),
    ],
)
def test_they_are_what_the_standard_library_makes(
    number: int, given: tuple[object, ...], named: Mapping[str, object]
) -> None:
    assert told_of(made_by(frozen)[number], *given, **named) == told_of(
        made_by(STANDARD)[number], *given, **named
    )


def test_equal_ones_are_one_in_a_set_and_others_are_not() -> None:
    assert len({ONE(1.0), ONE(1), ONE(2.0), EMPTY(), EMPTY()}) == 3
    assert SEVERAL("a", {}, "what is not compared") == SEVERAL("a")
    assert SEVERAL("a") != SEVERAL("b")
    with pytest.raises(TypeError, match="unhashable"):
        hash(SEVERAL("a"))


def test_another_class_with_the_same_values_is_another() -> None:
    other = made_by(frozen)[1](1.0)
    assert other != ONE(1.0)
    assert ONE(1.0) not in {other: "that one"}


def test_each_object_has_a_default_of_its_own() -> None:
    assert SEVERAL("a").many is not SEVERAL("a").many


def test_nothing_is_changed_but_replaced() -> None:
    one: Any = SEVERAL("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        one.name = "b"
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'more'"):
        one.more = "b"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del one.name
    assert (one.name, replace(one, name="bc").length) == ("a", 2)


def test_what_a_class_says_itself_stands() -> None:
    @frozen
    class Named:
        """Is told and compared by its name alone."""

        name: str
        rest: int

        def __repr__(self) -> str:
            return self.name

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and other.name == self.name

        def __hash__(self) -> int:
            return hash(self.name)

    assert repr(Named("a", 1)) == "a"
    assert {Named("a", 1)} == {Named("a", 2)}


def test_they_come_back_from_elsewhere_as_they_went() -> None:
    assert pickle.loads(pickle.dumps(Kept("a", (1,)))) == Kept("a", (1,))


def test_what_makes_one_can_be_asked_for_its_types() -> None:
    Kept("a")
    assert get_annotations(Kept.__init__) == {"name": str, "others": tuple[int, ...], "return": None}

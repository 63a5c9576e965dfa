"""How values are made: a class of annotated names, whose objects are equal by these and stay as they are."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, Final, TypeVar, dataclass_transform

_Made = TypeVar("_Made")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_Made]) -> type[_Made]:
    """Make of a class what `@dataclass(frozen=True, slots=True)` makes of it, in a tenth of the time.

    That compiles seven methods for each class, which was two fifths of a start with its two hundred. Here
    `__init__` is compiled when the first object is made, and all others are shared. `field`, `fields` and
    `replace` are the library's.
    """
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    told = _fields(made)

    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807 – it is a method
        init = _init(made, told)
        type.__setattr__(made, "__init__", init)
        init(self, *given, **named)

    compared = attrgetter(*(one.name for one in told if one.compare), "__class__")

    def __eq__(self: object, other: object) -> bool:  # noqa: N807 – it is a method
        if other is self:
            return True
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807 – it is a method
        return hash(compared(self))

    for name, method in {"__init__": __init__, "__eq__": __eq__, "__hash__": __hash__, **_SHARED}.items():
        if name not in vars(cls):
            setattr(made, name, method)
    return made


def _init(cls: type, told: Sequence[Field[Any]]) -> Callable[..., None]:
    """Compile the `__init__` of a class that has these fields."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_anew": _ANEW}
    taken, lines = ["self"], []
    for one in told:
        name = value = one.name
        if one.default is not MISSING:
            known[f"_of_{name}"] = one.default
            taken.append(f"{name}=_of_{name}")
        elif one.default_factory is not MISSING:
            known[f"_of_{name}"] = one.default_factory
            taken.append(f"{name}=_anew")
            value = f"_of_{name}() if {name} is _anew else {name}"
        else:
            taken.append(name)
        lines.append(f"  _set(self, {name!r}, {value})\n")
    if hasattr(cls, "__post_init__"):
        lines.append("  self.__post_init__()\n")
    body = "".join(lines) or "  pass\n"
    text = f"def around({', '.join(known)}):\n def __init__({', '.join(taken)}):\n{body} return __init__"
    found: dict[str, Any] = {}
    exec(text, vars(sys.modules[cls.__module__]), found)  # noqa: S102 – of our own names, as in dataclasses
    init: Callable[..., None] = found["around"](**known)
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {one.name: one.type for one in told} | {"return": None}
    return init


_ANEW: Final = object()
"""Stands for a default that is made for each object anew."""


class _Shared:
    """What all frozen classes do alike."""

    def __repr__(self) -> str:
        said = (f"{one.name}={getattr(self, one.name)!r}" for one in _fields(self) if one.repr)
        return f"{type(self).__qualname__}({', '.join(said)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), tuple(getattr(self, one.name) for one in _fields(self))


def _fields(made: Any) -> Sequence[Field[Any]]:
    return fields(made)


_SHARED: Final = {
    name: vars(_Shared)[name] for name in ("__repr__", "__setattr__", "__delattr__", "__reduce__")
}

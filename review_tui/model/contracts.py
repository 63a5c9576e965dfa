"""Contracts: what a workflow promises of the data it reads out of documents, and where data break it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from review_tui.model.extraction import ABSENT, text_of
from review_tui.model.frozen import frozen
from review_tui.model.patterns import NotFollowed, OutOfSteps, Pattern, Steps, read_pattern
from review_tui.model.text import Shown
from review_tui.model.wire import Json, UnexpectedShape, unwrapped
from review_tui.model.workflows import WorkflowName

RULES: Final = 1_000
"""Fields of one contract that are looked at."""

CHOICES: Final = 1_000
"""Values that a field may be limited to; a longer list is not held against it."""

VALUES: Final = 5_000
"""Values of one submission that are checked."""

BROKEN: Final = 100
"""Broken rules of one submission that are told."""

STEPS: Final = 200_000
"""Steps of matching patterns that one submission may take: some tens of milliseconds."""

_DEEPEST: Final = 6
_LONGEST: Final = 1_000
_DIGITS: Final = 20
_MISSING: Final = "required, missing"


class ContractName(NamedTuple):
    """Which contract: a workflow's slug and its version, as the server writes them."""

    slug: str
    version: str

    @classmethod
    def of(cls, workflow: WorkflowName | None) -> "ContractName | None":
        """Name the contract under which a submission was read; None where it does not say."""
        version = workflow.version if workflow else None
        if workflow is None or isinstance(version, bool) or not isinstance(version, int | str):
            return None
        return cls(workflow.slug.raw, str(version)) if version != "" else None


@frozen
class Rule:
    """What is promised of one value; what is None or empty is not promised.

    `least` and `most` bound numbers, `shortest` and `longest` the characters of texts and the items of lists.
    """

    types: frozenset[str] = frozenset()
    choices: tuple[Json, ...] | None = None
    pattern: Pattern | None = None
    format: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    shortest: int | None = None
    longest: int | None = None
    required: tuple[str, ...] = ()
    fields: Mapping[str, "Rule"] = field(default_factory=lambda: MappingProxyType({}))
    items: "Rule | None" = None

    @property
    def says_nothing(self) -> bool:
        """Whether any data would keep it."""
        return self == _NO_RULE


_NO_RULE: Final = Rule()


@frozen
class Contract:
    """What one version of a workflow promises, as far as it can be held against data.

    `rules` are two, for the server tells its promise twice: as a list of fields and as a JSON Schema.
    """

    rules: tuple[Rule, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it promises nothing that could be broken."""
        return not self.rules


NO_CONTRACT: Final = Contract()
"""That of a workflow of which the server shows none."""


@frozen
class Break:
    """One promise that the data do not keep: in a few words, and the value as it is, `–` for none."""

    path: str
    words: str
    value: Shown


def read_contract(value: Json) -> Contract:
    """Read a version of a workflow; what cannot be followed in it is left out; raises UnexpectedShape."""
    body = unwrapped(value, "the contract")
    listed, schema = body.get("outputSchema"), body.get("outputJsonSchema")
    if not isinstance(listed, list | None) or not isinstance(schema, dict | None):
        raise UnexpectedShape("the contract is not a list of fields")
    reading = _Reading()
    rules = (reading.listed(listed or []), reading.rule(schema or {}, 0))
    return Contract(tuple(rule for rule in rules if not rule.says_nothing))


class _Reading:
    """Reads rules, so many and so deep at most."""

    def __init__(self) -> None:
        self._left = RULES

    def listed(self, rows: list[Json]) -> Rule:
        """Read the list of fields: each is a rule with a name."""
        fields: dict[str, Rule] = {}
        required: list[str] = []
        for row in rows[:RULES]:
            if not isinstance(row, dict) or not isinstance(name := row.get("name"), str):
                continue
            limits = row.get("validation")
            schema = {**(limits if isinstance(limits, dict) else {}), "type": row.get("type")}
            fields[name] = self.rule(schema, 1)
            if row.get("required") is True:
                required.append(name)
        return Rule(required=tuple(required), fields=_told(fields))

    def rule(self, schema: Json, depth: int) -> Rule:
        """Read a part of a JSON Schema."""
        if not isinstance(schema, dict) or depth > _DEEPEST or self._left <= 0:
            return _NO_RULE
        self._left -= 1
        required, properties = schema.get("required"), schema.get("properties")
        fields = {
            name: self.rule(inner, depth + 1)
            for name, inner in islice((properties if isinstance(properties, dict) else {}).items(), RULES)
        }
        return Rule(
            types=_types_of(schema.get("type")),
            choices=_choices_of(schema.get("enum")),
            pattern=_pattern_of(schema.get("pattern")),
            format=_format_of(schema.get("format")),
            least=_number(schema.get("minimum")),
            most=_number(schema.get("maximum")),
            shortest=_count(schema.get("minLength", schema.get("minItems"))),
            longest=_count(schema.get("maxLength", schema.get("maxItems"))),
            required=tuple(name for name in required[:RULES] if isinstance(name, str))
            if isinstance(required, list)
            else (),
            fields=_told(fields),
            items=inner if not (inner := self.rule(schema.get("items"), depth + 1)).says_nothing else None,
        )


def _told(fields: Mapping[str, Rule]) -> Mapping[str, Rule]:
    return MappingProxyType({name: rule for name, rule in fields.items() if not rule.says_nothing})


def _types_of(value: Json) -> frozenset[str]:
    """Return the types that are known; where one is not, any value may be of it."""
    words = value if isinstance(value, list) else [value]
    known = all(isinstance(word, str) and word in _OF_TYPE for word in words)
    return frozenset(words) if known else frozenset()


def _choices_of(value: Json) -> tuple[Json, ...] | None:
    if not isinstance(value, list) or len(value) > CHOICES:
        return None
    return tuple(value) if not any(isinstance(one, dict | list) for one in value) else None


def _pattern_of(value: Json) -> Pattern | None:
    try:
        return read_pattern(value) if isinstance(value, str) else None
    except NotFollowed:
        return None


def _format_of(value: Json) -> str:
    return value if isinstance(value, str) and value in _FORMATS else ""


def _number(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def breaks_of(contract: Contract, data: Json) -> tuple[Break, ...]:
    """Return the promises that `data` do not keep, one for each path, in the order of the contract.

    What takes more steps than there are is not held against it.
    """
    checking = _Checking()
    data = data if isinstance(data, dict) else {}
    found: dict[str, Break] = {}
    for rule in contract.rules:
        for one in checking.object(rule, data, ""):
            found.setdefault(one.path, one)
            if len(found) >= BROKEN:
                break
    return tuple(found.values())


class _Checking:
    """Holds values against rules, so many and in so many steps at most."""

    def __init__(self) -> None:
        self._left = VALUES
        self._steps = Steps(STEPS)

    def object(self, rule: Rule, data: Mapping[str, Json], at: str) -> Iterator[Break]:
        """Check the members of an object, those that it lacks first where they stand in the contract."""
        for name in dict.fromkeys((*rule.fields, *rule.required)):
            if self._left <= 0:
                return
            self._left -= 1
            path = f"{at}.{name}" if at else name
            value = _inner(data.get(name))
            if value is None or value == "":
                if name in rule.required:
                    yield Break(path, _MISSING, Shown.of(ABSENT))
            elif inner := rule.fields.get(name):
                yield from self._value(inner, value, path)

    def _value(self, rule: Rule, value: Json, path: str) -> Iterator[Break]:
        if words := self._why_not(rule, value):
            yield Break(path, words, text_of(value))
        elif isinstance(value, dict):
            yield from self.object(rule, value, path)
        elif isinstance(value, list) and rule.items is not None:
            for index, item in enumerate(value[: self._left]):
                self._left -= 1
                if item is not None:
                    yield from self._value(rule.items, _inner(item), f"{path}[{index}]")

    def _why_not(self, rule: Rule, value: Json) -> str:
        """Say what is wrong with a value itself, the plainest first; empty for nothing."""
        if rule.types and not any(_OF_TYPE[name](value) for name in rule.types):
            return f"not {_or(sorted(_TYPE_WORDS[name] for name in rule.types))}"
        if rule.choices is not None and not any(_is_same(value, one) for one in rule.choices):
            return "none of the values it may have"
        if (number := _number(value)) is not None:
            return _why_not_number(rule, number)
        if isinstance(value, str):
            return self._why_not_text(rule, value)
        if isinstance(value, list):
            return _why_not_long(rule, len(value), "item")
        return ""

    def _why_not_text(self, rule: Rule, value: str) -> str:
        if words := _why_not_long(rule, len(value), "character"):
            return words
        if rule.format and not _FORMATS[rule.format][1](value[:_LONGEST]):
            return f"not {_FORMATS[rule.format][0]}"
        if rule.pattern is None or len(value) > _LONGEST:
            return ""
        try:
            return "" if rule.pattern.is_in(value, self._steps) else "does not match the pattern"
        except OutOfSteps:
            return ""


def _inner(value: Json) -> Json:
    """Return a value out of the object that gives a confidence beside it."""
    if isinstance(value, dict) and "value" in value and not isinstance(value["value"], dict | list):
        return value["value"]
    return value


def _why_not_number(rule: Rule, number: Decimal) -> str:
    if rule.least is not None and number < rule.least:
        return f"less than {text_of(rule.least)[:_DIGITS]}"
    if rule.most is not None and number > rule.most:
        return f"more than {text_of(rule.most)[:_DIGITS]}"
    return ""


def _why_not_long(rule: Rule, length: int, noun: str) -> str:
    if rule.shortest is not None and length < rule.shortest:
        return f"fewer than {str(rule.shortest)[:_DIGITS]} {noun}s"
    if rule.longest is not None and length > rule.longest:
        return f"more than {str(rule.longest)[:_DIGITS]} {noun}s"
    return ""


def _or(words: list[str]) -> str:
    return " or ".join(words)


def _is_same(value: Json, other: Json) -> bool:
    """Whether two JSON values are equal: 1 and 1.0 are, 1 and true are not."""
    return isinstance(value, bool) is isinstance(other, bool) and bool(value == other)


def _is_number(value: Json) -> bool:
    return _number(value) is not None


_OF_TYPE: Final[Mapping[str, Callable[[Json], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: (number := _number(value)) is not None and number == number.to_integral_value(),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
_TYPE_WORDS: Final[Mapping[str, str]] = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "yes or no",
    "array": "a list",
    "object": "a group of fields",
    "null": "nothing",
}


def _read_as(read: Callable[[str], object], *shapes: str) -> Callable[[str], bool]:
    """Return whether `read` takes a text that has one of these shapes, 9 standing for a digit."""

    def fits(text: str) -> bool:
        if shapes and "".join("9" if one in "0123456789" else one for one in text) not in shapes:
            return False
        try:
            read(text)
        except ValueError:
            return False
        return True

    return fits


def _is_moment(text: str) -> bool:
    return text[10:11] in {"T", "t", " "} and _read_as(datetime.fromisoformat)(text)


def _is_address(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host and not host.startswith(".")) and not any(map(str.isspace, text))


def _is_link(text: str) -> bool:
    return _read_as(urlsplit)(text) and bool(urlsplit(text).scheme) and not any(map(str.isspace, text))


_FORMATS: Final[Mapping[str, tuple[str, Callable[[str], bool]]]] = {
    "date": ("a date", _read_as(date.fromisoformat, "9999-99-99")),
    "date-time": ("a date with a time", _is_moment),
    "time": ("a time", _read_as(time.fromisoformat)),
    "email": ("an email address", _is_address),
    "uri": ("a link", _is_link),
    "url": ("a link", _is_link),
    "uuid": ("a UUID", _read_as(UUID)),
}

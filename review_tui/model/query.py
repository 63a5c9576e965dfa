"""Queries: the words of the filter line, read and written; what is wrong with them, and where."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from review_tui.model.frozen import frozen


class Kind(StrEnum):
    """What a key's value is."""

    WORDS = "words"
    TEXT = "text"
    AMOUNT = "amount"
    SCORE = "score"
    SHARE = "share"
    AGE = "age"
    FACT = "fact"


KEYS: Final[Mapping[str, Kind]] = {
    "status": Kind.WORDS,
    "fraud": Kind.WORDS,
    "workflow": Kind.WORDS,
    "currency": Kind.WORDS,
    "age": Kind.AGE,
    "amount": Kind.AMOUNT,
    "score": Kind.SCORE,
    "confidence": Kind.SHARE,
    "merchant": Kind.TEXT,
    "id": Kind.TEXT,
    "reason": Kind.TEXT,
    "note": Kind.TEXT,
    "has": Kind.FACT,
    "is": Kind.FACT,
}
"""The keys, in the order in which they are offered."""

FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "has": ("matches", "note"),
    "is": ("marked", "skipped", "snoozed", "flagged", "doubtful", "held"),
}
"""The words that `has:` and `is:` take."""

EVERY: Final = "any"
"""The word that stands for any status."""

LONGEST: Final = 1_000
"""Characters of a query that are read."""

COMPARED: Final = frozenset({Kind.AMOUNT, Kind.SCORE, Kind.SHARE, Kind.AGE})
"""The kinds that take `<`, `<=`, `>`, `>=` and ranges."""

RANGE: Final = ".."
UNITS: Final[Mapping[str, int]] = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
"""Seconds by the letter of an age's unit."""

KEYED: Final = re.compile(r"([A-Za-z][A-Za-z-]*)(<=|>=|<|>|:|=)")
"""How a word with a key begins."""

_NUMBER: Final = r"-?(?:[0-9]{1,30}(?:\.[0-9]{1,30})?|\.[0-9]{1,30})"
_VALUE: Final[Mapping[Kind, tuple[re.Pattern[str], str]]] = {
    Kind.AMOUNT: (re.compile(_NUMBER), "a number such as 500 or 18.40"),
    Kind.SCORE: (re.compile(_NUMBER), "a number from 0 to 100"),
    Kind.SHARE: (re.compile(_NUMBER + "%?"), "a share such as 0.7 or 70%"),
    Kind.AGE: (re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?[smhdw])+"), "a time such as 45m, 2h or 3d"),
}
_LOWERED: Final = frozenset({"status", "fraud", "is", "has"})


@frozen
class Term:
    """One word of a query: a bare text has the empty key.

    `op` is `:` for texts and words, where several `values` mean any of them; `=`, `<`, `<=`, `>` or `>=` for
    what is compared; `..` for a range, whose two values may each be empty.
    """

    key: str
    op: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        """The word as it would be typed."""
        sign = "-" if self.negated else ""
        if not self.key:
            return sign + _bare(self.values[0])
        kind = KEYS[self.key]
        if self.op == RANGE:
            return f"{sign}{self.key}:{self.values[0]}..{self.values[1]}"
        if kind in COMPARED:
            return f"{sign}{self.key}{self.op}{self.values[0]}"
        stops = '",' if kind is Kind.WORDS else '"'
        return f"{sign}{self.key}:{','.join(written(value, stops) for value in self.values)}"


@frozen
class Query:
    """Words that all have to hold; none at all take everything."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        """The query as it would be typed."""
        return " ".join(map(str, self.terms))

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.terms)

    def mentions(self, key: str, value: str = "") -> bool:
        """Whether a word of it has this key, and this value if one is given."""
        return any(term.key == key and (not value or value in term.values) for term in self.terms)


@frozen
class Problem:
    """What is wrong with the characters from `start` to `end`.

    `nearest` is the right word that is most like them, empty where there is none. `unfinished` says that
    it is wrong only for what is still missing at its end.
    """

    start: int
    end: int
    words: str
    nearest: str = ""
    unfinished: bool = False

    def __str__(self) -> str:
        """What is wrong, with the nearest right word."""
        return f"{self.words}; did you mean {self.nearest}?" if self.nearest else self.words


@frozen
class Parsed:
    """What was read of a text: the query of all words that are right, and the problems of the others.

    `spans` holds for each of the query's terms where it stands in the text.
    """

    query: Query
    problems: tuple[Problem, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def parse(text: str) -> Parsed:
    """Read a filter line; never raises, whatever the text is."""
    reader = _Reader(text[:LONGEST])
    if len(text) > LONGEST:
        reader.problems.append(Problem(LONGEST, len(text), f"longer than {LONGEST} characters"))
    while reader.at_word():
        reader.read_word()
    return Parsed(Query(tuple(reader.terms)), tuple(reader.problems), tuple(reader.spans))


class _Reader:
    """Goes through a text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.terms: list[Term] = []
        self.spans: list[tuple[int, int]] = []
        self.problems: list[Problem] = []

    def at_word(self) -> bool:
        """Go to the next word; False at the end."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def read_word(self) -> None:
        start = self.at
        negated = self.text[start] == "-" and not (self.text[start + 1 : start + 2] or " ").isspace()
        self.at += negated
        keyed = KEYED.match(self.text, self.at)
        if keyed is None:
            value = self._quoted() if self.text[self.at] == '"' else self._plain()
            if value:
                self._take(Term("", ":", (value,), negated), start)
            return
        begin, key, op = self.at, keyed[1].lower(), keyed[2]
        self.at = keyed.end()
        if key not in KEYS:
            self._plain()
            self.problems.append(_no_such_key(begin, begin + len(keyed[1]), keyed[1]))
        elif KEYS[key] in COMPARED:
            self._read_compared(start, key, op, negated=negated)
        else:
            self._read_words(start, key, op, negated=negated)

    def _read_compared(self, start: int, key: str, op: str, *, negated: bool) -> None:
        begin, value = self.at, self._plain().lower()
        pattern, such = _VALUE[KEYS[key]]
        if not value:
            self._wrong(start, self.at, f"{key} needs {such}", unfinished=True)
            return
        values = value.split(RANGE) if op in {":", "="} else [value]
        if len(values) > 2 or not any(values) or not all(not one or pattern.fullmatch(one) for one in values):
            soon = KEYS[key] is Kind.AGE and re.fullmatch(r"[0-9.]+", value) is not None
            self._wrong(begin, self.at, f"{key} needs {such}", unfinished=soon)
        elif len(values) == 2:
            self._take(Term(key, RANGE, tuple(values), negated), start)
        else:
            self._take(Term(key, "=" if op == ":" else op, (value,), negated), start)

    def _read_words(self, start: int, key: str, op: str, *, negated: bool) -> None:
        begin = self.at
        values = self._listed() if KEYS[key] is not Kind.TEXT else [self._quoted_or_plain()]
        values = [value.lower() if key in _LOWERED else value for value in values if value]
        if op not in {":", "="}:
            self._wrong(start, self.at, f"{key} cannot be compared: {key}:…")
        elif not values:
            self._wrong(start, self.at, f"{key} needs a word behind it", unfinished=True)
        elif wrong := next((one for one in values if one not in FACTS.get(key, values)), None):
            known = FACTS[key]
            words = f"{key}: knows {', '.join(known)}"
            unfinished = any(fact.startswith(wrong) for fact in known)
            self.problems.append(Problem(begin, self.at, words, _nearest(wrong, known), unfinished))
        else:
            self._take(Term(key, ":", tuple(values), negated), start)

    def _take(self, term: Term, start: int) -> None:
        self.terms.append(term)
        self.spans.append((start, self.at))

    def _wrong(self, start: int, end: int, words: str, *, unfinished: bool = False) -> None:
        self.problems.append(Problem(start, end, words, unfinished=unfinished))

    def _listed(self) -> list[str]:
        values = [self._quoted_or_plain(",")]
        while self.at < len(self.text) and self.text[self.at] == ",":
            self.at += 1
            values.append(self._quoted_or_plain(","))
        return values

    def _quoted_or_plain(self, stop: str = "") -> str:
        if self.at < len(self.text) and self.text[self.at] == '"':
            return self._quoted()
        return self._plain(stop)

    def _plain(self, stop: str = "") -> str:
        """Read up to the next blank, or a character of `stop`."""
        start = self.at
        while self.at < len(self.text) and not self.text[self.at].isspace() and self.text[self.at] != stop:
            self.at += 1
        return self.text[start : self.at]

    def _quoted(self) -> str:
        """Read up to the closing quote, or to the end where it is missing."""
        found: list[str] = []
        self.at += 1
        while self.at < len(self.text) and (char := self.text[self.at]) != '"':
            if char == "\\" and self.text[self.at + 1 : self.at + 2] in {'"', "\\"}:
                self.at += 1
                char = self.text[self.at]
            found.append(char)
            self.at += 1
        self.at = min(self.at + 1, len(self.text))
        return "".join(found)


def seconds_of(age: str) -> float:
    """Return the seconds of an age such as `2h` or `1h30m`."""
    return sum(float(number) * UNITS[unit] for number, unit in re.findall(r"([0-9.]+)([smhdw])", age))


def quoted(text: str) -> str:
    """Return a text between quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(value: str, stops: str) -> str:
    """Return a text as it is typed: between quotes where it holds a blank or one of `stops`."""
    needed = any(char.isspace() or char in stops for char in value)
    return quoted(value) if needed else value


def _bare(value: str) -> str:
    return quoted(value) if value.startswith("-") or KEYED.match(value) else written(value, '"')


def _no_such_key(start: int, end: int, key: str) -> Problem:
    words = f'no key "{key}"; quote it to look for the text'
    nearest = _nearest(key.lower(), tuple(KEYS))
    return Problem(start, end, f'no key "{key}"' if nearest else words, nearest)


def _nearest(word: str, known: tuple[str, ...]) -> str:
    found = get_close_matches(word, known, 1, 0.5)
    return found[0] if found else ""

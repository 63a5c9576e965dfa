"""Completion: the words that may be meant where the caret stands in a filter line."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from review_tui.model.asking import WORDS
from review_tui.model.folding import fold
from review_tui.model.frozen import frozen
from review_tui.model.query import COMPARED, FACTS, KEYED, KEYS, written
from review_tui.model.submissions import Row

OFFERED: Final = 30
"""Words that are offered at one place."""


@frozen
class Completions:
    """The characters from `start` to `end` may become one of `words`."""

    start: int
    end: int
    words: tuple[str, ...] = ()


def completions(text: str, caret: int, seen: Mapping[str, Collection[str]]) -> Completions:
    """Return what the word before the caret may become; `seen` holds words of the data by key."""
    start = _word_start(text[:caret])
    word = text[start:caret]
    sign = len(word) - len(word.removeprefix("-"))
    keyed = KEYED.match(word, sign)
    if keyed is None:
        keys = [f"{key}{'>' if kind in COMPARED else ':'}" for key, kind in KEYS.items()]
        return Completions(start + sign, caret, _beginning(word[sign:], keys))
    key = keyed[1].lower()
    begin = max(keyed.end(), word.rfind(",") + 1 if key != "merchant" else 0)
    known = (*FACTS.get(key, ()), *WORDS.get(key, ()), *sorted(seen.get(key, ())))
    offered = (written(str(one), '",') for one in dict.fromkeys(known))
    return Completions(start + begin, caret, _beginning(word[begin:], offered))


def seen_in(rows: Sequence[Row]) -> Mapping[str, Collection[str]]:
    """Return the words that rows say, by the key under which they are looked for."""
    found: dict[str, set[str | None]] = {
        "status": {row.status for row in rows},
        "fraud": {row.fraud_status for row in rows},
        "workflow": {row.workflow for row in rows},
        "merchant": {row.merchant for row in rows},
        "currency": {row.currency for row in rows},
    }
    return {key: {str(word) for word in words if word} for key, words in found.items()}


def _beginning(typed: str, words: Iterable[str]) -> tuple[str, ...]:
    start = fold(typed.removeprefix('"'))
    found = (word for word in words if fold(word.removeprefix('"')).startswith(start))
    return tuple(islice(found, OFFERED))


def _word_start(text: str) -> int:
    """Return where the last word begins, which may hold blanks between quotes."""
    start, quoted = 0, False
    for index, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char.isspace() and not quoted:
            start = index + 1
    return start

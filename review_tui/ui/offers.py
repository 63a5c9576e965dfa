"""Offers: what the palette may give, and which of it is meant by what was written."""

from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final, Protocol

from review_tui.model.folding import fold
from review_tui.model.frozen import frozen
from review_tui.model.preferences import SavedView
from review_tui.model.query import written
from review_tui.model.submissions import Row
from review_tui.ui.commands import Group, Place, key_name
from review_tui.ui.keymap import Keymap
from review_tui.ui.situation import Situation

SUBMISSIONS_AT_MOST: Final = 50
"""Submissions that are offered at once."""

LOOKED_AT: Final = 4_000
"""Rows with the rarest word that are looked at for the others within one key."""

WORDS: Final = 5
"""Words that are looked for in submissions."""

_SLICE: Final = 500
_BETWEEN: Final = "\x1f"


class Kind(StrEnum):
    """What an offer is."""

    COMMAND = "command"
    VIEW = "view"
    WORKFLOW = "workflow"
    THEME = "theme"
    SUBMISSION = "submission"
    JOB = "job"


@frozen
class Offer:
    """One thing that may be given: `id` says which of its kind, `why` why it cannot be given now.

    `whole` says that it must be written whole before it is given.
    """

    kind: Kind
    id: str
    name: str
    note: str = ""
    keys: str = ""
    why: str = ""
    whole: bool = False


def command_offers(keymap: Keymap, situation: Situation, text: str) -> list[Offer]:
    """Return the commands that are meant, the likeliest first; without text those that can be given.

    What decides is given only when its name is written whole: enter must never take it for something else.
    """
    asked = text.strip()
    found: list[tuple[int, Offer]] = []
    for command in keymap.commands:
        if command.place is Place.LINES or command.family or command.id == "palette":
            continue
        rank = rank_of(command, text)
        whole = command.dangerous and rank != 0
        why = command.why_disabled(situation) or ""
        if rank is not None and (asked or not (why or whole)):
            keys = " ".join(map(key_name, command.keys))
            found.append(
                (rank, Offer(Kind.COMMAND, command.id, command.words, command.help, keys, why, whole))
            )
    moving = {command.id for command in keymap.commands if command.group is Group.MOVE}
    return [offer for _, offer in sorted(found, key=lambda one: (one[0], one[1].id in moving))]


class Named(Protocol):
    """What has a name that can be written: a command."""

    @property
    def id(self) -> str:
        """Its name in settings."""
        ...

    @property
    def words(self) -> str:
        """Its short name."""
        ...

    @property
    def help(self) -> str:
        """What it does."""
        ...


def rank_of(command: Named, text: str) -> int | None:
    """Return how near a command is: 0 by its whole name, then by its start, by its words, by its help.

    None where it is not meant.
    """
    asked = fold(text).split()
    name, help_ = fold(command.words), fold(command.help)
    joined = " ".join(asked)
    if joined and joined in {name, command.id}:
        return 0
    if joined and name.startswith(joined):
        return 1
    own = f" {name} {command.id.replace('-', ' ')} {command.id}"
    if all(f" {word}" in own for word in asked):
        return 2
    return 3 if all(f" {word}" in f"{own} {help_}" for word in asked) else None


def view_offers(views: Sequence[SavedView], text: str) -> Iterator[Offer]:
    """Yield the saved views whose name or filter fits, each by its number."""
    for number, view in enumerate(views, 1):
        said = " ".join(filter(None, (view.query, f"sorted by {view.sort}" if view.sort else "")))
        if fits(f"view {view.name} {view.query}", text):
            yield Offer(Kind.VIEW, str(number), view.name, said or "the whole queue")


def workflow_offers(slugs: Collection[str], text: str) -> Iterator[Offer]:
    """Yield the workflows of what is loaded, each by the filter that shows its submissions alone."""
    for slug in sorted(slugs):
        if fits(f"workflow {slug}", text):
            query = "workflow:" + written(slug, '",')
            yield Offer(Kind.WORKFLOW, query, slug, "only its submissions")


def theme_offers(names: Iterable[str], text: str) -> Iterator[Offer]:
    """Yield the themes."""
    for name in names:
        if fits(f"theme {name}", text):
            yield Offer(Kind.THEME, name, name)


def fits(said: str, text: str) -> bool:
    """Whether each word of a text begins a word of what is said."""
    said = f" {fold(said)}"
    return all(f" {word}" in said or f"-{word}" in said or f":{word}" in said for word in fold(text).split())


class Haystack:
    """The ids, client ids and merchants of rows as one text, in which any of them is found quickly.

    `workflows` are those of the rows.
    """

    def __init__(self, rows: Sequence[Row], text: str, workflows: Collection[str]) -> None:
        self._rows = rows
        self._text = text
        self.workflows = workflows

    @classmethod
    def stacking(cls, rows: Sequence[Row]) -> Generator[None, None, "Haystack"]:
        """Take in the rows bit by bit; a line for each."""
        parts: list[str] = []
        workflows: set[str] = set()
        for start in range(0, len(rows), _SLICE):
            part = rows[start : start + _SLICE]
            parts += [_line(row) for row in part]
            workflows |= {row.workflow for row in part if row.workflow}
            yield
        return cls(rows, "\n".join(parts), workflows)

    def found(self, text: str) -> list[Row]:
        """Return the first rows in which all words of `text` stand; a single character finds none."""
        words, rows = fold(text).split()[:WORDS], list[Row]()
        if len("".join(words)) < 2 or not self._rows:
            return rows
        if len(words) > 1:
            words.sort(key=self._text.count)
        at, index, counted = -1, 0, 0
        for _ in range(LOOKED_AT):
            at = self._text.find(words[0], at + 1)
            if at < 0 or len(rows) == SUBMISSIONS_AT_MOST:
                break
            index, counted = index + self._text.count("\n", counted, at), at
            end = self._text.find("\n", at)
            end = len(self._text) if end < 0 else end
            start = self._text.rfind("\n", 0, at) + 1
            if all(self._text.find(word, start, end) >= 0 for word in words[1:]):
                rows.append(self._rows[index])
            at = end
        return rows


def _line(row: Row) -> str:
    said = (row.id.lower(), fold(row.client_submission_id or ""), fold(row.merchant or ""))
    return _BETWEEN.join(said).replace("\n", " ")


def submission_offers(rows: Iterable[Row]) -> Iterator[Offer]:
    """Yield submissions."""
    for row in rows:
        amount = " ".join(filter(None, (row.amount, row.currency)))
        said = " · ".join(filter(None, (row.id, row.client_submission_id, amount, row.status)))
        yield Offer(Kind.SUBMISSION, row.id, row.merchant or row.id, said)

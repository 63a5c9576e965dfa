"""A finding: one thing that was looked at, how it is, and what to do about it."""

from enum import StrEnum

from review_tui.cli.exits import Exit
from review_tui.model.frozen import frozen


class State(StrEnum):
    """How a thing is; the words are shown."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@frozen
class Finding:
    """`words` say how `subject` is, `advice` what to do, empty for nothing; `code` ends the doctor if bad."""

    subject: str
    words: str
    state: State = State.OK
    advice: str = ""
    code: Exit = Exit.OK

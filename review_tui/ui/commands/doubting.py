"""The commands that walk the fields of which the machine was not sure."""

from collections.abc import Mapping
from typing import Final

from review_tui.model.doubt import Held, has_confidences, held, read_fields, to_check
from review_tui.ui.commands.command import Command, Group
from review_tui.ui.situation import Situation

_IN_BRIEF: Final[Mapping[Held, str]] = {
    Held.NOT_NEEDED: "none for what is listed",
    Held.NO_CONTRACT: "its workflow has no contract",
    Held.NOT_YET: "looking up the contract",
    Held.UNREADABLE: "the contract could not be read",
    Held.HELD: "all keep to the contract",
}


def _why_not_walk(situation: Situation) -> str | None:
    if situation.row is None:
        return "nothing is selected"
    if situation.detail is None:
        return "its detail is not loaded yet"
    fields = read_fields(situation.detail, situation.contract).fields
    if not fields:
        return "nothing was extracted"
    if to_check(fields, situation.doubts):
        return None
    if has_confidences(fields):
        return "the machine was sure of every field"
    return f"no confidence by field; {_IN_BRIEF[held(situation.detail, situation.contract)]}"


DOUBTING: Final[tuple[Command, ...]] = (
    Command(
        "next-doubt",
        ("n",),
        "doubtful",
        "Go to the next field to check, from wherever you are; what you went to counts as checked",
        Group.LOOK,
        on_key_line=False,
        why_disabled=_why_not_walk,
    ),
    Command(
        "previous-doubt",
        ("N",),
        "doubtful before",
        "Go to the field to check before this one",
        Group.LOOK,
        on_key_line=False,
        why_disabled=_why_not_walk,
    ),
)

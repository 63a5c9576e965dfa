"""The commands that walk the fields of which the machine was not sure."""

from typing import Final

from review_tui.model.doubt import has_confidences, to_check
from review_tui.model.extraction import fields_of
from review_tui.ui.commands.command import Command, Group
from review_tui.ui.situation import Situation


def _why_not_walk(situation: Situation) -> str | None:
    if situation.row is None:
        return "nothing is selected"
    if situation.detail is None:
        return "its detail is not loaded yet"
    fields = fields_of(situation.detail.extracted_data).fields
    if not has_confidences(fields):
        return "no field has a confidence of its own"
    return None if to_check(fields, situation.doubts) else "the machine was sure of every field"


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

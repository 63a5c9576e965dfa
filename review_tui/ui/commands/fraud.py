"""The commands on fraud matches."""

from typing import Final

from review_tui.model.submissions import Verb
from review_tui.ui.commands.command import Command, Group
from review_tui.ui.commands.deciding import decidable, or_marked
from review_tui.ui.detail_view import Tab
from review_tui.ui.key_names import key_of
from review_tui.ui.situation import Focus, Situation


def _on_match(situation: Situation) -> str | None:
    if reason := decidable(Verb.RESOLVE)(situation):
        return reason
    if situation.tab is not Tab.FRAUD or situation.match is None:
        return f"no fraud match is selected: {key_of('next-match')} goes to the next open one"
    if not situation.match.is_open:
        return "this match is resolved already"
    return "this match is being judged" if situation.judging(situation.match) else None


def _has_open_match(situation: Situation) -> str | None:
    if situation.row is None:
        return "nothing is selected"
    if situation.detail is None:
        return "its detail is not loaded yet"
    return None if situation.detail.open_matches else "no open fraud match"


FRAUD: Final[tuple[Command, ...]] = (
    Command(
        "next-match",
        ("m",),
        "match",
        "Go to the next open fraud match",
        Group.FRAUD,
        why_disabled=_has_open_match,
    ),
    Command(
        "false-positive",
        ("f",),
        "false positive",
        "Resolve the selected fraud match as a false positive",
        Group.FRAUD,
        focus=Focus.DETAIL,
        tabs=(Tab.FRAUD,),
        dangerous=True,
        why_disabled=or_marked(_on_match),
    ),
    Command(
        "confirmed-fraud",
        ("x",),
        "fraud",
        "Resolve the selected fraud match as confirmed fraud",
        Group.FRAUD,
        focus=Focus.DETAIL,
        tabs=(Tab.FRAUD,),
        dangerous=True,
        why_disabled=_on_match,
    ),
)

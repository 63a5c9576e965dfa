"""What is seen before and after a step, and what must hold between the two."""

from dataclasses import dataclass
from typing import Final

from textual.errors import NoWidget

from review_tui.model.decisions import Intent
from review_tui.model.submissions import Verb
from review_tui.ui.render.outbox import DROP_ALL, SEND_ALL
from review_tui.ui.screens.bulk import BulkScreen, PlanScreen
from review_tui.ui.screens.outbox import OutboxScreen
from review_tui.ui.screens.palette import Palette
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.ui.screens.snooze import SnoozeScreen
from review_tui.ui.situation import Focus
from review_tui.ui.widgets.queue.rows import QueueRows
from tests.monkey.console import Asked, NotedDesk, WatchedApp
from tests.monkey.hands import MOVING, Step
from tests.simulation.truth import BECOMES, Truth

_ASKS: Final = {"r": Verb.REJECT, "c": Verb.CANCEL}
_JUDGES: Final = frozenset({"f", "x"})
_BY_HAND: Final = {"take back": "u", "send": "sy", "drop": "dy"}
_AGAIN: Final = frozenset({"full_stop", "."})
_GOES_ON: Final = frozenset({"a", "s", "S", "u", "space", " "}) | _AGAIN
_CONFIRMS: Final = frozenset({"enter", *"0123456789"})
_OF_ALL: Final = frozenset({SEND_ALL, DROP_ALL})
_DECIDED: Final = {status: statuses for statuses in BECOMES.values() for status in statuses}


@dataclass(frozen=True)
class Sight:
    """What a person has before their eyes: the dialog, the selected submission, its chosen match.

    `waiting` are the request ids of approvals that follow judgements, `left_over` those that the outbox asks
    about as one; `pointed` is the submission that the mouse points at.
    """

    dialog: object | None
    selected: str | None
    match: str | None
    focus: Focus
    reason_for: str
    reason_verb: Verb | None
    chosen: str
    status: str
    waiting: frozenset[str]
    marked: frozenset[str]
    sheet_verb: Verb | None
    left_over: frozenset[str]
    pointed: str | None = None


def sight_of(app: WatchedApp) -> Sight:
    """Look at a console."""
    review = app.review
    situation = review.situation
    dialog = app.screen if len(app.screen_stack) > 1 else None
    asks = dialog if isinstance(dialog, ReasonScreen) else None
    outbox = dialog if isinstance(dialog, OutboxScreen) else None
    chosen = outbox._chosen() if outbox else None
    asked_of_all = outbox._left_over() if outbox and outbox._asking in _OF_ALL else []
    detail = review.state.detail
    return Sight(
        dialog=dialog,
        selected=review.state.selected,
        match=situation.match.id if situation.match else None,
        focus=situation.focus,
        reason_for=asks._row.id if asks and asks._row else "",
        reason_verb=asks._verb if asks else None,
        chosen=chosen.intent.request_id if chosen else "",
        waiting=frozenset(one.intent.request_id for one in review.state.waiting.values()),
        marked=frozenset(review.state.facts.marked),
        sheet_verb=dialog._plan.verb if isinstance(dialog, PlanScreen) else None,
        left_over=frozenset(one.intent.request_id for one in asked_of_all),
        status=str(detail.status) if detail and detail.id == review.state.selected else "",
    )


def row_at(app: WatchedApp, x: int, y: int) -> str | None:
    """Return the id of the submission at a place on the screen, if one is there."""
    try:
        widget, region = app.screen.get_widget_at(x, y)
    except NoWidget:
        return None
    if not isinstance(widget, QueueRows):
        return None
    index, rows = widget.top + y - region.y, app.review.state.rows
    return rows[index].id if index < len(rows) else None


def what_is_wrong(before: Sight, step: Step, after: Sight, app: WatchedApp, desk: NotedDesk) -> list[str]:
    """Say what may not be after this step; empty where all is well."""
    wrong = [f"drew {line!r}" for line in app.foreign[:3]]
    if after.selected != before.selected and before.selected is not None and not _moves(before, step, after):
        wrong.append(f"the selection went from {before.selected} to {after.selected}")
    if after.reason_for and before.reason_for != after.reason_for and not _asks(before, step, after):
        wrong.append(f"asks for a reason of {after.reason_for}, and {before.selected} was selected")
    for intent, _ in desk.intents:
        if why := _why_not_meant(before, step, intent):
            wrong.append(f"{intent.verb} of {intent.submission_id}: {why}")
    for intents, _ in desk.many:
        wrong += _why_not_all_meant(before, step, intents)
    wrong += [
        f"{asked}: nobody asked for it" for asked in desk.asked if not _is_asked_for(before, step, asked)
    ]
    return wrong + _more_than_one(desk)


def is_decided(sight: Sight) -> bool:
    """Whether the selected submission is shown as decided."""
    return sight.status in _DECIDED


def is_denied(sight: Sight, truth: Truth) -> bool:
    """Whether a decision is shown that the server has not taken: there is no way back from one."""
    return truth.status not in _DECIDED[sight.status]


def _moves(before: Sight, step: Step, after: Sight) -> bool:
    by_palette = isinstance(before.dialog, Palette) and _gives(step)
    if isinstance(before.dialog, ReasonScreen | SnoozeScreen | PlanScreen):
        return step.key in _CONFIRMS
    if before.dialog is None and step.place is not None:
        return after.selected == before.pointed
    return by_palette or (before.dialog is None and step.key in MOVING | _GOES_ON)


def _gives(step: Step) -> bool:
    """Whether a step may give the command that is chosen in the palette."""
    return step.key == "enter" or step.told.startswith("MouseDown")


def _asks(before: Sight, step: Step, after: Sight) -> bool:
    if after.reason_for != before.selected:
        return False
    if isinstance(before.dialog, Palette):
        return _gives(step)
    return before.dialog is None and _ASKS.get(step.key) is after.reason_verb


def _why_not_meant(before: Sight, step: Step, intent: Intent) -> str:
    """Say why the person did not mean this; empty where a deciding key was pressed on it as on the screen."""
    if intent.request_id in before.waiting:
        return ""
    if intent.submission_id != before.selected:
        return f"{before.selected} was selected"
    if intent.verb in {Verb.REJECT, Verb.CANCEL}:
        again = before.dialog is None and step.key in _AGAIN
        again = again or (isinstance(before.dialog, Palette) and _gives(step))
        meant = before.reason_for == intent.submission_id and before.reason_verb is intent.verb
        return "" if again or (meant and step.key in _CONFIRMS) else "its reason was not confirmed"
    if intent.verb is Verb.RESOLVE and intent.match_id != before.match:
        return f"the match {before.match} was selected"
    if isinstance(before.dialog, Palette):
        return "" if _gives(step) else "the palette was open"
    keys = _JUDGES if intent.verb is Verb.RESOLVE else _AGAIN if before.marked else {"a"} | _AGAIN
    return "" if before.dialog is None and step.key in keys else "nobody pressed its key"


def _why_not_all_meant(before: Sight, step: Step, intents: list[Intent]) -> list[str]:
    """Say why the person did not mean these; empty where a sheet about them was confirmed."""
    wrong = [] if step.key == "enter" and before.sheet_verb else ["no sheet was confirmed"]
    wrong += [f"{one.verb} was not on the sheet" for one in intents if one.verb is not before.sheet_verb]
    return wrong + [
        f"{one.submission_id} was not marked" for one in intents if one.submission_id not in before.marked
    ]


def _is_asked_for(before: Sight, step: Step, asked: Asked) -> bool:
    what, request_id = asked
    if what == "undo":
        by_palette = isinstance(before.dialog, Palette) and _gives(step)
        return by_palette or (before.dialog is None and step.key == "u")
    if what == "stop":
        return isinstance(before.dialog, BulkScreen) and step.key == "x"
    if request_id in before.left_over:
        return step.key == "y"
    return step.key in tuple(_BY_HAND[what]) and request_id == before.chosen


def _more_than_one(desk: NotedDesk) -> list[str]:
    """Name submissions on which two things are open that exclude each other."""
    found: dict[tuple[str, str], int] = {}
    judged: set[str] = set()
    for standing in desk.open_decisions:
        intent = standing.intent
        key = (intent.submission_id, intent.match_id or "")
        found[key] = found.get(key, 0) + 1
        if intent.match_id:
            judged.add(intent.submission_id)
    doubled = [id_ for (id_, _), count in found.items() if count > 1]
    doubled += [id_ for id_ in judged if (id_, "") in found]
    return [f"two decisions are open on {id_}" for id_ in doubled]

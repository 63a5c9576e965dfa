"""Events: what happened to a submission, newest first as the server tells it."""

from review_tui.model.extraction import text_of
from review_tui.model.text import Shown
from review_tui.model.wire import Json, Moment, OptionalText, Wire


class Event(Wire):
    """One thing that happened; unknown types show as they are."""

    id: OptionalText = None
    type: Shown
    created_at: Moment = None
    actor: Json = None
    message: OptionalText = None
    data: Json = None

    @property
    def actor_name(self) -> Shown:
        """Who did it: a name where there is one, else the kind of actor, else `–`."""
        who = self.actor
        if isinstance(who, dict):
            who = who.get("name") or who.get("id") or who.get("type")
        return text_of(who)

"""Events: what happened to a submission, newest first as the server tells it."""

from review_tui.model.extraction import text_of
from review_tui.model.frozen import frozen
from review_tui.model.text import Shown
from review_tui.model.wire import Anything, Moment, OptionalText, Word


@frozen
class Event:
    """One thing that happened; unknown types show as they are."""

    type: Word
    id: OptionalText = None
    created_at: Moment = None
    actor: Anything = None
    message: OptionalText = None
    data: Anything = None

    @property
    def actor_name(self) -> Shown:
        """Who did it: a name where there is one, else the kind of actor, else `–`."""
        who = self.actor
        if isinstance(who, dict):
            who = who.get("name") or who.get("id") or who.get("type")
        return text_of(who)

"""Notices: what the status line says, and the last of them for looking back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.ui.render.line import Role

KEPT: Final = 50
"""Notices that can be looked back at."""

HELD: Final = timedelta(seconds=10)
"""How long bad news stays on the status line before good news may take its place."""


@frozen
class Notice:
    """One thing said to the reviewer, in clean words."""

    text: str
    role: Role
    at: datetime


@frozen
class Notices:
    """What is said now, and `log`, newest first.

    A `hint` answers a key and goes with the next one; an `outcome` stays until a later one.
    """

    hint: Notice | None = None
    outcome: Notice | None = None
    log: tuple[Notice, ...] = ()

    @property
    def shown(self) -> Notice | None:
        """What the status line says."""
        return self.hint or self.outcome

    def hinted(self, text: str, at: datetime, role: Role = Role.WARN) -> "Notices":
        """Answer a key."""
        return replace(self, hint=Notice(text, role, at))

    def told(self, text: str, at: datetime, role: Role = Role.PLAIN) -> "Notices":
        """Say what became of something; it never pushes fresh bad news off the line."""
        notice = Notice(text, role, at)
        held = self.outcome is not None and self.outcome.role is Role.BAD and at - self.outcome.at < HELD
        outcome = self.outcome if held and role is not Role.BAD else notice
        return Notices(None, outcome, (notice, *self.log)[:KEPT])

    def insists(self, now: datetime) -> bool:
        """Whether what was told last needs a person and is too fresh to give way to what is under way."""
        told = self.outcome
        return told is not None and told.role in {Role.BAD, Role.WARN} and now - told.at < HELD

    def after_key(self) -> "Notices":
        """Drop the hint: the reviewer has gone on."""
        return replace(self, hint=None) if self.hint else self

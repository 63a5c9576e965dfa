"""What lives here: how the two job systems are to answer, set by hand while the sandbox runs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from review_tui.sandbox.problems import invalid

DAY_S = 86_400

CHOICES: Mapping[str, tuple[str | int, ...]] = {
    "pulse_words": ("current", "older"),
    "pulse_spelling": ("canceled", "cancelled"),
    "pulse_absent": ("omitted", "null"),
    "pulse_pointer": ("here", "elsewhere"),
    "pulse_submit_status": (200, 202),
    "unsiloed_routes": ("jobs", "operations"),
    "unsiloed_id": ("id", "job_id"),
}
"""What the switches with few positions may be set to."""


@dataclass(frozen=True, slots=True)
class Switches:
    """Where the documents of Pulse and Unsiloed differ among themselves, one position at a time."""

    pulse_words: str = "current"
    """``older``: no ``expired`` (the job is unknown instead), ``plan-info`` in the result."""
    pulse_spelling: str = "canceled"
    pulse_absent: str = "omitted"
    """What becomes of optional fields that have no value."""
    pulse_url_from_bytes: int = 5_000_000
    """From this size on a result is a pointer to it."""
    pulse_pointer: str = "here"
    """Where such a pointer leads: to this API, once, or for a day to another origin."""
    pulse_points_again: bool = True
    """Whether another poll gives another pointer when the first was used or is too old."""
    pulse_keeps_s: float = DAY_S
    """After how many seconds a result is given up and its job ``expired``."""
    pulse_submit_status: int = 200
    unsiloed_routes: str = "jobs"
    """Which family of routes is there: ``/jobs``, or one per operation."""
    unsiloed_id: str = "id"
    """What ``/jobs/{id}`` calls the id."""

    def as_json(self) -> dict[str, object]:
        """All positions by name."""
        return asdict(self)

    def set(self, changes: Mapping[str, object]) -> "Switches":
        """The same with some positions changed; 422 names what is wrong with them."""
        known = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise invalid(name, f"unknown; there are {', '.join(known)}")
            allowed = CHOICES.get(name)
            if allowed is not None and value not in allowed:
                raise invalid(name, f"must be one of {', '.join(map(str, allowed))}")
            if allowed is None and not _fits(value, known[name]):
                raise invalid(name, "must be yes or no" if known[name] is bool else "must be a number")
        return replace(self, **changes)  # type: ignore[arg-type]  # each was looked at just now


def _fits(value: object, kind: type) -> bool:
    if kind is bool:
        return isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0

"""The jobs of Pulse and Unsiloed: those of a world's past, and those that are sent while it lives."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from review_tui.sandbox import jobs
from review_tui.sandbox.accounts import PULSE, SYSTEMS, UNSILOED, Keys, job_keys
from review_tui.sandbox.database import Transaction, encode
from review_tui.sandbox.hostile import HOSTILE
from review_tui.sandbox.jobs import Plan
from review_tui.sandbox.life.story import DAY, HOUR, MINUTE, SECOND
from review_tui.sandbox.state import Sandbox

SENT = (20.0, 60.0)
"""The least and most seconds between two jobs that are sent to either system."""

_NAMES = (
    "lieferschein-{0}.pdf",
    "invoice-{0}.pdf",
    "Umowa najmu {0}.pdf",
    "statement-{0}.pdf",
    "delivery note {0}.pdf",
    "請求書-{0}.pdf",
)
_TAGS = (("march",), ("march", "suppliers"), ("archive",), ())
_FAILURES = (
    jobs.BROKEN,
    "The document is protected by a password.",
    "No page could be read: the scan is too dark.",
)


def tell_jobs(tx: Transaction, seed: int, now: int, *, hostile: bool = False) -> None:
    """Some jobs of each system in every state; those under way go on from there."""
    keys, rng = job_keys(seed), Random(f"{seed}/jobs")
    for system in SYSTEMS:
        account = keys[system]["company"].account
        for number, plan in enumerate(_past(system, account, now, rng)):
            job_id = jobs.make(tx, plan)
            if hostile:
                _attack(tx, job_id, number)
        stranger = Plan(system, keys[system]["other_company"].account, now - HOUR, file_name="private.pdf")
        jobs.make(tx, stranger)


def _past(system: str, account: str, now: int, rng: Random) -> list[Plan]:
    def job(age: int, state: str, **more: object) -> Plan:
        name = rng.choice(_NAMES).format(rng.randint(100, 9999))
        operation = "extract" if system == PULSE else rng.choice(jobs.OPERATIONS)
        plan = Plan(system, account, now - age, operation, name, rng.randint(1, 9), state=state)
        plan = replace(_timed(plan, now, rng), tags=rng.choice(_TAGS))
        return replace(plan, **more)  # type: ignore[arg-type]  # fields of a Plan, named below

    plans = [
        job(2 * SECOND, "queued"),
        job(9 * SECOND, "queued", outcome="failed", error=rng.choice(_FAILURES)),
        job(25 * SECOND, "running"),
        job(40 * SECOND, "running", pages=120),
        job(20 * MINUTE, "running", ends_at=None),  # nobody has heard of it for long
        job(8 * MINUTE, "completed"),
        job(50 * MINUTE, "completed"),
        job(3 * HOUR, "failed", outcome="failed", error=rng.choice(_FAILURES)),
        job(5 * HOUR, "cancelled"),
    ]
    if system == PULSE:
        return [
            *plans,
            job(30 * MINUTE, "completed", pages=180, result_bytes=6_000_000),
            job(90 * MINUTE, "completed", pages=150, result_bytes=5_500_000, pointer="elsewhere"),
            job(2 * DAY, "expired"),
        ]
    batch = f"batch_{rng.getrandbits(48):012x}"
    together = [
        job(70 * SECOND, state, batch_id=batch, operation="extract", tags=("suppliers",))
        for state in ("completed", "completed", "running", "queued")
    ]
    return [
        *plans,
        *together,
        job(15 * MINUTE, "review", outcome="review", operation="extract"),
        job(6 * DAY + 23 * HOUR + 55 * MINUTE, "completed", operation="parse"),  # soon cleaned up
    ]


def _timed(plan: Plan, now: int, rng: Random) -> Plan:
    starts = plan.created_at + rng.randint(1, 4) * SECOND
    works = rng.randint(15, 50) * SECOND
    match plan.state:
        case "queued":
            starts = now + rng.randint(3, 15) * SECOND
            ends = starts + works
        case "running":
            ends = now + works
        case _:
            ends = min(now, starts + works)
    return replace(plan, starts_at=starts, ends_at=ends)


def _attack(tx: Transaction, job_id: str, number: int) -> None:
    texts = [text for text in HOSTILE if len(text) < 1000]
    name, error, word = (texts[(number * 3 + place) % len(texts)] for place in range(3))
    tx.execute(
        "UPDATE jobs SET file_name = ?, error = ?, result = ?, word = CASE WHEN ?5 THEN ?4 END WHERE id = ?6",
        (
            encode(name),
            encode(error),
            encode({"markdown": "\n".join(texts), "data": {name: {"value": error, "score": 1e300}}}),
            encode(word),
            number % 5 == 4,
            job_id,
        ),
    )


@dataclass(slots=True)
class JobsLife:
    """Moves the jobs of both systems, and sends each a new one now and then (never where `sends` is no)."""

    sandbox: Sandbox
    rng: Random
    sends: bool
    _due: dict[str, int] = field(default_factory=dict, init=False)

    def step(self, now: int) -> Sequence[str]:
        """Do all that is due at `now` (Unix ms); the ids of the jobs that were sent."""
        sent = []
        with self.sandbox.database.write() as tx:
            jobs.move(tx, now, self.sandbox.switches.pulse_keeps_s)
            for system in SYSTEMS if self.sends else ():
                if now >= self._due.setdefault(system, now + self._pause()):
                    self._due[system] = now + self._pause()
                    sent.append(jobs.make(tx, self._new(system, self.sandbox.job_keys, now)))
        return sent

    def _pause(self) -> int:
        return round(self.rng.uniform(*SENT) * 1000)

    def _new(self, system: str, keys: Keys, now: int) -> Plan:
        rng = self.rng
        name = rng.choice(_NAMES).format(rng.randint(100, 9999))
        plan = jobs.expected(rng.random(), system, keys[system]["company"].account, name, now)
        if system == UNSILOED:
            plan = replace(plan, operation=rng.choice(jobs.OPERATIONS), tags=rng.choice(_TAGS))
        match rng.randrange(8):
            case 0:
                return replace(plan, outcome="failed", error=rng.choice(_FAILURES))
            case 1 if plan.operation == "extract" and system == UNSILOED:
                return replace(plan, outcome="review")
            case _:
                return plan

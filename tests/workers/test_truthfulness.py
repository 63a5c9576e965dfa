"""Decisions against a server that loses, delays and refuses at random: nothing false is ever said."""

import asyncio
import os
from collections import Counter
from random import Random
from typing import Any

from review_tui.client.errors import Conflict, NoAnswer, NotSent, RateLimited, ServerFault, Unreadable
from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.machine import SETTLE
from review_tui.model.submissions import BECOMES, Detail, Verb, read_detail
from review_tui.workers.decisions import Decisions
from tests.workers.handclock import HandClock

SEEDS = int(os.environ.get("DECISION_SEEDS", "1000"))
LANDS_WITHIN = 25.0
"""Seconds after which a request whose answer was lost does not land any more."""

BECOME = {Verb.APPROVE: "approved", Verb.REJECT: "rejected", Verb.CANCEL: "cancelled"}


class Unreliable:
    """One submission on a server where three answers of ten go wrong; it knows who really decided."""

    def __init__(self, clock: HandClock, chance: Random) -> None:
        self.clock = clock
        self.chance = chance
        self.status = "review"
        self.by: str | None = None
        self.event: dict[str, Any] | None = None
        self.sent: Counter[str] = Counter()
        self.may_repeat = 0
        self.tells_request_ids = chance.random() < 0.7
        self.late: set[asyncio.Task[None]] = set()

    def apply(self, verb: Verb, request_id: str, *, actor: str = "api_key") -> None:
        if self.status != "review":
            raise Conflict(Failure(FailureKind.CONFLICT, "Not possible in its present state", status=409))
        self.status, self.by = BECOME[verb], request_id
        data = {"requestId": request_id} if self.tells_request_ids else {}
        self.event = {"type": self.status, "actor": {"type": actor, "name": actor}, "data": data}

    def later(self, seconds: float, verb: Verb, request_id: str, *, actor: str = "api_key") -> None:
        async def land() -> None:
            await self.clock.sleep(seconds)
            if self.status == "review":
                self.apply(verb, request_id, actor=actor)

        task = asyncio.create_task(land())
        self.late.add(task)
        task.add_done_callback(self.late.discard)

    async def send(self, intent: Intent) -> None:
        self.sent[intent.request_id] += 1
        await self.clock.sleep(self.chance.uniform(0.05, 2.0))
        what = self.chance.choices(
            ["ok", "not sent", "before", "after", "late", "fault", "fault after", "html", "limited"],
            [50, 5, 8, 8, 12, 5, 4, 5, 3],
        )[0]
        self.may_repeat += what in {"not sent", "limited"}
        if what == "not sent":
            raise NotSent("refused")
        if what == "limited":
            raise RateLimited(Failure(FailureKind.LIMITED, "Rate limit reached", status=429))
        if what in {"ok", "after", "fault after", "html"}:
            self.apply(intent.verb, intent.request_id)
        if what == "late":
            self.later(self.chance.uniform(0.0, LANDS_WITHIN), intent.verb, intent.request_id)
        if what == "html":
            raise Unreadable("HTML", status=200)
        if what.startswith("fault"):
            raise ServerFault(Failure(FailureKind.SERVER, "The server failed", status=500))
        if what != "ok":
            raise NoAnswer("reset", decides=True)

    async def read(self, submission_id: str) -> Detail:
        await self.clock.sleep(self.chance.uniform(0.05, 1.0))
        if self.chance.random() < 0.2:
            raise NoAnswer("timeout", decides=False)
        events = [self.event] if self.event else []
        reason = {"rejectReason": "blurred"} if self.status == "rejected" else {}
        return read_detail(
            {"id": submission_id, "submissionStatus": self.status, "fraudMatches": [], "events": events}
            | reason
        )


async def one_action(seed: int, settle: tuple[float, ...] = SETTLE) -> tuple[Standing, Unreliable]:
    chance, clock = Random(seed), HandClock()
    server = Unreliable(clock, chance)
    if chance.random() < 0.3:
        verb = chance.choice([Verb.APPROVE, Verb.REJECT, Verb.CANCEL])
        server.later(chance.uniform(0.0, 35.0), verb, "a colleague's", actor="reviewer")
    intent = Intent(
        chance.choice([Verb.APPROVE, Verb.REJECT, Verb.CANCEL]), "s1", clock.now(), reason="blurred"
    )
    final: list[Standing] = []
    decisions = Decisions(
        server.send,
        server.read,
        lambda told: final.append(told) if told.stage.is_final else None,
        clock,
        settle=settle,
    )
    assert decisions.decide(intent) is None
    await clock.turn(400)
    (told,) = final
    assert server.sent[intent.request_id] <= 1 + server.may_repeat, "sent once, whatever happens"
    return told, server


def what_is_false(told: Standing, server: Unreliable) -> str | None:
    """Say what is false about what was told, now that everything has landed."""
    ours = server.by == told.intent.request_id
    if told.stage is Stage.DONE:
        if server.status not in BECOMES[told.intent.verb]:
            return "called done, and it is not"
        if not ours and "cannot be told" not in told.words and told.intent.verb is Verb.APPROVE:
            return "called ours, and it is a colleague's"
    elif told.stage is not Stage.UNKNOWN and ours:
        return f"called {told.stage}, and ours was applied"
    return None


async def test_nothing_false_is_said_in_a_thousand_actions() -> None:
    ends: Counter[Stage] = Counter()
    for seed in range(SEEDS):
        told, server = await one_action(seed)
        false = what_is_false(told, server)
        assert false is None, f"seed {seed}: {false}: {told.words} ({server.status} by {server.by})"
        ends[told.stage] += 1
    print(dict(ends))
    assert ends[Stage.UNKNOWN] < 0.1 * SEEDS, "mostly something can be said"
    assert {Stage.DONE, Stage.ELSEWHERE, Stage.UNSENT, Stage.NOT_DONE} <= ends.keys()


async def test_looking_once_would_lie() -> None:
    """What settling is for, and that the judge above does find what is false."""
    judged = [what_is_false(*await one_action(seed, settle=())) for seed in range(300)]
    assert "called not done, and ours was applied" in judged

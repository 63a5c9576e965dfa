"""Many at once in bad weather, killed at any time: nothing goes out twice, nothing false is said of any."""

import os
from collections import Counter

import pytest

from review_tui.model.bulk import Bulk
from review_tui.model.decisions import Intent, Stage
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Detail, Verb
from review_tui.workers.desk import Desk
from review_tui.workers.news import BulkMoved, DecisionMoved, DetailRead, News
from tests.simulation import life
from tests.simulation.judging import what_is_false
from tests.simulation.life import REASONS, Story, story_of
from tests.simulation.server import Server

FIRST = int(os.environ.get("SIMULATION_FIRST_SEED", "0"))
SEEDS = int(os.environ.get("SIMULATION_BULK_SEEDS", "30"))


class ManyAtOnce(Story):
    """A person who decides on all there is, over and over, and stops or takes it back in the middle."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]  # handed on as it is
        self.seen: dict[str, Detail] = {}
        self.stages: dict[str, Stage] = {}
        self.bulks: list[Bulk] = []

    def _hear(self, news: News) -> None:
        super()._hear(news)
        if self._died.is_set():
            return
        match news:
            case DetailRead(detail):
                self.seen[detail.id] = detail
            case DecisionMoved(standing):
                self.stages[standing.intent.request_id] = standing.stage
            case BulkMoved(bulk):
                self.bulks.append(bulk)
                for item in bulk.items:
                    told = self.stages.get(item.intent.request_id, item.stage)
                    assert item.stage is told, f"an item is {item.stage}, and {told} was told"
            case _:
                pass

    async def _person(self, desk: Desk) -> None:
        chance = self.chance
        for _ in range(chance.randint(1, 3)):
            await self._pause(chance.uniform(0.1, 8.0))
            earlier = [one.intent.request_id for one in desk.held() if one.earlier]
            if earlier and chance.random() < 0.5:
                desk.send_all(earlier)
            desk.gather(self.world.ids())
            await self._pause(chance.uniform(0.5, 6.0))
            self._decide_all(desk)
            await self._pause(chance.choice([0.0, 2.0, 6.0, 8.0, 20.0]))
            if chance.random() < 0.4:
                chance.choice([desk.undo, desk.stop_the_rest])()
        await self._pause(chance.choice([0.0, 1.0, 10.0, 100.0]))

    async def _settle_up(self, desk: Desk) -> None:
        await self._pause(1.0)
        desk.send_all([one.intent.request_id for one in desk.held()])
        await self._pause(240.0)
        await super()._settle_up(desk)

    def _decide_all(self, desk: Desk) -> None:
        verb = self.chance.choice(list(Verb))
        decided = [pair for id_ in self.world.ids() for pair in self._pairs(desk, verb, id_)]
        self.chance.shuffle(decided)
        if desk.decide_all(decided) is None:
            self.intents |= {intent.request_id: intent for intent, _ in decided}

    def _pairs(self, desk: Desk, verb: Verb, submission_id: str) -> list[tuple[Intent, Detail]]:
        shown = self.seen.get(submission_id)
        if shown is None:
            return []
        now, request_id = desk.clock.now(), f"{len(self.intents)}-{self.chance.getrandbits(64):x}"
        if verb is not Verb.RESOLVE:
            reason = None if verb is Verb.APPROVE else self.chance.choice(REASONS)
            return [(Intent(verb, submission_id, now, reason=reason, request_id=request_id), shown)]
        judged = self.chance.choice(list(Resolution))
        return [
            (
                Intent(
                    verb,
                    submission_id,
                    now,
                    match_id=match.id,
                    resolution=judged,
                    request_id=f"{request_id}-{match.id}",
                ),
                shown,
            )
            for match in shown.open_matches or ()
        ]


@pytest.mark.volume
def test_nothing_false_is_said_of_many_and_none_is_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "Story", ManyAtOnce)
    ends: Counter[Stage | None] = Counter()
    stopped = 0
    for seed in range(FIRST, FIRST + SEEDS):
        story = story_of(seed, Server)
        assert isinstance(story, ManyAtOnce)
        false = what_is_false(story)
        assert not false, f"SIMULATION_FIRST_SEED={seed} SIMULATION_BULK_SEEDS=1 replays it: {false}"
        ends += story.last_words()
        stopped += sum(bulk.is_over and bool(bulk.stopped) for bulk in story.bulks)
    print(f"{sum(ends.values())} decisions, {stopped} bulks stopped: {ends.most_common()}")
    if SEEDS >= 30:
        assert stopped > SEEDS / 10
        assert {Stage.DONE, Stage.TAKEN_BACK, Stage.ELSEWHERE, Stage.UNSENT, Stage.REFUSED} <= ends.keys()

"""What the console said, held against the truth once that is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.records import Record
from review_tui.model.submissions import Verb
from tests.simulation.truth import BECOMES, COLLEAGUE, Truth, World
from tests.simulation.weather import Weather

_UNSURE_WHOSE = "cannot be told"
_ANOTHER_CONSOLE = "Not sent from here"


@dataclass(frozen=True)
class Told:
    """A standing as it was published, and when."""

    standing: Standing
    at: float


class Written(Protocol):
    """What was written down: the last record and all stages of each decision, by request id."""

    @property
    def records(self) -> Mapping[str, Record]:
        """The records as they are now."""
        ...

    @property
    def history(self) -> Mapping[str, list[Stage]]:
        """The stages that were written, in order."""
        ...


class Story(Protocol):
    """What was decided and told, what was sent and written down, how things are; `bugs` were logged."""

    intents: dict[str, Intent]
    told: list[Told]
    truths: dict[str, Truth]
    bugs: list[str]
    weather: Weather
    world: World

    @property
    def shelf(self) -> Written:
        """The journal."""
        ...


def what_is_false(story: Story) -> list[str]:
    """Say what the console said that is not so, now that the truth is known; empty where all of it is."""
    wrong = [
        f"{intent.verb} {intent.submission_id}: {wrong}"
        for intent in story.intents.values()
        for wrong in _wrong_about(story, intent)
    ]
    return wrong + story.bugs


def _wrong_about(story: Story, intent: Intent) -> list[str]:
    request_id = intent.request_id
    truth = story.truths[intent.submission_id]
    ours = truth.took[request_id] > 0
    sent, proved = story.weather.sent.get(request_id, []), story.weather.proved[request_id]
    told = [each for each in story.told if each.standing.intent.request_id == request_id]
    wrong = [
        f"called {each.standing.stage} ({each.standing.words}), and it is {truth.status} by {truth.by}, "
        f"its matches {truth.matches}"
        for each in told
        if not _holds(story, each.standing, truth) and not _came_back(each, told)
    ]
    if truth.took[request_id] > 1:
        wrong.append(f"took effect {truth.took[request_id]} times")
    if len(sent) > 1 + proved:
        wrong.append(f"sent {len(sent)} times, {proved} of them proved unsent")
    back = [each for each in told if each.standing.stage is Stage.TAKEN_BACK and not _came_back(each, told)]
    if any(at > each.at for each in back for at in sent):
        wrong.append("sent after it was taken back")
    if sent and Stage.SENDING not in story.shelf.history.get(request_id, []):
        wrong.append("sent without being written down")
    kept = story.shelf.records.get(request_id)
    if kept is not None and not kept.stage.is_final:
        wrong.append(f"left {kept.stage} in the journal")
    last = kept.stage if kept is not None else told[-1].standing.stage if told else None
    if ours and last not in {Stage.DONE, Stage.UNKNOWN}:
        wrong.append(f"applied, and the last word is {last}")
    return wrong


def _came_back(each: Told, told: list[Told]) -> bool:
    """Whether what was given up could not be written down, said so, and was shown again after a restart."""
    later = told[told.index(each) + 1 :]
    return "shown as held next time" in each.standing.words and any(one.standing.earlier for one in later)


def _holds(story: Story, standing: Standing, truth: Truth) -> bool:
    """Whether a statement is true of how things turned out."""
    intent, stage = standing.intent, standing.stage
    ours = truth.took[intent.request_id] > 0
    if stage is Stage.DONE:
        return ours or (_is_as_wanted(intent, truth) and _looks_ours(story, standing, truth))
    if stage is Stage.ELSEWHERE and not standing.words.startswith(_ANOTHER_CONSOLE):
        return not ours and _is_told_rightly(standing, truth)
    return not stage.is_final or stage is Stage.UNKNOWN or not ours


def _is_as_wanted(intent: Intent, truth: Truth) -> bool:
    if intent.verb is Verb.RESOLVE:
        return truth.matches[intent.match_id or ""].resolution == intent.resolution
    return truth.status in BECOMES[intent.verb]


def _looks_ours(story: Story, standing: Standing, truth: Truth) -> bool:
    """Whether nobody could tell it from another decision of the same person with the same words."""
    intent = standing.intent
    match = truth.matches[intent.match_id] if intent.match_id else None
    by, words = (match.by, match.note) if match else (truth.by, truth.reason)
    if by == COLLEAGUE or story.world.tells_ids:
        return False
    same = words is not None and words == (intent.note if match else intent.reason)
    return same or _UNSURE_WHOSE in standing.words


def _is_told_rightly(standing: Standing, truth: Truth) -> bool:
    """Whether the words name what somebody else made of it."""
    intent, words = standing.intent, standing.words.lower()
    match = truth.matches[intent.match_id] if intent.match_id else None
    if match is not None and match.resolution is not None:
        return match.resolution.replace("_", " ") in words
    return any(
        status in words for statuses in BECOMES.values() if truth.status in statuses for status in statuses
    )

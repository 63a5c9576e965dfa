"""The scenarios: each fills a world as it says, and the same seed fills the same one."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from review_tui.sandbox import scenarios
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.documents.merchants import SHOPS, SUPPLIERS
from review_tui.sandbox.documents.paper import Document
from review_tui.sandbox.documents.reading import read_document
from review_tui.sandbox.hostile import HOSTILE, HOSTILE_NUMBERS, HUGE, MANY_KEYS
from review_tui.sandbox.life.calling import Answer, call
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.wire import NOON

TABLES = (
    "companies",
    "api_keys",
    "workflows",
    "workflow_versions",
    "sessions",
    "submissions",
    "files",
    "fingerprints",
    "fraud_matches",
    "events",
)


class World:
    """A populated sandbox and a way to ask it."""

    def __init__(self, scenario: str, *, seed: int = 3, submissions: int | None = None) -> None:
        settings = SandboxSettings(
            seed=seed, scenario=scenario, submissions=submissions, clock=Clock(NOON, frozen=True)
        )
        self.app = create_app(settings)
        self.sandbox: Sandbox = self.app.state.sandbox

    async def get(self, path: str) -> Answer:
        headers = {"authorization": f"Bearer {self.sandbox.api_key}"}
        return await call(self.app, "GET", f"/api/v1{path}", headers=headers)

    async def submission(self, submission_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.get(f"/submissions/{submission_id}")).json()["data"]
        return found

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.sandbox.database.read() as tx:
            return [tuple(row) for row in tx.execute(sql)]

    def digest(self) -> str:
        rows = [(table, sorted(map(repr, self.rows(f"SELECT * FROM {table}")))) for table in TABLES]
        return hashlib.sha256(repr(rows).encode()).hexdigest()


@contextmanager
def world(scenario: str, *, seed: int = 3, submissions: int | None = None) -> Iterator[World]:
    made = World(scenario, seed=seed, submissions=submissions)
    try:
        yield made
    finally:
        made.sandbox.close()


def test_the_busy_world_has_every_state_a_long_queue_and_a_third_of_it_flagged() -> None:
    with world("busy") as busy:
        statuses = Counter(status for (status,) in busy.rows("SELECT status FROM submissions"))
        assert set(statuses) == {
            "created",
            "processing",
            "review",
            "approved",
            "synced",
            "rejected",
            "cancelled",
            "failed",
        }
        assert sum(statuses.values()) == 150
        assert statuses["review"] >= 60
        flagged = busy.rows(
            "SELECT count(m.id) FROM submissions s JOIN fraud_matches m ON m.submission_id = s.id"
            " WHERE s.status = 'review' AND m.resolution IS NULL GROUP BY s.id"
        )
        assert statuses["review"] / 4 <= len(flagged) <= statuses["review"] / 2
        assert {count for (count,) in flagged} <= {1, 2, 3}
        kinds = {kind for (kind,) in busy.rows("SELECT DISTINCT type FROM fraud_matches")}
        assert kinds == {"exact_duplicate", "image_similarity", "data_similarity"}


def test_the_past_keeps_the_rules_of_the_present() -> None:
    with world("busy") as busy:
        broken = (
            (
                "SELECT id FROM submissions s WHERE status IN ('approved', 'synced') AND EXISTS"
                " (SELECT 1 FROM fraud_matches m WHERE m.submission_id = s.id AND m.resolution IS NULL)"
            ),
            "SELECT id FROM submissions WHERE (status = 'rejected') <> (reject_reason IS NOT NULL)",
            "SELECT id FROM submissions WHERE (status = 'failed') <> (failed_reason IS NOT NULL)",
            "SELECT id FROM submissions WHERE (status = 'synced') <> (synced_at IS NOT NULL)",
            "SELECT id FROM submissions WHERE updated_at < created_at",
            f"SELECT id FROM submissions WHERE updated_at > {busy.sandbox.clock.now_ms()}",
            f"SELECT id FROM events WHERE created_at > {busy.sandbox.clock.now_ms()}",
            (
                "SELECT id FROM submissions s WHERE (SELECT max(created_at) FROM events e"
                " WHERE e.submission_id = s.id) <> s.updated_at"
            ),
            (
                "SELECT m.id FROM fraud_matches m JOIN submissions s ON s.id = m.submission_id"
                " JOIN submissions o ON o.id = m.matched_submission_id WHERE o.created_at > s.created_at"
            ),
            "SELECT id FROM fraud_matches WHERE (resolution IS NULL) <> (resolved_at IS NULL)",
        )
        for sql in broken:
            assert busy.rows(sql) == [], sql
        last = busy.rows(
            "SELECT s.status, (SELECT e.type FROM events e WHERE e.submission_id = s.id"
            " ORDER BY created_at DESC, sequence DESC LIMIT 1) FROM submissions s"
        )
        assert {kind for status, kind in last if status == "approved"} == {'"approved"'}
        assert {kind for status, kind in last if status == "rejected"} == {'"rejected"'}


def test_what_is_extracted_is_what_the_file_says() -> None:
    with world("busy") as busy:
        rows = busy.rows(
            "SELECT s.extracted, f.spec FROM submissions s JOIN files f ON f.submission_id = s.id"
            " AND f.file_index = 0 WHERE s.extracted IS NOT NULL"
        )
        assert len(rows) > 100
        for extracted, spec in rows:
            reading = read_document(Document.from_json(spec))
            assert json.loads(extracted) == getattr(reading, "extracted", None)


def test_the_world_has_many_countries_and_alphabets() -> None:
    with world("busy") as busy:
        rows = busy.rows("SELECT extracted FROM submissions WHERE extracted IS NOT NULL")
        told = [json.loads(text) for (text,) in rows]
        assert {one.get("currency") for one in told} >= {"EUR", "USD", "PLN", "JPY", "NOK"}
        names = {one.get("merchantName") for one in told} - {None}
        assert names <= {shop.name for shop in (*SHOPS, *SUPPLIERS)}
        assert sum(not name.isascii() for name in names) > 5


@pytest.mark.parametrize(("scenario", "count"), [("busy", None), ("hostile", 40), ("flood", 300)])
def test_the_same_seed_and_clock_make_the_same_world_and_another_seed_another(
    scenario: str, count: int | None
) -> None:
    with (
        world(scenario, submissions=count) as one,
        world(scenario, submissions=count) as same,
        world(scenario, submissions=count, seed=4) as other,
    ):
        assert one.digest() == same.digest()
        assert one.digest() != other.digest()


@pytest.mark.parametrize(("scenario", "count"), [("quiet", 12), ("empty", 0), ("conflict", 120)])
async def test_each_small_scenario_answers_with_its_rows(scenario: str, count: int) -> None:
    with world(scenario) as made:
        assert len(made.rows("SELECT id FROM submissions")) == count
        answer = await made.get("/submissions?limit=100")
        assert answer.status == 200
        assert len(answer.json()["data"]) == min(count, 100)
        assert len((await made.get("/workflows")).json()["data"]) == 3


@pytest.mark.parametrize("scenario", sorted(scenarios.SCENARIOS))
def test_any_scenario_can_be_scaled(scenario: str) -> None:
    with world(scenario, submissions=20) as made:
        assert len(made.rows("SELECT id FROM submissions")) == 20


def test_an_unknown_scenario_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no scenario 'calm'; there are quiet, busy"):
        create_app(SandboxSettings(scenario="calm"))


@pytest.mark.volume
async def test_a_flood_is_whole_old_and_partly_flagged() -> None:
    began = time.perf_counter()
    with world("flood", submissions=6000) as flood:
        print(f"6,000 submissions in {time.perf_counter() - began:.1f} s")
        ((count, oldest),) = flood.rows("SELECT count(*), min(created_at) FROM submissions")
        assert count == 6000
        assert flood.sandbox.clock.now_ms() - oldest > 5 * 86_400_000
        ((flagged, review),) = flood.rows(
            "SELECT sum(fraud_status = 'flagged'), count(*) FROM submissions WHERE status = 'review'"
        )
        assert 0.1 < flagged / review < 0.5
        orphans = (
            "SELECT id FROM submissions s WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE id = s.session_id)",
            (
                "SELECT id FROM submissions s WHERE status <> 'created'"
                " AND NOT EXISTS (SELECT 1 FROM files f WHERE f.submission_id = s.id)"
            ),
            (
                "SELECT id FROM fraud_matches m WHERE NOT EXISTS"
                " (SELECT 1 FROM submissions s WHERE s.id = m.matched_submission_id)"
            ),
            (
                "SELECT id FROM submissions s WHERE status = 'review' AND (fraud_status <> 'clean') <>"
                " EXISTS (SELECT 1 FROM fraud_matches m WHERE m.submission_id = s.id)"
            ),
        )
        for sql in orphans:
            assert flood.rows(sql) == [], sql
        rows = flood.rows(
            "SELECT s.id, s.extracted, f.spec FROM submissions s JOIN files f ON f.submission_id = s.id"
            " AND f.file_index = 0 WHERE s.extracted LIKE '%documentNumber\":\"%'"
            " ORDER BY s.created_at LIMIT 40"
        )
        for submission_id, extracted, spec in rows:
            document, told = Document.from_json(spec), json.loads(extracted)
            assert told["documentNumber"] == document.number
            assert told.get("documentDate") in (None, document.date)
            detail = await flood.submission(submission_id)
            assert detail["extractedData"] == told
            assert detail["events"]


def strings_of(value: object) -> Iterator[str]:
    """Every string and every key within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)


async def test_every_hostile_text_arrives_unharmed_in_every_field() -> None:
    with world("hostile") as hostile:
        listed = await hostile.get("/submissions?status=review&limit=100")
        ids = [row["id"] for row in listed.json()["data"]]
        details = [await hostile.submission(one) for one in ids]
    everywhere = {text for detail in details for text in strings_of(detail)}
    assert set(HOSTILE) <= everywhere
    short = {text for text in HOSTILE if len(text) < 1000}
    fields: dict[str, set[str]] = {
        "merchant": {detail["extractedData"]["merchantName"] for detail in details},
        "field names": {key for detail in details for key in detail["extractedData"]},
        "file names": {file["fileName"] for detail in details for file in detail["files"]},
        "file labels": {file["label"] for detail in details for file in detail["files"]},
        "client ids": {detail["clientSubmissionId"] for detail in details},
        "metadata": {detail["metadata"]["lane"] for detail in details},
        "metadata keys": {key for detail in details for key in detail["metadata"]},
        "users": {detail["externalUser"]["name"] for detail in details},
        "e-mail": {detail["externalUser"]["email"] for detail in details},
        "event types": {event["type"] for detail in details for event in detail["events"]},
        "event messages": {event["message"] for detail in details for event in detail["events"]},
        "actors": {event["actor"]["name"] for detail in details for event in detail["events"]},
    }
    for name, seen in fields.items():
        assert len(short - seen) <= len(short) // 12, name
    matches = [match for detail in details for match in detail["fraudMatches"]]
    assert len({field["value"] for match in matches for field in match["details"]["fields"]}) > 25
    assert len({match["note"] for match in matches}) > 25
    assert any("\x1b" in match["type"] or "[" in match["type"] for match in matches)


async def test_hostile_numbers_and_sizes_arrive_as_they_were_sent() -> None:
    with world("hostile") as hostile:
        body = (await hostile.get("/submissions?status=review&limit=100")).body
        reasons = hostile.rows("SELECT reject_reason FROM submissions WHERE reject_reason IS NOT NULL")
        workflows = (await hostile.get("/workflows")).json()["data"]
    assert body.isascii()
    assert len(body) < 16 * 1024 * 1024
    for number in HOSTILE_NUMBERS:
        assert f'"totalAmount":{number},'.encode() in body or f'"taxAmount":{number},'.encode() in body
    assert b"\\ud800 high" in body
    rows = json.loads(body)["data"]
    assert max(len(row["extractedData"]) for row in rows) > MANY_KEYS
    assert max(len(text) for row in rows for text in strings_of(row)) >= HUGE
    assert {json.loads(reason) for (reason,) in reasons} <= set(HOSTILE)
    names = " ".join(workflow["name"] for workflow in workflows)
    assert all(text in names for text in HOSTILE if len(text) < 1000)

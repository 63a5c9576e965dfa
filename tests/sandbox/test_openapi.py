"""What the sandbox says of itself is what it does, as an outsider with generated requests finds."""

import json
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from starlette.applications import Starlette
from starlette.routing import Route

from review_tui.sandbox import openapi
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.sandbox import rows
from tests.sandbox.asking import Caller
from tests.wire import NOON

if TYPE_CHECKING:
    from schemathesis import Case

PLENTY = 10**9
EXAMPLES = int(os.environ.get("SANDBOX_EXAMPLES", "4"))


@pytest.fixture(scope="module")
def generous() -> Iterator[Starlette]:
    """A small world in which nobody asks too often."""
    app = create_app(
        SandboxSettings(
            scenario="quiet",
            clock=Clock(NOON, frozen=True),
            read_limit=PLENTY,
            write_limit=PLENTY,
            session_limit=PLENTY,
            submit_limit=PLENTY,
            webhook_test_limit=PLENTY,
        )
    )
    yield app
    app.state.sandbox.close()


OPERATIONS = [(path, method) for path, methods in openapi.PATHS.items() for method in methods]


BEYOND_A_SCHEMA = {
    "/api/v1/workflows/{slug}/sessions": "how many files of which types depends on the workflow",
    "/api/v1/workflows/{slug}/sessions/{session_id}/submit": "400 is the contract's word for a wrong state",
    "/api/v1/webhooks/test": "which hosts are public",
}
"""Where a request that fits the schema may rightly be refused, and why no schema could say so."""


def described(generous: Starlette, path: str, method: str) -> Any:
    """One operation as a reader of the served document knows it."""
    import schemathesis  # it takes a second to load, and all who run tests would have to

    schema = schemathesis.openapi.from_asgi("/openapi.json", generous)
    schema.config.generation.allow_extra_parameters = False  # unknown query parameters are ignored
    schema.config.generation.with_security_parameters = False  # the key is given with each call
    return schema[path][method]


def excluded_of(path: str) -> list[Any]:
    """The checks that a path need not meet."""
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    return [positive_data_acceptance] if path in BEYOND_A_SCHEMA else []


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part)
def test_generated_requests_meet_no_surprise(generous: Starlette, path: str, method: str) -> None:
    """Requests that fit the document, with made-up ids and again with ids that are there."""
    headers = {"Authorization": f"Bearer {generous.state.sandbox.api_key}"}
    excluded = excluded_of(path)

    @given(case=described(generous, path, method).as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def ask(case: "Case[Any]") -> None:
        case.query.pop("cursor", None)  # nobody but the server can make one
        case.call_and_validate(headers=headers, excluded_checks=excluded)
        there = known(generous.state.sandbox, case.path_parameters)
        if there:
            case.path_parameters |= there
            case.call_and_validate(headers=headers, excluded_checks=excluded)

    ask()


@pytest.mark.parametrize(
    ("path", "method"),
    [
        one
        for one in OPERATIONS
        if one[1] == "post" or one[0].startswith("/storage/") or one[0].endswith("/submissions")
    ],
    ids=lambda part: part,
)
def test_generated_nonsense_is_refused(generous: Starlette, path: str, method: str) -> None:
    """Requests that do not fit the document, to things that are there."""
    from schemathesis import GenerationMode

    headers = {"Authorization": f"Bearer {generous.state.sandbox.api_key}"}
    excluded = excluded_of(path)
    there = known(generous.state.sandbox, dict.fromkeys(re.findall(r"{(\w+)}", path), ""))
    wrong = described(generous, path, method).as_strategy(
        generation_mode=GenerationMode.NEGATIVE, path_parameters=there or None
    )

    @given(case=wrong)
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def ask(case: "Case[Any]") -> None:
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    ask()


def known(sandbox: Sandbox, parts: dict[str, Any]) -> dict[str, Any]:
    """Something that exists for every part of a path that has a name."""
    identifier = rows.submission(sandbox, matches=1)
    with sandbox.database.read() as tx:
        row = tx.execute(
            "SELECT m.id AS match_id, s.session_id FROM fraud_matches m "
            "JOIN submissions s ON s.id = m.submission_id WHERE s.id = ?",
            (identifier,),
        ).fetchone()
    there = {"submission_id": identifier, "slug": "receipt-ocr", "version": "3", **dict(row)}
    return {name: there[name] for name in parts if name in there}


def test_every_route_of_the_api_is_described(generous: Starlette) -> None:
    described = {(method.upper(), path) for path, methods in openapi.PATHS.items() for method in methods}
    served = {
        (method, route.path.replace(":int", ""))
        for route in generous.routes
        if isinstance(route, Route) and route.methods is not None
        for method in route.methods - {"HEAD"}
        if route.path.startswith(("/api/", "/storage/"))
    }
    assert described == served


def test_the_document_is_served_without_a_key(caller: Caller) -> None:
    caller.key = ""
    assert caller.get("/openapi.json").json == json.loads(json.dumps(openapi.DOCUMENT))

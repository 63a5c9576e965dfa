"""What the sandbox says of Pulse and Unsiloed is what it does, as generated requests find."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.applications import Starlette

from review_tui.sandbox import openapi_jobs
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.routes import pulse, unsiloed
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.wire import NOON

PLENTY = 10**9
EXAMPLES = int(os.environ.get("SANDBOX_EXAMPLES", "2"))
OPERATIONS = [
    (system, path, method)
    for system, paths in openapi_jobs.PATHS.items()
    for path, methods in paths.items()
    for method in methods
]
BEYOND_A_SCHEMA: dict[tuple[str, str], list[Any]] = {
    ("/job/{job_id}", "delete"): [not_a_server_error],
    ("/large_results/{job_id}", "get"): [positive_data_acceptance],
    ("/jobs/{job_id}", "delete"): [positive_data_acceptance],
    ("/jobs/{job_id}/result", "get"): [positive_data_acceptance, not_a_server_error],
}
"""Where the contract refuses with 400, 410 or 500 what only the state of a job forbids."""


@pytest.fixture(scope="module")
def generous() -> Iterator[Starlette]:
    """A small world in which nobody asks too often."""
    app = create_app(
        SandboxSettings(
            scenario="quiet",
            submissions=2,
            clock=Clock(NOON, frozen=True),
            pulse_limit=PLENTY,
            unsiloed_one_limit=PLENTY,
            unsiloed_many_limit=PLENTY,
            unsiloed_list_limit=PLENTY,
        )
    )
    yield app
    app.state.sandbox.close()


@pytest.mark.parametrize(("system", "path", "method"), OPERATIONS, ids=lambda part: part)
def test_generated_requests_meet_no_surprise(
    generous: Starlette, system: str, path: str, method: str
) -> None:
    """Requests that fit the document, with made-up ids and again with each job that is there."""
    sandbox: Sandbox = generous.state.sandbox
    headers = {"x-api-key": sandbox.job_keys[system]["company"].secret}
    schema: Any = schemathesis.openapi.from_asgi(f"/{system}/openapi.json", generous)
    schema.config.generation.allow_extra_parameters = False
    schema.config.generation.with_security_parameters = False
    there = known(sandbox, system)
    excluded = [ignored_auth, *BEYOND_A_SCHEMA.get((path, method), ())]

    @given(case=schema[path][method].as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=headers, excluded_checks=excluded)
        for name in case.path_parameters:
            for value in there[name]:
                case.path_parameters[name] = value
                case.call_and_validate(headers=headers, excluded_checks=excluded)

    ask()


def known(sandbox: Sandbox, system: str) -> dict[str, list[str]]:
    """Jobs in every state, and the batches, by what paths call them."""
    with sandbox.database.read() as tx:
        rows = tx.execute(
            "SELECT min(id) AS job_id, max(batch_id) AS batch_id FROM jobs "
            "WHERE system = ? AND coalesce(result_bytes, 0) = 0 GROUP BY state",
            (system,),
        ).fetchall()
    return {name: sorted({str(row[name]) for row in rows if row[name]}) for name in ("job_id", "batch_id")}


def test_every_route_is_described() -> None:
    described = {(method.upper(), f"/{system}{path}") for system, path, method in OPERATIONS}
    served = {
        (method, route.path)
        for route in (*pulse.ROUTES, *unsiloed.ROUTES)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert described == served

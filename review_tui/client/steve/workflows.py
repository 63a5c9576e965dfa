"""Workflows: which documents the company takes in."""

from functools import partial

from review_tui.client.paths import path
from review_tui.client.transport import Transport
from review_tui.model.contracts import Contract, read_contract
from review_tui.model.wire import Json, UnexpectedShape, as_object, read_one, read_rows, unwrapped
from review_tui.model.workflows import Workflow


class Workflows:
    """The company's published workflows."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self) -> tuple[Workflow, ...]:
        """Read those of the first page that can be read."""
        return await self._transport.read("/workflows", _read_workflows, params={"limit": "100"})

    async def get(self, slug: str) -> Workflow:
        """Read one workflow."""
        return await self._transport.read(path("workflows", slug), partial(_read_workflow, slug))

    async def contract(self, slug: str, version: str) -> Contract:
        """Read what one version of a workflow promises of its data."""
        return await self._transport.read(
            path("workflows", slug, "versions", version), partial(_read_contract, slug, version)
        )


def _read_workflows(value: Json) -> tuple[Workflow, ...]:
    rows = as_object(value, "the list of workflows").get("data")
    if not isinstance(rows, list):
        raise UnexpectedShape("the list of workflows has no data")
    return read_rows(Workflow, rows, "workflows")[0]


def _read_workflow(slug: str, value: Json) -> Workflow:
    workflow = read_one(Workflow, unwrapped(value, "the workflow"), "the workflow")
    if workflow.slug != slug:
        raise UnexpectedShape("it is about another workflow")
    return workflow


def _read_contract(slug: str, version: str, value: Json) -> Contract:
    body = unwrapped(value, "the contract")
    about = body.get("workflow")
    if isinstance(about, dict) and about.get("slug") not in {None, slug}:
        raise UnexpectedShape("it is about another workflow")
    if str(body.get("version", version)) != version:
        raise UnexpectedShape("it is about another version")
    return read_contract(body)

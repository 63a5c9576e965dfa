"""Workflows: which documents are taken in, and how they are named."""

from review_tui.model.text import Shown
from review_tui.model.wire import Json, OptionalText, Wire


class WorkflowName(Wire):
    """A workflow as a submission refers to it."""

    slug: Shown
    name: OptionalText = None
    version: Json = None

    @property
    def title(self) -> Shown:
        """Its name, or its slug where it has none."""
        return self.name or self.slug


class Workflow(Wire):
    """A workflow as its own endpoint describes it."""

    id: OptionalText = None
    slug: Shown
    name: OptionalText = None
    description: OptionalText = None
    published_version: Json = None
    contract_url: OptionalText = None
    upload: Json = None


class Company(Wire):
    """A company that the key may see."""

    id: OptionalText = None
    name: OptionalText = None

"""Workflows: which documents are taken in, and how they are named."""

from review_tui.model.frozen import frozen
from review_tui.model.text import Shown
from review_tui.model.wire import Anything, OptionalText, Word


@frozen
class WorkflowName:
    """A workflow as a submission refers to it."""

    slug: Word
    name: OptionalText = None
    version: Anything = None

    @property
    def title(self) -> Shown:
        """Its name, or its slug where it has none."""
        return self.name or self.slug


@frozen
class Workflow:
    """A workflow as its own endpoint describes it."""

    slug: Word
    id: OptionalText = None
    name: OptionalText = None
    description: OptionalText = None
    published_version: Anything = None
    contract_url: OptionalText = None
    upload: Anything = None


@frozen
class Company:
    """A company that the key may see."""

    id: OptionalText = None
    name: OptionalText = None

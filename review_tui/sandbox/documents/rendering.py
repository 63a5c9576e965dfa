"""A document becomes its file: the one door to drawing, cached because files come back unchanged."""

import json
from collections.abc import Mapping
from functools import lru_cache

from review_tui.sandbox.documents.drawing import jpeg
from review_tui.sandbox.documents.invoices import pdf
from review_tui.sandbox.documents.paper import Document


@lru_cache(maxsize=64)
def render(document: Document) -> bytes:
    """The file of a document, JPEG or PDF by its `content_type`: the same bytes for the same document.

    (With one and the same Pillow, that is: its JPEG encoder may change from one release to the next.)
    """
    return pdf(document) if document.kind == "invoice" else jpeg(document)


def render_spec(spec: Mapping[str, object]) -> bytes:
    """The file of a document that was kept as JSON; ValueError when the JSON is something else."""
    return render(Document.from_json(json.dumps(spec)))

"""The workflows of the made-up company: what may be uploaded to each and what each extracts."""

from collections.abc import Mapping
from dataclasses import dataclass

from review_tui.sandbox.database import Transaction, insert, new_id
from review_tui.sandbox.documents.paper import Kind

MONEY = {"minimum": 0}
DAY = {"format": "date"}


@dataclass(frozen=True, slots=True)
class Output:
    """One field that a workflow extracts, in the words of the wire."""

    name: str
    label: str
    type: str = "string"
    required: bool = False
    description: str = ""
    validation: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as it is published; `share` is its part of all submissions, `kind` what is sent to it."""

    slug: str
    name: str
    description: str
    icon: str
    color: str
    version: int
    kind: Kind
    share: float
    max_files: int
    formats: tuple[str, ...]
    labels: tuple[str, ...]
    outputs: tuple[Output, ...]

    def upload(self) -> dict[str, object]:
        """The upload rules in wire shape."""
        return {
            "minFiles": 1,
            "maxFiles": self.max_files,
            "acceptedFormats": list(self.formats),
            "fileLabels": list(self.labels),
            "maxFileSizeMb": 10,
        }

    def output_schema(self) -> list[dict[str, object]]:
        """The output fields in wire shape."""
        return [
            {
                "name": field.name,
                "label": field.label,
                "required": field.required,
                "description": field.description or field.label,
                "type": field.type,
                "validation": field.validation,
            }
            for field in self.outputs
        ]

    def output_json_schema(self) -> dict[str, object]:
        """The same fields as a JSON Schema."""
        return {
            "type": "object",
            "properties": {field.name: {"type": field.type} for field in self.outputs},
            "required": [field.name for field in self.outputs if field.required],
        }


_PAPER = (
    Output("merchantName", "Merchant", required=True),
    Output("totalAmount", "Total", "number", required=True, validation=MONEY),
    Output("currency", "Currency", validation={"pattern": "^[A-Z]{3}$"}),
    Output("taxAmount", "Tax", "number", validation=MONEY),
    Output("documentDate", "Date", required=True, validation=DAY),
    Output("documentNumber", "Number"),
    Output("merchantAddress", "Address"),
    Output("merchantTaxId", "Tax id"),
    Output("lineItems", "Positions", "array"),
)

WORKFLOWS: tuple[Workflow, ...] = (
    Workflow(
        slug="receipt-ocr",
        name="Receipt OCR",
        description="Receipts that members photograph to collect points.",
        icon="receipt",
        color="#2563eb",
        version=3,
        kind="receipt",
        share=0.62,
        max_files=3,
        formats=("image/jpeg", "image/png", "application/pdf"),
        labels=("receipt", "back", "extra"),
        outputs=(*_PAPER, Output("tipAmount", "Tip", "number"), Output("paymentCard", "Card")),
    ),
    Workflow(
        slug="invoice-intake",
        name="Invoice intake",
        description="Suppliers' invoices for payment.",
        icon="file-text",
        color="#0f766e",
        version=2,
        kind="invoice",
        share=0.22,
        max_files=2,
        formats=("application/pdf", "image/jpeg"),
        labels=("invoice", "attachment"),
        outputs=_PAPER,
    ),
    Workflow(
        slug="photo-proof",
        name="Photo proof",
        description="Photographs of shelves that prove a promotion.",
        icon="camera",
        color="#b45309",
        version=1,
        kind="photo",
        share=0.16,
        max_files=5,
        formats=("image/jpeg", "image/png"),
        labels=("shelf", "shelf 2", "shelf 3", "shelf 4", "shelf 5"),
        outputs=(
            Output("merchantName", "Store", required=True),
            Output("productName", "Product", required=True),
            Output("shelfPrice", "Price on the shelf", "number", validation=MONEY),
            Output("currency", "Currency"),
            Output("documentDate", "Date", validation=DAY),
            Output("productCount", "Pieces seen", "number"),
        ),
    ),
)


def store_workflows(tx: Transaction, company_id: str) -> None:
    """Publish the workflows for a company, every version up to the newest."""
    for workflow in WORKFLOWS:
        insert(
            tx,
            "workflows",
            company_id=company_id,
            slug=workflow.slug,
            id=new_id(tx, "workflow"),
            name=workflow.name,
            description=workflow.description,
            icon=workflow.icon,
            color=workflow.color,
            published_version=workflow.version,
            contract_url=f"/api/v1/workflows/{workflow.slug}/versions/{workflow.version}",
        )
        for version in range(1, workflow.version + 1):
            insert(
                tx,
                "workflow_versions",
                company_id=company_id,
                slug=workflow.slug,
                version=version,
                upload=workflow.upload(),
                output_schema=workflow.output_schema(),
                output_json_schema=workflow.output_json_schema(),
            )

"""What one document says and looks like: a frozen value that travels as JSON inside its own file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from review_tui.sandbox.documents.merchants import DECIMALS, Merchant

Kind = Literal["receipt", "invoice", "photo"]


_SIZES: Mapping[Kind, tuple[int, int, int]] = {
    "receipt": (3000, 2700, 430),
    "invoice": (3000, 370, 0),
    "photo": (3000, 0, 350),
}
"""Bytes of a file: to begin with, for each line, for each step of JPEG quality."""


@dataclass(frozen=True, slots=True)
class Line:
    """One position: `price` of a single piece in minor units of the document's currency."""

    description: str
    quantity: int
    price: int

    @property
    def amount(self) -> int:
        """What the position costs, in minor units."""
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Look:
    """How the paper lies before the camera.

    `paper` seeds what belongs to the sheet (folds, layout, the desk under it) and survives another
    photograph; `shot` seeds what belongs to the photograph. `tone` is the sheet's grey (0..255), `tilt` is
    in degrees, `light` a factor on brightness, `compression` the JPEG quality, `quality` how well the scan
    can be read (0..1).
    """

    paper: int
    shot: int
    tone: int
    tilt: float
    light: float
    compression: int
    quality: float


@dataclass(frozen=True, slots=True)
class Document:
    """A receipt, an invoice or a photograph of goods; amounts are in minor units, `date` is ISO 8601.

    `unfit` names what content moderation would object to, None for nearly all documents.
    """

    kind: Kind
    merchant: Merchant
    date: str
    time: str
    currency: str
    lines: tuple[Line, ...]
    tax: int
    tip: int
    total: int
    number: str
    card: str | None
    look: Look
    unfit: str | None = None

    @property
    def content_type(self) -> str:
        """The type of the file that `render` makes: invoices are PDF, everything else JPEG."""
        return "application/pdf" if self.kind == "invoice" else "image/jpeg"

    @property
    def size_bytes(self) -> int:
        """How many bytes the file of the document has, known before it is drawn: drawing fills it up."""
        base, line, shade = _SIZES[self.kind]
        return base + line * len(self.lines) + shade * self.look.compression + self.look.shot % 100

    def to_json(self) -> str:
        """The whole document as one line of ASCII JSON with stable key order."""
        return json.dumps(asdict(self), separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The document that `to_json` wrote; ValueError when the text is anything else."""
        try:
            fields: dict[str, Any] = json.loads(text)
            return cls(
                **(
                    fields
                    | {
                        "merchant": Merchant(**fields["merchant"]),
                        "lines": tuple(Line(**line) for line in fields["lines"]),
                        "look": Look(**fields["look"]),
                    }
                )
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a document of this sandbox: {error}") from error


def amount_of(minor: int, currency: str) -> float | int:
    """An amount as extraction says it: a whole number where the currency has no decimals."""
    decimals = DECIMALS.get(currency, 2)
    return round(minor / 10**decimals, decimals) if decimals else minor


def printed_amount(minor: int, currency: str) -> str:
    """An amount as the paper prints it, `1234.50` or `1234`."""
    decimals = DECIMALS.get(currency, 2)
    return f"{minor / 10**decimals:.{decimals}f}"

"""Reading a file, as the sandbox does it: there is no OCR, the file tells what it says.

Every file that the sandbox draws carries its document as JSON (a JPEG comment, a PDF's information). Reading
takes that and makes it as good as the scan: a poor one loses fields, swaps digits and says less confidently
what is left. A file without it is a stranger's: nothing can be read.
"""

import io
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from PIL import Image, UnidentifiedImageError

from review_tui.sandbox.documents import drawing, invoices
from review_tui.sandbox.documents.paper import Document, amount_of

_LEGIBLE = 0.32
_DOUBTFUL = 0.62
_SWAPS = {"0": "8", "8": "0", "1": "7", "7": "1", "5": "6", "6": "5", "3": "8"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `extracted` in the shape of the wire, `confidence` 0..1."""

    extracted: dict[str, Any]
    confidence: float


@dataclass(frozen=True, slots=True)
class Unread:
    """Why nothing could be read, in words for the reviewer."""

    reason: str


def told_by(data: bytes) -> Document | None:
    """The document that a file of this sandbox carries, None for a file from anywhere else."""
    if data.startswith(b"%PDF"):
        found = re.search(re.escape(invoices.MARK) + rb"([0-9a-f]+)>", data)
        text = bytes.fromhex(found[1].decode("ascii")) if found else None
    else:
        text = _comment(data)
    if text is None:
        return None
    try:
        return Document.from_json(text)
    except ValueError:
        return None


def read(data: bytes) -> Reading | Unread:
    """What a file says; the same document is always read the same way."""
    document = told_by(data)
    if document is None:
        return Unread("no text could be found in the file")
    return read_document(document)


def read_document(document: Document) -> Reading | Unread:
    """What `read` gives for the file of a document, without drawing it."""
    rng = Random(f"{document.look.paper}/{document.look.shot}/{document.total}/{document.date}")
    quality = document.look.quality
    if quality < _LEGIBLE and rng.random() < 0.6:
        return Unread("the scan is too poor to be read")
    extracted: dict[str, Any] = {}
    certainty: dict[str, float] = {}
    for name, told in _fields(document).items():
        sure = min(0.995, max(0.02, quality + rng.gauss(0.02, 0.05 + 0.25 * (1 - quality))))
        if sure < _LEGIBLE and name != "totalAmount":
            if rng.random() < 0.5:
                extracted[name] = None
            continue
        doubtful = sure < _DOUBTFUL and rng.random() < 0.4
        extracted[name] = _misread(told, rng) if doubtful else told
        certainty[name] = round(sure, 3)
    if not certainty:
        return Unread("the scan is too poor to be read")
    extracted["fieldConfidence"] = certainty
    return Reading(extracted, round(math.fsum(certainty.values()) / len(certainty), 3))


def _fields(document: Document) -> dict[str, Any]:
    currency = document.currency

    def amount(minor: int) -> float | int:
        return amount_of(minor, currency)

    if document.kind == "photo":
        line = document.lines[0]
        return {
            "merchantName": document.merchant.name,
            "productName": line.description,
            "shelfPrice": amount(line.price),
            "currency": currency,
            "documentDate": document.date,
            "productCount": line.quantity,
        }
    fields: dict[str, Any] = {
        "merchantName": document.merchant.name,
        "totalAmount": amount(document.total),
        "currency": currency,
        "taxAmount": amount(document.tax),
        "documentDate": document.date,
        "documentNumber": document.number,
        "merchantAddress": f"{document.merchant.street}, {document.merchant.city}",
        "merchantTaxId": document.merchant.tax_id,
        "lineItems": [
            {
                "description": line.description,
                "quantity": line.quantity,
                "unitPrice": amount(line.price),
                "amount": amount(line.amount),
            }
            for line in document.lines
        ],
    }
    if document.tip:
        fields["tipAmount"] = amount(document.tip)
    if document.card and document.kind == "receipt":
        fields["paymentCard"] = document.card
    return fields


def _misread(value: Any, rng: Random) -> Any:
    """One digit taken for one that looks like it; values without such a digit stay."""
    kind: Callable[[str], Any] | None = {str: str, int: int, float: float}.get(type(value))
    if kind is None:
        return value
    signs = list(str(value))
    places = [place for place, sign in enumerate(signs) if sign in _SWAPS and (place or sign not in "80")]
    if not places:
        return value
    place = rng.choice(places)
    signs[place] = _SWAPS[signs[place]]
    return kind("".join(signs))


def _comment(data: bytes) -> bytes | None:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            comment = picture.info.get("comment")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    if not isinstance(comment, bytes) or not comment.startswith(drawing.MARK):
        return None
    return comment.removeprefix(drawing.MARK)

"""Reading: the file says what it shows, and a poor scan says less of it, less surely."""

import io
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from PIL import Image

from review_tui.sandbox.documents.invention import invent
from review_tui.sandbox.documents.paper import Document, Kind, amount_of
from review_tui.sandbox.documents.reading import Reading, Unread, read, read_document, told_by
from review_tui.sandbox.documents.rendering import render

TODAY = date(2026, 3, 25)


def scanned(quality: float, seed: int, kind: Kind = "receipt") -> Document:
    document = invent(Random(seed), today=TODAY, kind=kind)
    return replace(document, look=replace(document.look, quality=quality))


@pytest.mark.parametrize("kind", ["receipt", "invoice"])
def test_a_good_scan_is_read_as_it_was_printed(kind: Kind) -> None:
    for seed in range(12):
        document = scanned(0.99, seed, kind)
        reading = read(render(document))
        assert isinstance(reading, Reading)
        told = reading.extracted
        assert told["merchantName"] == document.merchant.name
        assert told["totalAmount"] == amount_of(document.total, document.currency)
        assert told["documentDate"] == document.date
        assert told["documentNumber"] == document.number
        assert [line["description"] for line in told["lineItems"]] == [
            line.description for line in document.lines
        ]
        assert reading.confidence > 0.9
        assert set(told["fieldConfidence"]) == set(told) - {"fieldConfidence"}


def test_yen_are_whole_numbers() -> None:
    yen = [one for one in (scanned(0.99, seed) for seed in range(40)) if one.currency == "JPY"]
    assert yen
    for document in yen:
        reading = read_document(document)
        assert isinstance(reading, Reading)
        assert isinstance(reading.extracted["totalAmount"], int)


def test_a_poor_scan_loses_fields_swaps_digits_and_is_less_sure() -> None:
    lost = swapped = 0
    confidences = []
    for seed in range(150):
        document = scanned(0.42, seed)
        reading = read_document(document)
        if isinstance(reading, Unread):
            continue
        told = reading.extracted
        confidences.append(reading.confidence)
        lost += any(told.get(name) is None for name in ("merchantName", "documentDate", "documentNumber"))
        swapped += told.get("totalAmount") not in (None, amount_of(document.total, document.currency))
    assert len(confidences) > 100
    assert lost > 30
    assert swapped > 10
    assert sum(confidences) / len(confidences) < 0.6


def test_some_scans_cannot_be_read_at_all() -> None:
    readings = [read_document(scanned(0.2, seed)) for seed in range(40)]
    unread = [reading for reading in readings if isinstance(reading, Unread)]
    assert unread
    assert "too poor" in unread[0].reason


def test_reading_a_file_and_reading_its_document_agree() -> None:
    for seed in range(12):
        document = scanned(0.5, seed)
        assert read(render(document)) == read_document(document)


def test_a_stranger_s_file_says_nothing() -> None:
    out = io.BytesIO()
    Image.new("L", (40, 40), 200).save(out, "JPEG", comment=b"just a comment")
    for data in (out.getvalue(), b"%PDF-1.4\nnothing\n%%EOF\n", b"", b"\xff\xd8\xff\xe0broken", b"GIF89a"):
        assert told_by(data) is None
        assert read(data) == Unread("no text could be found in the file")


def test_a_forged_description_inside_a_file_is_not_believed_when_it_is_broken() -> None:
    data = render(scanned(0.9, 1))
    assert told_by(data) is not None
    assert told_by(data.replace(b'"lines"', b'"linez"')) is None

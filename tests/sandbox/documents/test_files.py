"""Files as the sandbox draws them: real, small, the same for the same document, and saying what they show."""

import io
import re
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from PIL import Image

from review_tui.sandbox.documents.drawing import SKETCH, picture
from review_tui.sandbox.documents.invention import altered, invent, rescanned, reused
from review_tui.sandbox.documents.merchants import SHOPS, SUPPLIERS
from review_tui.sandbox.documents.paper import Document, Kind, printed_amount
from review_tui.sandbox.documents.reading import told_by
from review_tui.sandbox.documents.rendering import render, render_spec

TODAY = date(2026, 3, 25)
KINDS: tuple[Kind, ...] = ("receipt", "invoice", "photo")


def some(kind: Kind, count: int = 6, seed: int = 4) -> list[Document]:
    rng = Random(f"{kind}{seed}")
    return [invent(rng, today=TODAY, kind=kind) for _ in range(count)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_bytes(kind: Kind) -> None:
    first, again = some(kind), some(kind)
    assert first == again
    drawn = [render(document) for document in first]
    render.cache_clear()
    assert [render(document) for document in again] == drawn
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("kind", ["receipt", "photo"])
def test_a_receipt_or_photograph_is_a_small_jpeg_that_opens(kind: Kind) -> None:
    for document in some(kind):
        data = render(document)
        assert len(data) == document.size_bytes
        with Image.open(io.BytesIO(data)) as opened:
            opened.load()
            assert opened.format == "JPEG"
            assert opened.width == 440
            assert 300 <= opened.height <= 1100


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("compression", "quality"), [(40, 0.3), (82, 0.3), (40, 0.99), (82, 0.99)])
def test_the_size_of_a_file_is_known_before_it_is_drawn(kind: Kind, compression: int, quality: float) -> None:
    for document in some(kind, 4):
        for count in (1, 8) if kind != "photo" else (1,):
            look = replace(document.look, compression=compression, quality=quality)
            odd = replace(document, lines=(document.lines * 8)[:count], look=look, total=document.total * 100)
            data = render(odd)
            assert len(data) == odd.size_bytes <= 61_000
            assert told_by(data) == odd


def test_a_receipt_is_light_paper_with_dark_type_on_a_darker_desk() -> None:
    for document in some("receipt"):
        seen = picture(document)
        middle = seen.crop((170, 40, 270, seen.height - 40))
        assert min(middle.tobytes()) < 90  # type
        lightest = sorted(middle.tobytes())[-middle.width * middle.height // 2]
        edge = sorted(seen.crop((0, 0, 8, seen.height)).tobytes())[4 * seen.height]
        assert lightest > edge + 20


def test_a_sketch_is_the_same_picture_in_small() -> None:
    for document in some("receipt") + some("photo"):
        whole, sketch = picture(document), picture(document, SKETCH)
        assert sketch.width < whole.width / 4
        assert whole.width / whole.height == pytest.approx(sketch.width / sketch.height, rel=0.05)


def test_an_invoice_is_a_pdf_whose_cross_references_lead_to_its_objects() -> None:
    for document in some("invoice"):
        data = render(document)
        assert data.startswith(b"%PDF-1.4\n")
        assert data.endswith(b"%%EOF\n")
        assert len(data) == document.size_bytes
        table = int(re.findall(rb"startxref\n(\d+)\n", data)[0])
        assert data[table:].startswith(b"xref\n")
        places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", data[table:])]
        assert len(places) == 7
        for number, place in enumerate(places, 1):
            assert data[place:].startswith(b"%d 0 obj\n" % number)
        length, content = re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", data, re.DOTALL)[0]
        assert len(content) == int(length)


def test_an_invoice_shows_its_number_its_total_and_every_line_as_text() -> None:
    for document in some("invoice"):
        shown = b"".join(re.findall(rb"\((.*?)\) Tj", render(document))).decode("cp1252")
        assert document.number in shown
        assert printed_amount(document.total, document.currency) in shown
        for line in document.lines:
            assert line.description in shown
            assert printed_amount(line.amount, document.currency) in shown


def test_no_merchant_is_left_without_a_printable_name() -> None:
    for merchant in (*SHOPS, *SUPPLIERS):
        assert re.search("[A-Za-z]{3}", merchant.printed)
        assert merchant.printed.isascii()
    assert any(not merchant.name.isascii() for merchant in SHOPS)


def test_amounts_add_up_and_yen_have_no_decimals() -> None:
    for document in some("receipt", 60) + some("invoice", 30):
        net = sum(line.amount for line in document.lines)
        if document.kind == "invoice" or document.merchant.country == "US":
            assert document.total == net + document.tax + document.tip
        else:
            assert document.total == net > document.tax > 0
        if document.currency == "JPY":
            assert "." not in printed_amount(document.total, "JPY")


def test_a_document_survives_its_own_json() -> None:
    for document in some("receipt") + some("invoice") + some("photo"):
        assert Document.from_json(document.to_json()) == document
    with pytest.raises(ValueError, match="not a document"):
        Document.from_json('{"kind": "receipt"}')
    with pytest.raises(ValueError, match="not a document"):
        render_spec({"lines": 3})


def test_the_ways_back_change_what_they_say_they_change() -> None:
    rng = Random(9)
    for document in some("receipt", 20):
        assert render(reused(document)) == render(document)
        again = rescanned(document, rng)
        assert (again.total, again.date, again.look.paper) == (
            document.total,
            document.date,
            document.look.paper,
        )
        assert render(again) != render(document)
        forged = altered(document, rng)
        assert (forged.total > document.total) != (forged.date > document.date)
        assert forged.lines == document.lines

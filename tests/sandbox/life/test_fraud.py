"""The fraud checks: what comes back is recognised, what only looks similar at a glance is not."""

import time
from datetime import date
from random import Random
from typing import Any

import pytest

from review_tui.sandbox import fraud
from review_tui.sandbox.database import Transaction, insert
from review_tui.sandbox.documents.drawing import SKETCH, picture
from review_tui.sandbox.documents.invention import altered, invent, rescanned
from review_tui.sandbox.documents.paper import Document
from review_tui.sandbox.documents.reading import Reading, read_document
from review_tui.sandbox.documents.rendering import render
from review_tui.sandbox.fraud import Finding, Fingerprint, distance, fingerprint, picture_hash
from review_tui.sandbox.state import Sandbox

TODAY = date(2026, 3, 25)
COMPANY = "company"


def papers(count: int, seed: int = 1) -> list[Document]:
    """Receipts and photographs in good scans."""
    rng = Random(seed)
    found: list[Document] = []
    while len(found) < count:
        document = invent(rng, today=TODAY, kind=rng.choice(("receipt", "receipt", "photo")))
        if document.look.quality > 0.7:
            found.append(document)
    return found


def hash_of(document: Document) -> int:
    found = fingerprint(0, render(document)).picture
    assert found is not None
    return found


def submit(
    tx: Transaction, submission_id: str, document: Document, status: str = "review"
) -> tuple[Finding, dict[str, Any]]:
    """Check a document as a new submission and remember it."""
    reading = read_document(document)
    assert isinstance(reading, Reading)
    prints = [fingerprint(0, render(document))]
    finding = fraud.check(tx, COMPANY, submission_id, prints, reading.extracted)
    fraud.remember(tx, COMPANY, submission_id, prints, reading.extracted)
    insert(
        tx,
        "submissions",
        id=submission_id,
        company_id=COMPANY,
        session_id=f"session of {submission_id}",
        workflow="receipt-ocr",
        workflow_version=3,
        status=status,
        fraud_status=finding.status,
        extracted=reading.extracted,
        created_at=0,
        updated_at=0,
    )
    return finding, reading.extracted


def test_the_same_paper_photographed_again_is_near_and_other_papers_are_far() -> None:
    rng = Random(2)
    documents = papers(30)
    hashes = [hash_of(document) for document in documents]
    again = [
        distance(seen, hash_of(rescanned(one, rng))) for one, seen in zip(documents, hashes, strict=True)
    ]
    forged = [distance(seen, hash_of(altered(one, rng))) for one, seen in zip(documents, hashes, strict=True)]
    others = [distance(one, other) for place, one in enumerate(hashes) for other in hashes[:place]]
    assert max(again) <= fraud.LOOKS_ALIKE
    assert max(forged) <= fraud.LOOKS_ALIKE
    assert min(others) > fraud.LOOKS_ALIKE
    assert sorted(others)[len(others) // 2] > 2 * fraud.LOOKS_ALIKE


def test_among_many_papers_of_few_shops_hardly_any_two_look_alike() -> None:
    hashes = [picture_hash(picture(document, SKETCH)) for document in papers(250, seed=3)]
    pairs = [(one, other) for place, one in enumerate(hashes) for other in hashes[:place]]
    alike = sum(distance(one, other) <= fraud.LOOKS_ALIKE for one, other in pairs)
    assert alike <= len(pairs) / 5000


def test_a_sketch_stands_for_its_picture() -> None:
    for document in papers(25, seed=4):
        sketch = picture_hash(picture(document, SKETCH))
        assert distance(sketch, hash_of(document)) <= fraud.LOOKS_ALIKE + 2


def test_the_same_file_again_is_an_exact_duplicate(sandbox: Sandbox) -> None:
    document = papers(1)[0]
    with sandbox.database.write() as tx:
        first, _ = submit(tx, "first", document)
        second, _ = submit(tx, "second", document)
    assert (first.status, first.matches) == ("clean", ())
    assert second.status == "flagged"
    assert second.score == 100
    kinds = {match["type"] for match in second.matches}
    assert kinds == {"exact_duplicate", "data_similarity"}  # and not image_similarity on top
    exact = next(match for match in second.matches if match["type"] == "exact_duplicate")
    assert exact["matched_submission_id"] == "first"
    assert exact["details"] == {
        "sha256": fingerprint(0, render(document)).sha256,
        "distance": 0,
        "fileIndex": 0,
        "matchedFileIndex": 0,
    }


@pytest.mark.parametrize("status", ["rejected", "review"])
def test_a_rejected_file_sent_again_is_blocked(sandbox: Sandbox, status: str) -> None:
    document = papers(1)[0]
    with sandbox.database.write() as tx:
        submit(tx, "first", document, status)
        second, _ = submit(tx, "second", document)
    assert second.status == ("blocked" if status == "rejected" else "flagged")


def test_a_new_scan_is_found_by_its_picture_and_its_data(sandbox: Sandbox) -> None:
    rng = Random(5)
    found: list[str] = []
    with sandbox.database.write() as tx:
        for place, document in enumerate(papers(20, seed=6)):
            submit(tx, f"first {place}", document)
            second, _ = submit(tx, f"second {place}", rescanned(document, rng))
            found += [match["type"] for match in second.matches if match["type"] == "image_similarity"]
            assert {match["matched_submission_id"] for match in second.matches} == {f"first {place}"}
            for match in second.matches:
                if match["type"] == "image_similarity":
                    assert set(match["details"]) == {"distance", "fileIndex", "matchedFileIndex"}
                    assert 60 <= match["score"] <= 100
    assert len(found) == 20


def test_an_altered_amount_is_found_by_the_picture_and_shown_in_the_data(sandbox: Sandbox) -> None:
    rng = Random(7)
    document = papers(1, seed=8)[0]
    forged = altered(document, rng)
    while forged.total == document.total:
        forged = altered(document, rng)
    with sandbox.database.write() as tx:
        _, told = submit(tx, "first", document)
        finding, said = submit(tx, "second", forged)
    assert {match["type"] for match in finding.matches} == {"image_similarity", "data_similarity"}
    data = next(match for match in finding.matches if match["type"] == "data_similarity")
    fields = {field["name"]: field for field in data["details"]["fields"]}
    assert fields["totalAmount"]["value"] == said["totalAmount"]
    assert fields["totalAmount"]["matchedValue"] == told["totalAmount"]
    assert fields["totalAmount"]["similarity"] < 1
    assert fields["documentNumber"]["similarity"] == 1
    assert fields["merchantName"]["similarity"] == 1


def test_two_visits_to_one_shop_are_not_each_other_s_copy(sandbox: Sandbox) -> None:
    with sandbox.database.write() as tx:
        for place, document in enumerate(papers(60, seed=9)):
            finding, _ = submit(tx, f"visit {place}", document)
            assert finding.matches == ()
            assert finding.score < fraud.READS_ALIKE


def test_one_company_s_papers_say_nothing_about_another_s(sandbox: Sandbox) -> None:
    document = papers(1)[0]
    with sandbox.database.write() as tx:
        submit(tx, "first", document)
        prints = [fingerprint(0, render(document))]
        assert fraud.check(tx, "another company", "second", prints, None).matches == ()


def test_likeness_of_values() -> None:
    assert fraud.likeness("Café Łąka", "CAFE ŁAKA") == 1
    assert fraud.likeness(100.0, 150.0) == pytest.approx(2 / 3)
    assert fraud.likeness(0, 0) == 1
    assert fraud.likeness("2026-03-20", "2026-03-22") == pytest.approx(0.8)
    assert fraud.likeness("2026-03-20", "2025-03-20") == 0
    assert fraud.likeness(None, "x") == 0
    assert 0 <= fraud.likeness(float("inf"), 3.0) <= 1
    assert 0.5 < fraud.likeness("Ødegård Dagligvare", "Odegard Dagligvare") < 1


def test_files_that_are_no_pictures_have_a_digest_only() -> None:
    for data in (b"%PDF-1.4", b"", b"\xff\xd8broken", b"\x89PNG\r\n"):
        found = fingerprint(2, data)
        assert (found.file_index, found.picture) == (2, None)
        assert found.sha256 is not None
        assert len(found.sha256) == 64


@pytest.mark.volume
def test_a_check_against_five_thousand_costs_little_more_than_against_five_hundred(
    sandbox: Sandbox,
) -> None:
    rng = Random(10)
    documents = papers(12, seed=11)
    readings = [read_document(document) for document in documents]

    def fill(start: int, count: int) -> None:
        with sandbox.database.write() as tx:
            for place in range(start, start + count):
                told = {"documentNumber": f"{place:09d}", "merchantName": "A", "totalAmount": place / 100}
                prints = [Fingerprint(0, f"{place:064x}", rng.getrandbits(128))]
                fraud.remember(tx, COMPANY, f"earlier {place}", prints, told)

    def checked() -> float:
        prints = [Fingerprint(0, "0" * 64, hash_of(document)) for document in documents]
        spent = []
        with sandbox.database.read() as tx:
            for each, reading in zip(prints, readings, strict=True):
                assert isinstance(reading, Reading)
                began = time.perf_counter()
                fraud.check(tx, COMPANY, "new", [each], reading.extracted)
                spent.append(time.perf_counter() - began)
        return sorted(spent)[len(spent) // 2]

    fill(0, 500)
    few = checked()
    fill(500, 4_500)
    many = checked()
    print(f"a check takes {few * 1000:.2f} ms against 500, {many * 1000:.2f} ms against 5,000")
    assert many < max(4 * few, 0.005)

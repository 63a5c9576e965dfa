"""Fraud checks: fingerprints of files, likeness of extracted data, and what both say about a submission.

Three questions are asked of every submission, each answered through an index, so that a hundred thousand
earlier ones cost no more than a thousand: has this very file come before (SHA-256)? does the picture look
like an earlier one (a 128-bit difference hash, candidates by its bands)? does the data repeat an earlier
submission's (candidates by document number and by merchant with amount)?
"""

import hashlib
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from PIL import Image

from review_tui.sandbox.database import Transaction, insert_many
from review_tui.sandbox.wire import Raw

HASH_BITS = 128
LOOKS_ALIKE = 16
"""Bits in which two photographs of one sheet may differ; other sheets differ in some 46."""
READS_ALIKE = 75.0
"""The score from which data counts as repeated."""
AT_MOST = 3
"""Matches kept for one submission, the strongest."""

_BANDS = 8
_BAND_BITS = HASH_BITS // _BANDS
_CANDIDATES = 400
_WEIGHTS = {"documentNumber": 0.35, "totalAmount": 0.25, "merchantName": 0.2, "documentDate": 0.2}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is remembered of one file: its index in the submission, SHA-256 (hex) and picture hash, if any."""

    file_index: int
    sha256: str | None
    picture: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checks say: `status` clean, flagged or blocked, `score` 0..100, matches in wire shape.

    A match is `{matched_submission_id, type, score, details}`.
    """

    status: str
    score: float
    matches: tuple[dict[str, Any], ...]


def fingerprint(file_index: int, data: bytes) -> Fingerprint:
    """Digest and picture hash of a file; a file that is no picture (or a broken one) has no picture hash."""
    return Fingerprint(file_index, hashlib.sha256(data).hexdigest(), _hash_of_file(data))


def picture_hash(picture: Image.Image) -> int:
    """128 bits: whether it gets lighter to the right and downwards, on a coarse grid of the picture."""
    grey = picture.convert("L")
    across = grey.resize((9, 8), Image.Resampling.BOX).tobytes()
    down = grey.resize((8, 9), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            here = row * 9 + column
            bits = bits << 1 | (across[here] < across[here + 1])
    for here in range(64):
        bits = bits << 1 | (down[here] < down[here + 8])
    return bits


def distance(one: int, other: int) -> int:
    """In how many bits two picture hashes differ."""
    return (one ^ other).bit_count()


def remember(
    tx: Transaction,
    company_id: str,
    submission_id: str,
    prints: Iterable[Fingerprint],
    extracted: Mapping[str, Any] | None,
) -> None:
    """Keep what later submissions are compared with."""
    insert_many(tx, "fingerprints", rows_to_remember(company_id, submission_id, prints, extracted))


def remember_file(tx: Transaction, file_id: str, content: bytes) -> None:
    """Keep the digest of a file that was drawn only now, if its submission has been checked already.

    Before, nobody could have had its bytes; those still to be checked are remembered then.
    """
    tx.execute(
        "INSERT OR IGNORE INTO fingerprints (company_id, kind, value, submission_id, file_index)"
        " SELECT s.company_id, 'sha256', ?, s.id, f.file_index FROM files f"
        " JOIN submissions s ON s.id = f.submission_id WHERE f.id = ? AND s.fraud_status IS NOT NULL",
        (hashlib.sha256(content).hexdigest(), file_id),
    )


def rows_to_remember(
    company_id: str, submission_id: str, prints: Iterable[Fingerprint], extracted: Mapping[str, Any] | None
) -> list[dict[str, object]]:
    """The rows of `remember`, for those who insert very many at once."""
    found: list[tuple[str, str, int, object]] = []
    for each in prints:
        if each.sha256 is not None:
            found.append(("sha256", each.sha256, each.file_index, None))
        if each.picture is not None:
            kept = Raw(f'"{each.picture:032x}"')
            found.extend(("band", band, each.file_index, kept) for band in _bands(each.picture))
    found.extend((kind, value, 0, None) for kind, value in _data_keys(extracted or {}))
    return [
        {
            "company_id": company_id,
            "kind": kind,
            "value": value,
            "submission_id": submission_id,
            "file_index": file_index,
            "data": data,
        }
        for kind, value, file_index, data in found
    ]


def check(
    tx: Transaction,
    company_id: str,
    submission_id: str,
    prints: Sequence[Fingerprint],
    extracted: Mapping[str, Any] | None,
) -> Finding:
    """Compare a submission with all that is remembered of its company; nothing is written."""
    asked = (tx, company_id, submission_id)
    exact = _exact_duplicates(*asked, prints)
    known = {match["matched_submission_id"] for match in exact}
    alike = [
        match for match in _alike_pictures(*asked, prints) if match["matched_submission_id"] not in known
    ]
    closest, repeated = _repeated_data(*asked, extracted or {})
    matches = sorted((*exact, *alike, *repeated), key=_strength)[:AT_MOST]
    score = max([match["score"] for match in matches], default=max(round(closest * 0.6, 1), doubt(extracted)))
    status = "flagged" if matches else "clean"
    if any(_was_refused(tx, match["matched_submission_id"]) for match in exact):
        status = "blocked"
    return Finding(status, score, tuple(matches))


def likeness(value: object, other: object) -> float:
    """How alike two extracted values are, 0..1: numbers by ratio, dates by days apart, text by letters."""
    if value is None or other is None:
        return 0.0
    if isinstance(value, (int, float)) and isinstance(other, (int, float)):
        largest = max(abs(value), abs(other))
        return 1.0 if value == other else max(0.0, 1 - abs(value - other) / largest)
    days = _days_apart(value, other)
    if days is not None:
        return max(0.0, 1 - days / 10)
    return SequenceMatcher(None, _plain(str(value)), _plain(str(other))).ratio()


def doubt(extracted: Mapping[str, Any] | None) -> float:
    """What a reading says by itself, at most 30: the worse its worst field, the likelier something hides."""
    sure = (extracted or {}).get("fieldConfidence")
    numbers = [value for value in sure.values() if isinstance(value, float)] if isinstance(sure, dict) else []
    return round(30 * (1 - min(numbers, default=1.0)), 1)


def _strength(match: Mapping[str, Any]) -> tuple[float, bool, str]:
    """The strongest first; at one score, the same file before all else."""
    return -match["score"], match["type"] != "exact_duplicate", match["matched_submission_id"]


def _exact_duplicates(
    tx: Transaction, company_id: str, submission_id: str, prints: Sequence[Fingerprint]
) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in prints:
        if each.sha256 is None:
            continue
        for row in _remembered(tx, company_id, submission_id, "sha256", each.sha256):
            details = {
                "sha256": each.sha256,
                "distance": 0,
                "fileIndex": each.file_index,
                "matchedFileIndex": row["file_index"],
            }
            found.setdefault(row["submission_id"], _match(row, "exact_duplicate", 100.0, details))
    return list(found.values())


def _alike_pictures(
    tx: Transaction, company_id: str, submission_id: str, prints: Sequence[Fingerprint]
) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in prints:
        if each.picture is None:
            continue
        for band in _bands(each.picture):
            for row in _remembered(tx, company_id, submission_id, "band", band):
                apart = distance(each.picture, int(row["data"].strip('"'), 16))
                earlier = found.get(row["submission_id"])
                if apart > LOOKS_ALIKE or (earlier and earlier["details"]["distance"] <= apart):
                    continue
                score = round(100 - apart * 40 / LOOKS_ALIKE, 1)
                details = {
                    "distance": apart,
                    "fileIndex": each.file_index,
                    "matchedFileIndex": row["file_index"],
                }
                found[row["submission_id"]] = _match(row, "image_similarity", score, details)
    return list(found.values())


def _repeated_data(
    tx: Transaction, company_id: str, submission_id: str, extracted: Mapping[str, Any]
) -> tuple[float, list[dict[str, Any]]]:
    """The likeness (0..100) of the closest earlier submission, and those that count as repeated."""
    closest, found = 0.0, {}
    for kind, value in _data_keys(extracted):
        for row in _remembered(tx, company_id, submission_id, kind, value):
            if row["submission_id"] in found:
                continue
            score, fields = compare(extracted, _extracted(tx, row["submission_id"]))
            closest = max(closest, score)
            if score >= READS_ALIKE:
                found[row["submission_id"]] = _match(row, "data_similarity", score, {"fields": fields})
    return closest, list(found.values())


def compare(extracted: Mapping[str, Any], earlier: Mapping[str, Any]) -> tuple[float, list[dict[str, Any]]]:
    """How alike two readings are, 0..100, and the fields that say so, in wire shape."""
    total, fields = 0.0, []
    for name, weight in _WEIGHTS.items():
        value, matched = extracted.get(name), earlier.get(name)
        if value is None and matched is None:
            continue
        similarity = round(likeness(value, matched), 2)
        total += weight * similarity
        fields.append({"name": name, "value": value, "matchedValue": matched, "similarity": similarity})
    return round(100 * total, 1), fields


def _remembered(
    tx: Transaction, company_id: str, submission_id: str, kind: str, value: str
) -> list[Mapping[str, Any]]:
    return tx.execute(
        "SELECT submission_id, file_index, data FROM fingerprints"
        " WHERE company_id = ? AND kind = ? AND value = ? AND submission_id <> ? LIMIT ?",
        (company_id, kind, value, submission_id, _CANDIDATES),
    ).fetchall()


def _match(row: Mapping[str, Any], word: str, score: float, details: dict[str, Any]) -> dict[str, Any]:
    return {"matched_submission_id": row["submission_id"], "type": word, "score": score, "details": details}


def _extracted(tx: Transaction, submission_id: str) -> Mapping[str, Any]:
    row = tx.execute("SELECT extracted FROM submissions WHERE id = ?", (submission_id,)).fetchone()
    value = json.loads(row["extracted"]) if row and row["extracted"] else {}
    return value if isinstance(value, dict) else {}


def _was_refused(tx: Transaction, submission_id: str) -> bool:
    row = tx.execute("SELECT status, fraud_status FROM submissions WHERE id = ?", (submission_id,)).fetchone()
    return row is not None and (row["status"] == "rejected" or row["fraud_status"] == "blocked")


def _bands(bits: int) -> list[str]:
    digits = f"{bits:0{HASH_BITS // 4}x}"
    size = _BAND_BITS // 4
    return [f"{place}:{digits[place * size : (place + 1) * size]}" for place in range(_BANDS)]


def _data_keys(extracted: Mapping[str, Any]) -> list[tuple[str, str]]:
    keys = []
    number, merchant = extracted.get("documentNumber"), extracted.get("merchantName")
    amount = extracted.get("totalAmount")
    if isinstance(number, str) and number.strip():
        keys.append(("number", _plain(number)))
    if isinstance(merchant, str) and merchant.strip() and isinstance(amount, (int, float)):
        keys.append(("amount", f"{_plain(merchant)}|{amount}"))
    return keys


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text[:200]).casefold()
    return "".join(sign for sign in decomposed if sign.isalnum())


def _days_apart(value: object, other: object) -> int | None:
    try:
        return abs((date.fromisoformat(str(value)) - date.fromisoformat(str(other))).days)
    except ValueError:
        return None


def _hash_of_file(data: bytes) -> int | None:
    if not data.startswith((b"\xff\xd8", b"\x89PNG")):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            picture.draft("L", (110, 110))
            return picture_hash(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None

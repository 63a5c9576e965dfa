"""Turns a company's past into an attack: hostile text in every field that people outside can fill."""

from collections.abc import Mapping

from review_tui.sandbox.database import Transaction, encode, new_id
from review_tui.sandbox.hostile import HOSTILE, HOSTILE_NUMBERS, MANY_KEYS
from review_tui.sandbox.life.workflows import WORKFLOWS
from review_tui.sandbox.transitions import add_event, add_match
from review_tui.sandbox.wire import Raw

_SHORT = [text for text in HOSTILE if len(text) < 1000]
_ENCODABLE = [text for text in _SHORT if text.encode("utf-8", "ignore").decode() == text and "\0" not in text]

_HUGE = [text for text in HOSTILE if len(text) >= 1000]
_FIELDS_PER_HUGE = 16

_FIELDS = ("merchantName", "currency", "documentDate", "documentNumber", "merchantAddress", "paymentCard")


def attack(tx: Transaction, now: int) -> None:
    """Overwrite the workflows' names and all submissions, those in review first.

    Among as many submissions as there are texts, each field meets each text once.
    """
    rows = tx.execute(
        "SELECT id, session_id, extracted, status FROM submissions ORDER BY status <> 'review', id"
    ).fetchall()
    ids = [row["id"] for row in rows]
    for place, row in enumerate(rows):
        _attack_submission(tx, place, row)
        _attack_files(tx, place, row["id"])
        _attack_matches(tx, place, row["id"], ids[place - 1], now)
        _attack_events(tx, place, row["id"], now)
    for place, workflow in enumerate(WORKFLOWS):
        name = " ".join(_SHORT[place :: len(WORKFLOWS)])
        tx.execute("UPDATE workflows SET name = ? WHERE slug = ?", (encode(name), workflow.slug))


class _Texts:
    """Hands out texts so that the next submission's fields get the next ones; every ninth has a huge one."""

    def __init__(self, place: int) -> None:
        self._place = place
        self._field = 0

    def next(self) -> str:
        self._field += 1
        if self._place % 9 == 4 and self._field == 1 + self._place // 9 % _FIELDS_PER_HUGE:
            return _HUGE[self._place // 9 % len(_HUGE)]
        return _SHORT[(self._place + self._field * 5) % len(_SHORT)]


def _attack_submission(tx: Transaction, place: int, row: Mapping[str, str]) -> None:
    texts = _Texts(place)
    reasons = {"rejected": "reject_reason", "cancelled": "cancel_reason", "failed": "failed_reason"}
    reason = reasons.get(row["status"])
    changed: dict[str, object] = {
        "client_submission_id": texts.next(),
        "metadata": {texts.next(): texts.next(), "lane": texts.next(), texts.next(): {texts.next(): 1}},
        "external_user": {"id": texts.next(), "name": texts.next(), "email": texts.next()},
        "extracted": _extracted(place, texts) if row["extracted"] else None,
        **({reason: texts.next()} if reason else {}),
    }
    sets = ", ".join(f"{name} = ?" for name in changed)
    tx.execute(
        f"UPDATE submissions SET {sets} WHERE id = ?",  # noqa: S608 – own names
        (*map(encode, changed.values()), row["id"]),
    )
    if row["status"] == "failed":
        tx.execute(
            "UPDATE sessions SET failed_reason = ? WHERE id = ?", (encode(texts.next()), row["session_id"])
        )


def _extracted(place: int, texts: _Texts) -> dict[str, object]:
    amount = Raw(HOSTILE_NUMBERS[place % len(HOSTILE_NUMBERS)])
    fields: dict[str, object] = {name: texts.next() for name in _FIELDS}
    fields["totalAmount"] = amount if place % 3 == 0 else round(3.7 * place, 2)
    fields["taxAmount"] = Raw(HOSTILE_NUMBERS[(place + 5) % len(HOSTILE_NUMBERS)])
    name = texts.next()
    fields[name] = texts.next()
    fields["lineItems"] = [
        {"description": texts.next(), "quantity": amount, texts.next(): texts.next()},
        texts.next(),
        None,
    ]
    fields["fieldConfidence"] = {"merchantName": 0.4, name: amount, "totalAmount": texts.next()}
    if place % 20 == 7:
        fields |= {f"key {number} {HOSTILE[number % 60][:40]}": number for number in range(MANY_KEYS)}
    return fields


def _attack_files(tx: Transaction, place: int, submission_id: str) -> None:
    rows = tx.execute("SELECT id FROM files WHERE submission_id = ? ORDER BY file_index", (submission_id,))
    for row in rows.fetchall():
        texts = _Texts(place)
        tx.execute(
            "UPDATE files SET file_name = ?, label = ? WHERE id = ?",
            (encode(texts.next()), encode(texts.next()), row["id"]),
        )


def _attack_matches(tx: Transaction, place: int, submission_id: str, other: str, now: int) -> None:
    texts = _Texts(place)
    details = {
        "fields": [
            {
                "name": texts.next(),
                "value": texts.next(),
                "matchedValue": texts.next(),
                "similarity": Raw(HOSTILE_NUMBERS[place % len(HOSTILE_NUMBERS)]),
            }
        ],
        texts.next(): texts.next(),
    }
    if place % 4 == 0:
        word = _ENCODABLE[place % len(_ENCODABLE)]
        add_match(tx, submission_id, now, matched_submission_id=other, type=word, score=66.6, details=details)
    tx.execute(
        "UPDATE fraud_matches SET details = ?, note = ?, resolved_by = CASE WHEN resolution IS NULL"
        " THEN NULL ELSE ? END WHERE submission_id = ?",
        (encode(details), encode(texts.next()), encode(texts.next()), submission_id),
    )


def _attack_events(tx: Transaction, place: int, submission_id: str, now: int) -> None:
    texts = _Texts(place)
    actor = {"type": texts.next(), "id": new_id(tx, "stranger"), "name": texts.next()}
    for message in (texts.next(), None):
        data = {texts.next(): texts.next(), "reason": texts.next()}
        add_event(tx, submission_id, texts.next(), now, actor=actor, message=message, data=data)

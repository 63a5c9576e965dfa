"""What lives here: the API keys of a seed, and who a bearer token belongs to."""

import hashlib
import re
from dataclasses import dataclass

from review_tui.sandbox.database import Transaction, insert
from review_tui.sandbox.problems import Problem

SHAPE = re.compile(r"aok_[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as its owner knows it; the database keeps its SHA-256 only."""

    id: str
    name: str
    secret: str
    company_id: str | None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a request comes from, as the database knows the key."""

    key_id: str
    name: str
    company_id: str | None
    revoked: bool

    def actor(self) -> dict[str, str]:
        """The caller as events name it."""
        return {"type": "api_key", "id": self.key_id, "name": self.name}


def known_keys(seed: int) -> dict[str, Key]:
    """The keys of a world by the part they play; the same ones for the same seed."""
    company, other = _short(seed, "company"), _short(seed, "other company")

    def key(part: str, name: str, company_id: str | None, *, revoked: bool = False) -> Key:
        secret = "aok_" + hashlib.sha256(f"{seed}/key/{part}".encode()).hexdigest()
        return Key(_short(seed, f"key-id/{part}"), name, secret, company_id, revoked)

    return {
        "company": key("company", "Review desk", company),
        "second": key("second", "Upload station", company),
        "revoked": key("revoked", "Former contractor", company, revoked=True),
        "unscoped": key("unscoped", "Platform", None),
        "other_company": key("other_company", "Another company's desk", other),
    }


def sha256_of(secret: str) -> str:
    """What is stored of a key, and what signs its webhooks."""
    return hashlib.sha256(secret.encode()).hexdigest()


def store_keys(tx: Transaction, keys: dict[str, Key], now_ms: int) -> None:
    """Make the keys and their companies known to the database; those it knows stay as they are."""
    names = {
        keys["company"].company_id: "Nordwind Retail Group",
        keys["other_company"].company_id: "Someone Else",
    }
    for company_id, name in names.items():
        if not tx.execute("SELECT 1 FROM companies WHERE id = ?", (company_id,)).fetchone():
            insert(tx, "companies", id=company_id, name=name)
    for key in keys.values():
        if not tx.execute("SELECT 1 FROM api_keys WHERE id = ?", (key.id,)).fetchone():
            insert(
                tx,
                "api_keys",
                id=key.id,
                sha256=sha256_of(key.secret),
                name=key.name,
                company_id=key.company_id,
                revoked_at=now_ms if key.revoked else None,
            )


def caller_of(tx: Transaction, authorization: str | None) -> Caller:
    """Whom an ``Authorization`` header names; 401 when it names nobody."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not SHAPE.fullmatch(token):
        raise Problem("unauthorized", "Send a valid API key: Authorization: Bearer aok_….")
    row = tx.execute("SELECT * FROM api_keys WHERE sha256 = ?", (sha256_of(token),)).fetchone()
    if row is None:
        raise Problem("unauthorized", "This API key is not known.")
    return Caller(row["id"], row["name"], row["company_id"], row["revoked_at"] is not None)


def _short(seed: int, part: str) -> str:
    return "j" + hashlib.sha256(f"{seed}/{part}".encode()).hexdigest()[:31]

"""What lives here: who may ask Pulse and Unsiloed, each with keys of its own, made of the seed."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

PULSE, UNSILOED = "pulse", "unsiloed"
SYSTEMS = (PULSE, UNSILOED)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of one of the two systems and the account whose jobs it opens."""

    id: str
    secret: str
    account: str
    revoked: bool = False


Keys = Mapping[str, Mapping[str, Key]]
"""By system, then by the part a key plays: ``company``, ``second`` (same account), ``revoked``,
``other_company``."""


def job_keys(seed: int) -> Keys:
    """The keys of a world; the same ones for the same seed."""
    return {system: _keys_of(system, seed) for system in SYSTEMS}


def key_of(keys: Mapping[str, Key], secret: str) -> Key | None:
    """The key that this is, or None."""
    for key in keys.values():
        if hmac.compare_digest(key.secret.encode(), secret.encode()):
            return key
    return None


def _keys_of(system: str, seed: int) -> dict[str, Key]:
    company, other = (
        f"{'org' if system == PULSE else 'user'}_{_digest(seed, system, name)[:20]}"
        for name in ("company", "other company")
    )

    def key(part: str, account: str, *, revoked: bool = False) -> Key:
        secret = f"{system}_{_digest(seed, system, f'key/{part}')[:48]}"
        return Key(f"{system}/{part}", secret, account, revoked)

    return {
        "company": key("company", company),
        "second": key("second", company),
        "revoked": key("revoked", company, revoked=True),
        "other_company": key("other_company", other),
    }


def _digest(*parts: object) -> str:
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()

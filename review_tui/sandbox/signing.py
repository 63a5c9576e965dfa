"""What lives here: pre-signed paths and page cursors, which carry their own authority."""

import base64
import binascii
import hashlib
import hmac
import json

from review_tui.sandbox.problems import Problem


class Signer:
    """Signs what the sandbox hands out and recognises it when it comes back (HMAC-SHA256)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def path(self, path: str, expires: int, content_type: str = "") -> str:
        """``path`` with its expiry (Unix seconds) and signature; an upload's content type is signed too."""
        return f"{path}?expires={expires}&signature={self._mac(path, str(expires), content_type)}"

    def check_path(self, path: str, query: dict[str, str], now_s: float, content_type: str = "") -> None:
        """Refuse with 403 a pre-signed request whose signature is wrong or whose time is over."""
        expires = query.get("expires", "")
        signed = self._mac(path, expires, content_type)
        if not hmac.compare_digest(signed.encode(), query.get("signature", "").encode()):
            raise Problem("forbidden", "The signature of this URL is not valid.")
        if now_s >= int(expires):
            raise Problem("forbidden", "This URL has expired; ask for a new one.")

    def cursor(self, position: tuple[int, str], scope: str) -> str:
        """An opaque cursor behind ``position`` (a time in ms, an id), good for ``scope`` alone."""
        payload = json.dumps(position, separators=(",", ":"))
        return base64.urlsafe_b64encode(
            f"{self._mac('cursor', scope, payload)[:24]}{payload}".encode()
        ).decode()

    def position(self, cursor: str, scope: str) -> tuple[int, str]:
        """What a cursor points behind; 400 when it is broken, made up, or of another question."""
        try:
            text = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
        except (binascii.Error, ValueError):
            text = ""
        mac, payload = text[:24], text[24:]
        if not hmac.compare_digest(mac.encode(), self._mac("cursor", scope, payload)[:24].encode()):
            raise Problem("bad-request", "The cursor is not one of this list with these filters.")
        created_at, identifier = json.loads(payload)
        return int(created_at), str(identifier)

    def _mac(self, *parts: str) -> str:
        return hmac.new(self._secret, json.dumps(parts).encode(), hashlib.sha256).hexdigest()

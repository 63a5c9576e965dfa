"""One request under way: how far it got, and which error that makes of whatever ends it."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from review_tui.client.errors import BadCertificate, NoAnswer, NotSent, Unreadable
from review_tui.model.text import clean

_REQUEST_ID: Final = re.compile(r"[\x21-\x7e]{1,128}\Z")
_CAUSES: Final = 8
_UNFINISHED: Final = (
    ssl.SSLWantReadError,
    ssl.SSLWantWriteError,
    ssl.SSLEOFError,
    ssl.SSLSyscallError,
    ssl.SSLZeroReturnError,
)


@dataclass(slots=True)
class Trip:
    """One request: its id, where it goes, whether it decides, whether anything of it left this host.

    `status` is the answer's.
    """

    request_id: str
    host: str = ""
    decides: bool = False
    sent: bool = False
    status: int | None = None

    async def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Follow the network's steps; from the first header on, the request counts as sent.

        Asking a proxy for the way does not: until it opens one, the request itself stays here.
        """
        method = getattr(info.get("request"), "method", b"")
        if event.endswith("send_request_headers.started") and method != b"CONNECT":
            self.sent = True

    def unreadable(self, why: str) -> Unreadable:
        """Return the error for an answer that is not what was promised."""
        return Unreadable(why, status=self.status, request_id=self.request_id, decides=self.decides)

    def no_answer(self, why: str) -> NoAnswer | NotSent:
        """Return the error for silence: nothing was sent, or nothing complete came back."""
        if self.sent:
            return NoAnswer(why, decides=self.decides, request_id=self.request_id)
        return NotSent(why, host=self.host, decides=self.decides, request_id=self.request_id)

    def not_sent(self, why: str, *, tls: str | None) -> NotSent:
        """Return the error for a connection that never stood; `tls` says what was wrong with its proof."""
        if tls:
            return BadCertificate(tls, host=self.host, decides=self.decides, request_id=self.request_id)
        return NotSent(why, host=self.host, decides=self.decides, request_id=self.request_id)


def is_request_id(text: str) -> bool:
    """Whether a header can carry `text` as a request id."""
    return _REQUEST_ID.match(text) is not None


def tls_trouble(error: BaseException) -> str | None:
    """Say what is wrong with the other side's TLS; None where the connection itself is the trouble."""
    cause: BaseException | None = error
    for _ in range(_CAUSES):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"Its certificate: {clean(cause.verify_message, cap=200)}"
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _UNFINISHED):
            return f"TLS failed: {clean(cause.reason or 'no secure connection', cap=200)}"
        cause = cause.__cause__ or cause.__context__ if cause else None
    return None

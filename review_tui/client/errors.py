"""What can go wrong between a request and its answer: one class per thing a reviewer would do differently.

WireError                   every failure below; `error.failure` is the value for the screen
├── Unusable                refused on this machine, before anything was sent: a usage error
│   ├── UnsafeAddress       plain http to another machine, a user name in the URL, …
│   ├── UnusableKey         an API key that no header can carry
│   └── UnusableId          an id that no path can carry
├── NotSent                 refused, no such host, no connection in time: it never left this host
│   └── BadCertificate      TLS failed; there is no bypass, and trying again does not help
├── NoAnswer                sent, but lost, reset or too slow: a decision may have been applied
├── Unreadable              an answer that is not what was promised: HTML, cut off, other id, redirect
│   └── TooLarge            a file of more bytes than are taken
└── Refused                 the server said no, with a status
├── BadRequest          400 and other 4xx
├── KeyNotAccepted      401
├── Forbidden           403
├── NotFound            404
├── Conflict            409: the state does not allow it; somebody else may have decided
├── Gone                410
│   └── LinkExpired     a pre-signed link that is no longer honoured: get a fresh one
├── Invalid             422, with the fields that were not accepted
├── RateLimited         429, with the seconds to wait
├── UsageExceeded       429 that no waiting ends: what the key may use is used up
└── ServerFault         5xx, or a proxy gave up: a decision may have been applied
"""
# ruff: noqa: N818 – the names say what happened, as a reviewer would

import re
from typing import Final

from review_tui.client.problems import WORDS, Problem
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.text import Shown, clean

_HOST: Final = 80
"""Characters of a host's name that are said."""

_MIB: Final = 1024 * 1024

_LOOK_FIRST: Final = "It may have been applied: look before you decide again."


class WireError(Exception):
    """A request that did not end as promised; `failure` says so in clean words."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure: Final = failure

    def __str__(self) -> str:
        """Its title and hint, clean."""
        return f"{self.failure.title}. {self.failure.hint}" if self.failure.hint else self.failure.title


class Unusable(WireError, ValueError):
    """What was given cannot be used; nothing was sent."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(Failure(FailureKind.LOCAL, title, hint))


class UnsafeAddress(Unusable):
    """An address to which the key, or a document, must not travel."""


class UnusableKey(Unusable):
    """An API key that cannot be sent; its text is never repeated."""


class UnusableId(Unusable):
    """An id that cannot stand in a path."""


class NotSent(WireError):
    """The request never left this host; `host` is where it should have gone, if that is to be said."""

    def __init__(
        self, why: str, *, host: str = "", decides: bool = False, request_id: str | None = None
    ) -> None:
        there = f"Not reachable: {clean(host, cap=_HOST)}" if host else "The server cannot be reached"
        super().__init__(
            Failure(
                FailureKind.NOT_SENT,
                "Not sent: the server cannot be reached" if decides else there,
                f"{_sentence(why)} Nothing was changed." if decides else _sentence(why),
                request_id=_shown_id(request_id),
            )
        )


class BadCertificate(NotSent):
    """TLS could not be agreed on; `why` says what is wrong with the certificate."""

    def __init__(
        self, why: str, *, host: str = "", decides: bool = False, request_id: str | None = None
    ) -> None:
        there = f"Not trusted: {clean(host, cap=_HOST)}" if host else "The server did not prove who it is"
        WireError.__init__(
            self,
            Failure(
                FailureKind.UNTRUSTED,
                "Not sent: the server did not prove who it is" if decides else there,
                f"{_sentence(why)} Ask whoever runs the server; nothing was changed.",
                request_id=_shown_id(request_id),
            ),
        )


class NoAnswer(WireError):
    """The request was sent, and no complete answer came."""

    def __init__(self, why: str, *, decides: bool, request_id: str | None = None) -> None:
        super().__init__(
            Failure(
                FailureKind.NO_ANSWER,
                "No answer from the server",
                f"{_sentence(why)} {_LOOK_FIRST}" if decides else _sentence(why),
                request_id=_shown_id(request_id),
            )
        )


class Unreadable(WireError):
    """An answer came, but not what was promised."""

    def __init__(
        self, why: str, *, status: int | None = None, request_id: str | None = None, decides: bool = False
    ) -> None:
        super().__init__(
            Failure(
                FailureKind.UNREADABLE,
                "The server's answer could not be read",
                f"{_sentence(why)} {_LOOK_FIRST}" if decides else _sentence(why),
                status=status,
                request_id=_shown_id(request_id),
            )
        )


class TooLarge(Unreadable):
    """A file has more bytes than are taken; `size` is how many, None where that was not announced."""

    def __init__(self, most: int, size: int | None, *, status: int | None, request_id: str | None) -> None:
        told = f": {size / _MIB:,.0f} MiB" if size is not None else ""
        super().__init__(
            f"the file is larger than {most / _MIB:,.0f} MiB{told}", status=status, request_id=request_id
        )
        self.size: Final = size


class Refused(WireError):
    """The server answered with a status that means no; `problem` is what it said of it."""

    problem: Problem = Problem()


class BadRequest(Refused):
    """The server did not understand the request."""


class KeyNotAccepted(Refused):
    """The key is unknown."""


class Forbidden(Refused):
    """The key is revoked, or may not do this."""


class NotFound(Refused):
    """No such thing is visible to this key."""


class Conflict(Refused):
    """The state does not allow it (any more)."""


class Gone(Refused):
    """It was there once."""


class LinkExpired(Gone):
    """A pre-signed link is no longer honoured."""


class Invalid(Refused):
    """Fields were not accepted; `failure.problems` names them."""


class RateLimited(Refused):
    """Too many requests; `failure.retry_after` is in seconds."""


class UsageExceeded(Refused):
    """What the key may use is used up; waiting does not help."""


class ServerFault(Refused):
    """The server failed; whether a decision was applied is not known."""


_KINDS: Final[dict[int, tuple[type[Refused], FailureKind, str, str]]] = {
    400: (BadRequest, FailureKind.BAD_REQUEST, "The server did not understand the request", ""),
    401: (
        KeyNotAccepted,
        FailureKind.KEY_NOT_ACCEPTED,
        "The key is not accepted",
        "Nothing was changed.",
    ),
    403: (
        Forbidden,
        FailureKind.FORBIDDEN,
        "This key may not do that",
        "Nothing was changed. It may be revoked.",
    ),
    404: (NotFound, FailureKind.NOT_FOUND, "Not visible to this key", "It may have been removed."),
    409: (Conflict, FailureKind.CONFLICT, "Not possible in its present state", "Nothing was changed."),
    410: (Gone, FailureKind.GONE, "No longer there", "It has expired."),
    422: (Invalid, FailureKind.INVALID, "Not accepted", "Nothing was changed."),
    429: (RateLimited, FailureKind.LIMITED, "Rate limit reached", "Nothing was changed."),
}
_USED_UP: Final = (UsageExceeded, FailureKind.FORBIDDEN, "The usage limit of this key is reached", "")
_NO_WAITING: Final = re.compile(r"usage limit", re.IGNORECASE)
_OTHER: Final = (BadRequest, FailureKind.BAD_REQUEST, "The server refused the request", "")
_GIVEN_UP: Final = frozenset({408, 460, 499})
"""Not the API's own words: somebody between stopped waiting for it, so a decision may have been applied."""

_FAULT: Final = (ServerFault, FailureKind.SERVER, "The server failed", "")


def refusal(
    status: int,
    problem: Problem,
    *,
    decides: bool,
    request_id: str | None = None,
    retry_after: float | None = None,
    key_from: str = "the key",
) -> Refused:
    """Return the error for an answer with a 4xx or 5xx status, in the server's words where it gave some.

    `key_from` is what to check when the key is not accepted.
    """
    faulty = status >= 500 or status in _GIVEN_UP
    make, failure_kind, title, hint = _FAULT if faulty else _KINDS.get(status, _OTHER)
    if status == 429 and _NO_WAITING.search(problem.detail):
        make, failure_kind, title, hint = _USED_UP
    words = _sentence(
        "; ".join(f"{f.field}: {f.message}" if f.field else f.message for f in problem.fields)
        or problem.detail
    )
    if words:
        hint = words
    elif not hint:
        hint = f"It answered {status}{f' ({problem.title})' if problem.title else ''}."
    if make is KeyNotAccepted:
        hint = f"{hint} Check {key_from}."
    if faulty and decides:
        hint = f"{hint} {_LOOK_FIRST}"
    error = make(
        Failure(
            failure_kind,
            title,
            hint,
            status=status,
            request_id=_shown_id(problem.request_id or request_id),
            retry_after=retry_after,
            problems=problem.fields,
            said=problem.said,
        )
    )
    error.problem = problem
    return error


def link_expired(status: int | None) -> LinkExpired:
    """Return the error for a pre-signed link that is refused."""
    return LinkExpired(
        Failure(
            FailureKind.GONE,
            "The file's link is no longer valid",
            "Read the submission again for a fresh one.",
            status=status,
        )
    )


def _sentence(words: str) -> str:
    text = clean(words, cap=WORDS).strip()
    if not text:
        return ""
    if text.partition(" ")[0].isalpha():  # a field's name stays as it is spelled
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…)" else f"{text}."


def _shown_id(request_id: str | None) -> Shown | None:
    return Shown.of(request_id, cap=128) if request_id else None

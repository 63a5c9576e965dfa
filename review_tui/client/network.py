"""The network: requests sent, answers handed out unread, every way to fail made ours; httpx stays here."""

import asyncio
import ssl
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, TypeVar

from review_tui.client.bodies import BadBody, coding_of
from review_tui.client.errors import Unusable, WireError
from review_tui.client.redaction import redact_queries
from review_tui.client.trips import Trip, is_request_id, tls_trouble
from review_tui.model.wire import Json

_MAIN = "httpx._main"
# httpx imports its own command line, and with it rich and click, where they happen to be installed.
_hidden = _MAIN not in sys.modules
if _hidden:
    sys.modules[_MAIN] = None  # type: ignore[assignment]  # the import system's own sign for "not there"
import httpx  # noqa: E402 – after the line above, and only here

if _hidden:
    del sys.modules[_MAIN]
# httpcore looks for this with each request, through every folder where it is not installed.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # as above

_T = TypeVar("_T")

Carrier = httpx.AsyncBaseTransport
"""What carries requests in place of the network, in tests."""

CONNECT_TIMEOUT: Final = 5.0
"""Seconds in which a connection must stand."""

_BEFORE_SENDING: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout)
_LIMITS: Final = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=30.0)


redact_queries()


class Answer:
    """An answer whose body has not been read yet."""

    def __init__(self, response: httpx.Response, trip: Trip, stall: float | None) -> None:
        self.status: Final = response.status_code
        self.headers: Final[Mapping[str, str]] = response.headers
        self._response = response
        self._trip = trip
        self._stall = stall

    @property
    def length(self) -> int | None:
        """The bytes that are announced, as sent; None where none are."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None

    @property
    def coding(self) -> str:
        """How the body is packed, `identity` for not at all; raises Unreadable."""
        try:
            return coding_of(self._response.headers.get_list("content-encoding"))
        except BadBody as error:
            raise self._trip.unreadable(str(error)) from None

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as received, still packed; raises WireError."""
        pieces = self._response.aiter_raw()
        while True:
            try:
                piece = await _patiently(anext(pieces, None), self._stall, self._trip)
            except (httpx.HTTPError, httpx.StreamError, OSError) as error:
                raise _lost(error, self._trip) from None
            if piece is None:
                return
            yield piece


class Network:
    """Connections that follow no redirect, keep no cookie and unpack nothing; close them.

    `secure` is for https. `proxied` takes the environment's proxies. `carrier` stands in for the network.
    """

    def __init__(self, *, secure: bool, proxied: bool, carrier: Carrier | None = None) -> None:
        # Without https, an empty context: reading the list of authorities takes longer than a request.
        context = httpx.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._carried = carrier is not None
        self._client = httpx.AsyncClient(
            transport=carrier,
            verify=context,
            trust_env=proxied,
            follow_redirects=False,
            timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT),
            limits=_LIMITS,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": "review-tui", "Accept-Encoding": "gzip, deflate"},
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    @asynccontextmanager
    async def answer(
        self,
        method: str,
        url: str,
        trip: Trip,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        body: Json = None,
        stall: float | None = None,
    ) -> AsyncIterator[Answer]:
        """Send a request, with `body` as JSON where there is one, and hand out its answer unread.

        `stall` is how many seconds may pass without a byte. Raises Unusable and WireError.
        """
        try:  # JSON and command lines can spell halves of characters, and links names that no host can have
            request = self._client.build_request(
                method,
                url,
                params=params,
                json=body,
                headers=dict(headers),
                extensions={"trace": trip.trace},
            )
        except (UnicodeError, httpx.InvalidURL):
            raise Unusable("That cannot be asked for", "It holds what no request can carry.") from None
        trip.sent = self._carried
        try:
            response = await _patiently(self._client.send(request, stream=True), stall, trip)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise _lost(error, trip) from None
        trip.status = response.status_code
        given = response.headers.get("request-id", "")
        if is_request_id(given):
            trip.request_id = given
        try:
            yield Answer(response, trip, stall)
        finally:
            await response.aclose()


async def _patiently(step: Awaitable[_T], seconds: float | None, trip: Trip) -> _T:
    try:
        async with asyncio.timeout(seconds) as patience:
            return await step
    except TimeoutError:
        if not patience.expired():
            raise
    raise trip.no_answer(f"nothing came for {seconds:.0f} s")


def _lost(error: Exception, trip: Trip) -> WireError:
    """Return our error for one of the network's."""
    if isinstance(error, _BEFORE_SENDING):
        return trip.not_sent(_connect_trouble(error), tls=tls_trouble(error))
    if isinstance(error, httpx.RemoteProtocolError) and trip.status is not None:
        return trip.unreadable("the answer ends in the middle")
    if isinstance(error, httpx.TimeoutException):
        return trip.no_answer("it took too long")
    return trip.no_answer("the connection broke")


def _connect_trouble(error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {CONNECT_TIMEOUT:.0f} s"
    if isinstance(error, httpx.PoolTimeout):
        return "too many requests are under way already"
    if isinstance(error, httpx.ProxyError):
        return "the proxy refused"
    words = str(error).lower()
    if any(sign in words for sign in ("name or service", "getaddrinfo", "nodename", "name resolution")):
        return "there is no host of that name"
    refused = "refused" in words or "all connection" in words
    return "the connection was refused" if refused else "no connection could be made"

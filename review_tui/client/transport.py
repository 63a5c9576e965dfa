"""The one door to the wire: every request goes out here and every answer is checked here."""

import asyncio
import random
import re
import ssl
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, Self, TypeVar
from uuid import uuid4

from pydantic import SecretStr

from review_tui.client.addresses import API_ROOT, api_address, file_address, proxy_for
from review_tui.client.bodies import JSON_BYTES, BadBody, Gatherer, coding_of, is_json, parse_json
from review_tui.client.budget import Bucket, Budget
from review_tui.client.errors import (
    Problem,
    RateLimited,
    UnusableId,
    UnusableKey,
    WireError,
    link_expired,
    read_problem,
    refusal,
)
from review_tui.client.redaction import redact_queries
from review_tui.client.retry import delay_before_retry, http_date, retry_after
from review_tui.client.trips import Trip, is_request_id, tls_trouble
from review_tui.model.text import clean
from review_tui.model.wire import Json, UnexpectedShape

_MAIN = "httpx._main"
# httpx imports its own command line, and with it rich and click, where they happen to be installed.
_hidden = _MAIN not in sys.modules
if _hidden:
    sys.modules[_MAIN] = None  # type: ignore[assignment]  # the import system's own sign for "not there"
import httpx  # noqa: E402 – after the line above, and only here

if _hidden:
    del sys.modules[_MAIN]

_T = TypeVar("_T")

Carrier = httpx.AsyncBaseTransport
"""What carries requests in place of the network, in tests."""

READ_DEADLINE: Final = 10.0
"""Seconds for one read, its repetitions included."""

DECISION_DEADLINE: Final = 15.0
"""Seconds for one decision, which is sent once."""

CONNECT_TIMEOUT: Final = 5.0
FILE_BYTES: Final = 100 * 1024 * 1024
"""Bytes of a file, at most."""

FILE_STALL: Final = 30.0
"""Seconds without a byte after which a download is given up."""

FILE_DEADLINE: Final = 900.0
"""Seconds for a whole download."""

_PROBLEM_BYTES: Final = 256 * 1024
_PROBLEM_PATIENCE: Final = 2.0
_THREAD_FROM: Final = 1024 * 1024
_KEY: Final = re.compile(r"[\x21-\x7e]{1,512}\Z")
_BEFORE_SENDING: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout)
_LIMITS: Final = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=30.0)


redact_queries()


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


@dataclass(frozen=True, slots=True)
class Received:
    """What a download was: bytes received and the content type that came with them."""

    size: int
    content_type: str | None


class Transport:
    """Sends requests of one key to one server; everything that comes back is bounded and typed.

    `carrier` stands in for the network in tests. Raises UnsafeAddress and UnusableKey at once.
    """

    def __init__(self, base_url: str, key: SecretStr, *, carrier: Carrier | None = None) -> None:
        if not _KEY.match(key.get_secret_value()):
            raise UnusableKey(
                "The API key cannot be used", "It holds spaces or other unprintable characters."
            )
        self._key = key
        self.address: Final = api_address(base_url)
        self.proxy_in_use: Final = None if carrier else proxy_for(self.address)
        self.budget: Final = Budget()
        self._carrier = carrier
        self._api = self._client(verify=self.address.scheme == "https")
        self._bare: httpx.AsyncClient | None = None

    def _client(self, *, verify: bool) -> httpx.AsyncClient:
        # Without https, an empty context: reading the list of authorities takes longer than a request.
        context = httpx.create_ssl_context() if verify else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx.AsyncClient(
            transport=self._carrier,
            verify=context,
            trust_env=not self.address.is_loopback,
            follow_redirects=False,
            timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT),
            limits=_LIMITS,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": "review-tui", "Accept-Encoding": "gzip, deflate"},
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._api.aclose()
        if self._bare is not None:
            await self._bare.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def read(
        self, path: str, read: Callable[[Json], _T], *, params: Mapping[str, str] | None = None
    ) -> _T:
        """Send a GET, again where that helps, and return what `read` makes of the answer.

        `path` is below the API's root. All attempts share one deadline of `READ_DEADLINE` seconds.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + READ_DEADLINE
        attempt = 1
        while True:
            try:
                return await self._request("GET", path, read, params=params, seconds=ends - loop.time())
            except WireError as error:
                delay = delay_before_retry(error, attempt, spread=random.random())  # noqa: S311 – no secret
                if delay is None or loop.time() + delay >= ends:
                    raise
            attempt += 1
            await asyncio.sleep(delay)

    async def decide(
        self, path: str, read: Callable[[Json], _T], *, body: Json, request_id: str | None = None
    ) -> _T:
        """Send a POST, once and never again, and return what `read` makes of the answer."""
        return await self._request(
            "POST", path, read, body=body, request_id=request_id, seconds=DECISION_DEADLINE
        )

    async def _request(
        self,
        method: str,
        path: str,
        read: Callable[[Json], _T],
        *,
        seconds: float,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        request_id: str | None = None,
    ) -> _T:
        trip = Trip(request_id or str(uuid4()), decides=method != "GET", sent=self._carrier is not None)
        if not is_request_id(trip.request_id):
            raise UnusableId("The request id cannot be used", "At most 128 printable characters.")
        request = self._api.build_request(
            method,
            f"{self.address.root}{API_ROOT}{path}",
            params=params,
            json=None if method == "GET" else body or {},
            headers={
                "Authorization": f"Bearer {self._key.get_secret_value()}",
                "Accept": "application/json, application/problem+json",
                "X-Request-Id": trip.request_id,
            },
            extensions={"trace": trip.trace},
        )
        try:
            async with asyncio.timeout(seconds):
                content = await self._exchange(request, trip)
                return await self._understood(content, read, trip)
        except TimeoutError:
            raise trip.no_answer(f"nothing complete within {seconds:.0f} s") from None

    async def _exchange(self, request: httpx.Request, trip: Trip) -> bytes:
        bucket = Bucket.WRITE if trip.decides else Bucket.READ
        async with _answer(self._api, request, trip) as response:
            self.budget.note(bucket, response.headers)
            if response.status_code >= 400:
                raise await self._refusal(response, trip, bucket)
            _check_head(response, trip)
            return await _gathered(response, trip, JSON_BYTES)

    async def _refusal(self, response: httpx.Response, trip: Trip, bucket: Bucket) -> WireError:
        """Read what a refusal says; whatever its body is, the status stands."""
        problem = Problem()
        try:
            async with asyncio.timeout(_PROBLEM_PATIENCE):
                if is_json(response.headers.get("content-type")):
                    problem = read_problem(parse_json(await _gathered(response, trip, _PROBLEM_BYTES)))
        except (BadBody, WireError, TimeoutError):
            pass
        error = refusal(
            response.status_code,
            problem,
            decides=trip.decides,
            request_id=trip.request_id,
            retry_after=retry_after(
                response.headers.get("retry-after"),
                http_date(response.headers.get("date")) or datetime.now(UTC),
            ),
        )
        if isinstance(error, RateLimited):
            self.budget.refused(bucket, error.failure.retry_after)
        return error

    async def _understood(self, content: bytes, read: Callable[[Json], _T], trip: Trip) -> _T:
        def understand() -> _T:
            return read(parse_json(content))

        try:
            return await asyncio.to_thread(understand) if len(content) > _THREAD_FROM else understand()
        except (BadBody, UnexpectedShape) as error:
            raise trip.unreadable(str(error)) from None

    async def download(
        self,
        url: str,
        into: Callable[[bytes], None],
        *,
        moved: Callable[[int, int | None], None] | None = None,
        stall: float = FILE_STALL,
    ) -> Received:
        """Fetch a pre-signed URL through a client that knows no key, handing each piece to `into`.

        `moved` hears the bytes so far and in all, where that is known. What `into` raises goes through.
        """
        file_address(url, api=self.address)
        if self._bare is None:
            self._bare = self._client(verify=url.startswith("https"))
        trip = Trip(str(uuid4()), sent=self._carrier is not None)
        request = self._bare.build_request(
            "GET", url, headers={"Accept-Encoding": "identity"}, extensions={"trace": trip.trace}
        )
        try:
            async with asyncio.timeout(FILE_DEADLINE) as deadline:
                return await self._downloaded(request, trip, into, moved, stall)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise trip.no_answer(f"not complete within {FILE_DEADLINE / 60:.0f} minutes") from None

    async def _downloaded(
        self,
        request: httpx.Request,
        trip: Trip,
        into: Callable[[bytes], None],
        moved: Callable[[int, int | None], None] | None,
        stall: float,
    ) -> Received:
        assert self._bare is not None
        async with _answer(self._bare, request, trip, patience=stall) as response:
            if response.status_code in {401, 403, 410}:
                raise link_expired(response.status_code)
            if response.status_code >= 400:
                raise refusal(response.status_code, Problem(), decides=False, request_id=trip.request_id)
            if response.status_code != 200:
                raise trip.unreadable(f"it answered {response.status_code} in place of the file")
            if _coding(response, trip) != "identity":
                raise trip.unreadable("the file is packed though that was not asked for")
            total = _length(response)
            if total is not None and total > FILE_BYTES:
                raise trip.unreadable(f"the file is larger than {FILE_BYTES // 1024 // 1024} MiB")
            done = 0
            async with aclosing(_chunks(response, trip, stall)) as chunks:
                async for chunk in chunks:
                    done += len(chunk)
                    if done > FILE_BYTES:
                        raise trip.unreadable(f"the file is larger than {FILE_BYTES // 1024 // 1024} MiB")
                    into(chunk)
                    if moved is not None:
                        moved(done, total)
            return Received(done, response.headers.get("content-type"))


@asynccontextmanager
async def _answer(
    client: httpx.AsyncClient, request: httpx.Request, trip: Trip, *, patience: float | None = None
) -> AsyncIterator[httpx.Response]:
    """Send a request and hand out its answer unread; the network's errors become ours."""
    try:
        response = await _patiently(client.send(request, stream=True), patience, trip)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise _lost(error, trip) from None
    trip.status = response.status_code
    given = response.headers.get("request-id", "")
    if is_request_id(given):
        trip.request_id = given
    try:
        yield response
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


async def _chunks(
    response: httpx.Response, trip: Trip, stall: float | None = None
) -> AsyncGenerator[bytes, None]:
    pieces = response.aiter_raw()
    while True:
        try:
            piece = await _patiently(anext(pieces, None), stall, trip)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise _lost(error, trip) from None
        if piece is None:
            return
        yield piece


async def _gathered(response: httpx.Response, trip: Trip, cap: int) -> bytes:
    try:
        gatherer = Gatherer(_coding(response, trip), cap=cap)
        if (_length(response) or 0) > cap:
            raise trip.unreadable(f"the answer is larger than {cap // 1024} KiB")
        async with aclosing(_chunks(response, trip)) as chunks:
            async for chunk in chunks:
                gatherer.take(chunk)
        return gatherer.whole()
    except BadBody as error:
        raise trip.unreadable(str(error)) from None


def _coding(response: httpx.Response, trip: Trip) -> str:
    try:
        return coding_of(response.headers.get_list("content-encoding"))
    except BadBody as error:
        raise trip.unreadable(str(error)) from None


def _length(response: httpx.Response) -> int | None:
    text = response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _check_head(response: httpx.Response, trip: Trip) -> None:
    """Refuse everything but a 200 that promises JSON."""
    status = response.status_code
    if 300 <= status < 400:
        raise trip.unreadable(f"it redirects elsewhere ({status}), which is never followed")
    if status != 200:
        raise trip.unreadable(f"it answered {status}, which was not promised")
    if not is_json(response.headers.get("content-type")):
        kind = clean(response.headers.get("content-type", ""), cap=60)
        raise trip.unreadable(f"it is {kind}, not JSON")

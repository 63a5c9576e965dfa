"""The one door to the wire: every request is made here and every answer is checked here."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self, TypeVar
from uuid import uuid4

from review_tui.client.addresses import api_address, file_address, is_key, proxy_for, same_origin
from review_tui.client.bodies import JSON_BYTES, BadBody, Gatherer, is_json, parse_json
from review_tui.client.budget import Bucket, Budget
from review_tui.client.clocks import ServerClock
from review_tui.client.dialects import STEVE, Dialect
from review_tui.client.errors import (
    RateLimited,
    TooLarge,
    UnsafeAddress,
    UnusableId,
    UnusableKey,
    WireError,
    link_expired,
    refusal,
)
from review_tui.client.problems import Problem, problem_in
from review_tui.client.retry import delay_before_retry, http_date, retry_after
from review_tui.client.trips import Trip, is_request_id
from review_tui.model.frozen import frozen
from review_tui.model.secret import Secret
from review_tui.model.text import clean
from review_tui.model.wire import Json, UnexpectedShape

if TYPE_CHECKING:  # the network's library is loaded with the first request, by whoever sends it
    from review_tui.client.network import Answer, Carrier, Network

_T = TypeVar("_T")

READ_DEADLINE: Final = 10.0
"""Seconds for one read, its repetitions included."""

DECISION_DEADLINE: Final = 15.0
"""Seconds for one decision, which is sent once."""

FILE_BYTES: Final = 100 * 1024 * 1024
"""Bytes of a file, at most."""

FILE_STALL: Final = 30.0
"""Seconds without a byte after which a download is given up."""

FILE_DEADLINE: Final = 900.0
"""Seconds for a whole download."""

_PROBLEM_BYTES: Final = 256 * 1024
_PROBLEM_PATIENCE: Final = 2.0
_THREAD_FROM: Final = 1024 * 1024


@frozen
class Received:
    """What a download was: bytes received and the content type that came with them."""

    size: int
    content_type: str | None


class Transport:
    """Sends requests of one key to one server; everything that comes back is bounded and typed.

    `key_from` says what to check when the key is not accepted. `carrier` stands in for the network in tests.
    `dialect` is how the system wants to be asked. Raises UnsafeAddress and UnusableKey at once.
    """

    def __init__(
        self,
        base_url: str,
        key: Secret,
        *,
        key_from: str = "the key",
        carrier: "Carrier | None" = None,
        dialect: Dialect = STEVE,
    ) -> None:
        if not is_key(key.revealed()):
            raise UnusableKey(
                "The API key cannot be used", "It holds spaces or other unprintable characters."
            )
        self._key = key
        self._key_from = key_from
        self._dialect = dialect
        self.address: Final = api_address(base_url, root=dialect.root)
        self.proxy_in_use: Final = None if carrier else proxy_for(self.address)
        self.budget: Final = Budget()
        self.server_clock: Final = ServerClock()
        self._carrier = carrier
        self._bare: dict[bool, Network] = {}

    @cached_property
    def _api(self) -> "Network":
        return self._network(secure=self.address.scheme == "https")

    def _network(self, *, secure: bool) -> "Network":
        from review_tui.client.network import Network

        return Network(secure=secure, proxied=not self.address.is_loopback, carrier=self._carrier)

    async def close(self) -> None:
        """Close the connections."""
        opened = [self._api] if "_api" in vars(self) else []
        for network in (*opened, *self._bare.values()):
            await network.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def read(
        self,
        path: str,
        read: Callable[[Json], _T],
        *,
        params: Mapping[str, str] | None = None,
        within: float | None = None,
    ) -> _T:
        """Send a GET, again where that helps, and return what `read` makes of the answer.

        `path` is below the API's root. All attempts share one deadline of `READ_DEADLINE` seconds, or of
        `within`: then no `READ_DEADLINE` may pass without a byte.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + (within or READ_DEADLINE)
        stall = READ_DEADLINE if within else None
        attempt = 1
        while True:
            try:
                seconds = ends - loop.time()
                return await self._request("GET", path, read, params=params, seconds=seconds, stall=stall)
            except WireError as error:
                delay = delay_before_retry(error, attempt, spread=random.random())  # noqa: S311 – no secret
                if delay is None:
                    raise
                delay = max(delay, self._dialect.apart)
                if loop.time() + delay >= ends:
                    raise
            attempt += 1
            await asyncio.sleep(delay)

    async def decide(
        self, path: str, read: Callable[[Json], _T], *, body: Json, request_id: str | None = None
    ) -> _T:
        """Send a POST, once and never again, and return what `read` makes of the answer."""
        return await self._request(
            "POST", path, read, body=body or {}, request_id=request_id, seconds=DECISION_DEADLINE
        )

    async def delete(self, path: str) -> None:
        """Send a DELETE, once and never again; any 2xx will do, whatever it says."""
        trip = Trip(str(uuid4()), self.address.host)
        try:
            async with asyncio.timeout(DECISION_DEADLINE), self._asked(trip, "DELETE", path) as answer:
                if not 200 <= answer.status < 300:
                    raise trip.unreadable(f"it answered {answer.status}, which was not promised")
        except TimeoutError:
            raise trip.no_answer(f"nothing complete within {DECISION_DEADLINE:.0f} s") from None

    async def _request(
        self,
        method: str,
        path: str,
        read: Callable[[Json], _T],
        *,
        seconds: float,
        stall: float | None = None,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        request_id: str | None = None,
    ) -> _T:
        trip = Trip(request_id or str(uuid4()), self.address.host, decides=method != "GET")
        if not is_request_id(trip.request_id):
            raise UnusableId("The request id cannot be used", "At most 128 printable characters.")
        try:
            async with asyncio.timeout(seconds):
                asked = self._asked(trip, method, path, params=params, body=body, stall=stall)
                async with asked as answer:
                    _check_head(answer, trip)
                    content = await _gathered(answer, trip, JSON_BYTES)
                return await _understood(content, read, trip)
        except TimeoutError:
            raise trip.no_answer(f"nothing complete within {seconds:.0f} s") from None

    @asynccontextmanager
    async def _asked(
        self,
        trip: Trip,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        stall: float | None = None,
        packed: bool = True,
    ) -> "AsyncIterator[Answer]":
        """Send a request with the key and hand out what is no refusal, unread.

        `stall` is how many seconds may pass without a byte; `packed` lets the answer come in fewer of them.
        """
        bucket = Bucket.READ if method == "GET" else Bucket.WRITE
        header, before = self._dialect.key_header(path)
        headers = {
            header: f"{before}{self._key.revealed()}",
            "Accept": "application/json, application/problem+json",
            "X-Request-Id": trip.request_id,
        }
        if not packed:
            headers["Accept-Encoding"] = "identity"
        url = self._url(path)
        sent = datetime.now(UTC)
        asked = self._api.answer(method, url, trip, headers=headers, params=params, body=body, stall=stall)
        async with asked as answer:
            self.budget.note(bucket, answer.headers)
            self.server_clock.note(answer.headers, sent, datetime.now(UTC))
            if answer.status >= 400:
                raise await self._refusal(answer, trip, bucket)
            yield answer

    async def _refusal(self, answer: "Answer", trip: Trip, bucket: Bucket) -> WireError:
        """Read what a refusal says; whatever its body is, the status stands."""
        problem = Problem()
        try:
            async with asyncio.timeout(_PROBLEM_PATIENCE):
                content = await _gathered(answer, trip, _PROBLEM_BYTES)
            content = content.replace(self._key.revealed().encode(), "…".encode())
            problem = problem_in(content, answer.headers.get("content-type"))
        except (WireError, TimeoutError):
            pass
        asked = retry_after(
            answer.headers.get("retry-after"),
            http_date(answer.headers.get("date")) or datetime.now(UTC),
            most=self._dialect.waits,
        )
        if asked is None and problem.retry_after is not None:
            asked = min(problem.retry_after, self._dialect.waits)
        error = refusal(
            answer.status,
            problem,
            decides=trip.decides,
            request_id=trip.request_id,
            retry_after=asked,
            key_from=self._key_from,
        )
        if isinstance(error, RateLimited):
            self.budget.refused(bucket, error.failure.retry_after)
        return self._dialect.meant(error, problem)

    async def stream(
        self,
        link: str,
        into: Callable[[bytes], None],
        *,
        most: int,
        moved: Callable[[int, int | None], None] | None = None,
    ) -> Received:
        """Send one GET for a file of at most `most` bytes, handing each piece to `into` as it comes.

        `link` is a route, or another address of the same server; raises UnsafeAddress for any other.
        Nothing is repeated, for the file may be given only once. What `into` raises goes through.
        """
        trip = Trip(str(uuid4()), self.address.host)
        asked = self._asked(trip, "GET", link, stall=FILE_STALL, packed=False)
        return await _whole_file(asked, trip, into, most=most, moved=moved)

    def is_own(self, link: str) -> bool:
        """Whether a link from outside is a route, or leads to this very scheme, host and port.

        Only then may the key go there.
        """
        return (link.startswith("/") and not link.startswith("//")) or same_origin(link, self.address)

    def _url(self, link: str) -> str:
        """Return the address of a route, or of a link that is our own; raises UnsafeAddress."""
        url = f"{self.address.root}{self._dialect.root}{link}" if link.startswith("/") else link
        if not same_origin(url, self.address):
            raise UnsafeAddress("The link cannot be used", "The key goes to its own server alone.")
        return url

    async def download(
        self,
        url: str,
        into: Callable[[bytes], None],
        *,
        moved: Callable[[int, int | None], None] | None = None,
        stall: float = FILE_STALL,
        most: int | None = None,
    ) -> Received:
        """Fetch a pre-signed URL through a client that knows no key, handing each piece to `into`.

        `moved` hears the bytes so far and in all, where that is known. `most` bytes are taken, `FILE_BYTES`
        where nothing is said. What `into` raises goes through.
        """
        host = file_address(url, api=self.address).host
        secure = url.startswith("https")
        if secure not in self._bare:
            self._bare[secure] = self._network(secure=secure)
        trip = Trip(str(uuid4()), host)
        plain = {"Accept-Encoding": "identity"}
        asked = self._bare[secure].answer("GET", url, trip, headers=plain, stall=stall)
        return await _whole_file(asked, trip, into, most=FILE_BYTES if most is None else most, moved=moved)


async def _whole_file(
    asked: "AbstractAsyncContextManager[Answer]",
    trip: Trip,
    into: Callable[[bytes], None],
    *,
    most: int,
    moved: Callable[[int, int | None], None] | None,
) -> Received:
    try:
        async with asyncio.timeout(FILE_DEADLINE) as deadline:
            async with asked as answer:
                return await _downloaded(answer, trip, into, most=most, moved=moved)
    except TimeoutError:
        if not deadline.expired():
            raise
        raise trip.no_answer(f"not complete within {FILE_DEADLINE / 60:.0f} minutes") from None


async def _understood(content: bytes, read: Callable[[Json], _T], trip: Trip) -> _T:
    def understand() -> _T:
        return read(parse_json(content))

    try:
        return await asyncio.to_thread(understand) if len(content) > _THREAD_FROM else understand()
    except (BadBody, UnexpectedShape) as error:
        raise trip.unreadable(str(error)) from None


async def _downloaded(
    answer: "Answer",
    trip: Trip,
    into: Callable[[bytes], None],
    *,
    most: int,
    moved: Callable[[int, int | None], None] | None,
) -> Received:
    _check_file_head(answer, trip, most)
    done, total = 0, answer.length
    async with aclosing(answer.pieces()) as pieces:
        async for piece in pieces:
            done += len(piece)
            if done > most:
                raise TooLarge(most, total, status=trip.status, request_id=trip.request_id)
            into(piece)
            if moved is not None:
                moved(done, total)
    return Received(done, answer.headers.get("content-type"))


def _check_file_head(answer: "Answer", trip: Trip, most: int) -> None:
    """Refuse everything but a 200 that promises a file as it is, of a size that is taken."""
    if answer.status in {401, 403, 410}:
        raise link_expired(answer.status)
    if answer.status >= 400:
        raise refusal(answer.status, Problem(), decides=False, request_id=trip.request_id)
    if answer.status != 200:
        raise trip.unreadable(f"it answered {answer.status} in place of the file")
    if answer.coding != "identity":
        raise trip.unreadable("the file is packed though that was not asked for")
    if (answer.length or 0) > most:
        raise TooLarge(most, answer.length, status=trip.status, request_id=trip.request_id)


async def _gathered(answer: "Answer", trip: Trip, cap: int) -> bytes:
    if (answer.length or 0) > cap:
        raise trip.unreadable(f"the answer is larger than {cap // 1024} KiB")
    gatherer = Gatherer(answer.coding, cap=cap)
    try:
        async with aclosing(answer.pieces()) as pieces:
            async for piece in pieces:
                gatherer.take(piece)
        return gatherer.whole()
    except BadBody as error:
        raise trip.unreadable(str(error)) from None


def _check_head(answer: "Answer", trip: Trip) -> None:
    """Refuse everything but a 200 that promises JSON."""
    status = answer.status
    if 300 <= status < 400:
        raise trip.unreadable(f"it redirects elsewhere ({status}), which is never followed")
    if status != 200:
        raise trip.unreadable(f"it answered {status}, which was not promised")
    if not is_json(answer.headers.get("content-type")):
        kind = clean(answer.headers.get("content-type", ""), cap=60)
        raise trip.unreadable(f"it is {kind}, not JSON")

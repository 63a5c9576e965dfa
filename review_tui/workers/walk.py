"""One decision's walk from the key to the truth: does what the machine says is next, and hears the person."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any, Final, TypeVar

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure
from review_tui.model.frozen import frozen
from review_tui.model.happenings import (
    Act,
    Answered,
    Closed,
    Due,
    Happening,
    NotRead,
    NotWritten,
    Now,
    Read,
    TakenBack,
    Written,
)
from review_tui.model.machine import Course, step
from review_tui.model.outcomes import UNKNOWN_WORDS
from review_tui.model.records import Record
from review_tui.model.submissions import Detail
from review_tui.workers.clock import Clock, sleep_unless
from review_tui.workers.faults import failure_of
from review_tui.workers.journal import Write

_T = TypeVar("_T")
_CAME_OF_IT: Final = frozenset({Stage.DONE, Stage.ELSEWHERE, Stage.REFUSED, Stage.NOT_DONE, Stage.UNKNOWN})


@frozen
class Means:
    """What a walk needs: how to send, to read, to write down (None: nowhere), and what time it is.

    `saw` hears each reading, `moved` each step of a walk that may be told.
    """

    send: Callable[[Intent], Awaitable[object]]
    read: Callable[[str], Awaitable[Detail]]
    write: Write | None
    clock: Clock
    saw: Callable[[Detail], None]
    moved: Callable[["Walk"], None]

    def now(self) -> Now:
        """Return the moment as the machine takes it."""
        return Now(self.clock.now(), self.clock.monotonic())


class Walk:
    """A decision on its way; `course` is what the machine says of it."""

    def __init__(self, course: Course, means: Means) -> None:
        self.course = course
        self.told: tuple[Stage, str] | None = None
        self._means = means
        self._asked: Happening | None = None
        self._woken = asyncio.Event()

    @property
    def intent(self) -> Intent:
        """What the person meant."""
        return self.course.intent

    @property
    def rests(self) -> bool:
        """Whether nothing is left to be done."""
        return self.course.act is Act.REST

    @property
    def may_be_taken_back(self) -> bool:
        """Whether nothing was sent and nobody asked for its end yet."""
        return self.course.stage.is_unsent and not isinstance(self._asked, TakenBack | Closed)

    @property
    def waits_for_the_person(self) -> bool:
        """Whether it is held and nobody has said a word about it."""
        return self.course.stage is Stage.HELD and self._asked is None

    def ask(self, happening: Happening) -> None:
        """Ask for what happens next; what was asked first counts, but anything before a mere sending."""
        if self._asked is None or isinstance(self._asked, Due):
            self._asked = happening
        self._woken.set()

    def tell(self) -> None:
        """Say where it stands, unless that is a promise that has still to be written down.

        What came of a request is said first: a console that dies in between looks it up again.
        """
        if self.course.act is not Act.WRITE or (
            self.course.stage in _CAME_OF_IT and self.course.record.sends
        ):
            self._means.moved(self)

    async def follow(self) -> Standing:
        """Go on to the end, or to where the console's end leaves it."""
        try:
            while not self.rests:
                self._move(await self._next())
        except Exception as error:  # noqa: BLE001 – a bug here must not pass for an outcome
            self._broke(failure_of(error, f"follow {self.intent.verb}"))
        return self.course.standing

    async def cut_off(self) -> None:
        """End it where it is, because closing has waited long enough."""
        self._move(Closed())
        while self.course.act is Act.WRITE:
            self._move(await self._next())

    def let_go(self) -> None:
        """End it where it is, written down or not."""
        while not self.rests:
            self._move(Closed())

    def _move(self, happening: Happening) -> None:
        self.course = step(self.course, happening, self._means.now())
        self.tell()

    async def _next(self) -> Happening:
        """Do what is to be done next, and return what happened."""
        course = self.course
        if course.act is Act.WRITE:
            return await self._written(course.record)
        if course.act is Act.SEND:
            return await self._sent()
        if course.act is Act.WAIT:
            return await self._waited(course.wait)
        if not course.stage.is_unsent:
            return await self._looked()
        return await self._looked_unless_asked()

    async def _written(self, record: Record) -> Written | NotWritten:
        if self._means.write is not None:
            try:
                await self._means.write(record)
            except Exception as error:  # noqa: BLE001 – not written is one of the ways; failure_of logs bugs
                return NotWritten(failure_of(error, f"write down that it is {record.stage}"))
        return Written()

    async def _sent(self) -> Answered:
        try:
            await self._means.send(self.intent)
        except Exception as error:  # noqa: BLE001 – every way to fail has an outcome; failure_of logs bugs
            return Answered(failure_of(error, f"send {self.intent.verb}"))
        return Answered()

    async def _looked(self) -> Read | NotRead:
        try:
            seen = await self._means.read(self.intent.submission_id)
        except Exception as error:  # noqa: BLE001 – not read is one of the outcomes; failure_of logs bugs
            return NotRead(failure_of(error, f"read for {self.intent.verb}"))
        self._means.saw(seen)
        return Read(seen)

    async def _looked_unless_asked(self) -> Happening:
        """Read, but for no longer than until the person takes it back or the console ends."""
        happened: Happening | None = None
        while happened is None:
            happened = await _unless(self._woken, self._looked())
            happened = self._taken() or happened
        return happened

    async def _waited(self, seconds: float | None) -> Happening:
        if seconds is None:
            await self._woken.wait()
        else:
            await sleep_unless(self._means.clock, seconds, self._woken)
        return self._taken() or Due()

    def _taken(self) -> Happening | None:
        asked, self._asked = self._asked, None
        self._woken.clear()
        return asked

    def _broke(self, failure: Failure) -> None:
        course = self.course
        if course.stage.is_unsent:
            stage, words = Stage.UNSENT, f"Not sent: {failure.title}"
        else:
            stage, words = Stage.UNKNOWN, UNKNOWN_WORDS
        record = replace(course.record, stage=stage, words=words)
        self.course = replace(course, record=record, failure=failure, act=Act.REST)
        self.tell()


async def _unless(woken: asyncio.Event, doing: Coroutine[Any, Any, _T]) -> _T | None:
    """Return what `doing` returns, or None where `woken` was set first."""
    done, waker = asyncio.ensure_future(doing), asyncio.ensure_future(woken.wait())
    try:
        await asyncio.wait({done, waker}, return_when=asyncio.FIRST_COMPLETED)
        return done.result() if done.done() else None
    finally:
        done.cancel()
        waker.cancel()
        await asyncio.gather(done, waker, return_exceptions=True)

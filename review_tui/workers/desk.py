"""The desk: the one object that the console is handed; everything that goes on behind hangs on it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from review_tui.model.contracts import Contract, ContractName
from review_tui.model.decisions import Intent, Leave, Standing
from review_tui.model.doubt import contract_for
from review_tui.model.files import StoredFile
from review_tui.model.fraud import Resolution
from review_tui.model.freshness import Freshness
from review_tui.model.frozen import frozen
from review_tui.model.machine import SETTLE
from review_tui.model.queue import HEAD, Filter
from review_tui.model.submissions import Detail, Page, Verb
from review_tui.workers.bulk import Bulks, Gathering
from review_tui.workers.clock import Clock, RealClock
from review_tui.workers.contracts import Contracts, promising_nothing
from review_tui.workers.deciding import Deciding
from review_tui.workers.decisions import Decisions
from review_tui.workers.details import Details
from review_tui.workers.downloads import Downloads, Fetch
from review_tui.workers.faults import failure_of, kept_alive
from review_tui.workers.hearers import Hearers
from review_tui.workers.jobs import JobDesk, JobWays
from review_tui.workers.journal import Journal, JournalThread
from review_tui.workers.liveness import Liveness
from review_tui.workers.news import CompanyKnown, DecisionMoved, News, PageRead
from review_tui.workers.pages import Pages
from review_tui.workers.poller import INTERVAL, Failed, Fresh, Polled, Poller

if TYPE_CHECKING:  # the console paints before the network library is loaded
    from review_tui.client.steve import Steve


@frozen
class Ways:
    """How the server is asked: one function per thing that the desk wants of it.

    `page` takes a cursor, None for the first page. `advise_interval` widens the seconds between polls,
    `background_wait` gives the seconds before one background read may be sent and counts it when 0,
    `pace` those yet before the next of many decisions, `time_for` those in which so many more may be sent,
    `clock_offset` how far the server's clock is ahead of this machine's.
    """

    page: Callable[[Filter, str | None], Awaitable[Page]]
    detail: Callable[[str], Awaitable[Detail]]
    send: Callable[[Intent], Awaitable[object]]
    fetch: Fetch
    company: Callable[[], Awaitable[str]]
    close: Callable[[], Awaitable[None]]
    contract: Callable[[ContractName], Awaitable[Contract]] = promising_nothing
    advise_interval: Callable[[float], float] = float
    background_wait: Callable[[], float] = lambda: 0.0
    pace: Callable[[float], float] = lambda _: 0.0
    time_for: Callable[[int], float] = lambda _: 0.0
    clock_offset: Callable[[], timedelta] = timedelta


class Desk(Deciding):
    """What a reviewer works at: a living queue, details, decisions and downloads, told as news.

    Jobs are watched at `jobs`. Values that are not news stand as attributes: `company` (empty until
    `CompanyKnown`), `server`, `key_hint`, `filter`, `clock`, and `clock_offset`, which any thread may call.
    """

    def __init__(  # noqa: PLR0913 – one name for each thing a desk is made of
        self,
        ways: Ways,
        *,
        server: str,
        key_hint: str,
        asked: Filter | None = None,
        clock: Clock | None = None,
        interval: float = INTERVAL,
        settle: tuple[float, ...] = SETTLE,
        hold: Mapping[Verb, float] | None = None,
        deciding_off: str = "",
        journal: Journal | None = None,
        jobs: JobWays | None = None,
    ) -> None:
        """Take how the server is asked and what to show of it; `settle` as in `Decisions`.

        `hold` gives the seconds by verb for which a decision is held, none where it is not in it;
        `deciding_off` says why nothing may be decided, if so. What is decided is written to `journal`, and
        what an earlier run left in it is taken up. `jobs` says which systems' jobs can be watched.
        """
        self.company = ""
        self.server = server
        self.key_hint = key_hint
        self.filter = asked or Filter()
        self.clock: Clock = clock or RealClock()
        self.clock_offset = ways.clock_offset
        self._ways = ways
        self._hearers = Hearers()
        self._liveness = Liveness(self._publish, self.clock)
        self._looked_up = 0
        wait, advise = ways.background_wait, ways.advise_interval
        self._poller = Poller(
            lambda: ways.page(self.filter, None), self._polled, self.clock, interval=interval, advise=advise
        )
        self._pages = Pages(
            lambda cursor: ways.page(self.filter, cursor), self._publish, self.clock, background_wait=wait
        )
        self._details = Details(
            self._read, self._publish, self.clock, background_wait=wait, taken=self.filter
        )
        self._contracts = Contracts(ways.contract, self._publish, self.clock, background_wait=wait)
        self._journal = None if journal is None else JournalThread(journal)
        decisions = Decisions(
            ways.send,
            self._detail,
            self._moved,
            self.clock,
            write=self._journal.write if self._journal else None,
            run=uuid4().hex,
            settle=settle,
        )
        bulks = Bulks(decisions, self._publish, self._poller.nudge, self.clock, ways.pace, ways.time_for)
        gathering = Gathering(self._read, self._publish, self.clock, wait)
        super().__init__(decisions, bulks, gathering, hold or {}, deciding_off)
        ways_of_jobs = replace(jobs or JobWays(), cancel_off=deciding_off)
        self.jobs = JobDesk(ways_of_jobs, self._publish, self.clock)
        self._downloads = Downloads(ways.fetch, self._detail, self._publish, self.clock)

    @property
    def freshness(self) -> Freshness:
        """How true the list still is."""
        return self._liveness.freshness

    def subscribe(self, publish: Callable[[News], None]) -> None:
        """Hear all news from now on, on the event loop; the first to come hears what nobody heard before."""
        self._hearers.add(publish)

    async def run(self) -> None:
        """Poll, load and read ahead until cancelled; ends with nothing left running but open decisions."""
        async with asyncio.TaskGroup() as group:
            for work, broken in (
                (self._take_up, self.decide_no_more),
                (self._poller.run, self._liveness.broke),
                (self._pages.run, self._pages.give_up),
                (self._details.run, None),
                (self._contracts.run, None),
                (self._name_company, None),
                (self.jobs.run, self.jobs.broke),
            ):
                group.create_task(kept_alive(work, broken))

    def ask(self, asked: Filter) -> None:
        """Ask for other submissions from now on; nothing of what was asked before is told any more."""
        if asked == self.filter:
            return
        self.filter = asked
        self._details.expect(asked)
        self._pages.restart()
        self._poller.restart()

    def cached(self, submission_id: str) -> Detail | None:
        """Return a submission as last read, or None."""
        return self._details.cached(submission_id)

    def show(self, submission_id: str, known: Detail | None = None) -> None:
        """Ask for the submission on screen: `DetailRead` at once where it is kept, anew where it is old.

        What is `known` of it already is not told again.
        """
        self._details.show(submission_id, known)

    def watch(self, submission_id: str) -> None:
        """Ask for another submission, such as a matched one, without displacing the one on screen."""
        self._details.watch(submission_id)

    def prefetch(self, submission_ids: Sequence[str]) -> None:
        """Name the submissions that may be wanted next; they are read when there is nothing else to do."""
        self._details.prefetch(submission_ids)

    def refresh(self) -> None:
        """Ask at once, because a person wants it: also after a stop and while paused."""
        self.resume()

    def pause(self) -> None:
        """Ask nothing in the background until `resume()`; what a person does still goes out."""
        self._poller.pause()
        self._pages.pause()
        self._contracts.pause()
        self.jobs.pause()
        self._liveness.paused()

    def resume(self) -> None:
        """Go on, with one poll at once."""
        self._poller.resume()
        self._pages.resume()
        self._contracts.resume()
        self.jobs.resume()

    def leave_older(self) -> None:
        """Load no older submissions than are here."""
        self._pages.leave_older()

    def load_older(self) -> None:
        """Go on loading older submissions, where that was left, to the last one."""
        self._pages.load_older()

    def download(self, detail: Detail, file: StoredFile, folder: Path) -> None:
        """Fetch a file into a folder; progress comes as `DownloadMoved`."""
        self._downloads.start(detail, file, folder)

    async def leave(self, how: Leave) -> list[Standing]:
        """Do with what this run still holds as the person wants, then `close`.

        The rest of a bulk takes longer than leaving waits: it is kept where the others are sent.
        """
        for standing in self._decisions.held:
            of_many = how is Leave.SEND and self._bulks.has(standing.intent.request_id)
            if standing.earlier or of_many or how is Leave.KEEP:
                continue
            act = self._decisions.send_now if how is Leave.SEND else self._decisions.take_back
            act(standing.intent.request_id)
        await self._bulks.close()
        await self._decisions.finish()
        return await self.close()

    async def close(self) -> list[Standing]:
        """Drain what is open, at most a few seconds; return the decisions whose outcome stayed unknown."""
        await self._bulks.close()
        await self._gathering.close()
        unknown = await self._decisions.close()
        await self._details.close()
        await self._downloads.close()
        await self.jobs.close()
        await self._ways.close()
        if self._journal is not None:
            self._journal.close()
        return unknown

    def _publish(self, news: News) -> None:
        if isinstance(news, PageRead):
            news = replace(news, asked=self.filter)
            self._details.compare(news.page, news.window)
        self._hearers.tell(news)

    def _polled(self, outcome: Polled) -> None:
        if isinstance(outcome, Failed):
            self._liveness.failed(outcome)
            return
        self._look_up_an_unknown()
        self._details.reached()
        if isinstance(outcome, Fresh):
            self._publish(PageRead(outcome.page, HEAD))
        self._pages.ticked(outcome.page)
        self._liveness.succeeded(outcome.every)

    def _look_up_an_unknown(self) -> None:
        """Read one submission whose decision ended unknown; with every poll the next one."""
        if unknown := self._decisions.unknown:
            self._looked_up += 1
            self._details.recheck(unknown[self._looked_up % len(unknown)].intent.submission_id)

    def _moved(self, standing: Standing) -> None:
        if standing.stage.is_final:
            if standing.detail is not None:
                self._details.put(standing.detail)
            else:
                self._details.forget(standing.intent.submission_id)
            self._pages.outrun()
            if not self._bulks.has(standing.intent.request_id):  # else once, when all of them are over
                self._poller.nudge()
        self._publish(DecisionMoved(standing))
        self._bulks.hear(standing)

    async def _detail(self, submission_id: str) -> Detail:
        detail = await self._ways.detail(submission_id)
        self._poller.reached()
        self.jobs.learn(detail)
        return detail

    async def _read(self, submission_id: str) -> Detail:
        detail = await self._detail(submission_id)
        self._contracts.want(contract_for(detail))
        asyncio.get_running_loop().call_soon(self._decisions.learn, detail)
        return detail

    async def _take_up(self) -> None:
        """Take up what an earlier run left; where it cannot be read, nothing may be decided."""
        if self._journal is None:
            return
        try:
            records = await self._journal.open_records()
        except Exception as error:  # noqa: BLE001 – reading goes on without deciding; failure_of logs bugs
            self.decide_no_more(failure_of(error, "read what was left open"))
            return
        self._decisions.resume(records)
        for unsure in self._decisions.unsure:
            self._details.recheck(unsure.intent.submission_id)

    async def _name_company(self) -> None:
        try:
            self.company = await self._ways.company()
        except Exception as error:  # noqa: BLE001 – a name is no reason to fail; failure_of logs bugs
            failure_of(error, "read the company's name")
            return
        self._publish(CompanyKnown(self.company))


def ways_of(steve: "Steve") -> Ways:
    """Return how `steve` is asked."""

    async def company() -> str:
        companies = await steve.companies.list()
        return str(companies[0].name or companies[0].id or "") if companies else ""

    return Ways(
        page=lambda asked, cursor: steve.submissions.list(asked, cursor=cursor),
        detail=steve.submissions.get,
        send=lambda intent: send(steve, intent),
        fetch=steve.files.download,
        company=company,
        close=steve.close,
        contract=lambda name: steve.workflows.contract(name.slug, name.version),
        advise_interval=steve.budget.advise_interval,
        background_wait=steve.budget.may_spend_background,
        pace=steve.budget.pace_writes,
        time_for=steve.budget.time_for_writes,
        clock_offset=lambda: steve.clock_offset,
    )


async def send(steve: "Steve", intent: Intent) -> None:
    """Send an intent, once; raises WireError."""
    of, request_id = intent.submission_id, intent.request_id
    if intent.verb is Verb.APPROVE:
        await steve.submissions.approve(of, request_id=request_id)
    elif intent.verb is Verb.REJECT:
        await steve.submissions.reject(of, reason=(intent.reason or "").strip(), request_id=request_id)
    elif intent.verb is Verb.CANCEL:
        reason = (intent.reason or "").strip() or None
        await steve.submissions.cancel(of, reason=reason, request_id=request_id)
    else:
        resolution = intent.resolution or Resolution.FALSE_POSITIVE
        await steve.fraud.resolve(
            of, intent.match_id or "", resolution, note=intent.note, request_id=request_id
        )


def desk_on(
    steve: "Steve",
    *,
    key_hint: str,
    asked: Filter | None = None,
    clock: Clock | None = None,
    hold: Mapping[Verb, float] | None = None,
    deciding_off: str = "",
    journal: Journal | None = None,
    jobs: JobWays | None = None,
) -> Desk:
    """Return a desk that asks `steve`; its `server` names the proxy on the way, if there is one."""
    return Desk(
        ways_of(steve),
        server=f"{steve.host} via {steve.proxy_in_use}" if steve.proxy_in_use else steve.host,
        key_hint=key_hint,
        asked=asked,
        clock=clock,
        hold=hold,
        deciding_off=deciding_off,
        journal=journal,
        jobs=jobs,
    )

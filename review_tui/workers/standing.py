"""Standing: what is known of watched jobs and of the systems that do them, put together as one value."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from review_tui.model.jobs import System
from review_tui.model.watching import NOT_CONFIGURED, Jobs, SystemWatch, Watched, as_a_rule
from review_tui.workers.clock import Clock
from review_tui.workers.ledger import Ledger
from review_tui.workers.watcher import Watcher


def known_jobs(
    ledger: Ledger, watchers: Mapping[System, Watcher], why_not: Mapping[System, str], clock: Clock
) -> Jobs:
    """Return what is known now; `why_not` says what to set where a system has no watcher."""
    ahead = clock.now() - timedelta(seconds=clock.monotonic())
    return Jobs(
        tuple(_with_next(one, watchers.get(one.key.system), ahead) for one in ledger.all),
        {system: how_it_stands(system, watchers.get(system), why_not) for system in System},
        loading=ledger.loading,
        not_kept=ledger.failure,
    )


def _with_next(watched: Watched, watcher: Watcher | None, ahead: datetime) -> Watched:
    at = None if watcher is None else watcher.next_at(watched.key)
    if at is None:
        return watched
    # To the second: two clocks are never read at one time, and that alone is no news.
    next_at = ahead + timedelta(seconds=at + 0.5)
    return replace(watched, next_at=next_at.replace(microsecond=0))


def how_it_stands(system: System, watcher: Watcher | None, why_not: Mapping[System, str]) -> SystemWatch:
    """Return how one system stands, whose watcher is None where it is not configured."""
    if watcher is None:
        why = why_not.get(system)
        return SystemWatch(system, why) if why else NOT_CONFIGURED[system]
    if not watcher.is_open:
        return replace(as_a_rule(system), freshness=watcher.freshness)
    offers = watcher.source.offers
    return SystemWatch(
        system,
        freshness=watcher.freshness,
        lists=offers.list,
        batches=offers.batch,
        cancels=offers.cancel,
    )

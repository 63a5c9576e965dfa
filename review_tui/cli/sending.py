"""Sending what is held: decisions of an earlier run, taken over by the command line one after the other."""

import argparse
import asyncio
import sys
from contextlib import closing
from functools import partial
from typing import Final
from uuid import uuid4

from review_tui.cli.exits import Exit
from review_tui.cli.outbox import OnlyReading, unsent
from review_tui.cli.printing import say
from review_tui.cli.verbs import tell_standing
from review_tui.client.steve import Steve
from review_tui.model.decisions import Standing
from review_tui.model.records import Record
from review_tui.settings.environment import Settings
from review_tui.store.journal import Store
from review_tui.workers.clock import RealClock
from review_tui.workers.decisions import Decisions
from review_tui.workers.desk import send
from review_tui.workers.journal import JournalThread

_STOPPING: Final = frozenset({Exit.AUTH, Exit.LIMITED})


async def send_held(given: argparse.Namespace, settings: Settings) -> Exit:
    """Run `outbox send`: each is looked at anew before it is sent; raises NotKept, also where none may be.

    Returns the first code that is not 0. Where the key or its rate limit refuses one, the rest stay held.
    """
    if settings.deciding_off:
        raise OnlyReading(settings.deciding_off)
    codes: list[Exit] = []
    with closing(Store.open(settings.store_path, create=False)) as store:
        chosen = unsent(store, given.ids)
        async with Steve(settings.base_url, settings.api_key, key_from=settings.key_check) as steve:
            sending = Sending(steve, store)
            try:
                for record in chosen:
                    codes.append(tell_standing(await sending.carry(record), as_json=given.json))
                    if codes[-1] in _STOPPING or sending.ends:
                        break
            finally:
                sending.close()
                if left := len(chosen) - len(codes):
                    say(f"{left} not sent", to=sys.stderr)
    return next((code for code in codes if code), Exit.OK)


class Sending:
    """Takes held decisions over and sends them, by the same machine that sends any other."""

    def __init__(self, steve: Steve, store: Store) -> None:
        self.ends = False
        self._journal = JournalThread(store)
        self._moved = asyncio.Event()
        self._told: dict[str, Standing] = {}
        self._decisions = Decisions(
            partial(send, steve),
            steve.submissions.get,
            self._tell,
            RealClock(),
            write=self._journal.write,
            run=uuid4().hex,
        )

    async def carry(self, record: Record) -> Standing:
        """Send one and follow it to its end; a signal leaves a few seconds to learn what became of it.

        Raises CancelledError where it then is still held.
        """
        name = record.intent.request_id
        self._decisions.resume([record])
        self._decisions.send_now(name)
        try:
            while not self._told[name].stage.is_final:
                self._moved.clear()
                await self._moved.wait()
            await self._decisions.finish()  # the end is told first and written down then
        except asyncio.CancelledError:
            self.ends = True
            await self._decisions.close()
            if not self._told[name].stage.is_final:
                raise
        return self._told[name]

    def close(self) -> None:
        """Take no more."""
        self._journal.close()

    def _tell(self, standing: Standing) -> None:
        self._told[standing.intent.request_id] = standing
        self._moved.set()

"""One channel's part of the work list: written down, called, written down again, in this order."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final

from sqlalchemy.orm import Session

from hub.clock import Clock
from hub.errors import StorageError
from hub.messages.channels.channel import (
    Channel,
    ChannelError,
    Handed,
    Parcel,
    RateLimitedError,
    TemporaryError,
    UnknownOutcomeError,
)
from hub.messages.delivery import circuit
from hub.messages.delivery.outcomes import settle
from hub.messages.delivery.picking import Work, anything_due, pick, under_way
from hub.messages.delivery.rules import Rules
from hub.storage.database import Database
from hub.storage.tables import MessageChannel

WORKERS: Final = 8
AHEAD: Final = 4
"""Hand-overs written down at once, for each worker, where a key makes calling again harmless."""
LONGEST_LIMIT_S: Final = 3600.0

Step = Callable[[str], None]
"""Told each named step as it is passed; a test ends the process there."""
logger = logging.getLogger(__name__)


class Lane:
    """Hands over what is due at one channel. `turn` is one round; it holds no state of worth."""

    def __init__(
        self,
        database: Database,
        channel: Channel,
        rules: Rules,
        clock: Clock,
        monotonic: Callable[[], float],
        *,
        per_second: float = 0.0,
        step: Step = lambda _name: None,
    ) -> None:
        self.channel = channel
        self._database, self._rules = database, rules
        self._clock, self._monotonic, self._step = clock, monotonic, step
        self._per_second = per_second
        self._not_before = 0.0
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix=f"channel-{channel.name}")
        self._unstored: list[tuple[int, Handed | ChannelError]] = []
        self.stopping = threading.Event()

    def close(self) -> None:
        """Wait for the calls at hand."""
        self._pool.shutdown(wait=True, cancel_futures=False)

    def turn(self) -> int:
        """Hand over one batch of what is due; returns how many calls were made.

        StorageError when the database cannot be written: nothing new was called then, and what
        was called before stays in memory until it can be stored.
        """
        self._store_rest()
        if self._monotonic() < self._not_before:
            return 0
        work = self._write_ahead()
        if not work:
            return 0
        if self._per_second > 0:
            self._not_before = self._monotonic() + len(work) / self._per_second
        self._step("attempt_stored")
        self._call_all(work)
        return len(work)

    def _write_ahead(self) -> Sequence[Work]:
        """Commit an attempt for each hand-over before any of them is called."""
        name, now = self.channel.name, self._clock()
        with self._database.reading() as session:
            if not anything_due(session, name, now):
                return ()
        with self._database.writing() as session:
            row = session.get(MessageChannel, name)
            if circuit.paused(row, now):
                return ()
            trying = row is not None and row.failures >= circuit.FAILURES
            work = pick(session, self._rules, name, now, 1 if trying else self._most())
            self._step("picked")
        return work

    def _most(self) -> int:
        most = WORKERS * (AHEAD if self.channel.traits.keeps_keys else 1)
        return max(1, min(most, int(self._per_second))) if self._per_second > 0 else most

    def _call_all(self, work: Sequence[Work]) -> None:
        calls = {self._pool.submit(self._call, one.parcel): one.dispatch for one in work}
        open_calls: set[Future[Handed | ChannelError]] = set(calls)
        while open_calls:
            done, open_calls = wait(open_calls, return_when=FIRST_COMPLETED)
            self._step("called")
            self._unstored += [(calls[one], one.result()) for one in done]
            if len(self._unstored) >= WORKERS or not open_calls:
                self._store_rest()

    def _call(self, parcel: Parcel) -> Handed | ChannelError:
        try:
            return self.channel.send(parcel)
        except ChannelError as error:
            return error
        except Exception as error:  # an adapter's own fault: it may have called already
            logger.exception("channel %s", self.channel.name)
            return UnknownOutcomeError(f"adapter_{type(error).__name__}"[:64])

    def _store_rest(self) -> None:
        """Commit every outcome not yet stored, all or none.

        One that no table takes must not stop its channel for good: then each is stored alone, and
        that one as an unknown outcome.
        """
        if not self._unstored:
            return
        try:
            self._store(self._unstored)
        except StorageError:
            raise
        except Exception:
            logger.exception("outcomes of channel %s", self.channel.name)
            for one in list(self._unstored):
                self._store_alone(one)
                self._unstored.remove(one)
        self._step("outcome_stored")
        self._unstored = []

    def _store(self, ended: Sequence[tuple[int, Handed | ChannelError]]) -> None:
        now = self._clock()
        with self._database.writing() as session:
            for dispatch, result in ended:
                settle(session, self._rules, dispatch, result, now)
            self._count(session, [result for _, result in ended], now)

    def _store_alone(self, one: tuple[int, Handed | ChannelError]) -> None:
        try:
            self._store([one])
        except StorageError:
            raise
        except Exception:
            logger.exception("the outcome of hand-over %d", one[0])
            self._store([(one[0], UnknownOutcomeError("outcome_not_storable"))])

    def _count(self, session: Session, results: Sequence[Handed | ChannelError], now: int) -> None:
        limits = [r.again_s or 1.0 for r in results if isinstance(r, RateLimitedError)]
        if limits:
            self._not_before = self._monotonic() + min(max(limits), LONGEST_LIMIT_S)
        went = [not _failing(r) for r in results if not isinstance(r, RateLimitedError)]
        reasons = [r.reason for r in results if isinstance(r, ChannelError) and _failing(r)]
        if went:
            circuit.count(session, self.channel.name, went, reasons[-1] if reasons else "", now)


def _failing(result: Handed | ChannelError) -> bool:
    return isinstance(result, TemporaryError | UnknownOutcomeError)


def recover(database: Database, rules: Rules, now_us: int) -> int:
    """Settle every call that was under way when the process ended; returns how many those were.

    Whether the other side took them is not known. Where a key makes it harmless they are called
    again at once.
    """
    with database.writing() as session:
        calls = under_way(session)
        for number, channel in calls.items():
            again_s = 0.0 if rules.of(channel).keeps_keys else None
            result = UnknownOutcomeError("stopped_while_calling", again_s)
            settle(session, rules, number, result, now_us)
    return len(calls)

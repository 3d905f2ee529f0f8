"""The intake writer: one thread that turns deliveries into commits, receipts and only then acks."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import exc

from hub.alarms import AlarmKind, raise_alarm
from hub.errors import HubError
from hub.log.journal import Journal
from hub.log.receipts import Receipts
from hub.writer.commit import Judged, Outcome, commit_batch
from hub.writer.examine import Examiner, Incoming
from hub.writer.quarantine import QUARANTINE_BYTES

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
WAITING_AT_MOST = 2000
STOP_S = 10.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """One envelope with the way to tell the broker that it is done with."""

    incoming: Incoming
    ack: Callable[[], None]


@dataclass
class WriterState:
    """What /healthz and /metrics say of the writer; counts since the start of the process."""

    journalled: int = 0
    quarantined: int = 0
    repeated: int = 0
    batches: int = 0
    failing_since: float | None = None


class IntakeWriter:
    """Gathers deliveries, commits them together, sends the receipts, acknowledges."""

    def __init__(
        self,
        journal: Journal,
        receipts: Receipts,
        examiner: Examiner,
        send: Callable[[Outcome], None],
        *,
        batch: int = 200,
        linger_s: float = 0.005,
        quarantine_bytes: int = QUARANTINE_BYTES,
    ) -> None:
        self._journal = journal
        self._receipts = receipts
        self._examiner = examiner
        self._send = send
        self._batch = batch
        self._linger_s = linger_s
        self._quarantine_bytes = quarantine_bytes
        self._queue: queue.Queue[Delivery | None] = queue.Queue(WAITING_AT_MOST)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="intake-writer", daemon=True)
        self.state = WriterState()
        self.committed: list[Callable[[Sequence[Outcome]], None]] = []

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand and end; what is not acknowledged will be sent again."""
        self._stopping.set()
        self._thread.join(STOP_S)

    def put(self, delivery: Delivery) -> None:
        """Hand over a delivery; blocks while two thousand wait, which slows the broker down."""
        while not self._stopping.is_set():
            try:
                self._queue.put(delivery, timeout=0.5)
            except queue.Full:
                continue
            return

    def _run(self) -> None:
        while not self._stopping.is_set():
            deliveries = self._gather()
            if not deliveries:
                continue
            try:
                self.process(deliveries)
            except Exception:
                # Whatever it is, the units keep what has no receipt and send it again.
                logger.exception("a batch of %d was dropped without receipts", len(deliveries))

    def _gather(self) -> list[Delivery]:
        """The next batch: at least one, at most `batch`, not waiting longer than the linger."""
        try:
            first = self._queue.get(timeout=0.2)
        except queue.Empty:
            return []
        gathered = [first] if first else []
        deadline = time.monotonic() + self._linger_s
        while len(gathered) < self._batch:
            try:
                item = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            if item is not None:
                gathered.append(item)
        return gathered

    def process(self, deliveries: Sequence[Delivery]) -> None:
        """Judge, commit, receipt, acknowledge: in this order, so that a receipt is never early."""
        judged: list[tuple[Delivery, Judged]] = []
        for delivery in deliveries:
            verdict = self._judge(delivery)
            if verdict is not None:
                judged.append((delivery, verdict))
        stored = self._commit(judged)
        for delivery, outcome in stored:
            if outcome is not None and outcome.receipt:
                self._send(outcome)
            delivery.ack()
        outcomes = [outcome for _, outcome in stored if outcome is not None]
        for listener in self.committed if outcomes else ():
            listener(outcomes)

    def _judge(self, delivery: Delivery) -> Judged | None:
        """The verdict; None when judging itself failed: no receipt, so the unit keeps its row."""
        try:
            return delivery.incoming, self._examiner.examine(delivery.incoming)
        except Exception as error:
            logger.exception("an envelope of %s could not be judged", delivery.incoming.device)
            self._alarm(AlarmKind.EXAMINATION_FAILED, delivery.incoming, _kind(error))
            return None

    def _commit(
        self, judged: Sequence[tuple[Delivery, Judged]]
    ) -> list[tuple[Delivery, Outcome | None]]:
        """Commit together; what the database refuses for its content, event by event.

        None stands for an event that cannot be stored even alone: an alarm tells of it, and its
        unit keeps the row. Deliveries that a stop left uncommitted are missing from the answer.
        """
        try:
            outcomes = self._commit_together([item for _, item in judged])
        except Exception as error:  # noqa: BLE001 - whatever one event does must not hold up others
            if len(judged) > 1:
                logger.warning("%d events are stored singly: %s", len(judged), _kind(error))
                return [stored for one in judged for stored in self._commit((one,))]
            for delivery, _ in judged:
                self._alarm(AlarmKind.STORING_FAILED, delivery.incoming, _kind(error))
            return [(delivery, None) for delivery, _ in judged]
        deliveries = (delivery for delivery, _ in judged)
        return [] if outcomes is None else list(zip(deliveries, outcomes, strict=True))

    def _commit_together(self, batch: Sequence[Judged]) -> Sequence[Outcome] | None:
        """Commit until it works; a full disk or a lost database only delays receipts."""
        pause = FIRST_PAUSE_S
        while not self._stopping.is_set():
            try:
                outcomes = commit_batch(
                    self._journal, self._receipts, batch, self._quarantine_bytes
                )
            except (HubError, exc.SQLAlchemyError) as error:
                if not _may_pass(error):
                    raise
                logger.warning("a batch of %d waits: %s", len(batch), _kind(error))
                self.state.failing_since = self.state.failing_since or time.monotonic()
                self._stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
                continue
            self._count(outcomes)
            return outcomes
        return None

    def _count(self, outcomes: Sequence[Outcome]) -> None:
        self.state.failing_since = None
        self.state.batches += 1
        for outcome in outcomes:
            if not outcome.journalled:
                self.state.quarantined += 1 if outcome.receipt else 0
            elif outcome.new:
                self.state.journalled += 1
            else:
                self.state.repeated += 1

    def _alarm(self, kind: AlarmKind, incoming: Incoming, error: str) -> None:
        logger.error("alarm: %s with %s", kind.value, error)
        try:
            with self._journal.database.writing() as session:
                raise_alarm(session, kind, incoming.device, incoming.received_us)
        except (HubError, exc.SQLAlchemyError) as failure:
            logger.warning("the alarm could not be stored: %s", _kind(failure))


def _may_pass(error: HubError | exc.SQLAlchemyError) -> bool:
    """Whether the same batch may be stored later: the database is full, busy or away."""
    if isinstance(error, exc.DBAPIError):
        away = (exc.OperationalError, exc.InterfaceError, exc.InternalError)
        return error.connection_invalidated or isinstance(error, away)
    return isinstance(error, (HubError, exc.TimeoutError))


def _kind(error: Exception) -> str:
    """What a log may say of an error: the text of the database's names the values."""
    return type(error).__name__

"""A post office for tests: a database, a clock that is turned by hand, channels that obey."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import event, select

from hub.messages.channels.channel import (
    Assurance,
    ChannelError,
    Handed,
    Parcel,
    PostalAddress,
    Receipt,
    ReceiptKind,
    Traits,
)
from hub.messages.delivery.accepting import accept
from hub.messages.delivery.engine import DeliveryEngine
from hub.messages.delivery.outgoing import Outgoing
from hub.messages.delivery.registering import Wishes, register, wish
from hub.messages.delivery.schedule import Schedule
from hub.messages.delivery.states import Purpose
from hub.storage.database import Database
from hub.storage.tables import (
    Message,
    MessageAttempt,
    MessageDispatch,
    MessageEvent,
    MessageLedger,
)

DATABASE = "hub.sqlite3"
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOON = 1_795_000_000 * SECOND - (1_795_000_000 * SECOND) % DAY + 3 * HOUR  # 12:00 in Japan

BOX = Traits(Assurance.ASSURED, keeps_keys=True, reports=True)
MAIL = Traits(Assurance.BEST_EFFORT, keeps_keys=False, announces=True)
TEXTS = Traits(Assurance.BEST_EFFORT, keeps_keys=True, announces=True)
COURIER = Traits(Assurance.ASSURED, keeps_keys=False, rings=False)
PAPER = Traits(Assurance.ASSURED, keeps_keys=True, rings=False, paper=True)
TRAITS = {"box": BOX, "mail": MAIL, "texts": TEXTS, "courier": COURIER, "paper": PAPER}
HOME = PostalAddress("1000001", ("東京都千代田区千代田１－１",), "見本太郎")

Answer = Handed | ChannelError


def _hasty(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class Obeying:
    """A channel that answers what it is told; `taken` is what the other side has got."""

    def __init__(self, name: str, traits: Traits) -> None:
        self.name, self.traits = name, traits
        self.taken: list[Parcel] = []
        self.calls = 0
        self.answers: list[Answer] = []
        self.always: Callable[[], Answer | None] = lambda: None
        self.reports: list[Receipt] = []

    def send(self, parcel: Parcel) -> Handed:
        self.calls += 1
        answer = self.always() or (self.answers.pop(0) if self.answers else None)
        if isinstance(answer, ChannelError):
            raise answer
        self.taken.append(parcel)
        return answer or Handed(f"{self.name}-{len(self.taken)}", 1 if self.traits.paper else 0)

    def receipts(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        start = int(cursor or 0)
        return self.reports[start:], str(len(self.reports))

    def check(self) -> str:
        return "checked"

    def report(self, kind: ReceiptKind, *, suppress: bool = False, place: int = -1) -> None:
        found = [parcel for parcel in self.taken if parcel.purpose is Purpose.MESSAGE][place]
        self.reports.append(Receipt(found.key, kind, 0, suppress=suppress))


class Post:
    """One office's delivery under a clock of its own."""

    def __init__(self, folder: Path, *channels: Obeying, schedule: Schedule | None = None) -> None:
        self.folder = folder
        self.database = Database(f"sqlite:///{folder / DATABASE}")
        event.listen(self.database._engine, "connect", _hasty)  # power cuts are tested elsewhere
        self.now, self.mono = NOON, 1000.0
        self.channels = {channel.name: channel for channel in channels}
        self.schedule = schedule
        self.engine = self._engine()

    def _engine(self) -> DeliveryEngine:
        engine = DeliveryEngine(
            self.database,
            list(self.channels.values()),
            lambda: self.now,
            folder=self.folder,
            schedule=self.schedule,
            monotonic=lambda: self.mono,
        )
        engine.begin()
        return engine

    def close(self) -> None:
        self.engine.stop()
        self.database.close()

    def again(self) -> None:
        """A new process takes over."""
        self.engine.stop()
        self.engine = self._engine()

    def wait(self, microseconds: int) -> int:
        """Time passes; then whatever is due is done. Returns the calls made."""
        self.now += microseconds
        self.mono += microseconds / SECOND
        return self.engine.run_once()

    def accept(self, outgoing: Outgoing) -> int:
        with self.database.writing() as session:
            return accept(session, outgoing, "sender", self.now).number

    def registers(self, atena_no: str, *channels: str) -> None:
        with self.database.writing() as session:
            for rank, channel in enumerate(channels, 1):
                address = f"{channel}-of-{atena_no}"
                register(session, atena_no, channel, address, "clerk", rank=rank)

    def wishes(self, atena_no: str, wishes: Wishes) -> None:
        with self.database.writing() as session:
            wish(session, atena_no, wishes, "clerk")

    def message(self, number: int) -> Message:
        with self.database.reading() as session:
            return session.get_one(Message, number)

    def dispatches(self, number: int) -> list[MessageDispatch]:
        with self.database.reading() as session:
            statement = select(MessageDispatch).where(MessageDispatch.message == number)
            return list(session.scalars(statement.order_by(MessageDispatch.number)))

    def attempts(self) -> list[MessageAttempt]:
        with self.database.reading() as session:
            return list(session.scalars(select(MessageAttempt)))

    def timeline(self, number: int) -> list[str]:
        with self.database.reading() as session:
            statement = select(MessageEvent.what).where(MessageEvent.message == number)
            return list(session.scalars(statement.order_by(MessageEvent.number)))

    def ledger(self) -> list[MessageLedger]:
        with self.database.reading() as session:
            return list(session.scalars(select(MessageLedger)))


def outgoing(
    atena_no: str = "100000000000001",
    number: str | None = "税-1",
    *,
    text: bytes = b"text",
    legal: bool = False,
    not_before_us: int | None = None,
    batch: str | None = None,
) -> Outgoing:
    return Outgoing(
        issuer="131016",
        kind="property_tax",
        atena_no=atena_no,
        document_number=number,
        text_sha256=hashlib.sha256(text).digest(),
        title="固定資産税納税通知書",
        content=b"<message>" + text + b"</message>",
        legal=legal,
        not_before_us=not_before_us,
        batch=batch,
    )

"""Delivery: a batch of 1,000 from upload to handed over, and the wait of a message at 50 a second.

The engine, its database (synchronous=FULL) and the simulator's process are the real ones. The batch
is one PDF of letters: read in sandboxed children, ordered, cut, each message signed, accepted and
handed over. The messages at 50 a second are one signed XML with a 45 KB PDF inside.
`python -m bench.delivery [--people NUMBER] [--json FILE]`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import statistics
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.telling import arguments, tell
from hub.accounts.staff import NewAccount, StaffMember, add
from hub.clock import now_us
from hub.keys.message_key import MessageKey, certify
from hub.messages.addressing.addressees import Addressee
from hub.messages.batches.reader import BatchReader
from hub.messages.batches.taking import Given, GivenFile, take
from hub.messages.channels.configuration import Channels, Mynaportal
from hub.messages.channels.mynaportal import MynaportalChannel
from hub.messages.delivery.accepting import accept
from hub.messages.delivery.engine import DeliveryEngine, engine_of
from hub.messages.delivery.outgoing import Outgoing
from hub.messages.delivery.registering import register
from hub.messages.message.content import Content, Document, File, Issuer, MediaType, Paragraph
from hub.messages.message.contents import recipient
from hub.messages.message.making import make
from hub.messages.sending.making import make_due
from hub.messages.sending.orders import Wanted, ask
from hub.office import Office
from hub.storage.database import Database
from hub.storage.tables import DocumentBatch, Message, MessageLedger
from intake.characters import NameText
from intake.event.keys import ReaderKey, SigningKey
from intake.office.roster import Role
from tests.hub.conftest import demo_settings
from tests.hub.counter_unit import Town
from tests.hub.messages.addressing.letters import letters
from tests.hub.messages.pdf_maker import made
from tests.system.delivery.simulator import Simulator

BATCH = 1_000
RATE = 50
SECONDS = 30
PDF_BYTES = 45 * 1024
GOAL_S = 10.0
STAFF = StaffMember("bench", "bench", "bench", frozenset({Role.AUTHOR, Role.SENDER}))


def signed_message() -> bytes:
    """One signed message; all that are delivered carry it, since only its size matters here."""
    key = SigningKey.generate()
    pdf = File("notice.pdf", MediaType.PDF, b"%PDF-1.7\n" + bytes(PDF_BYTES))
    content = Content(
        message_id="6f1d5a1e-3a57-4f0e-9d5b-5d1b8b0a7c11",
        created=datetime.now(UTC).replace(microsecond=0),
        issuer=Issuer("131016", "見本市長"),
        recipient=recipient("100000000000001", NameText.from_plain("見本太郎")),
        kind="property_tax",
        title="納税通知書",
        main=Document("納税通知書", (pdf,), (Paragraph("本文です。"),)),
    )
    return make(content, MessageKey(key, certify(key, now_us())))


@contextmanager
def office(folder: Path, residents: int) -> Generator[tuple[Database, DeliveryEngine]]:
    """A database with residents who have a box each, and the engine at work."""
    database = Database(f"sqlite:///{folder / 'hub.sqlite3'}")
    database.migrate()
    with Simulator(folder / "simulator") as simulator:
        with database.writing() as session:
            for number in range(residents):
                register(session, _who(number), "mynaportal", _who(number), "bench")
        settings = Mynaportal(url=simulator.url, token_file=simulator.token_file)
        channels = [MynaportalChannel(settings)]
        engine = DeliveryEngine(database, channels, now_us, folder=folder)
        engine.start()
        try:
            yield database, engine
        finally:
            engine.stop()
    database.close()


@dataclass
class Steps:
    """Seconds of the steps of a batch; what is handed over while others are made is in `make`."""

    upload: float = 0.0
    read: float = 0.0
    order: float = 0.0
    make: float = 0.0
    rest: float = 0.0
    signed: float = 0.0
    """Of `make`: cut out of the document and signed; what is left of it is acceptance."""

    @property
    def total(self) -> float:
        """From the upload to the last hand-over."""
        return self.upload + self.read + self.order + self.make + self.rest


def batch(people: int = BATCH) -> Steps:
    """A mail merge of one document to so many people, from its upload to the last hand-over.

    The threads of a hub would wait for each other's turns in between; here each step is begun at
    once, as one is by a hub that has nothing else to do.
    """
    document, listed = mail_merge(people)
    with tempfile.TemporaryDirectory() as name, post_office(Path(name), listed) as (hub, engine):
        found, clock = Steps(), Stopwatch()
        number = take(hub, STAFF, Given((GivenFile("letters.pdf", document),), _list(listed)))
        found.upload = clock.lap()
        BatchReader(hub).run_once()
        found.read = clock.lap()
        _require_ready(hub.database, number, people)
        clock.lap()
        ask(hub, STAFF, number, Wanted())
        found.order = clock.lap()
        make_due(hub, clock.step)
        found.make, found.signed = clock.lap(), clock.signed
        engine.wake()
        _until_handed(hub.database, people)
        found.rest = clock.lap()
        return found


class Stopwatch:
    """Seconds between laps; `signed` sums what passed before each step of that name."""

    def __init__(self) -> None:
        self._lap = self._step = time.perf_counter()
        self.signed = 0.0

    def lap(self) -> float:
        """Seconds since the lap before."""
        before, self._lap = self._lap, time.perf_counter()
        self._step = self._lap
        return self._lap - before

    def step(self, name: str) -> None:
        """A named step of making has ended."""
        before, self._step = self._step, time.perf_counter()
        if name == "signed":
            self.signed += self._step - before


def mail_merge(people: int) -> tuple[bytes, list[Addressee]]:
    """A PDF of one or two pages for each of so many people, and their list."""
    sample = letters(2 * people, 1, share=0)
    listed = sample.listed[:people]
    wanted = {one.atena_no for one in listed}
    pages = zip(sample.pages, sample.owners, strict=True)
    return made(page for page, owner in pages if owner in wanted), listed


@contextmanager
def post_office(
    folder: Path, listed: Sequence[Addressee]
) -> Generator[tuple[Office, DeliveryEngine]]:
    """An office whose residents have a box each in the simulator, and the engine at work."""
    Town(folder / "trust")
    with Simulator(folder / "simulator") as simulator:
        settings = demo_settings(folder)
        box = Mynaportal(url=simulator.url, token_file=simulator.token_file)
        settings = replace(
            settings,
            channels=Channels(mynaportal=box),
            sending=replace(settings.sending, four_eyes_over=len(listed)),
        )
        hub = Office.create(settings, ReaderKey.generate().public)
        password = secrets.token_urlsafe()
        add(hub.journal, NewAccount("bench", "bench", "bench", STAFF.roles, password), "bench")
        with hub.database.writing() as session:
            for one in listed:
                register(session, one.atena_no, "mynaportal", one.atena_no, "bench")
        engine = engine_of(hub)
        engine.start()
        try:
            yield hub, engine
            arrived = len(simulator.taken("box"))
            if arrived != len(listed):
                raise RuntimeError(f"{arrived} messages lie in the simulator, not {len(listed)}")
        finally:
            engine.stop()
            hub.close()


def _list(listed: Sequence[Addressee]) -> GivenFile:
    rows = [{"atena_no": one.atena_no, "name": one.name} for one in listed]
    return GivenFile("list.json", json.dumps(rows).encode())


def _require_ready(database: Database, number: int, people: int) -> None:
    with database.reading() as session:
        row = session.get_one(DocumentBatch, number)
    if row.ready != people:
        raise RuntimeError(f"{row.ready} of {people} people are ready ({row.state})")


def waits(content: bytes) -> list[float]:
    """Seconds that each message waited from acceptance to hand-over, accepted at RATE."""
    total = RATE * SECONDS
    with tempfile.TemporaryDirectory() as name, office(Path(name), total) as (database, engine):
        begun = time.perf_counter()
        for number in range(total):
            time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
            with database.writing() as session:
                accept(session, _outgoing(number, content), "bench")
            engine.wake()
        _until_handed(database, total)
        with database.reading() as session:
            rows = session.execute(
                select(MessageLedger.time_us - Message.accepted_us).join_from(
                    MessageLedger, Message, Message.number == MessageLedger.message
                )
            )
            return sorted(float(row[0]) / 1e6 for row in rows)


def _outgoing(number: int, content: bytes) -> Outgoing:
    digest = hashlib.sha256(str(number).encode()).digest()
    named = ("131016", "property_tax", _who(number), str(number), digest)
    return Outgoing(*named, "納税通知書", content, batch="bench")


def _who(number: int) -> str:
    return f"{number:015d}"


def _until_handed(database: Database, total: int) -> None:
    while True:
        with database.reading() as session:
            done = session.scalar(select(func.count()).select_from(MessageLedger))
        if done == total:
            return
        time.sleep(0.1)


def measure(people: int) -> dict[str, Any]:
    """The figures of both."""
    steps = batch(people)
    content = signed_message()
    found = waits(content)
    return {
        "batch": people,
        "batch_s": steps.total,
        "batch_per_s": people / steps.total,
        "batch_steps_s": asdict(steps),
        "rate": RATE,
        "accepted": len(found),
        "wait_median_s": statistics.median(found),
        "wait_99_s": found[int(len(found) * 0.99)],
        "within_10_s": sum(wait <= GOAL_S for wait in found) / len(found),
        "content_bytes": len(content),
    }


def table(figures: dict[str, Any]) -> str:
    """The figures for reading."""
    lines = [
        (
            f"batch of {figures['batch']}, upload to handed over: {figures['batch_s']:.1f} s "
            f"({figures['batch_per_s']:.1f}/s)"
        ),
        (
            "  upload {upload:.1f}, reading {read:.1f}, order {order:.1f}, making {make:.1f} "
            "(cut and signed {signed:.1f}), the rest handed over {rest:.1f}"
        ).format(**figures["batch_steps_s"]),
        (
            f"{figures['accepted']} at {figures['rate']}/s: "
            f"median {figures['wait_median_s']:.2f} s, 99 % {figures['wait_99_s']:.2f} s"
        ),
        f"handed over within {GOAL_S:.0f} s: {figures['within_10_s']:.2%} (goal: 99 %)",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table on stderr and the JSON on stdout or into a file."""
    parser = arguments(__doc__)
    parser.add_argument("--people", type=int, default=BATCH, metavar="NUMBER", help="of the batch")
    options = parser.parse_args()
    tell(measure(options.people), table, options.json)


if __name__ == "__main__":
    main()

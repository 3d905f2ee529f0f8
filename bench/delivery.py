"""Delivery to the simulator: a batch of 1,000, and the wait of a message at 50 a second.

The engine, its database (synchronous=FULL) and the simulator's process are the real ones; messages
are signed XML with a 45 KB PDF inside. `python -m bench.delivery [--json FILE]`.
"""

from __future__ import annotations

import hashlib
import statistics
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.telling import arguments, tell
from hub.clock import now_us
from hub.keys.message_key import MessageKey, certify
from hub.messages.channels.configuration import Mynaportal
from hub.messages.channels.mynaportal import MynaportalChannel
from hub.messages.delivery.accepting import accept
from hub.messages.delivery.engine import DeliveryEngine
from hub.messages.delivery.outgoing import Outgoing
from hub.messages.delivery.registering import register
from hub.messages.message.content import Content, Document, File, Issuer, MediaType, Paragraph
from hub.messages.message.contents import recipient
from hub.messages.message.making import make
from hub.storage.database import Database
from hub.storage.tables import Message, MessageLedger
from intake.characters import NameText
from intake.event.keys import SigningKey
from tests.system.delivery.simulator import Simulator

BATCH = 1_000
RATE = 50
SECONDS = 30
PDF_BYTES = 45 * 1024
GOAL_S = 10.0


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


def batch(content: bytes) -> float:
    """Seconds from the acceptance of a batch until the last message was handed over."""
    with tempfile.TemporaryDirectory() as name, office(Path(name), BATCH) as (database, engine):
        begun = time.perf_counter()
        with database.writing() as session:
            for number in range(BATCH):
                accept(session, _outgoing(number, content), "bench")
        engine.wake()
        _until_handed(database, BATCH)
        return time.perf_counter() - begun


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


def measure() -> dict[str, Any]:
    """The figures of both."""
    content = signed_message()
    seconds = batch(content)
    found = waits(content)
    return {
        "batch": BATCH,
        "batch_s": seconds,
        "batch_per_s": BATCH / seconds,
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
            f"batch of {figures['batch']}, accepted to handed over: {figures['batch_s']:.1f} s "
            f"({figures['batch_per_s']:.0f}/s)"
        ),
        (
            f"{figures['accepted']} at {figures['rate']}/s: "
            f"median {figures['wait_median_s']:.2f} s, 99 % {figures['wait_99_s']:.2f} s"
        ),
        f"handed over within {GOAL_S:.0f} s: {figures['within_10_s']:.2%} (goal: 99 %)",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table on stderr and the JSON on stdout or into a file."""
    options = arguments(__doc__).parse_args()
    tell(measure(), table, options.json)


if __name__ == "__main__":
    main()

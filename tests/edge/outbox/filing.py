"""A writer that files made-up events into an outbox; the crash tests run it as a process."""

import hashlib
import sys
import time
from pathlib import Path

from edge.outbox import Composed, Outbox, Place

KID = b"k" * 16


def compose(place: Place, size: int = 2000) -> Composed:
    body = b"%d|" % place.sequence + (place.previous or b"-") + b"x" * size
    identity = hashlib.sha256(body).digest()
    return Composed(
        identity=identity,
        envelope=body,
        event_id=f"event-{place.sequence}",
        notification_id=f"notification-{place.sequence}",
        reception_number=f"R-{place.day_counter}",
        kind="filed",
        revision=1,
    )


def file_for_ever(folder: Path) -> None:
    outbox = Outbox(folder)
    while True:
        row = outbox.file(KID, "2026-11-23", time.time_ns() // 1000, compose)
        sys.stdout.write(f"{row.sequence} {row.identity.hex()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    file_for_ever(Path(sys.argv[1]))
